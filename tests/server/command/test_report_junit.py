"""``handlesfake serve --report FILE.xml``: the command and each world as tests of JUnit."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from tests.server.command.beside import beside, python
from tests.systems.needed import system_has

TWO = """
control = os.environ["MPSD_CONTROL"]
for name in ("lobby: <joins>", None):
    made = json.loads(ask(control + "/worlds", {"name": name, "users": ["host"]})[1])
    show(made["control"])
    if name:
        ask(made["control"] + "/assert/invited", {"xuids": ["host"]})
sys.exit(int(os.environ["ENDS"]))
"""
"""A claim about the first of two worlds does not hold."""


def suite_of(path: Path, status: str) -> ET.Element:
    """What is reported of a run that ends with ``status``."""
    beside("--report", str(path), "--", *python(TWO), ENDS=status)
    (suite,) = ET.fromstring(path.read_text())
    return suite


def test_a_command_that_failed(tmp_path: Path) -> None:
    """It is a failure, and so is the world whose claim did not hold; the requests of each are beside it."""
    suite = suite_of(tmp_path / "report.xml", "9")
    cases = {case.get("name", ""): case for case in suite}
    command, named = next(iter(cases)), cases["lobby: <joins>"]
    failures = {name: case.find("failure") for name, case in cases.items()}

    assert [command, "lobby: <joins>", "w2"] == list(cases)
    assert ("3", "2", "0") == (suite.get("tests"), suite.get("failures"), suite.get("errors"))
    assert ["ended with status 9", "Host 9000000000000001 was not invited", None] == [
        failure.get("message", "")[: len("Host 9000000000000001 was not invited")] if failure is not None else None
        for failure in failures.values()
    ]
    assert "#1  create_handle activity  Host 9000000000000001  201" in (named.findtext("system-out") or "")
    assert ["handlesfake.command", "handlesfake.worlds", "handlesfake.worlds"] == [
        case.get("classname") for case in suite
    ]


def test_a_command_that_went_well(tmp_path: Path) -> None:
    """A test that made a false claim has wanted that."""
    suite = suite_of(tmp_path / "report.xml", "0")

    assert ("3", "0") == (suite.get("tests"), suite.get("failures"))


def test_two_worlds_of_one_name(tmp_path: Path) -> None:
    """One after the other: their ids tell them apart."""
    path = tmp_path / "report.xml"
    text = """
for _ in range(2):
    made = json.loads(ask(os.environ["MPSD_CONTROL"] + "/worlds", {"name": "lobby"})[1])
    show(made["control"])
    ask(made["control"] + "/expire", {})
"""
    beside("--report", str(path), "--", *python(text))
    (suite,) = ET.fromstring(path.read_text())

    assert ["world 'lobby' (w1)", "world 'lobby' (w2)"] == [case.get("name") for case in suite][1:]


@system_has("sh")
def test_what_xml_cannot_hold(tmp_path: Path) -> None:
    """A command may have any byte in its line: the document is still well-formed."""
    path = tmp_path / "report.xml"
    beside("--report", str(path), "--", "sh", "-c", "exit 3 # \x01\ufffe]]>&")
    (suite,) = ET.fromstring(path.read_text())

    assert "1" == suite.get("failures")
    assert "]]>&" in (suite[0].get("name") or "")


def test_a_name_that_says_no_form() -> None:
    """All forms are named."""
    status, _, complaint = beside("--report", "report.junit", "--", "true")

    assert 2 == status
    assert complaint.rstrip().endswith("the name says the form, and ends with .json, .html or .xml")
