"""Switches clients off and on: a client that is off has no folder under clients/.

Its drive waits under away/ and comes back as it was. A dead disk (brick) is the same, for good.
"""

import os

import client_ini
import ini_file

#: Phases in which SMSRUN acts: Upgrade.bat sets the first, a forced update one of the others (Q166771).
TRIGGERED = ("upgrade", "verify_files", "verifying_files")


def is_triggered(drive):
    """Whether the client's Sms.ini says that an upgrade is under way."""
    return setup_phase(client_ini.load(drive)) in TRIGGERED


def setup_phase(sms_ini):
    """[Local] SetupPhase in lower case: articles spell its values both ways."""
    return ini_file.get(sms_ini, "Local", "SetupPhase").lower()


class Power:
    """Applies off, late and brick to every client."""

    def __init__(self, lab):
        self._lab = lab
        self._late_since = {}

    def apply(self, now):
        """Moves drives to where behaviours want them; `now` counts a late client's seconds."""
        for name in self._lab.clients:
            self.apply_to(name, now)

    def apply_to(self, name, now):
        """The same for one client."""
        found = self._lab.behaviours.get(name)
        kind = found.kind if found else ""
        if kind != "late":
            self._late_since.pop(name, None)
        elif now - self._late_since.setdefault(name, now) >= found.value:
            self._lab.behaviours.clear(name)
            kind = ""
        here, away = self._lab.drive(name), self._lab.away(name)
        if kind in ("off", "late"):
            _move(here, away)
        elif kind == "brick":
            if here.exists() and is_triggered(here):
                _move(here, away)
        elif away.exists():
            _move(away, here)


def _move(source, target):
    try:
        os.rename(source, target)
    except FileNotFoundError:
        pass  # it is there already, or another process moved it just now
