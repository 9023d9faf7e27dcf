"""What wine-batch and plain-batch have in common: their arguments, a client's lock, being stopped."""

import contextlib
import re
import signal
from dataclasses import dataclass
from pathlib import Path

from behaviour import Behaviour
from case_blind import find
from client import CLIENT_SETUP
from layout import Lab

#: The exit code for a client or share that is not there: "the network path was not found".
UNREACHABLE = 53


class Refused(Exception):
    """The batch cannot be run."""

    def __init__(self, text, code=2):
        super().__init__(text)
        self.code = code


class Stopped(BaseException):
    """A signal asked for the end."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Job:
    """One call: which batch, where, for whom."""

    lab: Lab
    client: str
    drive: Path
    share: Path
    batch: str
    behaviour: Behaviour

    @property
    def client_setup(self):
        """cli_nt, cli_dos or cli_os2: what the batch has to call on this client (Resource Guide S3CF7)."""
        return CLIENT_SETUP[self.lab.clients[self.client]["os"]]

    @property
    def is_upgrade(self):
        """Whether the batch starts an upgrade here: OS/2 takes Upgrade.cmd, all others Upgrade.bat."""
        wanted = "upgrade.cmd" if self.client_setup == "cli_os2" else "upgrade.bat"
        return self.batch.lower() == wanted


def stop_on_signals():
    """Makes SIGTERM, SIGINT and an alarm raise Stopped."""

    def stop(number, _frame):
        raise Stopped(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, stop)


@contextlib.contextmanager
def prepared(arguments):
    """Checks CLIENT_ROOT SHARE_DIR BATCH_NAME and gives a Job, the client being held meanwhile."""
    if len(arguments) != 3:
        raise Refused("needs CLIENT_ROOT SHARE_DIR BATCH_NAME")
    drive, share, name = Path(arguments[0]), Path(arguments[1]).resolve(), arguments[2]
    # The name goes onto cmd's line, where quoting cannot be trusted: plain names only.
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}\.(bat|cmd)", name, re.IGNORECASE):
        raise Refused(f"{name!r} is no plain name of a batch file")
    try:
        lab, client = Lab.of_client(drive)
    except ValueError as error:
        raise Refused(str(error)) from None
    with lab.lock(client, wait=True):
        if not lab.drive(client).is_dir():
            raise Refused(f"{client} is off", UNREACHABLE)
        found = find(share, name)
        if found is None:
            raise Refused(f"{share} has no {name}", UNREACHABLE)
        yield Job(lab, client, lab.drive(client), share, found.name, lab.behaviours.get(client))
