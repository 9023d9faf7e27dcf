// What a hotfix sets on a client: Sms.ini, the registry, programs; set, proven and put back.
#include <gmock/gmock.h>
#include <sys/xattr.h>

#include <boost/asio/io_context.hpp>

#include "adapters/local.h"
#include "adapters/sms/client/registry_setting.h"
#include "adapters/sms/client/settings.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/steps.h"
#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using ::testing::HasSubstr;
using Kind = Answer::Kind;

/// The registry is a folder with a file `TYPE    VALUE` for each name.
class Configure : public SmsWorld {
 protected:
  Configure() { write_ini("INSTALLED", "; a comment\r\n[Other]\r\nkeep = this \r\n"); }

  Argv sh(const std::string& script, std::vector<std::string> arguments = {}) const {
    Argv argv{"/bin/sh", "-c", script, root.string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
  }
  static ClientPart ini(const std::string& section, const std::string& key,
                        const std::string& value) {
    ClientPart part;
    part.kind = ClientPart::Kind::set_ini;
    part.section = section;
    part.key = key;
    part.value = value;
    return part;
  }
  static ClientPart registry(const std::string& value, const std::string& type = "REG_SZ") {
    ClientPart part;
    part.kind = ClientPart::Kind::set_registry;
    part.key = "HKLM\\Software\\SMS";
    part.name = "Viewers";
    part.value = value;
    part.type = type;
    return part;
  }
  ClientPart program() const {
    ClientPart part;
    part.kind = ClientPart::Kind::run;
    part.run.what = "a mark";
    part.run.run = sh("echo run $1 >>$0/log; touch $0/mark", {"{client.name}"});
    part.run.probe = sh("test -e $0/mark");
    part.run.undo = sh("echo undo >>$0/log; rm $0/mark");
    return part;
  }

  Operation operation_with(std::vector<ClientPart> parts, Step step,
                           Purpose purpose = Purpose::execute) const {
    Operation result = operation(step, purpose);
    result.key = "configure~" + std::to_string(::getpid());
    result.parts.client = std::move(parts);
    result.transport.type = "local";
    result.transport.root = client_root.string();
    result.transport.registry = {
        sh("test -e \"$0/$1\" || exit 1; printf 'HKEY\\r\\n    %s    ' $1; cat \"$0/$1\"",
           {"{name}"}),
        sh("printf '%s    %s\\r\\n' \"$2\" \"$3\" >\"$0/$1\"", {"{name}", "{type}", "{value}"}),
        sh("rm \"$0/$1\"", {"{name}"})};
    return result;
  }

  Answer perform(Operation operation) {
    boost::asio::io_context loop;
    Pool pool(loop.get_executor(), PoolLimits{2, 4, std::chrono::seconds(30)});
    const auto transport = std::make_shared<LocalTransport>(loop.get_executor(), pool);
    StepContext context{loop.get_executor(), &pool, transport, &originals, {}, {}, {}, {}};
    context.payload = [this](const Digest&) -> Result<std::string> { return hotfix; };
    context.folder = [](const std::string& folder) {
      return std::make_shared<FolderFiles>(folder);
    };
    context.now = [this] { return now; };
    return test::run_on(loop, run_sms_step(context, std::move(operation)));
  }
  /// Kept, upgraded and configured.
  void upgrade(const std::vector<ClientPart>& parts) {
    ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
    write(client_root / "MS/SMS/BIN/pcmwin32.exe", hotfix);
    ASSERT_TRUE(is_done(perform(operation_with(parts, Step::configure)), OutcomeKind::ok));
  }

  std::string sms_ini() const { return read(client_root / "Sms.ini"); }
  std::string log() const { return read(root / "log"); }
};

TEST_F(Configure, IniKey_ChangesItsLineAlone) {
  const std::string before = sms_ini();
  const Answer answer = perform(operation_with(
      {ini("other", "KEEP", "that"), ini("Local", "SmsrunStartupDelay", "5000")}, Step::configure));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("set"), "2");
  std::string expected = before;
  expected.replace(expected.find("keep = this"), 11, "keep = that");
  const std::string phase = "SetupPhase=INSTALLED\r\n";
  expected.insert(expected.find(phase) + phase.size(), "SmsrunStartupDelay=5000\r\n");
  EXPECT_EQ(sms_ini(), expected);
}

TEST_F(Configure, SettingThatHolds_WritesNothing) {
  set_time(client_root / "Sms.ini", instant("1999-01-01T00:00:00Z"));
  const Answer answer = perform(operation_with({ini("Other", "keep", "this")}, Step::configure));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("set"), "0");
  EXPECT_EQ(time_of(client_root / "Sms.ini"), instant("1999-01-01T00:00:00Z"));
}

TEST_F(Configure, HiddenFile_StaysHidden) {
  const std::string path = (client_root / "Sms.ini").string();
  if (::setxattr(path.c_str(), "user.DOSATTRIB", "0x2", 3, 0) != 0)
    GTEST_SKIP() << "the file system keeps no DOS attributes";
  ASSERT_TRUE(
      is_done(perform(operation_with({ini("Local", "A", "b")}, Step::configure)), OutcomeKind::ok));
  char value[8] = {};
  EXPECT_EQ(::getxattr(path.c_str(), "user.DOSATTRIB", value, sizeof value), 3);
  EXPECT_STREQ(value, "0x2");
}

TEST_F(Configure, RegistryAndProgram_GoThroughTheTransport) {
  write(root / "Viewers", "REG_SZ    old one\r\n");
  const std::vector<ClientPart> parts{registry(""), program()};
  ASSERT_TRUE(is_done(perform(operation_with(parts, Step::configure)), OutcomeKind::ok));
  EXPECT_EQ(read(root / "Viewers"), "REG_SZ    \r\n");
  EXPECT_EQ(log(), "run pc001\n");
  const Answer back = perform(operation_with(parts, Step::configure, Purpose::recover));
  ASSERT_TRUE(is_done(back, OutcomeKind::ok));
  EXPECT_TRUE(back.outcome.recovered);
  // Again, when all holds.
  ASSERT_TRUE(is_done(perform(operation_with(parts, Step::configure)), OutcomeKind::ok));
  EXPECT_EQ(log(), "run pc001\n");
}

TEST_F(Configure, SettingThatDoesNotTake_IsAFailure) {
  Operation operation = operation_with({registry("a")}, Step::configure);
  operation.transport.registry.set = sh("exit 0");
  const Answer answer = perform(operation);
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "HKLM\\Software\\SMS\\Viewers is not what it was set to"));
  operation.transport.registry.set = sh("echo access denied; exit 5");
  EXPECT_TRUE(says(perform(operation), "exit 5: access denied"));
}

TEST_F(Configure, LookingBackAtHalfOfIt_SaysNoEffect) {
  const std::vector<ClientPart> parts{ini("Local", "A", "b"), registry("c")};
  ASSERT_TRUE(is_done(perform(operation_with({parts[0]}, Step::configure)), OutcomeKind::ok));
  EXPECT_TRUE(
      is(perform(operation_with(parts, Step::configure, Purpose::recover)), Kind::no_effect));
}

TEST_F(Configure, ClientThatIsOff_IsUnreachable) {
  std::filesystem::rename(client_root, root / "away");
  EXPECT_TRUE(
      is_done(perform(operation_with({registry("c")}, Step::configure)), OutcomeKind::unreachable));
}

TEST_F(Configure, RegistryValue_IsComparedByItsType) {
  const auto number = registry_setting("\r\nHKEY_LOCAL\r\n    Viewers    REG_DWORD    0x1388\r\n");
  ASSERT_TRUE(number);
  EXPECT_TRUE(holds(registry("5000", "REG_DWORD"), *number));
  EXPECT_FALSE(holds(registry("5000", "REG_SZ"), *number));
  EXPECT_FALSE(holds(registry("5001", "REG_DWORD"), *number));
  EXPECT_FALSE(registry_setting("ERROR: nothing of that name\r\nxREG_SZ a\r\n"));
  const auto text = registry_setting("REG_SZ");
  ASSERT_TRUE(text);
  EXPECT_TRUE(holds(registry(""), *text));
}

TEST_F(Configure, Restore_PutsEverythingBackToTheByte) {
  const std::string before = sms_ini();
  write(root / "Viewers", "REG_EXPAND_SZ    old one\r\n");
  const std::vector<ClientPart> parts{ini("Other", "keep", "that"), ini("Local", "A", "b"),
                                      ini("Unheard of", "C", "d"), registry("new"), program()};
  upgrade(parts);
  EXPECT_THAT(sms_ini(), HasSubstr("[Unheard of]\r\nC=d\r\n"));
  ASSERT_TRUE(is_done(perform(operation_with(parts, Step::restore)), OutcomeKind::ok));
  EXPECT_EQ(sms_ini(), before);
  EXPECT_EQ(read(root / "Viewers"), "REG_EXPAND_SZ    old one\r\n");
  EXPECT_EQ(log(), "run pc001\nundo\n");
  EXPECT_EQ(read(client_root / "MS/SMS/BIN/pcmwin32.exe"), old);
  const Answer back = perform(operation_with(parts, Step::restore, Purpose::recover));
  ASSERT_TRUE(is_done(back, OutcomeKind::ok));
  EXPECT_TRUE(back.outcome.recovered);
}

TEST_F(Configure, ValueThatWasNotThere_IsTakenAwayAgain) {
  upgrade({registry("new")});
  ASSERT_TRUE(std::filesystem::exists(root / "Viewers"));
  ASSERT_TRUE(is_done(perform(operation_with({registry("new")}, Step::restore)), OutcomeKind::ok));
  EXPECT_FALSE(std::filesystem::exists(root / "Viewers"));
}

TEST_F(Configure, SettingThatSomebodyChangedSince_NeedsHands) {
  const std::vector<ClientPart> parts{ini("Local", "A", "b"), registry("new")};
  upgrade(parts);
  write(root / "Viewers", "REG_SZ    by hand\r\n");
  const Answer registry_changed = perform(operation_with(parts, Step::restore));
  ASSERT_TRUE(is_done(registry_changed, OutcomeKind::refused));
  EXPECT_TRUE(says(registry_changed, "needs hands: changed by someone else: HKLM"));
  SmsIni ini(sms_ini());
  ASSERT_TRUE(ini.set("Local", "A", "by hand"));
  write(client_root / "Sms.ini", ini.text());
  EXPECT_TRUE(says(perform(operation_with(parts, Step::restore)), "[Local] A"));
}

TEST_F(Configure, ProgramThatWasRunBeforeAndIsGone_DoesNotHoldUpARestore) {
  write(root / "mark", "");
  upgrade({program()});
  std::filesystem::remove(root / "mark");
  EXPECT_TRUE(is_done(perform(operation_with({program()}, Step::restore)), OutcomeKind::ok));
}

// Over ssh and the like nobody sees what runs on after the line broke.
TEST_F(Configure, LookingBackAtAProgramOutOfSight_WaitsForItsDeadline) {
  Operation operation = operation_with({program()}, Step::configure, Purpose::recover);
  operation.transport.type = "exec";
  operation.action.deadline = now + std::chrono::minutes(1);
  EXPECT_TRUE(is(perform(operation), Kind::pending));
  operation.action.deadline = now - std::chrono::minutes(1);
  EXPECT_TRUE(is(perform(operation), Kind::no_effect));
}

TEST_F(Configure, RestoreOfAClientThatWasNeverConfigured_AsksNobody) {
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  Operation operation = operation_with({registry("new")}, Step::restore);
  operation.transport.registry.query = sh("exit 9");
  EXPECT_TRUE(is_done(perform(operation), OutcomeKind::ok));
}

TEST_F(Configure, CurrentFilesWithAnotherSetting_AreNotOnTarget) {
  write(client_root / "MS/SMS/BIN/pcmwin32.exe", hotfix);
  const Operation inspect = operation_with({ini("Local", "A", "b")}, Step::inspect);
  const Answer differs = perform(inspect);
  ASSERT_TRUE(is_done(differs, OutcomeKind::ok));
  EXPECT_FALSE(differs.outcome.on_target);
  ASSERT_TRUE(
      is_done(perform(operation_with({ini("Local", "A", "b")}, Step::configure)), OutcomeKind::ok));
  EXPECT_TRUE(perform(inspect).outcome.on_target);
}

TEST_F(Configure, WithoutFiles_TheSettingsAloneSayWhoIsOnTarget) {
  Operation inspect = operation_with({ini("Other", "keep", "this")}, Step::inspect);
  inspect.files.clear();
  EXPECT_TRUE(is_done(perform(inspect), OutcomeKind::refused)) << "its files are for others";
  inspect.has_client_files = false;
  EXPECT_TRUE(perform(inspect).outcome.on_target);
  inspect.parts.client.clear();
  EXPECT_FALSE(perform(inspect).outcome.on_target) << "nothing tells that it is current";
}

TEST_F(Configure, WithoutFiles_ConvergeDemandsThePhase) {
  Operation converge = operation_with({}, Step::converge, Purpose::poll);
  converge.files.clear();
  converge.has_client_files = false;
  write_ini("UPGRADE");
  EXPECT_TRUE(is(perform(converge), Kind::pending));
  write_ini("INSTALLED");
  EXPECT_TRUE(is_done(perform(converge), OutcomeKind::ok));
}

}  // namespace
}  // namespace sitewide::sms
