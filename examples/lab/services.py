"""The services of a site, on the site server and on its logon servers: running or stopped.

Each has a small file, `state/services/SITE/NAME`; no file: it runs. Names are those of Q168682, Q181630,
Q243159, Q270697, Q314434. `state/services/SITE.log` gets a line whenever one is started or stopped, and by
whom, so that a test can tell that a service was started again.
"""

import hashlib
from datetime import datetime, timezone

from case_blind import find, replace_file

EXECUTIVE = "SMS_EXECUTIVE"
SITE_CONFIG = "SMS_SITE_CONFIG_MANAGER"
HIERARCHY = "SMS_HIERARCHY_MANAGER"
#: A thread of SMS_EXECUTIVE that SMS Service Manager stops and starts by itself (Q286387, Q151223).
MAINTENANCE = "SMS_MAINTENANCE_MANAGER"
INVENTORY = "SMS_INVENTORY_AGENT_NT"
PACKAGE_COMMAND = "SMS_PACKAGE_COMMAND_MANAGER_NT"
CLIENT_CONFIG = "SMS_CLIENT_CONFIG_MANAGER"

#: Q314434 writes the longer name.
_ALIASES = {"SMS_CLIENT_CONFIGURATION_MANAGER": CLIENT_CONFIG}
#: What runs from Helper.srv (Q243159, Q314434, Q166765).
PROGRAMS = {INVENTORY: "Invwin32.exe", PACKAGE_COMMAND: "Pcmsvc32.exe", CLIENT_CONFIG: "Clicfg.exe"}


class Services:
    """The services of one site."""

    def __init__(self, lab, site):
        self._site = site
        self._folder = lab.root / "state" / "services" / site.name
        self._log = lab.root / "state" / "services" / f"{site.name}.log"

    @property
    def names(self):
        """All of them; Hierarchy Manager runs on primary sites alone."""
        primary = (HIERARCHY,) if not self._site.parent else ()
        return (EXECUTIVE, SITE_CONFIG, *primary, MAINTENANCE, INVENTORY, PACKAGE_COMMAND, CLIENT_CONFIG)

    def known(self, name):
        """The service's own name, whatever case and name it was called by; None for no service."""
        upper = _ALIASES.get(name.upper(), name.upper())
        return upper if upper in self.names else None

    def runs(self, name):
        """Whether it runs; a thread of SMS_EXECUTIVE does only while that runs."""
        if name == MAINTENANCE and not self.runs(EXECUTIVE):
            return False
        return self._state(name).split()[:1] != ["stopped"]

    def stop(self, name, by):
        """Stops it; whether it ran."""
        return self._change(name, "stopped", by)

    def start(self, name, by):
        """Starts it with the program that lies in Helper.srv now; whether it was stopped."""
        program = self.program(name)
        return self._change(name, f"running {program}".strip(), by)

    def program(self, name):
        """`NAME sha256=…` of the file in the site server's Helper.srv; "" for what has none there."""
        path = find(self._site.root, f"Helper.srv/X86.bin/{PROGRAMS[name]}") if name in PROGRAMS else None
        return f"{path.name} sha256={hashlib.sha256(path.read_bytes()).hexdigest()}" if path else ""

    def describe(self, name):
        """`running`, `running PROGRAM sha256=…` (the program it was started with) or `stopped`."""
        return self._state(name) if self.runs(name) else "stopped"

    def restarts(self, name):
        """How often it was started: a stand-in that sees the number grow has been restarted."""
        wanted = f" {name} running"
        try:
            return sum(wanted in line for line in self._log.read_text().splitlines())
        except FileNotFoundError:
            return 0

    def _state(self, name):
        try:
            return (self._folder / name).read_text().strip()
        except FileNotFoundError:
            return "running"

    def _change(self, name, text, by):
        if self._state(name).split()[0] == text.split()[0]:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._folder / name, f"{text}\n".encode())
        stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        with open(self._log, "a", encoding="utf-8") as log:
            log.write(f"{stamp} {name} {text} by {by}\n")
        return True
