"""ClaimBase: what the claims of every noun are made of, and what a form of them brings along."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from handlesfake.assertions.criteria import Criteria, sought
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.waiting import Claim
from handlesfake.assertions.wanted_words import wanted_session
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.traffic.traffic import Traffic
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession

R = TypeVar("R")
Who = User | str
Where = SeededSession | Mapping[str, Any] | str | None


class ClaimBase(AttributeSuggestions, ABC, Generic[R]):
    """A form of the claims: one that blocks, or one that awaits."""

    @property
    @abstractmethod
    def _traffic(self) -> Traffic:
        """What the claims are about."""

    @abstractmethod
    def _claim(self, claim: Claim, call: ClaimCall, within: float | None, *, lasting: bool = False) -> R:
        """Check ``claim``; with ``lasting`` it must hold for ``within`` seconds, else come true in them."""

    @abstractmethod
    def _settle(self, seconds: float, at_most: float) -> R:
        """Wait for ``seconds`` without a request, at most ``at_most``."""

    # ---- from the words of a test

    def _sought(
        self,
        where: str,
        operation: str,
        fields: Mapping[str, Any],
        session: Where,
        by: Who | None,
        accepted: bool | None,  # noqa: FBT001 - three-valued
    ) -> Criteria:
        sender = self._traffic.xuid(by, self._traffic.words.call(where, "by")) if by is not None else ""
        ref = wanted_session(session, where, self._traffic)
        return sought(self._traffic, operation, fields, where=where, session=ref, by=sender, accepted=accepted)
