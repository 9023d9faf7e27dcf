"""Writes files with a time of the lab's story, so that two labs of the same options are the same."""

import os

from articles import SITE_SET_UP


def write(path, content, stamp=SITE_SET_UP):
    """Makes the file and the folders above it; text is written byte for character."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("latin-1") if isinstance(content, str) else content)
    os.utime(path, (stamp, stamp))
