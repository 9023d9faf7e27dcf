#include "orchestrator/journal/backup_store.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;
using Backups = Scratch;

int files_in(const std::filesystem::path& folder) {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) ++files;
  }
  return files;
}

TEST_F(Backups, Bytes_ComeBackByDigest) {
  BackupStore store(folder_);
  const std::string bytes("MZ\0\xff\n", 5);
  const auto digest = store.put(bytes);
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(*digest, sha256(bytes));
  EXPECT_TRUE(store.contains(*digest));
  EXPECT_EQ(*store.get(*digest), bytes);
  EXPECT_EQ(*store.get(*store.put("")), "");
}

TEST_F(Backups, EqualBytes_TakeSpaceOnce) {
  BackupStore store(folder_);
  EXPECT_TRUE(store.put("same"));
  EXPECT_TRUE(store.put("same"));
  EXPECT_TRUE(BackupStore(folder_).put("same"));
  EXPECT_EQ(files_in(folder_), 1);
}

TEST_F(Backups, File_IsKeptWithinItsLimit) {
  BackupStore store(folder_);
  spill(file("source"), "content");
  EXPECT_EQ(*store.put_file(file("source")), sha256("content"));
  EXPECT_THAT(store.put_file(file("source"), 3).error().message, HasSubstr("larger than 3 bytes"));
  EXPECT_THAT(store.put_file(file("none")).error().message, HasSubstr("no such file"));
  EXPECT_FALSE(store.put_file(folder_));
}

TEST_F(Backups, Missing_IsAnError) {
  EXPECT_EQ(BackupStore(folder_).get(sha256("never put")).error().kind, ErrorKind::io);
}

TEST_F(Backups, Damaged_IsFoundAndHealedByTheNextPut) {
  BackupStore store(folder_);
  const auto digest = store.put("original");
  ASSERT_TRUE(digest);
  spill(store.path_of(*digest), "0riginal");
  EXPECT_THAT(store.get(*digest).error().message, HasSubstr("damaged"));
  BackupStore later(folder_);
  EXPECT_TRUE(later.put("original"));
  EXPECT_EQ(*later.get(*digest), "original");
}

TEST_F(Backups, Manifest_FirstOneWins) {
  BackupStore store(folder_);
  EXPECT_FALSE(*store.manifest("client/pc1"));
  EXPECT_EQ(*store.put_manifest("client/pc1", "true originals\n"), "true originals\n");
  EXPECT_EQ(*store.put_manifest("client/pc1", "already upgraded"), "true originals\n");
  EXPECT_EQ(**store.manifest("client/pc1"), "true originals\n");
  EXPECT_EQ(*BackupStore(folder_).put_manifest("client/pc1", "x"), "true originals\n");
  EXPECT_EQ(*store.put_manifest("client/pc2", ""), "");
  EXPECT_EQ(**store.manifest("client/pc2"), "");
}

TEST_F(Backups, HostileManifestName_StaysInside) {
  BackupStore store(folder_ / "store");
  std::filesystem::create_directory(folder_ / "store");
  EXPECT_TRUE(store.put_manifest("../../escape", "x"));
  EXPECT_EQ(files_in(folder_), 1);
  EXPECT_EQ(files_in(folder_ / "store" / "manifests"), 1);
}

TEST_F(Backups, DamagedOrMovedManifest_IsAnError) {
  BackupStore store(folder_);
  ASSERT_TRUE(store.put_manifest("client/pc1", "text"));
  std::filesystem::path stored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) stored = entry.path();
  }
  const std::string bytes = slurp(stored);
  spill(stored, bytes + "!");
  EXPECT_THAT(store.manifest("client/pc1").error().message, HasSubstr("damaged"));
  EXPECT_FALSE(store.put_manifest("client/pc1", "text"));
  spill(stored, "");
  EXPECT_FALSE(store.manifest("client/pc1"));
}

TEST_F(Backups, ManyThreads_AgreeOnOneManifest) {
  BackupStore store(folder_);
  std::vector<std::string> seen(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&store, &seen, i] {
        EXPECT_TRUE(store.put("shared"));
        EXPECT_TRUE(store.put(std::to_string(i)));
        seen[i] = *store.put_manifest("site/HQ", "by " + std::to_string(i));
      });
    }
  }
  for (const std::string& text : seen) EXPECT_EQ(text, seen[0]);
  EXPECT_EQ(files_in(folder_), 1 + 8 + 1) << "no temporary file is left";
}

}  // namespace
}  // namespace sitewide
