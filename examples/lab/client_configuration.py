"""Stands in for SMS_CLIENT_CONFIG_MANAGER: answers what NT clients ask for in a .CCR (Q168518).

It runs on each NT logon server. What it could do is deleted a moment later; what it could not is moved to
Ccr.box\\Retry with the reason in it, and stays there until someone moves it back or restarts the service.
"""

import os

import ini_file
import sms_log
from case_blind import find, place
from services import CLIENT_CONFIG, Services

_THREAD = 0x8F
#: ERROR_ACCESS_DENIED, as `Last Error Code` has it (Q168518).
_DENIED = 5


class ClientConfiguration:
    """One site's logon servers."""

    def __init__(self, lab, site):
        self._lab = lab
        self._site = site
        self._services = Services(lab, site)
        self._restarts = self._services.restarts(CLIENT_CONFIG)
        self._since = {}

    def step(self, now, wall):
        """Answers every request that has waited long enough."""
        if not self._services.runs(CLIENT_CONFIG):
            return
        restarts = self._services.restarts(CLIENT_CONFIG)
        if restarts != self._restarts:
            self._restarts = restarts
            self._take_back_retries()
        seen = {}
        for server, share in self._site.logon_servers.items():
            box = find(share, "Ccr.box")
            for request in _requests(box):
                seen[request] = self._since.get(request, now)
                if now - seen[request] >= self._lab.clock["request_takes"]:
                    self._answer(server, request, wall)
        self._since = seen

    def _answer(self, server, request, wall):
        try:
            text = ini_file.load(request)
        except FileNotFoundError:
            return
        if self._is_denied(request.stem):
            self._deny(server, request, text, wall)
            return
        request.unlink(missing_ok=True)
        self._log(server, wall, f"~Request {request.stem} is done")

    def _is_denied(self, unique_id):
        clients = self._lab.clients.items()
        return any(
            record["unique_id"].lower() == unique_id.lower()
            and self._lab.behaviours.kind(name) == "ccm_denied"
            for name, record in clients
        )

    def _deny(self, server, request, text, wall):
        # Dates are the server's (Resource Guide S3D84), to the minute.
        section, date = "Request Processing", f"{wall:%m/%d/%Y %H:%M}"
        tries = ini_file.get(text, section, "Number of Processing Attempts", "0")
        first = ini_file.get(text, section, "Initial Processing Attempt") or date
        for key, value in (
            ("Initial Processing Attempt", first),
            ("Retry Interval Start", date),
            ("Latest Processing Attempt", date),
            ("Number of Processing Attempts", int(tries) + 1 if tries.isdigit() else 1),
            ("Last Error Code", _DENIED),
        ):
            text = ini_file.put(text, section, key, value)
        target = place(request.parent, f"Retry/{request.name}")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(text.encode("latin-1"))
        request.unlink(missing_ok=True)
        machine = ini_file.get(text, "NT Client Configuration Request", "Machine Name")
        self._log(
            server,
            wall,
            "ERROR: The SMS service account does not have administrative rights on machine "
            f'"{machine}" for request "{request.stem}".',
        )

    def _take_back_retries(self):
        for share in self._site.logon_servers.values():
            for request in _requests(find(share, "Ccr.box/Retry")):
                os.replace(request, request.parent.parent / request.name)

    def _log(self, server, wall, text):
        path = place(self._site.disks[server], "SMS/Logs/Clicfg.log")
        sms_log.append(path, sms_log.server_line(wall, CLIENT_CONFIG, _THREAD, text))


def _requests(folder):
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".ccr") if folder else []
