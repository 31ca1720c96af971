"""StableNames: what differs from run to run, under names by the order of first appearance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_uppercase

_MADE_UP = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{6,}")


class StableNames:
    """Sessions are called ``A``, ``B``, handles ``1``, ``2``, and users without a role ``user 1``.

    :param roles: xuid to role.
    """

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles
        self._users: dict[str, str] = {}
        self._handles: dict[str, str] = {}
        self._sessions: dict[tuple[str, ...], str] = {}

    def user(self, xuid: str) -> str:
        """The role of ``xuid``, else ``user 1``."""
        return self._roles.get(xuid) or self._users.setdefault(xuid, f"user {len(self._users) + 1}")

    def handle(self, handle_id: str) -> str:
        """``handle 1``."""
        return self._handles.setdefault(handle_id.lower(), f"handle {len(self._handles) + 1}")

    def session(self, ref: Mapping[str, object]) -> str:
        """``session A`` for a session reference."""
        key = tuple(str(ref.get(part, "")).lower() for part in ("scid", "templateName", "name"))
        return self._sessions.setdefault(key, f"session {_letters(len(self._sessions))}")

    def sessions_named(self) -> dict[str, str]:
        """The sessions so far whose names a person has thought up: ``session A`` to the name."""
        return {name: key[2] for key, name in self._sessions.items() if key[2] and not _MADE_UP.search(key[2])}


def less_made_up(text: str) -> str:
    """``text``, an address, with dots for what is made up in each run."""
    return _MADE_UP.sub("...", text)


def _letters(number: int) -> str:
    """``A`` to ``Z``, then ``AA``, as the columns of a sheet."""
    more, last = divmod(number, len(ascii_uppercase))
    return (_letters(more - 1) if more else "") + ascii_uppercase[last]
