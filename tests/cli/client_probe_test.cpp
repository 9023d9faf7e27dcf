// `preview --probe`: every client is asked, and nothing but reads reaches it.
#include "orchestrator/cli/client_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>

#include "adapters/local.h"
#include "adapters/sms/steps.h"
#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/cli/preview_steps.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The verbs that reached clients, from every thread.
class Verbs {
 public:
  void add(const std::string& verb) {
    const std::lock_guard lock(mutex_);
    verbs_.insert(verb);
  }
  std::set<std::string> all() const { return verbs_; }

 private:
  std::mutex mutex_;
  std::set<std::string> verbs_;
};

class RecordingFiles : public Files {
 public:
  RecordingFiles(std::shared_ptr<Files> files, Verbs& verbs)
      : files_(std::move(files)), verbs_(verbs) {}

  Result<std::optional<FileState>> state(std::string_view path) override {
    verbs_.add("state");
    return files_->state(path);
  }
  Result<std::optional<Timestamp>> modified(std::string_view path) override {
    verbs_.add("modified");
    return files_->modified(path);
  }
  Result<std::optional<std::string>> read(std::string_view path, std::size_t most) override {
    verbs_.add("read");
    return files_->read(path, most);
  }
  Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                 std::optional<Timestamp> time) override {
    verbs_.add("write");
    return files_->write(path, expected, bytes, time);
  }
  Result<> remove(std::string_view path, const Digest& expected) override {
    verbs_.add("remove");
    return files_->remove(path, expected);
  }
  Result<> rename(std::string_view path, std::string_view name, const Digest& expected) override {
    verbs_.add("rename");
    return files_->rename(path, name, expected);
  }
  Result<> touch(std::string_view path, Timestamp time) override {
    verbs_.add("touch");
    return files_->touch(path, time);
  }
  Result<std::vector<std::string>> list(std::string_view folder) override {
    verbs_.add("list");
    return files_->list(folder);
  }

 private:
  std::shared_ptr<Files> files_;
  Verbs& verbs_;
};

class RecordingTransport : public ClientTransport {
 public:
  RecordingTransport(boost::asio::any_io_executor executor, Pool& pool, Verbs& verbs)
      : local_(std::move(executor), pool), verbs_(verbs) {}

  boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) override {
    verbs_.add("run");
    return local_.run(operation, std::move(request));
  }
  std::shared_ptr<Files> files(const Operation& operation) override {
    return std::make_shared<RecordingFiles>(local_.files(operation), verbs_);
  }
  bool keeps_records() const override { return true; }

 private:
  LocalTransport local_;
  Verbs& verbs_;
};

/// What lies below `root`, with the times of every file and folder.
std::map<std::string, std::filesystem::file_time_type> times_of(const std::filesystem::path& root) {
  std::map<std::string, std::filesystem::file_time_type> times;
  times[""] = std::filesystem::last_write_time(root);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_symlink()) times[entry.path().string()] = entry.last_write_time();
  }
  return times;
}

TEST(ClientProbe, ReachesClientsByReadsAlone) {
  const auto lab = small_lab();
  lab->set("pc002", "off");
  const CompiledPlan plan = compile_plan(lab->plan().string(), "", wall_clock());
  ASSERT_TRUE(plan.ok());
  Verbs verbs;
  AdapterTables tables = standard_tables(run_sms_step);
  tables.transports["local"] = [&verbs](const Transport&, boost::asio::any_io_executor executor,
                                        Pool& pool) {
    return std::make_shared<RecordingTransport>(std::move(executor), pool, verbs);
  };
  const ClientProbe probe = probe_clients(plan.compiled.schedule, std::move(tables));
  EXPECT_EQ(probe.count(ClientStanding::unreachable), 1U);
  EXPECT_EQ(probe.count(ClientStanding::to_upgrade), plan.compiled.schedule.clients.size() - 1);
  EXPECT_THAT(verbs.all(), Not(IsEmpty())) << "a transport that saw nothing proves nothing";
  EXPECT_THAT(verbs.all(), Each(testing::AnyOf("state", "modified", "read", "list")));
}

TEST(ClientProbe, OfALab_LeavesEveryByteAndEveryTimeAsItWas) {
  const auto lab = small_lab();
  lab->set("pc002", "off");
  const auto bytes = tree_of(lab->root());
  const auto times = times_of(lab->root());
  const Finished preview = lab->run({"preview", "--probe", "--what-if", "failed=10%", lab->plan()});
  EXPECT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_EQ(tree_of(lab->root()), bytes);
  EXPECT_EQ(times_of(lab->root()), times);
  EXPECT_FALSE(std::filesystem::exists(lab->state()));
  EXPECT_THAT(preview.out, AllOf(HasSubstr("5 to upgrade, 1 unreachable"),
                                 HasSubstr("  unreachable (1):\n    pc002: ")));
}

class ProbeOfCommands : public testing::Test {
 protected:
  int code_of_preview() const {
    return world_.run({"preview", "--probe", "--exit-code", world_.plan()}).exit_code;
  }
  CommandWorld world_{"[touch, \"{client.root}/done\"]",
                      "      inspect: [test, -e, \"{client.root}/done\"]\n"};
};

TEST_F(ProbeOfCommands, SomeAreCurrent_ExitCodeSaysThatThereIsWork) {
  write_file(world_.client(1) / "done", "");
  EXPECT_EQ(code_of_preview(), 5);
  const Finished preview = world_.run({"--json", "preview", "--probe", world_.plan()});
  EXPECT_THAT(preview.out, AllOf(HasSubstr("\"to_upgrade\":5,\"already_current\":1"),
                                 HasSubstr("\"client\":\"pc01\",\"state\":\"already_current\"")));
}

TEST_F(ProbeOfCommands, AllAreCurrent_ExitCodeSaysThatThereIsNoWork) {
  ASSERT_EQ(world_.run({"run", "--yes", world_.plan()}).exit_code, 0);
  EXPECT_EQ(code_of_preview(), 0);
}

TEST(ClientProbe, PlanWithoutInspect_SaysThatNothingIsKnown) {
  const CommandWorld world;
  const Finished preview = world.run({"preview", "--probe", "--exit-code", world.plan()});
  EXPECT_EQ(preview.exit_code, 5);
  EXPECT_THAT(preview.out, HasSubstr("pc01: the plan gives no `inspect`"));
}

}  // namespace
}  // namespace sitewide::test
