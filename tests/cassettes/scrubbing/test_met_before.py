"""People and values from before are recognised: within longer names, short, in digits, with pluses for spaces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from tests.cassettes.scrubbing.both_ways import MADE_UP, NOTHING, answer, asked, both_ways

GLUED = ("lobby_{}_7", "user{}", "u{}", "lobby-{}-eu", "player:{}", "/data/{}/save.dat")


@pytest.mark.parametrize("around", GLUED)
@pytest.mark.parametrize("value", ["Velvet Otter 41", "VelvetOtter41", "Q7rk2Zp9Xw4"])
def test_who_was_met_is_known_within_a_longer_name(around: str, value: str) -> None:
    """Behind an underscore, and behind a word whose letters are small."""
    scrubber = Scrubber(MADE_UP)
    scrubber.name(value, "Player1")
    response, _ = scrubber.response(answer(json.dumps({"lobby": around.format(value)})))

    assert {"lobby": around.format("Player1")} == json.loads(response.body)


@pytest.mark.parametrize("text", ["xvelvetotter41", "VELVETOTTER417", "otterVelvetOtter412"])
def test_who_was_met_is_not_seen_in_another_word(text: str) -> None:
    """Letters that go on, or digits, make it another person's."""
    scrubber = Scrubber(MADE_UP)
    scrubber.name("VelvetOtter41", "Player1")
    response, _ = scrubber.response(answer(json.dumps({"lobby": text})))

    assert {"lobby": text} == json.loads(response.body)


def told_of(name: str, value: str, text: str) -> str:
    """What happens to ``text`` in an answer, after one that has shown ``value`` under its ``name``."""
    scrubber = Scrubber(MADE_UP)
    scrubber.exchange(NOTHING, answer(json.dumps({name: value})), "")
    response, _ = scrubber.response(answer(json.dumps({"note": text})))
    return str(json.loads(response.body)["note"])


@pytest.mark.parametrize("text", ["Kiwi77", "met Kiwi77, twice", "lobby_Kiwi77_eu", "KIWI77"])
def test_a_short_gamertag_that_ends_in_digits_is_known(text: str) -> None:
    """It is not a word that is anywhere else."""
    assert text.replace("Kiwi77", "x").replace("KIWI77", "x") == told_of("gamertag", "Kiwi77", text).replace(
        MADE_UP.of("gamertag", "Kiwi77"), "x"
    )


@pytest.mark.parametrize("name", ["activity", "Level", "lobby1", "team42"])
def test_a_short_gamertag_that_is_a_word_is_known_in_its_field_only(name: str) -> None:
    """Games call their own things so."""
    assert f"in {name} now" == told_of("gamertag", name, f"in {name} now")


def test_a_gamertag_that_is_a_secret_elsewhere_is_written_once(tmp_path: Path) -> None:
    """A scan accepts the replacement."""
    body = json.dumps({"senderUniqueModernGamertag": "Aaaaa00#1"})
    found = both_ways(tmp_path, asked("/x", "code=Aaaaa00", "application/x-www-form-urlencoded"), answer(body))

    assert (False, True) == ("Aaaaa00" in found.written, found.is_accepted)


def test_a_name_with_pluses_for_spaces_is_known() -> None:
    """Also where no ``=`` says that it is a form."""
    made = MADE_UP.of("gamertag", "Velvet Otter 41")

    assert f"q {made}" == told_of("gamertag", "Velvet Otter 41", "q Velvet+Otter+41")


@pytest.mark.parametrize(
    "value", ["Velvet Otter 41", "\u0412\u044b\u0434\u0440\u0430 \u0421\u0435\u0432\u0435\u0440"]
)
def test_a_name_in_digits_behind_0x_is_known(value: str) -> None:
    """In letters of any alphabet."""
    assert "removed" == told_of("gamertag", value, f"0x{value.encode().hex()}")


def test_a_number_that_begins_with_a_sign_is_known_behind_a_word() -> None:
    """No letter goes on before a plus."""
    number = "+44 20 7946 0123"

    assert f"user{MADE_UP.of('phone number', number)}" == told_of("phoneNumber", number, f"user{number}")
