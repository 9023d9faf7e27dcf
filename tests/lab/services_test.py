"""Services, codes of sendcode, site reset: what Site Configuration Manager does and does not."""

import hashlib
import re

from lab_case import NOON, ArticleCase, LabCase

from case_blind import find, place
from services import Services

EXECUTIVE, SITE_CONFIG = "SMS_EXECUTIVE", "SMS_SITE_CONFIG_MANAGER"
PCM = "SMS_PACKAGE_COMMAND_MANAGER_NT"


class ServiceRules(LabCase):
    def service(self, verb, name, site="HQ"):
        return self.run_tool("lab-service", self.root, site, verb, name)

    def log(self):
        lines = (self.root / "state/services/HQ.log").read_text().splitlines()
        return [re.sub(r"^\S+ ", "", line) for line in lines]

    def test_query_ends_with_0_for_running_1_for_stopped_2_for_unknown(self):
        self.assertEqual(self.service("query", EXECUTIVE)[0], 0)
        self.service("stop", EXECUTIVE)
        code, said = self.service("query", EXECUTIVE)
        self.assertEqual((code, said), (1, f"{EXECUTIVE}: stopped\n"))
        self.assertEqual(self.service("query", "SMS_NONE")[0], 2)
        self.assertEqual(self.service("query", EXECUTIVE, site="NOWHERE")[0], 2)

    def test_stop_and_start_are_logged_each_time_that_they_change_something(self):
        for verb in ("stop", "stop", "start", "start"):
            self.assertEqual(self.service(verb, EXECUTIVE)[0], 0, verb)
        self.assertEqual(self.log(), [f"{EXECUTIVE} stopped by lab-service", f"{EXECUTIVE} running by lab-service"])

    def test_the_lab_is_found_from_any_folder_in_it(self):
        code, said = self.run_tool("lab-service", self.lab.site_server, "HQ", "query", EXECUTIVE.lower())
        self.assertEqual((code, said), (0, f"{EXECUTIVE}: running\n"))
        code, said = self.run_tool("lab-service", self.root.parent, "HQ", "query", EXECUTIVE)
        self.assertEqual(code, 2)
        self.assertIn("lies in no lab", said)

    def test_without_its_executive_maintenance_manager_does_nothing(self):
        self.service("stop", EXECUTIVE)
        before = find(self.lab.logon_servers["S768AA0"], "X86.bin/Pcmwin32.exe").read_bytes()
        self.stage_hotfix()
        self.touch_system_map()
        self.pass_time(5)
        self.assertEqual(find(self.lab.logon_servers["S768AA0"], "X86.bin/Pcmwin32.exe").read_bytes(), before)
        self.assertIsNone(find(self.lab.site_server, "Logs/Maintman.log"))
        self.service("start", EXECUTIVE)
        self.pass_time(1)
        self.assertNotEqual(find(self.lab.logon_servers["S768AA0"], "X86.bin/Pcmwin32.exe").read_bytes(), before)

    def test_a_restart_makes_maintenance_manager_begin_a_work_cycle_at_once(self):
        manager = self.stand_ins.managers["HQ"]
        self.pass_time(1)
        manager._next_cycle, manager._queue = 1000.0, []
        self.stage_hotfix()
        self.pass_time(2)
        share = self.lab.logon_servers["S768AA0"]
        before = find(share, "X86.bin/Pcmwin32.exe").read_bytes()
        self.service("stop", "SMS_MAINTENANCE_MANAGER")
        self.service("start", "SMS_MAINTENANCE_MANAGER")
        self.pass_time(1)
        self.assertNotEqual(find(share, "X86.bin/Pcmwin32.exe").read_bytes(), before)

    def test_the_watchdog_starts_stopped_services_every_24_pollings(self):
        self.pass_time(0.2)
        self.service("stop", EXECUTIVE)
        self.pass_time(23)
        self.assertEqual(self.service("query", EXECUTIVE)[0], 1)
        self.pass_time(2)
        self.assertEqual(self.service("query", EXECUTIVE)[0], 0)
        self.assertEqual(self.log()[-1], f"{EXECUTIVE} running by Site Configuration Manager")

    def test_without_site_configuration_manager_nothing_is_started_again(self):
        for name in (SITE_CONFIG, EXECUTIVE):
            self.service("stop", name)
        self.pass_time(30)
        self.assertEqual(self.service("query", EXECUTIVE)[0], 1)

    def test_once_started_site_configuration_manager_looks_one_polling_later(self):
        for name in (SITE_CONFIG, EXECUTIVE):
            self.service("stop", name)
        self.pass_time(1)
        self.service("start", SITE_CONFIG)
        self.pass_time(0.8)
        self.assertEqual(self.service("query", EXECUTIVE)[0], 1)
        self.pass_time(1.2)
        self.assertEqual(self.service("query", EXECUTIVE)[0], 0)


class SiteReset(ArticleCase):
    """Q230242: Pcmsvc32 runs on servers, from Helper.srv."""

    ARTICLE = "Q230242"
    SYSTEMS = {"nt": 1}

    def send(self, code, *more):
        return self.run_tool("lab-sendcode", self.lab.site_server, "HQ", code, *more)

    def helpers(self, folder="X86.bin"):
        tops = [self.lab.site_server, *(disk / "SMS" for disk in self.lab.sites["HQ"].disks.values())]
        return [find(top, f"Helper.srv/{folder}/Pcmsvc32.exe").read_bytes() for top in tops]

    def log(self):
        # The root of the SMS drive, not the folder of the other logs (Q125452).
        path = find(self.lab.site_server.parent, "Scman.log")
        return path.read_text("latin-1") if path else ""

    def test_copies_the_servers_programs_to_every_server_some_seconds_later(self):
        old, new = self.helpers()[0], self.payload("Pcmsvc32.exe")
        self.stage_payload()
        self.assertEqual(self.send("194"), (0, ""))
        self.pass_time(2)
        self.assertEqual(self.helpers(), [old] * 3)
        self.pass_time(4)
        self.assertEqual(self.helpers(), [new] * 3)
        self.assertEqual(self.helpers("Alpha.bin"), [self.payload("Pcmsvc32.exe", "alpha")] * 3)
        self.assertRegex(
            self.log(),
            r"(?s)~Received code 194~ .*~Resetting the site~ .*~Copied Pcmsvc32.exe to site server"
            r" Helper.srv\\X86.bin~ .*to S768AA1 .*~Reset of the site is complete~   \$\$<SMS_SITE_CONFIG_MANAGER>",
        )
        self.assertEqual(list((self.root / "state/sendcode/HQ").glob("*.code")), [])

    def test_a_reset_starts_nothing_that_somebody_stopped(self):
        services = Services(self.lab, self.lab.sites["HQ"])
        services.stop(PCM, "hand")
        self.stage_payload()
        self.send("194")
        self.pass_time(6)
        self.assertEqual(self.helpers(), [self.payload("Pcmsvc32.exe")] * 3)
        self.assertFalse(services.runs(PCM))

    def test_without_a_reset_servers_keep_their_programs_until_the_watchdog(self):
        old = self.helpers()[0]
        self.stage_payload()
        self.pass_time(20)
        self.assertEqual(self.helpers(), [old] * 3)
        self.pass_time(8)
        self.assertEqual(self.helpers(), [self.payload("Pcmsvc32.exe")] * 3)

    def test_a_service_runs_the_program_it_was_started_with(self):
        services = Services(self.lab, self.lab.sites["HQ"])
        digest = hashlib.sha256(self.payload("Pcmsvc32.exe")).hexdigest()
        place(self.lab.site_server, "Helper.srv/X86.bin/Pcmsvc32.exe").write_bytes(self.payload("Pcmsvc32.exe"))
        self.assertNotIn(digest, services.describe(PCM))
        services.stop(PCM, "hand")
        services.start(PCM, "hand")
        self.assertEqual(services.describe(PCM), f"running Pcmsvc32.exe sha256={digest}")

    def test_a_locked_program_is_event_234_and_stays_as_it_is(self):
        old = self.helpers()[0]
        self.lab.behaviours.put("site-config-manager", "locked")
        self.stage_payload()
        self.send("194")
        self.pass_time(6)
        self.assertEqual(self.helpers(), [old] * 3)
        self.assertIn("~ERROR: event 234, cannot copy Pcmsvc32.exe to S768AA0", self.log())

    def test_192_is_a_watchdog_at_once(self):
        services = Services(self.lab, self.lab.sites["HQ"])
        services.stop(EXECUTIVE, "hand")
        self.send("192")
        self.pass_time(1)
        self.assertTrue(services.runs(EXECUTIVE))

    def test_234_stops_every_service_and_then_itself(self):
        services = Services(self.lab, self.lab.sites["HQ"])
        self.send("234")
        self.pass_time(1)
        self.assertEqual([name for name in services.names if services.runs(name)], [])
        code, said = self.send("194")
        self.assertEqual(code, 1)
        self.assertIn("SMS_SITE_CONFIG_MANAGER of HQ is stopped", said)

    def test_255_is_refused_for_it_deinstalls_the_site(self):
        code, said = self.send("255")
        self.assertEqual(code, 1)
        self.assertIn("deinstalls the site", said)
        self.pass_time(1)
        self.assertEqual(self.log(), "")

    def test_waiting_ends_in_an_error_when_nobody_plays_the_lab(self):
        code, said = self.send("194", "--wait", "0.2")
        self.assertEqual(code, 1)
        self.assertIn("does lab-run play this lab?", said)
        for step in range(30):
            self.stand_ins.step(step / 2, NOON)
        self.assertEqual(list((self.root / "state/sendcode/HQ").glob("*.code")), [])
