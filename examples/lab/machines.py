"""Decides which clients a lab has, and which of them misbehave in which story."""

import hashlib

_SITE_CODE = "HQ0"


def clients(count, canary, win95_every=8, alpha_every=5):
    """{name: record}: canaries come first and run Windows NT; every fifth client is an Alpha."""
    found = {}
    for number in range(1, count + 1):
        ring = "canary" if number <= canary else "head-office"
        alpha = alpha_every and number % alpha_every == 0
        win95 = win95_every and not alpha and ring != "canary" and number % win95_every == 0
        found[f"pc{number:03}"] = {
            "platform": "alpha" if alpha else "x86",
            "os": "win95" if win95 else "nt",
            "ring": ring,
            "unique_id": f"{_SITE_CODE}{number:05}",
        }
    return found


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
