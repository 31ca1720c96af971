"""Recorded ids: the fake makes up the very ids that the service has made up in the recording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlesfake.cassettes.comparison.normalisers import IDS, compared_fields
from handlesfake.fake_service.ids import Ids
from handlesfake.json_diff import differences
from handlesfake.mpsd.http.message import Response

_GUID = re.compile(r'"?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})"?')


class RecordedIds(Ids):
    """``ids``, except where a recorded answer holds others: there it gives those.

    :param told: what ``ids`` would give next to what is given instead.
    """

    def __init__(self, ids: Ids, told: Mapping[str, str]) -> None:
        self._ids = ids
        self._told = told

    def __call__(self) -> str:
        """The next GUID."""
        made = self._ids()
        return self._told.get(made, made)

    def state(self) -> tuple[Any, ...]:
        """What :meth:`restore` puts back."""
        return self._ids.state()

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go on from an earlier state."""
        self._ids.restore(state)


def recorded_ids(ids: Ids, recorded: Response, answered: Callable[[Callable[[], str]], Response]) -> RecordedIds:
    """A source whose ids make the answer of the fake that of ``recorded``.

    It is not known which id is used for what. So the fake is asked twice: the first time only shows where each id
    goes. Asking changes nothing; ``ids`` stays as it was.

    :param answered: what the fake would answer, given a source of ids.
    """
    state, made = ids.state(), []

    def noted() -> str:
        made.append(ids())
        return made[-1]

    try:
        response = answered(noted)
    finally:
        ids.restore(state)
    return RecordedIds(ids, _told(response, recorded, made))


def _told(response: Response, recorded: Response, made: Iterable[str]) -> dict[str, str]:
    if response.status != recorded.status:
        return {}
    spelled = {_guid(one): one for one in made}
    told = {}
    for one in differences(compared_fields(recorded), compared_fields(response)):
        theirs, mine = _guid(one.wanted), spelled.get(_guid(one.sent))
        if IDS.fullmatch(one.path) and theirs and mine:
            told[mine] = theirs
    return told


def _guid(value: object) -> str:
    """The GUID that ``value`` is, as the fake spells its own; empty when it is not a GUID."""
    found = _GUID.fullmatch(value.lower()) if isinstance(value, str) else None
    return "-".join(found.groups()) if found else ""
