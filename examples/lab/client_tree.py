"""Builds a client: its drive C: with Sms.ini, MS\\SMS, and the files that its copy list names."""

import articles
import copy_list
import machines
from client import OS_OF_SYSTEM, SYSTEM_OF_OS
from folder import write
from program import FOLDER

#: Where each system keeps Windows; DOS has none. Copy lists send files there by the word WINDIR.
_WINDOWS = {"nt": "WINNT", "win95": "WINDOWS", "win16": "WINDOWS", "os2": "OS2", "dos": ""}


def build(lab, name, files, language):
    """The drive of one client, as its last upgrade left it; `files` as files_of gives them."""
    record, site = lab.clients[name], lab.site_of(name)
    spell = machines.spelling(name)
    drive = lab.drive(name)
    windows = _WINDOWS[record["os"]]
    listed = copy_list.NAMES[SYSTEM_OF_OS[OS_OF_SYSTEM[record["os"]]]]
    text = (site.client_src / listed).read_text("latin-1")
    for folder in ("BIN", "DATA", "LOGS", "NOIDMIFS"):
        (drive / spell("MS") / spell("SMS") / spell(folder)).mkdir(parents=True)
    wanted = FOLDER[record["platform"]], f"{FOLDER[record['platform']]}\\{language}"
    for item in copy_list.items(text):
        if item.directory not in wanted:
            continue
        folder = drive / spell("MS") / spell("SMS") / spell("BIN")
        if item.destination == "WINDIR":
            folder = drive / spell(windows)
        content, stamp = files[f"{item.directory}\\{item.name}".lower()]
        write(folder / spell(item.name), content, stamp)
    # A record of what was installed, never a copy of the server's list (Q153287).
    write(drive / spell("MS") / spell("SMS") / spell("DATA") / spell(listed), "[Installed]\r\n")
    where = drive / spell(windows) if record.get("sms_ini") == "windows" else drive
    number = list(lab.clients).index(name)
    server = list(site.logon_servers)[number % len(site.logon_servers)]
    write(where / spell("Sms.ini"), _sms_ini(lab, name, server, language))


def files_of(contents):
    """What clients can have: path on a logon server, in lower case, to (bytes, time)."""
    return {
        f"{folder}/{program.name}".replace("/", "\\").lower(): (program.content(), program.stamp)
        for program in contents.staged
        if (folder := program.client_folder()) is not None
    }


def _sms_ini(lab, name, server, language):
    record, site = lab.clients[name], lab.site_of(name)
    windows = _WINDOWS[record["os"]]
    lines = [
        "[SMS]",
        "SMS Unique ID=" + record["unique_id"],
        f"SiteCode={site.code}",
        "BuildNo=786",
        "INIFileVersion=66322",
        f"CopyListVersion={articles.SITE_SET_UP}",
        "OS=" + OS_OF_SYSTEM[record["os"]],
        "NetworkType=2",
        "SPNumber=0",
        f"LastLogonServerPath=\\\\{server}\\SMS_SHR",
        "SMSPath=C:\\MS\\SMS",
        "SMSBinPath=C:\\MS\\SMS\\BIN",
        "SMSDataPath=C:\\MS\\SMS\\DATA",
        "SMSLogPath=C:\\MS\\SMS\\LOGS",
        "LocalWindowsPath=" + (f"C:\\{windows}" if windows else ""),
        "ConfigurationRequestPath=ccr.box",
        "[Local]",
        "SetupPhase=INSTALLED",
        "SystemType=" + ("Alpha-based PC" if record["platform"] == "alpha" else "X86-based PC"),
        "SystemRole=Workstation",
        f"LanguageCode={language}",
        "MachineName=" + name.upper(),
        "PollingInterval=60",
        "[WorkstationStatus]",
        "FilesNotDownloaded=",
        "SysFilesNotModified=",
        "InstalledComponents=Package Command Manager,Remote Control",
        "AutoStartComponents=Package Command Manager",
        "FailedHardwareChecks=",
        "[Servers]",
        f"Domain={site.name}",
        f"CurrentLogonServer={server}",
    ]
    lines += [f"Server{at}={each}" for at, each in enumerate(site.logon_servers, 1)]
    lines += [
        "[Package Command Manager]",
        "PollingInterval=60",
        f"InstructionSharePoint=\\\\{server}\\SMS_SHR\\pcmins.box",
        "[Sight]",
        "SyncSends=1",
        "Default Protocol=NetBIOS",
        "[LogonHistory]",
        f"LastLoggedUser={site.name}\\{name}",
    ]
    return "\r\n".join(lines) + "\r\n"
