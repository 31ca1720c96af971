"""pytest-html shows what a test sent, beside the failure that it shows itself."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from tests.plugin.sessions import Suite
from tests.reporting.pages import data_of

pytest.importorskip("pytest_html")
PLUGINS = ("pytest_html.plugin", "pytest_metadata.plugin")


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite with two tests that send something, and one that does not."""
    made = Suite(pytester, monkeypatch)
    made.write("""
        def test_red(mpsd):
            send(authorization="XBL3.0 x=9000000000000001;made-up-" + "token")
            assert False

        def test_green(mpsd):
            send()

        def test_other():
            pass
    """)
    return made


def extras(suite: Suite, *arguments: str, workers: bool = False) -> dict[str, list[dict[str, Any]]]:
    """What pytest-html was given, by the names of the tests."""
    plugins = (*PLUGINS, "xdist.plugin") if workers else PLUGINS
    suite.run("--html=tests/html.html", "--self-contained-html", *arguments, plugins=plugins)
    page = (suite.pytester.path / "tests" / "html.html").read_text(encoding="utf-8")
    blob = re.search(r'data-jsonblob="([^"]*)"', page)
    assert blob is not None
    assert "made-up-token" not in page
    found: dict[str, list[dict[str, Any]]] = {}
    for name, runs in json.loads(html.unescape(blob[1]))["tests"].items():
        found[name.rpartition("::")[2]] = [one for run in runs for one in run["extras"]]
    return found


def test_a_failed_test_has_its_page_and_each_has_its_link(suite: Suite) -> None:
    """The page is that of the one test, whole in itself; the link leads from one file to the other."""
    found = extras(suite, "--mpsd-report=mpsd.html")
    (link, frame) = found["test_red"]
    document = re.search(r'srcdoc="([^"]*)"', frame["content"])
    assert document is not None
    (scope,) = data_of(html.unescape(document[1]))["scopes"]

    assert ("url", "../mpsd.html#test=test_party.py%3A%3Atest_red") == (link["format_type"], link["content"])
    assert ("test_party.py::test_red", 1) == (scope["id"], len(scope["parts"][0]["entries"]))
    assert ["url"] == [one["format_type"] for one in found["test_green"]]
    assert [] == found["test_other"]


@pytest.mark.parametrize("workers", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_without_a_page_of_the_run_there_is_no_link(suite: Suite, *, workers: bool) -> None:
    """The failed test alone has something to show, also from a worker."""
    found = extras(suite, *(["-n1"] if workers else []), workers=workers)

    assert {"test_red": ["html"], "test_green": [], "test_other": []} == {
        name: [one["format_type"] for one in given] for name, given in found.items()
    }


def test_a_test_that_fails_as_it_is_taken_down_has_one_link(suite: Suite) -> None:
    """In pytest-html each of its two rows has the extras of all phases: its page, and that of the run."""
    suite.write("""
        @pytest.fixture
        def broken(mpsd):
            send()
            yield
            assert 0

        def test_it(broken):
            pass
    """)
    found = extras(suite, "--mpsd-report=mpsd.html")

    assert ["url", "html"] * 2 == [one["format_type"] for one in found["test_it"]]
