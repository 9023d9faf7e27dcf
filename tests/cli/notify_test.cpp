// Notifications of the real program: they arrive at a real web server, a program and a mail
// program, through servers that are down and controllers that are killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <thread>

#include "tests/cli/command_world.h"
#include "tests/support/http_server.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kRestore = "      restore: [rm, -f, \"{client.root}/done\"]\n";

std::string notify(const std::string& items) { return kRestore + "notify:\n" + items; }
std::string webhook(const std::string& url, const std::string& more = "") {
  return notify("  - webhook: {url: \"" + url + "\", timeout: 2s}\n" + more);
}

boost::json::object body_of(const std::string& request) {
  const auto seen = boost::json::parse(request).as_object();
  return boost::json::parse(seen.at("body").as_string()).as_object();
}
std::string text_of(const boost::json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

// The plan names the port, so the server is needed before the world and its log lies elsewhere.
class Notify : public ::testing::Test {
 protected:
  Notify()
      : log_(std::filesystem::path(::testing::TempDir()) /
             ("requests-" + std::to_string(::getpid()))) {
    std::filesystem::remove(log_);
  }
  ~Notify() override { std::filesystem::remove(log_); }

  int free_port() const { return HttpServer(log_).port(); }
  static std::string url(int port, const std::string& path = "/ok") {
    return "http://127.0.0.1:" + std::to_string(port) + path;
  }
  template <class Done>
  static bool soon(Done done, std::chrono::seconds patience = 60s) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!done()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }

  std::filesystem::path log_;
};

TEST_F(Notify, Breach_ArrivesWithWhatWhereWhyAndTheCommandToRunNext) {
  const HttpServer server(log_);
  const CommandWorld world(CommandWorld::failing(), webhook(server.url("/ok")));
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  ASSERT_THAT(server.requests(), SizeIs(2)) << run.err;
  EXPECT_EQ(text_of(body_of(server.requests().back()), "type"), "sitewide.rollout.ended");
  const auto event = body_of(server.requests().front());
  EXPECT_EQ(text_of(event, "type"), "sitewide.rollout.breached");
  EXPECT_EQ(text_of(event, "id").rfind("here-1/", 0), 0U);
  const auto& data = event.at("data").as_object();
  EXPECT_THAT(text_of(data, "what"), HasSubstr("all: breach: 1 failed, 0 tolerated"));
  EXPECT_EQ(text_of(data, "where"), "group all, wave 1 of 1");
  EXPECT_THAT(text_of(data, "why"), HasSubstr("pc02 failed"));
  EXPECT_EQ(data.at("clients"), 6);
  EXPECT_EQ(data.at("next").as_array().front(), "sitewide why here-1");
  const Finished next = world.run({"why", "here-1"});
  EXPECT_EQ(next.exit_code, 0) << next.err;
}

TEST_F(Notify, ServerThatComesUpLater_IsToldThen) {
  const int port = free_port();
  const CommandWorld world(CommandWorld::failing(), webhook(url(port)));
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("breach")) << run.out();
  std::this_thread::sleep_for(500ms);
  const HttpServer server(log_, nullptr, port);
  const Finished end = run.finish();
  EXPECT_EQ(end.exit_code, 11) << end.out << end.err;
  EXPECT_THAT(end.err, HasSubstr("not notified yet"));
  EXPECT_THAT(end.err, HasSubstr("refuses connections"));
  ASSERT_THAT(server.requests(), SizeIs(2));
  EXPECT_EQ(text_of(body_of(server.requests().front()), "type"), "sitewide.rollout.breached");
}

TEST_F(Notify, ControllerKilledBeforeTheServerTookIt_IsToldByTheNextUnderTheSameId) {
  const HttpServer server(log_);
  // Nothing else runs when it is killed, for what then were in doubt would be looked for a while.
  const CommandWorld world(CommandWorld::failing(),
                           kRestore +
                               "    on_breach: {rollback: none}\n    on_failure: leave\nnotify:\n" +
                               "  - webhook: {url: \"" + server.url("/fail/1/x") + "\"}\n");
  {
    Program run(world.argv({"run", "--yes", "--only", "name=pc02", world.plan()}));
    ASSERT_TRUE(soon([&] { return !server.requests().empty(); })) << run.out();
    run.signal(SIGKILL);
    run.finish();
  }
  ASSERT_THAT(server.requests(), SizeIs(1)) << "the second try came before the end";
  const Finished resumed = world.run({"resume", "here-1"});
  ASSERT_GE(server.requests().size(), 2U) << resumed.out << resumed.err;
  const auto first = body_of(server.requests()[0]);
  const auto again = body_of(server.requests()[1]);
  EXPECT_EQ(text_of(first, "id"), text_of(again, "id"));
  EXPECT_EQ(text_of(first, "source"), text_of(again, "source"));
  EXPECT_EQ(text_of(again, "type"), "sitewide.rollout.breached");
  const std::size_t told = server.requests().size();
  world.run({"resume", "here-1"});
  for (std::size_t i = told; i < server.requests().size(); ++i)
    EXPECT_NE(text_of(body_of(server.requests()[i]), "id"), text_of(first, "id")) << "told again";
}

TEST_F(Notify, DeadReceiver_ChangesNothingAndAnEndIsToldByAResume) {
  const int port = free_port();
  const CommandWorld world("[touch, \"{client.root}/done\"]", webhook(url(port)));
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("ended: completed")) << run.out();
  std::this_thread::sleep_for(300ms);
  run.signal(SIGINT);  // or it would wait for half a minute
  const Finished end = run.finish();
  EXPECT_EQ(end.exit_code, 0) << end.out << end.err;
  EXPECT_THAT(end.err, HasSubstr("not notified: `ended: completed"));
  EXPECT_THAT(end.err, HasSubstr("sitewide resume here-1"));
  const HttpServer server(log_, nullptr, port);
  const Finished resumed = world.run({"resume", "here-1"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  ASSERT_THAT(server.requests(), SizeIs(1));
  EXPECT_EQ(text_of(body_of(server.requests().front()), "type"), "sitewide.rollout.ended");
  world.run({"resume", "here-1"});
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST_F(Notify, CommandAndMail_AreGivenTheSame) {
  const CommandWorld world(CommandWorld::failing(),
                           notify("  - command: [./tell, pager]\n    on: [breach]\n"
                                  "  - email: {to: [anna@example.org], sendmail: ./sendmail}\n"
                                  "    on: [breach]\n"));
  for (const char* name : {"tell", "sendmail"}) {
    const auto file = world.root() / name;
    write_file(file, "#!/bin/sh\ncat > \"" + file.string() + ".$1\"\n");
    ::chmod(file.c_str(), 0755);
  }
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  const auto event = boost::json::parse(read_file(world.root() / "tell.pager")).as_object();
  EXPECT_EQ(text_of(event, "type"), "sitewide.rollout.breached");
  const std::string mail = read_file(world.root() / "sendmail.-t");
  EXPECT_THAT(mail, HasSubstr("To: anna@example.org\n"));
  EXPECT_THAT(mail, HasSubstr("Subject: [sitewide] here-1: all: breach"));
  EXPECT_THAT(mail, HasSubstr("Run next:\n  sitewide why here-1\n"));
}

TEST_F(Notify, Secret_IsSentAndKeptNowhere) {
  const HttpServer server(log_);
  const CommandWorld world(
      CommandWorld::failing(),
      notify("  - webhook:\n      url: \"" + server.url("/ok") +
             "\"\n      headers: {X-Token: {env: SITEWIDE_TEST_TOKEN}, X-Key: {file: key}}\n"));
  write_file(world.root() / "key", "hidden-in-a-file\n");
  ::chmod((world.root() / "key").c_str(), 0600);
  Program run(world.argv({"-vv", "run", "--yes", world.plan()}),
              {{"SITEWIDE_TEST_TOKEN", "hidden-in-a-variable"}});
  const Finished end = run.finish();
  EXPECT_EQ(end.exit_code, 11) << end.err;
  ASSERT_THAT(server.requests(), SizeIs(2));
  EXPECT_THAT(server.requests().front(), HasSubstr("[\"X-Token\", \"hidden-in-a-variable\"]"));
  EXPECT_THAT(server.requests().front(), HasSubstr("[\"X-Key\", \"hidden-in-a-file\"]"));
  EXPECT_THAT(end.out + end.err, Not(HasSubstr("hidden-in-a")));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.state())) {
    if (!entry.is_regular_file()) continue;
    ++files;
    EXPECT_THAT(read_file(entry.path()), Not(HasSubstr("hidden-in-a"))) << entry.path();
  }
  EXPECT_GT(files, 3U);
}

TEST_F(Notify, MissingSecret_IsAWarningToValidateAndARefusalToRun) {
  const CommandWorld world(CommandWorld::failing(),
                           notify("  - webhook: {url: {env: SITEWIDE_NOT_SET}}\n"));
  const Finished valid = world.run({"validate", world.plan()});
  EXPECT_EQ(valid.exit_code, 0) << valid.err;
  EXPECT_THAT(valid.out + valid.err, HasSubstr("variable SITEWIDE_NOT_SET is missing"));
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 4) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("variable SITEWIDE_NOT_SET is missing"));
  EXPECT_TRUE(world.untouched());
}

TEST_F(Notify, Preview_SaysWhoIsToldOfWhat) {
  const CommandWorld world(CommandWorld::failing(),
                           notify("  - webhook: {url: \"https://hooks.example.org/s3cret\"}\n"
                                  "    on: [halt, approval]\n"));
  const Finished preview = world.run({"preview", world.plan()});
  EXPECT_THAT(preview.out,
              HasSubstr("Tells\n  https://hooks.example.org\n      of halt, approval\n"));
  EXPECT_THAT(preview.out, Not(HasSubstr("s3cret")));
  const Finished json = world.run({"preview", "--json", world.plan()});
  EXPECT_THAT(json.out, HasSubstr("\"preview.notify\""));
}

}  // namespace
}  // namespace sitewide::test
