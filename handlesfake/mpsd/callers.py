"""Who sent this request: from its headers to a caller, and what has to be assumed for that."""

from __future__ import annotations

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.http.body import UINT32
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.http.signature import is_signature
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import (
    Caller,
    Credential,
    KnownUser,
    is_xuid,
    made_up_gamertag,
    read_authorization,
)
from handlesfake.values.values import replace

NOBODY = ";"
"""The user hash of the one who calls without ``Authorization``; no header can spell it."""


def identify(
    directory: Directory, request: Request, settings: Settings, now: int | None = None
) -> tuple[Directory, Caller, tuple[Assumption, ...]]:
    """The caller of ``request``, the directory that knows them, and what was assumed for that.

    :param now: ticks, to tell whether a token has ended by itself; None where that is not asked.
    :raises Refusal: 401 for an unknown caller; 400 or 403 for a service that does not name the user that it acts for.
    """
    header = request.headers.first("authorization")
    if settings.choices.signature_checked:
        _check_signature(request.headers.first("Signature"))
    if header is None:
        if settings.strict or directory.users_named:
            raise refuse("unauthenticated")
        return _assumed(directory, Credential(NOBODY, ""), settings, "a request without Authorization")
    credential = read_authorization(header)
    if credential is None:
        raise refuse("malformed_authorization")
    if credential.is_service:
        return _service(directory, request, credential, settings)
    return _player(directory, credential, settings, now)


def recognize(directory: Directory, request: Request) -> Caller | None:
    """The caller that the token of ``request`` names, also where the service says no before it asks who calls.

    None for a token that ``directory`` does not know. Nothing is checked: the token may have expired.
    """
    credential = read_authorization(request.headers.first("Authorization") or "")
    if credential is None:
        return None
    if credential.is_service:
        title_id = directory.services.get(credential.fingerprint)
        return Caller(title_id, _stated_users(directory, request), is_service=True) if title_id else None
    user = directory.users.get(directory.hashes.get(credential.user_hash) or credential.stated_xuid or "")
    return Caller(user.title_id, (user,)) if user is not None else None


def _stated_users(directory: Directory, request: Request) -> tuple[KnownUser, ...]:
    """The acting users that a service names and ``directory`` knows."""
    stated = (request.headers.first("X-Xbl-OnBehalfOf-Users") or "").split(",")
    xuids = (entry.partition(";")[0].strip() for entry in stated)
    return tuple(directory.users[xuid] for xuid in xuids if xuid in directory.users)


def _player(
    directory: Directory, credential: Credential, settings: Settings, now: int | None
) -> tuple[Directory, Caller, tuple[Assumption, ...]]:
    xuid = directory.hashes.get(credential.user_hash) or credential.stated_xuid
    if xuid is not None and xuid in directory.users:
        user = directory.users[xuid]
        token = credential.fingerprint
        if token in user.expired or (directory.token_ends and directory.has_ended(token, now)):
            raise refuse("wrong_token" if directory.is_for_others(token) else "token_expired", caller=user)
        if token not in user.tokens:
            user = user.with_token(token)
            directory = directory.with_user(user)
        return directory, _caller(user), ()
    if xuid is not None:
        user = new_user(directory, settings, xuid=xuid, user_hash=credential.user_hash)
        user = replace(user, assumed=True).with_token(credential.fingerprint)
        return directory.with_user(user), Caller(user.title_id, (user,)), ()
    if settings.strict or directory.users_named:
        raise refuse("unknown_caller", user_hash=credential.user_hash)
    return _assumed(directory, credential, settings, "an unknown token")


_callers: dict[str, Caller] = {}
"""Xuid to the caller that the player was last: one for all requests, as long as the player stays the same."""

_MOST_CALLERS = 256


def _caller(user: KnownUser) -> Caller:
    known = _callers.get(user.xuid)
    if known is None or known.users[0] is not user:
        if len(_callers) >= _MOST_CALLERS:
            _callers.clear()
        known = _callers[user.xuid] = Caller(user.title_id, (user,))
    return known


def _assumed(
    directory: Directory, credential: Credential, settings: Settings, what: str
) -> tuple[Directory, Caller, tuple[Assumption, ...]]:
    known = directory.hashes.get(credential.user_hash)
    user = directory.users[known] if known else new_user(directory, settings, user_hash=credential.user_hash)
    user = replace(user, assumed=True).with_token(credential.fingerprint)
    assumption = Assumption(
        "caller",
        f"{what} came from a separate user, {user.xuid}",
        'host = mpsd.user("host"); give the code under test host.authorization',
        "PUT /users/host; give the code under test its authorization",
    )
    return directory.with_user(user), Caller(user.title_id, (user,)), (assumption,)


def new_user(directory: Directory, settings: Settings, *, xuid: str = "", user_hash: str = "") -> KnownUser:
    """A user that ``directory`` does not know yet; xuids count from 9000000000000001 in order of first use."""
    xuid = xuid or str(directory.free_xuid)
    return KnownUser(
        xuid=xuid,
        user_hash=user_hash or f"uhs-{xuid}",
        title_id=settings.title_id,
        gamertag=made_up_gamertag(xuid),
    )


# ---- a title's service (contract 17)


def _service(
    directory: Directory, request: Request, credential: Credential, settings: Settings
) -> tuple[Directory, Caller, tuple[Assumption, ...]]:
    assumptions: tuple[Assumption, ...] = ()
    if credential.fingerprint not in directory.services:
        if settings.strict or directory.users_named or directory.services:
            raise refuse("unknown_caller", user_hash=credential.user_hash)
        assumptions = (
            Assumption(
                "caller",
                "an unknown service token (x=-) came from the title's own service",
                "service = mpsd.service(); give the code under test service.headers(host)",
                'POST /service {"users": ["host"]}; give the code under test its headers',
            ),
        )
    if credential.fingerprint in directory.services_expired:
        raise refuse("token_expired", caller=Caller(directory.services[credential.fingerprint], (), is_service=True))
    title_id = _title_header(request, settings)
    directory, users = _acting_users(directory, request, settings, title_id)
    denied = "multiplayer.manage" in (request.headers.first("X-Xbl-Deny-Scope") or "").lower()
    if denied and not users:
        raise refuse("service_scope")
    return directory, Caller(title_id, users, is_service=True, manages=not denied), assumptions


def _title_header(request: Request, settings: Settings) -> str:
    text = (request.headers.first("X-Xbl-OnBehalfOf-Title") or "").strip()
    status = settings.choices.service_title_header
    if not text:
        raise refuse("service_title", status, problem="is missing: a service names its title on every call")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= UINT32):
        raise refuse("service_title", status, problem="must be a decimal title id")
    return text


def _acting_users(
    directory: Directory, request: Request, settings: Settings, title_id: str
) -> tuple[Directory, tuple[KnownUser, ...]]:
    header = request.headers.first("X-Xbl-OnBehalfOf-Users") or ""
    users: list[KnownUser] = []
    for entry in filter(None, (part.strip() for part in header.split(","))):
        xuid, *extras = (part.strip() for part in entry.split(";"))
        if not is_xuid(xuid):
            raise refuse("service_users", problem="must list decimal xuids, each perhaps with ;priv=multiplayer")
        if any(extra.lower() != "priv=multiplayer" for extra in extras):
            raise refuse("service_users", problem="allows no addition except ;priv=multiplayer")
        if xuid not in directory.users:
            user = replace(new_user(directory, settings, xuid=xuid), assumed=True)
            directory = directory.with_user(user)
        user = directory.users[xuid]
        by_account = settings.choices.service_privilege == "account"
        users.append(replace(user, title_id=title_id, multiplayer=user.multiplayer if by_account else bool(extras)))
    return directory, tuple(users)


def _check_signature(signature: str | None) -> None:
    """76 bytes in base64 (contract 12.2); a missing one is accepted, as the service does (U84)."""
    if signature is not None and not is_signature(signature):
        raise refuse("bad_signature")
