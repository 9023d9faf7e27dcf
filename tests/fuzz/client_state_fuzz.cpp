// Looking for Sms.ini on a client whose folders may have any names: it is read at the few places
// where it may stand and nowhere else, and what is found is what stands there. Input: names of
// folders, a line each; an empty line; then the bytes of Sms.ini, which lies in the last of them.
#include "adapters/sms/client/state.h"
#include "orchestrator/base/text.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

constexpr std::size_t kMostFolders = 50;

/// A drive C: that lists any names and counts what is read. It changes nothing.
class Drive : public Files {
 public:
  Drive(std::vector<std::string> folders, std::string ini_at, std::string ini)
      : folders_(std::move(folders)), ini_at_(std::move(ini_at)), ini_(std::move(ini)) {}

  const std::vector<std::string>& read_paths() const { return read_; }

  Result<std::optional<std::string>> read(std::string_view path, std::size_t most) override {
    read_.emplace_back(path);
    if (path != ini_at_) return std::optional<std::string>();
    if (ini_.size() > most) return Error{ErrorKind::io, "it is too large"};
    return std::optional(ini_);
  }
  Result<std::vector<std::string>> list(std::string_view folder) override {
    holds(folder.empty(), "only the root is listed", folder);
    return folders_;
  }

  Result<std::optional<FileState>> state(std::string_view) override { return changed(); }
  Result<std::optional<Timestamp>> modified(std::string_view) override { return changed(); }
  Result<> write(std::string_view, const Expected&, std::string_view,
                 std::optional<Timestamp>) override {
    return changed();
  }
  Result<> remove(std::string_view, const Digest&) override { return changed(); }
  Result<> touch(std::string_view, Timestamp) override { return changed(); }

 private:
  static Error changed() {
    holds(false, "a look reads and lists, nothing else");
    return {};
  }

  std::vector<std::string> folders_;
  std::string ini_at_, ini_;
  std::vector<std::string> read_;
};

}  // namespace

void client_state(std::string_view input) {
  Input parts(input);
  std::vector<std::string> folders;
  for (std::string_view name = parts.line(); !name.empty(); name = parts.line()) {
    if (folders.size() < kMostFolders) folders.emplace_back(name);
  }
  const std::string ini_at = folders.empty() ? "Sms.ini" : folders.back() + "/Sms.ini";
  Drive drive(folders, ini_at, std::string(parts.rest()));
  const auto client = sms::read_client_state(drive);
  holds(client.has_value(), "an Sms.ini of this size can be read", input);
  for (const std::string& path : drive.read_paths()) {
    const bool windows = path.ends_with("/Sms.ini") && to_lower(path).starts_with("win");
    holds(path == "Sms.ini" || windows, "it is looked for in Windows folders alone", path);
  }
  const bool is_place = folders.empty() || to_lower(folders.back()).starts_with("win");
  holds(client->has_value() == is_place, "what stands at one of the places is found", input);
  if (!*client) return;
  holds((*client)->ini_path == ini_at, "it says where it was found", ini_at);
  holds((*client)->ini.text() == parts.rest(), "and holds what stands there", input);
  for (const auto& [fact, value] : sms::facts_of(**client)) holds_safe(value);
}

}  // namespace sitewide::fuzz
