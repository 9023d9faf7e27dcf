// The plan that `sitewide init` writes for every article, as `sitewide catalogue Q…` prints it too,
// by each method that the article offers, over payloads made up to fit the article: it loads, and
// compiles to the files of the article.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <set>

#include "orchestrator/base/text.h"
#include "orchestrator/core/compile.h"
#include "orchestrator/core/operation.h"
#include "plans/catalogue.h"
#include "plans/draft.h"
#include "plans/inventory.h"
#include "plans/loader.h"
#include "plans/payload.h"
#include "tests/catalogue/files.h"

namespace sitewide {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A file of that name, CPU, size and date: a PE header for programs, text for what is none.
std::string payload_of(const PlannedFile& file) {
  const std::size_t size = file.size == 0 ? 4096 : file.size;
  const std::string name = to_lower(file.name);
  const bool is_program = name.ends_with(".exe") || name.ends_with(".dll");
  if (!is_program) return std::string(size, 'x');
  std::string bytes(std::max<std::size_t>(size, 0x100), '\0');
  bytes.replace(0, 2, "MZ");
  bytes[0x3c] = '\x80';
  bytes.replace(0x80, 4, std::string("PE\0\0", 4));
  const std::map<std::string, std::uint16_t> machines = {
      {"x86", 0x14c}, {"alpha", 0x184}, {"mips", 0x166}};
  const std::uint16_t machine = machines.at(file.platform);
  bytes[0x84] = static_cast<char>(machine & 0xFF);
  bytes[0x85] = static_cast<char>(machine >> 8);
  const auto built = static_cast<std::uint32_t>(
      file.date
          ? std::chrono::duration_cast<std::chrono::seconds>(file.date->time_since_epoch()).count()
          : 0);
  for (std::size_t i = 0; i < 4; ++i) bytes[0x88 + i] = static_cast<char>(built >> (8 * i));
  return bytes;
}

/// Entries for System.map, in the form that the map has (Q193269).
constexpr std::string_view kFragment =
    "DIRECTORY \"SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN\"\n"
    "PLATFORM \"INTEL X86\" LANGUAGE \"\" SOURCE \"X86\\INTNL\" FLAGS = 10\n"
    "UNIT = \"INTEL CLIENT\"\nBEGIN\n"
    "   \"NEW.EXE\", SIZE(1, 1, 1), \"NEW.EXE\", \"NEW.EX_\", REMOTE=YES, "
    "COPYLISTS(\"WIN95:STANDARD\" = \"SMS\"), COMPRESS=NO, FLAGS = 5\nEND\n";

/// The files of one edition that go out by themselves.
std::vector<PlannedFile> expected_files(const CatalogueEntry& entry, const std::string& edition) {
  std::vector<PlannedFile> files;
  for (const FileFacts& facts : entry.files) {
    if (facts.optional || (!facts.edition.empty() && facts.edition != edition)) continue;
    for (const PlannedFile& file : planned_files(facts)) files.push_back(file);
  }
  return files;
}

const std::vector<ClientKind> kKinds = {{"x86", "nt"},  {"x86", "win95"}, {"x86", "win16"},
                                        {"x86", "dos"}, {"x86", "os2"},   {"alpha", "nt"},
                                        {"mips", "nt"}};

/// The kinds of clients that the article has something for.
std::vector<ClientKind> kinds_of(const CatalogueEntry& entry,
                                 const std::vector<PlannedFile>& files) {
  std::vector<ClientKind> kinds;
  for (const ClientKind& kind : kKinds) {
    const bool concerned = std::any_of(
        files.begin(), files.end(), [&](const PlannedFile& file) { return concerns(file, kind); });
    if (concerned) kinds.push_back(kind);
  }
  if (kinds.empty()) kinds.push_back({"x86", entry.needs.os.empty() ? "nt" : entry.needs.os[0]});
  return kinds;
}

/// A folder with the plan, its payloads and its inventory.
class World {
 public:
  World(const CatalogueEntry& entry, const std::string& edition,
        std::optional<Method> method = std::nullopt) {
    std::string pattern = (fs::temp_directory_path() / "sitewide-catalogue.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "mkdtemp";
    root_ = pattern;
    files_ = expected_files(entry, edition);
    for (const PlannedFile& file : files_)
      write("hotfix/" + file.platform + "/" + file.name, payload_of(file));
    for (const MapEdit& edit : entry.parts.map) {
      if (!edit.fragment.empty()) write("hotfix/" + edit.fragment, std::string(kFragment));
    }
    draft_ = example_draft(entry.article);
    draft_.language = edition;
    draft_.method = method;
    plan_ = draft_text(draft_);
  }
  ~World() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const std::vector<PlannedFile>& files() const { return files_; }

  void inventory(const std::vector<ClientKind>& kinds) {
    std::string csv = "name,site,platform,os\n";
    for (std::size_t i = 0; i < kinds.size(); ++i)
      csv += "pc" + std::to_string(i) + ",HQ," + kinds[i].platform + "," + kinds[i].os + "\n";
    write("clients.csv", csv);
  }

  /// The inventory that stands beside the plan when there was none.
  void drafted_inventory() { write("clients.csv", draft_inventory(draft_)); }

  /// Of any kind, those too that the article has nothing for.
  void select_everybody() {
    const std::string key = "    select: ";
    const std::size_t at = plan_.find(key) + key.size();
    plan_.replace(at, plan_.find("  #", at) - at, "name");
  }

  /// Loads, vets the payloads and compiles. Problems of all stages are in the result.
  Compiled compiled() {
    LoadedPlan loaded = load_plan((root_ / "plan.yaml").string(), plan_);
    check_payload(loaded.plan, loaded.problems);
    ClientTable clients = read_inventory(loaded.sources, loaded.problems);
    if (has_errors(loaded.problems)) {
      Compiled failed;
      failed.problems = loaded.problems;
      return failed;
    }
    Compiled result = compile(loaded.plan, std::move(clients), {});
    result.problems.insert(result.problems.end(), loaded.problems.begin(), loaded.problems.end());
    return result;
  }

 private:
  void write(const std::string& path, const std::string& bytes) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << bytes;
  }

  fs::path root_;
  Draft draft_;
  std::string plan_;
  std::vector<PlannedFile> files_;
};

bool holds_or_is_empty(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

/// Those that are no erratum of the article.
std::vector<std::string> surprises(const Problems& problems, const CatalogueEntry& entry) {
  std::vector<std::string> messages;
  for (const Problem& problem : problems) {
    const bool erratum =
        std::any_of(entry.errata.begin(), entry.errata.end(), [&](const std::string& text) {
          return problem.severity == Problem::Severity::warning &&
                 problem.message == entry.article + ": " + text;
        });
    if (!erratum) messages.push_back(problem.message + " (" + problem.help + ")");
  }
  return messages;
}

std::vector<std::string> editions_of(const CatalogueEntry& entry) {
  std::vector<std::string> editions = entry.editions();
  if (editions.empty()) editions.emplace_back();
  return editions;
}

class ArticlePlan : public ::testing::TestWithParam<std::string> {};

TEST_P(ArticlePlan, OverFittingPayloads_CompilesToTheFilesOfTheArticle) {
  const CatalogueEntry entry = *find_catalogue_entry(GetParam());
  for (const std::string& edition : editions_of(entry)) {
    SCOPED_TRACE("edition " + edition);
    World world(entry, edition);
    const auto kinds = kinds_of(entry, world.files());
    world.inventory(kinds);
    const Compiled compiled = world.compiled();
    EXPECT_THAT(surprises(compiled.problems, entry), IsEmpty());
    const Schedule& schedule = compiled.schedule;
    EXPECT_EQ(schedule.clients.size(), kinds.size());
    const auto& files = schedule.hotfix.files;
    ASSERT_EQ(files.size(), world.files().size());
    for (std::size_t i = 0; i < files.size(); ++i) {
      EXPECT_EQ(files[i].on_site, world.files()[i].on_site);
      EXPECT_EQ(files[i].on_logon_server, world.files()[i].on_logon_server);
      EXPECT_EQ(files[i].on_client, world.files()[i].on_client);
      EXPECT_EQ(files[i].digest, sha256(payload_of(world.files()[i])));
    }
    EXPECT_EQ(schedule.hotfix.parts.site.size(), entry.parts.site.size());
    EXPECT_EQ(schedule.hotfix.parts.map.size(), entry.parts.map.size());
    EXPECT_EQ(schedule.hotfix.parts.client.size(), entry.parts.client.size());
    ASSERT_EQ(schedule.groups.size(), 1U);
    const std::string method(name_of(schedule.groups[0].plan.method));
    EXPECT_THAT(entry.methods, ::testing::Contains(method));
  }
}

TEST_P(ArticlePlan, ByEachMethodWithItsOwnInventory_IsValid) {
  const CatalogueEntry entry = *find_catalogue_entry(GetParam());
  ASSERT_THAT(methods_of(entry.article), ::testing::Not(IsEmpty()));
  for (const Method method : methods_of(entry.article)) {
    for (const std::string& edition : editions_of(entry)) {
      SCOPED_TRACE(std::string(name_of(method)) + " edition " + edition);
      World world(entry, edition, method);
      world.drafted_inventory();
      const Compiled compiled = world.compiled();
      EXPECT_THAT(surprises(compiled.problems, entry), IsEmpty());
      EXPECT_GT(compiled.schedule.clients.size(), 0U);
      ASSERT_EQ(compiled.schedule.groups.size(), 1U);
      EXPECT_EQ(compiled.schedule.groups[0].plan.method, method);
    }
  }
}

/// No build that goes out by itself is for MIPS; settings concern every client.
TEST_P(ArticlePlan, MipsClients_AreReportedAsNotCovered) {
  const CatalogueEntry entry = *find_catalogue_entry(GetParam());
  World world(entry, entry.editions().empty() ? "" : entry.editions().front());
  const bool for_clients =
      std::any_of(world.files().begin(), world.files().end(),
                  [](const PlannedFile& file) { return !file.on_client.empty(); });
  const bool for_nt = holds_or_is_empty(entry.needs.os, "nt");
  world.select_everybody();
  world.inventory({{"mips", "nt"}});
  std::string messages;
  for (const Problem& problem : world.compiled().problems) messages += problem.message + "\n";
  const std::string told =
      "1 client of group `everybody` is not covered by " + entry.article + ": pc0 (mips, nt)";
  if (for_clients || !for_nt) {
    EXPECT_THAT(messages, HasSubstr(told));
  } else {
    EXPECT_THAT(messages, ::testing::Not(HasSubstr("not covered")));
  }
}

std::vector<std::string> all_articles() {
  std::vector<std::string> articles;
  for (const std::string_view article : catalogue_articles()) articles.emplace_back(article);
  return articles;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, ArticlePlan, ::testing::ValuesIn(all_articles()),
                         [](const auto& article) { return article.param; });

}  // namespace
}  // namespace sitewide
