"""The real Upgrade.bat under Wine's cmd."""

import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from lab_case import HAS_WINE, LAB, build, tree

import client_ini
import ini_file
import wine_processes
from case_blind import find


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

    def start(self, name, batch="Upgrade.bat", lab=None):
        lab = lab or self.lab
        share = lab.logon_servers["S768AA0"]
        command = [sys.executable, str(LAB / "wine-batch"), str(lab.drive(name)), str(share), batch]
        return subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)

    def call(self, name, batch="Upgrade.bat", lab=None):
        running = self.start(name, batch, lab)
        output, _ = running.communicate(timeout=90)
        return running.returncode, output

    def phase(self, name):
        return ini_file.get(client_ini.load(self.lab.drive(name)), "Local", "SetupPhase")

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

    def test_the_windows_folders_sms_ini_is_edited_where_it_lies(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        hidden = ("pc001", "pc002", "pc005")  # WINNT, WINDOWS, OS2
        systems = {"nt": 1, "win95": 1, "win16": 1, "dos": 1, "os2": 1}
        lab = build(Path(folder.name) / "lab", compiled=True, systems=systems, ini_in_windows=hidden)
        for name, batch, setup in (
            ("pc001", "Upgrade.bat", b"cli_nt"),
            ("pc002", "Upgrade.bat", b"cli_dos"),
            ("pc003", "Upgrade.bat", b"cli_dos"),
            ("pc005", "Upgrade.cmd", b"cli_os2"),
        ):
            place = client_ini.place(lab.drive(name))
            before = tree(lab.drive(name)).keys()
            _, output = self.call(name, batch, lab)
            self.assertIn(b"Running " + setup + b" /u", output)
            self.assertIn(b"SetupPhase=UPGRADE", place.read_bytes(), name)
            self.assertEqual(tree(lab.drive(name)).keys(), before)
        lab.behaviours.put("pc004", "ini_locked")
        self.assertIn(b"Problem opening or creating SMS.INI", self.call("pc004", lab=lab)[1])
        self.assertIn(b"SetupPhase=INSTALLED", client_ini.place(lab.drive("pc004")).read_bytes())
        lab.behaviours.clear("pc004")
        self.call("pc004", lab=lab)  # DOS: all of it in one run (Resource Guide S3D1C)
        self.assertIn("Verifying", find(lab.drive("pc004"), "MS/SMS/LOGS/Cli_dos.log").read_text("latin-1"))

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
