// Plans: the document and the loader over it. Loading opens no file; a refused plan says where; a
// good one compiles, and its schedule is read as it is written.
#include <algorithm>

#include "orchestrator/core/compile.h"
#include "orchestrator/core/schedule_codec.h"
#include "plans/document.h"
#include "plans/inventory.h"
#include "plans/loader.h"
#include "plans/payload.h"
#include "tests/fuzz/opened_files.h"
#include "tests/fuzz/problems.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

constexpr std::string_view kClients =
    "name,address,site,platform,os,ring\npc1,10.0.0.1,HQ,x86,nt,canary\npc2,,HQ,x86,nt,\n";

Result<std::vector<ZoneOffset>> no_offset(const std::string&) {
  return std::vector<ZoneOffset>{{Timestamp(), Duration()}};
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const Entry& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

std::size_t nodes_of(const Node& node) {
  std::size_t nodes = 1;
  for (const Node& item : node.items) nodes += nodes_of(item);
  for (const Entry& entry : node.entries) nodes += 1 + nodes_of(entry.value);
  return nodes;
}

void check_document(std::string_view input) {
  const Document document = parse_document(input);
  holds(depth_of(document.root) <= kDocumentDepth + 1, "a tree is not deep", input);
  holds(nodes_of(document.root) <= kDocumentNodes + 1, "a tree is not large", input);
  holds(document.complete || !document.problems.empty(), "what is left unread is reported", input);
}

// Ranges of many names only take time here.
bool is_small(const std::vector<InventorySource>& sources) {
  std::size_t brackets = 0;
  for (const InventorySource& source : sources) {
    for (const auto& hosts : source.hosts) {
      std::size_t digits = 0;
      for (const char c : hosts.pattern) {
        brackets += c == '[' ? 1 : 0;
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        if (digits > 3) return false;
      }
    }
  }
  return brackets <= 4;
}

// Every file that the plan names, and no other.
void check_opened(const std::vector<std::string>& opened, const LoadedPlan& loaded) {
  for (const std::string& path : opened) {
    const bool inventory =
        std::any_of(loaded.sources.begin(), loaded.sources.end(),
                    [&](const InventorySource& source) { return source.file == path; });
    const auto& files = loaded.plan.hotfix.files;
    const bool payload = std::any_of(files.begin(), files.end(),
                                     [&](const PlannedFile& file) { return file.source == path; });
    const auto& edits = loaded.plan.hotfix.parts.map;
    const bool fragment = std::any_of(edits.begin(), edits.end(),
                                      [&](const MapEdit& edit) { return edit.fragment == path; });
    holds(inventory || payload || fragment, "only what the plan names is opened", path);
  }
}

void check_good(const LoadedPlan& loaded, OpenedFiles& files) {
  if (!is_small(loaded.sources)) return;
  Problems problems;
  Plan plan = loaded.plan;
  for (const InventorySource& source : loaded.sources) {
    if (!source.file.empty()) files.add(source.file, kClients);
  }
  ClientTable clients = read_inventory(loaded.sources, problems);
  check_payload(plan, problems);
  check_opened(files.take(), loaded);
  if (clients.size() == 0) return;
  const Compiled compiled = compile(plan, std::move(clients), {no_offset, {}});
  problems.insert(problems.end(), compiled.problems.begin(), compiled.problems.end());
  std::vector<std::string_view> texts(loaded.files.size(), kClients);
  texts[0] = loaded.bytes;
  check_problems(problems, loaded.files, texts);
  files.take();
  if (has_errors(compiled.problems)) return;
  const std::string written = encode_schedule(compiled.schedule);
  const auto again = decode_schedule(written);
  holds(again.has_value(), "a schedule that was compiled can be read", written);
  holds(encode_schedule(*again) == written, "and is written as it was", written);
  use(*again);
}

}  // namespace

void plan(std::string_view input) {
  check_document(input);
  OpenedFiles files;
  const LoadedPlan loaded = load_plan(std::string(kPlanPath), std::string(input));
  holds(files.take().empty(), "loading opens no file", input);
  // Places in inventory files come later.
  check_problems(loaded.problems, {loaded.files.front()}, {input});
  if (!has_errors(loaded.problems)) check_good(loaded, files);
}

}  // namespace sitewide::fuzz
