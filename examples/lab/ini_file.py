"""Reads and edits one key of an INI text and leaves every other byte as it was.

Sms.ini is full of keys that fixes added over the years (Q180151, Q187287, Q191067 and others), so an
edit must keep what it does not know: sections, order, spelling, blank lines and line ends.
"""

import re

from case_blind import find, replace_file

_SECTION = re.compile(r"^\s*\[([^\]]*)\]")


def load(path):
    """The text of an INI file; every byte has a character, so that writing it back is exact."""
    return path.read_bytes().decode("latin-1")


def get(text, section, key, default=""):
    """The value of a key, names compared without case; `default` when it is absent."""
    for _, _, line in _lines_of(text, section):
        name, equals, value = line.partition("=")
        if equals and name.strip().lower() == key.lower():
            return value.strip()
    return default


def put(text, section, key, value):
    """The text with one key set; a key or section that is missing is added at its end."""
    end = None
    for start, stop, line in _lines_of(text, section):
        name, equals, _ = line.partition("=")
        if equals and name.strip().lower() == key.lower():
            return f"{text[:start]}{name}={value}{text[stop:]}"
        if line.strip():
            end = stop
    if end is None:
        if text and not text.endswith("\n"):
            text += "\r\n"
        return f"{text}[{section}]\r\n{key}={value}\r\n"
    return f"{text[:end]}\r\n{key}={value}{text[end:]}"


def drop(text, section, key):
    """The text without one key."""
    for start, stop, line in _lines_of(text, section):
        name, equals, _ = line.partition("=")
        if equals and name.strip().lower() == key.lower():
            after = text.find("\n", stop)
            return text[:start] + ("" if after < 0 else text[after + 1 :])
    return text


def edit_file(root, name, *edits):
    """Applies (section, key, value) edits to a file below root; value None drops the key."""
    path = find(root, name)
    if path is None:
        return
    before = text = load(path)
    for section, key, value in edits:
        text = drop(text, section, key) if value is None else put(text, section, key, value)
    if text != before:
        replace_file(path, text.encode("latin-1"))


def _lines_of(text, section):
    """(start, stop, line) of each line in a section, its heading first, line ends left out."""
    inside, at = False, 0
    for whole in text.splitlines(keepends=True):
        line = whole.rstrip("\r\n")
        heading = _SECTION.match(line)
        if heading:
            inside = heading.group(1).strip().lower() == section.lower()
        if inside:
            yield at, at + len(line), line
        at += len(whole)
