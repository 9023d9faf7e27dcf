#include "plans/placeholders.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

void check_texts(const Values& values, Reading& reading) {
  if (const auto root = values.text("root")) {
    check_placeholders({*root, values.place("root")}, PlaceholderUse::root, reading);
    if (root->find("{client.") == std::string::npos && values.text("type") == "local") {
      reading.warning(values.place("root"), "every client has the same root",
                      "put `{client.name}` into it, unless there is one client only");
    }
  }
  if (const auto records = values.text("records")) {
    check_placeholders({*records, values.place("records")}, PlaceholderUse::step, reading);
  }
  check_argv(values.list("batch"), PlaceholderUse::batch, reading);
  check_argv(values.list("run"), PlaceholderUse::run, reading);
  for (const std::string_view key : {"read", "write", "digest"}) {
    check_argv(values.list(key), PlaceholderUse::file, reading);
  }
}

std::vector<std::uint32_t> exit_codes(const std::vector<Text>& texts) {
  std::vector<std::uint32_t> codes;
  for (const Text& text : texts) {
    if (const auto code = parse_number(text.value, 255))
      codes.push_back(static_cast<std::uint32_t>(*code));
  }
  return codes;
}

constexpr std::uint32_t kMostPorts = 65535;

// A file of the controller's; the shell's `~` is nothing that a path of a plan knows.
std::string own_file(const Values& values, std::string_view key, Reading& reading) {
  const auto path = values.text(key);
  if (!path) return {};
  if (path->starts_with("~")) {
    reading.error(values.place(key), "`~` is a shell's word for a home folder",
                  "write the whole path");
  }
  check_placeholders({*path, values.place(key)}, PlaceholderUse::root, reading);
  return reading.absolute(*path);
}

SshAccess read_ssh(const Values& values, Reading& reading) {
  SshAccess access;
  assign(access.shell, values.text("shell"));
  if (assign(access.host, values.text("host")) &&
      access.host.find("{client.") == std::string::npos) {
    reading.warning(values.place("host"), "every client has the same SSH server",
                    "put `{client.address}` or a label into it, unless there is one client only");
  }
  assign(access.user, values.text("user"));
  for (const std::string_view key : {"host", "user"}) {
    if (const auto text = values.text(key)) {
      check_placeholders({*text, values.place(key)}, PlaceholderUse::root, reading);
    }
  }
  if (assign(access.port, values.number("port")) && access.port > kMostPorts) {
    reading.error(values.place("port"), "there is no port " + std::to_string(access.port),
                  "the highest is " + std::to_string(kMostPorts));
  }
  access.identity = own_file(values, "identity", reading);
  access.config = own_file(values, "config", reading);
  access.known_hosts = own_file(values, "known_hosts", reading);
  access.password = read_secret(values.find("password"), reading);
  access.accept_new = values.text("host_keys") == "accept_new";
  access.by_openssh = values.text("via") == "openssh";
  assign(access.connect_within, values.duration("connect_within"));
  assign(access.keepalive, values.duration("keepalive"));
  return access;
}

// As the client's own SFTP server names it: nothing of this machine.
std::string root_over_ssh(const Values& values, const SshAccess& access, Reading& reading) {
  const auto root = values.text("root");
  if (!root) return access.shell == "cmd" ? "/C:" : "/";
  if (!root->starts_with('/') && *root != "." && !root->starts_with('{')) {
    reading.error(values.place("root"), "the root of a client over SSH is named as SFTP does",
                  "`/C:` for drive C of Windows, or another path that begins with `/`");
  }
  return *root;
}

Registry read_registry(const Values& values, Reading& reading) {
  check_argv(values.list("query"), PlaceholderUse::registry, reading);
  check_argv(values.list("set"), PlaceholderUse::registry_set, reading);
  check_argv(values.list("delete"), PlaceholderUse::registry, reading);
  return {values.argv("query"), values.argv("set"), values.argv("delete")};
}

}  // namespace

void put_beside_plan(Argv& argv, const Reading& reading) {
  const bool has_folder = !argv.empty() && argv[0].find('/') != std::string::npos;
  if (has_folder && argv[0].front() != '{') argv[0] = reading.absolute(argv[0]);
}

Argv read_program(const Values& values, std::string_view key, const Reading& reading) {
  Argv argv = values.argv(key);
  put_beside_plan(argv, reading);
  return argv;
}

std::vector<Transport> read_transports(const std::vector<Entry>& entries, Reading& reading) {
  std::vector<Transport> transports;
  for (const Entry& entry : entries) {
    if (transports.size() >= kMostTransports) {
      reading.too_many(entry.place, "plan", kMostTransports, "transports",
                       "`{client.<label>}` says where clients differ");
      break;
    }
    const Values values(&entry.value);
    Transport transport;
    transport.name = entry.key;
    transport.place = entry.place;
    assign(transport.type, values.text("type"));
    if (transport.type == "ssh") {
      transport.ssh = read_ssh(values, reading);
      transport.root = root_over_ssh(values, transport.ssh, reading);
    } else {
      transport.root = reading.absolute(values.text("root").value_or(""));
    }
    transport.batch = read_program(values, "batch", reading);
    transport.run = read_program(values, "run", reading);
    transport.read = read_program(values, "read", reading);
    transport.write = read_program(values, "write", reading);
    transport.digest = read_program(values, "digest", reading);
    transport.unreachable_exit = exit_codes(values.list("unreachable_exit"));
    assign(transport.records, values.text("records"));
    transport.registry = read_registry(values.section("registry"), reading);
    read_smb_files(values, transport, reading);
    check_texts(values, reading);
    transports.push_back(std::move(transport));
  }
  return transports;
}

}  // namespace sitewide
