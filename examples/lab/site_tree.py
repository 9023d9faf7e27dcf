"""Builds a site: the site server's tree, its logon servers' shares and their own disks."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import articles
import copy_list
import system_map
from folder import write

_HERE = Path(__file__).resolve().parent
_COMPILER = "x86_64-w64-mingw32-gcc"
#: Where a logon server's disk has the log-on scripts; not updated by Maintenance Manager (Q195702).
_SCRIPTS = ("Repl/Export/Scripts", "Repl/Import/Scripts")


def compiled_client_setup():
    """cli_nt.exe, without a time in it so that every build is the same; b"" without a compiler."""
    if not shutil.which(_COMPILER):
        print(f"make-lab: {_COMPILER} is missing: Upgrade.bat will not work here, plain-batch does")
        return b""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-O2", "-s", "-Wall", "-Wl,--no-insert-timestamp", "-o", "cli_nt.exe"]
        source = _HERE / "files" / "cli_nt.c"
        subprocess.run([_COMPILER, *options, str(source)], cwd=folder, check=True)
        return (Path(folder) / "cli_nt.exe").read_bytes()


def build(site, contents, client_setup, systems):
    """Everything of a site but its clients; `systems` are the operating systems that the lab has."""
    _site_server(site, contents, client_setup, systems)
    for server in site.logon_servers:
        _logon_server(site, server, contents)


def _site_server(site, contents, client_setup, systems):
    source = site.client_src
    for program in contents.staged:
        for place in program.places:
            write(site.root / place / program.name, program.content(), program.stamp)
    if client_setup:
        write(source / "X86.bin" / "Cli_nt.exe", client_setup)
    # OS/2 clients run Upgrade.cmd in place of Upgrade.bat (Resource Guide S3D1C).
    for name in ("Upgrade.bat", "Upgrade.cmd") if "os2" in systems else ("Upgrade.bat",):
        batch = (_HERE / "files" / name).read_text()
        write(source / name, batch.replace("\n", "\r\n"))
    write(site.root / "System.map", contents.system_map)
    entries = system_map.entries(contents.system_map)
    for system, name in copy_list.NAMES.items():
        write(source / name, copy_list.compose(entries, system, articles.SITE_SET_UP))
    for folder in ("Logs", "Site.srv/X86.bin", "Site.srv/Alpha.bin", "Site.srv/Sitecfg.box"):
        (site.root / folder).mkdir(parents=True, exist_ok=True)
    write(site.root / "Site.srv/Sitecfg.box/Sitectrl.ct0", "SITE CONTROL FILE [786][1.08]\r\n")


def _logon_server(site, server, contents):
    share = site.logon_servers[server]
    shutil.copytree(site.client_src, share)
    mstest = site.root / "Site.srv/Maincfg.box/Mstest"
    if mstest.exists():
        shutil.copytree(mstest, share / "Mstest")
    write(share / "Domain.ini", _domain_ini(site))
    for box in ("Ccr.box/Retry", "Pcmins.box", "Despoolr.box", "Inventry.box", "Isvmif.box", "Smsid"):
        (share / box).mkdir(parents=True)
    write(share / "Smsid" / f"{site.code}00041.UID", b"")
    disk = site.disks[server]
    if (site.root / "Helper.srv").exists():
        shutil.copytree(site.root / "Helper.srv", disk / "SMS" / "Helper.srv")
    for program in contents.staged:
        if program.name.lower() == "check20.exe":
            for folder in _SCRIPTS:
                write(disk / folder / program.name, program.content(), program.stamp)


def _domain_ini(site):
    components = "Package Command Manager,Remote Control"
    lines = ["[SMS]", "BuildNo=786", f"Components={components}", "AutoStart=Package Command Manager"]
    lines += [f"SiteCode={site.code}", "[Servers]", f"Domain={site.name}"]
    lines += [f"Server{at}={name}" for at, name in enumerate(site.logon_servers, 1)]
    return "\r\n".join(lines) + "\r\n"
