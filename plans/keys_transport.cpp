// The keys of a transport.
#include "plans/keys.h"

namespace sitewide {
namespace {

constexpr std::string_view kTransports[] = {"local", "exec", "ssh"};
constexpr std::string_view kLaterTransports[] = {"smb"};
constexpr std::string_view kShells[] = {"cmd", "posix"};
constexpr std::string_view kVia[] = {"libssh", "openssh"};
constexpr std::string_view kHostKeys[] = {"strict", "accept_new"};
constexpr std::string_view kFiles[] = {"smb"};

const Key kTransportKeys[] = {
    {.name = "type",
     .scalar = Scalar::word,
     .words = kTransports,
     .later_words = kLaterTransports,
     .required = true,
     .description = "local: folders on this machine. exec: a program reaches the client. ssh: its "
                    "SSH server."},
    {.name = "root",
     .scalar = Scalar::path,
     .description = "local, ssh: where the client's drive C lies; over ssh as SFTP names it, by "
                    "default `/C:` for `shell: cmd` and `/` for `posix`."},
    {.name = "batch",
     .form = Form::list,
     .scalar = Scalar::argument,
     .description = "How a batch file is run, its folder current; the last element is `{batch}`. "
                    "With `shell: cmd` Sitewide does it."},
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
         "for `local`, else none."},
    {.name = "shell",
     .scalar = Scalar::word,
     .words = kShells,
     .description = "ssh: what its server's shell is; commands are quoted for it."},
    {.name = "host",
     .scalar = Scalar::text,
     .fallback = "\"{client.address}\"",
     .description = "ssh: its server, as ssh_config or the network knows it."},
    {.name = "port",
     .scalar = Scalar::positive,
     .description = "ssh: its server's port. Default: ssh_config's, else 22."},
    {.name = "user",
     .scalar = Scalar::text,
     .description = "ssh: who logs in. Default: ssh_config's, else whoever runs Sitewide."},
    {.name = "identity",
     .scalar = Scalar::path,
     .description = "ssh: file of the private key. Default: ssh_config's, the agent's, the usual "
                    "ones."},
    {.name = "password",
     .form = Form::section,
     .section = &secret_section(),
     .description = "ssh: where the password is. Used only when it is given."},
    {.name = "config",
     .scalar = Scalar::path,
     .description = "ssh: the ssh_config to read. Default: the user's and the system's."},
    {.name = "known_hosts",
     .scalar = Scalar::path,
     .description = "ssh: file of the host keys that are trusted. Default: ssh_config's, else the "
                    "user's and the system's."},
    {.name = "host_keys",
     .scalar = Scalar::word,
     .words = kHostKeys,
     .fallback = "\"strict\"",
     .description = "ssh: strict: a host without a known key is refused. accept_new: its key is "
                    "written down and trusted from then on."},
    {.name = "connect_within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"30s\"",
     .description = "ssh: how long it may take until it is logged in."},
    {.name = "keepalive",
     .scalar = Scalar::positive_duration,
     .fallback = "\"30s\"",
     .description = "ssh: after how long a silence the server is asked whether it is still there; "
                    "three without an answer, and the client is lost."},
    {.name = "via",
     .scalar = Scalar::word,
     .words = kVia,
     .fallback = "\"libssh\"",
     .description = "ssh: libssh: connections of Sitewide's own. openssh: the program `ssh`, a "
                    "process each time, for what only that can do."},
    {.name = "registry",
     .form = Form::section,
     .section = &registry_section(),
     .description = "How a client's registry is handled; run on the client, like any step."},
    {.name = "files",
     .scalar = Scalar::word,
     .words = kFiles,
     .description = "smb: the client's files are reached over SMB. Default: by the transport "
                    "itself."},
    {.name = "share",
     .scalar = Scalar::text,
     .description = "files over SMB: the client's drive C, as in `//{client.address}/C$`."},
    {.name = "smb",
     .form = Form::section,
     .section = &smb_section(),
     .description = "files over SMB: who logs in. Default: a guest."},
};
constexpr std::string_view kLocalNeeds[] = {"root"};
constexpr std::string_view kExecNeeds[] = {"run"};
constexpr std::string_view kOwnFiles =
    "it uses the files below `root` itself; `type: exec` reaches clients by a program";
constexpr std::string_view kOfSsh = "only `type: ssh` has it";
constexpr std::string_view kOfExec = "only `type: exec` reaches clients by programs of the plan";
constexpr std::string_view kSshNeeds[] = {"shell"};
constexpr std::string_view kByItself =
    "Sitewide itself runs the logon server's batch file, its share as the current drive";
// What only SSH has, for the types that lack it.
constexpr Misfit kSshKeys[] = {
    {"shell", kOfSsh},          {"host", kOfSsh},        {"port", kOfSsh},
    {"user", kOfSsh},           {"identity", kOfSsh},    {"password", kOfSsh},
    {"config", kOfSsh},         {"known_hosts", kOfSsh}, {"host_keys", kOfSsh},
    {"connect_within", kOfSsh}, {"keepalive", kOfSsh},   {"via", kOfSsh}};
constexpr Misfit kLocalMisfits[] = {{"run", kOwnFiles},
                                    {"read", kOwnFiles},
                                    {"write", kOwnFiles},
                                    {"digest", kOwnFiles},
                                    {"unreachable_exit", kOwnFiles}};
constexpr Misfit kExecMisfits[] = {
    {"root", "use `type: local` where the client's drive is a folder here"}};
constexpr Misfit kSshMisfits[] = {{"run", kOfExec},
                                  {"read", kOfExec},
                                  {"write", kOfExec},
                                  {"digest", kOfExec},
                                  {"unreachable_exit", kOfExec}};
constexpr Misfit kCmdMisfits[] = {
    {"batch", kByItself},
    {"records",
     "attempt records need a POSIX shell; make the command `repeatable`, or say how it "
     "is verified"}};
constexpr Misfit kOpensshMisfits[] = {
    {"password",
     "the program ssh takes a password from a terminal alone, and here is none; use keys, an agent "
     "or a ticket, or leave out `via: openssh`"}};
constexpr Variant kTypeVariants[] = {
    {"type", "local", kLocalNeeds, kLocalMisfits}, {"type", "local", {}, kSshKeys},
    {"type", "exec", kExecNeeds, kExecMisfits},    {"type", "exec", {}, kSshKeys},
    {"type", "ssh", kSshNeeds, kSshMisfits},       {"shell", "cmd", {}, kCmdMisfits},
    {"via", "openssh", {}, kOpensshMisfits}};

}  // namespace

const Section& transport_section() {
  static const Section section = {
      "transport", "How clients are reached.", kTransportKeys, {}, Scalar::name, kTypeVariants};
  return section;
}

}  // namespace sitewide
