"""Passwords as people make them up: what tells them from other words, where no name does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cassettes.scrubbing.both_ways import answer, asked, both_ways

PASSWORDS = ("Heron&Meadow!4711", "w0rd#Lantern@Otter", "Velvet7%Otter#Heron")


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("text", ["{}", "hey, use {} for now, will change it later", "({}),"])
def test_a_password_that_nothing_names_is_withheld(password: str, text: str, tmp_path: Path) -> None:
    """Letters of both cases, digits, two signs between them; a scan finds it."""
    found = both_ways(tmp_path, asked("/x", json.dumps({"params": ["lobby", text.format(password)]})))

    assert (False, False, True, True) == (password in found.written, *found[1:4])


WORDS = (
    "Tom & Jerry #2 @ Home!",
    "Sheet1!$A$1:$B$20 of the table",
    "https://maps.example.invalid/Tile?z=3&x=1#Fragment2",
    "/Search?q=Lobby1&page=2#Top",
    "Deployed%20By%20LobbyBot%21%231",
    "if (aB1 && !c2D) { return x?Y1:z2 }",
    "Player@Example1.invalid#Lobby",
    "craftworld:Gilded_Sword+2@Level5",
    "Rock&Roll&Friends2 for everybody",
    "<b>Level1</b>&nbsp;Next!",
    "100%Orange-Juice",
)


@pytest.mark.parametrize("text", WORDS)
def test_a_text_with_signs_is_no_password(text: str, tmp_path: Path) -> None:
    """Addresses, code, references to cells, names of things: they stay, and a scan is silent."""
    found = both_ways(tmp_path, response=answer(json.dumps({"note": text})))

    assert (True, True) == (found.is_kept, found.is_accepted)


def test_a_name_in_base64_is_known_in_plain(tmp_path: Path) -> None:
    """Under its own name it was packed, and beside it stands a text."""
    body = json.dumps({"fullName": "QW5uIEV4YW1wbGUtT3R0ZXI=", "text": "saved for Ann Example-Otter"})
    found = both_ways(tmp_path, response=answer(body))

    assert (False, False) == ("Ann Example" in found.written, "QW5uIEV4" in found.written)
