// Whole rollouts with site steps and client steps, against a lab whose services, site reset and
// client settings are small sh programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/support/database.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kGroups = R"(groups:
  - name: all
    select: name
    method: site_wide
    reaches: site
    backoff: 1s
    attempts: 2
    before_force: 4s
    converge: {within: 40s, poll: 1s}
    lost_after: 8s
    retry_late: 3s
    give_up_late: 15s
    rollback: {within: 20s}
    on_breach: {rollback: group}
)";

constexpr const char* kSiteSteps = R"(  site_steps:
    - stop_service: [SMS_EXECUTIVE, SMS_SITE_CONFIG_MANAGER]
    - rename: {path: Site.srv/X86.bin/Invproc.dll, to: Invproc.old}
    - copy: {}
    - site_reset: {}
    - run: {what: RSERVICE, run: [./rservice, run], probe: [./rservice, probe], undo: [./rservice, undo]}
    - start_service: [SMS_EXECUTIVE, SMS_SITE_CONFIG_MANAGER]
    - edit_system_map:
        - duplicate: {entry: GETDISK.EXE, as: 95GETDSK.EXE, size: 118960, platform: INTEL X86,
                      directory: 'SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN'}
)";

/// Four clients of one site, all by one force. `client_steps` as in a plan.
class StepsLab {
 public:
  explicit StepsLab(const std::string& client_steps) : lab_(small_lab(4, 1)) {
    set_groups(*lab_, kGroups);
    lab_->edit_plan("\nsites:\n", kSiteSteps + client_steps + "\nsites:\n");
    lab_->edit_plan("    replication:",
                    "    services: {query: [./service, query, \"{service}\"],\n"
                    "               stop: [./service, stop, \"{service}\"],\n"
                    "               start: [./service, start, \"{service}\"], within: 10s}\n"
                    "    site_reset: {run: [./reset], within: 30s}\n    replication:");
    program("service",
            "case $1 in query) test -e $here/services/$2 ;;\n"
            "stop) echo stop $2 >>$here/services.log; rm $here/services/$2 ;;\n"
            "start) echo start $2 >>$here/services.log; touch $here/services/$2 ;; esac");
    program("reset", "echo reset >>$here/services.log");
    program("rservice",
            "case $1 in probe) test -e $here/rservice.done ;; run) touch $here/rservice.done ;;\n"
            "undo) rm $here/rservice.done ;; esac");
    fs::create_directories(root() / "services");
    write_file(root() / "services.log", "");
    write_file(root() / "services/SMS_EXECUTIVE", "");
    write_file(root() / "services/SMS_SITE_CONFIG_MANAGER", "");
    fs::create_directories(root() / "hq/SMS/Site.srv/X86.bin");
    write_file(root() / "hq/SMS/Site.srv/X86.bin/Invproc.dll", "in use");
  }

  fs::path root() const { return lab_->root(); }
  Lab& lab() const { return *lab_; }
  void program(const std::string& name, const std::string& script) const {
    write_file(root() / name, "#!/bin/sh\nhere=" + root().string() + "\n" + script + "\n");
    fs::permissions(root() / name, fs::perms::owner_all);
  }
  bool services_run() const {
    return fs::exists(root() / "services/SMS_EXECUTIVE") &&
           fs::exists(root() / "services/SMS_SITE_CONFIG_MANAGER");
  }
  std::string log() const { return read_file(root() / "services.log"); }
  std::string map() const { return read_file(root() / "hq/SMS/System.map"); }
  std::string ini(const std::string& client) const {
    for (const auto& entry : fs::directory_iterator(root() / "clients" / client)) {
      const std::string name = entry.path().filename().string();
      if (name == "Sms.ini" || name == "sms.ini" || name == "SMS.INI")
        return read_file(entry.path());
    }
    return {};
  }

 private:
  std::unique_ptr<Lab> lab_;
};

constexpr const char* kDelay =
    "  client_steps: [{set_ini: {section: Local, key: SmsrunStartupDelay, value: 5000}}]\n";

TEST(Steps, PreviewShowsTheMapsDiffAndEveryStep) {
  const StepsLab world(kDelay);
  const std::string before = world.map();
  const Finished preview = world.lab().run({"preview", world.lab().plan()});
  EXPECT_EQ(preview.exit_code, 0) << preview.out << preview.err;
  EXPECT_THAT(preview.out, HasSubstr("+   \"95GETDSK.EXE\", SIZE(1, 118960, 118960)"));
  EXPECT_THAT(preview.out, HasSubstr("1. stop SMS_EXECUTIVE, SMS_SITE_CONFIG_MANAGER"));
  EXPECT_THAT(preview.out, HasSubstr("1. Sms.ini [Local] SmsrunStartupDelay=5000"));
  EXPECT_EQ(world.map(), before);
  EXPECT_TRUE(world.services_run());
}

TEST(Steps, Run_DoesThemAllAndConfiguresEveryClient) {
  const StepsLab world(kDelay);
  world.lab().play();
  const Finished run = run_on(world.lab(), {"run", "--yes", world.lab().plan()});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(world.log(),
            "stop SMS_EXECUTIVE\nstop SMS_SITE_CONFIG_MANAGER\nreset\n"
            "start SMS_EXECUTIVE\nstart SMS_SITE_CONFIG_MANAGER\n");
  EXPECT_TRUE(world.services_run());
  EXPECT_TRUE(fs::exists(world.root() / "hq/SMS/Site.srv/X86.bin/Invproc.old"));
  EXPECT_TRUE(fs::exists(world.root() / "rservice.done"));
  EXPECT_THAT(world.map(), HasSubstr("\"95GETDSK.EXE\", SIZE(1, 118960, 118960)"));
  const EventLog log = log_of(world.lab());
  EXPECT_EQ(log.count("step_started", "", "configure"), 4U);
  for (const char* client : {"pc001", "pc002", "pc003", "pc004"})
    EXPECT_THAT(world.ini(client), HasSubstr("SmsrunStartupDelay=5000")) << client;
  const Finished audit = world.lab().run({"audit", "latest"});
  EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
}

void kill_while_services_are_stopped(const StepsLab& world) {
  world.program("reset", "echo reset >>$here/services.log; sleep 2");
  world.lab().play();
  Program program(world.lab().argv({"run", "--yes", world.lab().plan()}));
  for (int i = 0; i < 600 && world.log().find("reset") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_FALSE(world.services_run());
  program.signal(SIGKILL);
  program.finish();
  ASSERT_FALSE(world.services_run());
}

TEST(Steps, ServicesAreLeftStoppedAndTheJournalIsDamaged_AnotherRolloutIsRefused) {
  const StepsLab world(kDelay);
  kill_while_services_are_stopped(world);
  for (const auto& entry : fs::recursive_directory_iterator(world.lab().state())) {
    if (entry.path().filename() == "journal.db")
      execute(entry.path(), "UPDATE events SET at = at + 1 WHERE seq = 1");
  }
  const Finished another = run_on(world.lab(), {"run", "--yes", world.lab().plan()});
  EXPECT_EQ(another.exit_code, 4) << another.out;
  EXPECT_THAT(another.err, HasSubstr("may have left services of site HQ stopped"));
  EXPECT_THAT(another.err, HasSubstr("event 1"));
}

TEST(Steps, ControllerKilledWhileServicesAreStopped_StartsThemWhenItIsResumed) {
  const StepsLab world(kDelay);
  kill_while_services_are_stopped(world);
  // Another rollout would find the services stopped and leave them so.
  const Finished another = run_on(world.lab(), {"run", "--yes", world.lab().plan()});
  EXPECT_EQ(another.exit_code, 4) << another.out;
  EXPECT_THAT(another.err, HasSubstr("was left in the middle of `stage` of site HQ"));
  const Finished resumed = run_on(world.lab(), {"resume"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.out << resumed.err;
  EXPECT_TRUE(world.services_run());
  EXPECT_THAT(world.map(), HasSubstr("95GETDSK.EXE"));
}

TEST(Steps, ClientThatCannotBeConfigured_BreachesAndEverythingGoesBack) {
  const StepsLab world(
      "  client_steps:\n"
      "    - set_ini: {section: Local, key: SmsrunStartupDelay, value: 5000}\n"
      "    - run: {what: a mark, run: [test, \"{client.name}\", \"!=\", pc002],\n"
      "            probe: [test, \"{client.name}\", \"!=\", pc002]}\n");
  const std::string map = world.map();
  const Before before(world.lab());
  world.lab().play();
  const Finished run = run_on(world.lab(), {"run", "--yes", world.lab().plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  EXPECT_TRUE(world.services_run());
  EXPECT_EQ(world.map(), map);
  EXPECT_FALSE(fs::exists(world.root() / "rservice.done"));
  EXPECT_FALSE(fs::exists(world.root() / "hq/SMS/Site.srv/X86.bin/Invproc.old"));
  for (const char* client : {"pc001", "pc002", "pc003", "pc004"})
    EXPECT_THAT(world.ini(client), Not(HasSubstr("SmsrunStartupDelay"))) << client;
  EXPECT_THAT(before.stays_changed("clients/"), IsEmpty());
  EXPECT_THAT(before.stays_changed("hq/"), IsEmpty());
}

TEST(Steps, SettingsAlone_AreRolledOutByUpgradeBat) {
  const auto lab = small_lab(3, 3);
  set_groups(*lab,
             "groups:\n  - {name: all, select: name, method: upgrade_bat, strict: false,\n"
             "     converge: {within: 40s, poll: 1s}}\n");
  const std::string plan = read_file(lab->plan());
  const std::size_t hotfix = plan.find("hotfix:");
  write_file(lab->plan(), plan.substr(0, hotfix) + "hotfix:\n  id: Q187287\n  files: []\n" +
                              kDelay + "\n" + plan.substr(plan.find("sites:")));
  lab->play();
  const Finished run = run_on(*lab, {"run", "--yes", lab->plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  const EventLog log = log_of(*lab);
  EXPECT_EQ(log.count("step_started", "", "trigger"), 3U);
  EXPECT_EQ(log.client_states().at("client/pc001"), "upgraded");
}

}  // namespace
}  // namespace sitewide::test
