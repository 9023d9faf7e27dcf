"""System.map: the master list of files, of platforms and of which copy list names which file.

Grammar as the Resource Guide and Q231821, Q193269 show it. Only what copy lists need is read.
"""

import re
from dataclasses import dataclass

PLATFORM_DIRECTORY = {"INTEL X86": "X86.bin", "DEC ALPHA": "Alpha.bin"}

_BLOCK = re.compile(
    r'^DIRECTORY\s+"SITE\.SRV\\MAINCFG\.BOX\\CLIENT\.SRC\\([^"]+)"(.*?)^END\s*$', re.M | re.S | re.I
)
_FILE = re.compile(r'"([^"]+)"\s*,\s*SIZE\(.*?FLAGS\s*=\s*\d+', re.S)
_LISTS = re.compile(r'COPYLISTS\((.*?)\)', re.S)
_LIST = re.compile(r'"(\w+):(\w+)"\s*=\s*"(\w+)"')


class DamagedMap(Exception):
    """System.map cannot be read; SMS says so with event 237 (Q122179)."""


@dataclass(frozen=True)
class Entry:
    """One file on one copy list: where it comes from and where it goes on a client."""

    directory: str
    name: str
    system: str
    component: str
    destination: str


def compose(blocks):
    """The text of a System.map; blocks is {platform: [(name, size, {list: destination})]}."""
    out = [
        "IDLIST",
        "BEGIN",
        '   "BUILDNUMBER" = "786"',
        '   "SPNUMBER" = "0"',
        '   "PLATFORM_DIRECTORY" = "INTEL X86=X86.BIN","DEC ALPHA=ALPHA.BIN"',
        "END",
        "",
    ]
    for platform, files in blocks.items():
        directory = PLATFORM_DIRECTORY[platform].upper()
        out += [
            f'DIRECTORY "SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\{directory}"',
            f'PLATFORM "{platform}" LANGUAGE "" SOURCE "{directory[:-4]}\\INTNL" FLAGS = 10',
            f'UNIT = "{platform.split()[0]} CLIENT"',
            "BEGIN",
        ]
        for name, size, lists in files:
            name = name.upper()
            named = ", ".join(f'"{which}" = "{where}"' for which, where in lists.items())
            members = f"COPYLISTS({named}), " if lists else ""
            out.append(
                f'   "{name}", SIZE(1, {size}, {size}), "{name}", "{name[:-1]}_",\r\n'
                f"      REMOTE=YES, {members}COMPRESS=NO, FLAGS = 5"
            )
        out += ["END", ""]
    return "\r\n".join(out)


def entries(text):
    """Every Entry of a map, in its order. A file without COPYLISTS gives none: it reaches the logon
    servers and never a client (Q231821 adds a list for just that reason)."""
    text = text.replace("\r\n", "\n")
    if not re.search(r"^IDLIST\b", text, re.M):
        raise DamagedMap("IDLIST is missing")
    if len(re.findall(r"^BEGIN\s*$", text, re.M)) != len(re.findall(r"^END\s*$", text, re.M)):
        raise DamagedMap("BEGIN and END do not match")
    found = []
    for directory, body in _BLOCK.findall(text):
        for match in _FILE.finditer(body):
            lists = _LISTS.search(match.group(0))
            for system, component, where in _LIST.findall(lists.group(1) if lists else ""):
                name = match.group(1).capitalize()
                found.append(Entry(directory.capitalize(), name, system, component, where))
    if not found:
        raise DamagedMap("no file is on any copy list")
    return found
