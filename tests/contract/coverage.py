"""Which operations of the table no case has answered, and what to write."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.mpsd.operations import Operation
from handlesfake.services.table import SERVICES
from tests.contract.cases import Case


def without_a_case(operations: Iterable[Operation], cases: Iterable[Case]) -> list[str]:
    """A sentence, and what to write, for each of ``operations`` that no case has performed with success."""
    performed = {
        SERVICES[case.service].router()(*_line(step.send)).operation
        for case in cases
        for step in case.steps
        if step.expect.status < 400
    }
    return [_demand(operation) for operation in operations if operation not in performed]


def _line(send: str) -> tuple[str, str]:
    method, _, target = send.partition(" ")
    if target.startswith("https://"):
        target = "/" + target.removeprefix("https://").partition("/")[2]
    return method, target


def _demand(operation: Operation) -> str:
    return (
        f"No conformance case performs {operation.name}. Write one into a file of tests/contract:\n"
        "  - name: what the service does\n"
        "    world: {users: {host: {}}}\n"
        "    steps:\n"
        "      - by: host\n"
        f'        send: "{operation.method} {operation.template}"    # with values in the place of {{names}}\n'
        "        expect: {status: 200}\n"
        "        evidence: DOC         # what the source allows, and not more\n"
        "        source: contract 7.1  # the section that says so\n"
        "tests/contract/README.md explains the words."
    )
