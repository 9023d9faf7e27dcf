"""Stands in for SMS_MAINTENANCE_MANAGER: keeps logon servers equal to Client.src, makes copy lists.

One `step` does one thing: it begins a work cycle or works on one logon server, for the real one takes
them one after another (Q200769). What no article says is decided here and marked "undocumented".
"""

import json
from pathlib import PurePath

import copy_list
import sms_log
import system_map
from behaviour import MAINTENANCE_MANAGER
from case_blind import find, place, replace_file
from services import EXECUTIVE, MAINTENANCE, Services

#: More .TMP files than that in one Inventry.box hang it; the article speaks of thousands (Q181630).
MOST_TMP = 1000
_COMPONENT = "SMS_MAINTENANCE_MANAGER"
_THREAD = 0x12D


class MaintenanceManager:
    """Reads and writes one site server's tree and its logon servers, and nothing else.

    What it saw last of System.map is kept in a file, as a restart of the service forces nothing."""

    def __init__(self, lab, site):
        self._lab = lab
        self._site = site
        self._machine = lab.service_machine(MAINTENANCE_MANAGER, site.name)
        self._state = state_file(lab, site)
        self._services = Services(lab, site)
        self._restarts = self._count_restarts()
        self._hangs = False
        self._next_cycle = 0.0
        self._queue = []
        self._pending_since = {}
        self._known_equal = {}

    def step(self, now, wall):
        """Does what is due at `now` (seconds); `wall` is the date for the log."""
        if not self._services.runs(MAINTENANCE):
            self._queue = []
            return
        if self._restarts != self._count_restarts():
            # A restart is how an operator gets a work cycle at once (Q181630, Q286387).
            self._restarts, self._next_cycle = self._count_restarts(), now
            self._hangs, self._queue = False, []
        if self._hangs or self._lab.behaviours.kind(self._machine) == "dead":
            self._queue = []
            return  # F11: a hung service shows by its log standing still (Q168460)
        if self._queue:
            self._work_on(self._queue.pop(0), now, wall)
        elif now >= self._next_cycle:
            self._next_cycle = now + self._lab.clock["work_cycle_every"]
            self._look_at_system_map(wall)
            self._queue = list(self._site.logon_servers)

    def remember_system_map(self):
        """Takes System.map as it is for known; make-lab calls it once."""
        self._state.write_text(json.dumps({"system_map": self._stamp()}) + "\n")

    def _look_at_system_map(self, wall):
        # Q166771: a System.map with a new time means that the site was upgraded: *all* copy lists are
        # made anew, with a new CopyListVersion. Whether "new" is "changed" or "later" is undocumented;
        # changed is taken. Stamps count in steps of two seconds, as FAT keeps them.
        try:
            stamp = self._stamp()
        except OSError:
            return
        if stamp == json.loads(self._state.read_text())["system_map"]:
            return
        try:
            text = find(self._site.root, "System.map").read_bytes().decode("latin-1")
            entries = system_map.entries(text)
        except system_map.DamagedMap as damage:
            # Q122179: a damaged map is event 237 and no copy list.
            self._log(wall, f"~ERROR: event 237, System.map is damaged: {damage}")
            return
        version = self._new_version(wall)
        for system, name in copy_list.NAMES.items():
            text = copy_list.compose(entries, system, version)
            replace_file(place(self._site.client_src, name), text.encode("latin-1"))
        self._log(wall, f"~System.map has changed, copy lists made with version {version}")
        self._state.write_text(json.dumps({"system_map": stamp}) + "\n")

    def _new_version(self, wall):
        """A CopyListVersion no list has had: the time as in the articles' sample, or the next free."""
        used = [0]
        for name in copy_list.NAMES.values():
            path = find(self._site.client_src, name)
            number = copy_list.version(path.read_text("latin-1")) if path else ""
            used.append(int(number) if number.isdigit() else 0)
        return max(int(wall.timestamp()), max(used) + 1)

    def _work_on(self, server, now, wall):
        share = self._site.logon_servers[server]
        found = self._lab.behaviours.get(server)
        if found and found.kind == "never":
            # F10: a failed disk check skips the server, cycle after cycle (Q200769).
            self._log(wall, f"~Working on logon server {server}")
            self._log(wall, "~Free disk space check failed (error 144), skipping...")
            return
        if self._stumbles(share, found.kind if found else ""):
            return
        differing = self._differing(share)
        if not differing:
            self._pending_since.pop(server, None)
        elif found and found.kind == "lag":
            # Q200747: a logon server may have to wait "one or more days".
            if now - self._pending_since.setdefault(server, now) < found.value:
                return
        self._log(wall, f"~Working on logon server {server}")
        for relative, source in differing:
            self._copy(source, place(share, relative))
        self._pending_since.pop(server, None)

    def _stumbles(self, share, kind):
        """Whether this server stops the whole work cycle, and all that come after it."""
        if kind == "full_disk":
            # F11: the write waits for someone to press OK, and Domain.ini is left half written (Q168460).
            place(share, "DOMAIN._._").write_bytes(b"")
            return True
        box = find(share, "Inventry.box")
        # F12: thousands of stranded files hang it until they are gone and it is restarted (Q181630).
        self._hangs = box is not None and sum(path.suffix == ".TMP" for path in box.iterdir()) > MOST_TMP
        return self._hangs

    def _differing(self, share):
        """What Client.src has and this server has not, or has otherwise: [(path, source)].

        Whether the real one compares sizes, dates or bytes is undocumented: bytes. What the server has
        and Client.src has not stays: nothing is ever deleted there (Q193746, Q269768). The order within
        a pass is undocumented too: copy lists go *first*, which is the worst case for clients, so
        that a plan which forces an update before its files are out comes to grief here."""
        lists = {name.lower() for name in copy_list.NAMES.values()}
        files = _files_below(self._site.client_src, "")
        files.sort(key=lambda each: (each[1].name.lower() not in lists, str(each[1])))
        # Mstest beside Client.src goes out as it is (Resource Guide S3CEB).
        files += sorted(_files_below(self._site.client_src.parent / "Mstest", "Mstest"))
        differing = []
        for relative, source in files:
            target = find(share, relative)
            if target is None or not self._equal(source, target):
                differing.append((relative, source))
        return differing

    def _equal(self, source, target):
        """Compares bytes; a pair seen equal is not read again while both keep inode, size and time."""
        try:
            marks = tuple((s.st_ino, s.st_size, s.st_mtime_ns) for s in (source.stat(), target.stat()))
            if marks[0][1] != marks[1][1]:
                return False
            if self._known_equal.get(target) == marks:
                return True
            if source.read_bytes() != target.read_bytes():
                return False
        except FileNotFoundError:
            return not source.exists()
        self._known_equal[target] = marks
        return True

    @staticmethod
    def _copy(source, target):
        try:
            content, mtime = source.read_bytes(), source.stat().st_mtime
        except FileNotFoundError:
            return  # gone between looking and copying; the next cycle looks again
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, content, mtime)

    def _count_restarts(self):
        return self._services.restarts(MAINTENANCE) + self._services.restarts(EXECUTIVE)

    def _stamp(self):
        path = find(self._site.root, "System.map")
        if path is None:
            raise FileNotFoundError("System.map")
        return int(path.stat().st_mtime) // 2

    def _log(self, wall, text):
        path = place(self._site.root, "Logs/Maintman.log")
        sms_log.append(path, sms_log.server_line(wall, _COMPONENT, _THREAD, text))


def state_file(lab, site):
    """Where a site's Maintenance Manager keeps what it saw last of System.map."""
    which = f".{site.name}" if site.parent else ""
    return lab.root / "state" / f"maintenance_manager{which}.json"


def _files_below(top, prefix):
    files = [path for path in top.rglob("*") if path.is_file() and not path.is_symlink()]
    return [(PurePath(prefix) / path.relative_to(top), path) for path in files]
