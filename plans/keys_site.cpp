// The keys of a site.
#include "plans/keys.h"

namespace sitewide {
namespace {

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
     .description =
         "The site server's SMS root: a folder of this machine, or `smb://server/share/folder`."},
    {.name = "logon_servers",
     .form = Form::map,
     .scalar = Scalar::path,
     .required = true,
     .description = "Name → what \\\\NAME\\SMS_SHR shows: a folder of this machine, or "
                    "`smb://server/share`."},
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
    {.name = "smb",
     .form = Form::section,
     .section = &smb_section(),
     .description = "Who logs in where its folders are `smb://` places. Default: a guest."},
};
constexpr LaterKey kLaterSite[] = {{"steps", "`site_steps` of the hotfix say what is done"},
                                   {"parent", ""}};

}  // namespace

const Section& site_section() {
  static const Section section = {"site", "An SMS site: one site server and its logon servers.",
                                  kSiteKeys, kLaterSite};
  return section;
}

}  // namespace sitewide
