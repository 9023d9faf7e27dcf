"""F21: a client whose Sms.ini has lost its site, domain and logon servers (Q279752).

Its log-on script finds nothing to verify with; Upgrade.bat, run on the client, fills the keys in again.
"""

import ini_file
from case_blind import find

_KEYS = (
    ("SMS", "SiteCode"),
    ("Servers", "Domain"),
    ("Servers", "CurrentLogonServer"),
    ("Servers", "Server1"),
)


def are_blank(text):
    """Whether an Sms.ini is in that state."""
    return bool(text) and not any(ini_file.get(text, section, key) for section, key in _KEYS)


def blank(client):
    """Empties the keys."""
    client.edit(*((section, key, "") for section, key in _KEYS))


def fill_in(client):
    """Writes them again, as the logon server's Domain.ini has them; nothing when they are not blank."""
    if not are_blank(client.ini()):
        return
    domain = ini_file.load(find(client.share, "Domain.ini"))
    first = ini_file.get(domain, "Servers", "Server1")
    values = (
        ini_file.get(domain, "SMS", "SiteCode"),
        ini_file.get(domain, "Servers", "Domain"),
        first,
        first,
    )
    client.edit(*((section, key, value) for (section, key), value in zip(_KEYS, values)))
