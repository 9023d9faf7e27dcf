#include "plans/placeholders.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

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

std::vector<std::uint32_t> exit_codes(const std::vector<Text>& texts) {
  std::vector<std::uint32_t> codes;
  for (const Text& text : texts) {
    if (const auto code = parse_number(text.value, 255))
      codes.push_back(static_cast<std::uint32_t>(*code));
  }
  return codes;
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
    transport.root = reading.absolute(values.text("root").value_or(""));
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
