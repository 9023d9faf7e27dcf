"""Copy lists (Cl_*.txt): what Client Setup compares a client with.

No article prints one: known are the CopyListVersion key and that files stand on lines of their own.
The lab's form is an INI file:

    [SMS]
    CopyListVersion=926015400
    BuildNo=786
    [PCM]
    X86.bin\\Pcmwin32.exe=SMS

One section a component, one line a file: its place on the logon server, and where it goes on the
client: SMS (the folder SMSBinPath names) or WINDIR (LocalWindowsPath).
"""

from dataclasses import dataclass

import ini_file

#: Copy list of each operating system, by its word in System.map (Resource Guide; Q166771 writes
#: Cl_win95.txt for Cl_w95.txt, the shipped .mod file and Q153287 do not).
NAMES = {
    "WINNT": "Cl_nt.txt",
    "WIN95": "Cl_w95.txt",
    "WIN16": "Cl_win.txt",
    "DOS": "Cl_dos.txt",
    "OS2": "Cl_os2.txt",
}


@dataclass(frozen=True)
class Item:
    """One file of a copy list."""

    directory: str
    name: str
    destination: str


def compose(entries, system, version):
    """The text of one system's copy list."""
    out = ["[SMS]", f"CopyListVersion={version}", "BuildNo=786"]
    mine = [entry for entry in entries if entry.system == system]
    for component in dict.fromkeys(entry.component for entry in mine):
        out.append(f"[{component}]")
        out += [
            f"{entry.directory}\\{entry.name}={entry.destination}"
            for entry in mine
            if entry.component == component
        ]
    return "\r\n".join(out) + "\r\n"


def version(text):
    """CopyListVersion as it is written; "" when the list has none."""
    return ini_file.get(text, "SMS", "CopyListVersion")


def items(text):
    """Every Item of a list."""
    found = []
    for line in text.splitlines():
        path, equals, where = line.partition("=")
        directory, slash, name = path.strip().rpartition("\\")
        if equals and slash:
            found.append(Item(directory, name, where.strip().upper()))
    return found
