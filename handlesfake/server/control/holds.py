"""Holds: requests that wait before the service acts, until a test in another language lets them go."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from handlesfake.double.request_steps import beside
from handlesfake.double.rule_factory import RuleFactory, of_operation
from handlesfake.engine.holds import Hold
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.openapi.files import WHEN
from handlesfake.server.control.request import (
    DONE,
    LONGEST_WAIT,
    ControlRequest,
    fine,
    number_parameter,
    whole_parameter,
)
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import COUNT, FROM_ZERO, OPERATION, TEXT, WORD, record_schema, several
from handlesfake.server.control.words import CONTROL
from handlesfake.suggestions import nearest

_HOLD = {"name": TEXT, "operation": OPERATION, "when": {"type": "object", **WHEN}}
_RELEASE = {"name": WORD, "count": COUNT}
_WAITING = {"name": WORD, "count": COUNT, "wait": FROM_ZERO}
_SHOWN = record_schema(name=TEXT, waiting=several(record_schema(method=TEXT, target=TEXT)))


class Holds:
    """The holds of one server, by world and name."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Hold] = {}

    @property
    def calls(self) -> tuple[ControlCall, ...]:
        """The table of what can be asked of them."""
        return (
            ControlCall(
                "POST",
                "/hold",
                "Keep requests waiting before the service acts: those of an operation, or those that `when` of a "
                "rule describes.",
                self._begin,
                body=_HOLD,
                status=201,
                answer=_SHOWN,
            ),
            ControlCall(
                "GET",
                "/hold",
                "The holds, and who waits there; waits up to wait seconds until count requests do at one of them.",
                self._list,
                query=_WAITING,
                answer=several(_SHOWN),
            ),
            ControlCall(
                "POST",
                "/release",
                "Let the first count requests of a hold go; without a count all of them, and the hold ends. Without "
                "a name: of the only one, or of all.",
                self._release,
                body=_RELEASE,
                status=204,
            ),
        )

    def end(self, world: str) -> None:
        """Let everybody go who waits in ``world``."""
        for key in [key for key in self._open if key[0] == world]:
            self._let_go(key)

    def _let_go(self, key: tuple[str, str]) -> None:
        # unlike the end of a test's `with`, this calls none of the requests forgotten
        self._open.pop(key).release()

    def _begin(self, ask: ControlRequest) -> Response:
        words = ask.words(_HOLD)
        name = words.get("name") or words.get("operation") or "everything"
        if (ask.world, name) in self._open:
            raise SettingsError(f"there is a hold {name!r} already: give this one another name, or release that one")
        operation = words.get("operation")
        factory = RuleFactory(ask.not_a_player, lambda _: CONTROL.call("hold"))
        when = of_operation(operation, words.get("when", {}))
        hold = ask.core.steps.hold(factory.of_action("hold", operation, beside, None, when))
        self._open[ask.world, name] = hold
        return fine(_shown(name, hold), 201)

    async def _list(self, ask: ControlRequest) -> Response:
        query = ask.query(*_WAITING)
        names = self._named(ask.world, query.get("name"))
        count, wait = whole_parameter(query, "count", 0), min(number_parameter(query, "wait", 0), LONGEST_WAIT)
        if count:
            with suppress(AssertionError):  # fewer have come: the answer says how many
                await self._one(ask.world, names, f"count={count}").waiting_for(count, wait)
        # one may have been released meanwhile
        found = [(name, self._open.get((ask.world, name))) for name in names]
        return fine([_shown(name, hold) for name, hold in found if hold is not None])

    def _one(self, world: str, names: list[str], asked: str) -> Hold:
        if len(names) == 1:
            return self._open[world, names[0]]
        raise SettingsError(f"{asked} of which hold? There are: {', '.join(names) or 'none; POST hold begins one'}.")

    def _release(self, ask: ControlRequest) -> Response:
        words = ask.words(_RELEASE)
        names = self._named(ask.world, words.get("name"))
        if "count" not in words:
            for name in names:
                self._let_go((ask.world, name))
        else:
            self._one(ask.world, names, f"count={words['count']}").release(words["count"])
        return DONE

    def _named(self, world: str, name: str | None) -> list[str]:
        known = [one for place, one in self._open if place == world]
        if name is not None and name not in known:
            listed = ", ".join(known) or "none: POST hold begins one"
            raise SettingsError(f"there is no hold {name!r}{nearest(name, known)}\n  known: {listed}")
        return known if name is None else [name]


def _shown(name: str, hold: Hold) -> dict[str, Any]:
    return {
        "name": name,
        "waiting": [{"method": request.method, "target": request.target} for request in hold.requests],
    }
