"""RulesApi: how a test lets the service refuse and its answers go lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from handlesfake.double.face import Face
from handlesfake.double.rule_factory import of_operation

if TYPE_CHECKING:
    from handlesfake.double.keywords import WhenWords
    from handlesfake.literals import FaultMoment, LostHow, OperationName, RefusalName


class RulesApi(Face):
    """What a test may say to upset the service. It counts from now on; the first rule that fits decides."""

    def refuse(
        self,
        name: RefusalName,
        operation: OperationName | None = None,
        *,
        times: int | None = None,
        retry_after: int | None = None,
        at: FaultMoment | None = None,
        **when: Unpack[WhenWords],
    ) -> None:
        """Let the service refuse, without acting.

        :param name: ``"throttled"``, ``"token_expired"``, ``"unavailable"`` ...; a wrong one lists them all.
        :param operation: ``"create_handle"`` ...; None for every one, as the service throttles.
        :param times: how many requests are refused; None for all until the test ends.
        :param retry_after: seconds that ``Retry-After`` says.
        :param at: ``"after"``: the service has acted, and the caller gets the refusal instead of its answer.
        :param when: what a request must be like: ``type``, ``caller``, ``session``, ``invitee``, ``nth`` (``3`` or
            ``"3..5"``), and fields of the request in snake case (``invited_xuid="3210"``). ``caller`` and
            ``invitee`` are users of the test, roles or xuids.
        :raises RuleError: a word is unknown, or a text is neither a role that the test has made nor a xuid.
        """
        beside = {"retry_after": retry_after, "at": at}
        then = {"refuse": name} | {word: value for word, value in beside.items() if value is not None}
        self._core.rules.add(
            self._core.rule_factory.of_words("refuse", name, then, times, of_operation(operation, when))
        )

    def lose_answer(
        self,
        operation: OperationName | None = None,
        *,
        how: LostHow = "close",
        times: int | None = None,
        **when: Unpack[WhenWords],
    ) -> None:
        """Let the service act, and the caller never hear of it.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param how: ``"close"``, ``"reset"`` or ``"timeout"``: how the connection ends.
        :param times: how many answers are lost; None for all until the test ends.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown.
        """
        said = of_operation(operation, when)
        self._core.rules.add(
            self._core.rule_factory.of_words("lose_answer", operation, {"lose_answer": how}, times, said)
        )

    def rule(self, rule: Mapping[str, Any]) -> None:
        """Add one rule, in the words of a rule file: ``{"name", "when", "then", "times"}``.

        :raises RuleError: it says something that cannot be.
        """
        self._core.rules.add(self._core.rule_factory.of_mapping(rule))
