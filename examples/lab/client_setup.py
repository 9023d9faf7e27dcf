"""Stands in for Client Setup, SMSRUN and Package Command Manager on one client.

`at_log_on` is what the log-on script starts (steps c1 to c3 of a forced update), `at_start` what
SMSRUN starts once Windows is up (c4 to c7). Both work on files alone and keep no memory, except
how often a component is still to be found in use, which the caller counts.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import binary
import copy_list
import ini_file
import sms_log
from case_blind import find, place, replace_file
from power import setup_phase

#: `OS` of Sms.ini to the word in System.map (Resource Guide: 1 DOS, 2 Win3.x, 3 OS/2, 4 NT, 5 Win95).
SYSTEM_OF_OS = {"1": "DOS", "2": "WIN16", "3": "OS2", "4": "WINNT", "5": "WIN95"}
#: Files that run as services on NT: a change of these goes through a .CCR (Q168518).
SERVICE_FILES = ("wuser32.exe", "inv32cli.exe", "snmpelea.dll")
#: The stamp from which on Pcmwin32 no longer waits for the redirector (22 June 1999, Q237690).
REPAIRED_SINCE = 930_009_600
_PCM = "Package Command Manager"


@dataclass(frozen=True)
class Client:
    """One client as its programs see it: its drive, its logon server's share, its CPU's folder."""

    drive: Path
    share: Path
    platform_directory: str
    unique_id: str


@dataclass(frozen=True)
class Faults:
    """What goes wrong on this client at this start."""

    in_use: bool = False
    missing_file: str = ""
    full_disk: bool = False


def sms_ini(drive):
    """The text of Sms.ini; "" when the client has none (it was removed)."""
    path = find(drive, "Sms.ini")
    return ini_file.load(path) if path else ""


def at_log_on(client):
    """Compares CopyListVersion with the logon server's list; True when it was new."""
    text = sms_ini(client.drive)
    listed = _copy_list(client, text)
    if not listed or setup_phase(text).startswith("dein"):
        return False
    version = copy_list.version(listed)
    if version in ("", ini_file.get(text, "SMS", "CopyListVersion")):
        return False  # c2: only a difference counts, not which is the larger (Q166771)
    # c3: the new version is stored *before* any file is looked at (Q166771 step 2). A client that does
    # this against a logon server without the files will not look again.
    ini_file.edit_file(
        client.drive,
        "Sms.ini",
        ("SMS", "CopyListVersion", version),
        ("Local", "SetupPhase", "verify_files"),
    )
    return True


def at_start(client, wall, faults=Faults()):
    """SMSRUN reads SetupPhase and acts on it; PCM starts afterwards if the client is installed.

    True when a phase was acted upon, whatever came of it."""
    phase = setup_phase(sms_ini(client.drive))
    acted = phase in ("upgrade", "verify_files", "verifying_files")
    if acted:
        _verify_files(client, wall, faults, phase)
    if setup_phase(sms_ini(client.drive)) == "installed":
        _package_command_manager(client, wall)
    return acted


def _verify_files(client, wall, faults, phase):
    text = sms_ini(client.drive)
    if faults.in_use:
        # c6a: while a component runs nothing is copied and the phase stays, for the next start
        # (Q166771, Q168463). The wording is that of /V output.
        _log(client, wall, "Client executable active: PCMWIN32.EXE")
        _log(client, wall, "Warning: Client component in use.")
        _log(client, wall, "Client component files will not be overwritten or removed.")
        return
    _log(client, wall, "Verifying Microsoft Systems Management Server client installation.")
    missing, services = _download(client, text, faults)
    if missing:
        # PARTIAL: what could not be had is listed, and the phase stays (Q168598, Q270697).
        edit = ("WorkstationStatus", "FilesNotDownloaded", ",".join(missing))
        ini_file.edit_file(client.drive, "Sms.ini", edit)
        return
    if services and ini_file.get(text, "SMS", "OS") == "4":
        _request_configuration(client, text, wall)
    edits = [("WorkstationStatus", "FilesNotDownloaded", "")]
    if phase == "upgrade":
        # Q200085: an upgrade loses this switch; whoever set it has to set it again.
        edits.append(("Sight", "SyncSends", None))
    # c6b: installed comes last, after every file.
    edits.append(("Local", "SetupPhase", "INSTALLED"))
    ini_file.edit_file(client.drive, "Sms.ini", *edits)


def _download(client, text, faults):
    """c5: copies what differs; ([names not downloaded], [service files changed])."""
    missing, services = [], []
    for item in copy_list.items(_copy_list(client, text)):
        if item.directory.lower() != client.platform_directory.lower():
            continue
        source = find(client.share, f"{item.directory}/{item.name}")
        target = place(client.drive, f"{_folder(text, item.destination)}/{item.name}")
        if source is None or item.name.lower() == faults.missing_file.lower():
            missing.append(item.name.upper())
            continue
        # A difference counts, not age: an older file is downloaded too, which is what makes a
        # staged-back original a way home (Q216197, Q274592). Bytes are compared (undocumented).
        content = source.read_bytes()
        if target.is_file() and target.read_bytes() == content:
            continue
        if faults.full_disk:
            missing.append(item.name.upper())
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, content, source.stat().st_mtime)
        if item.name.lower() in SERVICE_FILES:
            services.append(item.name)
    if faults.missing_file and faults.missing_file.upper() not in missing:
        missing.append(faults.missing_file.upper())
    return missing, services


def _request_configuration(client, text, wall):
    # c7: service and registry work is asked of Client Configuration Manager by a .CCR (Q168518).
    machine = ini_file.get(text, "Local", "MachineName")
    lines = (
        "[NT Client Configuration Request]",
        f"Machine Name={machine}",
        f"Domain={ini_file.get(text, 'Servers', 'Domain')}",
        f"Initial Request Date={wall:%m/%d/%Y %H:%M}",
        f"Latest Request Date={wall:%m/%d/%Y %H:%M}",
        "Client Request Count=1",
        "[Request Processing]",
        "Number of Processing Attempts=0",
        "Last Error Code=0",
    )
    target = place(client.share, f"Ccr.box/{client.unique_id}.CCR")
    replace_file(target, ("\r\n".join(lines) + "\r\n").encode("latin-1"))


def _package_command_manager(client, wall):
    """Writes what Pcmwin.log gets at a start.

    Q237690: an unrepaired Pcmwin32 stands still for 50 seconds between "Looking for instruction file" and
    the line after it. The clock of the lab is fast, so the wait is put into the stamps, before now."""
    text = sms_ini(client.drive)
    program = find(client.drive, f"{_folder(text, 'SMS')}/Pcmwin32.exe")
    if program is None:
        return
    with open(program, "rb") as opened:
        repaired = binary.time_stamp(opened.read(1024)) >= REPAIRED_SINCE
    began = wall if repaired else wall - timedelta(seconds=50)
    box = ini_file.get(text, "SMS", "LastLogonServerPath") + "\\pcmins.box"
    log = place(client.drive, f"{_path(ini_file.get(text, 'SMS', 'SMSLogPath'))}/Pcmwin.log")
    sms_log.append(
        log,
        sms_log.client_line(began, _PCM, f"PCM executed on {began:%m/%d/%Y %H:%M:%S}"),
        sms_log.client_line(began, _PCM, f"Connected to logon server: {box}"),
        sms_log.client_line(
            began, _PCM, f"Looking for instruction file: {box}\\{client.unique_id}.INS"
        ),
        sms_log.client_line(wall, _PCM, "Packages before filter: 0"),
        sms_log.client_line(wall, _PCM, "Packages after filter: 0"),
        sms_log.client_line(wall, _PCM, "No new packages found."),
    )


def _copy_list(client, text):
    system = SYSTEM_OF_OS.get(ini_file.get(text, "SMS", "OS"), "")
    path = find(client.share, copy_list.NAMES[system]) if system else None
    return path.read_text("latin-1") if path else ""


def _folder(text, destination):
    """SMS: the folder of SMSBinPath; WINDIR: that of LocalWindowsPath; both without their drive."""
    key = "SMSBinPath" if destination == "SMS" else "LocalWindowsPath"
    return _path(ini_file.get(text, "SMS", key))


def _path(value):
    return value.partition(":")[2].strip("\\")


def _log(client, wall, text):
    folder = _path(ini_file.get(sms_ini(client.drive), "SMS", "SMSLogPath"))
    path = place(client.drive, f"{folder}/Cli_nt.log")
    sms_log.append(path, sms_log.client_line(wall, "Client Setup", text))
