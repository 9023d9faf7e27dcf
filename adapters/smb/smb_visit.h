// SmbVisit: what one call of SmbFiles says to the server over one session, and how it finds its way
// below the share's folder. Names are looked up on the server, which does not tell cases apart; a
// folder that is a junction or a link is refused, so that no path leaves the root.
//
// Threads: one; every call blocks.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/smb/memory_file.h"
#include "adapters/smb/smb_answer.h"
#include "adapters/smb/smb_sessions.h"
#include "orchestrator/base/result.h"

namespace sitewide {

/// Where a file is, or would be.
struct SmbFilePlace {
  std::string folder;             ///< on the share, `\SMS\X86.bin`; empty: the share itself
  std::string name;               ///< as it is written there, or as it was asked for
  std::string path;               ///< below the root, in lower case: the same for every spelling
  std::optional<SmbEntry> entry;  ///< what stands there

  std::string full() const { return folder + "\\" + name; }
};

class SmbVisit {
 public:
  /// `sessions` outlives the visit.
  SmbVisit(const SmbPlace& place, const SmbLogin& login, SmbSessions& sessions)
      : place_(place), login_(login), sessions_(sessions) {}

  /// Takes a session and looks whether the root is there: unreachable when not.
  Result<> open();
  /// The place of a file; nothing when its folder is missing, unless `create`. Refused: a folder
  /// of that name, links on the way.
  Result<std::optional<SmbFilePlace>> locate(std::string_view path, bool create);
  /// The folder of `path` on the share; nothing when it is missing.
  Result<std::optional<std::string>> locate_folder(std::string_view path);
  /// How a name is written in a folder of the share, and what stands there.
  Result<std::optional<SmbEntry>> look_up(const std::string& folder, const std::string& name);
  /// All names that the pattern (`*`, or a beginning with `*`) matches, `.` and `..` left out.
  Result<std::vector<SmbEntry>> list(const std::string& folder, const std::string& pattern);

  /// The file's bytes from `offset` on; the part before is a hole. More than `most` bytes in all
  /// are an error.
  Result<MemoryFile> get(const SmbFilePlace& place, std::uint64_t offset, std::uint64_t most);
  Result<> put(const MemoryFile& bytes, const std::string& full, std::string_view shown);
  /// A command that is to print no complaint. `what` says for people what it does.
  Result<> tell(const std::string& command, const std::string& what);
  /// A command and its answer, complaints too. On a session that had been idle and turns out to be
  /// dead it is asked again over a new one.
  Result<std::string> ask(const std::string& command);

  /// The root on the share.
  std::string root() const;

 private:
  Error broken() const;
  Result<std::optional<std::string>> walk(const std::vector<std::string>& components, bool create);

  const SmbPlace& place_;
  const SmbLogin& login_;
  SmbSessions& sessions_;
  std::optional<SmbSessions::Lease> lease_;  // none once it broke off and none was to be had
  bool changed_ = false;                     // something was told that must not be told twice
};

/// `"text"`, as smbclient takes it for one word.
std::string smb_quoted(std::string_view text);

}  // namespace sitewide
