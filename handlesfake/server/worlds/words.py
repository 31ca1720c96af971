"""What may be said of a world: how it is called, how long it stays, and which user hashes lead to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlesfake.errors import SettingsError
from handlesfake.mpsd.state.identity import read_authorization

LONGEST_NAME = 200
"""Characters: the name is in addresses, in each line of the journal, and in headings."""

LONGEST_LIFE = 1e9
"""Seconds, some thirty years."""

_UNSEEN = r"\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Characters that are not part of a line, or turn the direction of the text after them, as a regular expression."""

_ID = re.compile(r"w[0-9]+", re.ASCII)

NAME = rf"^(?!w[0-9]+$)(?!\.\.?$)(?=.*\S)[^{_UNSEEN}]+$"
"""The names of worlds, as a regular expression of JSON Schema."""

_NAME = re.compile(NAME)


def check_name(name: str) -> None:
    """See that a world may be called ``name``.

    :raises SettingsError: it may not.
    """
    if len(name) > LONGEST_NAME or not (_NAME.match(name) or _ID.fullmatch(name)):
        raise SettingsError(
            f"name: a world is called by one line of 1 to {LONGEST_NAME} characters, as the title of a test, "
            f"and not {name!r:.60}"
        )
    if _ID.fullmatch(name):
        raise SettingsError(
            f"name: {name!r} is how the server itself calls worlds. Leave the name out, or take another one."
        )


def check_life(seconds: float) -> None:
    """See that a world can be of no use for so long.

    :raises SettingsError: it cannot.
    """
    if not 0 < seconds <= LONGEST_LIFE:
        raise SettingsError(
            f"expires_after: {seconds:g} is not a number of seconds above 0 and up to {LONGEST_LIFE:g}. "
            "A world that is made without it stays until it is deleted."
        )


def check_hash(world_id: str, words: Mapping[str, object]) -> None:
    """Tokens lead to a world by their user hash, which begins with its id.

    :raises SettingsError: the words say another one.
    """
    given = read_authorization(str(words.get("authorization") or ""))
    said = given.user_hash if given is not None else words.get("user_hash")
    if said is not None and not str(said).startswith(f"{world_id}."):
        raise SettingsError(
            f"in the world {world_id} every user hash begins with {f'{world_id}.'!r}, so that its tokens lead there; "
            "this one would lead to the default world"
        )
