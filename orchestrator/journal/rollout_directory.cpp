#include "orchestrator/journal/rollout_directory.h"

#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <tuple>

#include "orchestrator/base/text.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

constexpr const char* kElsewhere =
    "; rollouts are kept where --state-dir or SITEWIDE_STATE_DIR says";
// Written last: a directory without it was never finished and is no rollout.
constexpr const char* kCreated = "created";
constexpr const char* kLatest = "latest";

/// The number behind the last `-` of an id of this plan; 0 when it is none.
std::uint64_t number_of(std::string_view id, std::string_view plan_name) {
  if (id.size() <= plan_name.size() + 1 || !id.starts_with(plan_name) ||
      id[plan_name.size()] != '-') {
    return 0;
  }
  const std::string_view digits = id.substr(plan_name.size() + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

/// Network and user-space file systems: a lock there is not this kernel's.
bool is_network(const fs::path& path) {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return false;
  constexpr std::array<std::uint32_t, 5> kKinds{0x6969, 0x517B, 0xFE534D42, 0xFF534D42, 0x65735546};
  return std::find(kKinds.begin(), kKinds.end(), static_cast<std::uint32_t>(status.f_type)) !=
         kKinds.end();
}

Result<> check_folder(const fs::path& path) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorKind::journal, "state directory " + path.string() + " " + std::string(why)};
  };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return file_error(ErrorKind::journal, "open", path, errno);
  }
  if (!S_ISDIR(status.st_mode)) return refuse(std::string("is not a directory") + kElsewhere);
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return refuse(std::string("belongs to another user") + kElsewhere);
  if ((status.st_mode & S_IWOTH) != 0)
    return refuse("can be written by everybody: take that right away (chmod o-w)");
  if (is_network(path)) {
    return refuse("lies on a network file system, where its locks do not hold; choose a local one");
  }
  return {};
}

Result<> make_folders(const fs::path& path) {
  if (path.has_parent_path() && !fs::exists(path.parent_path())) {
    if (auto made = make_folders(path.parent_path()); !made) return made;
  }
  const auto made = make_folder(ErrorKind::journal, path);
  if (!made) return made.error();
  return {};
}

/// The sub-folders, and last the mark that the directory is complete.
Result<RolloutDirectory> furnish(const fs::path& path, Timestamp now) {
  const RolloutDirectory rollout(path, now);
  for (const fs::path& folder : {rollout.backups(), rollout.payload(), rollout.orders()}) {
    if (auto made = make_folder(ErrorKind::journal, folder); !made) return made.error();
  }
  const auto marked = write_file(ErrorKind::journal, path / kCreated, path / temporary_name(),
                                 format_timestamp(now) + "\n", Existing::replace);
  if (!marked) return marked.error();
  return rollout;
}

}  // namespace

StateEnvironment read_environment() {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text != nullptr ? text : "");
  };
  return {value("SITEWIDE_STATE_DIR"), value("XDG_STATE_HOME"), value("HOME")};
}

Result<fs::path> state_path(std::string_view option, const StateEnvironment& environment) {
  fs::path path;
  if (!option.empty()) {
    path = option;
  } else if (!environment.sitewide_state_dir.empty()) {
    path = environment.sitewide_state_dir;
  } else if (fs::path(environment.xdg_state_home).is_absolute()) {
    path = fs::path(environment.xdg_state_home) / "sitewide";
  } else if (!environment.home.empty()) {
    path = fs::path(environment.home) / ".local" / "state" / "sitewide";
  } else {
    return Error{ErrorKind::usage,
                 "find a state directory: give --state-dir or set SITEWIDE_STATE_DIR or HOME"};
  }
  std::error_code failed;
  const fs::path absolute = fs::absolute(path, failed).lexically_normal();
  if (failed) return file_error(ErrorKind::journal, "find", path, failed.value());
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

Result<StateDirectory> StateDirectory::create(const fs::path& path) {
  const StateDirectory state(path);
  const auto cannot_be_used = [](const Error& error) {
    return Error{error.kind, error.message + kElsewhere};
  };
  if (auto made = make_folders(path); !made) return cannot_be_used(made.error());
  if (auto checked = check_folder(path); !checked) return checked.error();
  if (auto made = make_folder(ErrorKind::journal, state.locks()); !made)
    return cannot_be_used(made.error());
  return state;
}

Result<RolloutDirectory> StateDirectory::create_rollout(std::string_view plan_name,
                                                        Timestamp now) const {
  if (plan_name.empty() || plan_name.size() > 128 || plan_name.front() == '.' ||
      plan_name.find('/') != std::string_view::npos || has_control_character(plan_name)) {
    return Error{ErrorKind::invalid,
                 "name a rollout: `" + escaped(plan_name, 128) + "` is no name for a directory"};
  }
  // Also numbers of directories that were never finished are taken.
  std::uint64_t number = 0;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(path_, failed)) {
    number = std::max(number, number_of(entry.path().filename().string(), plan_name));
  }
  if (failed) return file_error(ErrorKind::journal, "list", path_, failed.value());
  for (;;) {
    const fs::path path = path_ / (std::string(plan_name) + "-" + std::to_string(++number));
    const auto made = make_folder(ErrorKind::journal, path);
    if (!made) return made.error();
    if (*made) return furnish(path, now);
  }
}

Result<std::vector<RolloutDirectory>> StateDirectory::rollouts() const {
  std::vector<RolloutDirectory> found;
  std::error_code failed;
  fs::directory_iterator entries(path_, failed);
  if (failed == std::errc::no_such_file_or_directory) return found;
  for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    // A name that this program would not give is none of its rollouts, and is shown to nobody.
    const std::string name = entries->path().filename().string();
    if (!is_utf8(name) || has_control_character(name)) continue;
    const auto mark = read_file(ErrorKind::journal, entries->path() / kCreated, 64);
    if (!mark || !*mark) continue;
    const auto created = parse_timestamp(trim(**mark));
    if (created) found.emplace_back(entries->path(), *created);
  }
  if (failed) return file_error(ErrorKind::journal, "list", path_, failed.value());
  // Ids of one plan and one instant differ in their number: the longer is the later.
  std::sort(found.begin(), found.end(), [](const RolloutDirectory& a, const RolloutDirectory& b) {
    const std::string left = a.id();
    const std::string right = b.id();
    return std::tuple(a.created(), left.size(), std::string_view(left)) <
           std::tuple(b.created(), right.size(), std::string_view(right));
  });
  return found;
}

Result<RolloutDirectory> StateDirectory::find(std::string_view word) const {
  const auto all = rollouts();
  if (!all) return all.error();
  if (word == kLatest && !all->empty()) {
    const auto begun = std::find_if(all->rbegin(), all->rend(), [](const RolloutDirectory& one) {
      return fs::exists(one.journal());
    });
    return begun == all->rend() ? all->back() : *begun;
  }
  std::vector<const RolloutDirectory*> matches;
  for (const RolloutDirectory& rollout : *all) {
    if (rollout.id() == word) return rollout;
    if (!word.empty() && rollout.id().starts_with(word)) matches.push_back(&rollout);
  }
  if (matches.size() == 1) return *matches.front();

  const std::string shown = std::string("`").append(escaped(word, 80)).append("`");
  if (matches.empty()) {
    std::vector<std::string> ids;
    for (const RolloutDirectory& rollout : *all) ids.push_back(rollout.id());
    const std::vector<std::string_view> views(ids.begin(), ids.end());
    const std::string_view near = nearest(word, views);
    std::string help = kElsewhere;
    if (!ids.empty()) help = "; `sitewide list` shows those that are there";
    if (!near.empty()) help = "; did you mean `" + std::string(near) + "`?";
    return Error{ErrorKind::refused, "no rollout " + shown + " in " + path_.string() + help};
  }
  std::string list;
  for (const RolloutDirectory* match : matches) {
    if (!list.empty()) list += ", ";
    list += match->id();
  }
  return Error{ErrorKind::refused, shown + " means several rollouts: " + list};
}

}  // namespace sitewide
