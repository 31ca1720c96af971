"""Pseudonyms: what replaces a person or a device in every cassette that is written with the same key."""

from __future__ import annotations

import base64
import hmac
import ipaddress
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

FIRST_REAL_XUID = 9 << 48
"""The service counts xuids up from here (2533274790395904): that is what a real one looks like."""

LAST_REAL_XUID = (10 << 48) - 1

_FIRST, _COUNT = 10**15, 10**15
# Keyed xuids are 1000000000000000 to 1999999999999999. They have sixteen digits, as real ones have, but are below
# the first that the service has issued, which counts upwards. They are below 2**53, so that no reader of JSON rounds
# them. They differ from the roles' 9000000000000001 and up, so that a reviewer of a cassette sees which xuids need a
# key.

_ADDRESS_MARK = b"handlesfake "
SECURE_DEVICE_ADDRESS = base64.b64encode(_ADDRESS_MARK).decode()
"""What every made-up secure device address begins with."""

IMAGE = "https://images.invalid/"
"""What every made-up address of a picture begins with."""

SHORTEST_CHECKED, _CHECK = 16, 8
"""Digits of a number whose last ones show that it is made up, and how many those are."""

FIRST_ROLE, ROLES = 9_000_000_000_000_001, 1_000
"""The made-up xuid of the first role of a cassette, and how many there may be; the others count on."""

_GAMERTAG = re.compile(r"Player\d{9}(#0\d*)?|0\d*")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SECURE_DEVICE_ADDRESS = re.compile(re.escape(SECURE_DEVICE_ADDRESS) + r"[A-Za-z0-9+/]{32}")
_IMAGE = re.compile(re.escape(IMAGE) + r"[0-9a-f]{8}")
_MAIL = re.compile(r"player[0-9a-f]{8}@mail\.invalid")
_MAC_MARK = "005e"
"""The bytes after the 02 of every made-up MAC address; the 02 shows that it is locally assigned."""

_MADE_UP_NETWORKS = (ipaddress.ip_network("198.18.0.0/15"), ipaddress.ip_network("2001:db8:6861:6e64::/64"))
# of the networks for documentation only a part (it spells "hand"): clients and tests use the others for real ones

_SID_MARK = "9999-9999-9999"
"""The replacement for the three numbers of a machine or a domain in a security identifier: random numbers."""

_CARD_MARK, _IBAN_MARK = "9999", "ZZ99"
"""How made-up numbers of cards and of bank accounts begin: no bank has either."""


def is_real_xuid(text: str) -> bool:
    """Whether ``text`` is in the range that the service issues."""
    return len(text) == 16 and text.isascii() and text.isdigit() and FIRST_REAL_XUID <= int(text) <= LAST_REAL_XUID


def is_made_up_xuid(text: str) -> bool:
    """Whether ``text`` is a pseudonym under a key."""
    return len(text) == 16 and text.isascii() and text.isdigit() and _FIRST <= int(text) < _FIRST + _COUNT


def is_made_up_gamertag(text: str) -> bool:
    """Whether ``text`` is a pseudonym under a key, with or without a suffix."""
    return bool(_GAMERTAG.fullmatch(text)) and text.startswith("Player")


def is_made_up_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether ``address`` is from the networks of made-up addresses, which no packet can reach."""
    return any(address in network for network in _MADE_UP_NETWORKS)


def is_pseudonym(kind: str, value: str) -> bool:
    """Whether ``value`` has the form of a pseudonym of ``kind``: it is not a person, and needs no pseudonym.

    The pseudonym of a short number that is an id has no special form.
    """
    if kind == "xuid":
        is_number = len(value) == 16 and value.isascii() and value.isdigit()
        return is_made_up_xuid(value) or (is_number and FIRST_ROLE <= int(value) < FIRST_ROLE + ROLES)
    if kind == "id":
        if value.isascii() and value.isdigit():
            return len(value) >= SHORTEST_CHECKED and _checked_number(value) == value
        return bool(_GUID.fullmatch(value)) and _checked(UUID(value).bytes) == UUID(value)
    if kind == "IP address":
        try:
            return is_made_up_address(ipaddress.ip_address(value))
        except ValueError:
            return False
    return bool(_LOOKS[kind].fullmatch(value))


_LOOKS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "gamertag": _GAMERTAG,
        "secure device address": _SECURE_DEVICE_ADDRESS,
        "picture": _IMAGE,
        "mail address": _MAIL,
        "phone number": re.compile(r"\+?999\d{10}"),
        "date of birth": re.compile(r"(?=.*1900)[\d:./TZ -]+|.*\b1900"),
        "MAC address": re.compile(rf"(?i)02[:-]?{_MAC_MARK[:2]}[:-]?{_MAC_MARK[2:]}(?:[:-]?[0-9a-f]{{2}}){{3}}"),
        "machine name": re.compile(r"(?i)machine-[0-9a-f]{8}"),
        "user name": re.compile(r"player[0-9a-f]{8}"),
        "place": re.compile(r"0\.00\d{4},0\.00\d{4}"),
        "text of somebody": re.compile(r"said [0-9a-f]{8}"),
        "postal address": re.compile(r"Nowhere \d{5}"),
        "card number": re.compile(rf"{_CARD_MARK}(?:[ -]?\d){{8,15}}"),
        "bank account": re.compile(rf"{_IBAN_MARK}(?: ?\d){{4,30}}"),
        "security identifier": re.compile(rf"(?i)S-1-\d+-\d+-{_SID_MARK}-\d{{1,10}}"),
        "wireless network": re.compile(r"network-[0-9a-f]{8}"),
    }
)


class Pseudonyms:
    """Makes pseudonyms: the same for the same value, in every process that has the same ``key``.

    There are about 2 x 10**12 xuids: anyone who has the key can recover each of them by trying all.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._made: dict[tuple[str, str], str] = {}

    def of(self, kind: str, value: str) -> str:
        """The pseudonym of ``value``, which is of one of :data:`KINDS`."""
        made = self._made.get((kind, value))
        if made is None:
            made = self._made[kind, value] = _MAKERS[kind](value, self._digest(kind, value))
        return made

    def _digest(self, kind: str, value: str) -> bytes:
        same = value.lower() if kind == "id" else value
        return hmac.digest(self._key, f"{kind}\0{same}".encode("utf-8", "surrogatepass"), sha256)


def _xuid(_: str, digest: bytes) -> str:
    return str(_FIRST + int.from_bytes(digest[:16], "big") % _COUNT)


def _gamertag(value: str, digest: bytes) -> str:
    if value.isdigit():  # the suffix of a modern gamertag; the 0 shows that it is made up
        return f"{int.from_bytes(digest[:4], 'big') % 10 ** (len(value) - 1):0{len(value)}}"
    return f"Player{int.from_bytes(digest[:8], 'big') % 10**9:09}"


def _id(value: str, digest: bytes) -> str:
    if value.isdigit():
        # the first digit stays: a number stays below, or above, what JSON readers round
        count = len(value) - 1
        number = value[:1] + f"{int.from_bytes(digest, 'big') % 10**count:0{count}}"[:count]
        return _checked_number(number) if len(value) >= SHORTEST_CHECKED else number
    made = str(_checked(UUID(bytes=digest[:16], version=4).bytes))
    return made.upper() if _GUID.fullmatch(value) and value.upper() == value else made


def _checked_number(number: str) -> str:
    """The number that begins as ``number`` does; its end follows from that, which shows that it is made up."""
    head = number[:-_CHECK]
    check = int.from_bytes(sha256(_ADDRESS_MARK + head.encode()).digest()[:8], "big") % 10**_CHECK
    return f"{head}{check:0{_CHECK}}"


def _checked(raw: bytes) -> UUID:
    """The GUID that begins as ``raw`` does; its end follows from that, which shows that it is made up."""
    return UUID(bytes=raw[:12] + sha256(_ADDRESS_MARK + raw[:12]).digest()[:4])


def _address(_: str, digest: bytes) -> str:
    # people's clients decode it: base64, as long as a short real one
    return base64.b64encode(_ADDRESS_MARK + digest[:12].hex().encode()).decode()


def _ip(value: str, digest: bytes) -> str:
    if ":" in value:
        return str(
            ipaddress.IPv6Address(int(_MADE_UP_NETWORKS[1].network_address) + int.from_bytes(digest[:8], "big"))
        )
    return str(
        ipaddress.IPv4Address(int(_MADE_UP_NETWORKS[0].network_address) + int.from_bytes(digest[:4], "big") % 2**17)
    )


def _image(_: str, digest: bytes) -> str:
    return IMAGE + UUID(bytes=digest[:16], version=4).hex[:8]


def _mail(_: str, digest: bytes) -> str:
    return f"player{digest[:4].hex()}@mail.invalid"


def _phone(value: str, digest: bytes) -> str:
    # no country has the code 999 (ITU-T E.164: reserved)
    return ("+" if value.strip().startswith("+") else "") + f"999{int.from_bytes(digest[:8], 'big') % 10**10:010}"


def _birth(value: str, digest: bytes) -> str:
    """The same way to write a day, in 1900; day and month are both below 13, whichever comes first."""
    made = iter((digest[0] % 12 + 1, digest[1] % 12 + 1, *digest[2:]))
    if value.isdigit():
        return f"1900{next(made):02}{next(made):02}"
    day, mark, rest = value.partition("T")
    written = re.sub(r"\d+", lambda number: "1900" if len(number[0]) == 4 else f"{next(made):02}", day)
    return written + mark + re.sub(r"\d", "0", rest)


def _mac(value: str, digest: bytes) -> str:
    made = f"02{_MAC_MARK}{digest[:3].hex()}"
    mark = next((mark for mark in ":-" if mark in value), "")
    made = mark.join(made[at : at + 2] for at in range(0, 12, 2))
    return made.upper() if value.upper() == value else made


def _machine(value: str, digest: bytes) -> str:
    made = f"machine-{digest[:4].hex()}"
    return made.upper() if value.upper() == value else made


def _user(_: str, digest: bytes) -> str:
    return f"player{digest[:4].hex()}"


def _place(_: str, digest: bytes) -> str:
    # in the ocean where both degrees are 0
    return f"0.00{int.from_bytes(digest[:3], 'big') % 10**4:04},0.00{int.from_bytes(digest[3:6], 'big') % 10**4:04}"


def _chat(_: str, digest: bytes) -> str:
    return f"said {digest[:4].hex()}"


def _street(_: str, digest: bytes) -> str:
    return f"Nowhere {int.from_bytes(digest[:4], 'big') % 10**5:05}"


def _card(value: str, digest: bytes) -> str:
    return _digits_as(value, _CARD_MARK, digest)


def _bank_account(value: str, digest: bytes) -> str:
    return _digits_as(value, _IBAN_MARK, digest)


def _security_identifier(value: str, digest: bytes) -> str:
    """Of the same authority: ``S-1-5-21`` is a machine or a domain, ``S-1-12-1`` Entra."""
    begin = "-".join(value.split("-")[:4])
    return f"{begin}-{_SID_MARK}-{int.from_bytes(digest[:4], 'big')}"


def _wireless_network(_: str, digest: bytes) -> str:
    return f"network-{digest[:4].hex()}"


def _digits_as(value: str, begin: str, digest: bytes) -> str:
    """As many signs as ``value`` has, parted in the same way."""
    count = sum(map(str.isalnum, value))
    made = iter((begin + str(int.from_bytes(digest, "big")))[:count])
    return "".join(next(made) if char.isalnum() else char for char in value)


_MAKERS: Mapping[str, Callable[[str, bytes], str]] = MappingProxyType(
    {
        "xuid": _xuid,
        "gamertag": _gamertag,
        "id": _id,
        "secure device address": _address,
        "IP address": _ip,
        "picture": _image,
        "mail address": _mail,
        "phone number": _phone,
        "date of birth": _birth,
        "MAC address": _mac,
        "machine name": _machine,
        "user name": _user,
        "postal address": _street,
        "place": _place,
        "text of somebody": _chat,
        "card number": _card,
        "bank account": _bank_account,
        "security identifier": _security_identifier,
        "wireless network": _wireless_network,
    }
)

KINDS = tuple(_MAKERS)
"""What has pseudonyms; ``id`` is that of a device, connection, subscription or network."""
