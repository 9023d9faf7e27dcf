"""Log lines in the two shapes that SMS 1.2 wrote, and files that do not grow for ever."""

import os

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
_LIMIT = 512 * 1024


def client_line(when, component, text):
    """`[MM/DD/YY HH:MM:SS] component ==> text`, as Pcmwin.log and Smsrun.log have it (Q237690, Q167759)."""
    return f"[{when:%m/%d/%y %H:%M:%S}] {component} ==> {text}\r\n"


def server_line(when, component, thread, text):
    """`text~   $$<COMPONENT><date~><thread=HEX>`, as the site server's logs have it (Q200769, Q193784)."""
    date = f"{_DAYS[when.weekday()]} {_MONTHS[when.month - 1]} {when:%d %H:%M:%S %Y}"
    return f"{text}~   $$<{component}><{date}~><thread={thread:X}>\r\n"


def append(path, *lines):
    """Adds lines; a log past its limit starts anew beside its predecessor (size limit: Q122055)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if path.stat().st_size > _LIMIT:
            os.replace(path, path.with_suffix(".lo_"))
    except FileNotFoundError:
        pass
    with open(path, "ab") as log:
        log.write("".join(lines).encode("latin-1", "replace"))
