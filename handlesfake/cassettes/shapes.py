"""What a text looks like by itself, whatever it is called: a token, a xuid, an address, or chance."""

from __future__ import annotations

import ipaddress
import itertools
import math
import re
from collections import Counter

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.field_names import NAMED
from handlesfake.cassettes.pseudonyms import IMAGE, SECURE_DEVICE_ADDRESS, is_made_up_address

JWT = r"\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*){1,3}"
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

IN_TEXT = re.compile(rf"({NAMED}\"?\s*[=:]\s*[\"']?)(?!{REMOVED})([^\"'&\s,;<>{{}}\[\]]+)")
IN_XML = re.compile(rf"(<(?:\w+:)?{NAMED}(?:\s[^<>]*)?>)(?!{REMOVED})([^<>]+)(?=<)")

XUID_CALL = re.compile(r"(?i)(?<=xuid[(=:])\d{10,20}(?!\d)|(?<=xuid[(=:] )\d{10,20}(?!\d)")
REAL_XUID = re.compile(r"(?<!\d)2[5-8]\d{14}(?!\d)")
MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
IP = re.compile(
    r"(?<![\w.:/-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
    r"|(?<=//)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"  # in an address, and not the version behind Chrome/
    r"|(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"
)
GUID = re.compile(r"(?i)(?<![0-9a-f-])\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?(?![0-9a-f-])")
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{20,}|[A-Za-z0-9]{16,}")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?|[\w.-]+\.[\w-]+_[0-9a-z]{13}\b")  # times, package families
_KINDS_OF_CHARACTER = str.maketrans(
    {**dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"), **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A"),
     **dict.fromkeys("0123456789", "0")}
)  # fmt: skip


def personal_ip(text: str) -> bool:
    """Whether ``text`` is the address of somebody's machine."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or is_made_up_address(address))


def chance(text: str) -> str:
    """The part of ``text`` that looks like chance, as secrets do; empty when it all looks written.

    GUIDs, numbers and times are none: MPSD's own traffic is full of them.
    """
    if len(text) < 16:
        return ""
    for run in _RUN.findall(_WRITTEN.sub(" ", GUID.sub(" ", text))):
        if run.startswith(SECURE_DEVICE_ADDRESS) or text.startswith(IMAGE):
            continue
        if _by_chance(run):
            return str(run)
    return ""


def _by_chance(run: str) -> bool:
    letters = run.rstrip("=")
    classes = letters.translate(_KINDS_OF_CHARACTER)
    digits = classes.count("0")
    if digits == len(letters) or len(letters) < 16:
        return False
    pairs = [pair for pair in itertools.pairwise(classes) if pair[0] in "aA0" and pair[1] in "aA0"]
    changes = sum(one != other for one, other in pairs) / (len(pairs) or 1)
    counts = Counter(letters)
    entropy = -sum(count / len(letters) * math.log2(count / len(letters)) for count in counts.values())
    if entropy < 3:
        return False
    if len(letters) < 20:
        return digits >= 3 and changes >= 0.4 and entropy >= 3.5 and "A" in classes and "a" in classes
    if digits >= 3:
        return changes >= 0.28
    return len(letters) >= 24 and changes >= 0.42
