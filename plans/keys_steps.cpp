// The keys of `site_steps` and `client_steps`, and of the programs that carry them out.
#include "plans/keys.h"

namespace sitewide {
namespace {

constexpr std::string_view kRegistryTypes[] = {"REG_SZ", "REG_EXPAND_SZ", "REG_DWORD"};

constexpr Key kRunKeys[] = {
    {.name = "what",
     .scalar = Scalar::text,
     .required = true,
     .description = "What it is, for people."},
    {.name = "run",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "The program and its arguments."},
    {.name = "probe",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Changes nothing and ends with 0 when it is done, with 1 when it is not."},
    {.name = "undo",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "Takes it back. Default: it stays when the rest is undone."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"30m\"",
     .description = "How long `run` or `undo` may take."},
};
constexpr Section kRun = {"run", "A program of the plan's own.", kRunKeys, {}};

constexpr Key kRenameKeys[] = {
    {.name = "path",
     .scalar = Scalar::target,
     .required = true,
     .description = "The file, under the site's root."},
    {.name = "to",
     .scalar = Scalar::file_name,
     .required = true,
     .description = "Its new name, in the same folder."},
};
constexpr Section kRename = {
    "rename", "A file that is put aside under another name.", kRenameKeys, {}};

constexpr Key kDirectory = {
    .name = "directory",
    .scalar = Scalar::text,
    .required = true,
    .description = "DIRECTORY of the block, such as `SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN`."};
constexpr Key kMapPlatform = {.name = "platform",
                              .scalar = Scalar::text,
                              .required = true,
                              .description = "PLATFORM of the block, such as `INTEL X86`."};
constexpr Key kMapLanguage = {
    .name = "language",
    .scalar = Scalar::label_value,
    .fallback = "\"\"",
    .description = "LANGUAGE of the block, such as `ENGLISH`; empty for none."};

constexpr Key kDuplicateKeys[] = {
    {.name = "entry",
     .scalar = Scalar::file_name,
     .required = true,
     .description = "The entry that is copied."},
    {.name = "as",
     .scalar = Scalar::file_name,
     .required = true,
     .description = "The copy's name. A block that has such an entry stays as it is."},
    {.name = "size",
     .scalar = Scalar::natural,
     .required = true,
     .description = "What the copy's SIZE says."},
    kDirectory,
    kMapPlatform,
    kMapLanguage,
};
constexpr Section kDuplicate = {
    "duplicate", "An entry that is copied under a new name.", kDuplicateKeys, {}};

constexpr Key kRemoveListKeys[] = {
    {.name = "entry",
     .scalar = Scalar::file_name,
     .required = true,
     .description = "The entry that loses a copy list."},
    {.name = "list",
     .scalar = Scalar::text,
     .required = true,
     .description = "The copy list, such as `WIN95:REMOTE_CONTROL`."},
    kDirectory,
    kMapPlatform,
    kMapLanguage,
};
constexpr Section kRemoveList = {
    "remove_list", "A copy list that an entry shall not be in.", kRemoveListKeys, {}};

constexpr Key kMergeKeys[] = {
    {.name = "fragment",
     .scalar = Scalar::path,
     .required = true,
     .description = "A file with blocks whose entries go into the blocks of the same header; in "
                    "the hotfix's `payload` folder, or relative to the plan when it has none."},
};
constexpr Section kMerge = {"merge", "Entries that the hotfix supplies.", kMergeKeys, {}};

constexpr Key kMapEditKeys[] = {
    {.name = "duplicate",
     .form = Form::section,
     .section = &kDuplicate,
     .choice = true,
     .description = "Copies an entry under a new name."},
    {.name = "remove_list",
     .form = Form::section,
     .section = &kRemoveList,
     .choice = true,
     .description = "Takes an entry out of a copy list."},
    {.name = "merge",
     .form = Form::section,
     .section = &kMerge,
     .choice = true,
     .description = "Adds the entries of a fragment."},
};
constexpr Section kMapEdit = {"map edit", "One change of System.map.", kMapEditKeys, {}};

constexpr Key kSiteStepKeys[] = {
    {.name = "stop_service",
     .form = Form::list,
     .scalar = Scalar::name,
     .choice = true,
     .description =
         "Stops these services, those that run; they are started again whatever happens."},
    {.name = "start_service",
     .form = Form::list,
     .scalar = Scalar::name,
     .choice = true,
     .description = "Starts those of these services that ran before they were stopped."},
    {.name = "rename",
     .form = Form::section,
     .section = &kRename,
     .choice = true,
     .description = "Puts a file aside under another name."},
    {.name = "copy",
     .form = Form::nothing,
     .choice = true,
     .description = "All files go to their places."},
    {.name = "site_reset",
     .form = Form::nothing,
     .choice = true,
     .description = "Resets the site as its own `site_reset` says."},
    {.name = "run",
     .form = Form::section,
     .section = &kRun,
     .choice = true,
     .description = "Runs a program on this machine."},
    {.name = "edit_system_map",
     .form = Form::section_list,
     .section = &kMapEdit,
     .choice = true,
     .description = "Changes System.map: the last step, done by the force; all clients get it."},
};
constexpr Section kSiteStep = {"site step", "One thing that is done on a site.", kSiteStepKeys, {}};

constexpr Key kSetIniKeys[] = {
    {.name = "section", .scalar = Scalar::text, .required = true, .description = "Its section."},
    {.name = "key", .scalar = Scalar::text, .required = true, .description = "Its name."},
    {.name = "value",
     .scalar = Scalar::label_value,
     .required = true,
     .description = "What it shall be; may be empty."},
};
constexpr Section kSetIni = {"set_ini", "A key of the client's Sms.ini.", kSetIniKeys, {}};

constexpr Key kSetRegistryKeys[] = {
    {.name = "key",
     .scalar = Scalar::text,
     .required = true,
     .description = "The key, such as `HKLM\\Software\\Microsoft\\SMS`."},
    {.name = "name", .scalar = Scalar::text, .required = true, .description = "The value's name."},
    {.name = "value",
     .scalar = Scalar::label_value,
     .required = true,
     .description = "What it shall be; may be empty."},
    {.name = "type",
     .scalar = Scalar::word,
     .words = kRegistryTypes,
     .required = true,
     .description = "Its type."},
};
constexpr Section kSetRegistry = {
    "set_registry", "A value of the client's registry.", kSetRegistryKeys, {}};

constexpr Key kClientStepKeys[] = {
    {.name = "set_ini",
     .form = Form::section,
     .section = &kSetIni,
     .choice = true,
     .description = "Sets a key of Sms.ini."},
    {.name = "set_registry",
     .form = Form::section,
     .section = &kSetRegistry,
     .choice = true,
     .description = "Sets a value of the registry, as the transport's `registry` says."},
    {.name = "run",
     .form = Form::section,
     .section = &kRun,
     .choice = true,
     .description = "Runs a program on the client."},
};
constexpr Section kClientStep = {
    "client step", "One thing that is set on a client once it is proven.", kClientStepKeys, {}};

constexpr Key kServicesKeys[] = {
    {.name = "query",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Ends with 0 when `{service}` runs, with 1 when it is stopped."},
    {.name = "stop",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Stops `{service}`."},
    {.name = "start",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Starts `{service}`."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"5m\"",
     .description = "How long one service may take to stop or to start."},
};
constexpr Section kServices = {
    "services", "Programs on this machine that handle a site's services.", kServicesKeys, {}};

constexpr Key kSiteResetKeys[] = {
    {.name = "run",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Resets the site."},
    {.name = "probe",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "Ends with 0 when the reset has been done, with 1 when it has not. Default: an "
                    "attempt that was cut off resets again."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"2h\"",
     .description = "How long it may take."},
};
constexpr Section kSiteReset = {
    "site reset", "Programs on this machine that reset a site.", kSiteResetKeys, {}};

constexpr Key kRegistryKeys[] = {
    {.name = "query",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Prints type and value of `{name}` under `{key}` as reg.exe does; ends with 1 "
                    "when there is none."},
    {.name = "set",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Gives `{name}` under `{key}` the `{type}` and `{value}`."},
    {.name = "delete",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Takes `{name}` away from `{key}`."},
};
constexpr Section kRegistry = {
    "registry", "Programs on the client that handle its registry.", kRegistryKeys, {}};

}  // namespace

const Section& site_step_section() { return kSiteStep; }
const Section& client_step_section() { return kClientStep; }
const Section& services_section() { return kServices; }
const Section& site_reset_section() { return kSiteReset; }
const Section& registry_section() { return kRegistry; }

}  // namespace sitewide
