"""What stops a release, and what a citation and a package index say of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from docs.making import project as made
from docs.making.project import citation, project, released
from docs.making.release import check, main
from docs.making.release_check import NAMING, reasons

ROOT = Path(__file__).parent.parent.parent
TODAY = date(2026, 12, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that may be released."""
    write(
        tmp_path,
        "setup.cfg",
        "version = 0.1.0",
        "author = The keepers",
        "url = https://github.com/keepers/handlesfake",
    )
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 (2026-12-01)\n\n- First.\n", encoding="utf-8")
    for folder in ("changes", "docs", "tests/cassettes/format/kept/0.1.0"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "changes" / "README.md").write_text("How to write one.\n", encoding="utf-8")
    (tmp_path / "docs" / "dependency-releases.md").write_text("As of 2026-11-30.\n", encoding="utf-8")
    for name in NAMING:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("https://github.com/keepers/handlesfake/issues\n", encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(citation(tmp_path), encoding="utf-8")
    return tmp_path


def write(root: Path, name: str, *lines: str) -> None:
    """A ``setup.cfg`` that says this of the project."""
    text = "\n".join(["[metadata]", "description = A double", "keywords = fake, mock", *lines, ""])
    (root / name).write_text(text, encoding="utf-8")


def test_a_whole_project_may_be_released(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is in the way."""
    assert (0, "this may be released\n") == (check(root, TODAY, "v0.1.0"), capsys.readouterr().out)


def test_placeholders_are_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The owner has not named author and repository yet: both sentences say what to write."""
    write(root, "setup.cfg", "version = 0.1.0", "author = AUTHOR", "url = https://github.example/OWNER/handlesfake")
    status = check(root, TODAY, None)

    assert 1 == status
    assert (
        "setup.cfg, author = AUTHOR: this is a placeholder. Write who releases this\n"
        "setup.cfg, url = https://github.example/OWNER/handlesfake: this leads nowhere. "
        "Write https://github.com/NAME/handlesfake, then run python -m docs.generate\n"
        "not to be released, see above\n"
    ) == capsys.readouterr().out


@pytest.mark.parametrize("author", ["AUTHOR", "OWNER", "", "TODO: a name"])
def test_an_author_who_is_nobody(author: str, root: Path) -> None:
    """A placeholder, or nothing."""
    write(root, "setup.cfg", "version = 0.1.0", f"author = {author}", "url = https://github.com/keepers/handlesfake")

    assert [f"setup.cfg, author = {author}: this is a placeholder. Write who releases this"] == reasons(
        root, today=TODAY
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/OWNER/handlesfake",
        "https://example.org/a/b",
        "http://github.com/keepers/handlesfake",
        "https://github.com/keepers",
    ],
)
def test_a_repository_that_leads_nowhere(url: str, root: Path) -> None:
    """A placeholder, another host, plain HTTP, and no repository."""
    write(root, "setup.cfg", "version = 0.1.0", "author = The keepers", f"url = {url}")
    (reason,) = reasons(root, today=TODAY)

    assert reason.startswith(f"setup.cfg, url = {url}: this leads nowhere.")


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("v0.2.0", "the tag is v0.2.0, and setup.cfg has version 0.1.0: tag v0.1.0, or prepare 0.2.0"),
        ("0.1.0", "the tag is 0.1.0, and setup.cfg has version 0.1.0: tag v0.1.0, or prepare 0.1.0"),
    ],
)
def test_a_tag_of_another_version(tag: str, reason: str, root: Path) -> None:
    """What was tagged is what the package would say of itself."""
    assert [reason] == reasons(root, today=TODAY, tag=tag)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "# Changelog\n",
            "CHANGELOG.md has no section '## 0.1.0 (date)': run python -m docs.making.release prepare 0.1.0",
        ),
        (
            "## 0.2.0 (2026-11-01)\n\n## 0.1.0 (2026-10-01)\n",
            "CHANGELOG.md has 0.2.0 above 0.1.0: setup.cfg has a version that is out already",
        ),
        ("## 0.1.0 (2026-12-02)\n", "CHANGELOG.md, 0.1.0 (2026-12-02): this day has not come yet. Write today's"),
    ],
)
def test_a_changelog_without_this_release(text: str, reason: str, root: Path) -> None:
    """Its section is missing, is not the newest, or has a day to come."""
    (root / "CHANGELOG.md").write_text(text, encoding="utf-8")

    assert [reason] == reasons(root, today=TODAY)


def test_changes_that_no_section_has(root: Path) -> None:
    """They were written after the release was prepared."""
    for name in ("+late.fixed.md", "+later.fixed.md"):
        (root / "changes" / name).write_text("It works.\n", encoding="utf-8")

    assert [
        "changes/+late.fixed.md is in no section of CHANGELOG.md, nor are 1 more: "
        "run python -m docs.making.release prepare 0.1.0"
    ] == reasons(root, today=TODAY)


def test_cassettes_that_are_not_kept(root: Path) -> None:
    """The promise of docs/cassette-format.md begins with the files of this version."""
    (root / "tests/cassettes/format/kept/0.1.0").rmdir()
    (reason,) = reasons(root, today=TODAY)

    assert reason.startswith("tests/cassettes/format/kept/0.1.0 is missing: docs/cassette-format.md promises")


@pytest.mark.parametrize(
    ("text", "what"), [("As of 2026-10-01.\n", "is 61 days old"), ("A table without a day.\n", "has no date")]
)
def test_a_table_of_dependencies_of_another_time(text: str, what: str, root: Path) -> None:
    """It is made where there is a network, by hand."""
    (root / "docs" / "dependency-releases.md").write_text(text, encoding="utf-8")

    assert [f"docs/dependency-releases.md {what}: run python -m docs.making.dependency_releases"] == reasons(
        root, today=TODAY
    )


def test_files_that_were_made_before_the_owner_was_named(root: Path) -> None:
    """They would be published with placeholders."""
    (root / "SECURITY.md").write_text("https://github.example/OWNER/handlesfake\n", encoding="utf-8")
    (root / "CITATION.cff").write_text("authors: []\n", encoding="utf-8")

    assert [
        "SECURITY.md, CITATION.cff: made of another setup.cfg or CHANGELOG.md. Run python -m docs.generate"
    ] == reasons(root, today=TODAY)


def test_what_is_not_committed(root: Path) -> None:
    """The tag would not have it; a new file is named, and so is a changed one."""
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(
        root,
        "-c",
        "user.name=Keeper",
        "-c",
        "user.email=keeper@keepers.invalid",
        "commit",
        "--quiet",
        "--message=all",
    )
    committed = reasons(root, today=TODAY)
    (root / "SECURITY.md").write_text("https://github.com/keepers/handlesfake\n", encoding="utf-8")
    (root / "tests/cassettes/format/kept/0.1.0/all.yaml").write_text("a\n", encoding="utf-8")

    assert [] == committed
    assert ["SECURITY.md is not committed, nor are 1 more: run git add --all and git commit"] == reasons(
        root, today=TODAY
    )


def git(root: Path, *arguments: str) -> None:
    """Run git in the project, with nothing of the developer's own settings that could stop it."""
    subprocess.run(
        ["git", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false", *arguments], cwd=root, check=True
    )


def test_a_version_of_another_form_is_not_prepared(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is written."""
    with pytest.raises(SystemExit):
        main(["prepare", "v0.1"])

    assert capsys.readouterr().err.endswith("error: argument VERSION: 'v0.1' is not MAJOR.MINOR.PATCH\n")


def test_a_release_is_prepared_by_one_command(tmp_path: Path) -> None:
    """Version, one dated section, kept cassettes, and all that is made of them."""
    pytest.importorskip("towncrier", reason="towncrier is in .ci/release.txt")
    from docs.making.release import prepare

    root = tmp_path / "project"
    ignored = shutil.ignore_patterns(".*", "*.pyc", "build", "benchmarks", "findings")
    shutil.copytree(ROOT, root, ignore=ignored)
    for name in (".ci", ".github"):
        shutil.copytree(ROOT / name, root / name)
    setup = (root / "setup.cfg").read_text(encoding="utf-8")
    named = setup.replace("author = AUTHOR", "author = The keepers").replace(
        "github.example/OWNER", "github.com/keepers"
    )
    (root / "setup.cfg").write_text(named, encoding="utf-8")
    prepare(root, "900.0.0", TODAY)
    prepare(root, "900.0.0", TODAY)  # again, as after one that was cut short

    left = reasons(root, today=TODAY, tag="v900.0.0")
    assert ([], {"900.0.0": "2026-12-01", **released(ROOT)}, "900.0.0") == (
        left,
        released(root),
        project(root).version,
    )
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert ("900.0.0", "2026-12-01") == (citation["version"], citation["date-released"])
    assert ["README.md"] == [path.name for path in (root / "changes").iterdir()]


def test_author_and_repository_stand_in_one_place() -> None:
    """What else names them is made of ``setup.cfg``."""
    now = project()
    texts = {
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "*.cff", "*.toml", "docs/**/*.md", "docs/**/*.py", ".github/**/*.yml", ".ci/*")
        for path in ROOT.glob(pattern)
        if path.is_file() and now.repository in path.read_text(encoding="utf-8")
    }

    generated = {".ci/long_description.md", ".github/ISSUE_TEMPLATE/config.yml", "CITATION.cff"}
    assert {*generated, "SECURITY.md", "docs/recording.md"} == texts


def test_the_links_of_an_index(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """They are made of the repository's address; the site is GitHub's."""
    monkeypatch.setattr(made, "ROOT", root)
    now = project(root)

    assert "https://keepers.github.io/handlesfake/" == now.documentation
    assert "https://github.com/keepers/handlesfake/blob/v0.1.0/docs/rules.md" == now.page("docs/rules.md")


def test_each_link_of_the_index_page_is_a_page_of_the_repository() -> None:
    """A package index has the README with absolute links, and each leads to a file that exists."""
    now = project()
    text = (ROOT / ".ci" / "long_description.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^()]+)\)", text)
    paths = [link.removeprefix(now.page("")).partition("#")[0] for link in links if link.startswith(now.repository)]

    assert (len(links) > 20, []) == (len(paths) > 20, [path for path in paths if not (ROOT / path).is_file()])
