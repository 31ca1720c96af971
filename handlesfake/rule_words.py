"""RuleWords: the bad days of the service that a test calls up in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.fault_words import FaultWords
from handlesfake.files.source import Source
from handlesfake.made_rules import plain
from handlesfake.rules.reading import read_rule
from handlesfake.source import calling_line


class RuleWords(FaultWords):
    """What a test may say to upset the service. It counts from now on; the first rule that fits decides."""

    def refuse(self, name: str, *, times: int | None = None, retry_after: int | None = None, **when: Any) -> None:
        """Let the service refuse, without acting.

        :param name: ``"throttled"``, ``"token_expired"``, ``"unavailable"`` ...; a wrong one lists them all.
        :param times: how many requests are refused; None for all until the test ends.
        :param retry_after: seconds that ``Retry-After`` says.
        :param when: what a request must be like: ``operation``, ``type``, ``caller``, ``session``, ``invitee``,
            ``nth`` (``3`` or ``"3..5"``), and fields of the request in snake case (``invited_xuid="3210"``).
        :raises RuleError: a word is unknown.
        """
        then = {"refuse": name} | ({} if retry_after is None else {"retry_after": retry_after})
        self._make("refuse", name, {"then": then}, times, when)

    def lose_answer(
        self, operation: str | None = None, *, how: str = "close", times: int | None = None, **when: Any
    ) -> None:
        """Let the service act, and the caller never hear of it.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param how: ``"close"``, ``"reset"`` or ``"timeout"``: how the connection ends.
        :param times: how many answers are lost; None for all until the test ends.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown.
        """
        if operation is not None:
            when["operation"] = operation
        self._make("lose_answer", operation, {"then": {"lose_answer": how}}, times, when)

    def rule(self, rule: Mapping[str, Any]) -> None:
        """Add one rule, in the words of a rule file: ``{"name", "when", "then", "times"}``.

        :raises RuleError: it says something that cannot be.
        """
        self._rules.add(read_rule(plain(rule), Source("mpsd.rule(...)"), place=calling_line(2)))
