// The keys of groups and of `defaults:`.
#include <array>

#include "plans/keys.h"

namespace sitewide {
namespace {

constexpr std::string_view kMethods[] = {"upgrade_bat", "site_wide", "command"};
constexpr std::string_view kUser[] = {"user"};
constexpr std::string_view kSite[] = {"site"};
constexpr std::string_view kForceOver[] = {"failed", "restored", "skipped"};
constexpr std::string_view kOnFailure[] = {"restore", "leave"};
constexpr std::string_view kScopes[] = {"none", "wave", "group", "rollout"};

constexpr Key kRestartKeys[] = {
    {.name = "run",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Program and arguments that restart the client, through its transport."},
    {.name = "wait",
     .scalar = Scalar::duration,
     .fallback = "\"0s\"",
     .description = "How long to leave the client alone before the first look."},
};
constexpr Section kRestart = {"restart", "A restart between trigger and proof.", kRestartKeys, {}};

constexpr Key kTolerateKeys[] = {
    {.name = "failed",
     .scalar = Scalar::count,
     .fallback = "0",
     .description = "How many failed or lost clients are tolerated; one more is a breach."},
    {.name = "late",
     .scalar = Scalar::count,
     .fallback = "0",
     .description = "How many clients may be out of reach before anything was done to them."},
};
constexpr Section kTolerate = {
    "tolerate", "The group's budget, over all its waves.", kTolerateKeys, {}};

constexpr Key kConvergeKeys[] = {
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .description =
         "How long a client may take to be proven. Default: 8h (upgrade_bat), 5d (site_wide)."},
    {.name = "poll",
     .scalar = Scalar::positive_duration,
     .fallback = "\"1m\"",
     .description = "How often a client is looked at while it is not proven."},
};
constexpr Section kConverge = {"converge", "How a client is proven.", kConvergeKeys, {}};

constexpr Key kTimeoutKeys[] = {
    {.name = "inspect",
     .scalar = Scalar::positive_duration,
     .fallback = "\"5m\"",
     .description = "For inspect, back_up and restore."},
    {.name = "trigger",
     .scalar = Scalar::positive_duration,
     .fallback = "\"10m\"",
     .description = "For Upgrade.bat, and for the program that restarts a client."},
    {.name = "command",
     .scalar = Scalar::positive_duration,
     .fallback = "\"30m\"",
     .description = "For the programs of the command method."},
};
constexpr Section kTimeouts = {"timeouts", "How long one attempt may take.", kTimeoutKeys, {}};

constexpr Key kHealthKeys[] = {
    {.name = "pcm_log",
     .scalar = Scalar::flag,
     .choice = true,
     .description = "true: no gap of 45 s or more in the Package Command Manager's log."},
    {.name = "command",
     .form = Form::list,
     .scalar = Scalar::argument,
     .choice = true,
     .description = "A program that exits with 0 when the client is well."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"24h\"",
     .description = "How long the check may stay without a verdict."},
    {.name = "poll",
     .scalar = Scalar::positive_duration,
     .fallback = "\"1m\"",
     .description = "How often it looks."},
};
constexpr LaterKey kLaterHealth[] = {{"http", "use `command` with a program that asks"}};
constexpr Section kHealth = {"health", "A check after proof.", kHealthKeys, kLaterHealth};

constexpr Key kRecheckKeys[] = {
    {.name = "after",
     .scalar = Scalar::positive_duration,
     .required = true,
     .description = "How long after it was proven a client is proven again."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"24h\"",
     .description = "How long a client that does not answer is tried; then it is not rechecked."},
};
constexpr Section kRecheck = {
    "recheck", "A second proof, which can withdraw a success.", kRecheckKeys, {}};

constexpr Key kSoakKey = {.name = "soak",
                          .scalar = Scalar::positive_duration,
                          .choice = true,
                          .description = "Wait this long."};
constexpr Key kApprovalKey = {.name = "approval",
                              .scalar = Scalar::name,
                              .choice = true,
                              .description = "Wait until an operator approves under this name."};
const Key kCheckKey = {.name = "check",
                       .form = Form::section,
                       .section = &check_gate_section(),
                       .choice = true,
                       .description = "Ask a program of the controller's machine."};
const Key kHttpKey = {.name = "http",
                      .form = Form::section,
                      .section = &http_gate_section(),
                      .choice = true,
                      .description = "Ask a web server."};
const Key kPrometheusKey = {.name = "prometheus",
                            .form = Form::section,
                            .section = &prometheus_gate_section(),
                            .choice = true,
                            .description = "Ask Prometheus."};
const Key kAfterWaveKeys[] = {kSoakKey, kApprovalKey, kCheckKey, kHttpKey, kPrometheusKey};
const Key kBeforeKeys[] = {kSoakKey,
                           kApprovalKey,
                           kCheckKey,
                           kHttpKey,
                           kPrometheusKey,
                           {.name = "window",
                            .form = Form::section,
                            .section = &window_section(),
                            .choice = true,
                            .description = "The same as an item of `windows`."}};
constexpr Section kBefore = {"gate", "What must hold.", kBeforeKeys, {}};
constexpr Section kAfterWave = {"gate", "What must hold.", kAfterWaveKeys, {}};

constexpr Key kRollbackKeys[] = {
    {.name = "in_flight",
     .scalar = Scalar::positive,
     .fallback = "32",
     .description = "Actions of a rollback that run at a time."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"24h\"",
     .description = "How long a rollback may try; what is left then needs hands."},
};
constexpr Section kRollback = {"rollback", "How this group is rolled back.", kRollbackKeys, {}};

constexpr Key kOnBreachKeys[] = {
    {.name = "rollback",
     .scalar = Scalar::word,
     .words = kScopes,
     .required = true,
     .description = "What is rolled back on a breach."},
};
constexpr Section kOnBreach = {
    "on_breach", "What a breach does besides halting.", kOnBreachKeys, {}};

constexpr Key kCommandKeys[] = {
    {.name = "inspect",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "Exits with 0 when the client is on target already."},
    {.name = "back_up",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "Keeps what `restore` needs."},
    {.name = "upgrade",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Upgrades the client."},
    {.name = "verify",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "Exits with 0 when the client is upgraded."},
    {.name = "restore",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "Puts the client back."},
    {.name = "repeatable",
     .scalar = Scalar::flag,
     .fallback = "false",
     .description = "Running `upgrade` twice does no harm."},
};
constexpr Section kCommand = {"command", "The programs of the command method.", kCommandKeys, {}};

/// Keys that say who is upgraded, and how: a group's own.
constexpr std::array kOwnKeys = {
    Key{.name = "name",
        .scalar = Scalar::name,
        .required = true,
        .description = "Unique among groups."},
    Key{.name = "description", .scalar = Scalar::paragraph, .description = "For people."},
    Key{.name = "after",
        .form = Form::list,
        .scalar = Scalar::name,
        .description = "Groups that must have passed before this one starts."},
    Key{.name = "select",
        .scalar = Scalar::selector,
        .required = true,
        .description = "Which clients: a Kubernetes label selector; `name` takes all."},
    Key{.name = "method",
        .scalar = Scalar::word,
        .words = kMethods,
        .required = true,
        .description = "How the clients are upgraded."},
    Key{.name = "reaches",
        .scalar = Scalar::word,
        .words = kSite,
        .description = "site_wide: says that the force reaches every client of the site."},
    Key{.name = "force_over",
        .form = Form::list,
        .scalar = Scalar::word,
        .words = kForceOver,
        .description = "site_wide: force although the site has clients in these states."},
    Key{.name = "command",
        .form = Form::section,
        .section = &kCommand,
        .description = "command: the programs to run on each client."},
};

/// Keys that say how carefully: `defaults:` may hold them for all groups.
/// Holds a section of another file, so it cannot be a constant expression.
const std::array kPolicyKeys = {
    Key{.name = "transport",
        .scalar = Scalar::name,
        .description = "How clients are reached. Default: the plan's only transport."},
    Key{.name = "restart",
        .form = Form::word_or_section,
        .section = &kRestart,
        .words = kUser,
        .fallback = "\"user\"",
        .description = "`user`: wait for the user's own restart; or run a program."},
    Key{.name = "waves",
        .form = Form::list,
        .scalar = Scalar::wave,
        .description = "Sizes of the waves, rounded up; the last one repeats. Default: one wave."},
    Key{.name = "in_flight",
        .scalar = Scalar::positive,
        .fallback = "32",
        .description = "Actions of this group that run at a time."},
    Key{.name = "unproven",
        .scalar = Scalar::count,
        .description = "How many clients may be triggered and not yet proven. Default: unlimited."},
    Key{.name = "strict",
        .scalar = Scalar::flag,
        .description =
            "A wave never fails by more than its budget plus one. Default: the first wave only."},
    Key{.name = "tolerate",
        .form = Form::section,
        .section = &kTolerate,
        .description = "How much may go wrong in the group."},
    Key{.name = "converge",
        .form = Form::section,
        .section = &kConverge,
        .description = "How a client is proven."},
    Key{.name = "before_force",
        .scalar = Scalar::positive_duration,
        .fallback = "\"1h\"",
        .description = "site_wide: how long a force waits for clients that are not backed up yet."},
    Key{.name = "retry_late",
        .scalar = Scalar::positive_duration,
        .fallback = "\"15m\"",
        .description = "How often late clients are tried again."},
    Key{.name = "give_up_late",
        .scalar = Scalar::positive_duration,
        .fallback = "\"3d\"",
        .description = "When late clients are given up."},
    Key{.name = "lost_after",
        .scalar = Scalar::positive_duration,
        .description =
            "When a triggered client out of reach is lost. Default: 1h past a planned restart, "
            "else at converge.within."},
    Key{.name = "attempts",
        .scalar = Scalar::positive,
        .fallback = "3",
        .description = "How often a step is tried."},
    Key{.name = "backoff",
        .scalar = Scalar::duration,
        .fallback = "\"30s\"",
        .description = "Pause before the second attempt; it doubles."},
    Key{.name = "backoff_max",
        .scalar = Scalar::duration,
        .fallback = "\"10m\"",
        .description = "Longest pause between attempts."},
    Key{.name = "timeouts",
        .form = Form::section,
        .section = &kTimeouts,
        .description = "How long one attempt may take."},
    Key{.name = "health",
        .form = Form::section,
        .section = &kHealth,
        .description = "A check after proof. Default: none."},
    Key{.name = "recheck",
        .form = Form::scalar_or_section,
        .scalar = Scalar::positive_duration,
        .section = &kRecheck,
        .description =
            "Proves every client on target again, so long after its proof. Default: never."},
    Key{.name = "before",
        .form = Form::section_list,
        .section = &kBefore,
        .description = "Gates before the group."},
    Key{.name = "after_wave",
        .form = Form::section_list,
        .section = &kAfterWave,
        .description = "Gates after each wave, the last one too."},
    Key{.name = "windows",
        .form = Form::section_list,
        .section = &window_section(),
        .description = "Triggers, upgrades and forces start only in one of these."},
    Key{.name = "on_failure",
        .scalar = Scalar::word,
        .words = kOnFailure,
        .fallback = "\"restore\"",
        .description = "What becomes of one failed client within the budget."},
    Key{.name = "on_breach",
        .form = Form::section,
        .section = &kOnBreach,
        .description = "What a breach does besides halting. Default: rollback of the group."},
    Key{.name = "rollback",
        .form = Form::section,
        .section = &kRollback,
        .description = "How this group is rolled back."},
};

constexpr LaterKey kLaterGroup[] = {
    {"rate", "`limits.rate` holds for the whole rollout"}, {"notify", ""}, {"steps", ""}};

std::array<Key, kOwnKeys.size() + kPolicyKeys.size()> join_keys() {
  std::array<Key, kOwnKeys.size() + kPolicyKeys.size()> keys{};
  std::size_t next = 0;
  for (const Key& key : kOwnKeys) keys[next++] = key;
  for (const Key& key : kPolicyKeys) keys[next++] = key;
  return keys;
}
const auto kGroupKeys = join_keys();

constexpr std::string_view kForces = "only a `site_wide` group forces a site";
constexpr std::string_view kAtOnce = "a force reaches every client of the site at once";
constexpr std::string_view kPrograms = "only a `command` group runs programs of its own";
constexpr std::string_view kCommandNeeds[] = {"command"};
constexpr Misfit kUpgradeBatMisfits[] = {{"reaches", kForces},
                                         {"force_over", kForces},
                                         {"before_force", kForces},
                                         {"command", kPrograms}};
constexpr Misfit kSiteWideMisfits[] = {{"waves", "one force is one wave"},
                                       {"strict", kAtOnce},
                                       {"unproven", kAtOnce},
                                       {"command", kPrograms}};
constexpr Misfit kCommandMisfits[] = {
    {"reaches", kForces},
    {"force_over", kForces},
    {"before_force", kForces},
    {"converge", "a `command` group proves its clients by `verify` and `health`"},
    {"restart", "a `command` group restarts clients by its own programs"}};
constexpr Variant kMethodVariants[] = {{"method", "upgrade_bat", {}, kUpgradeBatMisfits},
                                       {"method", "site_wide", {}, kSiteWideMisfits},
                                       {"method", "command", kCommandNeeds, kCommandMisfits}};

const Section kGroup = {"group",      "Clients upgraded by one method under one policy.",
                        kGroupKeys,   kLaterGroup,
                        Scalar::name, kMethodVariants};
const Section kDefaults = {"defaults", "What groups share; a group's own key wins.", kPolicyKeys,
                           kLaterGroup};

}  // namespace

const Section& group_section() { return kGroup; }
const Section& defaults_section() { return kDefaults; }

}  // namespace sitewide
