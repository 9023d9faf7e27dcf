"""A client's Sms.ini, wherever it lies: in the root of drive C:, or in the Windows folder.

The Resource Guide (S3D48) has it in the root; some installations keep it in %windir% (Q139086, Q228781).
"""

import ini_file
from case_blind import find

#: Where clients of the lab keep Windows: NT, 95 and 3.x, OS/2.
WINDOWS_FOLDERS = ("WINNT", "WINDOWS", "OS2")


def place(drive):
    """The file, the root's first; None when the client has none (it was removed)."""
    for folder in ("", *WINDOWS_FOLDERS):
        found = find(drive, f"{folder}/Sms.ini")
        if found is not None:
            return found
    return None


def load(drive):
    """Its text; "" when there is none."""
    path = place(drive)
    return ini_file.load(path) if path else ""


def edit(drive, *edits):
    """Applies (section, key, value) edits to it; value None drops the key."""
    path = place(drive)
    if path is not None:
        ini_file.edit_file(path.parent, path.name, *edits)
