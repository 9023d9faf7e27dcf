"""Pins each rule of the Client Setup, SMSRUN and Package Command Manager stand-in."""

import re
from datetime import datetime

from lab_case import HOTFIX, NOON, LabCase, tree

import client_setup
import client_ini
import ini_file
from case_blind import find, place


class ClientSetupRules(LabCase):
    def stage_on_logon_servers(self):
        self.stage_hotfix()
        self.stand_ins.managers["HQ"].step(0, NOON)
        for _ in self.lab.logon_servers:
            self.stand_ins.managers["HQ"].step(0, NOON)

    def start(self, name, **faults):
        return client_setup.at_start(self.client(name), NOON, client_setup.Faults(**faults))

    def test_log_on_with_an_equal_version_changes_nothing(self):
        before = tree(self.lab.drive("pc001"))
        self.assertFalse(client_setup.at_log_on(self.client("pc001")))
        self.assertEqual(tree(self.lab.drive("pc001")), before)

    def test_log_on_with_another_version_stores_it_before_any_file_is_copied(self):
        for version in ("999999999", "1"):  # larger or smaller: only a difference counts
            for share in self.lab.logon_servers.values():
                ini_file.edit_file(share, "Cl_nt.txt", ("SMS", "CopyListVersion", version))
            self.stage_on_logon_servers()
            for share in self.lab.logon_servers.values():
                ini_file.edit_file(share, "Cl_nt.txt", ("SMS", "CopyListVersion", version))
            old = self.installed("pc001")
            self.assertTrue(client_setup.at_log_on(self.client("pc001")))
            self.assertEqual(self.ini("pc001", "SMS", "CopyListVersion"), version)
            self.assertEqual(self.phase("pc001"), "verify_files")
            self.assertEqual(self.installed("pc001"), old)

    def test_a_client_that_verifies_against_a_stale_server_does_not_look_again(self):
        share = self.client("pc001").share
        ini_file.edit_file(share, "Cl_nt.txt", ("SMS", "CopyListVersion", "5"))
        client_setup.at_log_on(self.client("pc001"))
        self.start("pc001")
        self.assertEqual(self.phase("pc001"), "INSTALLED")
        place(share, "X86.bin/Pcmwin32.exe").write_bytes(HOTFIX[("Pcmwin32.exe", "x86")])
        self.assertFalse(client_setup.at_log_on(self.client("pc001")))
        self.assertFalse(self.start("pc001"))
        self.assertNotEqual(self.installed("pc001"), HOTFIX[("Pcmwin32.exe", "x86")])

    def test_a_start_in_phase_upgrade_copies_what_differs_and_installs(self):
        self.stage_on_logon_servers()
        self.set_phase("pc001", "UPGRADE")
        self.assertTrue(self.start("pc001"))
        self.assertEqual(self.phase("pc001"), "INSTALLED")
        self.assertEqual(self.installed("pc001"), HOTFIX[("Pcmwin32.exe", "x86")])

    def test_phases_count_in_any_case_and_in_both_spellings(self):
        for phase in ("verify_files", "VERIFY_FILES", "verifying_files", "upgrade"):
            self.set_phase("pc001", phase)
            self.assertTrue(self.start("pc001"), phase)
            self.assertEqual(self.phase("pc001"), "INSTALLED")

    def test_a_start_in_phase_installed_copies_nothing(self):
        self.stage_on_logon_servers()
        self.assertFalse(self.start("pc001"))
        self.assertNotEqual(self.installed("pc001"), HOTFIX[("Pcmwin32.exe", "x86")])

    def test_an_older_file_is_downloaded_too(self):
        old = self.installed("pc001")
        self.stage_on_logon_servers()
        self.set_phase("pc001", "UPGRADE")
        self.start("pc001")
        self.assertNotEqual(self.installed("pc001"), old)
        place(self.client("pc001").share, "X86.bin/Pcmwin32.exe").write_bytes(old)
        self.set_phase("pc001", "UPGRADE")
        self.start("pc001")
        self.assertEqual(self.installed("pc001"), old)

    def test_while_a_component_runs_nothing_is_copied_and_the_phase_stays(self):
        self.stage_on_logon_servers()
        for phase in ("UPGRADE", "verify_files"):
            self.set_phase("pc001", phase)
            self.start("pc001", in_use=True)
            self.assertEqual(self.phase("pc001"), phase)
            self.assertNotEqual(self.installed("pc001"), HOTFIX[("Pcmwin32.exe", "x86")])
        log = find(self.lab.drive("pc001"), "MS/SMS/LOGS/Cli_nt.log").read_text("latin-1")
        self.assertIn("==> Client executable active: PCMWIN32.EXE", log)

    def test_a_listed_file_that_the_server_lacks_is_named_and_the_phase_stays(self):
        self.stage_on_logon_servers()
        lacking = find(self.client("pc001").share, "X86.bin/Smsrun32.exe")
        content = lacking.read_bytes()
        lacking.unlink()
        self.set_phase("pc001", "verify_files")
        self.start("pc001")
        self.assertEqual(self.ini("pc001", "WorkstationStatus", "FilesNotDownloaded"), "SMSRUN32.EXE")
        self.assertEqual(self.phase("pc001"), "verify_files")
        self.assertEqual(self.installed("pc001"), HOTFIX[("Pcmwin32.exe", "x86")])
        lacking.write_bytes(content)
        self.start("pc001")
        self.assertEqual(self.ini("pc001", "WorkstationStatus", "FilesNotDownloaded"), "")
        self.assertEqual(self.phase("pc001"), "INSTALLED")

    def test_a_full_disk_takes_no_file_and_the_client_stays_partial(self):
        self.stage_on_logon_servers()
        self.set_phase("pc001", "UPGRADE")
        old = self.installed("pc001")
        self.start("pc001", full_disk=True)
        self.assertEqual(self.ini("pc001", "WorkstationStatus", "FilesNotDownloaded"), "PCMWIN32.EXE")
        self.assertEqual((self.phase("pc001"), self.installed("pc001")), ("UPGRADE", old))

    def test_an_alpha_client_takes_alpha_files_and_windows_95_its_own_list(self):
        self.stage_on_logon_servers()
        for name in ("pc005", "pc008"):
            self.set_phase(name, "UPGRADE")
            self.start(name)
        self.assertEqual(self.installed("pc005"), HOTFIX[("Pcmwin32.exe", "alpha")])
        self.assertEqual(self.installed("pc008"), HOTFIX[("Pcmwin32.exe", "x86")])
        self.assertEqual(self.installed("pc008", "Pcmwin16.exe"), HOTFIX[("Pcmwin16.exe", "x86")])
        self.assertIsNone(find(self.lab.drive("pc001"), "MS/SMS/BIN/Pcmwin16.exe"))

    def test_a_changed_service_file_writes_a_ccr_that_goes_a_moment_later(self):
        client = self.client("pc001")
        place(client.share, "X86.bin/Wuser32.exe").write_bytes(b"MZ another")
        self.set_phase("pc001", "UPGRADE")
        self.start("pc001")
        request = find(client.share, f"Ccr.box/{client.unique_id}.CCR")
        self.assertIn("Machine Name=PC001", request.read_text("latin-1"))
        self.stand_ins.configurations["HQ"].step(10.0, NOON)
        self.assertTrue(request.exists())
        self.stand_ins.configurations["HQ"].step(10.6, NOON)
        self.assertFalse(request.exists())

    def test_an_upgrade_of_other_files_writes_no_ccr(self):
        self.stage_on_logon_servers()
        self.set_phase("pc001", "UPGRADE")
        self.start("pc001")
        self.assertEqual(list(find(self.client("pc001").share, "Ccr.box").glob("*.CCR")), [])

    def test_sms_ini_keeps_every_other_key_section_and_the_order(self):
        before = client_ini.load(self.lab.drive("pc001"))
        self.set_phase("pc001", "verify_files")
        self.start("pc001")
        self.assertEqual(client_ini.load(self.lab.drive("pc001")), before)

    def test_only_an_upgrade_loses_syncsends(self):
        for phase, left in (("verify_files", "1"), ("UPGRADE", "")):
            self.set_phase("pc001", phase)
            self.start("pc001")
            self.assertEqual(self.ini("pc001", "Sight", "SyncSends"), left)

    def test_pcmwin_log_has_the_gap_of_q237690_before_the_hotfix_and_none_after(self):
        self.start("pc001")
        self.assertEqual(self.gap("pc001"), 50)
        self.stage_on_logon_servers()
        self.set_phase("pc001", "UPGRADE")
        self.start("pc001")
        self.assertEqual(self.gap("pc001"), 0)

    def gap(self, name):
        lines = find(self.lab.drive(name), "MS/SMS/LOGS/Pcmwin.log").read_text("latin-1").splitlines()
        form = re.compile(r"^\[(\d\d/\d\d/\d\d \d\d:\d\d:\d\d)\] Package Command Manager ==> (.*)$")
        found = [form.match(line).groups() for line in lines][-6:]
        stamps = {text.split(":")[0]: datetime.strptime(at, "%m/%d/%y %H:%M:%S") for at, text in found}
        waited = stamps["Packages before filter"] - stamps["Looking for instruction file"]
        return waited.total_seconds()
