"""Makes programs that nothing runs, but whose headers, sizes and dates are right.

The bytes depend on what is asked for alone, so that a plan can name their SHA-256 once and for all.
"""

import hashlib
import struct

MACHINE = {"x86": 0x14C, "alpha": 0x184}
_HEADER_AT = 0x80


def portable_executable(seed, size, machine, stamp):
    """A PE file of exactly `size` bytes: MZ stub, PE header for one CPU, one section of filler."""
    coff = struct.pack("<HHIIIHH", machine, 1, stamp, 0, 0, 0xE0, 0x010F)
    code = _round_up(size, 512) - 512
    optional = struct.pack("<HBBIII", 0x10B, 3, 10, code, 0, 0).ljust(0xE0, b"\0")
    section = struct.pack("<8sIIIIIIHHI", b".text", code, 0x1000, code, 512, 0, 0, 0, 0, 0x60000020)
    head = _dos_header() + b"PE\0\0" + coff + optional + section
    return _fill(head.ljust(512, b"\0"), seed, size)


def new_executable(seed, size):
    """A 16-bit NE file for Windows (target system 2) of exactly `size` bytes; NE has no time stamp."""
    head = bytearray(b"NE" + bytes([5, 10]) + bytes(60))
    head[0x36] = 2
    return _fill((_dos_header() + bytes(head)).ljust(512, b"\0"), seed, size)


def dos_executable(seed, size):
    """A plain DOS program of exactly `size` bytes: an MZ header that leads to no other."""
    head = bytearray(64)
    head[0:2] = b"MZ"
    struct.pack_into("<HHHH", head, 2, size % 512, _round_up(size, 512) // 512, 0, 4)
    return _fill(bytes(head), seed, size)


def linear_executable(seed, size):
    """A device driver of Windows 95 or 3.x (.vxd, .386) of exactly `size` bytes: an LE header."""
    return _fill((_dos_header() + b"LE".ljust(0xC4, b"\0")).ljust(512, b"\0"), seed, size)


def data(seed, size):
    """Bytes without a header."""
    return _fill(b"", seed, size)


def text(body, size):
    """A text of exactly `size` bytes: what `body` says, then blank lines; ValueError when it is longer."""
    short = size - len(body)
    if short < 0:
        raise ValueError(f"{len(body)} bytes of text do not fit into {size}")
    return body.encode("latin-1") + b"\r\n" * (short // 2) + b" " * (short % 2)


def time_stamp(content):
    """The PE time stamp, 0 when it is no PE file."""
    if len(content) < 64 or content[:2] != b"MZ":
        return 0
    at = struct.unpack_from("<I", content, 0x3C)[0]
    if content[at : at + 4] != b"PE\0\0" or len(content) < at + 12:
        return 0
    return struct.unpack_from("<I", content, at + 8)[0]


def _dos_header():
    head = bytearray(_HEADER_AT)
    head[0:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, _HEADER_AT)
    return bytes(head)


def _fill(head, seed, size):
    return head + hashlib.shake_256(seed.encode()).digest(size - len(head))


def _round_up(value, unit):
    return (value + unit - 1) // unit * unit
