"""The documentation site, as far as it can be told without building it; `tox -e site` builds it."""

from __future__ import annotations

import ast
import os.path
import re
from pathlib import PurePosixPath

import pytest

import handlesfake
from docs.site import diagrams, pages, reference, staging
from docs.site.__main__ import staged
from docs.site.llms import llms

PAGES = pages.sources()
STAGED = staged()


def test_what_hides_from_a_reader_is_left_out() -> None:
    """Comments go, with the blocks that they hide; code that looks like a comment stays."""
    page = (
        "# A\n\n<!-- file: a.py\n```python\nhidden = 1\n```\n-->\n<!-- fails -->\n```python\nshown = 2\n```\n\n"
        "```html\n<!-- of the page -->\n```\n"
    )

    assert "# A\n\n```python\nshown = 2\n```\n\n```html\n<!-- of the page -->\n```\n" == staging.without_comments(
        page
    )


@pytest.mark.parametrize("source", PAGES)
def test_a_page_of_the_site_shows_no_comment(source: str) -> None:
    """None of the words that our own tests read."""
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", STAGED[source], flags=re.M | re.S)

    assert "<!--" not in text


def test_links_lead_to_pages_of_the_site() -> None:
    """From the place of the page that has them; other addresses and code stay as they are."""
    places = {"README.md": "index.md", "docs/rules.md": "rules.md", "docs/decisions/1.md": "decisions/1.md"}
    page = "[a](../../README.md#more) [b](../rules.md) [c](https://x.test/a.md) [d](#here) `[e](../rules.md)`"

    assert "[a](../index.md#more) [b](../rules.md) [c](https://x.test/a.md) [d](#here) `[e](../rules.md)`" == (
        staging.with_links(page, "docs/decisions/1.md", places)
    )


@pytest.mark.parametrize("source", PAGES)
def test_a_link_between_files_leads_somewhere(source: str) -> None:
    """To a page, or to a file that the site has; their anchors are the matter of the build."""
    there = {f"{pages.name_of(one)}.md" for one in PAGES}
    folder = PurePosixPath(pages.name_of(source)).parent
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", STAGED[source], flags=re.M | re.S)
    links = [found.partition("#")[0] for found in re.findall(r"\]\((?!\w+:)([^()\s]+)\)", text)]
    lost = [link for link in links if link and not _is_there(os.path.normpath(folder / link), there)]

    assert [] == lost


def _is_there(place: str, there: set[str]) -> bool:
    return place in there or (place.startswith("examples/") and (pages.ROOT / "docs" / place).is_file())


def test_each_page_has_a_name_of_its_own() -> None:
    """Two files of one name would write over each other."""
    names = [pages.name_of(source) for source in PAGES]

    assert len(set(names)) == len(names)
    assert {"index", "names", "architecture", "decisions/004-two-dialects", "benchmarks/speed"} <= set(names)


def test_each_page_stands_in_the_side_bar() -> None:
    """A page that no group names is in the group of its folder, so that nothing is lost."""
    groups = pages.grouped([*PAGES, "docs/new.md", "benchmarks/new.md"])

    assert sorted([*PAGES, "docs/new.md", "benchmarks/new.md"]) == sorted(
        [pages.README, *(name for names in groups.values() for name in names)]
    )
    assert "docs/new.md" == groups["The project"][-1]
    assert "benchmarks/new.md" in groups["Measured"]


def test_each_page_says_what_it_is_for() -> None:
    """In the one line that ``llms.txt`` shows; decisions and tables of benchmarks have their titles."""
    lost = [name for name in PAGES if name not in pages.ABOUT and not name.startswith(tuple(pages.FOLDERS))]

    assert [] == lost, "give each a line in docs/site/pages.py"


def test_each_public_name_stands_in_the_reference() -> None:
    """All that ``handlesfake`` offers, and each name of the double."""
    text = "\n".join(reference.pages().values())
    directives = set(re.findall(r"^ *\.\. (?:auto|py:)\w+:: (\S+)$", text, re.M))

    assert [] == [name for name in handlesfake.__all__ if name not in directives]
    assert {"Double.refuse", "Double.assert_invited", "Clock.asleep", "mpsd_server", "Hooks.vcr_config"} <= directives


def test_a_field_of_a_docstring_goes_on_indented() -> None:
    """What follows a line of ``:param x:`` is further in, or it ends the list of fields, which fails the build."""
    files = sorted((pages.ROOT / "handlesfake").rglob("*.py"))
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    texts = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, documented)]

    assert [] == [line for text in texts for line in re.findall(r"(?m)^:\w.*\n(?: +.*\n)*(?![: \n])(.+)", text)]


def test_each_diagram_is_drawn_as_it_is_now() -> None:
    """For light and dark, and none that no page has any more."""
    names = {f"{name}-{mode}.svg" for name in diagrams.sources() for mode in ("light", "dark")}

    assert names == {path.name for path in diagrams.FOLDER.iterdir()}, "tox -e diagrams"


def test_a_diagram_becomes_images() -> None:
    """One for light, one for dark."""
    (source,) = [text for name, text in STAGED.items() if name == "ARCHITECTURE.md"]
    drawn = diagrams.drawn(source)

    assert "```mermaid" not in drawn
    assert [":class: only-light", ":class: only-dark"] == re.findall(r"^:class: .*$", drawn, re.M)


def test_a_diagram_that_has_changed_is_missing() -> None:
    """The build stops, and says how to draw it."""
    with pytest.raises(FileNotFoundError, match="Draw it:  tox -e diagrams"):
        diagrams.drawn("# A\n\n```mermaid\nflowchart TB\n    a --> b\n```\n")


def test_llms_txt() -> None:
    """Title, summary, details, and links with a line each, as llmstxt.org has it."""
    texts = {
        "README.md": "# handlesfake\n\n```\ncode\n```\n\nA working\nMPSD.\n",
        "docs/rules.md": "# Rules\n",
        "docs/decisions/004-two-dialects.md": "# Two dialects\n",
    }
    found = llms(texts, pages.grouped(texts), url="https://docs.test/")
    parts = found.split("\n\n")

    assert ["# handlesfake", "> A working MPSD."] == parts[:2]
    assert [
        "## Arrange and upset",
        "- [Rules](https://docs.test/rules.html.md): the words of rule files: which requests, and what happens to them",
        "## Optional",
        "- [Two dialects](https://docs.test/decisions/004-two-dialects.html.md)\n",
    ] == parts[-4:]


def test_links_to_anchors_within_a_page() -> None:
    """Sphinx does not know them: they get a scheme, by which it lets them pass; a dead one stays, and fails the build."""
    texts = {
        "contract": '<a id="2.3"></a>',
        "decisions/1": "[a](../contract.md#2.3) [b](../contract.md#9) `[c](../contract.md#2.3)`",
    }

    assert (
        "[a](anchor:../contract.html#2.3) [b](../contract.md#9) `[c](../contract.md#2.3)`"
        == (staging.with_anchors(texts)["decisions/1"])
    )
