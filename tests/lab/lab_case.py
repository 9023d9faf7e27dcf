"""What the lab's tests share: a small lab, a clock of the test's own, and a look at a whole tree."""

import contextlib
import os
import shutil
import sys
import tempfile
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
LAB = Path(__file__).resolve().parents[2] / "examples" / "lab"
sys.path.insert(0, str(LAB))

import articles
import client
import client_ini
import copy_list
import ini_file
import machines
import plan_text
import site_tree
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
    plan = plan_text.Options(options.get("tool", "plain-batch"))
    quick = mock.patch.object(site_tree, "compiled_client_setup", lambda: b"")
    with contextlib.nullcontext() if options.get("compiled") else quick:
        return world.build(root, records, behaviours, dict(CLOCK), plan)


HOTFIX = {(program.name, program.cpu): program.content() for program in articles.HOTFIX}


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
        return ini_file.get(client_ini.load(self.lab.drive(name)), section, key)

    def phase(self, name):
        return self.ini(name, "Local", "SetupPhase")

    def set_phase(self, name, value):
        client_ini.edit(self.lab.drive(name), ("Local", "SetupPhase", value))

    def installed(self, name, file="Pcmwin32.exe"):
        return find(self.lab.drive(name), f"MS/SMS/BIN/{file}").read_bytes()

    def client(self, name):
        return client.of_lab(self.lab, name)

    def version(self, folder, name="Cl_nt.txt"):
        return copy_list.version(find(folder, name).read_text("latin-1"))
