"""Decides which clients a lab has, and which of them misbehave in which story."""

import hashlib

#: Operating systems, by the words that a plan has for them.
SYSTEMS = ("nt", "win95", "win16", "dos", "os2")


def clients(count, canary, win95_every=8, alpha_every=5):
    """{name: record}: canaries come first and run Windows NT; every fifth client is an Alpha."""
    systems = []
    for number in range(1, count + 1):
        alpha = alpha_every and number % alpha_every == 0
        win95 = win95_every and not alpha and number > canary and number % win95_every == 0
        systems.append(("alpha" if alpha else "x86", "win95" if win95 else "nt"))
    return _records(systems, canary)


def clients_by_system(wanted, canary, alpha_every=5):
    """The same with so many clients of each operating system, in turn; every fifth NT client is an Alpha."""
    left, systems, nt = dict(wanted), [], 0
    while any(left.values()):
        for system in wanted:
            if not left[system]:
                continue
            left[system] -= 1
            nt += system == "nt"
            alpha = system == "nt" and alpha_every and nt % alpha_every == 0
            systems.append(("alpha" if alpha else "x86", system))
    return _records(systems, canary)


def spread(records, sites):
    """Gives each client its site and its SMS ID: two of three belong to the first site, the others to the
    rest. `sites` as layout.site_settings has them."""
    names = list(sites)
    for number, record in enumerate(records.values(), 1):
        other = number % 3 == 0 and len(names) > 1
        record["site"] = names[1 + (number // 3 - 1) % (len(names) - 1)] if other else names[0]
        record["unique_id"] = f"{sites[record['site']]['code']}{number:05}"
    return records


def _records(systems, canary):
    return {
        f"pc{number:03}": {
            "platform": platform,
            "os": system,
            "ring": "canary" if number <= canary else "head-office",
        }
        for number, (platform, system) in enumerate(systems, 1)
    }


def spelling(client):
    """How one client spells its names: whoever installed it, names differ in case alone."""
    chance = hashlib.sha256(client.encode()).digest()[2] % 4
    return (str, str.upper, str.lower, str)[chance]


def story(name, records):
    """{machine: behaviour} of a story; ValueError when the lab is too small for it."""
    canary = [client for client, record in records.items() if record["ring"] == "canary"]
    office = [client for client, record in records.items() if record["ring"] != "canary"]
    if len(canary) < 2 or len(office) < 12:
        if name != "quiet":
            raise ValueError(f"story {name} needs 2 canaries and 12 others; --story quiet does not")
    half, later = len(office) // 2, len(office) * 3 // 4
    stories = {
        "quiet": lambda: {},
        "default": lambda: {office[half]: "off", office[later]: "brick"},
        "bad-canary": lambda: {canary[1]: "fail"},
        "bad-force": lambda: {office[half]: "brick", office[later]: "brick"},
        "zoo": lambda: {
            canary[1]: "garble",
            **dict(zip(office[2:], ("off", "late=10", "brick", "in_use=2", "missing_file", "full_disk"))),
            "S768AA1": "lag=5",
        },
    }
    if name not in stories:
        raise ValueError(f"unknown story {name!r}; known: {', '.join(stories)}")
    return stories[name]()
