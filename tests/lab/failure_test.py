"""Failures that are visible in files, keys and logs, by the number of their signature, and their cures."""

import os
import re

from lab_case import HOTFIX, NOON, LabCase

import client_ini
import client_setup
import ini_file
from case_blind import find, place

NEW = b"MZ another"
REQUEST = "Ccr.box/HQ000001.CCR"


class ClientFailures(LabCase):
    def stage(self, *names):
        for share in self.lab.logon_servers.values():
            for name in names:
                place(share, f"X86.bin/{name}").write_bytes(NEW)

    def start(self, name, **faults):
        return client_setup.at_start(self.client(name), NOON, client_setup.Faults(**faults))

    def windows(self, name, file):
        return find(self.lab.drive(name), f"WINNT/{file}")

    def setup_log(self, name):
        path = find(self.lab.drive(name), "MS/SMS/LOGS/Cli_nt.log")
        return path.read_text("latin-1") if path else ""

    def test_a_locked_file_waits_under_another_name_until_a_restart(self):  # F02, Q186412
        self.lab.behaviours.put("pc001", "locked_file")
        old = self.windows("pc001", "Wuser32.exe").read_bytes()
        self.stage("Wuser32.exe")
        self.set_phase("pc001", "UPGRADE")
        session = self.stand_ins.sessions["pc001"]
        session._start(NOON)
        waiting = self.windows("pc001", "Wuser32.exe$sms00$")
        self.assertEqual((waiting.read_bytes(), self.phase("pc001")), (NEW, "INSTALLED"))
        self.assertEqual(self.windows("pc001", "Wuser32.exe").read_bytes(), old)
        session._log_on(False, NOON)
        self.assertTrue(waiting.exists(), "a log-on is no restart")
        session._log_on(True, NOON)
        self.assertFalse(waiting.exists())
        self.assertEqual(self.windows("pc001", "Wuser32.exe").read_bytes(), NEW)

    def test_a_copy_that_waits_is_not_downloaded_again(self):
        self.stage("Wuser32.exe")
        for _ in range(2):
            self.set_phase("pc001", "UPGRADE")
            self.start("pc001", locked_file="WUSER32.EXE")
        count = ini_file.get(
            find(self.client("pc001").share, REQUEST).read_text("latin-1"),
            "NT Client Configuration Request",
            "Client Request Count",
        )
        self.assertEqual(count, "1")

    def test_an_interrupted_copy_leaves_half_and_names_the_rest(self):  # F08, Q168518
        self.lab.behaviours.put("pc001", "interrupted")
        self.stage("Pcmwin32.exe", "Smsrun32.exe")
        self.set_phase("pc001", "UPGRADE")
        session = self.stand_ins.sessions["pc001"]
        session._start(NOON)
        missing = self.ini("pc001", "WorkstationStatus", "FilesNotDownloaded")
        self.assertEqual((missing, self.phase("pc001")), ("SMSRUN32.EXE", "UPGRADE"))
        self.assertEqual(self.installed("pc001"), NEW)
        session._start(NOON)
        self.assertEqual(self.phase("pc001"), "INSTALLED")
        self.assertEqual(self.windows("pc001", "Smsrun32.exe").read_bytes(), NEW)

    def test_under_another_system_a_forced_update_stops_and_upgrade_bat_does_not(self):  # F17, Q171329
        self.lab.behaviours.put("pc001", "other_os")
        self.stage("Pcmwin32.exe")
        for share in self.lab.logon_servers.values():
            ini_file.edit_file(share, "Cl_nt.txt", ("SMS", "CopyListVersion", "7"))
        self.stand_ins.sessions["pc001"]._log_on(False, NOON)
        self.assertNotEqual(self.ini("pc001", "SMS", "CopyListVersion"), "7")
        self.assertIn("different OS was detected", self.setup_log("pc001"))
        self.set_phase("pc001", "UPGRADE")
        self.stand_ins.sessions["pc001"]._start(NOON)
        self.assertEqual((self.phase("pc001"), self.installed("pc001")), ("INSTALLED", NEW))

    def test_a_locked_sms_ini_is_told_and_nothing_changes(self):  # F20, Q161216
        self.lab.behaviours.put("pc001", "ini_locked")
        before = client_ini.load(self.lab.drive("pc001"))
        share = self.client("pc001").share
        code, said = self.run_tool("plain-batch", self.lab.drive("pc001"), share, "Upgrade.bat")
        self.assertEqual(code, 0)
        self.assertIn("Problem opening or creating SMS.INI", said)
        self.touch_system_map()
        self.pass_time(8)
        self.assertEqual(client_ini.load(self.lab.drive("pc001")), before)

    def test_blank_keys_keep_a_client_from_verifying_until_upgrade_bat(self):  # F21, Q279752
        version = self.ini("pc001", "SMS", "CopyListVersion")
        self.lab.behaviours.put("pc001", "blank_keys")
        self.touch_system_map()
        self.pass_time(8)
        for section, key in (("SMS", "SiteCode"), ("Servers", "Domain"), ("Servers", "Server1")):
            self.assertEqual(self.ini("pc001", section, key), "")
        self.assertEqual(self.ini("pc001", "SMS", "CopyListVersion"), version)
        self.assertNotEqual(self.ini("pc002", "SMS", "CopyListVersion"), version)
        self.set_phase("pc001", "UPGRADE")
        self.pass_time(4)
        self.assertEqual(self.phase("pc001"), "INSTALLED")
        self.assertEqual(self.ini("pc001", "SMS", "SiteCode"), "HQ0")
        self.assertEqual(self.ini("pc001", "Servers", "Server1"), "S768AA0")


class ClientConfigurationManager(LabCase):
    def change_service_file(self):
        for share in self.lab.logon_servers.values():
            place(share, "X86.bin/Wuser32.exe").write_bytes(NEW)
        self.set_phase("pc001", "UPGRADE")
        client_setup.at_start(self.client("pc001"), NOON)
        self.share = self.client("pc001").share

    def service(self):
        return self.stand_ins.configurations["HQ"]

    def log(self):
        path = find(self.lab.sites["HQ"].disks["S768AA0"], "SMS/Logs/Clicfg.log")
        return path.read_text("latin-1") if path else ""

    def answer(self, at):
        self.service().step(at, NOON)
        self.service().step(at + 0.6, NOON)

    def test_a_request_that_could_be_served_is_deleted_and_logged(self):
        self.change_service_file()
        self.answer(0)
        self.assertIsNone(find(self.share, REQUEST))
        self.assertRegex(self.log(), r"~Request HQ000001 is done~   \$\$<SMS_CLIENT_CONFIG_MANAGER>")

    def test_a_denied_request_goes_to_retry_with_the_servers_dates_and_its_error(self):  # F06, Q168518
        self.lab.behaviours.put("pc001", "ccm_denied")
        self.change_service_file()
        self.answer(0)
        self.assertIsNone(find(self.share, REQUEST))
        text = find(self.share, "Ccr.box/Retry/HQ000001.CCR").read_text("latin-1")
        for key, value in (
            ("Last Error Code", "5"),
            ("Number of Processing Attempts", "1"),
            ("Initial Processing Attempt", "02/03/2001 12:00"),
            ("Latest Processing Attempt", "02/03/2001 12:00"),
        ):
            self.assertEqual(ini_file.get(text, "Request Processing", key), value)
        self.assertIn(
            "ERROR: The SMS service account does not have administrative rights on machine"
            ' "PC001" for request "HQ000001".',
            self.log(),
        )
        self.answer(10)
        self.assertIsNotNone(find(self.share, "Ccr.box/Retry/HQ000001.CCR"), "nobody moved it back")

    def test_a_request_that_is_moved_back_after_the_cure_is_served(self):
        self.lab.behaviours.put("pc001", "ccm_denied")
        self.change_service_file()
        self.answer(0)
        self.lab.behaviours.clear("pc001")
        os.replace(find(self.share, "Ccr.box/Retry/HQ000001.CCR"), place(self.share, REQUEST))
        self.answer(10)
        self.assertIsNone(find(self.share, REQUEST))
        self.assertIsNone(find(self.share, "Ccr.box/Retry/HQ000001.CCR"))

    def test_a_restart_of_the_service_takes_up_every_retry_and_counts_the_attempts(self):
        self.lab.behaviours.put("pc001", "ccm_denied")
        self.change_service_file()
        self.answer(0)
        for verb in ("stop", "start"):
            self.run_tool("lab-service", self.root, "HQ", verb, "SMS_CLIENT_CONFIGURATION_MANAGER")
        self.answer(10)
        text = find(self.share, "Ccr.box/Retry/HQ000001.CCR").read_text("latin-1")
        self.assertEqual(ini_file.get(text, "Request Processing", "Number of Processing Attempts"), "2")

    def test_while_the_service_is_stopped_requests_stay(self):
        self.run_tool("lab-service", self.root, "HQ", "stop", "SMS_CLIENT_CONFIG_MANAGER")
        self.change_service_file()
        self.answer(0)
        self.assertIsNotNone(find(self.share, REQUEST))

    def test_a_client_that_asks_again_counts_its_requests(self):
        self.change_service_file()
        for share in self.lab.logon_servers.values():
            place(share, "X86.bin/Wuser32.exe").write_bytes(NEW + b"2")
        self.set_phase("pc001", "UPGRADE")
        client_setup.at_start(self.client("pc001"), NOON)
        text = find(self.share, REQUEST).read_text("latin-1")
        section = "NT Client Configuration Request"
        self.assertEqual(ini_file.get(text, section, "Client Request Count"), "2")


class MaintenanceManagerFailures(LabCase):
    def log(self):
        path = find(self.lab.site_server, "Logs/Maintman.log")
        return path.read_text("latin-1") if path else ""

    def fresh(self, server):
        return find(self.lab.logon_servers[server], "X86.bin/Pcmwin32.exe").read_bytes() == HOTFIX[
            ("Pcmwin32.exe", "x86")
        ]

    def test_a_full_disk_stops_the_log_and_every_server_after_it(self):  # F11, Q168460
        self.lab.behaviours.put("S768AA0", "full_disk")
        self.pass_time(2)
        log = self.log()
        self.stage_hotfix()
        self.pass_time(5)
        self.assertFalse(self.fresh("S768AA0"))
        self.assertEqual(re.findall("S768AA0", self.log()), re.findall("S768AA0", log))
        self.assertIsNotNone(find(self.lab.logon_servers["S768AA0"], "DOMAIN._._"))
        self.lab.behaviours.clear("S768AA0")
        self.pass_time(2)
        self.assertTrue(self.fresh("S768AA0") and self.fresh("S768AA1"))

    def test_thousands_of_tmp_files_hang_it_until_they_are_gone_and_it_is_restarted(self):  # F12, Q181630
        self.lab.behaviours.put("S768AA1", "tmp_flood")
        self.pass_time(2)
        box = find(self.lab.logon_servers["S768AA1"], "Inventry.box")
        self.assertEqual(len(list(box.glob("*.TMP"))), 1001)
        log = self.log()
        self.stage_hotfix()
        self.pass_time(4)
        self.assertEqual(self.log(), log)
        for path in box.glob("*.TMP"):
            path.unlink()
        self.pass_time(2)
        self.assertFalse(self.fresh("S768AA0"), "it hangs still")
        for verb in ("stop", "start"):
            self.run_tool("lab-service", self.root, "HQ", verb, "SMS_EXECUTIVE")
        self.pass_time(2)
        self.assertTrue(self.fresh("S768AA0") and self.fresh("S768AA1"))
