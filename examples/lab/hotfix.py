"""One article's hotfix: its payload, and what a site has of the same files before it is rolled out."""

import calendar
from dataclasses import dataclass, replace

import hotfix_table
import map_text
from membership import BROUGHT_BY_A_HOTFIX, lists_of
from program import CLIENT_SRC, Program, client_src

#: SMS 1.2 itself: what a file is before any hotfix of the table.
RELEASE = calendar.timegm((1996, 6, 24, 12, 0, 0, 0, 0, 0))
#: SIZE in System.map keeps the release's number whatever hotfix is staged (Q231821 shows it for Getdisk).
_MAP_SIZE = {"getdisk.exe": 16_548}
_DAY_AND_A_HALF = 36 * 3600
#: Articles that edit System.map: an entry that is copied, lists that are taken away, a fragment.
EDITS_SYSTEM_MAP = ("Q193031", "Q196228", "Q231821", "Q193269", "Q245816", "Q254228", "Q254532")
#: Articles that bring a changed setting or machine to its clients: no files.
SETTINGS = (
    *("Q107245", "Q137897", "Q154445", "Q155680", "Q156233", "Q170440", "Q171329"),
    *("Q173120", "Q173594", "Q174952", "Q185914", "Q191336", "Q279752"),
)
#: Programs that run on servers from Helper.srv; there since the release (Q243159, Q314434, Q166765).
HELPERS = ("Pcmsvc32.exe", "Invwin32.exe", "Clicfg.exe")


@dataclass(frozen=True)
class Hotfix:
    """`payload`: what the article supplies. `staged`: the older files it replaces."""

    article: str
    language: str
    payload: tuple
    staged: tuple
    #: Languages that the article comes in; none when it is for all.
    languages: tuple = ()


def read(article, language=hotfix_table.ENGLISH, original=False):
    """The hotfix of an article of hotfix-files.tsv; ValueError says which articles and languages there are.

    With `original` the site has the build that the article itself replaces (Q193031: then System.map has
    its 95GETDSK entry already)."""
    table = hotfix_table.rows()
    mine = [row for row in table if row.article == article]
    if not mine and article not in SETTINGS:
        known = ", ".join(sorted({row.article for row in table} | set(SETTINGS)))
        raise ValueError(f"the lab has no article {article!r}; it has {known}")
    languages = {row.edition for row in mine} - {"", "original"}
    if languages and language not in languages:
        raise ValueError(f"{article} comes for {', '.join(sorted(languages))}, not for {language}")
    if original and not any(row.edition == "original" for row in mine):
        raise ValueError(f"{article} lists no original build")
    supplied = [row for row in mine if row.edition in ("", language)]
    before = [row for row in mine if row.edition == "original"] if original else []
    payload = [_program(row, language) for row in supplied]
    staged = [_older(row, table, before, language) for row in supplied]
    return Hotfix(
        article,
        language,
        _with_fragments(payload, language),
        _with_helpers(staged, table),
        tuple(sorted(languages)),
    )


def places(row, language):
    """Folders under <SMS_root> that the article's file belongs into; none for tools and fragments."""
    target = row.target
    if target == "(not stated)":
        target = {"Pcmsvc32.exe": "SB", "Invwin32.exe": "CS + SB"}.get(row.name, "CS")
    if "no target named" in target or target.startswith("tool"):
        return ()
    found = []
    for part in target.split(" + "):
        folder = client_src(row.cpu)[len(CLIENT_SRC) + 1 :]
        if part.startswith("CS root"):
            found.append(CLIENT_SRC)
        elif part.endswith("<lang>"):
            found.append(client_src(row.cpu, language))
        elif part.startswith("CS"):
            found.append(client_src(row.cpu))
        elif part.startswith("SB"):
            found.append(f"Site.srv/{folder}")
        elif part.startswith("HELPER"):
            found.append(f"Helper.srv/{folder}")
        elif part.startswith("MAINCFG"):
            found.append("Site.srv/Maincfg.box/Mstest")
        elif part.startswith("Primsite"):
            found.append("Primsite.srv/Import.src/Enu")
    return tuple(found)


def _program(row, language, at=None):
    targets = places(row, language)
    for_clients = any(target.startswith(CLIENT_SRC) for target in targets)
    lists = lists_of(row.name, row.cpu) if for_clients else {}
    where = targets if at is None else at
    fixed = _MAP_SIZE.get(row.name.lower(), 0)
    return Program(row.article, row.name, row.cpu, row.size, row.stamp, lists, where, fixed)


def _older(row, table, before, language):
    """What a site has instead of a row: the table's build before it, or the release's; None for nothing."""
    at = places(row, language)
    for original in before:
        if (original.name.lower(), original.cpu) == (row.name.lower(), row.cpu):
            return _program(original, language, at)
    if not at or row.name.lower() in BROUGHT_BY_A_HOTFIX:
        return None
    # Stamps of one build differ by hours, so a build counts as another from a day and a half on.
    earlier = [
        one
        for one in table
        if (one.name.lower(), one.cpu) == (row.name.lower(), row.cpu)
        and one.edition != "original"
        and one.stamp < row.stamp - _DAY_AND_A_HALF
        and one.size != row.size
    ]
    found = max(earlier, key=lambda one: one.stamp, default=_release(row))
    return replace(_program(found, language, at), name=row.name, lists=_program(row, language).lists)


def _release(row):
    shorter = row.size - 1536 if row.size > 4096 else row.size * 3 // 4
    return replace(row, article="release", size=shorter, stamp=RELEASE, edition="")


def _with_helpers(staged, table):
    found = [program for program in staged if program]
    for name in HELPERS:
        for cpu in ("x86", "alpha"):
            folder = client_src(cpu)[len(CLIENT_SRC) + 1 :]
            at = (f"Site.srv/{folder}", f"Helper.srv/{folder}")
            mine = [one for one in found if (one.name.lower(), one.cpu) == (name.lower(), cpu)]
            for one in mine:
                found[found.index(one)] = replace(one, places=tuple(dict.fromkeys(one.places + at)))
            if not mine:
                first = min(
                    (row for row in table if (row.name, row.cpu) == (name, cpu)), key=lambda row: row.stamp
                )
                old = _release(first)
                found.append(Program("release", name, cpu, old.size, old.stamp, {}, at))
    return tuple(found)


def _with_fragments(payload, language):
    """Q193269, Q245816, Q254228, Q254532 bring new files' entries for System.map along."""
    new = [one for one in payload if one.name.lower() in BROUGHT_BY_A_HOTFIX and one.client_folder()]
    body = map_text.fragment(new, language)
    return tuple(
        replace(one, body=body) if one.name.lower() in ("system.ma_", "hotfix.map") else one
        for one in payload
    )
