"""A lab folder: what lies where, and lab.json, which names its machines and its clock."""

import contextlib
import fcntl
import json
from dataclasses import dataclass
from pathlib import Path

import behaviour

_FORMAT = 2
_FOLDERS = ("clients", "away", "behaviours", "state/restart", "state/locks")


@dataclass(frozen=True)
class Site:
    """One SMS site; `parent` is the name of the site it reports to, "" for a primary site without one."""

    name: str
    code: str
    #: <SMS_root> of the site server.
    root: Path
    #: Name to the folder that \\\\NAME\\SMS_SHR shows.
    logon_servers: dict
    #: Name to the logon server's own disk: its Helper.srv, its logs, its Repl.
    disks: dict
    parent: str

    @property
    def client_src(self):
        """Client.src: what Maintenance Manager copies to the logon servers."""
        return self.root / "Site.srv" / "Maincfg.box" / "Client.src"


def site_settings(names):
    """What lab.json says of each site: the first is a primary site, all others secondary ones below it."""
    found = {}
    for number, name in enumerate(names):
        servers = [f"S768{chr(ord('A') + number)}A{at}" for at in range(2)]
        found[name] = {
            "code": name[:3].upper().ljust(3, "0"),
            "root": f"{name.lower()}/SMS",
            "logon_servers": {server: server.lower() for server in servers},
            "parent": names[0] if number else "",
        }
    return found


def service_machine(service, site, sites):
    """The name by which a site's service is told to misbehave: `maintenance-manager` of the primary site,
    `maintenance-manager@PLANT` of another."""
    return service if site == next(iter(sites)) else f"{service}@{site}"


def machines_of(clients, sites):
    """Name to the behaviours that it can be told; `sites` as site_settings has them."""
    found = dict.fromkeys(clients, behaviour.CLIENT_KINDS)
    for name, site in sites.items():
        found.update(dict.fromkeys(site["logon_servers"], behaviour.SERVER_KINDS))
        for service, kinds in behaviour.SERVICE_KINDS.items():
            found[service_machine(service, name, sites)] = kinds
    return found


class Lab:
    """One lab. Opening it reads lab.json and nothing else.

    `sites`: name to Site, the primary site first."""

    def __init__(self, root, settings):
        self.root = Path(root).resolve()
        self.settings = settings
        self.sites = {name: self._site(name, found) for name, found in settings["sites"].items()}
        self._machines = machines_of(self.clients, settings["sites"])
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
    def around(cls, folder):
        """The lab that a folder lies in, or is; ValueError when it lies in none."""
        path = Path(folder).resolve()
        for one in (path, *path.parents):
            if (one / "lab.json").is_file():
                return cls.open(one)
        raise ValueError(f"{folder} lies in no lab: there is no lab.json in it or above it")

    @classmethod
    def create(cls, root, clients, sites, clock):
        """Writes lab.json and gives the lab; `sites` as site_settings has them."""
        settings = {
            "format": _FORMAT,
            "sites": sites,
            "clients": clients,
            "clock": clock,
        }
        lab = cls(root, settings)
        (lab.root / "lab.json").write_text(json.dumps(settings, indent=1) + "\n")
        for folder in _FOLDERS:
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
        """Name to {site, platform, os, ring, unique_id}; and sms_ini: windows, when it lies there."""
        return self.settings["clients"]

    @property
    def clock(self):
        """Seconds: tick, work_cycle_every, logon_every, smsrun_after, request_takes; and speed."""
        return self.settings["clock"]

    def site(self, name):
        """The site of that name; ValueError when there is none."""
        if name not in self.sites:
            raise ValueError(f"the lab has no site {name!r}; it has {', '.join(self.sites)}")
        return self.sites[name]

    def site_of(self, client):
        """The site that a client belongs to."""
        return self.sites[self.clients[client]["site"]]

    @property
    def site_server(self):
        """<SMS_root> of the primary site's server."""
        return next(iter(self.sites.values())).root

    @property
    def client_src(self):
        """Client.src of the primary site."""
        return next(iter(self.sites.values())).client_src

    @property
    def logon_servers(self):
        """Every site's: name to the folder that \\\\NAME\\SMS_SHR shows."""
        return {name: share for site in self.sites.values() for name, share in site.logon_servers.items()}

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

    @property
    def machines(self):
        """Name to the behaviours that it can be told."""
        return self._machines

    def service_machine(self, service, site):
        """The name by which a site's service is told to misbehave."""
        return service_machine(service, site, self.sites)

    def _kinds_of(self, name):
        found = self._machines.get(name)
        if found is None:
            raise ValueError(f"the lab has no machine {name!r}")
        return found

    def _site(self, name, found):
        servers = found["logon_servers"]
        return Site(
            name=name,
            code=found["code"],
            root=self.root / found["root"],
            logon_servers={server: self.root / path for server, path in servers.items()},
            disks={server: self.root / "disks" / path for server, path in servers.items()},
            parent=found["parent"],
        )
