"""A lab folder: what lies where, and lab.json, which names its machines and its clock."""

import contextlib
import fcntl
import json
from pathlib import Path

import behaviour

_FORMAT = 1


class Lab:
    """One lab. Opening it reads lab.json and nothing else."""

    def __init__(self, root, settings):
        self.root = Path(root).resolve()
        self.settings = settings
        self.behaviours = behaviour.Behaviours(self.root / "behaviours", self._kinds_of)

    @classmethod
    def open(cls, root):
        """The lab in a folder; ValueError when there is none."""
        path = Path(root) / "lab.json"
        try:
            settings = json.loads(path.read_text())
        except FileNotFoundError:
            raise ValueError(f"{root} is no lab: it has no lab.json") from None
        if settings.get("format") != _FORMAT:
            raise ValueError(f"{path} has another format; make the lab again")
        return cls(root, settings)

    @classmethod
    def create(cls, root, clients, logon_servers, clock):
        """Writes lab.json and gives the lab."""
        settings = {
            "format": _FORMAT,
            "site_server": "hq/SMS",
            "logon_servers": logon_servers,
            "clients": clients,
            "clock": clock,
        }
        lab = cls(root, settings)
        (lab.root / "lab.json").write_text(json.dumps(settings, indent=1) + "\n")
        for folder in ("clients", "away", "behaviours", "state/restart", "state/locks"):
            (lab.root / folder).mkdir(parents=True)
        return lab

    @classmethod
    def of_client(cls, client_root):
        """(lab, client name) from a client's folder, `…/clients/NAME`."""
        path = Path(client_root)
        path = path.parent.resolve() / path.name
        if path.parent.name != "clients":
            raise ValueError(f"{client_root} is no client's folder of a lab")
        lab = cls.open(path.parent.parent)
        if path.name not in lab.clients:
            raise ValueError(f"the lab has no client {path.name!r}")
        return lab, path.name

    @property
    def clients(self):
        """Name to {platform, os, ring, unique_id}."""
        return self.settings["clients"]

    @property
    def clock(self):
        """Seconds: tick, work_cycle_every, logon_every, smsrun_after, request_takes; and speed."""
        return self.settings["clock"]

    @property
    def site_server(self):
        """<SMS_root> of the site server."""
        return self.root / self.settings["site_server"]

    @property
    def client_src(self):
        """Client.src: what Maintenance Manager copies to the logon servers."""
        return self.site_server / "Site.srv" / "Maincfg.box" / "Client.src"

    @property
    def logon_servers(self):
        """Name to the folder that \\\\NAME\\SMS_SHR shows."""
        return {name: self.root / path for name, path in self.settings["logon_servers"].items()}

    def drive(self, client):
        """The client's drive C: while the client is on."""
        return self.root / "clients" / client

    def away(self, client):
        """Where that drive lies while the client is off."""
        return self.root / "away" / client

    def restart_marker(self, client):
        """A file here asks the stand-ins to restart the client now."""
        return self.root / "state" / "restart" / client

    @contextlib.contextmanager
    def lock(self, client, wait):
        """Holds a client, so that Upgrade.bat and a restart never edit its Sms.ini at once.

        Yields whether it is held; with wait it always is."""
        with open(self.root / "state" / "locks" / client, "w", encoding="ascii") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def _kinds_of(self, name):
        if name in self.clients:
            return behaviour.CLIENT_KINDS
        if name in self.settings["logon_servers"]:
            return behaviour.SERVER_KINDS
        if name == behaviour.MAINTENANCE_MANAGER:
            return behaviour.MANAGER_KINDS
        raise ValueError(f"the lab has no machine {name!r}")
