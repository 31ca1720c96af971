"""Tokens: made up, known by their fingerprints, and looked up again where a client brings them."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.http.body import a_text
from handlesfake.mpsd.state.identity import KnownUser, fingerprint
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, wire_time
from handlesfake.sign_in.asked import Asked
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.state import IssuedToken, Known
from handlesfake.values.values import frozen

HOUR = 3600 * TICKS_PER_SECOND

DEVICE_HOURS = TITLE_HOURS = 14 * 24
"""Of the tokens of devices and titles (captured)."""

XSTS_HOURS = 16
"""Of the tokens that services are called with (captured)."""


def issue(asked: Asked, known: Known, token: IssuedToken) -> tuple[str, Known]:
    """The text of a new token, and what is known with it."""
    text = f"handlesfake.{token.kind}.{asked.new_id()}"
    return text, known.with_token(fingerprint(text), token)


@frozen
class Brought:
    """A token that a client has brought."""

    user: KnownUser | None
    """Whose it is; None for a device's."""

    assumed: bool
    """Whether only the test's silence says so."""

    token: IssuedToken | None = None
    """What was issued; None where it is assumed."""


def brought(asked: Asked, value: Any, name: str, kind: str) -> Brought:
    """The token of ``kind`` in the field ``name``.

    One that sign-in did not issue is that of the user who signs in, as long as it has issued none of its kind.

    :raises Refusal: it is missing, of another kind, unknown, or its time has passed.
    """
    text = a_text(value, name)
    found = asked.known.tokens.get(fingerprint(text))
    if found is None:
        is_first = all(token.kind != kind for token in asked.known.tokens.values())
        if asked.signer is None or asked.settings.strict or not is_first:
            raise refuse("wrong_token", asked.settings.choices.sign_in_wrong_token)
        return Brought(asked.signer, assumed=True)
    user = asked.people.get(found.xuid)
    if found.kind != kind:
        raise refuse("wrong_token", asked.settings.choices.sign_in_wrong_token, caller=user)
    if found.is_over(asked.now):
        raise refuse("token_expired", caller=user)
    return Brought(user, assumed=False, token=found)


def token_document(asked: Asked, text: str, hours: int, claims: Any) -> dict[str, Any]:
    """A token as the services of Xbox Live show it, keys in their order (captured)."""
    return {
        "IssueInstant": _instant(asked.now),
        "NotAfter": _instant(asked.now + hours * HOUR),
        "Token": text,
        "DisplayClaims": claims,
    }


def _instant(ticks: int) -> str:
    """A time whose fraction has no zeros at its end (captured)."""
    return wire_time(ticks)[:-1].rstrip("0").rstrip(".") + "Z"
