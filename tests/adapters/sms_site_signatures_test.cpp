// Signatures that a site, its logon servers, Upgrade.bat and Pcmwin.log show: told with the
// evidence, silent without.
#include "adapters/sms/site/signatures.h"
#include "tests/adapters/sms_signature_world.h"

namespace sitewide::sms {

using testing::HasSubstr;
using testing::Not;
using World = SignatureWorld;

namespace {

std::string server_line(const std::string& text, const std::string& day = "Sun Mar 01") {
  return text + "~   $$<SMS_MAINTENANCE_MANAGER><" + day + " 09:43:33 2026~><thread=12D>\r\n";
}

void log_at(World& world, const std::string& name, const std::string& text, const char* at) {
  world.write(world.site_root / "Logs" / name, text, at);
}

void alive(World& world) {
  log_at(world, "Maintman.log", server_line("~Working on logon server S768AA0"),
         "2026-03-01T09:59:00Z");
}
void staged(World& world) {
  world.write(world.site_root / World::kOnSite, world.hotfix);
  alive(world);
}
void replicated(World& world) {
  staged(world);
  for (const char* server : {"s768aa0", "s768aa1"}) {
    world.write(world.root / server / "x86.bin/PCMWIN32.EXE", world.hotfix);
  }
}
void forced(World& world) {
  alive(world);
  world.make_replicated();
  world.write(world.site_root / "System.map",
              "DIRECTORY \"SITE.SRV\" PLATFORM \"INTEL X86\" BEGIN END\r\n");
  world.run(force, world.work(Step::force));
}
void nothing(World&) {}
std::string replicating(World& world) { return world.replicating(); }
std::string regenerating(World& world) { return world.regenerating(); }

std::vector<SignatureCase> manager_cases() {
  return {
      {Failure::server_skipped,
       "Maintenance Manager reports for S768AA1: Free disk space check failed (error 144)", staged,
       [](World& w) {
         log_at(w, "Maintman.log",
                server_line("~Working on logon server S768AA1") +
                    server_line("~Free disk space check failed (error 144), skipping..."),
                "2026-03-01T09:59:00Z");
       },
       replicating},
      {Failure::manager_rights, "Cannot create SMS_SHR, error 183", staged,
       [](World& w) {
         log_at(w, "Maintman.log", server_line("~Cannot create SMS_SHR, error 183"),
                "2026-03-01T09:59:00Z");
       },
       replicating},
      {Failure::server_full, "Maintenance Manager has logged nothing since 2026-03-01T07:30:00Z",
       staged,
       [](World& w) {
         SignatureWorld::set_time(w.site_root / "Logs/Maintman.log",
                                  parse_timestamp("2026-03-01T07:30:00Z").value());
       },
       replicating},
      {Failure::server_full, "a half-written DOMAIN._._ lies on S768AA1", staged,
       [](World& w) { w.write(w.on_server("DOMAIN._._"), "", "2026-03-01T08:00:00Z"); },
       replicating},
      {Failure::stranded_files, "Inventry.box on S768AA1 holds 1,000 .TMP files or more",
       [](World& w) {
         w.write(w.site_root / World::kOnSite, w.hotfix);
         for (int i = 0; i < 999; ++i) {
           w.write(w.on_server("Inventry.box/" + std::to_string(i) + ".TMP"), "");
         }
       },
       [](World& w) { w.write(w.on_server("Inventry.box/1000.tmp"), ""); }, replicating},
      {Failure::damaged_map, "Maintenance Manager reports: ERROR: event 237", forced,
       [](World& w) {
         log_at(w, "Maintman.log",
                server_line("~ERROR: event 237, System.map is damaged") +
                    server_line("~Working on logon server S768AA0"),
                "2026-03-01T09:59:00Z");
       },
       regenerating},
      {Failure::damaged_map, "System.map of the site lists no directory", forced,
       [](World& w) { w.write(w.site_root / "System.map", "\x01\x02 no map at all"); },
       regenerating},
      {Failure::put_back, "needs hands: changed by someone else: Pcmwin32.exe (X86)", staged,
       [](World& w) { w.write(w.site_root / World::kOnSite, "a service pack's file"); },
       replicating},
      {Failure::library_in_use, "only Invwin32.dll stays behind on S768AA1", replicated, nothing,
       [](World& w) {
         Work work = w.long_watch(Step::replicate);
         PlannedFile library = work.operation.files.at(0);
         library.name = "Invwin32.dll";
         library.platform.clear();
         library.on_site.clear();
         library.on_logon_server = "X86.bin/Invwin32.dll";
         for (const char* server : {"s768aa0", "s768aa1"}) {
           w.write(w.root / server / "x86.bin/Invwin32.dll", w.hotfix);
         }
         if (std::filesystem::exists(w.root / "shown")) {
           w.write(w.on_server("x86.bin/Invwin32.dll"), "old");
         }
         work.operation.files.push_back(library);
         return w.told_by(w.run(replicate, work));
       }},
  };
}

std::vector<SignatureCase> service_cases() {
  return {
      {Failure::mixed_inventory, "inventory of unlike versions is rejected", replicated,
       [](World& w) {
         log_at(w, "Invproc.log",
                server_line("CMSDObject::ReadData - incorrect dataLength for NT CPU"),
                "2026-03-01T09:00:00Z");
       },
       replicating},
      {Failure::mixed_inventory, "Badraws has new files",
       [](World& w) {
         replicated(w);
         w.write(w.site_root / "Site.srv/Inventry.box/Badraws/00000001.RAW", "x",
                 "2026-01-01T00:00:00Z");
       },
       [](World& w) {
         w.write(w.site_root / "Site.srv/Inventry.box/Badraws/00000002.RAW", "x",
                 "2026-03-01T09:00:00Z");
       },
       replicating},
      {Failure::endless_restarts, "Smsls.bat of the site verifies at every log-on (/f)", replicated,
       [](World& w) {
         w.write(w.site_root / "Site.srv/Maincfg.box/smsls.bat", "cli_dos /p:x: /F /v\r\n");
       },
       replicating},
      {Failure::component_copy, "Site Configuration Manager logged event 234",
       [](World& w) {
         staged(w);
         log_at(w, "Scman.log",
                server_line("ERROR: event 234", "Thu Feb 26") + server_line("Still at work"),
                "2026-03-01T09:43:33Z");
       },
       [](World& w) {
         log_at(w, "Scman.log", server_line("ERROR: event 234") + server_line("Still at work"),
                "2026-03-01T09:43:33Z");
       },
       replicating},
      {Failure::compressed_file, "is still compressed, or named as on the SMS CD", nothing,
       [](World& w) { w.hotfix = "SZDD\x88\xf0\x27\x33 and so on"; },
       [](World& w) { return w.told_by(w.run(stage, w.work(Step::stage))); }},
      {Failure::wrong_cpu, "Pcmwin32.exe (X86) is built for another CPU (alpha)", nothing,
       [](World& w) { w.hotfix = program("alpha", 0x184); },
       [](World& w) { return w.told_by(w.run(stage, w.work(Step::stage))); }},
  };
}

constexpr const char* kPcm = "[03/01/26 09:59:00] Package Command Manager ==> ";

std::vector<SignatureCase> health_cases() {
  const auto look = [](World& w) {
    Work work = w.watch(Step::health);
    return w.told_by(w.run(pcm_health, work));
  };
  const auto quiet = [](World& w) {
    w.write(w.client_root / "MS/SMS/LOGS/Pcmwin.log", std::string(kPcm) + "Initializing\r\n");
  };
  return {
      {Failure::package_agent, "Package Command Manager found no logon server and left", quiet,
       [](World& w) {
         w.write(
             w.client_root / "MS/SMS/LOGS/Pcmwin.log",
             std::string(kPcm) + "Failed to connect to SMS Logon Server. Exiting .........\r\n");
       },
       look},
      {Failure::package_agent, "Package Command Manager waits for its service", quiet,
       [](World& w) {
         w.write(w.client_root / "MS/SMS/LOGS/Pcmwin.log",
                 std::string(kPcm) + "Timed out waiting for the PCM service semaphore.\r\n");
       },
       look},
      {Failure::redirector, "Pcmwin32 stood still for 50s", quiet,
       [](World& w) {
         w.write(w.client_root / "MS/SMS/LOGS/Pcmwin.log",
                 "[03/01/26 09:58:00] Package Command Manager ==> Looking for instruction file\r\n"
                 "[03/01/26 09:58:50] Package Command Manager ==> Packages before filter: 1\r\n");
       },
       look},
  };
}

}  // namespace

std::vector<SignatureCase> site_signature_cases() {
  std::vector<SignatureCase> cases = manager_cases();
  for (SignatureCase& one : service_cases()) cases.push_back(std::move(one));
  for (SignatureCase& one : health_cases()) cases.push_back(std::move(one));
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Site, SmsSignature, testing::ValuesIn(site_signature_cases()),
                         name_of_case);

class SmsHint : public SignatureWorld {};

TEST_F(SmsHint, ForALoneOldFile_WaitsForWarnAfter) {
  staged(*this);
  Work fresh = watch(Step::replicate);
  fresh.operation.action.deadline = now + fresh.operation.site.replication_within;
  EXPECT_FALSE(waited_long(fresh));
  fresh.now += fresh.operation.site.replication_warn_after;
  EXPECT_TRUE(waited_long(fresh));
}

TEST_F(SmsHint, AboutOneServer_GoesWhenMaintenanceManagerComesBackToIt) {
  staged(*this);
  const std::string working = server_line("~Working on logon server S768AA1");
  log_at(*this, "Maintman.log",
         working + server_line("~Free disk space check failed (error 144)") + working,
         "2026-03-01T09:59:00Z");
  EXPECT_THAT(replicating(), Not(HasSubstr("F10")));
}

TEST_F(SmsHint, AboutADamagedMap_IsOldAfterADayOfTheLog) {
  forced(*this);
  log_at(*this, "Maintman.log",
         server_line("~ERROR: event 237", "Thu Feb 26") + server_line("~Working on x"),
         "2026-03-01T09:59:00Z");
  EXPECT_THAT(regenerating(), Not(HasSubstr("F15")));
}

}  // namespace sitewide::sms
