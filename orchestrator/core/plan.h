// The plan as the administrator wrote it, after reading and before compiling: every value typed,
// nothing resolved against the inventory. Plain values; `Place` says where in the file a thing
// stands, for problems found later.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/base/digest.h"
#include "orchestrator/core/notify.h"
#include "orchestrator/core/parts.h"
#include "orchestrator/core/smb.h"
#include "orchestrator/core/ssh.h"
#include "orchestrator/core/step.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// `3` or `3%`, before it becomes a whole number.
struct Count {
  std::uint32_t value = 0;
  bool percent = false;
};

/// One file of the hotfix. Targets are relative paths with `/`, matched case-blind.
struct PlannedFile {
  std::string name;
  std::string platform;  ///< `x86`, `alpha`, `mips`; lower case
  std::string source;    ///< the payload; absolute after loading
  Digest digest;
  std::uint64_t size = 0;
  std::uint32_t size_within = 0;  ///< how far a payload's size may be off: an article rounds to KB
  std::optional<Timestamp>
      date;              ///< staging sets it; "these attributes or later" is judged by it, ±1 day
  std::string language;  ///< `00000409`, or empty
  std::vector<std::string>
      os;  ///< clients that get it: `nt`, `win95`, `win16`, `dos`, `os2`; empty: all
  std::string
      on_site;  ///< under the site's root: `Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe`
  std::string on_logon_server;  ///< under the share: `X86.bin/Pcmwin32.exe`; empty: not replicated
                                ///< to shares
  std::string on_client;        ///< `{sms_bin}/Pcmwin32.exe`; empty: not expected on clients
  Place place;
  bool or_later = false;  ///< size and date are an article's: a later build may have another size
};

struct Hotfix {
  std::string id;
  std::string catalogue;  ///< article whose catalogue entry filled in facts, or empty
  std::vector<PlannedFile> files;
  bool allow_downgrade = false;  ///< stage an older date over a newer one
  /// Clients that the article is for, where its files do not tell; empty: all.
  std::vector<std::string> for_platforms, for_os;
  Parts parts;  ///< what `site_steps` and `client_steps` say
  Place place;
};

/// A share of the site as clients see it: `\\NAME\SMS_SHR`.
struct LogonServer {
  std::string name;
  std::string share;  ///< where its SMS_SHR is reached: absolute after loading, or `smb://…`
};

struct Site {
  std::string name;
  std::string root;  ///< <SMS_root> of the site server: absolute after loading, or `smb://…`
  std::vector<LogonServer> logon_servers;
  Duration replication_poll = std::chrono::minutes(1);
  Duration replication_within = std::chrono::hours(72);
  Duration replication_warn_after = std::chrono::hours(1);
  std::uint32_t attempts = 3;  ///< of a step that changes the site
  Duration backoff = std::chrono::seconds(30);
  Duration backoff_max = std::chrono::minutes(10);
  std::map<std::string, std::string> labels;  ///< for `{site.<key>}`
  /// What the site has; nothing: the plan does not say.
  std::optional<std::uint32_t> service_pack;      ///< of SMS; 0: none
  std::optional<std::vector<std::string>> fixes;  ///< articles of hotfixes, `Q191067`
  std::string language;                           ///< `00000409`
  Services services;
  SiteReset reset;
  SmbLogin smb;  ///< for what of it lies on SMB servers
  Place place;
};

/// How clients are reached. Argv elements may hold `{…}` placeholders.
struct Transport {
  std::string name;
  std::string type;  ///< `local`, `exec`, `ssh`
  std::string root;  ///< local: where the client's drive C: lies; may hold placeholders; absolute
                     ///< after loading
  Argv batch;        ///< how a batch file is run, its folder current
  Argv run;          ///< exec: the argv template, `{argv}` stands for the step's own argv elements
  Argv read;         ///< exec: prints the file `{path}`
  Argv write;        ///< exec: replaces the file `{path}` by standard input
  Argv digest;       ///< exec: prints the SHA-256 of the file `{path}` in hexadecimal
  std::vector<std::uint32_t> unreachable_exit;  ///< exec: exit codes of its programs that mean that
                                                ///< the client was not reached
  SshAccess ssh;                                ///< ssh: how its server is reached
  std::string records;  ///< where attempt records lie on the client; empty: none are kept
  Registry registry;
  std::string files;  ///< `smb`: files are reached over SMB, whatever runs programs; empty: by the
                      ///< transport itself
  std::string share;  ///< files over SMB: the client's drive C:, `//{client.address}/C$`
  SmbLogin smb;       ///< files over SMB: who logs in
  Place place;
};

/// Attempts and timeout of one step.
struct StepPolicy {
  std::uint32_t attempts = 3;
  Duration timeout{};                           ///< for a watch: how long it may wait
  Duration backoff = std::chrono::seconds(30);  ///< before attempt 2; doubles
  Duration backoff_max = std::chrono::minutes(10);
  friend bool operator==(const StepPolicy&, const StepPolicy&) = default;
};

/// What a gate asks, and what it makes of the answer: it passes, fails, or learns nothing
/// (inconclusive), which is asked again as the policy says. Asking changes nothing.
struct Inquiry {
  StepPolicy policy{3, std::chrono::minutes(1)};
  Argv run;                                 ///< check: the program, run by the controller
  std::vector<std::uint32_t> pass;          ///< check: exit codes; http: statuses
  std::vector<std::uint32_t> inconclusive;  ///< the same
  std::string url;                          ///< http: what is asked; prometheus: the server
  std::string body;                         ///< http: what the body must hold; empty: anything
  std::vector<PlannedHeader> headers;       ///< http, prometheus
  std::string ca_file;            ///< the same; absolute after loading; empty: the system's
  std::string query;              ///< prometheus
  std::string at_least, at_most;  ///< prometheus: decimal numbers as written; empty: no bound
  bool empty_fails = false;       ///< prometheus: no series at all fails, instead of nothing
};

/// What must hold before a group, or after a wave.
struct Gate {
  enum class Kind : std::uint8_t { soak, approval, check, http, prometheus };
  Kind kind = Kind::soak;
  Duration soak{};       ///< soak: how long
  std::string approval;  ///< approval: its name
  Place place;
  Inquiry inquiry{};  ///< check, http, prometheus

  bool asks() const { return kind != Kind::soak && kind != Kind::approval; }
};

/// `{days: Mon-Fri, start: "22:00", for: 7h, zone: Europe/Berlin, needs: 30m}`.
struct Window {
  std::array<bool, 7> days{};  ///< Monday first
  Duration start{};            ///< after local midnight
  Duration length{};
  std::string zone = "UTC";
  std::string zone_label;  ///< not empty: each client's own zone, which this label of it names
  Duration needs{};        ///< nothing starts when less than this is left before the close
  Place place;
};

/// What is rolled back.
enum class Scope : std::uint8_t { none, wave, group, rollout, client, site };

/// A health check after proof.
struct Health {
  enum class Kind : std::uint8_t { none, pcm_log, command };
  Kind kind = Kind::none;
  Argv command;
  Duration within = std::chrono::hours(24);
  Duration poll = std::chrono::minutes(1);
};

/// How a group's clients are restarted between trigger and proof.
struct Restart {
  bool by_user = true;  ///< wait for the user's own
  Argv run;             ///< else: this, through the transport
  Duration wait{};      ///< and give it this long before the first look
};

/// The argv lists of the `command` method; empty: the step is left out.
struct CommandSteps {
  Argv inspect, back_up, upgrade, verify, restore;
  bool repeatable = false;  ///< running `upgrade` twice does no harm
};

struct Group {
  std::string name;
  std::string description;
  std::vector<std::string> after;
  std::string select;
  Method method = Method::upgrade_bat;
  std::string transport;
  Restart restart;
  std::vector<Count> waves;  ///< `rest` is 100%; empty: one wave
  std::uint32_t in_flight = 32;
  std::optional<Count> unproven;  ///< empty: unlimited
  std::optional<bool> strict;     ///< empty: the default, the first wave only
  Count tolerate_failed, tolerate_late;
  bool reaches_site = false;
  bool force_over_failed = false, force_over_restored = false, force_over_skipped = false;
  Duration converge_within{};  ///< zero: the method's default
  Duration converge_poll = std::chrono::minutes(1);
  Duration before_force = std::chrono::hours(1);
  Duration retry_late = std::chrono::minutes(15);
  Duration give_up_late = std::chrono::hours(72);
  std::optional<Duration> lost_after;
  std::uint32_t attempts = 3;
  Duration backoff = std::chrono::seconds(30);
  Duration backoff_max = std::chrono::minutes(10);
  Duration inspect_timeout = std::chrono::minutes(5);  ///< inspect, back_up and restore
  Duration trigger_timeout = std::chrono::minutes(10);
  Duration command_timeout = std::chrono::minutes(30);
  Health health;
  CommandSteps command;
  std::vector<Gate> before, after_wave;
  std::vector<Window> windows;
  Duration recheck{};  ///< so long after it settled on target a client is proven again; zero: never
  Duration recheck_within = std::chrono::hours(24);  ///< how long that may be tried
  bool restore_failed = true;                        ///< on_failure: restore (else leave)
  Scope on_breach = Scope::group;                    ///< none, wave, group, rollout
  std::uint32_t rollback_in_flight = 32;
  Duration rollback_within = std::chrono::hours(24);
  std::vector<std::string> defaulted;  ///< keys whose default was used, for preview
  Place place;                         ///< of the name
  Place select_place;
  std::vector<Place> after_places;
  std::vector<Place> wave_places;
};

/// `600/m`: at most so many triggers start in each such period, evenly spaced.
struct Rate {
  std::uint32_t count = 0;  ///< 0: no limit
  Duration per{};
};

/// `{from: 10/m, double_every: 10m, to: 600/m}`: a rate that doubles while what was triggered is
/// proven; see core/ramp.h.
struct Ramp {
  Duration double_every{};
  Rate to;
};

struct Limits {
  std::uint32_t in_flight = 200;
  Rate rate;                 ///< with a ramp: where it begins
  std::optional<Ramp> ramp;  ///< empty: the rate stays
  std::optional<Duration> rollout_within;
};

struct Plan {
  std::string name;
  std::string description;
  Hotfix hotfix;
  std::vector<Site> sites;
  std::vector<Transport> transports;
  std::vector<Group> groups;
  Limits limits;
  std::vector<NotifyTarget> notify;
};

}  // namespace sitewide
