// The keys of a plan itself, of its hotfix and of its limits.
#include "plans/keys.h"
#include "plans/keys_shared.h"

namespace sitewide {
namespace {

constexpr std::string_view kAllow[] = {"downgrade", "requirements"};

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

/// Other tables lie in other files, so this one cannot be a constant expression.
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
    {.name = "sites",
     .form = Form::section_map,
     .section = &site_section(),
     .description = "Name → site."},
    {.name = "inventory",
     .form = Form::section_list,
     .section = &inventory_section(),
     .required = true,
     .description = "Where clients are listed; each client once."},
    {.name = "transports",
     .form = Form::section_map,
     .section = &transport_section(),
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
