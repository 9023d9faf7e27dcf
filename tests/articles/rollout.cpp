#include "tests/articles/rollout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/catalogue/files.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

constexpr const char* kLogonServers[] = {"s768aa0", "s768aa1"};
const std::string kClientSource = "site.srv/maincfg.box/client.src/";

/// A tree by paths in lower case, for SMS spells names as it likes.
std::map<std::string, std::string> blind_tree(const fs::path& root) {
  std::map<std::string, std::string> tree;
  for (auto& [path, bytes] : tree_of(root)) tree[lower(path)] = std::move(bytes);
  return tree;
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// `pc001` → `x86`.
std::map<std::string, std::string> platforms(const Lab& lab) {
  std::map<std::string, std::string> found;
  std::istringstream rows(read_file(lab.root() / "clients.csv"));
  for (std::string row; std::getline(rows, row);) {
    std::vector<std::string> cells;
    std::istringstream rest(row);
    for (std::string cell; std::getline(rest, cell, ',');) cells.push_back(cell);
    found[cells[0]] = cells[3];
  }
  return found;
}

/// What the article's table wants and the lab does not hold.
class Targets {
 public:
  Targets(const Lab& lab, const std::string& article, const std::string& language, bool has_files)
      : payload_(has_files ? blind_tree(lab.root() / "hotfix") : decltype(payload_)()),
        site_(blind_tree(lab.root() / "hq/SMS")),
        clients_(blind_tree(lab.root() / "clients")),
        platforms_(platforms(lab)) {
    for (const char* server : kLogonServers) servers_[server] = blind_tree(lab.root() / server);
    // Of files that come from a CD no article prints a table.
    for (const char* table : {"hotfix-files", "cd-files"}) {
      for (const TableRow& row : rows_of("tests/catalogue/" + std::string(table) + ".tsv")) {
        if (row.article != article || is_tool(row) || is_optional(row)) continue;
        check(row, language);
      }
    }
  }

  const std::vector<std::string>& wrong() const { return wrong_; }
  std::size_t on_site() const { return on_site_; }
  std::size_t on_clients() const { return on_clients_; }

 private:
  void check(const TableRow& row, const std::string& language) {
    const std::string platform = lower(row.platform) == "alpha" ? "alpha" : "x86";
    const auto bytes = payload_.find(platform + "/" + lower(row.file));
    if (bytes == payload_.end()) return;  // the other edition's
    for (const std::string& folder : folders_of(row.target, language)) {
      ++on_site_;
      expect(site_, "hq/sms/", folder + "/" + lower(row.file), bytes->second);
      if (!folder.starts_with(kClientSource.substr(0, kClientSource.size() - 1))) continue;
      const std::string shown = (folder + "/" + lower(row.file)).substr(kClientSource.size());
      for (const auto& [server, tree] : servers_) expect(tree, server + "/", shown, bytes->second);
    }
    for (const auto& [path, held] : clients_) {
      const bool meant = platforms_.at(path.substr(0, path.find('/'))) == platform;
      if (!meant || name_of(path) != lower(row.file)) continue;
      ++on_clients_;
      if (held != bytes->second) wrong_.push_back("clients/" + path);
    }
  }

  void expect(const std::map<std::string, std::string>& tree, const std::string& where,
              const std::string& path, const std::string& bytes) {
    const auto found = tree.find(path);
    if (found == tree.end() || found->second != bytes) wrong_.push_back(where + path);
  }

  std::map<std::string, std::string> payload_, site_, clients_, platforms_;
  std::map<std::string, std::map<std::string, std::string>> servers_;
  std::vector<std::string> wrong_;
  std::size_t on_site_ = 0, on_clients_ = 0;
};

/// Of a site that was undone: Maintenance Manager deletes nothing (Q193746), so what was new stays
/// on the logon servers.
std::vector<std::string> not_put_back(const Lab& lab,
                                      const std::map<std::string, std::string>& before,
                                      bool leaves_new_files) {
  std::vector<std::string> paths = lasting_differences(before, lasting_tree(lab));
  std::erase_if(paths, [&](const std::string& path) {
    const bool may_stay = leaves_new_files ? path.starts_with("clients/") : false;
    return !before.contains(path) && (may_stay || path.starts_with("s768aa"));
  });
  return paths;
}

}  // namespace

void rolls_out_and_back(const std::string& article, const ArticleLab& wanted) {
  std::vector<std::string> options{"--article",  article,         "--method",      wanted.method,
                                   "--language", wanted.language, "--logon-every", "1.5"};
  if (!wanted.clients.empty()) options.insert(options.end(), {"--os", wanted.clients});
  Lab lab(std::move(options));
  const auto before = lasting_tree(lab);
  lab.play();
  const Finished run = lab.run({"run", "--yes", lab.plan()});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  const Targets targets(lab, article, wanted.language, wanted.has_files);
  EXPECT_THAT(targets.wrong(), IsEmpty());
  EXPECT_EQ(targets.on_site() + targets.on_clients() > 0, wanted.has_files);

  const auto upgraded = lasting_tree(lab);
  const Finished again = lab.run({"run", "--yes", lab.plan()});
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(once_settled([&] { return differences(upgraded, lasting_tree(lab)); }), IsEmpty());

  const Finished back = lab.run({"rollback", lower(article) + "-1", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_THAT(once_settled([&] { return not_put_back(lab, before, wanted.leaves_new_files); }),
              IsEmpty());
}

}  // namespace sitewide::test
