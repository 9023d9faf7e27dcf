"""Ends every process of one Wine prefix, also those that Wine itself lost sight of.

Wine starts a program's processes under init, where no parent can reach them, and killing wineserver
in the wrong moment leaves one waiting for ever. All of them carry their prefix in their environment.
"""

import os
import signal
import subprocess
import time
from pathlib import Path


def end_all(prefix, env):
    """Kills wineserver, then whatever is left of the prefix, until nothing is.

    Killed outright, wineserver does not write the registry back, which nobody needs here and which
    takes half a second."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["wineserver", "-k9"], env=env, check=False, **quiet)
    for _ in range(100):
        left = living(prefix)
        if not left:
            return
        for process in left:
            _kill(process)
        time.sleep(0.02)


def living(prefix):
    """Process ids of a prefix; the calling process is not among them, nor are zombies."""
    mark = f"\0WINEPREFIX={prefix}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in b"\0" + (folder / "environ").read_bytes() + b"\0":
                found.append(int(folder.name))
        except OSError:
            pass  # ended meanwhile, or another user's
    return found


def guard(prefix, env):
    """Forks a guard that does end_all should this process be killed; gives what dismisses it."""
    watched, held = os.pipe()
    signals = {signal.SIGTERM, signal.SIGINT}
    # Held back until each side of the fork has its own answer to them.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    process = os.fork()
    if process == 0:
        try:
            _watch(watched, prefix, env)
        finally:
            os._exit(0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
    os.close(watched)

    def dismiss():
        os.write(held, b"!")
        os.waitpid(process, 0)

    return dismiss


def _watch(watched, prefix, env):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    # Whoever reads the batch's output must not wait for the guard.
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.closerange(3, watched)
    os.closerange(watched + 1, 256)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if os.read(watched, 1) == b"":
        end_all(prefix, env)


def _kill(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass
