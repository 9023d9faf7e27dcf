#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/init_questions.h"
#include "orchestrator/cli/result_file.h"
#include "plans/draft.h"

namespace sitewide {
namespace {

namespace fs = std::filesystem;

Error exists_already(const std::string& file) {
  return {ErrorKind::refused,
          file + " exists, and init writes over nothing: name another file, or give --force"};
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
  draft.hotfix = article_named(options.hotfix);
  draft.language = options.language;
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

// What was given is judged before anything is asked for.
Result<> check_given(const Draft& draft) {
  const auto path = [](const char* kind, const std::string& given) -> Result<> {
    return given.empty() ? Result<>{} : check_draft_path(kind, given);
  };
  if (!draft.name.empty()) {
    if (auto good = check_draft_name("the plan's name", draft.name); !good) return good;
  }
  if (!draft.hotfix.empty() && draft.method != Method::command) {
    if (auto good = check_draft_hotfix(draft.hotfix); !good) return good;
    if (auto good = check_draft_method(draft.hotfix, method_of(draft)); !good) return good;
    if (auto good = check_draft_language(draft.hotfix, draft.language); !good) return good;
  }
  for (const DraftSite& site : draft.sites) {
    if (auto good = check_draft_name("the site's name", site.name); !good) return good;
    if (auto good = path("the site's root", site.root); !good) return good;
    for (const auto& [name, share] : site.logon_servers) {
      if (auto good = check_draft_name("the logon server's name", name); !good) return good;
      if (auto good = path("its share", share); !good) return good;
    }
  }
  if (auto good = path("the payload folder", draft.payload); !good) return good;
  if (auto good = path("the inventory", draft.inventory); !good) return good;
  return draft.root.empty() ? Result<>{} : check_draft_root(draft.root);
}

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

// The inventory lies where the plan says; one that is there is its owner's work and stays. Gives
// whether it was begun.
Result<bool> begin_inventory(const std::string& plan, const Draft& draft) {
  const fs::path file = fs::path(plan).parent_path() / draft.inventory;
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(file, ignored))) return false;
  if (auto written = write_new(file.string(), draft_inventory(draft)); !written)
    return written.error();
  return true;
}

void tell(const Console& console, const std::string& plan, const Draft& draft, bool begun) {
  const std::string inventory = (fs::path(plan).parent_path() / draft.inventory).string();
  if (console.json()) {
    console.line(
        "init",
        {{"plan", to_utf8(plan)}, {"inventory", to_utf8(inventory)}, {"inventory_begun", begun}});
    return;
  }
  console.out(
      "plan written to " + plan + "\n" +
      (begun ? "inventory begun in " + inventory + ": put your clients in place of the examples\n"
             : "inventory " + inventory + " was there already, and stays as it is\n") +
      "  look at both, then:  sitewide validate " + plan + "\n");
}

}  // namespace

Result<ExitCode> command_init(const Options& options, const Console& console) {
  const std::string file = options.target.empty() ? "plan.yaml" : options.target;
  std::error_code ignored;
  if (!options.force && fs::exists(fs::symlink_status(file, ignored))) return exists_already(file);
  auto draft = draft_of(options);
  if (!draft) return draft.error();
  if (auto good = check_given(*draft); !good) return good.error();
  const auto complete = [&] {
    Draft filled = *draft;
    fill_in(filled);
    return check_draft(filled);
  };
  if (console.interactive() && !complete() && !InitQuestions(console, *draft).ask_all())
    return Error{ErrorKind::refused,
                 "the answers ended before the plan was complete; nothing was written"};
  fill_in(*draft);
  if (auto good = check_draft(*draft); !good) return good.error();
  const auto begun = begin_inventory(file, *draft);
  if (!begun) return begun.error();
  const std::string text = draft_text(*draft);
  auto written = options.force ? write_result(file, text, console) : write_new(file, text);
  if (!written) return written.error();
  tell(console, file, *draft, *begun);
  return ExitCode::on_target;
}

}  // namespace sitewide
