"""A known person is recognised in odd spellings: other digits, other accents, other escapes, other scripts."""

from __future__ import annotations

import base64
import gzip
import json
import unicodedata
from pathlib import Path

import pytest

from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from tests.cassettes.scrubbing.both_ways import MADE_UP, answer, asked, both_ways
from tests.effort import steps

XUID, NUMBER = "9000000000000071", 9000000000000071
BITS = NUMBER.to_bytes(8, "little")
NUMBERS = [
    f"0x{NUMBER:015x}",
    f"{NUMBER:X}h",
    f"{NUMBER:x}n",
    f"{NUMBER:017d}",
    f"{NUMBER:020d}",
    f"{NUMBER:,}",
    "9000 0000 0000 0071",
    BITS.hex(),
    base64.b64encode(BITS).decode(),
    base64.b64encode(BITS[::-1]).decode(),
    gzip.compress(XUID.encode(), mtime=0).hex(),
    "".join(f"\\x{byte:02x}" for byte in XUID.encode()),
    "".join(f"\\u{{{byte:x}}}" for byte in XUID.encode()),
    "".join(f"%u{byte:04X}" for byte in XUID.encode()),
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_role_is_known_by_the_number(number: str, tmp_path: Path) -> None:
    """However a program has written it."""
    scrubber = Scrubber(MADE_UP, {XUID: "9000000000000001"})
    found = both_ways(tmp_path, asked("/x"), answer(f"seen {number} there", "text/plain"), scrubber)

    assert number not in found.body.decode()


NAMES = ["Łukasz Świt", "Zoë Brücke", "夜の旅人", "밤나그네"]
SPELLINGS = {
    "plain": str,
    "accents by themselves": lambda name: unicodedata.normalize("NFD", name),
    "spaces that do not part": lambda name: name.replace(" ", "\u00a0"),
    "glued to more": lambda name: f"「{name}」" if name.isascii() or " " in name else f"今{name}が",
    "bytes as Latin": lambda name: name.encode().decode("latin-1"),
    "escapes of bytes": lambda name: "".join(f"\\x{byte:02x}" for byte in name.encode()),
    "escapes of signs": lambda name: "".join(f"\\u{{{ord(sign):x}}}" for sign in name),
    "escapes of old": lambda name: "".join(f"%u{ord(sign):04X}" for sign in name),
    "base64 of JSON": lambda name: base64.b64encode(json.dumps({"a": name}).encode()).decode(),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_person_is_known_by_the_name(kind: str, name: str, tmp_path: Path) -> None:
    """Once it was seen under its name."""
    scrubber = Scrubber(MADE_UP)
    both_ways(tmp_path, asked("/x"), answer(json.dumps({"gamertag": name})), scrubber)
    spelled = SPELLINGS[kind](name)
    found = both_ways(tmp_path, asked("/x"), answer(f"seen {spelled} there", "text/plain"), scrubber)

    assert spelled not in found.body.decode()


def test_to_look_for_numbers_costs_the_same_however_many_are_known() -> None:
    """Each in all its spellings: no one begins as the others do, or with a word that is in every message."""

    def cost(count: int) -> int:
        learned = Learned()
        for number in range(count):
            learned.name(str(9 * 10**15 + number), str(2814639 * 10**9 + number))
        return steps(lambda: learned.replaced("x-xbl of 9,000,000,000,000,005, 9000 0000 0000 0006, and page 9"))

    assert cost(300) == cost(30)
