"""All the stand-ins of a lab on one clock: clients log on and restart, the site works its cycles.

`step` is called again and again with the time; tests call it with a time of their own.
"""

import hashlib
import sys

import client
import client_setup
import download
from behaviour import Behaviour
from blank_keys import blank
from case_blind import find
from client_configuration import ClientConfiguration
from maintenance_manager import MOST_TMP, MaintenanceManager
from power import Power, is_triggered
from sender import Sender
from site_config_manager import SiteConfigManager


class StandIns:
    """Everything that Microsoft's programs and the users did, one thread, no waiting."""

    def __init__(self, lab, now):
        self._lab = lab
        self._power = Power(lab)
        self.managers = {site.name: MaintenanceManager(lab, site) for site in lab.sites.values()}
        self.configurations = {site.name: ClientConfiguration(lab, site) for site in lab.sites.values()}
        self._services = {}
        for name, site in lab.sites.items():
            self._services[f"{name}: Site Configuration Manager"] = SiteConfigManager(lab, site)
            self._services[f"{name}: Maintenance Manager"] = self.managers[name]
            self._services[f"{name}: Client Configuration Manager"] = self.configurations[name]
            if site.parent:
                self._services[f"{name}: Sender"] = Sender(lab, site)
        self.sessions = {name: Session(name, lab, now) for name in lab.clients}

    def step(self, now, wall):
        """Does all that is due; what fails on one machine is told and leaves the others alone."""
        self._attempt("power", self._power.apply, now)
        for server, share in self._lab.logon_servers.items():
            self._attempt(server, self._flood, server, share)
        for name, service in self._services.items():
            self._attempt(name, service.step, now, wall)
        for name, session in self.sessions.items():
            self._attempt(name, session.step, now, wall, self._power)

    def _flood(self, server, share):
        # F12: what clients without the right to finish their inventory leave behind (Q181630).
        if self._lab.behaviours.kind(server) != "tmp_flood":
            return
        box = find(share, "Inventry.box")
        for number in range(MOST_TMP + 1):
            (box / f"{number:08}.TMP").touch()
        self._lab.behaviours.clear(server)

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
        self._log_ons = 0
        self._done_so_often = 0

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
                self._log_on(asked, wall)
        power.apply_to(self._name, now)

    def _log_on(self, asked, wall):
        """A log-on, after a restart if one was asked for; users restart at every other log-on."""
        self._log_ons += 1
        if asked or self._log_ons % 2 == 0:
            download.finish_waiting(self._lab.drive(self._name))
        mine = self._client()
        if self._lab.behaviours.kind(self._name) == "blank_keys":
            blank(mine)
            self._lab.behaviours.clear(self._name)
        client_setup.at_log_on(mine, wall, client_setup.faults_of(self._lab, self._name))
        if mine.system == "dos":  # no SMSRUN there: one run does everything (Resource Guide S3D1C)
            self._start_at = None
            self._start(wall)

    def _start(self, wall):
        found = self._lab.behaviours.get(self._name) or Behaviour("")
        if found.kind == "brick" and is_triggered(self._lab.drive(self._name)):
            return  # a dying disk copies nothing; Power takes it away in a moment
        so_often = found.kind in ("in_use", "interrupted")
        again = so_often and (found.value == 0 or self._done_so_often < found.value)
        faults = client_setup.faults_of(
            self._lab,
            self._name,
            in_use=again and found.kind == "in_use",
            interrupted=again and found.kind == "interrupted",
        )
        acted = client_setup.at_start(self._client(), wall, faults)
        if not so_often:
            self._done_so_often = 0
        elif again and acted:
            self._done_so_often += 1

    def _client(self):
        return client.of_lab(self._lab, self._name)
