"""Writes System.map as a real site has it: many blocks, entries that wrap, and lists of each system.

Grammar after the Resource Guide (S3D66), Q231821 and Q193269. `fragment` writes what a hotfix brings to be
merged into it (Q193269's System.ma_, Hotfix.map of Q245816 and others).
"""

from program import FOLDER

_UNITS = {"x86": "INTEL", "alpha": "ALPHA"}
_PLATFORMS = {"x86": "INTEL X86", "alpha": "DEC ALPHA"}
_FOLDERS = {"x86": "X86", "alpha": "ALPHA"}
_LANGUAGES = {"": "", "00000407": "GERMAN", "00000409": "ENGLISH", "0000040C": "FRENCH"}
_CLIENTS = "SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC"
_COMPONENTS = (
    "STANDARD PCM APPCONTROL REMOTE_CONTROL REMOTE_CONTROL_386 REMOTE_CONTROL_NETWARE MIFENTRY"
).split()
_WIDTH = 100


def compose(programs, language):
    """The whole map of a site that has these programs, for clients of one language."""
    out = _head()
    out += _client_blocks([one for one in programs if one.client_folder()], language)
    # Other languages' blocks have entries of the same names: an edit must look at a block's head (Q193269).
    other = "0000040C" if language != "0000040C" else "00000409"
    twins = [one for one in programs if one.name.lower() == "_wuser.dll"]
    out += _block(f"{_CLIENTS}\\X86.BIN\\{other}", "x86", other, "CLIENT", twins)
    for cpu in ("x86", "alpha"):
        built = [one for one in programs if one.cpu == cpu]
        mine = [one for one in built if f"Site.srv/{FOLDER[cpu]}" in one.places]
        mine += [one for one in built if one.name.lower() in ("wuser.exe", "vuser.386")]
        out += _block(f"SITE.SRV\\{_FOLDERS[cpu]}.BIN", cpu, "", "SERVER", mine)
    services = '   "SMS_EXECUTIVE", "SMS_SITE_CONFIG_MANAGER", "SMS_HIERARCHY_MANAGER"'
    out += ["SERVICE", "BEGIN", services, "END", ""]
    return "\r\n".join(out)


def fragment(programs, language):
    """Blocks with the entries of new files alone; "" when there are none."""
    return "\r\n".join(_client_blocks(programs, language))


def _client_blocks(programs, language):
    out = []
    for cpu in ("x86", "alpha"):
        for spoken in ("", language):
            folder = f"{_FOLDERS[cpu]}.BIN" + (f"\\{spoken}" if spoken else "")
            wanted = folder.replace("\\", "/").lower()
            mine = [one for one in programs if one.cpu == cpu and one.client_folder().lower() == wanted]
            if mine:
                out += _block(f"{_CLIENTS}\\{folder}", cpu, spoken, "CLIENT", mine)
    return out


def _head():
    systems = ("DOS", "WIN16", "WIN95", "OS2", "WINNT")
    lists = [f'   "{system}:{component}"' for system in systems for component in _COMPONENTS]
    directories = '"INTEL X86=X86.BIN","DEC ALPHA=ALPHA.BIN","MIPS R4000=MIPS.BIN","MAC 68000=MAC.BIN"'
    sections = {
        "IDLIST": [
            '   "BUILDNUMBER" = "786"',
            '   "SPNUMBER" = "0"',
            '   "SYSMAPVERSION" = "1.2"',
            f'   "PLATFORM_DIRECTORY" = {directories}',
        ],
        "PLATFORMS": ['   "INTEL X86"', '   "DEC ALPHA"', '   "MIPS R4000"', '   "MAC 68000"'],
        "LANGUAGES": ['   "ENGLISH" = "00000409"', '   "FRENCH" = "0000040C"', '   "GERMAN" = "00000407"'],
        "COPYLISTS": lists,
        "UNITS": ['   "INTEL CLIENT"', '   "ALPHA CLIENT"', '   "INTEL SERVER"', '   "ALPHA SERVER"'],
    }
    out = []
    for heading, lines in sections.items():
        out += [heading, "BEGIN", *lines, "END", ""]
    return out


def _block(directory, cpu, language, unit, programs):
    spoken = _LANGUAGES[language]
    return [
        f'DIRECTORY "{directory}"',
        f'PLATFORM "{_PLATFORMS[cpu]}" LANGUAGE "{spoken}" '
        f'SOURCE "{_FOLDERS[cpu]}\\{spoken or "INTNL"}" FLAGS = 10',
        f'UNIT = "{_UNITS[cpu]} {unit}"',
        "BEGIN",
        *(line for program in programs for line in _entry(program)),
        "END",
        "",
    ]


def _entry(program):
    """An entry's lines: it wraps wherever a line would become too long, within its lists too."""
    name = program.name.upper()
    size = program.map_size or program.size
    pieces = [f'"{name}",', f"SIZE(1, {size}, {size}),", f'"{name}",', f'"{name[:-1]}_",', "REMOTE=YES,"]
    named = [f'"{which}" = "{where}"' for which, where in program.lists.items()]
    if named:
        named[0] = "COPYLISTS(" + named[0]
        named[-1] += ")"
        pieces += [f"{each}," for each in named]
    pieces += ["COMPRESS=NO,", f"FLAGS = {program.flags}"]
    lines, line = [], "  "
    for piece in pieces:
        if len(line) + len(piece) >= _WIDTH:
            lines.append(line)
            line = "     "
        line += " " + piece
    return [*lines, line]
