"""What a machine of the lab can be told to do wrong, and where that is kept.

One small file a machine, `behaviours/NAME`, holding KIND or KIND=VALUE; no file means good conduct.
The stand-ins read it each time they need it, so a change counts at once.
"""

import re
from dataclasses import dataclass

from case_blind import replace_file

#: What each kind takes after the equals sign: a number with its default, a name, or nothing.
CLIENT_KINDS = {
    "off": None,
    "late": "seconds",
    "brick": None,
    "fail": None,
    "hang": None,
    "garble": None,
    "in_use": 3,
    "missing_file": "NWNETAPI.DLL",
    "full_disk": None,
    "locked_file": "WUSER32.EXE",
    "interrupted": 1,
    "ccm_denied": None,
    "other_os": None,
    "ini_locked": None,
    "blank_keys": None,
}
SERVER_KINDS = {"lag": "seconds", "never": None, "full_disk": None, "tmp_flood": None}
MAINTENANCE_MANAGER = "maintenance-manager"
SITE_CONFIG_MANAGER = "site-config-manager"
#: What the services of each site can be told.
SERVICE_KINDS = {MAINTENANCE_MANAGER: {"dead": None}, SITE_CONFIG_MANAGER: {"locked": "PCMSVC32.EXE"}}


@dataclass(frozen=True)
class Behaviour:
    """One misbehaviour: its kind, and a number of seconds or restarts or a file name if it has one."""

    kind: str
    value: object = None

    def __str__(self):
        if self.value is None:
            return self.kind
        return f"{self.kind}={self.value:g}" if isinstance(self.value, float) else f"{self.kind}={self.value}"


def parse(text, kinds):
    """A Behaviour from KIND or KIND=VALUE; ValueError says what would have been right."""
    kind, equals, value = text.strip().partition("=")
    if kind not in kinds:
        raise ValueError(f"unknown behaviour {kind!r}; known here: {', '.join(kinds)}")
    wanted = kinds[kind]
    if wanted is None:
        if equals:
            raise ValueError(f"{kind} takes no value")
        return Behaviour(kind)
    if wanted == "seconds":
        if not re.fullmatch(r"\d+(\.\d+)?", value):
            raise ValueError(f"{kind} needs seconds, as in {kind}=5")
        return Behaviour(kind, float(value))
    if isinstance(wanted, int):
        if equals and not value.isdigit():
            raise ValueError(f"{kind} takes a number of restarts, as in {kind}={wanted}")
        return Behaviour(kind, int(value) if equals else wanted)
    if equals and not re.fullmatch(r"[\w.$~-]{1,64}", value):
        raise ValueError(f"{kind} takes a file name, as in {kind}={wanted}")
    return Behaviour(kind, value if equals else wanted)


class Behaviours:
    """The behaviours folder of a lab: get, put, clear."""

    def __init__(self, folder, kinds_of):
        self._folder = folder
        self._kinds_of = kinds_of

    def get(self, name):
        """The machine's Behaviour, or None."""
        try:
            text = (self._folder / name).read_text()
        except FileNotFoundError:
            return None
        return parse(text, self._kinds_of(name))

    def kind(self, name):
        """The machine's kind, "" for good conduct."""
        found = self.get(name)
        return found.kind if found else ""

    def put(self, name, text):
        """Sets it; ValueError for an unknown machine or kind."""
        found = parse(text, self._kinds_of(name))
        self._folder.mkdir(exist_ok=True)
        replace_file(self._folder / name, f"{found}\n".encode())
        return found

    def clear(self, name):
        """Back to good conduct."""
        self._kinds_of(name)
        (self._folder / name).unlink(missing_ok=True)
