"""Client Setup's comparison of a client's files with its logon server's (step c5), and its `.CCR`."""

from dataclasses import dataclass, field

import copy_list
import ini_file
from case_blind import find, place, replace_file

#: A file that waits for a restart under this name, since a program holds its old one (Q186412).
WAITING = "$sms00$"
#: Files that run as services on NT: a change of these goes through a .CCR (Q168518).
SERVICE_FILES = ("wuser32.exe", "inv32cli.exe", "snmpelea.dll", "pcmsvc32.exe")


@dataclass(frozen=True)
class Faults:
    """What goes wrong on this client at this start."""

    in_use: bool = False
    missing_file: str = ""
    full_disk: bool = False
    locked_file: str = ""
    interrupted: bool = False
    other_os: bool = False
    ini_locked: bool = False


@dataclass
class Result:
    """Names that could not be had, and service files that are new."""

    missing: list = field(default_factory=list)
    services: list = field(default_factory=list)


def run(client, faults):
    """Copies what differs."""
    result = Result()
    differing = _differing(client, faults, result)
    # F08: someone restarted before all was copied (Q168518).
    most = len(differing) // 2 if faults.interrupted else len(differing)
    for number, (item, content, stamp, target) in enumerate(differing):
        if faults.full_disk or number >= most:
            result.missing.append(item.name.upper())
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if item.name.lower() == faults.locked_file.lower():
            target = target.with_name(target.name + WAITING)
        replace_file(target, content, stamp)
        if item.name.lower() in SERVICE_FILES:
            result.services.append(item.name)
    if faults.missing_file and faults.missing_file.upper() not in result.missing:
        result.missing.append(faults.missing_file.upper())
    return result


def _differing(client, faults, result):
    found = []
    folders = {"SMS": client.folder("SMS"), "WINDIR": client.folder("WINDIR")}
    language = ini_file.get(client.ini(), "Local", "LanguageCode")
    wanted = [client.platform_directory.lower(), f"{client.platform_directory}\\{language}".lower()]
    for item in copy_list.items(client.copy_list()):
        if item.directory.lower() not in wanted:
            continue
        source = find(client.share, f"{item.directory}/{item.name}")
        target = place(client.drive, f"{folders[item.destination]}/{item.name}")
        if source is None or item.name.lower() == faults.missing_file.lower():
            result.missing.append(item.name.upper())
            continue
        # A difference counts, not age: an older file is downloaded too, which is what makes a
        # staged-back original a way home (Q216197, Q274592). Bytes are compared (undocumented).
        content = source.read_bytes()
        waiting = target.with_name(target.name + WAITING)
        there = waiting if waiting.is_file() else target
        if not there.is_file() or there.read_bytes() != content:
            found.append((item, content, source.stat().st_mtime, target))
    return found


def finish_waiting(drive):
    """A restart puts every waiting file in the place of its old one (Q186412)."""
    for path in sorted(drive.rglob(f"*{WAITING.replace('$', '[$]')}")):
        path.replace(path.with_name(path.name[: -len(WAITING)]))


def request_configuration(client, wall):
    """c7: service and registry work is asked of Client Configuration Manager by a .CCR (Q168518)."""
    target = place(client.share, f"Ccr.box/{client.unique_id}.CCR")
    date = f"{wall:%m/%d/%Y %H:%M}"
    if target.is_file():
        # A client that asks again before it was answered counts up (Resource Guide S3D84).
        section, text = "NT Client Configuration Request", ini_file.load(target)
        count = ini_file.get(text, section, "Client Request Count", "0")
        text = ini_file.put(text, section, "Latest Request Date", date)
        text = ini_file.put(text, section, "Client Request Count", str(int(count) + 1))
        replace_file(target, text.encode("latin-1"))
        return
    text = client.ini()
    lines = (
        "[NT Client Configuration Request]",
        f"Machine Name={ini_file.get(text, 'Local', 'MachineName')}",
        f"Domain={ini_file.get(text, 'Servers', 'Domain')}",
        f"Initial Request Date={date}",
        f"Latest Request Date={date}",
        "Client Request Count=1",
        "[Request Processing]",
        "Number of Processing Attempts=0",
        "Last Error Code=0",
    )
    replace_file(target, ("\r\n".join(lines) + "\r\n").encode("latin-1"))
