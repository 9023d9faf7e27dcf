// Truth: what clients and sites really hold, as bytes, and what they do by themselves: a client
// that was told to upgrade copies what its logon server has at the next log-on; Maintenance Manager
// copies Client.src to the logon servers, some time, and makes new copy lists when System.map is
// newer. Rules of the articles in their plainest form; nothing here asks the code under test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/core/time.h"

namespace sitewide::simulation {

using Files = std::vector<std::string>;  ///< bytes by planned file; empty: there is none

inline constexpr const char* kOdd = "odd";  ///< bytes of somebody else

struct ClientTruth {
  Files planned;  ///< what it shall hold; empty where a file is not for it
  Files files, original;
  std::string phase = "INSTALLED";  ///< Sms.ini, [Local] SetupPhase
  std::uint32_t list = 1;           ///< Sms.ini, [SMS] CopyListVersion
  bool kept = false;                ///< the backup store has its originals
  Files kept_files;
  std::string kept_phase;
  /// What a configured client has in its Sms.ini: `old`, `half`, `new`; and what it had.
  std::string setting = "old", original_setting = "old";
  bool current_before = false;  ///< held the hotfix before we came
  bool broken = false;          ///< never takes anything
  bool tampered = false;        ///< somebody changed it since we came
  Timestamp in_use_until{};     ///< a component runs: nothing is copied before
  Timestamp well_from{};        ///< upgraded, it does well from here on
  Timestamp off_from = kNever, off_until{};
  std::uint32_t server = 0;  ///< its logon server
  bool log_on_comes = false;

  bool armed() const { return phase != "INSTALLED"; }
  /// It holds what somebody else put there, or on its site.
  bool is_odd() const { return files.front() == kOdd; }
};

struct ServerTruth {
  Files files;
  std::uint32_t list = 1;
  bool lists_new_files = false;  ///< its copy lists name what an edited System.map brought
};

struct SiteTruth {
  Files source, original;  ///< Client.src
  bool kept = false;       ///< it was staged once, and its originals are known
  bool stopped = false;    ///< services of it stand still
  std::uint32_t map = 1;   ///< System.map's date
  bool went_back = false;  ///< its originals were forced onto its clients
  std::vector<ServerTruth> servers;

  /// Somebody else's bytes stand in Client.src, or did when a logon server was served last.
  bool is_odd() const;
  bool all_servers_hold(const Files& files) const;
  bool all_lists_new() const;
};

/// Upgrade.bat: flags the client and copies nothing.
void flag_upgrade(ClientTruth& client);
/// A log-on or restart at a logon server of the site; true when something was copied. Files that
/// the site did not have before come with new copy lists alone.
bool log_on(ClientTruth& client, const SiteTruth& site, Timestamp now);
/// Puts back what was kept, and keeps the next log-on quiet. What an undone site sent stays.
void put_back(ClientTruth& client, const SiteTruth* site);
void keep_originals(ClientTruth& client);
/// Somebody else writes to the client. Of one that we have done nothing to, that is what it held
/// before.
void meddle(ClientTruth& client);
void meddle(SiteTruth& site);
/// Somebody else's bytes stand where ours, or the originals, should be: they are left alone.
bool is_foreign(const ClientTruth& client, const SiteTruth* site);
bool is_foreign(const SiteTruth& site, const Files& planned);
/// Maintenance Manager at one logon server. Files that were deleted at the site stay there.
void copy_to_server(const SiteTruth& site, ServerTruth& server);
std::string in_words(const Files& files);

}  // namespace sitewide::simulation
