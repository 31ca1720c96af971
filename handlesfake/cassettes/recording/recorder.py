"""Recorder: the innermost stage of a recording, which has each request made for real and remembers what came back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from handlesfake.cassettes.cassette import Interaction, answer_with, label_in
from handlesfake.cassettes.format.compression import content_codings, unpacked
from handlesfake.cassettes.format.writing import rendered
from handlesfake.cassettes.hosts import other_host
from handlesfake.cassettes.people.identities import Identity
from handlesfake.cassettes.recording.cassette_report import Recording, rejection
from handlesfake.cassettes.recording.finishing import (
    Plan,
    begin,
    findings_of,
    reasons,
    reject,
    write_recording,
)
from handlesfake.cassettes.recording.journal_file import Pages, RecordingJournal
from handlesfake.cassettes.recording.left_behind import told_of
from handlesfake.cassettes.recording.locking import locked
from handlesfake.cassettes.recording.masking import Masking
from handlesfake.cassettes.recording.run_notes import Start
from handlesfake.cassettes.recording.written import Written
from handlesfake.cassettes.scrubbing.scrubber import Scrubbed, Scrubber
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.cassettes.volatile_names import counted_names
from handlesfake.errors import CassetteError
from handlesfake.exchange.outcome import Answer, Call, Forward, Outcome, Proceed
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response
from handlesfake.mpsd.state.identity import Caller
from handlesfake.services.table import service_of_operation
from handlesfake.values.values import field, frozen, replace

_Message = TypeVar("_Message", Request, Response)

SERVICE = "-"
"""The label of a title's own service, in a token and in a cassette."""


@frozen(slots=False)
class Participants:
    """Who takes part in a recording."""

    who: Callable[[Request], Caller | None]
    """Who sends a request, as the test knows it."""

    identities: Mapping[str, Identity]
    """Who the roles are."""

    pseudonyms: Mapping[str, str]
    """Role to the made-up xuid that the cassette has for it."""

    other_hosts: frozenset[str] = frozenset()
    """Hosts that are recorded and are not MPSD."""

    tests: tuple[str, ...] = ()
    """The test that records, without parameters; none outside pytest."""

    labels: dict[str, str] = field(default_factory=dict)
    """User hash to what the cassette calls its user."""

    def label(self, request: Request, caller: Caller | None) -> str:
        """What the cassette calls the caller: the role, else ``user-1`` ... in order of appearance."""
        user_hash = label_in(request)
        if user_hash in ("", SERVICE):
            return user_hash
        user = caller.user if caller is not None else None
        if user_hash not in self.labels:
            count = sum(label.startswith("user-") for label in self.labels.values())
            self.labels[user_hash] = user.role if user is not None and user.role else f"user-{count + 1}"
        return self.labels[user_hash]


_USUAL = VolatileFields()


class Recorder:
    """Records real traffic into a cassette: each interaction goes to a journal before its caller has the answer.

    Rules lie outside of it, so that what they made or changed is never written as truth.
    """

    def __init__(
        self,
        plan: Plan,
        cast: Participants,
        scrubber: Scrubber,
        holes: VolatileFields = _USUAL,
        allow: str = "mpsd_not_secret",
    ) -> None:
        self.path: Path = plan.path
        self._plan = plan
        self._cast = cast
        self._scrubber = scrubber
        self._holes = holes
        self._allow = allow
        self._heard: list[Interaction] = []
        self._journal: RecordingJournal | None = None
        self._start = Start([], [])
        self._began = 0.0
        self.as_recorded: Callable[[str], str] = str
        """Puts what is new in this run into the words of the cassette, for a recording that goes on behind one."""

        self.masking = Masking(scrubber)
        """Masks what is shown of the recording."""

        self.recording: Recording | None = None
        """What was recorded, once it has stopped; None when nothing was."""

    def start(self) -> None:
        """Make sure that the cassette can be written, and put in what recorders that were killed have left.

        :raises CassetteError: it cannot, or it cannot be read.
        """
        self._journal = RecordingJournal(self.path, dict(self._cast.pseudonyms), self._cast.tests)
        try:
            self._start = begin(self._plan)
        except BaseException:
            self._journal.close(discard=True)
            self._journal = None
            raise
        self._began = time.monotonic()

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - the real service lies further in
        """Have the request made for real."""
        return Forward(lambda response: self.hear(call, response))

    def hear(self, call: Call, response: Response) -> Answer:
        """Record what the service has answered to ``call``."""
        request = call.request
        caller = self._cast.who(request)
        label = self._cast.label(request, caller)
        user_hash = label_in(request)
        if user_hash not in ("", SERVICE):
            self._scrubber.name(user_hash, label)
        host = other_host(request, self._cast.other_hosts) or MPSD_HOST
        plain = _plain(response)
        scrubbed = self._scrubber.exchange(_plain(request), plain, label, host)
        if plain is not response:
            scrubbed.found.unpacked[", ".join(content_codings(response.headers))] += 1
        self._keep(scrubbed, call, label)
        return answer_with(response, call, "real service", caller)

    def _keep(self, scrubbed: Scrubbed, call: Call, label: str) -> None:
        interaction = Interaction(len(self._heard) + 1, scrubbed.request, scrubbed.response)
        self._heard.append(interaction)
        if self._journal is not None:
            what = call.operation if call.route.operation else f"{call.request.method} {interaction.request.host}"
            what += f" by {label}" if label else ""
            status = interaction.response.status
            self._journal.write(rendered(interaction), what, status, scrubbed.found, interaction.number)

    def discard(self) -> None:
        """Stop, and write nothing of what was recorded."""
        journal, self._journal = self._journal, None
        if journal is not None and journal.is_mine:
            journal.close(discard=True)

    def stop(self, *, failed: bool = False) -> None:
        """Put what was recorded into the cassette; when nothing was, nothing is written.

        :param failed: what was recorded is not to be trusted: it is kept beside the cassette, as ``.rejected``.
        :raises CassetteError: it cannot be written, or must not be: the message says why.
        """
        journal, self._journal = self._journal, None
        if journal is None or not journal.is_mine:
            return
        if failed:
            journal.distrust()
        try:
            with locked(self.path):
                pages = self._retold(self._less_learned(journal.pages()))
                why = self._finish(pages, failed=failed)
        except CassetteError:
            journal.close(discard=False, failed=failed)
            raise
        journal.close(discard=True)
        if why and not failed:
            raise CassetteError(why)

    def _finish(self, pages: Pages, *, failed: bool) -> str:
        """Put ``pages`` where they belong; what to tell the test when that is not the cassette."""
        found = findings_of(pages)
        why = reasons(self._plan, pages.lines, found, failed=failed) if pages.lines else []
        kept, written = self.path, Written()
        if why:
            kept = reject(self._plan, pages, found)
        elif pages.lines:
            written = write_recording(self._plan, pages, self._start)
        taken_in = told_of(self.path)
        if not pages.lines and not taken_in:
            return ""
        hosts = Counter(map(_host_in, (line.what for line in pages.lines)))
        roles = {role: (one.xuid, self._cast.pseudonyms[role]) for role, one in self._cast.identities.items()}
        seconds = time.monotonic() - self._began
        told = (tuple(why), taken_in, self._plan.goes_on, written)
        self.recording = Recording(kept, hosts, seconds, found, roles, self._bound, *told)
        return rejection(self.recording, self.path, self._allow) if why else ""

    def _bound(self) -> Counter[str]:
        return counted_names(hole for one in self._heard for hole in self._holes.shape(one.call).holes)

    def _retold(self, pages: Pages) -> Pages:
        """``pages`` with the values that this run made up replaced by those in the cassette."""
        lines = (
            replace(line, text=self.as_recorded(line.text)) if line.mine is not None else line for line in pages.lines
        )
        return replace(pages, lines=tuple(lines))

    def _less_learned(self, pages: Pages) -> Pages:
        """``pages`` less the secrets of early ones that only later ones have shown to be some."""
        lines = []
        for line in pages.lines:
            if line.mine is not None and self._scrubber.learned.may_be_in(line.text):
                heard = self._heard[line.mine - 1]
                again = self._scrubber.again(heard)
                line = line if again == heard else replace(line, text=rendered(again))  # noqa: PLW2901 - the same line
            lines.append(line)
        return replace(pages, lines=tuple(lines))


def _host_in(what: str) -> str:
    """The host of a line of the journal: ``GET made.up by host``, or the name of an operation."""
    first, *rest = what.split()
    return rest[0] if first.isupper() else service_of_operation(first).hosts[0]


def _plain(message: _Message) -> _Message:
    headers, body = unpacked(message.headers, message.body)
    return message if headers is message.headers else replace(message, headers=headers, body=body)
