"""Which files the lab has, with the sizes and dates that the articles print. Times are UTC.

PREDECESSORS stand on the site, the logon servers and the clients when a lab is made; HOTFIX is Q237690.
"""

import calendar

from program import Program, client_src

_PCM32 = {"WINNT:PCM": "SMS", "WIN95:PCM": "SMS"}
_PCM32_NT = {"WINNT:PCM": "SMS"}
_PCM16 = {"WIN16:PCM": "SMS", "WIN95:PCM": "SMS"}
_RUN32 = {"WINNT:STANDARD": "WINDIR"}
_RUN16 = {"WIN16:STANDARD": "SMS", "WIN95:STANDARD": "SMS"}
_REMOTE = {"WINNT:REMOTE_CONTROL": "WINDIR"}


def _program(article, name, cpu, size, when, lists):
    stamp = calendar.timegm((*when, 0, 0, 0, 0))
    return Program(article, name, cpu, size, stamp, lists, (client_src(cpu),))


PREDECESSORS = (
    _program("Q230242", "Pcmwin32.exe", "x86", 469_936, (1999, 5, 6, 18, 30), _PCM32),
    _program("Q225056", "Pcmwin16.exe", "x86", 453_904, (1999, 1, 28, 15, 31), _PCM16),
    _program("Q216552", "Smsrun32.exe", "x86", 89_792, (1999, 1, 14, 12, 0), _RUN32),
    _program("Q231362", "Smsrun16.exe", "x86", 100_572, (1999, 5, 3, 12, 0), _RUN16),
    _program("Q192788", "Wuser32.exe", "x86", 170_720, (1998, 10, 5, 12, 0), _REMOTE),
    _program("Q231821", "Getdisk.exe", "x86", 16_548, (1996, 6, 24, 12, 0), {"DOS:STANDARD": "SMS"}),
    _program("Q207369", "Invos2.exe", "x86", 157_661, (1998, 11, 16, 12, 0), {"OS2:STANDARD": "SMS"}),
    _program("Q230242", "Pcmwin32.exe", "alpha", 1_175_312, (1999, 5, 6, 18, 30), _PCM32_NT),
    _program("Q216552", "Smsrun32.exe", "alpha", 181_008, (1999, 1, 14, 12, 0), _RUN32),
    _program("Q192788", "Wuser32.exe", "alpha", 345_872, (1998, 10, 5, 12, 0), _REMOTE),
    # No article gives the size of Cli_nt.exe; it is on no copy list, so it never reaches a client.
    _program("lab", "Cli_nt.exe", "alpha", 65_536, (1999, 1, 14, 12, 0), {}),
)

HOTFIX = (
    _program("Q237690", "Pcmwin32.exe", "x86", 470_448, (1999, 6, 22, 13, 12), _PCM32),
    _program("Q237690", "Pcmwin32.exe", "alpha", 1_175_312, (1999, 6, 22, 13, 11), _PCM32_NT),
    _program("Q237690", "Pcmwin16.exe", "x86", 454_032, (1999, 6, 22, 13, 12), _PCM16),
)

#: When the lab's site was last set up: the stamp of System.map, the first CopyListVersion, ini files.
SITE_SET_UP = calendar.timegm((1999, 5, 7, 9, 0, 0, 0, 0, 0))
