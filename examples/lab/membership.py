"""Which copy lists a file is on, and where that puts it on a client.

SMS is the folder SMSBinPath names, WINDIR that of LocalWindowsPath; which of the two follows the Resource
Guide (S3CF5), Q186412 and Q171298. The legal names of lists are those of the Resource Guide (S3D66).
"""


def _lists(names, component, destination):
    found = {f"{system}:{component}": destination for system in ("DOS", "WIN16", "WIN95", "OS2", "WINNT")}
    return {which: where for which, where in found.items() if which.split(":")[0] in names}


_DOS_TO_95 = _lists(("DOS", "WIN16", "WIN95"), "STANDARD", "SMS")
_NT_REMOTE = _lists(("WINNT",), "REMOTE_CONTROL", "WINDIR")
_NT_REMOTE_SMS = _lists(("WINNT",), "REMOTE_CONTROL", "SMS")
_95_REMOTE = _lists(("WIN95",), "REMOTE_CONTROL", "SMS")
_WIN_REMOTE = _lists(("WIN16", "WIN95"), "REMOTE_CONTROL", "SMS")

_LISTS = {
    "pcmwin32.exe": _lists(("WIN95", "WINNT"), "PCM", "SMS"),
    "pcmwin16.exe": _lists(("WIN16", "WIN95"), "PCM", "SMS"),
    "pcmuncw9.exe": _lists(("WIN95",), "PCM", "SMS"),
    "pcmdos_2.exe": _lists(("DOS",), "PCM", "SMS"),
    "pcmdos_4.exe": _lists(("DOS",), "PCM", "SMS"),
    "smsrun32.exe": _lists(("WINNT",), "STANDARD", "WINDIR"),
    "smsrun16.exe": _lists(("WIN16", "WIN95"), "STANDARD", "SMS"),
    "climonnt.exe": _lists(("WINNT",), "STANDARD", "SMS"),
    # Since SP3 inventory programs are kept on the client (Q174953, Q185346).
    "inv32cli.exe": _lists(("WINNT",), "STANDARD", "WINDIR"),
    "invwin32.exe": _lists(("WINNT",), "STANDARD", "SMS"),
    "wbeminv.dll": _lists(("WINNT",), "STANDARD", "SMS"),
    "invos2.exe": _lists(("OS2",), "STANDARD", "SMS"),
    "os2bios.exe": _lists(("OS2",), "STANDARD", "SMS"),
    "invdos.exe": _DOS_TO_95,
    "getdisk.exe": _DOS_TO_95,
    "getmem.exe": _DOS_TO_95,
    "getcomp.exe": _DOS_TO_95,
    "getdata.exe": _DOS_TO_95,
    "getsfwr.exe": _DOS_TO_95,
    "nadapi16.dll": _lists(("WIN16",), "STANDARD", "WINDIR"),
    "coexist.dll": _lists(("WIN95",), "REMOTE_CONTROL", "SMS"),
    "nadapi95.dll": _lists(("WIN95",), "STANDARD", "WINDIR"),
    "nadapi32.dll": _lists(("WINNT",), "STANDARD", "WINDIR"),
    "snmpelea.dll": _lists(("WINNT",), "STANDARD", "WINDIR"),
    "wuser32.exe": _NT_REMOTE,
    "wchat32.exe": _NT_REMOTE,
    "wslave32.exe": _NT_REMOTE,
    "multprot.dll": _NT_REMOTE,
    "smsrcins.exe": _NT_REMOTE_SMS,
    "kbs-kbd.inf": _NT_REMOTE_SMS,
    "kbs-mou.inf": _NT_REMOTE_SMS,
    "kbstuf5i.cat": _NT_REMOTE_SMS,
    "kbstuf5i.cdf": _NT_REMOTE_SMS,
    "kbstuff5.sys": _NT_REMOTE_SMS,
    # The three whose Windows 95 list one hotfix takes away (Q193269), and the files that take their place.
    "wuser.exe": _WIN_REMOTE,
    "_wuser.dll": _WIN_REMOTE,
    "vuser.386": _lists(("WIN16", "WIN95"), "REMOTE_CONTROL_386", "WINDIR"),
    "wuser9x.exe": _95_REMOTE,
    "coexst9x.dll": _95_REMOTE,
    "idisp9x.dll": _95_REMOTE,
    "idispthk.dll": _95_REMOTE,
    "imp9x.dll": _95_REMOTE,
    "loc16vc0.dll": _95_REMOTE,
    "multpr9x.dll": _95_REMOTE,
    "queue9x.dll": _95_REMOTE,
    "woudat9x.dll": _95_REMOTE,
    "vuser9x.vxd": _lists(("WIN95",), "REMOTE_CONTROL_386", "WINDIR"),
    "wumsg9x.dll": _95_REMOTE,
    "_idisp9x.dll": _95_REMOTE,
    "_wuser9x.dll": _95_REMOTE,
}

#: Files that no site has before the hotfix which brings them: nothing older is staged, and no entry of
#: System.map names them. Without an edit of the map they reach logon servers and never clients (Q231821).
BROUGHT_BY_A_HOTFIX = (
    "95getdsk.exe wuser9x.exe coexst9x.dll idisp9x.dll idispthk.dll imp9x.dll loc16vc0.dll multpr9x.dll "
    "queue9x.dll woudat9x.dll vuser9x.vxd wumsg9x.dll _idisp9x.dll _wuser9x.dll kbs-kbd.inf kbs-mou.inf "
    "kbstuf5i.cat kbstuf5i.cdf kbstuff5.sys smsrcins.exe wbeminv.dll w2000pro.pdf w9xtow2k.exe"
).split()


def lists_of(name, cpu):
    """{list: destination} of a file; {} when no client gets it (servers' programs, Smssvr, Cli_x)."""
    if name.lower() == "95getdsk.exe":
        return _DOS_TO_95  # whatever the entry says that it is a copy of (Q231821)
    found = _LISTS.get(name.lower(), {})
    if cpu == "x86":
        return found
    return {which: where for which, where in found.items() if which.startswith("WINNT:")}
