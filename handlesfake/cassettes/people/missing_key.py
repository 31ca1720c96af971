"""What a miss says about people that only the key of the recording can distinguish."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from handlesfake.cassettes.people.pseudonym_key import VARIABLE, has_key_of
from handlesfake.cassettes.people.pseudonyms import is_made_up_gamertag, is_made_up_xuid, is_pseudonym
from handlesfake.json_diff import Difference
from handlesfake.vocabulary import spoken

_SETTING = "mpsd_pseudonym_key"


def of_the_key(unlike: Sequence[Difference], keys: Sequence[str], key_file: Path | None) -> list[str]:
    """Why a person may not be known again in ``unlike``, and what to do; nothing where no person differs.

    :param keys: the fingerprints of the keys of the recording.
    :param key_file: the setting ``mpsd_pseudonym_key``.
    """
    for one in unlike:
        kind = _kind(one.wanted)
        if kind and isinstance(one.sent, str) and not is_pseudonym(kind, one.sent):
            return _reason(str(one.wanted), kind, knows=has_key_of(keys, key_file))
    return []


def _reason(made_up: str, kind: str, *, knows: bool) -> list[str]:
    if knows:
        return [
            f"  {made_up!r} replaces a real {kind}; with the key of the recording, which is here, it replaces "
            f"another one than was sent",
        ]
    return [
        f"  {made_up!r} replaces a real {kind}; without the key of the recording, it replaces the first one that "
        f"was sent",
        "  give that person a role, in the test and in the credentials, or give the key:",
        f"      {VARIABLE}=..." + spoken().either(f" or {_SETTING} = FILE", ""),
    ]


def _kind(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "xuid" if is_made_up_xuid(value) else "gamertag" if is_made_up_gamertag(value) else ""
