"""Reads hotfix-files.tsv: the file tables of the hotfix articles, as the articles print them; and cd-files.tsv,
in the same form: files that articles take from a CD and print no table of. Those sizes and dates are the lab's own.

Sizes come as bytes (`454,032`, `16,256b`) or rounded (`442 KB`, `4.19 KB`; KB is 1024), dates in three
notations, times with and without am or pm, and sometimes not at all.
"""

import calendar
import csv
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_HERE = Path(__file__).resolve().parent
TABLE = _HERE / "hotfix-files.tsv"
CD_FILES = _HERE / "cd-files.tsv"
ENGLISH = "00000409"

#: Articles that list a file more than once: what each list is for, in the order of the table. A language,
#: or "original" for the build that the article itself replaces (Q193031).
_EDITIONS = {
    "Q193031": ("", "original"),
    "Q229097": (ENGLISH, "00000407"),
    "Q254228": ("0000040C", ENGLISH),
}
#: Check20.exe is one DOS program for both CPUs; fragments and control files belong to no CPU.
_CPU = {"X86": "x86", "ALPHA": "alpha", "X86+ALPHA": "x86", "MAC": "mac", "-": "x86"}


@dataclass(frozen=True)
class Row:
    """One file of one CPU in one article; `edition` tells apart what the article lists twice."""

    article: str
    name: str
    cpu: str
    size: int
    stamp: int
    target: str
    edition: str = ""


def articles():
    """Every article of the table, in its order."""
    return list(dict.fromkeys(row.article for row in rows()))


def rows(article=None):
    """The rows of one article, or of all."""
    lines = []
    for path in (TABLE, CD_FILES):
        with open(path, encoding="utf-8", newline="") as table:
            lines += [line for line in csv.DictReader(table, delimiter="\t") if article in (None, line["q"])]
    found = []
    for line in lines:
        cpu = _CPU[line["platform"]]
        key = (line["q"], line["file"].lower(), cpu)
        before = sum((row.article, row.name.lower(), row.cpu) == key for row in found)
        found.append(_row(line, cpu, before, _repeats(lines, line)))
    return found


def size(text):
    """Bytes; a rounded size gives bytes that round to it."""
    number, unit = re.fullmatch(r"([\d,.]+)\s*(KB|b|)", text).groups()
    return round(float(number.replace(",", "")) * (1024 if unit == "KB" else 1))


def stamp(date, time):
    """Seconds since 1970, the printed time taken for UTC; noon when no time is printed."""
    for notation in ("%m/%d/%y", "%m/%d/%Y", "%d-%b-%Y"):
        try:
            day = datetime.strptime(date, notation)
        except ValueError:
            continue
        return calendar.timegm((day.year, day.month, day.day, *_clock(time), 0, 0, 0, 0))
    raise ValueError(f"hotfix-files.tsv: {date!r} is no date")


def _spelled(name):
    """One spelling for one name: articles write GETDISK.EXE and Getdisk.exe, payload folders need one."""
    return name if name[0].isdigit() else name.capitalize()


def _clock(text):
    found = re.match(r"(\d+):(\d+)(?::\d+)?\s*([ap]?)", text.strip().lower())
    if not found:
        return 12, 0
    hour, minute, half = int(found[1]), int(found[2]), found[3]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute


def _repeats(lines, line):
    """Whether the article lists the file again, for another language or as its own predecessor."""
    key = (line["q"], line["file"].lower(), line["platform"])
    return sum((one["q"], one["file"].lower(), one["platform"]) == key for one in lines) > 1


def _row(line, cpu, before, repeats):
    edition = _EDITIONS[line["q"]][before] if repeats else ""
    when = stamp(line["date"], line["time"])
    return Row(line["q"], _spelled(line["file"]), cpu, size(line["size_printed"]), when, line["target"], edition)
