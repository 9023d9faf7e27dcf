// The keys of a transport.
#include "plans/keys.h"

namespace sitewide {
namespace {

constexpr std::string_view kTransports[] = {"local", "exec"};
constexpr std::string_view kLaterTransports[] = {"ssh", "smb"};

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

}  // namespace

const Section& transport_section() {
  static const Section section = {
      "transport", "How clients are reached.", kTransportKeys, {}, Scalar::name, kTypeVariants};
  return section;
}

}  // namespace sitewide
