"""People and their machines in a text, known by their form alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.people.pseudonyms import is_real_xuid
from handlesfake.cassettes.scrubbing.patterns import (
    CARD,
    EARTH,
    GAMERTAG_CALL,
    HEX_XUID,
    IBAN,
    IP,
    MAC,
    MACHINE,
    MAIL,
    MODERN_GAMERTAG,
    NO_PERSON,
    NUMBERED,
    PHONE,
    PHONE_IN_AMERICA,
    REAL_XUID,
    SECURITY_IDENTIFIER,
    STEAM_ID,
    USER_FOLDER,
    XUID_CALL,
    is_card,
    is_iban,
    is_version,
    personal_ip,
)

_HINT = re.compile(r"[\d:@(#\\/]|P-|WIN-|[Ss]-1-")

Person = Callable[[str, str], str]
"""From a kind and a value to the pseudonym."""


def less_people(text: str, person: Person, *, versions: bool = False) -> str:
    """``text`` with pseudonyms for people that a form shows.

    :param versions: four numbers are a version here.
    """
    if not _HINT.search(text):
        return text
    text = REAL_XUID.sub(lambda xuid: person("xuid", xuid[0]) if is_real_xuid(xuid[0]) else xuid[0], text)
    text = STEAM_ID.sub(lambda steam: person("id", steam[0]), text)
    text = SECURITY_IDENTIFIER.sub(lambda found: person("security identifier", found[0]), text)
    text = HEX_XUID.sub(lambda found: hexadecimal(found[0], person), text)
    text = XUID_CALL.sub(lambda xuid: person("xuid", xuid[0]), text)
    if "(" in text:
        text = GAMERTAG_CALL.sub(lambda call: call[1] + person("gamertag", call[2]), text)
    if "#" in text:
        text = MODERN_GAMERTAG.sub(lambda name: _modern(name[0], person), text)
    if "@" in text:
        text = MAIL.sub(lambda mail: _mail(mail[0], person), text)
    if "+" in text:
        text = PHONE.sub(lambda phone: person("phone number", phone[0]), text)
    if "(" in text or "-" in text or "." in text:
        text = PHONE_IN_AMERICA.sub(lambda phone: person("phone number", phone[0]), text)
    text = CARD.sub(lambda card: person("card number", card[0]) if is_card(card[0]) else card[0], text)
    text = IBAN.sub(lambda bank: person("bank account", bank[0]) if is_iban(bank[0]) else bank[0], text)
    if "/" in text or "\\" in text:
        text = USER_FOLDER.sub(lambda folder: _folder(folder, person), text)
    text = MACHINE.sub(lambda name: person("machine name", name[0]), text)
    text = EARTH.sub(lambda place: person("place", place[0]), text)
    text = MAC.sub(lambda mac: person("MAC address", mac[0]), text)
    return text if versions else IP.sub(lambda ip: _address(ip, person), text)


def less_addresses(text: str, person: Person) -> str:
    """``text``, which is called the address of a machine: four numbers are not a version there."""
    return IP.sub(lambda ip: _ip(ip[0], person), text)


def hexadecimal(text: str, person: Person) -> str:
    """A xuid as a hexadecimal number, in the same spelling."""
    digits = text[2:] if text[:2].lower() == "0x" else text
    number = str(int(digits, 16))
    if not is_real_xuid(number):
        return text
    made = f"{int(person('xuid', number)):0{len(digits)}x}"
    return text[: len(text) - len(digits)] + (made.upper() if digits.upper() == digits else made)


def _modern(text: str, person: Person) -> str:
    words = text.partition("#")[0].split(" ")
    return text if words[-1].lower() in NUMBERED else person("gamertag", text)


def _mail(text: str, person: Person) -> str:
    # user and password of an address have been taken out before
    return text if text.startswith(f"{REMOVED}@") else person("mail address", text)


def _folder(found: re.Match[str], person: Person) -> str:
    name = found[2]
    return found[0] if name.lower() in NO_PERSON or "(" in name else found[1] + person("user name", name)


def _address(found: re.Match[str], person: Person) -> str:
    address, mark, _ = found[0].partition(":")
    if "." in address and not mark and is_version(address, found.string[max(0, found.start() - 20) : found.start()]):
        return found[0]
    return _ip(found[0], person)


def _ip(text: str, person: Person) -> str:
    if "." in text.partition(":")[0]:
        address, mark, port = text.partition(":")
        return (person("IP address", address) if personal_ip(address) else address) + mark + port
    return person("IP address", text) if personal_ip(text) else text
