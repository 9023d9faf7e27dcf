"""Pins the rules of the lab's stand-ins, on a clock of the test's own, and Upgrade.bat under real Wine.

Run: python3 -m unittest discover -s tests/lab -p lab_test.py
"""

import contextlib
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
LAB = Path(__file__).resolve().parents[2] / "examples" / "lab"
sys.path.insert(0, str(LAB))

import articles
import behaviour
import binary
import client_setup
import copy_list
import ini_file
import machines
import power
import sms_log
import system_map
import wine_processes
import world
from case_blind import find, place
from stand_ins import StandIns

CLOCK = {
    "tick": 0.2,
    "work_cycle_every": 1.0,
    "logon_every": 2.0,
    "smsrun_after": 0.4,
    "request_takes": 0.5,
    "speed": 1.0,
}
NOON = datetime(2001, 2, 3, 12, 0, 0)
HAS_WINE = bool(shutil.which("wine") and shutil.which("x86_64-w64-mingw32-gcc"))


def tree(root):
    """{path: (bytes, time)} of every file below root."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def build(root, count=10, canary=2, **options):
    records = machines.clients(count, canary)
    behaviours = options.get("behaviours", {})
    quick = mock.patch.object(world, "_compiled_client_setup", lambda: b"")
    with contextlib.nullcontext() if options.get("compiled") else quick:
        return world.build(root, records, behaviours, dict(CLOCK), options.get("tool", "plain-batch"))


class LabCase(unittest.TestCase):
    """A fresh lab of ten clients (pc005, pc010: Alpha; pc008: Windows 95) and its stand-ins."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "lab"
        self.lab = build(self.root)
        self.now = 0.0
        self.restart_stand_ins()

    def restart_stand_ins(self):
        self.stand_ins = StandIns(self.lab, self.now)

    def pass_time(self, seconds):
        end = self.now + seconds
        while self.now < end:
            self.now = round(self.now + CLOCK["tick"], 3)
            self.stand_ins.step(self.now, NOON + timedelta(seconds=self.now))

    def stage_hotfix(self):
        for program in articles.HOTFIX:
            folder = self.lab.client_src / f"{program.cpu.capitalize()}.bin"
            place(folder, program.name).write_bytes(program.content())

    def touch_system_map(self, later=10):
        path = self.lab.site_server / "System.map"
        stamp = path.stat().st_mtime + later
        os.utime(path, (stamp, stamp))

    def ini(self, name, section, key):
        return ini_file.get(client_setup.sms_ini(self.lab.drive(name)), section, key)

    def phase(self, name):
        return self.ini(name, "Local", "SetupPhase")

    def set_phase(self, name, value):
        ini_file.edit_file(self.lab.drive(name), "Sms.ini", ("Local", "SetupPhase", value))

    def installed(self, name, file="Pcmwin32.exe"):
        return find(self.lab.drive(name), f"MS/SMS/BIN/{file}").read_bytes()

    def client(self, name):
        return self.stand_ins._sessions[name]._client()

    def version(self, folder, name="Cl_nt.txt"):
        return copy_list.version(find(folder, name).read_text("latin-1"))


HOTFIX = {(program.name, program.cpu): program.content() for program in articles.HOTFIX}


class MakeLab(unittest.TestCase):
    def test_two_labs_of_the_same_options_are_equal_to_the_byte_and_the_second(self):
        with tempfile.TemporaryDirectory() as folder:
            labs = [Path(folder) / "one", Path(folder) / "two"]
            for root in labs:
                build(root, compiled=HAS_WINE, behaviours={"pc003": "off"})
            one, two = (tree(root) for root in labs)
            self.assertEqual(one.keys(), two.keys())
            # Those four are written now; all others carry a time that belongs to their story.
            now = ("lab.json", "behaviours/pc003", "state/maintenance_manager.json")
            for path, (content, stamp) in one.items():
                self.assertEqual(content, two[path][0], path)
                if path not in now:
                    self.assertEqual(stamp, two[path][1], path)

    def test_payloads_have_the_sizes_cpus_and_dates_of_q237690(self):
        expected = {
            ("Pcmwin32.exe", "x86"): (470_448, 0x14C),
            ("Pcmwin32.exe", "alpha"): (1_175_312, 0x184),
            ("Pcmwin16.exe", "x86"): (454_032, None),
        }
        self.assertEqual(expected.keys(), HOTFIX.keys())
        for key, (size, machine) in expected.items():
            content = HOTFIX[key]
            self.assertEqual(len(content), size)
            at = int.from_bytes(content[0x3C:0x40], "little")
            self.assertEqual(content[at : at + 2], b"PE" if machine else b"NE")
            if machine:
                self.assertEqual(int.from_bytes(content[at + 4 : at + 6], "little"), machine)
                stamp = datetime.fromtimestamp(binary.time_stamp(content) - 7200 * 2)
                self.assertEqual((stamp.year, stamp.month, stamp.day), (1999, 6, 22))

    def test_the_old_alpha_program_is_a_twin_in_size_alone(self):
        old = next(p for p in articles.PREDECESSORS if (p.name, p.cpu) == ("Pcmwin32.exe", "alpha"))
        self.assertEqual(old.size, 1_175_312)
        self.assertNotEqual(old.content(), HOTFIX[("Pcmwin32.exe", "alpha")])

    def test_the_plan_names_the_payloads_digests(self):
        text = (LAB.parent / "q237690" / "plan.yaml").read_text()
        digests = re.findall(r'sha256: "([0-9a-f]{64})"', text)
        order = [("Pcmwin32.exe", "x86"), ("Pcmwin32.exe", "alpha"), ("Pcmwin16.exe", "x86")]
        self.assertEqual(digests, [hashlib.sha256(HOTFIX[key]).hexdigest() for key in order])

    def test_the_plan_in_the_lab_names_the_labs_tools_by_full_path(self):
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder) / "lab")
            text = (Path(folder) / "lab" / "plan.yaml").read_text()
        self.assertIn(f'batch: ["{LAB}/plain-batch",', text)
        self.assertIn(f'run: ["{LAB}/lab-restart",', text)

    def test_rings_and_platforms_follow_the_options(self):
        records = machines.clients(40, 6)
        rings = [record["ring"] for record in records.values()]
        self.assertEqual((rings.count("canary"), rings.count("head-office")), (6, 34))
        platforms = [record["platform"] for record in records.values()]
        self.assertEqual(platforms.count("alpha"), 8)
        story = machines.story("default", records)
        self.assertEqual(sorted(story.values()), ["brick", "off"])
        self.assertTrue(all(records[name]["ring"] == "head-office" for name in story))

    def test_a_file_without_copylists_is_on_no_copy_list(self):
        text = system_map.compose({"INTEL X86": [("A.exe", 1, {"DOS:PCM": "SMS"}), ("B.exe", 1, {})]})
        self.assertEqual([entry.name for entry in system_map.entries(text)], ["A.exe"])


class MaintenanceManagerRules(LabCase):
    def test_what_differs_from_client_src_is_copied_to_every_logon_server_with_its_time(self):
        self.stage_hotfix()
        path = find(self.lab.client_src, "X86.bin/Pcmwin32.exe")
        os.utime(path, (930_057_120, 930_057_120))
        self.pass_time(2)
        for share in self.lab.logon_servers.values():
            copied = find(share, "X86.bin/Pcmwin32.exe")
            self.assertEqual(copied.read_bytes(), HOTFIX[("Pcmwin32.exe", "x86")])
            self.assertEqual(copied.stat().st_mtime, 930_057_120)
        # Staging alone forces nothing (Q237690).
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_a_file_of_the_same_size_and_time_but_other_bytes_is_copied(self):
        path = find(self.lab.client_src, "Alpha.bin/Pcmwin32.exe")
        stamp = path.stat().st_mtime
        self.pass_time(2)
        path.with_name("new").write_bytes(HOTFIX[("Pcmwin32.exe", "alpha")])
        os.replace(path.with_name("new"), path)
        os.utime(path, (stamp, stamp))
        self.pass_time(2)
        for share in self.lab.logon_servers.values():
            copied = find(share, "Alpha.bin/Pcmwin32.exe").read_bytes()
            self.assertEqual(copied, HOTFIX[("Pcmwin32.exe", "alpha")])

    def test_nothing_is_ever_deleted_on_a_logon_server(self):
        find(self.lab.client_src, "X86.bin/Getdisk.exe").unlink()
        self.touch_system_map()
        self.pass_time(4)
        for share in self.lab.logon_servers.values():
            self.assertIsNotNone(find(share, "X86.bin/Getdisk.exe"))

    def test_a_new_time_on_system_map_makes_all_copy_lists_anew_everywhere(self):
        before = self.version(self.lab.client_src)
        self.touch_system_map()
        self.pass_time(2)
        versions = {
            self.version(folder, name)
            for folder in (self.lab.client_src, *self.lab.logon_servers.values())
            for name in copy_list.NAMES.values()
        }
        self.assertEqual(len(versions), 1)
        self.assertNotEqual(versions, {before})

    def test_an_older_time_is_a_new_time_too(self):
        self.touch_system_map(later=-10)
        self.pass_time(2)
        self.assertNotEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_without_a_new_time_no_copy_list_is_made_whatever_system_map_holds(self):
        path = self.lab.site_server / "System.map"
        path.write_bytes(path.read_bytes() + b"\r\n")
        os.utime(path, (articles.SITE_SET_UP, articles.SITE_SET_UP))
        self.pass_time(3)
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_a_time_within_the_same_two_seconds_is_not_seen(self):
        self.touch_system_map(later=1)
        self.pass_time(3)
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))

    def test_one_new_time_makes_one_new_version_and_a_restart_of_the_service_none(self):
        self.touch_system_map()
        self.pass_time(2)
        version = self.version(self.lab.client_src)
        self.restart_stand_ins()
        self.pass_time(3)
        self.assertEqual(self.version(self.lab.client_src), version)

    def test_each_new_time_makes_a_version_never_used_before(self):
        seen = {self.version(self.lab.client_src)}
        for _ in range(3):
            self.touch_system_map()
            self.pass_time(1.2)
            seen.add(self.version(self.lab.client_src))
        self.assertEqual(len(seen), 4)

    def test_a_damaged_system_map_is_event_237_and_no_copy_list(self):
        path = self.lab.site_server / "System.map"
        path.write_bytes(path.read_bytes().replace(b"END", b"EN", 1))
        self.touch_system_map()
        self.pass_time(2)
        self.assertEqual(self.version(self.lab.client_src), str(articles.SITE_SET_UP))
        self.assertIn("event 237", self.log())

    def test_copy_lists_reach_a_logon_server_before_programs(self):
        self.stage_hotfix()
        self.touch_system_map()
        manager = self.stand_ins._manager
        manager._look_at_system_map(NOON)
        names = [str(path) for path, _ in manager._differing(self.lab.logon_servers["S768AA0"])]
        kinds = [name.lower().startswith("cl_") for name in names]
        self.assertEqual(kinds, [True] * 5 + [False] * 3)

    def test_while_it_is_dead_nothing_is_copied_and_its_log_stands_still(self):
        self.pass_time(1)
        log = self.log()
        self.lab.behaviours.put("maintenance-manager", "dead")
        self.stage_hotfix()
        self.touch_system_map()
        self.pass_time(5)
        self.assertEqual(self.log(), log)
        self.assertFalse(self.fresh("S768AA0"))
        self.lab.behaviours.clear("maintenance-manager")
        self.pass_time(2)
        self.assertTrue(self.fresh("S768AA0"))

    def test_a_lagging_logon_server_gets_files_and_lists_that_much_later(self):
        self.lab.behaviours.put("S768AA1", "lag=5")
        self.stage_hotfix()
        self.pass_time(4)
        self.assertEqual((self.fresh("S768AA0"), self.fresh("S768AA1")), (True, False))
        self.pass_time(4)
        self.assertTrue(self.fresh("S768AA1"))

    def test_a_logon_server_whose_disk_check_fails_is_skipped_for_ever(self):
        self.lab.behaviours.put("S768AA1", "never")
        self.stage_hotfix()
        self.pass_time(10)
        self.assertFalse(self.fresh("S768AA1"))
        self.assertIn("~Free disk space check failed (error 144), skipping...", self.log())

    def test_log_lines_have_the_documented_form(self):
        self.pass_time(2)
        form = re.compile(
            r"^(~*)(.*?)(~*)\s*\$\$<SMS_MAINTENANCE_MANAGER>"
            r"<\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}~><thread=[0-9A-F]+>$"
        )
        lines = self.log().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, form)
        self.assertIn("~Working on logon server S768AA1~   $$<", self.log())

    def fresh(self, server):
        content = find(self.lab.logon_servers[server], "X86.bin/Pcmwin32.exe").read_bytes()
        return content == HOTFIX[("Pcmwin32.exe", "x86")]

    def log(self):
        return place(self.lab.site_server, "Logs/Maintman.log").read_bytes().decode("latin-1")


class ClientSetupRules(LabCase):
    def stage_on_logon_servers(self):
        self.stage_hotfix()
        self.stand_ins._manager.step(0, NOON)
        for _ in self.lab.logon_servers:
            self.stand_ins._manager.step(0, NOON)

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
        self.stand_ins._answer_requests(10.0)
        self.assertTrue(request.exists())
        self.stand_ins._answer_requests(10.6)
        self.assertFalse(request.exists())

    def test_an_upgrade_of_other_files_writes_no_ccr(self):
        self.stage_on_logon_servers()
        self.set_phase("pc001", "UPGRADE")
        self.start("pc001")
        self.assertEqual(list(find(self.client("pc001").share, "Ccr.box").glob("*.CCR")), [])

    def test_sms_ini_keeps_every_other_key_section_and_the_order(self):
        before = client_setup.sms_ini(self.lab.drive("pc001"))
        self.set_phase("pc001", "verify_files")
        self.start("pc001")
        self.assertEqual(client_setup.sms_ini(self.lab.drive("pc001")), before)

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


class IniFile(unittest.TestCase):
    TEXT = "; top\r\n[SMS]\r\nOS = 4\r\nOdd line\r\n\r\n[local]\r\nSETUPPHASE=x\r\n"

    def test_names_are_compared_without_case_and_the_rest_stays_as_it_is(self):
        changed = ini_file.put(self.TEXT, "Local", "SetupPhase", "UPGRADE")
        self.assertEqual(changed, self.TEXT.replace("=x", "=UPGRADE"))
        self.assertEqual(ini_file.get(changed, "LOCAL", "setupphase"), "UPGRADE")

    def test_a_new_key_goes_to_the_end_of_its_section_and_a_new_section_to_the_end(self):
        self.assertIn("Odd line\r\nNew=1\r\n\r\n[local]", ini_file.put(self.TEXT, "SMS", "New", "1"))
        self.assertTrue(ini_file.put(self.TEXT, "More", "New", "1").endswith("[More]\r\nNew=1\r\n"))

    def test_a_dropped_key_takes_its_line_with_it(self):
        self.assertEqual(ini_file.drop(self.TEXT, "SMS", "os"), self.TEXT.replace("OS = 4\r\n", ""))


class ServerLogLine(unittest.TestCase):
    def test_days_and_months_are_english_whatever_the_locale(self):
        line = sms_log.server_line(NOON, "C", 0x12D, "~text")
        self.assertEqual(line, "~text~   $$<C><Sat Feb 03 12:00:00 2001~><thread=12D>\r\n")


class Behaviours(LabCase):
    def force(self, seconds):
        self.stage_hotfix()
        self.pass_time(2)
        self.touch_system_map()
        self.pass_time(seconds)

    def test_a_force_upgrades_every_client_that_is_on(self):
        self.force(8)
        for name, record in self.lab.clients.items():
            self.assertEqual(self.phase(name), "INSTALLED", name)
            self.assertEqual(self.installed(name), HOTFIX[("Pcmwin32.exe", record["platform"])], name)

    def test_a_client_that_is_off_has_no_drive_and_comes_back_as_it_was(self):
        before = tree(self.lab.drive("pc003"))
        self.lab.behaviours.put("pc003", "off")
        self.pass_time(5)
        self.assertFalse(self.lab.drive("pc003").exists())
        self.lab.behaviours.clear("pc003")
        power.Power(self.lab).apply(0)
        self.assertEqual(tree(self.lab.drive("pc003")), before)

    def test_a_late_client_comes_after_its_seconds_and_stays(self):
        self.lab.behaviours.put("pc003", "late=3")
        self.pass_time(2)
        self.assertFalse(self.lab.drive("pc003").exists())
        self.pass_time(2)
        self.assertTrue(self.lab.drive("pc003").exists())
        self.assertIsNone(self.lab.behaviours.get("pc003"))

    def test_a_client_that_bricks_is_there_until_it_is_triggered_and_never_again(self):
        self.lab.behaviours.put("pc003", "brick")
        self.pass_time(5)
        self.assertTrue(self.lab.drive("pc003").exists())
        self.force(8)
        self.assertFalse(self.lab.drive("pc003").exists())
        self.restart_stand_ins()
        self.pass_time(5)
        self.assertFalse(self.lab.drive("pc003").exists())
        self.assertNotIn(HOTFIX[("Pcmwin32.exe", "x86")], [c for c, _ in tree(self.lab.away("pc003")).values()])

    def test_a_bricking_client_dies_of_upgrade_bat_too(self):
        self.lab.behaviours.put("pc003", "brick")
        self.set_phase("pc003", "UPGRADE")
        self.pass_time(0.2)
        self.assertFalse(self.lab.drive("pc003").exists())

    def test_a_component_stays_in_use_for_so_many_restarts(self):
        self.lab.behaviours.put("pc003", "in_use=2")
        self.set_phase("pc003", "UPGRADE")
        phases = []
        for _ in range(3):
            self.lab.restart_marker("pc003").touch()
            self.pass_time(0.8)
            phases.append(self.phase("pc003"))
        self.assertEqual(phases, ["UPGRADE", "UPGRADE", "INSTALLED"])

    def test_a_missing_file_is_reported_until_it_is_no_longer_missing(self):
        self.lab.behaviours.put("pc003", "missing_file")
        self.force(8)
        self.assertEqual(self.ini("pc003", "WorkstationStatus", "FilesNotDownloaded"), "NWNETAPI.DLL")
        self.assertEqual(self.phase("pc003"), "verify_files")
        self.lab.behaviours.clear("pc003")
        self.pass_time(4)
        self.assertEqual(self.phase("pc003"), "INSTALLED")

    def test_a_requested_restart_happens_at_the_next_tick(self):
        self.pass_time(0.2)
        self.set_phase("pc003", "UPGRADE")
        session = self.stand_ins._sessions["pc003"]
        session._log_on_at, session._start_at = self.now + 1000, None
        self.pass_time(2)
        self.assertEqual(self.phase("pc003"), "UPGRADE")
        self.lab.restart_marker("pc003").touch()
        self.pass_time(0.8)
        self.assertEqual(self.phase("pc003"), "INSTALLED")
        self.assertFalse(self.lab.restart_marker("pc003").exists())

    def test_a_client_is_not_restarted_while_upgrade_bat_runs_there(self):
        self.set_phase("pc003", "UPGRADE")
        with self.lab.lock("pc003", wait=True):
            self.pass_time(5)
            self.assertEqual(self.phase("pc003"), "UPGRADE")
        self.pass_time(4)
        self.assertEqual(self.phase("pc003"), "INSTALLED")

    def test_one_failing_machine_leaves_the_others_alone(self):
        find(self.lab.drive("pc003"), "Sms.ini").unlink()
        place(self.lab.drive("pc003"), "Sms.ini").mkdir()
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            self.force(8)
        self.assertIn("lab-run: pc003:", errors.getvalue())
        self.assertEqual(self.installed("pc004"), HOTFIX[("Pcmwin32.exe", "x86")])

    def test_wrong_behaviours_are_refused_with_what_would_be_right(self):
        for name, text in (("pc001", "of"), ("pc001", "late"), ("pc001", "off=3"), ("S768AA0", "brick"),
                           ("pc001", "in_use=x"), ("pc001", "missing_file=../x"), ("nobody", "off")):
            with self.assertRaises(ValueError, msg=f"{name}={text}"):
                self.lab.behaviours.put(name, text)
        self.assertEqual(str(behaviour.parse("lag=5", behaviour.SERVER_KINDS)), "lag=5")


class Tools(LabCase):
    """The scripts, as processes."""

    def call(self, tool, *arguments, **options):
        command = [sys.executable, str(LAB / tool), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, timeout=30, check=False, **options)

    def upgrade(self, name, tool="plain-batch"):
        return self.call(tool, self.lab.drive(name), self.lab.logon_servers["S768AA0"], "Upgrade.bat")

    def test_plain_batch_sets_the_phase_and_touches_nothing_else(self):
        before = tree(self.lab.drive("pc001"))
        self.assertEqual(self.upgrade("pc001").returncode, 0)
        changed = {path for path, held in tree(self.lab.drive("pc001")).items() if held != before[path]}
        self.assertEqual({path.lower() for path in changed}, {"sms.ini"})
        self.assertEqual(self.phase("pc001"), "UPGRADE")

    def test_a_failing_client_prints_success_and_has_no_new_phase(self):
        self.lab.behaviours.put("pc001", "fail")
        done = self.upgrade("pc001")
        self.assertEqual((done.returncode, self.phase("pc001")), (0, "INSTALLED"))
        self.assertIn(b"first phase", done.stdout)

    def test_a_client_that_is_off_is_no_network_path(self):
        self.lab.behaviours.put("pc001", "off")
        power.Power(self.lab).apply(0)
        self.assertEqual(self.upgrade("pc001").returncode, 53)
        self.assertEqual(self.call("lab-restart", self.lab.drive("pc001")).returncode, 53)

    def test_names_that_are_more_than_a_batch_files_name_are_refused(self):
        for name in ("Upgrade.bat & echo x", "..\\Upgrade.bat", "Upgrade.exe", "X86.bin/Upgrade.bat"):
            done = self.call("plain-batch", self.lab.drive("pc001"), self.lab.logon_servers["S768AA0"], name)
            self.assertEqual(done.returncode, 2, name)

    def test_lab_restart_leaves_a_marker_outside_the_clients_drive(self):
        before = tree(self.lab.drive("pc001"))
        self.assertEqual(self.call("lab-restart", self.lab.drive("pc001")).returncode, 0)
        self.assertTrue(self.lab.restart_marker("pc001").exists())
        self.assertEqual(tree(self.lab.drive("pc001")), before)

    def test_lab_ctl_takes_effect_at_once_and_can_be_undone(self):
        self.call("lab-ctl", self.root, "set", "pc001", "off")
        self.assertFalse(self.lab.drive("pc001").exists())
        self.assertEqual(self.call("lab-ctl", self.root, "list").stdout, b"pc001\toff\n")
        self.call("lab-ctl", self.root, "clear", "pc001")
        self.assertTrue(self.lab.drive("pc001").exists())
        self.assertNotEqual(self.call("lab-ctl", self.root, "set", "pc001", "oof").returncode, 0)

    def test_lab_run_ends_cleanly_on_sigterm_and_alone_in_its_lab(self):
        running = self.run_lab()
        self.assertIn(b"runs already", self.call("lab-run", self.root).stderr)
        running.send_signal(signal.SIGTERM)
        self.assertEqual(running.wait(timeout=10), 0)

    def test_lab_run_ends_with_its_parent(self):
        parent = subprocess.Popen(["sleep", "60"])
        running = self.run_lab("--parent", str(parent.pid))
        parent.kill()
        parent.wait()
        self.assertEqual(running.wait(timeout=10), 0)

    def test_lab_run_ends_after_its_time(self):
        self.assertEqual(self.call("lab-run", self.root, "--for", "0.3").returncode, 0)

    def run_lab(self, *options):
        command = [sys.executable, str(LAB / "lab-run"), str(self.root), *options]
        running = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.addCleanup(running.stdout.close)
        self.addCleanup(lambda: running.poll() is None and (running.kill(), running.wait()))
        self.assertIn(b"lab is running", running.stdout.readline())
        return running


@unittest.skipUnless(HAS_WINE, "wine and x86_64-w64-mingw32-gcc are needed for the real Upgrade.bat")
class UpgradeBatUnderWine(unittest.TestCase):
    """One lab for all of it; each test has a client of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = Path(cls.folder.name) / "lab"
        cls.lab = build(cls.root, count=12, compiled=True, tool="wine-batch")
        cls.share = cls.lab.logon_servers["S768AA0"]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def start(self, name, batch="Upgrade.bat"):
        command = [sys.executable, str(LAB / "wine-batch"), str(self.lab.drive(name)), str(self.share), batch]
        return subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)

    def call(self, name, batch="Upgrade.bat"):
        running = self.start(name, batch)
        output, _ = running.communicate(timeout=90)
        return running.returncode, output

    def phase(self, name):
        return ini_file.get(client_setup.sms_ini(self.lab.drive(name)), "Local", "SetupPhase")

    def batch(self, name, *lines):
        (self.share / name).write_text("\r\n".join(("@echo off", *lines, "")))

    def processes(self, name):
        return wine_processes.living(self.lab.root / "wine" / name)

    def assert_ends(self, name):
        end = time.monotonic() + 5
        while self.processes(name) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(self.processes(name), [])

    def test_it_sets_the_phase_and_leaves_client_and_share_alone_otherwise(self):
        for name in ("pc001", "pc005", "pc008"):  # NT, Alpha and Windows 95, each by the same program
            before, share = tree(self.lab.drive(name)), tree(self.share)
            code, output = self.call(name)
            self.assertEqual(code, 0)
            self.assertIn(b"first phase", output)
            self.assertEqual(self.phase(name), "UPGRADE")
            after = tree(self.lab.drive(name))
            self.assertEqual(before.keys(), after.keys())
            for path, held in before.items():
                if path.lower() == "sms.ini":
                    expected = held[0].replace(b"SetupPhase=INSTALLED", b"SetupPhase=UPGRADE")
                    self.assertEqual(after[path][0], expected)
                else:
                    self.assertEqual(after[path], held)
            self.assertEqual(tree(self.share), share)
            self.assert_ends(name)

    def test_the_share_is_the_current_drive_and_the_exit_code_the_batchs(self):
        self.batch("where.bat", "cd", "exit /b 3")
        self.assertEqual(self.call("pc002", "where.bat"), (3, b"S:\\\r\n"))

    def test_what_a_batch_makes_in_the_root_of_c_is_the_clients(self):
        self.batch("make.bat", "echo new> C:\\New.txt", "echo more>> C:\\MS\\More.txt")
        self.call("pc002", "make.bat")
        drive = self.lab.drive("pc002")
        self.assertEqual((drive / "New.txt").read_bytes().strip(), b"new")
        self.assertIsNotNone(find(drive, "MS/More.txt"))
        for path in (drive / "New.txt", find(drive, "MS/More.txt")):
            path.unlink()

    def test_a_failing_client_looks_like_success_and_has_no_new_phase(self):
        self.lab.behaviours.put("pc003", "fail")
        code, output = self.call("pc003")
        self.assertEqual((code, self.phase("pc003")), (0, "INSTALLED"))
        self.assertIn(b"first phase", output)

    def test_a_garbling_client_prints_much_and_is_flagged_all_the_same(self):
        self.lab.behaviours.put("pc004", "garble")
        _, output = self.call("pc004")
        self.assertGreater(len(output), 200_000)
        self.assertIn(b"\x1b[2J", output)
        self.assertIn(b"\xff\xfe\xc0\x80", output)
        self.assertEqual(self.phase("pc004"), "UPGRADE")

    def test_sigterm_ends_a_hanging_batch_and_all_it_started(self):
        self.lab.behaviours.put("pc006", "hang")
        running = self.start("pc006")
        end = time.monotonic() + 10
        while not self.processes("pc006") and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
        self.assertIsNone(running.poll())
        running.terminate()
        self.assertEqual(running.wait(timeout=10), 128 + signal.SIGTERM)
        running.stdout.close()
        self.assert_ends("pc006")
        self.assertEqual(self.phase("pc006"), "INSTALLED")

    def test_a_hanging_batch_dies_with_a_killed_wine_batch(self):
        self.lab.behaviours.put("pc009", "hang")
        running = self.start("pc009")
        end = time.monotonic() + 10
        while len(self.processes("pc009")) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.3)
        running.kill()
        running.wait()
        running.stdout.close()
        self.assert_ends("pc009")

    def test_different_clients_can_be_upgraded_at_once(self):
        names = ("pc007", "pc010", "pc011", "pc012")
        running = [self.start(name) for name in names]
        for process in running:
            process.communicate(timeout=90)
        self.assertEqual([self.phase(name) for name in names], ["UPGRADE"] * 4)


if __name__ == "__main__":
    unittest.main()
