"""What a text looks like by itself, whatever it is called: a xuid, an address, the name of a person."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlesfake.cassettes.people.pseudonyms import is_made_up_address

GAMERTAG_CALL = re.compile(r"(?i)((?:^|/)(?:gt|gamertag)\()([^()/]+)(?=\))")
XUID_CALL = re.compile(r"(?i)(?<=xuid[(=:])\d{10,20}(?!\d)|(?<=xuid[(=:] )\d{10,20}(?!\d)")
REAL_XUID = re.compile(r"(?<!\d)2[5-8]\d{14}(?!\d)")
HEX_XUID = re.compile(r"(?i)(?<![0-9a-z])(?:0x(?:000)?|000)9[0-9a-f]{12}(?![0-9a-z])")
"""A xuid as a hexadecimal number, as SDKs log it: with ``0x``, or all of its 64 bits."""

MODERN_GAMERTAG = re.compile(r"(?<![\w/.#&?=-])(?:[A-ZÀ-ÞЀ-Я]\w{0,11} ){0,2}[^\W\d_]\w{1,11}#\d{4}(?![\w-])")
NUMBERED = frozenset(
    {
        "bug", "build", "case", "comment", "issue", "item", "job", "level", "line", "lobby", "match", "number",
        "order", "page", "part", "pr", "ref", "request", "room", "round", "run", "section", "server", "session",
        "step", "table", "ticket", "version", "world",
    }
)  # fmt: skip
"""Words that are followed by ``#1234`` but are not a person's name."""

MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?![A-Za-z0-9])")
IP = re.compile(
    r"(?<![\w.:-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])(?::\d{1,5}(?!\d))?"
    r"|(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])"
)
MAC = re.compile(
    r"(?<![0-9A-Fa-f-])(?<![0-9A-Fa-f]:)[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}"
    r"(?![0-9A-Fa-f-]|:[0-9A-Fa-f]{2}(?![A-Za-z0-9]))"
)
PHONE = re.compile(r"(?<![\w+/])(?<!\W=)\+[1-9]\d{0,2}[ .(-]{0,2}\d(?:[ .()-]{0,2}\d){6,12}(?![\w])")
PHONE_IN_AMERICA = re.compile(
    r"(?<![\w+/=.,-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?[2-9]\d{2}[ .-]|[2-9]\d{2}([.-])[2-9]\d{2}\1)\d{4}(?![\w-]|[.,]\d)"
)
"""Area, office and number with the marks between them that people write (https://nationalnanpa.com)."""

CARD = re.compile(
    r"(?<![\w.+-])(?:(?:4\d{3}|5[1-5]\d\d|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)|6011|64[4-9]\d|6[25]\d\d|35[2-8]\d)"
    r"([ -]?)\d{4}\1\d{4}\1\d{4}|3[47]\d\d([ -]?)\d{6}\2\d{5})(?![\w-]|\.\d)"
)
"""Sixteen digits, fifteen of American Express, that begin as issuers' do (ISO/IEC 7812); see :func:`is_card`."""

IBAN = re.compile(r"(?<![\w.+/-])[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")
"""The number of a bank account (ISO 13616); see :func:`is_iban`."""

STEAM_ID = re.compile(r"(?<!\d)7656(?:119|120)\d{10}(?!\d)")
"""A person at Steam (https://developer.valvesoftware.com/wiki/SteamID): universe, type and instance are fixed."""

SECURITY_IDENTIFIER = re.compile(r"(?i)(?<![A-Za-z0-9-])S-1-(?:5-21(?:-\d{1,10}){3,4}|12-1(?:-\d{1,10}){4})(?!\d)")
"""Accounts of Windows, on a machine or in a domain, and of Entra
(https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers)."""

USER_FOLDER = re.compile(
    r"(?i)([\\/](?:users|home|documents and settings)[\\/]+)"
    r"([^\\/\s\"'<>:;,|?*]+(?: [^\\/\s\"'<>:;,|?*]+)*?)(?=[\\/])"
)
NO_PERSON = frozenset(
    {
        "administrator", "all", "app", "batch", "build", "buildagent", "circleci", "containeradministrator",
        "containerapp", "containeruser", "default", "gt", "jenkins", "me", "node", "public", "root", "runner",
        "runneradmin", "runnervmadmin", "shared", "travis", "ubuntu", "user", "users", "vscode", "vsts",
        "vsts_azpcontainer", "xuid",
    }
)  # fmt: skip
"""Folders of users that do not belong to a person, and parts of Xbox Live's own addresses (``/users/me/...``)."""

GUID = re.compile(r"(?i)(?<![0-9a-f-])\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?(?![0-9a-f-])")
SUSPECT = re.compile(
    r"[%\\@=<:(&#{\n'`]|\d{10}|[A-Za-z0-9+/_.-]{11}|\d\.\d+\.\d+\.\d|\d\.\d{4}|\d{4} \d{4}|--[A-Za-z]"
    r"|-[0-9A-Fa-f]{2}-|[Ss]-1-\d|\+\d|PRIVATE|[Vv]alue | (?:is|was) (?:\S*\d|[A-Z])"
)
"""What a text must hold to hold any of these forms: most texts hold nothing of it."""

MACHINE = re.compile(r"(?<![\w-])(?:DESKTOP|LAPTOP|WIN|MININT|VRT)-[A-Z0-9]{7,11}(?![\w-])")
"""What Windows calls a machine that has no name yet."""

EARTH = re.compile(r"(?<![\d.,-])-?\d{1,2}\.\d{4,}\s*[,; ]\s*-?\d{1,3}\.\d{4,}(?!\d|[.,]\s?-?\d)")
"""Latitude and longitude, to ten metres at least."""

PEOPLE = (
    REAL_XUID,
    XUID_CALL,
    HEX_XUID,
    GAMERTAG_CALL,
    MODERN_GAMERTAG,
    MAIL,
    IP,
    MAC,
    PHONE,
    PHONE_IN_AMERICA,
    CARD,
    IBAN,
    STEAM_ID,
    SECURITY_IDENTIFIER,
    USER_FOLDER,
    MACHINE,
    EARTH,
)
"""The forms of people and their machines."""

_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
_SMALL = 31
_TOLD_VERSION = re.compile(r"(?i)(?:version|build|release|\bver|\bv|/)[\s:=\"'v]*$")
_TOLD_ADDRESS = re.compile(
    r"(?i)(?:\bip|addr|address|host|from|peer|client|remote|server|endpoint|://|@|(?<!<!\[CDATA)\[)[\w\s:=\"'(]{0,4}$"
)
_TOLD = 16


def personal_ip(text: str) -> bool:
    """Whether ``text`` is the address of a person's machine."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or is_made_up_address(address))


def is_version(text: str, before: str = "") -> bool:
    """Whether the four numbers ``text`` are a version: by what stands ``before`` them, else by their size.

    Versions begin with a small number, and end with one, or hold zeros; ``1.21.95.1`` is a version of a game.
    """
    before = before[-_TOLD:]
    if _TOLD_ADDRESS.search(before):
        return False
    parts = [int(part) for part in text.split(".")]
    if parts[-1] == 0 or parts.count(0) > 1:
        return True
    if _TOLD_VERSION.search(before) and not before.endswith("//"):
        return parts[0] <= _SMALL or 0 in parts
    if max(parts) < 256 and any(ipaddress.ip_address(text) in network for network in _PRIVATE):
        return False
    return parts[0] <= _SMALL and (parts[-1] <= _SMALL or 0 in parts)


def is_card(text: str) -> bool:
    """Whether the digits of ``text`` have the sum that those of cards have (Luhn, ISO/IEC 7812-1)."""
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def is_iban(text: str) -> bool:
    """Whether ``text`` leaves the rest of 1 that bank accounts leave (ISO 7064, mod 97-10)."""
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return turned.isascii() and turned.isalnum() and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) >= 10


def _is_id(text: str) -> bool:
    return len(text) >= 8 and not any(char in text for char in ".: ")


def _is_phone(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 7 and not any(map(str.isalpha, text))


def _is_card(text: str) -> bool:
    return 12 <= sum(map(str.isdigit, text)) <= 19 and not text.strip("0123456789 -")


def _is_bank_account(text: str) -> bool:
    return 8 <= sum(map(str.isalnum, text)) <= 34 and any(map(str.isdigit, text)) and text.replace(" ", "").isalnum()


def _is_machine(text: str) -> bool:
    return 3 <= len(text) <= 63 and text.lower() != "localhost" and any(map(str.isalpha, text))


_DATE = re.compile(
    r"\d{4}[-/.]?\d\d[-/.]?\d\d(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}\.? \w+ \d{4}|\w+ \d{1,2}, \d{4}"
)

_FITS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "xuid": _is_number,
        "id": _is_id,
        "picture": lambda text: "//" in text,
        "phone number": _is_phone,
        "date of birth": lambda text: _DATE.fullmatch(text.strip()) is not None,
        "MAC address": lambda text: (
            MAC.search(text) is not None or re.fullmatch(r"[0-9A-Fa-f]{12}", text) is not None
        ),
        "machine name": _is_machine,
        "card number": _is_card,
        "bank account": _is_bank_account,
        "place": lambda text: EARTH.fullmatch(text.strip()) is not None,
        "security identifier": lambda text: SECURITY_IDENTIFIER.fullmatch(text) is not None,
        "wireless network": lambda text: text.isprintable() and 2 <= len(text) <= 32 and any(map(str.isalnum, text)),
        "user name": lambda text: len(text) >= 2 and "(" not in text and text.lower() not in NO_PERSON,
    }
)


def fits(kind: str, text: str) -> bool:
    """Whether ``text`` can be of ``kind`` at all: a field that is called ``host`` may hold anything."""
    check = _FITS.get(kind)
    return check is None or check(text)


_TYPED = frozenset({"xuid", "phone number", "date of birth", "MAC address", "place", "card number", "bank account"})


def is_typed(kind: str, text: str) -> bool:
    """Whether the form of ``text`` shows that it is of ``kind``: for names that are words of addresses, too."""
    if kind == "mail address":
        return MAIL.fullmatch(text) is not None
    if kind == "IP address":
        return IP.fullmatch(text) is not None
    if kind == "id":
        return GUID.fullmatch(text) is not None or _is_number(text)
    return kind in _TYPED and fits(kind, text)
