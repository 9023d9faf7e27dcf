// Proof: is a client done? The DONE predicate of a client upgrade (Q166771, Q168463, Q186412,
// Q168518): SetupPhase is installed, nothing was left undownloaded, every file has its digest, no
// file waits for a restart, no configuration request is open and, after a forced update, the client
// has taken the new copy list. Neither `installed` nor CopyListVersion proves anything alone: the
// one is also the first state, the other is written before files are copied.
#pragma once

#include <string>
#include <vector>

#include "adapters/sms/client/configuration_request.h"
#include "adapters/sms/client/state.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// One file that a proven client holds.
struct ExpectedFile {
  std::string name;              ///< for a person
  std::string path;              ///< below drive C:
  std::vector<Digest> accepted;  ///< any of these
  bool original = false;         ///< what stood there before is waited for
  std::uint64_t size = 0;        ///< of the hotfix's file; 0: not known
};

/// What was seen of one expected file.
struct FileSight {
  std::string name;
  enum class Content { right, wrong, missing } content = Content::missing;
  bool original = false;     ///< wrong means: still new
  bool same_size = false;    ///< wrong, and yet of the hotfix's size (Q197141)
  std::string waiting_copy;  ///< `Pcmwin32.exe$sms00$`: to be put in place by the next restart
                             ///< (Q186412); or empty
};

/// What was seen of one client. Plain, so that the judgement below is pure.
struct Sight {
  SetupPhase phase = SetupPhase::none;
  std::string phase_shown;
  std::string
      executable_in_use;  ///< that Client Setup's log names since the back-up (Q168463); or empty
  std::string not_downloaded;  ///< `FilesNotDownloaded` in words (Q168598); or empty
  std::string not_modified;    ///< `SysFilesNotModified`
  std::vector<FileSight> files;
  OpenRequest request;    ///< a configuration request (Q168518)
  std::string copy_list;  ///< why the copy list is not taken yet; or empty
};

/// What is missing, for a person, the most telling first, with article and cure where it is a known
/// failure (signatures.h); empty: nothing. Two things are named at most. No files give no evidence:
/// whoever asks for proof sees to it that there are some.
std::string what_is_missing(const Sight& sight);

/// Looks at a client. `forced`: its CopyListVersion must be that of its logon server. `since`: log
/// files that are older say nothing. Blocks; pool only. An error: the client could not be looked
/// at.
Result<Sight> look_at_client(const Work& work, const ClientState& client,
                             const std::vector<ExpectedFile>& files, bool forced, Timestamp since);

/// Where a `$sms00$` copy of `path` may wait for a restart: beside it, or in the Windows folder
/// (Q186412).
std::vector<std::string> waiting_copy_places(const ClientState& client, std::string_view path);

/// The files of the operation that a client holds when it is on target.
Result<std::vector<ExpectedFile>> planned_on_client(const Work& work, const ClientState& client);

/// True when every one of `files` has an accepted digest; false for no files: no evidence is never
/// proof.
Result<bool> files_are_right(Files& drive_c, const std::vector<ExpectedFile>& files);

/// The executable of the last `Client executable active: <exe>` line since Client Setup last began;
/// or empty.
std::string executable_in_use(std::string_view log);

}  // namespace sitewide::sms
