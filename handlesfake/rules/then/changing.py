"""What a rule makes of the service's own answer: lets it pass, replaces it, or changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.exchange.outcome import Answer, Fault, Outcome, Proceed
from handlesfake.files.placed import without_places
from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.mpsd.provenance import with_notes
from handlesfake.rules.question import Path, Question
from handlesfake.rules.rule import Action
from handlesfake.rules.then.actions import after, with_note
from handlesfake.rules.then.edits import Edits
from handlesfake.rules.then.responding import read_headers, read_status
from handlesfake.values.values import frozen, replace

CHANGE = ("status", "set", "add", "remove", "headers")
HEADERS = ("set", "add", "remove")


@frozen
class LetPass:
    """The service answers as it would: the rule only brings scenarios into other states."""

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let the service answer."""
        return with_note(proceed(question.call), f"brings on another state by {title}")


@frozen
class Instead:
    """The service acts, and the caller gets the answer of ``action`` instead."""

    action: Action

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let the service act, and tell something else."""
        return after(proceed(question.call), lambda answer: self._instead(answer, question, proceed, title))

    def _instead(self, answer: Answer, question: Question, proceed: Proceed, title: str) -> Outcome:
        said = self.action(question, proceed, title)
        if not isinstance(said, Answer):
            return said
        # all that the service has done stays known; the caller only hears something else
        known = answer.provenance
        return replace(
            answer,
            response=said.response,
            original=answer.original or answer.response,
            decided_by=title,
            provenance=replace(
                known, evidence=said.provenance.evidence, refusal=said.provenance.refusal,
                notes=(*known.notes, *said.provenance.notes),
            ),
        )  # fmt: skip


@frozen
class Change:
    """The service acts, and its answer is changed on the way."""

    status: int | None = None
    edits: Edits = Edits()
    put: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let the service act, and change what it answers."""
        return after(proceed(question.call), lambda answer: self._changed(answer, title))

    def _changed(self, answer: Answer, title: str) -> Answer | Fault:
        response = answer.response
        body = self.edits.of(response.body)
        notes = (
            () if body is not None else (f"the answer is not a JSON object or list: {title} left its body as it was",)
        )
        headers = response.headers.without(*self.removed, *(name for name, _ in self.put))
        changed = Response(
            status=self.status or response.status,
            headers=Headers((*headers, *self.put, *self.added)),
            body=response.body if body is None else body,
            reason=response.reason if self.status is None else None,
        )
        return replace(
            answer,
            response=changed,
            original=answer.original or response,
            decided_by=f"{answer.decided_by}, changed by {title}",
            # nothing is known that speaks for what a rule made of it
            provenance=replace(with_notes(answer.provenance, *notes), evidence=None),
        )


def read_change(node: Mapping[str, Any], source: Source) -> Change:
    """The change under ``change`` of ``node``.

    :raises RuleError: it is not a change, or changes nothing.
    """
    said = source.mapping(node, "change")
    source.check_keys(said, CHANGE, "change")
    headers = source.mapping(said, "headers") if "headers" in said else {}
    source.check_keys(headers, HEADERS, "change.headers")
    if not any(said.get(word) not in (None, {}, []) for word in CHANGE):
        raise source.wrong(f"change changes nothing; it can: {', '.join(CHANGE)}", node, "change")
    return Change(
        status=read_status(said, source) if "status" in said else None,
        edits=Edits(
            put=_places(said, "set", source), added=_places(said, "add", source), removed=_removed(said, source)
        ),
        put=_lines(headers, "set", source),
        added=_lines(headers, "add", source),
        removed=source.texts(headers, "remove") if "remove" in headers else (),
    )


def _places(node: Mapping[str, Any], key: str, source: Source) -> tuple[tuple[Path, Any], ...]:
    if key not in node:
        return ()
    said = source.mapping(node, key)
    return tuple((_path(name, said, name, source), without_places(value)) for name, value in said.items())


def _removed(node: Mapping[str, Any], source: Source) -> tuple[Path, ...]:
    return (
        tuple(_path(name, node, "remove", source) for name in source.texts(node, "remove"))
        if "remove" in node
        else ()
    )


def _path(text: str, node: Mapping[str, Any], key: str, source: Source) -> Path:
    path = tuple(text.split("."))
    if not all(path):
        problem = f"{short_json(text)} is not a place in an answer; write results.0.id, with * for every one"
        raise source.wrong(problem, node, key, of_value=False)
    return path


def _lines(node: Mapping[str, Any], key: str, source: Source) -> tuple[tuple[str, str], ...]:
    return tuple(read_headers(source.mapping(node, key), source)) if key in node else ()
