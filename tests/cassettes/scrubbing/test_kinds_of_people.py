"""Kinds of people and of what is theirs: by form and by name, as recorder and scan tell them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from tests.cassettes.scrubbing.both_ways import MADE_UP, answer, asked, both_ways

FORMS = {
    "card": "5105 1051 0510 5100",
    "card without spaces": "4012888888881881",
    "card of fifteen digits": "3782-822463-10005",
    "bank account": "GB82 WEST 1234 5698 7654 32",
    "bank account without spaces": "DE89370400440532013000",
    "phone of North America": "(415) 555-0132",
    "phone with hyphens": "415-555-0132",
    "phone with dots": "1 415.555.0132",
    "person at a machine": "S-1-5-21-3623811015-3361044348-30300820-1013",
    "domain": "S-1-5-21-3623811015-3361044348-30300820",
    "person at Entra": "S-1-12-1-3623811015-1336104434-1303008201-1013551120",
    "MAC address between words": "join:A4-83-E7-12-9F-0B:eu",
    "IPv6 for documentation": "2001:db8::8a2e:370:7334",
    "IPv6 that is mapped": "::ffff:81.2.69.160",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_hidden_where_nothing_names_it(form: str, tmp_path: Path) -> None:
    """In a sentence; a scan finds it there, and accepts what replaces it."""
    found = both_ways(tmp_path, response=answer(json.dumps({"note": f"use {FORMS[form]} for now"})))

    assert (False, True, True, True) == (FORMS[form] in found.written, *found[1:4])


def test_a_card_that_is_a_number_of_json_is_hidden(tmp_path: Path) -> None:
    """It stays a number."""
    found = both_ways(tmp_path, response=answer('{"no":4012888888881881}'))

    assert (False, True, True, True) == ("4012888888881881" in found.written, *found[1:4])
    assert f'"no": {MADE_UP.of("card number", "4012888888881881")}' in found.written


INNOCENT = {
    "number without the sum of cards": "4012888888881882",
    "number that no issuer begins with": "9012888888881880",
    "time in microseconds": "1724101477516039",
    "fraction": "0.4012888888881881",
    "GUID": "40128888-4012-4012-4012-888888881881",
    "no rest of a bank account": "GB82 WEST 1234 5698 7654 33",
    "part of a longer number": "415-555-01324",
    "date": "2024-08-19",
    "group that every Windows has": "S-1-5-32-544",
    "level of trust": "S-1-16-12288",
    "version": "415.555.01",
}


@pytest.mark.parametrize("form", INNOCENT)
def test_what_only_looks_like_a_form_stays(form: str, tmp_path: Path) -> None:
    """Word for word, and a scan is silent."""
    found = both_ways(tmp_path, response=answer(json.dumps({"note": f"use {INNOCENT[form]} for now"})))

    assert (True, True, False, True) == (INNOCENT[form] in found.written, *found[1:4])


NAMED = {
    "discord_id": "271828182845904523",
    "discordId": "271828182845904523",
    "twitch-id": "2718281828459045",
    "epicId": "4f0e9b1c2d3a4e5f8a7b6c5d4e3f2a1b",
    "ssn": "078-05-1120",
    "passportNumber": "L01X00T47",
    "cardNumber": "4012 8888 8888 1882",
    "iban": "NO93 8601 1117 94",
    "ssid": "Otter Holt 5G",
    "networkName": "otter-holt",
    "DB_PASS": "holt-7-fern",
    "smtp_pass": "holtfern",
}


@pytest.mark.parametrize("name", NAMED)
def test_what_is_called_so_is_hidden(name: str, tmp_path: Path) -> None:
    """Whatever form it has."""
    found = both_ways(tmp_path, response=answer(json.dumps({"player": {name: NAMED[name]}})))

    assert (False, True, True, True) == (NAMED[name] in found.written, *found[1:4])


@pytest.mark.parametrize("form", ["%x", "%X", "0x%x", "0x%016X"])
def test_a_xuid_that_was_met_is_known_as_a_hexadecimal_number(form: str, tmp_path: Path) -> None:
    """Of a friend as of a role, also beyond the numbers that the service has given so far."""
    xuid = 2**64 - 4711
    scrubber = Scrubber(MADE_UP)
    scrubber.exchange(asked("/friends"), answer(json.dumps({"friendXuid": str(xuid)})), "")
    found = both_ways(tmp_path, asked(f"/handles/86?ctx={form % xuid}"), scrubber=scrubber)

    assert f"{xuid:x}" not in found.written.lower()
