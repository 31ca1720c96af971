"""Parameters: what follows the question mark of a query."""

from __future__ import annotations

from urllib.parse import parse_qsl

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.http.body import short
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.values.values import frozen

LARGEST_TAKE = 100
"""Results of one query (documented)."""


@frozen
class Parameters:
    """The query parameters by name in lower case, percent-escapes resolved; of several, the first counts."""

    values: dict[str, str]

    def text(self, name: str) -> str | None:
        """The value of ``name``; None when it is missing or empty."""
        return self.values.get(name) or None

    def flag(self, name: str) -> bool:
        """Whether ``name`` is there; its only value is ``true`` (documented).

        :raises Refusal: it has another value.
        """
        value = self.values.get(name)
        if value is None:
            return False
        if value.lower() != "true":
            raise refuse(
                "invalid_parameter", parameter=name, problem=f"knows the value true only, not {short(value)}"
            )
        return True

    def number(self, name: str, largest: int) -> int | None:
        """The value of ``name`` as an integer from 0 to ``largest``; None when it is missing.

        :raises Refusal: it is something else.
        """
        value = self.values.get(name)
        if value is None:
            return None
        decimal = value.isascii() and value.isdigit() and len(value) < 10
        if not decimal or int(value) > largest:
            problem = f"must be an integer from 0 to {largest}, and is {short(value)}"
            raise refuse("invalid_parameter", parameter=name, problem=problem)
        return int(value)

    def names(self, name: str) -> tuple[str, ...]:
        """The value of ``name`` as a list with commas, which may be percent-encoded."""
        return tuple(part.strip() for part in self.values.get(name, "").split(",") if part.strip())

    @property
    def take(self) -> int:
        """How many results are wanted: 0 to 100, and 100 when nothing is said.

        :raises Refusal: ``take`` is something else.
        """
        wanted = self.number("take", LARGEST_TAKE)
        return LARGEST_TAKE if wanted is None else wanted


def read_parameters(context: Context) -> Parameters:
    """The parameters of the request; of a repeated one the first counts, with a note (an open question)."""
    values: dict[str, str] = {}
    for name, value in parse_qsl(context.request.query, keep_blank_values=True):
        if name.lower() in values:
            context.note(f"{name[:60]} stands twice in the address, and the first counts: a list has commas, a,b")
        else:
            values[name.lower()] = value
    return Parameters(values)


def require_own(context: Context, parameters: Parameters, xuids: list[str]) -> None:
    """``private`` and ``reservations`` are for a service, or for the one whose xuid is the filter (documented).

    :raises Refusal: 403, also where nothing would match.
    """
    own = {user.xuid for user in context.caller.users}
    for name in ("private", "reservations"):
        if parameters.flag(name) and not context.caller.is_service and (not xuids or set(xuids) - own):
            raise refuse("others_hidden", parameter=name)
