#include "plans/placeholders.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

/// Which keys a type needs and which it does not know.
void check_type(const Values& values, const Transport& transport, Reading& reading) {
  const bool is_local = transport.type == "local";
  const bool is_exec = transport.type == "exec";
  if (is_local && !values.has("root")) {
    reading.error(values.place("type"), "a local transport needs `root`",
                  "for instance \"clients/{client.name}\", where the client's drive C lies");
  }
  if (is_exec && !values.has("run")) {
    reading.error(values.place("type"), "an exec transport needs `run`",
                  "a program and arguments that reach the client, one of them `{argv}`");
  }
  for (const std::string_view key : {"run", "read", "write", "digest"}) {
    if (!is_local || !values.has(key)) continue;
    reading.error(
        values.place(key), "a local transport has no `" + std::string(key) + "`",
        "it uses the files below `root` itself; use `type: exec` to reach a client by a program");
  }
  if (is_exec && values.has("root")) {
    reading.error(values.place("root"), "an exec transport has no `root`",
                  "use `type: local` where the client's drive is a folder here");
  }
}

void check_texts(const Values& values, Reading& reading) {
  if (const auto root = values.text("root")) {
    check_placeholders({*root, values.place("root")}, PlaceholderUse::root, reading);
    if (root->find("{client.") == std::string::npos) {
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

/// A program named by a relative path with a `/` lies beside the plan; a bare name is looked up in
/// PATH.
Argv program(const Values& values, std::string_view key, const Reading& reading) {
  Argv argv = values.argv(key);
  if (!argv.empty() && argv[0].find('/') != std::string::npos && argv[0].front() != '{') {
    argv[0] = reading.absolute(argv[0]);
  }
  return argv;
}

}  // namespace

std::vector<Transport> read_transports(const std::vector<Entry>& entries, Reading& reading) {
  std::vector<Transport> transports;
  for (const Entry& entry : entries) {
    if (!entry.value.is_map()) continue;
    const Values values(&entry.value);
    Transport transport;
    transport.name = entry.key;
    transport.place = entry.place;
    assign(transport.type, values.text("type"));
    transport.root = reading.absolute(values.text("root").value_or(""));
    transport.batch = program(values, "batch", reading);
    transport.run = program(values, "run", reading);
    transport.read = program(values, "read", reading);
    transport.write = program(values, "write", reading);
    transport.digest = program(values, "digest", reading);
    assign(transport.records, values.text("records"));
    check_type(values, transport, reading);
    check_texts(values, reading);
    transports.push_back(std::move(transport));
  }
  return transports;
}

}  // namespace sitewide
