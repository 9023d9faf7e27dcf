"""Builds a lab's folder: site server, logon servers, clients, hotfix, plan.

Two builds with the same options give the same bytes and the same file times everywhere.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import articles
import copy_list
import machines
import system_map
from layout import Lab
from maintenance_manager import MaintenanceManager
from power import Power

HERE = Path(__file__).resolve().parent
LOGON_SERVERS = {"S768AA0": "s768aa0", "S768AA1": "s768aa1"}
_FOLDER = {"x86": "X86.bin", "alpha": "Alpha.bin"}
_PLATFORM = {"x86": "INTEL X86", "alpha": "DEC ALPHA"}
_COMPILER = "x86_64-w64-mingw32-gcc"


def build(root, records, behaviours, clock, batch_tool):
    """Makes the lab in a new folder and gives it; says on the way what is missing for Wine."""
    root.mkdir(parents=True)
    lab = Lab.create(root, records, LOGON_SERVERS, clock)
    _site_server(lab)
    for share in lab.logon_servers.values():
        _logon_server(lab, share)
    contents = {
        (program.name, program.cpu): (program.content(), program.stamp)
        for program in articles.PREDECESSORS
    }
    for number, (name, record) in enumerate(records.items()):
        server = list(LOGON_SERVERS)[number % len(LOGON_SERVERS)]
        _client(lab, name, record, server, contents)
    _hotfix(root)
    _inventory(root, records)
    _plan(root, batch_tool)
    MaintenanceManager(lab).remember_system_map()
    for machine, text in behaviours.items():
        lab.behaviours.put(machine, text)
    Power(lab).apply(0)
    return lab


def _site_server(lab):
    source = lab.client_src
    for program in articles.PREDECESSORS:
        _write(source / _FOLDER[program.cpu] / program.name, program.content(), program.stamp)
    client_setup = _compiled_client_setup()
    if client_setup:
        _write(source / "X86.bin" / "Cli_nt.exe", client_setup)
    batch = (HERE / "files" / "Upgrade.bat").read_text()
    _write(source / "Upgrade.bat", batch.replace("\n", "\r\n"))
    blocks = {
        platform: [
            (program.name, program.size, program.lists)
            for program in articles.PREDECESSORS
            if program.cpu == cpu
        ]
        for cpu, platform in _PLATFORM.items()
    }
    blocks["INTEL X86"].append(("Cli_nt.exe", 65_536, {}))
    text = system_map.compose(blocks)
    _write(lab.site_server / "System.map", text)
    entries = system_map.entries(text)
    for system, name in copy_list.NAMES.items():
        _write(source / name, copy_list.compose(entries, system, articles.SITE_SET_UP))
    for folder in ("Logs", "Site.srv/X86.bin", "Site.srv/Alpha.bin", "Site.srv/Sitecfg.box"):
        (lab.site_server / folder).mkdir(parents=True)
    _write(lab.site_server / "Site.srv/Sitecfg.box/Sitectrl.ct0", "SITE CONTROL FILE [786][1.08]\r\n")


def _compiled_client_setup():
    """cli_nt.exe, without a time in it so that every build is the same; b"" without a compiler."""
    if not shutil.which(_COMPILER):
        print(f"make-lab: {_COMPILER} is missing: Upgrade.bat will not work here, plain-batch does")
        return b""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-O2", "-s", "-Wall", "-Wl,--no-insert-timestamp", "-o", "cli_nt.exe"]
        source = HERE / "files" / "cli_nt.c"
        subprocess.run([_COMPILER, *options, str(source)], cwd=folder, check=True)
        return (Path(folder) / "cli_nt.exe").read_bytes()


def _logon_server(lab, share):
    shutil.copytree(lab.client_src, share)
    components = "Package Command Manager,Remote Control"
    lines = ("[SMS]", "BuildNo=786", f"Components={components}", "AutoStart=Package Command Manager")
    lines += ("SiteCode=HQ0", "[Servers]", "Domain=HQ")
    lines += tuple(f"Server{at}={name}" for at, name in enumerate(LOGON_SERVERS, 1))
    _write(share / "Domain.ini", "\r\n".join(lines) + "\r\n")
    for box in ("Ccr.box/Retry", "Pcmins.box", "Despoolr.box", "Inventry.box", "Isvmif.box", "Smsid"):
        (share / box).mkdir(parents=True)
    _write(share / "Smsid" / "HQ000041.UID", b"")


def _client(lab, name, record, server, contents):
    spell = machines.spelling(name)
    drive = lab.drive(name)
    windows = "WINNT" if record["os"] == "nt" else "WINDOWS"
    entries = copy_list.NAMES["WINNT" if record["os"] == "nt" else "WIN95"]
    text = (lab.client_src / entries).read_text("latin-1")
    for folder in ("BIN", "DATA", "LOGS", "NOIDMIFS"):
        (drive / spell("MS") / spell("SMS") / spell(folder)).mkdir(parents=True)
    for item in copy_list.items(text):
        if item.directory != _FOLDER[record["platform"]]:
            continue
        folder = drive / spell("MS") / spell("SMS") / spell("BIN")
        if item.destination == "WINDIR":
            folder = drive / spell(windows)
        _write(folder / spell(item.name), *contents[(item.name, record["platform"])])
    # A record of what was installed, never a copy of the server's list (Q153287).
    _write(drive / spell("MS") / spell("SMS") / spell("DATA") / spell(entries), "[Installed]\r\n")
    _write(drive / spell("Sms.ini"), _sms_ini(name, record, server, windows))


def _sms_ini(name, record, server, windows):
    alpha, nt = record["platform"] == "alpha", record["os"] == "nt"
    lines = [
        "[SMS]",
        "SMS Unique ID=" + record["unique_id"],
        "SiteCode=HQ0",
        "BuildNo=786",
        "INIFileVersion=66322",
        f"CopyListVersion={articles.SITE_SET_UP}",
        "OS=" + ("4" if nt else "5"),
        "NetworkType=2",
        "SPNumber=0",
        f"LastLogonServerPath=\\\\{server}\\SMS_SHR",
        "SMSPath=C:\\MS\\SMS",
        "SMSBinPath=C:\\MS\\SMS\\BIN",
        "SMSDataPath=C:\\MS\\SMS\\DATA",
        "SMSLogPath=C:\\MS\\SMS\\LOGS",
        f"LocalWindowsPath=C:\\{windows}",
        "ConfigurationRequestPath=ccr.box",
        "[Local]",
        "SetupPhase=INSTALLED",
        "SystemType=" + ("Alpha-based PC" if alpha else "X86-based PC"),
        "SystemRole=Workstation",
        "LanguageCode=00000409",
        "MachineName=" + name.upper(),
        "PollingInterval=60",
        "[WorkstationStatus]",
        "FilesNotDownloaded=",
        "SysFilesNotModified=",
        "InstalledComponents=Package Command Manager,Remote Control",
        "AutoStartComponents=Package Command Manager",
        "FailedHardwareChecks=",
        "[Servers]",
        "Domain=HQ",
        f"CurrentLogonServer={server}",
    ]
    lines += [f"Server{at}={each}" for at, each in enumerate(LOGON_SERVERS, 1)]
    lines += [
        "[Package Command Manager]",
        "PollingInterval=60",
        f"InstructionSharePoint=\\\\{server}\\SMS_SHR\\pcmins.box",
        "[Sight]",
        "SyncSends=1",
        "Default Protocol=NetBIOS",
        "[LogonHistory]",
        f"LastLoggedUser=HQ\\{name}",
    ]
    return "\r\n".join(lines) + "\r\n"


def _hotfix(root):
    for program in articles.HOTFIX:
        _write(root / "hotfix" / program.cpu / program.name, program.content(), program.stamp)


def _inventory(root, records):
    rows = ["name,address,site,platform,os,ring"]
    for name, record in records.items():
        columns = (name, f"{name}.hq.example", "HQ", record["platform"], record["os"], record["ring"])
        rows.append(",".join(columns))
    _write(root / "clients.csv", "\n".join(rows) + "\n")


def _plan(root, batch_tool):
    """The example plan with the lab's own tools in it, by their full paths."""
    text = (HERE.parent / "q237690" / "plan.yaml").read_text()
    for word, tool in (("wine-batch", batch_tool), ("lab-restart", "lab-restart")):
        text = re.sub(rf"\[{word},", f'["{HERE / tool}",', text)
    _write(root / "plan.yaml", text)


def _write(path, content, stamp=articles.SITE_SET_UP):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("latin-1") if isinstance(content, str) else content)
    os.utime(path, (stamp, stamp))
