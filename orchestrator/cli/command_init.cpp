#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "plans/draft.h"

namespace sitewide {
namespace {

Error exists_already(const std::string& file) {
  return {ErrorKind::refused,
          file + " exists, and init writes over nothing; name another file, or move that one away"};
}

// The two sides of `NAME=DIR`.
Result<std::pair<std::string, std::string>> pair_of(const char* option, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos || equals + 1 == text.size())
    return Error{ErrorKind::usage,
                 std::string(option) + " takes NAME=DIR, not `" + escaped(text, 80) + "`"};
  return std::pair{text.substr(0, equals), text.substr(equals + 1)};
}

Result<> add_site(Draft& draft, const std::string& text) {
  auto pair = pair_of("--site", text);
  if (!pair) return pair.error();
  for (const DraftSite& site : draft.sites) {
    if (site.name == pair->first)
      return Error{ErrorKind::usage, "site " + escaped(site.name, 80) + " is given twice"};
  }
  draft.sites.push_back({pair->first, pair->second, {}});
  return {};
}

// `NAME=DIR` with one site, `SITE/NAME=DIR` with several.
Result<> add_logon_server(Draft& draft, const std::string& text) {
  auto pair = pair_of("--logon-server", text);
  if (!pair) return pair.error();
  auto& [name, share] = *pair;
  const std::size_t slash = name.find('/');
  if (slash == name.npos && draft.sites.size() == 1) {
    draft.sites[0].logon_servers.emplace_back(name, share);
    return {};
  }
  for (DraftSite& site : draft.sites) {
    if (slash == name.npos || site.name != name.substr(0, slash)) continue;
    site.logon_servers.emplace_back(name.substr(slash + 1), share);
    return {};
  }
  return Error{ErrorKind::usage, "--logon-server `" + escaped(text, 80) +
                                     "` belongs to no --site; " +
                                     "with several sites it is SITE/NAME=DIR"};
}

Result<Draft> draft_of(const Options& options) {
  Draft draft;
  draft.hotfix = options.hotfix;
  draft.payload = options.payload;
  draft.inventory = options.inventory;
  draft.root = options.root;
  draft.name = options.name;
  if (!options.method.empty()) draft.method = *word_from<Method>(options.method);
  for (const std::string& site : options.sites) {
    if (auto added = add_site(draft, site); !added) return added.error();
  }
  for (const std::string& server : options.logon_servers) {
    if (auto added = add_logon_server(draft, server); !added) return added.error();
  }
  return draft;
}

// Asks for what the command line left open. False when the answers ended before the questions.
class Questions {
 public:
  Questions(const Console& console, Draft& draft) : console_(console), draft_(draft) {}

  bool ask_all(bool method_is_given) {
    console_.err("A plan to begin with. Enter takes what stands in brackets.\n");
    if (draft_.hotfix.empty() && !method_is_given &&
        !ask("Hotfix article of the catalogue; none for programs of your own", draft_.hotfix))
      return false;
    if (draft_.hotfix.empty() && !method_is_given) draft_.method = Method::command;
    return (draft_.method == Method::command || ask_sms()) &&
           need("Inventory, a CSV file", draft_.inventory, "clients.csv") &&
           need("Where a client's drive C lies", draft_.root, "clients/{client.name}");
  }

 private:
  // An empty answer leaves `into` as it was.
  bool ask(const std::string& question, std::string& into) {
    const auto answer = console_.ask(question + (into.empty() ? "" : " [" + into + "]") + ": ");
    if (answer && !answer->empty()) into = *answer;
    return answer.has_value();
  }
  // Asks only for what is missing.
  bool need(const std::string& question, std::string& into, const std::string& otherwise) {
    if (!into.empty()) return true;
    into = otherwise;
    return ask(question, into);
  }
  bool ask_sms() {
    if (!need("Hotfix article", draft_.hotfix, "")) return false;
    if (!need("Folder with the hotfix's files by platform", draft_.payload, "hotfix")) return false;
    if (draft_.sites.empty()) {
      DraftSite site;
      if (!need("Site code", site.name, "HQ") || !need("SMS root of that site", site.root, ""))
        return false;
      draft_.sites.push_back(std::move(site));
    }
    for (DraftSite& site : draft_.sites) {
      if (site.logon_servers.empty() && !ask_servers(site)) return false;
    }
    return true;
  }
  bool ask_servers(DraftSite& site) {
    for (;;) {
      std::string name, share;
      if (!ask("Logon server of " + site.name + "; Enter when that was the last", name))
        return false;
      if (name.empty()) return true;
      if (!ask("What \\\\" + name + "\\SMS_SHR shows, as a folder here", share)) return false;
      site.logon_servers.emplace_back(name, share);
    }
  }

  const Console& console_;
  Draft& draft_;
};

void fill_in(Draft& draft) {
  if (draft.payload.empty()) draft.payload = "hotfix";
  if (draft.inventory.empty()) draft.inventory = "clients.csv";
  if (draft.root.empty()) draft.root = "clients/{client.name}";
  if (draft.name.empty()) draft.name = draft.hotfix.empty() ? "upgrade" : to_lower(draft.hotfix);
}

Result<> write_new(const std::string& file, const std::string& text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0 && errno == EEXIST) return exists_already(file);
  const auto failed = [&](int error) {
    return Error{ErrorKind::io,
                 "cannot write " + file + ": " + std::generic_category().message(error)};
  };
  if (fd < 0) return failed(errno);
  std::size_t written = 0;
  int error = 0;
  while (error == 0 && written < text.size()) {
    const ssize_t count = ::write(fd, text.data() + written, text.size() - written);
    if (count >= 0) written += static_cast<std::size_t>(count);
    if (count < 0 && errno != EINTR) error = errno;
  }
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0) return {};
  ::unlink(file.c_str());  // half a plan is none
  return failed(error);
}

}  // namespace

Result<ExitCode> command_init(const Options& options, const Console& console) {
  const std::string file = options.target.empty() ? "plan.yaml" : options.target;
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
    return exists_already(file);
  auto draft = draft_of(options);
  if (!draft) return draft.error();
  const auto complete = [&] {
    Draft filled = *draft;
    fill_in(filled);
    return check_draft(filled);
  };
  if (console.interactive() && !complete()) {
    if (!Questions(console, *draft).ask_all(!options.method.empty()))
      return Error{ErrorKind::refused, "the answers ended before the plan was complete"};
  }
  fill_in(*draft);
  if (auto good = check_draft(*draft); !good) return good.error();
  if (auto written = write_new(file, draft_text(*draft)); !written) return written.error();
  if (console.json()) {
    console.line("init", {{"plan", to_utf8(file)}});
  } else {
    console.out("plan written to " + file + "\n  look at it, then:  sitewide validate " + file +
                "\n");
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
