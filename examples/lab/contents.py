"""Which files a lab has: those of the standing lab (Q237690), or those of any article of the table."""

from dataclasses import dataclass, replace

import articles
import hotfix
import map_text
import system_map
from client import OS_OF_SYSTEM, SYSTEM_OF_OS
from membership import lists_of
from program import Program, client_src

_PLATFORM = {"x86": "INTEL X86", "alpha": "DEC ALPHA"}


@dataclass(frozen=True)
class Contents:
    """`payload` lies beside the plan; `staged` and `system_map` are what a site has before the rollout."""

    article: str
    language: str
    payload: tuple
    staged: tuple
    system_map: str
    #: Languages that the article comes in; none when it is for all.
    languages: tuple = ()

    def reaches(self, system, cpu):
        """Whether any file is for clients of that operating system and CPU; always so when all files are for
        servers, for then it is all the same which clients there are."""
        lists = [(one.cpu, which) for one in self.payload for which in one.lists]
        word = SYSTEM_OF_OS[OS_OF_SYSTEM[system]]
        return not lists or any(on == cpu and which.split(":")[0] == word for on, which in lists)


def standing():
    """The lab of examples/q237690/plan.yaml."""
    blocks = {
        platform: [
            (program.name, program.size, program.lists)
            for program in articles.PREDECESSORS
            if program.cpu == cpu
        ]
        for cpu, platform in _PLATFORM.items()
    }
    blocks["INTEL X86"].append(("Cli_nt.exe", 65_536, {}))
    text = system_map.compose(blocks)
    return Contents("Q237690", "00000409", articles.HOTFIX, articles.PREDECESSORS, text)


def of_article(article, language, original=False):
    """A lab of one article of hotfix-files.tsv; ValueError for an unknown one."""
    found = hotfix.read(article, language, original)
    staged = list(found.staged)
    has = {(program.name.lower(), program.cpu) for program in staged}
    for program in (*articles.PREDECESSORS, *_beside(language)):
        if (program.name.lower(), program.cpu) not in has:
            staged.append(replace(program, lists=lists_of(program.name, program.cpu)))
    # Cli_nt.exe of x86 is compiled (site_tree), so it has an entry and no Program.
    cli = Program("lab", "Cli_nt.exe", "x86", 65_536, articles.SITE_SET_UP, {}, (client_src("x86"),))
    text = map_text.compose([*staged, cli], found.language)
    return Contents(article, found.language, found.payload, tuple(staged), text, found.languages)


def _beside(language):
    """Files that no article of the lab's replaces, but that edits of System.map are about (Q193269), and
    what DOS and OS/2 need. No article gives their sizes."""
    x86 = (client_src("x86"),)
    spoken = (client_src("x86", language),)
    wanted = (
        ("WUSER.EXE", 152_064, x86, 5),
        ("VUSER.386", 9_216, x86, 1),
        ("_WUSER.DLL", 40_448, spoken, 5),
        ("Pcmdos_4.exe", 275_456, x86, 5),
        ("Cli_dos.exe", 200_940, x86, 5),
        ("Cli_os2.exe", 198_656, x86, 5),
    )
    return [
        Program("lab", name, "x86", size, hotfix.RELEASE, {}, places, flags=flags)
        for name, size, places, flags in wanted
    ]
