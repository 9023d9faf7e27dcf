// The keys of a plan but for those of its groups.
#include "plans/keys.h"
#include "plans/keys_shared.h"

namespace sitewide {
namespace {

constexpr std::string_view kAllow[] = {"downgrade", "requirements"};
constexpr std::string_view kTransports[] = {"local", "exec"};
constexpr std::string_view kLaterTransports[] = {"ssh", "smb"};

constexpr Key kFileKeys[] = {
    kFileName,
    kFilePlatform,
    {.name = "source",
     .scalar = Scalar::path,
     .description = "The payload. Default: `PLATFORM/NAME` in the hotfix's `payload` folder."},
    {.name = "sha256",
     .scalar = Scalar::digest,
     .description = "The payload's digest. Default: whatever the file has when the plan is read."},
    kFileSize,
    kFileDate,
    kFileLanguage,
    kFileSystems,
    kFileTo,
    kOnSite,
    kOnLogonServer,
    kOnClient};
constexpr Section kFile = {"file", "One file of the hotfix.", kFileKeys, {}};

/// The tables of steps lie in another file, so these cannot be constant expressions.
const Key kHotfixKeys[] = {
    {.name = "id",
     .scalar = Scalar::name,
     .required = true,
     .description = "What screens call it."},
    {.name = "catalogue",
     .scalar = Scalar::article,
     .description = "Fills in platforms, sizes, dates and targets; see `sitewide catalogue`."},
    {.name = "payload",
     .scalar = Scalar::path,
     .description = "Folder that holds `PLATFORM/NAME` of each file without a `source`."},
    {.name = "files",
     .form = Form::section_list,
     .section = &kFile,
     .description = "The files; `[]` for none. Default: those of the catalogue entry that are not "
                    "optional.",
     .may_be_empty = true},
    {.name = "allow",
     .form = Form::list,
     .scalar = Scalar::word,
     .words = kAllow,
     .description =
         "`downgrade`: stage an older date over a newer one. `requirements`: go on though "
         "a site lacks what the article needs."},
    kSiteSteps,
    kClientSteps,
};
constexpr LaterKey kLaterHotfix[] = {
    {"requires", ""}, {"supersedes", ""}, {"settings", "`client_steps` set what clients need"}};
const Section kHotfix = {"hotfix", "What is rolled out.", kHotfixKeys, kLaterHotfix};

constexpr Key kReplicationKeys[] = {
    {.name = "poll",
     .scalar = Scalar::positive_duration,
     .fallback = "\"1m\"",
     .description = "How often the logon servers are looked at."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"72h\"",
     .description = "How long they may take; past it the rollout halts."},
    {.name = "warn_after",
     .scalar = Scalar::positive_duration,
     .fallback = "\"1h\"",
     .description = "When a warning says that they take long."},
};
constexpr Section kReplication = {
    "replication", "How long Maintenance Manager may take.", kReplicationKeys, {}};

const Key kSiteKeys[] = {
    {.name = "root",
     .scalar = Scalar::path,
     .required = true,
     .description = "The site server's SMS root, as this machine sees it."},
    {.name = "logon_servers",
     .form = Form::map,
     .scalar = Scalar::path,
     .required = true,
     .description = "Name → what \\\\NAME\\SMS_SHR shows, as this machine sees it."},
    {.name = "replication",
     .form = Form::section,
     .section = &kReplication,
     .description = "How long Maintenance Manager may take."},
    {.name = "attempts",
     .scalar = Scalar::positive,
     .fallback = "3",
     .description = "How often a step that changes the site is tried."},
    {.name = "backoff",
     .scalar = Scalar::duration,
     .fallback = "\"30s\"",
     .description = "Pause before the second attempt; it doubles."},
    {.name = "backoff_max",
     .scalar = Scalar::duration,
     .fallback = "\"10m\"",
     .description = "Longest pause between attempts."},
    {.name = "labels",
     .form = Form::map,
     .scalar = Scalar::label_value,
     .description = "Values for `{site.KEY}`."},
    {.name = "service_pack",
     .scalar = Scalar::natural,
     .description = "The service pack of SMS 1.2 that it has; 0 for none."},
    {.name = "fixes",
     .form = Form::list,
     .scalar = Scalar::article,
     .description = "Hotfixes that it has; `[]` for none.",
     .may_be_empty = true},
    {.name = "language",
     .scalar = Scalar::language,
     .description = "The language of its server. An article with builds for several needs it."},
    {.name = "services",
     .form = Form::section,
     .section = &services_section(),
     .description = "How its services are stopped and started."},
    {.name = "site_reset",
     .form = Form::section,
     .section = &site_reset_section(),
     .description = "How it is reset."},
};
constexpr LaterKey kLaterSite[] = {{"steps", "`site_steps` of the hotfix say what is done"},
                                   {"parent", ""}};
const Section kSite = {"site", "An SMS site: one site server and its logon servers.", kSiteKeys,
                       kLaterSite};

constexpr Key kInventoryKeys[] = {
    {.name = "file",
     .scalar = Scalar::path,
     .choice = true,
     .description = "A CSV file with the columns name, address, and labels."},
    {.name = "hosts",
     .form = Form::list,
     .scalar = Scalar::pattern,
     .choice = true,
     .description = "Names with ranges: pc[001-040].hq."},
    {.name = "labels",
     .form = Form::map,
     .scalar = Scalar::label_value,
     .description = "Labels of clients that have none of that name from the file."},
};
constexpr LaterKey kLaterInventory[] = {{"ansible", "write the clients to a CSV file"},
                                        {"command", "write its output to a CSV file"},
                                        {"ldap", "write the clients to a CSV file"}};
constexpr Section kInventory = {"inventory source", "Where clients are listed.", kInventoryKeys,
                                kLaterInventory};

const Key kTransportKeys[] = {
    {.name = "type",
     .scalar = Scalar::word,
     .words = kTransports,
     .later_words = kLaterTransports,
     .required = true,
     .description = "local: folders on this machine. exec: a program reaches the client."},
    {.name = "root",
     .scalar = Scalar::path,
     .description = "local: where the client's drive C lies."},
    {.name = "batch",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "How a batch file is run, its folder current; the last element is `{batch}`."},
    {.name = "run",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description =
         "exec: reaches the client; one element is `{argv}`, where the step's own stand."},
    {.name = "read",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "exec: prints the file `{path}`."},
    {.name = "write",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "exec: replaces the file `{path}` by standard input."},
    {.name = "digest",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "exec: prints the SHA-256 of the file `{path}`."},
    {.name = "unreachable_exit",
     .form = Form::list,
     .scalar = Scalar::exit_code,
     .description = "exec: exit codes of its programs that mean that the client was not reached."},
    {.name = "records",
     .scalar = Scalar::text,
     .description =
         "Where records of attempts lie on the client. Default: `.sitewide` in its folder "
         "for `local`, none for `exec`."},
    {.name = "registry",
     .form = Form::section,
     .section = &registry_section(),
     .description = "How a client's registry is handled; run on the client, like any step."},
};
constexpr std::string_view kLocalNeeds[] = {"root"};
constexpr std::string_view kExecNeeds[] = {"run"};
constexpr std::string_view kOwnFiles =
    "it uses the files below `root` itself; `type: exec` reaches clients by a program";
constexpr Misfit kLocalMisfits[] = {{"run", kOwnFiles},
                                    {"read", kOwnFiles},
                                    {"write", kOwnFiles},
                                    {"digest", kOwnFiles},
                                    {"unreachable_exit", kOwnFiles}};
constexpr Misfit kExecMisfits[] = {
    {"root", "use `type: local` where the client's drive is a folder here"}};
constexpr Variant kTypeVariants[] = {{"type", "local", kLocalNeeds, kLocalMisfits},
                                     {"type", "exec", kExecNeeds, kExecMisfits}};
const Section kTransport = {
    "transport", "How clients are reached.", kTransportKeys, {}, Scalar::name, kTypeVariants};

constexpr Key kRampKeys[] = {
    {.name = "from",
     .scalar = Scalar::rate,
     .required = true,
     .description = "The rate to begin with."},
    {.name = "double_every",
     .scalar = Scalar::positive_duration,
     .required = true,
     .description = "How long each rate is held before it may double."},
    {.name = "to", .scalar = Scalar::rate, .required = true, .description = "The highest rate."},
};
constexpr Section kRamp = {
    "rate", "A rate that doubles while what was triggered is proven.", kRampKeys, {}};

constexpr Key kLimitsKeys[] = {
    {.name = "in_flight",
     .scalar = Scalar::positive,
     .fallback = "200",
     .description = "Actions of the rollout that run at a time."},
    {.name = "rate",
     .form = Form::scalar_or_section,
     .scalar = Scalar::rate,
     .section = &kRamp,
     .description = "At most so many triggers start in each period. Default: no limit."},
    {.name = "rollout_within",
     .scalar = Scalar::positive_duration,
     .description = "How long the rollout may take. Default: no limit."},
};
constexpr Section kLimits = {"limits", "Limits of the whole rollout.", kLimitsKeys, {}};

/// The group's tables lie in another file, so this one cannot be a constant expression.
const Key kPlanKeys[] = {
    {.name = "version",
     .scalar = Scalar::version,
     .required = true,
     .description = "The version of the plan language: 1."},
    {.name = "name",
     .scalar = Scalar::name,
     .required = true,
     .description = "The rollout's name; its id is this with a number."},
    {.name = "description", .scalar = Scalar::paragraph, .description = "For people."},
    {.name = "hotfix",
     .form = Form::section,
     .section = &kHotfix,
     .description = "What is rolled out. The command method can do without."},
    {.name = "sites", .form = Form::section_map, .section = &kSite, .description = "Name → site."},
    {.name = "inventory",
     .form = Form::section_list,
     .section = &kInventory,
     .required = true,
     .description = "Where clients are listed; each client once."},
    {.name = "transports",
     .form = Form::section_map,
     .section = &kTransport,
     .required = true,
     .description = "Name → how clients are reached."},
    {.name = "defaults",
     .form = Form::section,
     .section = &defaults_section(),
     .description = "What groups share; a group's own key wins."},
    {.name = "groups",
     .form = Form::section_list,
     .section = &group_section(),
     .required = true,
     .description = "Who is upgraded, how, and in which order."},
    {.name = "limits",
     .form = Form::section,
     .section = &kLimits,
     .description = "Limits of the whole rollout."},
    {.name = "notify",
     .form = Form::section_list,
     .section = &notify_section(),
     .description = "Who is told of what, beside the views."},
};
constexpr LaterKey kLaterPlan[] = {
    {"notifications", "`notify` says who is told"},
    {"recheck", "`recheck` of a group, or in `defaults` for all groups"},
    {"relays", ""},
    {"secrets", "write {env: NAME} or {file: PATH} where a secret is needed"}};

}  // namespace

const Key* Section::find(std::string_view name) const {
  for (const Key& key : keys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

const Section& plan_section() {
  static const Section section = {"plan", "A rollout: what, for whom, in which order.", kPlanKeys,
                                  kLaterPlan};
  return section;
}

}  // namespace sitewide
