"""What a miss says of people whom only the key of the recording finds again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from handlesfake.cassettes.people.pseudonym_key import VARIABLE, known_key
from handlesfake.cassettes.people.pseudonyms import is_made_up_gamertag, is_made_up_xuid, is_pseudonym
from handlesfake.json_diff import Difference

_SETTING = "mpsd_pseudonym_key"


def of_the_key(unlike: Sequence[Difference], key_file: Path | None) -> list[str]:
    """Why somebody real may not be known again in ``unlike``, and what to set; nothing where it is about nobody.

    :param key_file: the setting ``mpsd_pseudonym_key``.
    """
    for one in unlike:
        kind = _kind(one.wanted)
        if kind and isinstance(one.sent, str) and not is_pseudonym(kind, one.sent):
            return [*_reason(str(one.wanted), kind, key_file), f"      {VARIABLE}=... or {_SETTING} = FILE"]
    return []


def _reason(made_up: str, kind: str, key_file: Path | None) -> list[str]:
    if known_key(key_file) is None:
        return [
            f"  {made_up!r} stands for a real {kind}; there is no key here, so what was sent was compared as written",
            "  if they are the same person, give the key that the recording was made with:",
        ]
    return [
        f"  {made_up!r} stands for a real {kind}; by the key that is here, what was sent is somebody else",
        "  if they are the same person, give the key that the recording was made with, which is another:",
    ]


def _kind(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "xuid" if is_made_up_xuid(value) else "gamertag" if is_made_up_gamertag(value) else ""
