"""One client as its programs see it, and where its Sms.ini says that things lie."""

from dataclasses import dataclass
from pathlib import Path

import client_ini
import copy_list
import ini_file
import sms_log
from case_blind import find, place
from program import FOLDER

#: `OS` of Sms.ini to the word in System.map (Resource Guide: 1 DOS, 2 Win3.x, 3 OS/2, 4 NT, 5 Win95).
SYSTEM_OF_OS = {"1": "DOS", "2": "WIN16", "3": "OS2", "4": "WINNT", "5": "WIN95"}
#: A plan's word for an operating system to `OS` of Sms.ini.
OS_OF_SYSTEM = {"dos": "1", "win16": "2", "os2": "3", "nt": "4", "win95": "5"}
#: Client Setup of each system: Cli_dos.exe serves DOS, Windows 3.x and 95 (Resource Guide S3CF7).
CLIENT_SETUP = {"nt": "cli_nt", "win95": "cli_dos", "win16": "cli_dos", "dos": "cli_dos", "os2": "cli_os2"}


@dataclass(frozen=True)
class Client:
    """Its drive, its logon server's share, its CPU's folder there, its SMS ID, its operating system."""

    drive: Path
    share: Path
    platform_directory: str
    unique_id: str
    system: str = "nt"

    def ini(self):
        """The text of its Sms.ini; "" when it was removed."""
        return client_ini.load(self.drive)

    def edit(self, *edits):
        """Applies (section, key, value) edits to its Sms.ini."""
        client_ini.edit(self.drive, *edits)

    def copy_list(self):
        """The text of the copy list of its operating system on its logon server; "" when there is none."""
        system = SYSTEM_OF_OS.get(ini_file.get(self.ini(), "SMS", "OS"), "")
        path = find(self.share, copy_list.NAMES[system]) if system else None
        return path.read_text("latin-1") if path else ""

    def folder(self, destination):
        """SMS: the folder of SMSBinPath; WINDIR: that of LocalWindowsPath; both without their drive."""
        key = "SMSBinPath" if destination == "SMS" else "LocalWindowsPath"
        return without_drive(ini_file.get(self.ini(), "SMS", key))

    def log(self, name, *lines):
        """Adds lines to a log in the folder that SMSLogPath names."""
        folder = without_drive(ini_file.get(self.ini(), "SMS", "SMSLogPath"))
        sms_log.append(place(self.drive, f"{folder}/{name}"), *lines)

    def setup_log(self, wall, text):
        """Adds a line to the log of its Client Setup: Cli_nt.log, Cli_dos.log or Cli_os2.log."""
        line = sms_log.client_line(wall, "Client Setup", text)
        self.log(f"{CLIENT_SETUP[self.system].capitalize()}.log", line)


def of_lab(lab, name):
    """A client of a lab, with the logon server that its Sms.ini names."""
    drive, record = lab.drive(name), lab.clients[name]
    path = ini_file.get(client_ini.load(drive), "SMS", "LastLogonServerPath")
    server = path.strip("\\").split("\\")[0].upper()
    shares = lab.site_of(name).logon_servers
    return Client(
        drive=drive,
        # A client whose Sms.ini names no server of the site takes the first one it finds.
        share=shares.get(server, next(iter(shares.values()))),
        platform_directory=FOLDER[record["platform"]],
        unique_id=record["unique_id"],
        system=record["os"],
    )


def without_drive(value):
    """`MS\\SMS\\BIN` of `C:\\MS\\SMS\\BIN`."""
    return value.partition(":")[2].strip("\\")
