"""Small Wine prefixes: one base for all labs, one a client, none inside a client's own files.

A prefix as Wine makes it takes 700 MB and many seconds. Nearly all of that are copies of Wine's own
programs, so the base keeps links to them (9 MB), and a client's prefix is a copy of the registry and a
link to the base's Windows folder (2 MB, some milliseconds).
"""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import client_ini

_REGISTRY = ("system.reg", "user.reg", "userdef.reg", ".update-timestamp")
#: What lies in a prefix's drive_c for Wine's sake; all else there belongs to the client.
_OWN = ("windows", "users", "programdata", "lab")


class NoWine(Exception):
    """Wine is not installed, or could not make a prefix."""


def environment(prefix):
    """Variables for a Wine that shows no window, starts no service and stays silent."""
    dropped = ("DISPLAY", "WAYLAND_DISPLAY")
    found = {name: value for name, value in os.environ.items() if name not in dropped}
    off = "mscoree=;mshtml=;winemenubuilder.exe=;explorer.exe=;services.exe="
    found.update(WINEPREFIX=str(prefix), WINEDEBUG="-all", WINEDLLOVERRIDES=off)
    return found


def base(lab_root):
    """The base prefix, made if it is not there; any number of callers may ask at once."""
    link = lab_root / ".wine-base"
    if (link / ".ready").exists():
        return link.resolve()
    if not shutil.which("wine"):
        raise NoWine("wine is not installed (apt-get install wine); --no-wine makes a lab without")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    version = subprocess.run(["wine", "--version"], capture_output=True, text=True, check=False)
    word = version.stdout.split()[0] if version.stdout.split() else "wine"
    folder = Path(cache) / "sitewide-lab" / word
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = lab_root / "wine" / ".base"
        folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "base" / ".ready").exists():
            shutil.rmtree(folder / "base", ignore_errors=True)
            _make_base(folder)
    fresh = link.with_name(f".wine-base.{os.getpid()}")
    os.symlink(folder / "base", fresh)
    os.replace(fresh, link)
    return folder / "base"


def client(job):
    """The prefix of a batch.Job's client, with the client's files as drive C: and the share as drive S:.

    The client's files are linked one by one into a drive_c of Wine's, because Wine needs a Windows
    folder on C: and the client's own folder is to hold nothing that is not the client's."""
    source = base(job.lab.root)
    prefix = job.lab.root / "wine" / job.client
    c_drive, devices = prefix / "drive_c", prefix / "dosdevices"
    if not (prefix / ".update-timestamp").exists():
        for folder in (devices, c_drive / "users", c_drive / "ProgramData"):
            folder.mkdir(parents=True, exist_ok=True)
        for file in _REGISTRY:
            shutil.copy2(source / file, prefix / file)
    _link(devices / "c:", "../drive_c")
    _link(devices / "s:", job.share)
    _link(c_drive / "windows", source / "windows")
    for entry in c_drive.iterdir():
        if entry.name.lower() not in _OWN:
            _remove(entry)
    for entry in job.drive.iterdir():
        if entry.name.lower() not in _OWN:  # a client's own WINDOWS gives way to Wine's
            _link(c_drive / entry.name, entry)
    _mark(c_drive / "LAB", job)
    return prefix


def give_back(prefix, drive):
    """What the batch made in the root of C:, or wrote anew in place of a link, goes to the client."""
    for entry in (prefix / "drive_c").iterdir():
        if entry.name.lower() not in _OWN and not entry.is_symlink():
            os.replace(entry, drive / entry.name)
    hidden, found = prefix / "drive_c" / "LAB" / "SMS.INI", client_ini.place(drive)
    if hidden.is_file() and not hidden.is_symlink() and found is not None:
        os.replace(hidden, found)


def garbage():
    """What a garbling client prints: 256 KiB of all bytes and of sequences that move a terminal.

    NUL and Ctrl-Z are left out, as cmd's TYPE ends lines and files there."""
    line = bytes(byte for byte in range(256) if byte not in (0, 0x1A))
    line += b"\x1b[2J\x1b[31m\x1b]0;owned\x07\xff\xfe\xc0\x80\r\n"
    return (line * (256 * 1024 // len(line) + 1))[: 256 * 1024]


def _mark(folder, job):
    """C:\\LAB on the Wine side: what the batch looks at to misbehave, and to take another system for its
    own; and the Sms.ini of a client that keeps it in its Windows folder, which Wine's own hides."""
    _remove(folder)
    kind = job.behaviour.kind if job.behaviour else ""
    content = {"fail": b"", "hang": b"", "ini_locked": b"", "garble": garbage()}
    marks = {kind.upper(): content[kind]} if kind in content else {}
    if job.client_setup != "cli_nt":
        marks[job.client_setup.upper()] = b""
    found = client_ini.place(job.drive)
    hidden = found is not None and found.parent != job.drive
    if marks or hidden:
        folder.mkdir()
    for name, held in marks.items():
        (folder / name).write_bytes(held)
    if hidden:
        _link(folder / "SMS.INI", found)


def _make_base(folder):
    stock = folder / "stock"
    shutil.rmtree(stock, ignore_errors=True)
    stock.mkdir()
    env = environment(stock)
    # HOME inside: Wine links a user's folders to it, and the real one is none of the lab's business.
    env.update(HOME=str(stock), WINEDLLOVERRIDES="mscoree=;mshtml=;winemenubuilder.exe=")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["wine", "wineboot", "-i"], env=env, check=False, **quiet)
    subprocess.run(["wineserver", "-w"], env=env, check=False, **quiet)
    system = stock / "drive_c" / "windows" / "system32"
    if not (stock / "system.reg").exists() or not system.is_dir():
        raise NoWine("wineboot made no prefix")
    made = folder / "base"
    (made / "windows" / "system32").mkdir(parents=True)
    builtin = _builtin_programs()
    for file in system.iterdir():
        if not file.is_file():
            continue
        target = made / "windows" / "system32" / file.name
        if builtin and (builtin / file.name).exists():
            target.symlink_to(builtin / file.name)
        else:
            shutil.copy2(file, target)
    for file in _REGISTRY:
        shutil.copy2(stock / file, made / file)
    shutil.rmtree(stock)
    (made / ".ready").touch()


def _builtin_programs():
    for pattern in ("lib/*/wine/x86_64-windows", "lib/wine/x86_64-windows", "lib64/wine/x86_64-windows"):
        for folder in sorted(Path("/usr").glob(pattern)):
            return folder
    return None


def _link(path, target):
    if not path.is_symlink() or os.readlink(path) != str(target):
        _remove(path)
        path.symlink_to(target)


def _remove(path):
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
