"""What a text looks like by itself, whatever it is called: a token, a xuid, an address."""

from __future__ import annotations

import ipaddress
import re

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.people.pseudonyms import is_made_up_address
from handlesfake.cassettes.scrubbing.field_names import NAMED

JWT = r"\beyJ[\w-]{6,2000}\.[\w-]+(?:\.[\w-]*){1,3}"
SECRETS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "private key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
        REMOVED,
    ),
    (
        "WNS URI",
        re.compile(r"(?i)https?://[\w.-]*\.(?:notify|wns)\.windows\.com[^\s\"'<>]*"),
        "https://removed.notify.windows.com/",
    ),
    ("token", re.compile(r"XBL[\d.]+ x=[^;\s\"]*;[^\s\"'<>,]+", re.I), f"XBL3.0 x={REMOVED};{REMOVED}"),
    (
        "token",
        re.compile(r"\b(Bearer|Basic|Negotiate|NTLM|WLID1\.0|MSAuth1\.0)[ +:]+[^\s\"'<>,;&]{8,}"),
        rf"\1 {REMOVED}",
    ),
    ("token", re.compile(JWT), REMOVED),
    ("token", re.compile(r"\bE[wg][A-Z][A-Za-z0-9+/%]{60,}={0,2}"), REMOVED),
    ("token", re.compile(r"\bM\.[A-Z]\d?[\w.!*-]{20,}"), REMOVED),
    ("password", re.compile(r"(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)"), REMOVED),
)  # fmt: skip
"""Kind, pattern, and what stands in its place: secrets that are known by their form alone."""

_NOTHING = rf"(?!{REMOVED}|(?:null|none|true|false)\b)"
IN_TEXT = re.compile(rf"({NAMED}\"?\s*[=:]\s*[\"']?){_NOTHING}([^\"'&\s,;<>{{}}\[\]]+)")
IN_XML = re.compile(rf"(<(?:\w+:)?{NAMED}(?:\s[^<>]*)?>){_NOTHING}([^<>]+)(?=<)")

IN_QUERY = re.compile(r"(?<=[?&;#])([\w.%~-]+)=([^&;#\s\"'<>]+)")
"""A name and its value in the query or the fragment of an address, wherever the address stands."""

GAMERTAG_CALL = re.compile(r"(?i)((?:^|/)(?:gt|gamertag)\()([^()/]+)(?=\))")
XUID_CALL = re.compile(r"(?i)(?<=xuid[(=:])\d{10,20}(?!\d)|(?<=xuid[(=:] )\d{10,20}(?!\d)")
REAL_XUID = re.compile(r"(?<!\d)2[5-8]\d{14}(?!\d)")
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
IP = re.compile(
    r"(?<![\w.:/-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
    r"|(?<=//)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"  # in an address, and not the version behind Chrome/
    r"|(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"
)
GUID = re.compile(r"(?i)(?<![0-9a-f-])\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?(?![0-9a-f-])")
SUSPECT = re.compile(
    r"[%\\@=<:(&]|\d{10}|[A-Za-z0-9+/_-]{11}|\d\.\d+\.\d+\.\d|eyJ|\bM\.[A-Z]|B(?:earer|asic)|Negotiate|NTLM|WLID|MSAuth|PRIVATE"
)
"""What a text must hold to hold any of these forms: most texts hold nothing of it."""


FORMS = (
    *(pattern for _, pattern, _ in SECRETS), IN_QUERY, IN_TEXT, IN_XML, REAL_XUID, XUID_CALL, GAMERTAG_CALL, MAIL, IP,
)  # fmt: skip
"""All of them."""


def personal_ip(text: str) -> bool:
    """Whether ``text`` is the address of somebody's machine."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or is_made_up_address(address))


def fits(kind: str, text: str) -> bool:
    """Whether ``text`` can be of ``kind`` at all: a field that is called ``host`` may hold anything."""
    if kind == "xuid":
        return text.isascii() and text.isdigit() and len(text) >= 10
    if kind == "id":
        return len(text) >= 8 and not any(char in text for char in ".: ")
    return kind != "picture" or "//" in text
