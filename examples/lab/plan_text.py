"""Writes a lab's plan.yaml: the example plan of the standing lab, or one for any article.

The lab's tools are named by their full paths, and all else by placeholders, so that a lab can be moved.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from machines import SYSTEMS

_HERE = Path(__file__).resolve().parent
METHODS = ("upgrade_bat", "site_wide")

_UPGRADE_BAT = """\
    method: upgrade_bat
    restart: {{run: ["{tools}/lab-restart", "{{client.root}}"], wait: 5s}}
    waves: {waves}
    in_flight: 4
    tolerate: {{failed: {failed}, late: 1}}
    converge: {{within: 30s, poll: 1s}}
    lost_after: 8s
    retry_late: 3s
    give_up_late: 15s
"""
_SITE_WIDE = """\
    method: site_wide
    reaches: site
    backoff: 2s
    before_force: 4s
    converge: {within: 30s, poll: 1s}
    lost_after: 8s
    retry_late: 3s
    give_up_late: 15s
    tolerate: {failed: 1, late: 1}
    rollback: {within: 8s}
    on_breach: {rollback: group}
"""


@dataclass(frozen=True)
class Options:
    """`batch_tool` runs batch files; `method` one of METHODS for all groups, "" for canaries by
    Upgrade.bat and then a forced update; `article` whether the plan is made for an article."""

    batch_tool: str
    method: str = ""
    article: bool = False


def compose(lab, contents, options):
    """The text of the plan; groups without clients are left out."""
    if not options.article and not options.method and len(lab.sites) == 1:
        return _standing(options.batch_tool)
    name = contents.article.lower()
    out = f"# {contents.article} on the lab; the times are a lab's: seconds, not hours.\n"
    out += f"version: 1\nname: {name}\n"
    out += f"\nhotfix:\n  id: {contents.article}\n  catalogue: {contents.article}\n  payload: hotfix\n"
    out += "\nsites:\n" + "".join(_site(site, contents) for site in lab.sites.values())
    out += "\ninventory:\n  - file: clients.csv\n"
    batch = f'["{_HERE / options.batch_tool}", "{{client.root}}", "{{logon_server.share}}", "{{batch}}"]'
    out += '\ntransports:\n  lab:\n    type: local\n    root: "clients/{client.name}"\n'
    out += f"    batch: {batch}\n"
    out += "\ndefaults: {transport: lab}\n\ngroups:\n" + "".join(_groups(lab, contents, options.method))
    return out + "\nlimits: {in_flight: 64, rollout_within: 10m}\n"


def _standing(batch_tool):
    text = (_HERE.parent / "q237690" / "plan.yaml").read_text()
    for word, tool in (("wine-batch", batch_tool), ("lab-restart", "lab-restart")):
        text = re.sub(rf"\[{word},", f'["{_HERE / tool}",', text)
    return text


def _site(site, contents):
    # Of a hotfix that comes in several languages a site gets the one that its server has (Q254228).
    language = f"    language: '{contents.language}'\n" if contents.languages else ""
    servers = ", ".join(f"{name}: {share.name}" for name, share in site.logon_servers.items())
    root = f"{site.root.parent.name}/{site.root.name}"
    service = f'["{_HERE}/lab-service", "{{site.root}}", "{{site.name}}"'
    reset = f'["{_HERE}/lab-sendcode", "{{site.root}}", "{{site.name}}", "194", "--wait", "60"]'
    verbs = "".join(
        f'      {verb}: {service}, {verb}, "{{service}}"]\n' for verb in ("query", "stop", "start")
    )
    return (
        f"  {site.name}:\n    root: {root}\n    logon_servers: {{{servers}}}\n{language}"
        f"    replication: {{poll: 1s, within: 60s, warn_after: 10s}}\n"
        f"    services:\n{verbs}    site_reset: {{run: {reset}}}\n"
    )


def _groups(lab, contents, method):
    """One group a ring and site, of the clients that the hotfix has a build for; a force reaches all others
    too."""
    found = []
    covered = {
        name
        for name, record in lab.clients.items()
        if contents.reaches(record["os"], record["platform"])
    }
    canaries = []
    rings = ("canary", "head-office") if method != "site_wide" else ("",)
    for ring in rings:
        for number, site in enumerate(lab.sites):
            mine = {name for name, record in lab.clients.items() if record["site"] == site}
            mine = {name for name in mine if ring in ("", lab.clients[name]["ring"])}
            if mine & covered:
                terms = _covered_terms(lab, mine, covered)
                found.append(_group(lab, method, ring, (site, number), terms, canaries))
                canaries += [site] if ring == "canary" else []
    return found


def _covered_terms(lab, mine, covered):
    """Selector terms that leave out the clients of a group which no build is for."""
    terms = []
    systems = {lab.clients[name]["os"] for name in mine}
    taken = {lab.clients[name]["os"] for name in mine & covered}
    if taken < systems:
        terms.append(f"os in ({', '.join(system for system in SYSTEMS if system in taken)})")
    left = {name for name in mine if lab.clients[name]["os"] in taken} - covered
    if left:
        terms.append("platform=" + next(lab.clients[name]["platform"] for name in mine & covered))
    return terms


def _group(lab, method, ring, at, terms, canaries=()):
    site, number = at
    several = len(lab.sites) > 1
    word = ring or "all"
    name = f"{word}-{site.lower()}" if several and (ring != "head-office" or number) else word
    if ring == "head-office" and number:
        name = site.lower()
    chosen = [f"ring={ring}"] if ring else []
    chosen += [f"site={site}"] if several or not chosen else []
    chosen += terms
    out = f'  - name: {name}\n    select: "{", ".join(chosen)}"\n'
    if ring == "head-office":
        before = [f"canary-{one.lower()}" if several else "canary" for one in canaries]
        out += f"    after: [{', '.join(before)}]\n" if before else ""
    if method == "site_wide" or (method == "" and ring == "head-office"):
        return out + _SITE_WIDE
    waves, failed = ("[1, 50%, rest]", 0) if ring == "canary" else ("[50%, rest]", 1)
    return out + _UPGRADE_BAT.format(tools=_HERE, waves=waves, failed=failed)
