"""Stands in for SMS_SITE_CONFIG_MANAGER: codes from sendcode, its watchdog, and a site reset.

A watchdog copies the servers' programs from Site.srv to Helper.srv, on the site server and on each logon
server, one a step, and then starts what is stopped; a reset (code 194) copies the same, some seconds later.
"""

import sms_log
from behaviour import SITE_CONFIG_MANAGER
from case_blind import find, place, replace_file
from hotfix import HELPERS
from services import PROGRAMS, SITE_CONFIG, Services

_THREAD = 0xA1
_BY = "Site Configuration Manager"
_FOLDERS = ("X86.bin", "Alpha.bin")
#: Codes that the lab plays (Q168682, Q254532; 255, which deinstalls the site, is refused by lab-sendcode).
WATCHDOG, RESET, SHUTDOWN = "192", "194", "234"
#: In pollings: between watchdogs 24; from its start to its first one 1 (Resource Guide S3CD3).
_WATCHDOG_EVERY, _DELAY_AFTER_START = 24, 1
#: Undocumented; the lab takes so many pollings before a reset has an effect.
_RESET_TAKES = 3


class SiteConfigManager:
    """One site's; it obeys its own service state and changes that of the others."""

    def __init__(self, lab, site):
        self._lab = lab
        self._site = site
        self._services = Services(lab, site)
        self._polling = lab.clock["work_cycle_every"]
        self._ran = True
        self._watchdog_at = None
        self._orders = orders_of(lab, site)
        self._begun = {}
        self._queue = []
        self._working_for = None

    def step(self, now, wall):
        """Does one thing that is due at `now`; `wall` is the date for the log."""
        if not self._services.runs(SITE_CONFIG):
            self._ran, self._queue, self._working_for = False, [], None
            return
        if self._watchdog_at is None or not self._ran:
            wait = _WATCHDOG_EVERY if self._ran else _DELAY_AFTER_START
            self._ran, self._watchdog_at = True, now + wait * self._polling
        if self._queue:
            self._copy_to(self._queue.pop(0), wall)
            if not self._queue:
                self._finish(now, wall)
        elif (order := self._due_order(now, wall)) is not None:
            self._obey(order, wall)
        elif now >= self._watchdog_at:
            self._begin(None, wall, "~Watchdog cycle")

    def _due_order(self, now, wall):
        for order in sorted(self._orders.glob("*.code")) if self._orders.exists() else ():
            code = order.read_text().strip()
            if order not in self._begun:
                self._log(wall, f"~Received code {code}")
            begun = self._begun.setdefault(order, now)
            if code != RESET or now >= begun + _RESET_TAKES * self._polling:
                return order
        return None

    def _obey(self, order, wall):
        code = order.read_text().strip()
        if code == SHUTDOWN:
            self._log(wall, "~Shutting down the site")
            for name in sorted(self._services.names, key=lambda name: name == SITE_CONFIG):
                self._services.stop(name, _BY)
            self._done(order)
            return
        self._begin(order, wall, "~Resetting the site" if code == RESET else "~Watchdog cycle")

    def _begin(self, order, wall, text):
        self._log(wall, text)
        self._working_for = order
        self._queue = ["", *self._site.logon_servers]

    def _finish(self, now, wall):
        order, self._working_for = self._working_for, None
        if order is not None and order.read_text().strip() == RESET:
            # Whether a reset starts what somebody stopped is undocumented: no.
            self._log(wall, "~Reset of the site is complete")
        else:
            # Stopped components are started again, so that some articles stop this service too (Q193269).
            for name in self._services.names:
                if self._services.start(name, _BY):
                    self._log(wall, f"~Started {name}")
            self._watchdog_at = now + _WATCHDOG_EVERY * self._polling
        if order is not None:
            self._done(order)

    def _done(self, order):
        order.unlink(missing_ok=True)
        self._begun.pop(order, None)

    def _copy_to(self, server, wall):
        """Copies to one server, "" for the site server; whether only its own CPU's folder is copied there
        is undocumented: all that Site.srv has."""
        top = self._site.root if server == "" else self._site.disks[server] / "SMS"
        shown = server or "site server"
        for folder in _FOLDERS:
            for name in HELPERS:
                source = find(self._site.root, f"Site.srv/{folder}/{name}")
                if source is None:
                    continue
                target = place(top, f"Helper.srv/{folder}/{name}")
                if target.is_file() and target.read_bytes() == source.read_bytes():
                    continue
                if self._is_locked(name):
                    # F16: a locked file is event 234, and stays (Q122179, Resource Guide S3D43).
                    said = f"cannot copy {source.name} to {shown}: file is in use"
                    self._log(wall, f"~ERROR: event 234, {said}")
                    continue
                self._replace(name, source, target)
                self._log(wall, f"~Copied {source.name} to {shown} Helper.srv\\{folder}")

    def _replace(self, name, source, target):
        """The service that runs the program stands still meanwhile, and then runs the new one."""
        service = next(each for each, program in PROGRAMS.items() if program == name)
        stopped = self._services.stop(service, _BY)
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, source.read_bytes(), source.stat().st_mtime)
        if stopped:
            self._services.start(service, _BY)

    def _is_locked(self, name):
        machine = self._lab.service_machine(SITE_CONFIG_MANAGER, self._site.name)
        found = self._lab.behaviours.get(machine)
        return found is not None and str(found.value).lower() == name.lower()

    def _log(self, wall, text):
        # Alone among the server logs this one lies in the root of the SMS drive (Q125452, Q122055).
        path = place(self._site.root.parent, "Scman.log")
        sms_log.append(path, sms_log.server_line(wall, SITE_CONFIG, _THREAD, text))


def orders_of(lab, site):
    """The folder in which lab-sendcode leaves one file a code."""
    return lab.root / "state" / "sendcode" / site.name
