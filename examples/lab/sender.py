"""Stands in for Scheduler, Sender and Despooler between a site and a secondary site below it.

A touch of the parent's System.map sends all of Client.src, and the touch, to the secondary site
(Q107244 section 11). Files that are staged without a touch stay where they are (Q254532, Q314434).
"""

import json
import os

from case_blind import find, place, replace_file
from copy_list import NAMES
from maintenance_manager import state_file
from services import EXECUTIVE, Services

#: In work cycles of the parent: how long the way takes. Undocumented; a link's schedule may say days.
_TAKES = 2


class Sender:
    """What goes to one secondary site."""

    def __init__(self, lab, site):
        self._site = site
        self._parent = lab.sites[site.parent]
        self._known = state_file(lab, self._parent)
        self._state = lab.root / "state" / f"sender.{site.name}.json"
        self._takes = _TAKES * lab.clock["work_cycle_every"]
        self._services = Services(lab, self._parent)
        self._since = None

    def remember_sent(self):
        """Takes the parent's System.map as it is for sent; make-lab calls it once."""
        self._state.write_text(json.dumps({"sent": self._seen()}) + "\n")

    def step(self, now, wall):
        """Sends what the parent's Maintenance Manager has seen of its System.map and was not sent yet."""
        del wall
        seen = self._seen()
        if seen == json.loads(self._state.read_text())["sent"]:
            self._since = None
            return
        self._since = now if self._since is None else self._since
        if now - self._since < self._takes or not self._services.runs(EXECUTIVE):
            return
        self._send_files()
        self._send_touch()
        self._state.write_text(json.dumps({"sent": seen}) + "\n")

    def _seen(self):
        return json.loads(self._known.read_text())["system_map"]

    def _send_files(self):
        """Everything but copy lists, which each site makes of its own System.map; nothing is deleted."""
        top = self._parent.client_src
        lists = {name.lower() for name in NAMES.values()}
        for source in sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink()):
            relative = source.relative_to(top)
            target = place(self._site.client_src, relative)
            if str(relative).lower() in lists:
                continue
            content = source.read_bytes()
            if target.is_file() and target.read_bytes() == content:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            replace_file(target, content, source.stat().st_mtime)

    def _send_touch(self):
        # The time goes along and the text does not: an entry that is edited in at the parent has to be
        # edited in here as well (undocumented). A later touch of the secondary's own is one already.
        theirs = find(self._parent.root, "System.map").stat().st_mtime
        path = find(self._site.root, "System.map")
        if path is not None and path.stat().st_mtime < theirs:
            os.utime(path, (theirs, theirs))
