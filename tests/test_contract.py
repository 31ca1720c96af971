"""The conformance cases over every road, and that they leave nothing out."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence, weakest
from handlesfake.mpsd.operations import Operation
from handlesfake.options.options import Options
from handlesfake.services.table import operations
from tests.contract.cases import ABSENT, Case, CaseError, Expect, Step, load_cases, read_file
from tests.contract.coverage import without_a_case
from tests.contract.placeholders import Bound, difference, filled, matches
from tests.contract.sections import STRONGEST, sections_in
from tests.transports import ROADS, Pairs, Road, Wire

CASES = list(load_cases())
NOW = datetime(2026, 1, 6, 10, tzinfo=UTC)
VERSION = "X-Xbl-Contract-Version"
PEOPLE = ("follows", "favorites", "blocks")
LATER = (*PEOPLE, "multiplayer")
"""What is said of users when the sessions stand: a user without the privilege cannot join any."""


FILES = {file: list(cases) for file, cases in groupby(CASES, lambda case: case.file)}
ELSEWHERE_TOO = [name for name in ROADS if name != "core"]


pytestmark = pytest.mark.filterwarnings("ignore::handlesfake.errors.UnroutedWarning")  # some ask on purpose


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case) -> None:
    """The service does as the case says."""
    play(case, "core")


@pytest.mark.parametrize("road", ELSEWHERE_TOO)
def test_its_share_of_the_cases_over_road(road: str) -> None:
    """So it does whichever way the request takes: each case over one road more, and each road has cases of each kind."""
    play_all(CASES[ELSEWHERE_TOO.index(road) :: len(ELSEWHERE_TOO)], road)


@pytest.mark.thorough
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("road", ELSEWHERE_TOO)
def test_every_case_over_road(road: str, file: str) -> None:
    """The same, each case over every road."""
    play_all(FILES[file], road)


def play_all(cases: list[Case], road: str) -> None:
    """Play them one after the other, and name each that fails."""
    failed = []
    for case in cases:
        try:
            play(case, road)
        except Exception as error:  # noqa: BLE001 - whichever it is, the other cases are played too
            failed.append(f"{case.id}: {type(error).__name__}: {error}")

    assert not failed, "\n\n".join(failed)


def play(case: Case, road_name: str) -> None:
    """Play a case on a road."""
    options = Options(
        name=case.id,
        now=NOW,
        dialect=case.dialect,  # type: ignore[arg-type]  # a wrong word is an error of Options
        strict=case.strict,
        throttling=case.throttling,
        choices=Choices(**case.choices),
        services=() if case.service == "mpsd" else (case.service,),
    )
    with ROADS[road_name](options, case.templates) as road:
        _Run(road, case).play()


class _Run:
    """One case on one road."""

    def __init__(self, road: Road, case: Case) -> None:
        self.road, self.case = road, case
        self.bound: Bound = {}
        self.users: dict[str, Any] = {}
        self.sessions: dict[str, Any] = {}

    def play(self) -> None:
        self._arrange()
        for number, step in enumerate(self.case.steps, 1):
            self._prepare(step)
            method, _, target = str(filled(step.send, self.bound)).partition(" ")
            answer = self.road.send(method, target, self._headers(step), self._body(step))
            problems = [*self._answer(step.expect, answer), *self._told(step), *self._state(step.expect)]

            assert not problems, "\n  ".join([f"step {number} ({step.source}):", *problems, f"answer: {answer}"])

    # ---- before

    def _arrange(self) -> None:
        world, mpsd = self.case.world, self.road.mpsd
        for role, words in world.users.items():
            self.users[role] = mpsd.user(role, **{key: value for key, value in words.items() if key not in LATER})
        if world.service:
            mpsd.service()
        for session in world.sessions:
            name = {"name": session.name} | ({"scid": session.scid} if session.scid else {})
            made = mpsd.session(
                name,
                members=[self.users[role] for role, status in session.members.items() if status == "active"],
                template=session.template,
                constants=session.constants,
                properties=session.properties,
            )
            for role, status in session.members.items():
                if status != "active":
                    made.join(self.users[role], status=status)
            self.sessions.setdefault(session.name, (made, made.change_number - 1))
        for role, words in world.users.items():
            for word in PEOPLE:
                if word in words:
                    mpsd.user(role, **{word: [self.users.get(other, other) for other in words[word]]})
            if "multiplayer" in words:
                mpsd.user(role, multiplayer=words["multiplayer"])

    def _prepare(self, step: Step) -> None:
        before = step.before
        if before.expire:
            self.users[before.expire].expire()
        if before.renew:
            self.users[before.renew].renew()
        if before.drop or before.lose:
            user = self.users[before.drop or before.lose or ""]
            self.road.mpsd.drop_connection(user, noticed=before.drop is not None)
        if before.advance:
            self.road.clock.advance(before.advance)
        if before.name_user:
            self.users[before.name_user] = self.road.mpsd.user(before.name_user)

    def _headers(self, step: Step) -> Pairs:
        headers: dict[str, str | None] = {VERSION: "107"}
        if isinstance(step.by, dict):
            headers = dict(self.road.mpsd.service().headers(*(self.users[role] for role in step.by["service"])))
        elif step.by not in (None, "nobody"):
            headers = dict(self.users[step.by].headers)
        if self._body(step):
            headers["Content-Type"] = "application/json"
        headers |= filled(step.headers, self.bound)
        return [(name, value) for name, value in headers.items() if value is not None]

    def _body(self, step: Step) -> bytes:
        if step.octets is not None:
            return bytes.fromhex(step.octets)
        text = step.text
        if text is None:
            text = "" if step.body is None else json.dumps(filled(step.body, self.bound), ensure_ascii=False)
        body = str(filled(text, self.bound)).encode()
        return gzip.compress(body, mtime=0) if step.gzip else body

    # ---- after

    def _answer(self, expect: Expect, answer: Wire) -> Iterator[str]:
        status, headers, body = answer
        if expect.status != status:
            yield f"status: expected {expect.status}, got {status} {body!r}"
            return
        for name, wanted in expect.headers.items():
            value = headers.first(name)
            if wanted == ABSENT and value is not None:
                yield f"{name}: expected none, got {value!r}"
            elif wanted != ABSENT and (value is None or not matches(wanted, value, self.bound)):
                yield f"{name}: expected {wanted!r}, got {value!r}"
        if expect.empty and body:
            yield f"body: expected none, got {body!r}"
        if expect.sentence is not None:
            yield from _sentence(expect.sentence, headers.first("Content-Type"), body)
        if expect.body is not None:
            yield from difference(expect.body, json.loads(body), self.bound, exact=True)
        if expect.includes is not None:
            yield from difference(expect.includes, json.loads(body), self.bound, exact=False)
        yield from (f"body.{key}: expected none" for key in expect.lacks if key in json.loads(body))

    def _told(self, step: Step) -> Iterator[str]:
        told, expect = self.road.told(), step.expect
        if told.evidence is not step.evidence:
            yield f"evidence: the case says {step.evidence.value}, the answer {told.evidence}"
        if expect.delivered is not None and told.delivered is not expect.delivered:
            yield f"delivered: expected {expect.delivered}, got {told.delivered}"
        if expect.notes is not None:
            text = "\n".join(told.notes)
            yield from (f"notes: {word!r} is not in {text!r}" for word in expect.notes if word not in text)
            if not expect.notes and text:
                yield f"notes: expected none, got {text!r}"
        if expect.assumed is not None:
            questions = [assumption.question for assumption in told.assumptions]
            if questions != expect.assumed:
                yield f"assumed: expected {expect.assumed}, got {questions}"

    def _state(self, expect: Expect) -> Iterator[str]:
        for name, wanted in expect.change_numbers.items():
            session, before = self.sessions[name]
            if session.change_number - before != wanted:
                yield f"change number of {name}: expected {wanted}, got {session.change_number - before}"
        for role, ids in expect.activities.items():
            user = self.users[role].xuid
            found = {
                handle.id
                for handle in self.road.directory.handles.values()
                if handle.type == "activity" and handle.owner_xuid == user
            }
            if found != set(filled(ids, self.bound)):
                yield f"activities of {role}: expected {filled(ids, self.bound)}, got {found}"


def _sentence(words: list[str], content_type: str | None, body: bytes) -> Iterator[str]:
    text = body.decode()
    if not (content_type or "").startswith("text/plain"):
        yield f"Content-Type: expected text/plain, got {content_type}"
    if not re.fullmatch(r"[^\r\n]+\.\r\n", text):
        yield f"body: expected one sentence and its line end, got {text!r}"
    yield from (f"sentence: {word!r} is not in {text!r}" for word in words if word not in text)


# ---- completeness


def test_each_operation_has_a_case() -> None:
    """Each address of a service is one that some case of it sends, and that it answers with success."""
    missing = without_a_case(operations(), CASES)

    assert not missing, "\n\n".join(missing)


def test_an_operation_without_a_case_is_told_what_to_write() -> None:
    """Refused requests alone are not a case of it; the text is a case that the loader reads."""
    listing = Operation("list_servers", "GET", "/serviceconfigs/{scid}/servers", Evidence.DOCUMENTED)
    (told,) = without_a_case([listing], CASES)
    sentence, _, shown = told.partition("\n")
    (case,) = yaml.safe_load(shown.rpartition("\n")[0])

    assert "No conformance case performs list_servers. Write one into a file of tests/contract:" == sentence
    assert {"name", "world", "steps"} == {*case}
    assert {"by", "send", "expect", "evidence", "source"} == {*case["steps"][0]}
    assert "GET /serviceconfigs/{scid}/servers" == case["steps"][0]["send"]


def test_each_choice_is_flipped_by_a_case() -> None:
    """No choice is there that no case turns away from its default; those of other operations may do so in Python."""
    default = Choices()
    flipped = {name for case in CASES for name, value in case.choices.items() if value != getattr(default, name)}
    in_python = "".join(path.read_text() for path in sorted(Path(__file__).parent.rglob("test_*.py")))
    flipped |= set(re.findall(r"\b(\w+)=", in_python))

    assert set() == {field.name for field in fields(Choices)} - flipped


def test_each_open_question_has_a_case() -> None:
    """Every open question has a case that shows its default or turns it."""
    named = {word for case in CASES for step in case.steps for word in re.findall(r"[UMS]\d+[a-c]?", step.source)}
    wanted = {*(f"U{number}" for number in range(1, 97)), "U75a", "U75b", "U75c"} - ELSEWHERE
    wanted |= {f"M{number}" for number in range(1, 10)} - {"M6"}  # what a rule's 429 says: tests/mpa
    wanted |= {f"S{number}" for number in range(1, 11)} - {"S4", "S6"}  # what a rule says: tests/sign_in

    assert set() == wanted - named


def test_nothing_claims_to_be_stronger_than_its_source() -> None:
    """What rests on an open question alone is never said to be captured or documented."""
    too_strong = [
        (case.id, step.source)
        for case in CASES
        for step in case.steps
        if re.fullmatch(r"[UMS]\d+", step.source) and step.source not in SETTLED
        if weakest(step.evidence, step.effect or step.evidence).rank < Evidence.INFERRED.rank
    ]

    assert [] == too_strong


def test_nothing_claims_to_be_stronger_than_the_sections_that_it_names() -> None:
    """The strongest row of a section is the most that an answer can rest on."""
    too_strong = [
        (case.id, number, step.source)
        for case in CASES
        for number, step in enumerate(case.steps, 1)
        if (named := sections_in(step.source))
        if step.evidence.rank < min(STRONGEST[section].rank for section in named)
    ]

    assert [] == too_strong


def test_each_section_has_a_case() -> None:
    """What the description states in a section, some case checks; and no case names a section that states nothing."""
    named = {section for case in CASES for step in case.steps for section in sections_in(step.source)}

    assert set(STRONGEST) == named


def test_levels_are_all_present() -> None:
    """Each level of evidence is stated by some case."""
    levels = Counter(step.evidence.value for case in CASES for step in case.steps)

    assert {level.value for level in Evidence} == set(levels)


# ---- the loader is strict

_HEAD = "about: a test\ncases:\n  - name: a claim\n"
_STEP = "{send: POST /handles, expect: {status: 201}, evidence: CAP, source: contract 2.2}"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"{_HEAD}    colour: red\n    steps: [{_STEP}]", "Case has no colour"),
        (f"{_HEAD}    steps: [{_STEP[:-1]}, colour: red}}]", "Step has no colour"),
        (f"{_HEAD}    steps: [{_STEP.replace('status: 201', 'stauts: 201')}]", "Expect has no stauts"),
        (f"{_HEAD}    steps: [{_STEP.replace('{status: 201}', '{empty: true}')}]", "Expect lacks status"),
        (f"{_HEAD}    steps: [{_STEP.replace(', evidence: CAP', '')}]", "a step without evidence"),
        (f"{_HEAD}    steps: []", "no steps"),
        (f"{_HEAD}    name: another\n    steps: [{_STEP}]", "name stands twice"),
        ("cases: []", "no word what it is about"),
        ("about: a\ncolour: red\ncases: []", "colour"),
    ],
)
def test_loader_refuses(text: str, complaint: str, tmp_path: Path) -> None:
    """A slip in a case file is an error that names it, never a case that passes."""
    path = tmp_path / "a.yaml"
    path.write_text(text)

    with pytest.raises(CaseError, match=re.escape(complaint)):
        read_file(path)


def test_loader_refuses_an_unknown_level(tmp_path: Path) -> None:
    """An evidence level other than the six is an error."""
    path = tmp_path / "a.yaml"
    path.write_text(f"{_HEAD}    steps: [{_STEP.replace('CAP', 'SURE')}]")

    with pytest.raises(ValueError, match="SURE"):
        read_file(path)


def test_loader_refuses_a_name_that_stands_twice(tmp_path: Path) -> None:
    """Two cases of one name would hide each other in a report."""
    (tmp_path / "a.yaml").write_text(f"{_HEAD}    steps: [{_STEP}]\n  - name: a claim\n    steps: [{_STEP}]")

    with pytest.raises(CaseError, match="'a claim' stands twice"):
        list(load_cases(tmp_path))


ELSEWHERE = {"U74", "U92"}
"""Without separate cases: other contract versions, which are U81, and a 503, which only a rule brings."""

SETTLED = {"U84", "U85", "U86", "U96"}
"""Open questions whose default is what clients are seen to get."""
