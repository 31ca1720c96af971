"""``handlesfake serve --report FILE.html``: a page of what each world was sent."""

from __future__ import annotations

from pathlib import Path

from tests.reporting.pages import data_of
from tests.server.command.beside import beside, python


def test_a_report_for_people(tmp_path: Path) -> None:
    """Each world with its claims, from reset to reset; a run that went well has no failed claims."""
    text = """
control = os.environ["MPSD_CONTROL"]
show()
ask(control + "/reset", {})
show()
ask(control + "/assert/invited", {"xuids": ["host"]})
sys.exit(int(os.environ["ENDS"]))
"""
    path = tmp_path / "report.html"
    runs = {}
    for status in ("0", "9"):
        beside("--report", str(path), "--", *python(text), ENDS=status)
        runs[status] = data_of(path.read_text())
    (world,) = runs["9"]["scopes"]

    assert [False, True] == [run["is_failed"] for run in runs.values()]
    assert ["seen", "failed"] == [run["scopes"][0]["outcome"] for run in runs.values()]
    assert runs["9"]["title"].endswith(" ended with status 9")
    assert ("the default world", 1) == (world["id"], len(world["failures"]))
    assert [("", 1), ("After reset 1", 1)] == [(part["title"], len(part["entries"])) for part in world["parts"]]
    assert (1, [0, 1]) == (world["failures"][0]["double"], [part["double"] for part in world["parts"]])
    assert ["report.html"] == [one.name for one in tmp_path.iterdir()]
