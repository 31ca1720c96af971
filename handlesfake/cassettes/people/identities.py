"""Identities: who a role is, in the real world while recording, in the cassette while replaying."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any, TypeAlias

from handlesfake.cassettes.people.pseudonyms import FIRST_ROLE
from handlesfake.errors import SettingsError
from handlesfake.mpsd.state.identity import is_xuid, read_authorization
from handlesfake.values.values import frozen

Credentials: TypeAlias = Mapping[str, Mapping[str, Any]]
"""``{role: {"xuid": "...", "authorization": "XBL3.0 x=...;..."}}``; a role that only is invited needs no token, and
the token may be a function without arguments that gives it."""


@frozen
class Identity:
    """Who a role is."""

    xuid: str
    """Decimal text."""

    authorization: str = ""
    """The real ``Authorization``; empty for one that is only spoken of, and in a replay."""

    @property
    def user_hash(self) -> str:
        """The text before the ``;`` of the authorization; empty without one."""
        credential = read_authorization(self.authorization)
        return credential.user_hash if credential else ""


def real(credentials: Credentials | None) -> dict[str, Identity]:
    """The identities that ``credentials`` give.

    :raises SettingsError: a role has no xuid, two have one, or something else is not as it must be.
    """
    if credentials is not None and not isinstance(credentials, Mapping):
        raise SettingsError(f'credentials of type {type(credentials).__name__}: write {{"host": {{"xuid": ...}}}}.')
    found: dict[str, Identity] = {}
    owners: dict[str, str] = {}
    for role, given in (credentials or {}).items():
        found[role] = one = _identity(role, given)
        owner = owners.setdefault(one.xuid, role)
        if owner != role:
            raise SettingsError(f"credentials of {role!r}: that xuid is {owner}'s already; a role is one person.")
    return found


def _identity(role: str, given: Mapping[str, Any]) -> Identity:
    head = f"credentials of {role!r}"
    if not isinstance(given, Mapping):
        raise SettingsError(f'{head}: expected {{"xuid": ..., "authorization": ...}}, got {type(given).__name__}.')
    unknown = [word for word in given if word not in ("xuid", "authorization")]
    if unknown:
        raise SettingsError(f"{head}: {unknown[0]!r} is not known. Known: xuid, authorization.")
    xuid = given.get("xuid")
    if not (isinstance(xuid, str) and xuid and is_xuid(xuid)):
        # the value is not shown: it may be a person's name, or a token in the wrong place
        what = (
            f"of type {type(xuid).__name__}" if not isinstance(xuid, str) else "empty" if not xuid else "another text"
        )
        raise SettingsError(f"{head}: the xuid must be a decimal text, and is {what}.")
    authorization = given.get("authorization", "")
    if callable(authorization):
        authorization = authorization()
    if authorization and not (isinstance(authorization, str) and read_authorization(authorization)):
        raise SettingsError(f"{head}: the authorization must read XBL3.0 x=<user hash>;<token>.")
    return Identity(xuid, authorization or "")


def recorded(roles: Mapping[str, str]) -> dict[str, Identity]:
    """The identities that a cassette's roles have."""
    return {role: Identity(xuid) for role, xuid in roles.items()}


def pseudonyms(identities: Mapping[str, Identity], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Role to the made-up xuid that a cassette writes for it, in the order of the roles.

    :param known: those that the cassette has already: they stay.
    """
    made = dict(known or {})
    # never the real hash of another user: it would be replaced in its turn
    owners = {one.xuid: role for role, one in identities.items()}
    for role in identities:
        if role not in made:
            taken = {*made.values(), *(xuid for xuid, owner in owners.items() if owner != role)}
            made[role] = next(str(number) for number in count(FIRST_ROLE) if str(number) not in taken)
    return {role: made[role] for role in identities}
