"""Clients of each operating system: their Sms.ini, their copy list, their way through an upgrade."""

import re

from lab_case import NOON, ArticleCase, LabCase, build

import client_ini
import machines
from case_blind import find, place

SYSTEMS = {"nt": 5, "win95": 2, "win16": 1, "dos": 2, "os2": 2}


class Records(LabCase):
    def test_systems_take_turns_and_every_fifth_nt_client_is_an_alpha(self):
        records = list(machines.clients_by_system(SYSTEMS, 4).values())
        self.assertEqual([record["os"] for record in records[:6]], ["nt", "win95", "win16", "dos", "os2", "nt"])
        alphas = [record for record in records if record["platform"] == "alpha"]
        self.assertEqual([record["os"] for record in alphas], ["nt"])
        self.assertEqual([record["ring"] for record in records].count("canary"), 4)

    def test_the_option_gives_these_clients_and_refuses_others(self):
        made = self.root.parent / "made"
        code, _ = self.run_tool("make-lab", made, "--no-wine", "--os", "nt=1,os2=2", "--canary", "0")
        rows = (made / "clients.csv").read_text().splitlines()[1:]
        self.assertEqual((code, [row.split(",")[4] for row in rows]), (0, ["nt", "os2", "os2"]))
        for wrong in ("vms=1", "nt", "nt=1,nt=2"):
            code, said = self.run_tool("make-lab", self.root.parent / "no", "--no-wine", "--os", wrong)
            self.assertEqual(code, 1)
            self.assertIn("nt, win95, win16, dos, os2", said)


class BySystem(ArticleCase):
    """Q241656 has files for DOS, 16 and 32 bits; Q255284's OS/2 has none, so Invos2 stands in for it."""

    ARTICLE = "Q241656"
    SYSTEMS = SYSTEMS
    OPTIONS = {"ini_in_windows": ("pc001", "pc002")}

    def batch(self, name, batch="Upgrade.bat"):
        share = self.client(name).share
        return self.run_tool("plain-batch", self.lab.drive(name), share, batch)

    def test_sms_ini_says_which_system_and_which_kind_of_machine(self):
        wanted = {"nt": "4", "win95": "5", "win16": "2", "dos": "1", "os2": "3"}
        for name, record in self.lab.clients.items():
            self.assertEqual(self.ini(name, "SMS", "OS"), wanted[record["os"]], name)
            kind = "Alpha-based PC" if record["platform"] == "alpha" else "X86-based PC"
            self.assertEqual(self.ini(name, "Local", "SystemType"), kind)

    def test_sms_ini_lies_in_the_windows_folder_where_it_was_asked_for(self):
        for name, folder in (("pc001", "WINNT"), ("pc002", "WINDOWS"), ("pc003", "")):
            drive = self.lab.drive(name)
            expected = find(drive, folder) if folder else drive
            self.assertEqual(client_ini.place(drive).parent, expected)
        self.pass_time(6)
        self.touch_system_map()
        self.pass_time(8)
        for name in ("pc001", "pc002"):
            self.assertEqual(self.ini(name, "SMS", "CopyListVersion"), self.version(self.lab.client_src))
            self.assertIsNone(find(self.lab.drive(name), "Sms.ini"))

    def test_each_system_takes_its_own_copy_lists_files(self):
        self.stage_payload()
        self.pass_time(2)
        self.touch_system_map()
        self.pass_time(8)
        for name, program in (("pc001", "Pcmwin32.exe"), ("pc003", "Pcmwin16.exe"), ("pc004", "Pcmdos_2.exe")):
            self.assertEqual(self.installed(name, program), self.payload(program), name)
        self.assertIsNone(find(self.lab.drive("pc004"), "MS/SMS/BIN/Pcmwin32.exe"))
        self.assertEqual(self.ini("pc005", "SMS", "CopyListVersion"), self.version(self.lab.client_src, "Cl_os2.txt"))

    def test_upgrade_bat_calls_the_systems_own_client_setup_and_sets_the_phase(self):
        for name, program in (("pc001", "cli_nt"), ("pc002", "cli_dos"), ("pc003", "cli_dos")):
            self.assertIn(f"Running {program} /u", self.batch(name)[1])
            self.assertEqual(self.phase(name), "UPGRADE")

    def test_on_dos_one_run_of_upgrade_bat_does_everything(self):
        self.stage_payload()
        self.pass_time(2)
        self.batch("pc004")
        self.assertEqual(self.phase("pc004"), "INSTALLED")
        self.assertEqual(self.installed("pc004", "Pcmdos_4.exe"), self.payload("Pcmdos_4.exe"))

    def test_os2_takes_upgrade_cmd_alone_and_no_other_system_takes_it(self):
        self.batch("pc005")
        self.assertEqual(self.phase("pc005"), "INSTALLED")
        self.assertIn("Running cli_os2 /u", self.batch("pc005", "Upgrade.cmd")[1])
        self.assertEqual(self.phase("pc005"), "UPGRADE")
        self.batch("pc001", "Upgrade.cmd")
        self.assertEqual(self.phase("pc001"), "INSTALLED")

    def test_a_forced_update_is_done_at_log_on_under_dos(self):
        place(self.client("pc004").share, "X86.bin/Getdisk.exe").write_bytes(b"MZ another")
        self.set_phase("pc004", "verify_files")
        session = self.stand_ins.sessions["pc004"]
        session._log_on_at = self.now
        self.now += 0.2
        session.step(self.now, NOON, self.stand_ins._power)
        self.assertEqual(self.installed("pc004", "Getdisk.exe"), b"MZ another")

    def test_client_setup_writes_the_log_that_is_named_after_it(self):
        for name in ("pc001", "pc002", "pc004", "pc005"):
            self.set_phase(name, "UPGRADE")
        self.pass_time(5)
        for name, log in (("pc001", "Cli_nt"), ("pc002", "Cli_dos"), ("pc004", "Cli_dos"), ("pc005", "Cli_os2")):
            text = find(self.lab.drive(name), f"MS/SMS/LOGS/{log}.log").read_text("latin-1")
            self.assertRegex(text, re.compile(r"^\[\d\d/\d\d/\d\d \d\d:\d\d:\d\d\] Client Setup ==> ", re.M))


class WithoutOs2(LabCase):
    def test_a_lab_without_os2_clients_has_no_upgrade_cmd(self):
        self.assertIsNone(find(self.lab.client_src, "Upgrade.cmd"))
        other = build(self.root.parent / "other", systems={"os2": 1}, canary=0)
        self.assertIsNotNone(find(other.client_src, "Upgrade.cmd"))
