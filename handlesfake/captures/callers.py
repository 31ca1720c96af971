"""Who sent what is in a capture, as far as it shows it: user hashes, and the xuids that go with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from handlesfake.captures.exchange import CapturedExchange
from handlesfake.cassettes.cassette import label_in
from handlesfake.cassettes.people.identities import Identity
from handlesfake.cassettes.recording.recorder import SERVICE, Participants
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.body import document_of
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.state.identity import Caller, KnownUser, is_xuid, read_authorization
from handlesfake.services.table import route_of
from handlesfake.values.values import frozen


@frozen(slots=False)
class CapturedParticipants(Participants):
    """Those of a capture; a request whose token was taken out of the file is known by what it says of its sender."""

    def label(self, request: Request, caller: Caller | None) -> str:
        """See :meth:`handlesfake.cassettes.recording.recorder.Participants.label`."""
        found = super().label(request, caller)
        user = caller.user if caller is not None else None
        return user.role if not found and user is not None else found


class Callers:
    """Tells the roles of requests.

    :param exchanges: all that will be asked for.
    :param roles: role to the user with it.
    """

    def __init__(self, exchanges: Sequence[CapturedExchange], roles: Mapping[str, Identity]) -> None:
        self._roles = {one.xuid: role for role, one in roles.items()}
        self._xuids: dict[str, str] = {}
        """User hash to xuid."""

        self._without_token: dict[Request, str] = {}
        hashes = dict.fromkeys(_hash(one.request) for one in exchanges)
        self._hashes = [one for one in hashes if one not in ("", SERVICE)]
        for one in exchanges:
            for xuid in _shown(one):
                self._learn(one.request, xuid)
        signed_in = dict(pair for one in exchanges for pair in _signed_in(one))
        self.assumed = self._assume(list(roles), signed_in.values())
        """The role that counts as the sender of everything, because there is no other; empty where there are
        several."""

        self._xuids = signed_in | self._xuids

    def _learn(self, request: Request, xuid: str) -> None:
        user_hash = _hash(request)
        if user_hash == SERVICE:
            return
        if user_hash:
            self._xuids.setdefault(user_hash, xuid)
        else:
            self._without_token.setdefault(request, xuid)

    def _assume(self, roles: Sequence[str], signed_in: Iterable[str]) -> str:
        others = {*self._xuids.values(), *self._without_token.values(), *signed_in}
        is_one = len(roles) == 1 and len(self._hashes) <= 1
        return roles[0] if is_one and not others - set(self._roles) and not self._xuids else ""

    def __call__(self, request: Request) -> Caller | None:
        """Who sent ``request``; None where the capture does not show one of the roles."""
        user_hash = _hash(request)
        operation = route_of(request).operation
        if user_hash == SERVICE or (not user_hash and operation is not None and operation.anonymous):
            return None
        xuid = self._xuids.get(user_hash) if user_hash else self._without_token.get(request)
        role = self._roles.get(xuid or "")
        if role is None and self.assumed and xuid is None:
            role = self.assumed
            xuid = next(one for one, name in self._roles.items() if name == role)
        return Caller("", (KnownUser(xuid or "", user_hash, "", role),)) if role else None

    def unnamed(self) -> Iterator[tuple[str, str]]:
        """The user hashes that have no role, each with its xuid; empty where the capture does not show it."""
        if self.assumed:
            return
        for user_hash in self._hashes:
            xuid = self._xuids.get(user_hash, "")
            if xuid not in self._roles:
                yield user_hash, xuid

    def without_sender(self, exchanges: Iterable[CapturedExchange]) -> list[CapturedExchange]:
        """Those of ``exchanges`` that have no token and no known sender."""
        return [one for one in exchanges if not _hash(one.request) and self(one.request) is None]


def _hash(request: Request) -> str:
    return label_in(request)


def _shown(exchange: CapturedExchange) -> Iterator[str]:
    """The xuid of the sender, where request or answer state it."""
    request = exchange.request
    credential = read_authorization(request.headers.first("Authorization") or "")
    if credential is not None and credential.stated_xuid:
        yield credential.stated_xuid
    call = Call(request, 0)
    found = _below(call.document, "members", "me", "constants", "system", "xuid")
    if call.operation == "create_handle" and exchange.response.status in (200, 201):
        answer = Call(Request("POST", "/handles", exchange.response.headers, exchange.response.body), 0).document
        found = found or _below(answer, "ownerXuid")
    if isinstance(found, (str, int)) and is_xuid(str(found)):
        yield str(found)


def _signed_in(exchange: CapturedExchange) -> Iterator[tuple[str, str]]:
    """User hash and xuid of each user of a token that the answer shows (contract 21.4)."""
    answer = document_of(exchange.response)
    tokens = [answer, _below(answer, "AuthorizationToken")]  # SISU has it one deeper
    for users in (_below(token, "DisplayClaims", "xui") for token in tokens):
        for user in users if isinstance(users, list) else ():
            user_hash, xuid = _below(user, "uhs"), _below(user, "xid")
            if isinstance(user_hash, str) and user_hash and isinstance(xuid, str) and is_xuid(xuid):
                yield user_hash, xuid


def _below(document: Any, *names: str) -> Any:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def by_host(exchanges: Iterable[CapturedExchange]) -> Counter[str]:
    """Host to how many of ``exchanges`` went there."""
    return Counter(one.request.host for one in exchanges)
