"""One file of one CPU, as a lab holds it: name, size, date, copy lists, and where a site keeps it."""

from dataclasses import dataclass

import binary

CLIENT_SRC = "Site.srv/Maincfg.box/Client.src"
#: Each CPU's folder under Client.src, Site.srv, Helper.srv and on a logon server.
FOLDER = {"x86": "X86.bin", "alpha": "Alpha.bin", "mac": "Mac.bin"}

#: 16-bit programs of Windows or OS/2 (NE header). 32-bit names end in 32, 95 or 9x, nearly always.
_SIXTEEN_BIT = (
    "pcmwin16.exe smsrun16.exe smssvr16.exe getdisk.exe invos2.exe os2bios.exe nadapi16.dll wuser.exe "
    "_wuser.dll idispthk.dll cli_os2.exe pcmuncw9.exe"
).split()
_DOS = (
    "pcmdos_2.exe pcmdos_4.exe invdos.exe getmem.exe getcomp.exe getdata.exe getsfwr.exe 95getdsk.exe "
    "cli_dos.exe check20.exe"
).split()
_TEXT = (".mod", ".map", ".ma_", ".ctl", ".ct1", ".inf", ".cdf", ".pdf")
_DRIVER = (".vxd", ".386")
_DATA = (".cat", ".hcomp", ".mac")


@dataclass(frozen=True)
class Program:
    """One file; `places` are folders under <SMS_root>; without `lists` no client gets it."""

    article: str
    name: str
    cpu: str
    size: int
    stamp: int
    lists: dict
    places: tuple = ()
    #: SIZE of its entry in System.map; 0: its size.
    map_size: int = 0
    flags: int = 5
    body: str = ""

    def content(self):
        """Its bytes: right headers, right size, filler that depends on name and article alone."""
        seed = f"{self.article} {self.name} {self.cpu}"
        name = self.name.lower()
        if name.endswith(_TEXT):
            return binary.text(self.body or f"; {self.name} of {self.article}\r\n", self.size)
        if name.endswith(_DATA):
            return binary.data(seed, self.size)
        if name.endswith(_DRIVER):
            return binary.linear_executable(seed, self.size)
        if name in _SIXTEEN_BIT:
            return binary.new_executable(seed, self.size)
        if name in _DOS:
            return binary.dos_executable(seed, self.size)
        return binary.portable_executable(seed, self.size, binary.MACHINE[self.cpu], self.stamp)

    def client_folder(self):
        """Its folder below Client.src, such as `X86.bin` or `X86.bin/00000409`; None when it has none."""
        for place in self.places:
            if place.startswith(CLIENT_SRC + "/"):
                return place[len(CLIENT_SRC) + 1 :]
        return None


def client_src(cpu, language=""):
    """Where the clients' file of a CPU lies under <SMS_root>."""
    return "/".join(part for part in (CLIENT_SRC, FOLDER[cpu], language) if part)
