"""The tables of ``evidence.md``: what the conformance cases and the refusals say that they rest on."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import yaml

from docs.making.markdown import code, table
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.services import table as table_of_services
from handlesfake.services.table import SERVICES
from tests.contract.cases import load_cases

_PUSH = Path(__file__).parents[2] / "tests" / "push" / "cases.yaml"


@cache
def _counts() -> Counter[tuple[str, str, Evidence]]:
    """How many answers there are of an operation at a level; a step that stands twice is one answer."""
    steps = {}
    for case in load_cases():
        for step in case.steps:
            steps[case.file, case.dialect, repr(step)] = case.service, step
    return Counter((service, _operation(service, step.send), step.evidence) for service, step in steps.values())


def _operation(service: str, send: str) -> str:
    method, _, target = send.partition(" ")
    if target.startswith("https://"):
        target = "/" + target.removeprefix("https://").partition("/")[2]
    return SERVICES[service].router()(method, target).name


def operations() -> str:
    """Operation by operation, how many answers rest on what."""
    counts = _counts()
    rows = [
        (
            service.label,
            code(name),
            *(counts[service.name, name, level] or "" for level in Evidence),
            sum(counts[service.name, name, level] for level in Evidence),
        )
        for service in SERVICES.values()
        for name in (*dict.fromkeys(operation.name for operation in service.operations()), UNROUTED)
    ]
    return table(["service", "operation", *(level.words for level in Evidence), "all"], rows)


def total() -> str:
    """All of it in one sentence."""
    levels = Counter[Evidence]()
    for (_, _, level), count in _counts().items():
        levels[level] += count
    parts = ", ".join(f"{levels[level]} {level.words}" for level in Evidence)
    return f"Of {levels.total()} answers that the cases check, these rest on: {parts}."


def push() -> str:
    """The cases of the push channel in one sentence."""
    cases = yaml.safe_load(_PUSH.read_text(encoding="utf-8"))["cases"]
    levels = Counter(Evidence(case["evidence"]) for case in cases)
    parts = ", ".join(f"{levels[level]} {level.words}" for level in Evidence if levels[level])
    return f"Of {len(cases)} cases of the [push channel](server.md#the-push-channel), these rest on: {parts}."


def refusals() -> str:
    """Every refusal with what it rests on."""
    rows = [
        (code(kind.name), kind.status, kind.evidence.words, kind.source, kind.sentence or "(no body)")
        for kind in table_of_services.refusals().values()
    ]
    return table(["refusal", "status", "evidence", "source", "what the fake says"], rows)
