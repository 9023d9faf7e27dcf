"""What the lab's tests share: a small lab, a clock of the test's own, and a look at a whole tree."""

import contextlib
import os
import shutil
import subprocess
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
import contents
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
    systems = options.get("systems")
    records = machines.clients_by_system(systems, canary) if systems else machines.clients(count, canary)
    for name in options.get("ini_in_windows", ()):
        records[name]["sms_ini"] = "windows"
    behaviours = options.get("behaviours", {})
    plan = plan_text.Options(
        options.get("tool", "plain-batch"), options.get("method", ""), "contents" in options
    )
    quick = mock.patch.object(site_tree, "compiled_client_setup", lambda: b"")
    with contextlib.nullcontext() if options.get("compiled") else quick:
        return world.build(
            root,
            records,
            behaviours,
            dict(CLOCK),
            plan,
            options.get("contents"),
            options.get("sites", ("HQ",)),
        )


HOTFIX = {(program.name, program.cpu): program.content() for program in articles.HOTFIX}


class LabCase(unittest.TestCase):
    """A fresh lab of ten clients (pc005, pc010: Alpha; pc008: Windows 95) and its stand-ins; other labs
    by `OPTIONS` of build."""

    OPTIONS = {}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "lab"
        self.lab = build(self.root, **self.OPTIONS)
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

    def run_tool(self, tool, *arguments):
        """A program of the lab: (exit code, what it printed and said)."""
        command = [sys.executable, str(LAB / tool), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout + done.stderr


class ArticleCase(LabCase):
    """A lab of `ARTICLE` with `SYSTEMS`, made in memory once for all tests of a class."""

    ARTICLE = "Q193031"
    SYSTEMS = {"nt": 1, "win95": 1, "win16": 1, "dos": 1, "os2": 1}
    LANGUAGE = "00000409"

    @classmethod
    def setUpClass(cls):
        cls.contents = contents.of_article(cls.ARTICLE, cls.LANGUAGE)
        cls.OPTIONS = {**cls.OPTIONS, "contents": cls.contents, "systems": cls.SYSTEMS}

    def payload(self, name, cpu="x86"):
        """The bytes that the article supplies."""
        path = find(self.root / "hotfix" / cpu, name)
        return path.read_bytes() if path else None

    def staged(self, place, site="HQ"):
        """A file under <SMS_root>; None when there is none."""
        path = find(self.lab.sites[site].root, place)
        return path.read_bytes() if path else None

    def stage_payload(self, site="HQ"):
        """Copies every file of the hotfix to where the article wants it."""
        for program in self.contents.payload:
            for folder in program.places:
                target = place(self.lab.sites[site].root, f"{folder}/{program.name}")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(program.content())

    def edit_system_map(self, *changes, site="HQ"):
        """Replaces text in System.map, each once, and gives it a new time."""
        path = self.lab.sites[site].root / "System.map"
        text = path.read_bytes().decode("latin-1")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        path.write_bytes(text.encode("latin-1"))
