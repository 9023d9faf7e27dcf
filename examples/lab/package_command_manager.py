"""Stands in for Package Command Manager on a client: what Pcmwin.log gets at a start."""

from datetime import timedelta

import binary
import ini_file
import sms_log
from case_blind import find

#: The stamp from which on Pcmwin32 no longer waits for the redirector (22 June 1999, Q237690).
REPAIRED_SINCE = 930_009_600
_NAME = "Package Command Manager"


def at_start(client, wall):
    """Writes what Pcmwin.log gets at a start.

    Q237690: an unrepaired Pcmwin32 stands still for 50 seconds between "Looking for instruction file" and
    the line after it. The clock of the lab is fast, so the wait is put into the stamps, before now."""
    program = find(client.drive, f"{client.folder('SMS')}/Pcmwin32.exe")
    if program is None:
        return
    with open(program, "rb") as opened:
        repaired = binary.time_stamp(opened.read(1024)) >= REPAIRED_SINCE
    began = wall if repaired else wall - timedelta(seconds=50)
    box = ini_file.get(client.ini(), "SMS", "LastLogonServerPath") + "\\pcmins.box"
    client.log(
        "Pcmwin.log",
        sms_log.client_line(began, _NAME, f"PCM executed on {began:%m/%d/%Y %H:%M:%S}"),
        sms_log.client_line(began, _NAME, f"Connected to logon server: {box}"),
        sms_log.client_line(
            began, _NAME, f"Looking for instruction file: {box}\\{client.unique_id}.INS"
        ),
        sms_log.client_line(wall, _NAME, "Packages before filter: 0"),
        sms_log.client_line(wall, _NAME, "Packages after filter: 0"),
        sms_log.client_line(wall, _NAME, "No new packages found."),
    )
