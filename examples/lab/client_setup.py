"""Stands in for Client Setup and SMSRUN on one client.

`at_log_on` is what the log-on script starts (steps c1 to c3 of a forced update), `at_start` what
SMSRUN starts once Windows is up (c4 to c7). Both work on files alone and keep no memory, except
how often a component is still to be found in use, which the caller counts.
"""

import client_ini
import copy_list
import download
import ini_file
import package_command_manager
from blank_keys import are_blank, fill_in
from client import of_lab
from download import Faults
from power import TRIGGERED, setup_phase

_NO_FAULTS = Faults()


def faults_of(lab, name, in_use=False, interrupted=False):
    """What the client was told to do wrong; how often it does so is the caller's to count."""
    found = lab.behaviours.get(name)
    kind = found.kind if found else ""
    return Faults(
        in_use=in_use,
        missing_file=str(found.value) if kind == "missing_file" else "",
        full_disk=kind == "full_disk",
        locked_file=str(found.value) if kind == "locked_file" else "",
        interrupted=interrupted,
        other_os=kind == "other_os",
        ini_locked=kind == "ini_locked",
    )


def at_log_on(client, wall=None, faults=_NO_FAULTS):
    """Compares CopyListVersion with the logon server's list; True when it was new."""
    text = client.ini()
    listed = client.copy_list()
    if not listed or setup_phase(text).startswith("dein") or faults.ini_locked or are_blank(text):
        return False
    version = copy_list.version(listed)
    if version in ("", ini_file.get(text, "SMS", "CopyListVersion")):
        return False  # c2: only a difference counts, not which is the larger (Q166771)
    if faults.other_os:
        _tell_other_system(client, wall)
        return False
    # c3: the new version is stored *before* any file is looked at (Q166771 step 2). A client that does
    # this against a logon server without the files will not look again.
    client.edit(("SMS", "CopyListVersion", version), ("Local", "SetupPhase", "verify_files"))
    return True


def at_start(client, wall, faults=_NO_FAULTS):
    """SMSRUN reads SetupPhase and acts on it; PCM starts afterwards if the client is installed.

    True when a phase was acted upon, whatever came of it."""
    phase = setup_phase(client.ini())
    acted = phase in TRIGGERED and not faults.ini_locked
    if acted:
        _verify_files(client, wall, faults, phase)
    if setup_phase(client.ini()) == "installed":
        package_command_manager.at_start(client, wall)
    return acted


def in_one_run(lab, name, wall):
    """On a DOS client Upgrade.bat goes on to the end by itself (Resource Guide S3D1C, Q125978)."""
    if lab.clients[name]["os"] == "dos" and setup_phase(client_ini.load(lab.drive(name))) == "upgrade":
        at_start(of_lab(lab, name), wall, faults_of(lab, name))


def _verify_files(client, wall, faults, phase):
    if faults.other_os and phase != "upgrade":
        # F17: only Upgrade.bat, run under the system to be managed, makes peace with it (Q171329, Q154445).
        _tell_other_system(client, wall)
        return
    if faults.in_use:
        # c6a: while a component runs nothing is copied and the phase stays, for the next start
        # (Q166771, Q168463). The wording is that of /V output.
        client.setup_log(wall, "Client executable active: PCMWIN32.EXE")
        client.setup_log(wall, "Warning: Client component in use.")
        client.setup_log(wall, "Client component files will not be overwritten or removed.")
        return
    client.setup_log(wall, "Verifying Microsoft Systems Management Server client installation.")
    if phase == "upgrade":
        fill_in(client)
    result = download.run(client, faults)
    if result.missing:
        # PARTIAL: what could not be had is listed, and the phase stays (Q168598, Q270697).
        client.edit(("WorkstationStatus", "FilesNotDownloaded", ",".join(result.missing)))
        return
    if result.services and ini_file.get(client.ini(), "SMS", "OS") == "4":
        download.request_configuration(client, wall)
    edits = [("WorkstationStatus", "FilesNotDownloaded", "")]
    if phase == "upgrade":
        # Q200085: an upgrade loses this switch; whoever set it has to set it again.
        edits.append(("Sight", "SyncSends", None))
    # c6b: installed comes last, after every file.
    edits.append(("Local", "SetupPhase", "INSTALLED"))
    client.edit(*edits)


def _tell_other_system(client, wall):
    if wall is not None:
        text = "A different OS was detected than the one SMS was installed under."
        client.setup_log(wall, text)
