"""All the stand-ins of a lab on one clock: clients log on and restart, the site works its cycles.

`step` is called again and again with the time; tests call it with a time of their own.
"""

import hashlib
import sys

import client_setup
import ini_file
from behaviour import Behaviour
from case_blind import find
from maintenance_manager import MaintenanceManager
from power import Power, is_triggered

_PLATFORM_DIRECTORY = {"x86": "X86.bin", "alpha": "Alpha.bin"}


class StandIns:
    """Everything that Microsoft's programs and the users did, one thread, no waiting."""

    def __init__(self, lab, now):
        self._lab = lab
        self._power = Power(lab)
        self._manager = MaintenanceManager(lab)
        self._requests = {}
        self._sessions = {name: Session(name, lab, now) for name in lab.clients}

    def step(self, now, wall):
        """Does all that is due; what fails on one machine is told and leaves the others alone."""
        self._attempt("power", self._power.apply, now)
        self._attempt("Maintenance Manager", self._manager.step, now, wall)
        self._attempt("Client Configuration Manager", self._answer_requests, now)
        for name, session in self._sessions.items():
            self._attempt(name, session.step, now, wall, self._power)

    def _answer_requests(self, now):
        # Client Configuration Manager deletes a .CCR it could serve (Q168518); here always, a moment later.
        seen = {}
        for share in self._lab.logon_servers.values():
            box = find(share, "Ccr.box")
            for request in box.glob("*.CCR") if box else ():
                seen[request] = self._requests.get(request, now)
                if now - seen[request] >= self._lab.clock["request_takes"]:
                    request.unlink(missing_ok=True)
        self._requests = seen

    @staticmethod
    def _attempt(who, what, *arguments):
        try:
            what(*arguments)
        except OSError as error:
            # A drive may be switched off, or a file replaced, between two looks at it.
            print(f"lab-run: {who}: {error}", file=sys.stderr, flush=True)


class Session:
    """One client's days: a log-on, SMSRUN a moment later, and so on, each client at its own pace."""

    def __init__(self, name, lab, now):
        self._name = name
        self._lab = lab
        chance = hashlib.sha256(name.encode()).digest()
        every = lab.clock["logon_every"]
        self._every = every * (0.8 + 0.4 * chance[0] / 255)
        self._log_on_at = now + every * chance[1] / 255
        self._start_at = None
        self._found_in_use = 0

    def step(self, now, wall, power):
        """Logs the client on or starts SMSRUN, whichever is due."""
        marker = self._lab.restart_marker(self._name)
        asked = marker.exists()
        started = self._start_at is not None and now >= self._start_at
        if not (asked or started or now >= self._log_on_at):
            return
        if not self._lab.drive(self._name).exists():
            marker.unlink(missing_ok=True)
            self._log_on_at, self._start_at = now + self._every, None
            return
        with self._lab.lock(self._name, wait=False) as held:
            if not held:
                return  # Upgrade.bat runs there; nobody restarts in the middle of it
            if started:  # first: steps that come late must not put it off from log-on to log-on
                self._start_at = None
                self._start(wall)
            else:
                marker.unlink(missing_ok=True)
                self._log_on_at = now + self._every
                self._start_at = now + self._lab.clock["smsrun_after"]
                client_setup.at_log_on(self._client())
        power.apply_to(self._name, now)

    def _start(self, wall):
        found = self._lab.behaviours.get(self._name) or Behaviour("")
        if found.kind == "brick" and is_triggered(self._lab.drive(self._name)):
            return  # a dying disk copies nothing; Power takes it away in a moment
        in_use = found.kind == "in_use" and (found.value == 0 or self._found_in_use < found.value)
        faults = client_setup.Faults(
            in_use=in_use,
            missing_file=str(found.value) if found.kind == "missing_file" else "",
            full_disk=found.kind == "full_disk",
        )
        acted = client_setup.at_start(self._client(), wall, faults)
        if found.kind != "in_use":
            self._found_in_use = 0
        elif in_use and acted:
            self._found_in_use += 1

    def _client(self):
        drive, record = self._lab.drive(self._name), self._lab.clients[self._name]
        path = ini_file.get(client_setup.sms_ini(drive), "SMS", "LastLogonServerPath")
        server = path.strip("\\").split("\\")[0].upper()
        shares = self._lab.logon_servers
        return client_setup.Client(
            drive=drive,
            # A client whose Sms.ini names no server of the site takes the first one it finds.
            share=shares.get(server, next(iter(shares.values()))),
            platform_directory=_PLATFORM_DIRECTORY[record["platform"]],
            unique_id=record["unique_id"],
        )
