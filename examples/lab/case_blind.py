"""Paths as SMS sees them: case-blind, with either slash, below one folder.

SMS 1.2 names come in every case (Q166771 alone spells one file three ways), while the disk the lab
lives on tells cases apart. Everything the stand-ins open is found through here.
"""

import os
from pathlib import Path


def find(root, path):
    """The file or folder `path` below `root`, whatever its case; None when there is none."""
    here = Path(root)
    for part in str(path).replace("\\", "/").split("/"):
        if not part:
            continue
        exact = here / part
        if os.path.lexists(exact):
            here = exact
            continue
        try:
            names = sorted(name for name in os.listdir(here) if name.lower() == part.lower())
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not names:
            return None
        here = here / names[0]
    return here


def place(root, path):
    """Where `path` is, or would be created: existing folders keep their spelling."""
    here = Path(root)
    for part in str(path).replace("\\", "/").split("/"):
        if part:
            here = find(here, part) or here / part
    return here


def replace_file(target, content, mtime=None):
    """Writes a file beside its target and renames it over, so that no reader sees a half."""
    target = Path(target)
    beside = target.with_name(f"~{target.name}.lab")
    try:
        with open(beside, "wb") as out:
            out.write(content)
        if mtime is not None:
            os.utime(beside, (mtime, mtime))
        os.replace(beside, target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
