"""What machines do that were told to misbehave, and the tools that tell them."""

import contextlib
import io
import signal
import subprocess
import sys
from datetime import timedelta

from lab_case import HOTFIX, LAB, NOON, LabCase, tree

import behaviour
import power
from case_blind import find, place


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
        held = [content for content, _ in tree(self.lab.away("pc003")).values()]
        self.assertNotIn(HOTFIX[("Pcmwin32.exe", "x86")], held)

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
        session = self.stand_ins.sessions["pc003"]
        session._log_on_at, session._start_at = self.now + 1000, None
        self.pass_time(2)
        self.assertEqual(self.phase("pc003"), "UPGRADE")
        self.lab.restart_marker("pc003").touch()
        self.pass_time(0.8)
        self.assertEqual(self.phase("pc003"), "INSTALLED")
        self.assertFalse(self.lab.restart_marker("pc003").exists())

    def test_a_start_is_not_put_off_by_log_ons_when_steps_come_late(self):
        self.set_phase("pc003", "UPGRADE")
        for _ in range(3):  # a busy machine: more than one log-on was due since the last step
            self.now += 10
            self.stand_ins.step(self.now, NOON + timedelta(seconds=self.now))
        self.assertEqual(self.phase("pc003"), "INSTALLED")

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
