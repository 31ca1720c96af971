"""Builds the documentation site: ``build/site/html``.

::

    tox -e site                                                # strictly: a link that leads nowhere fails
    python -m docs.site --url https://example.org/docs/        # with the packages of docs/site-requirements.txt
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.site import diagrams, pages, reference, staging
from docs.site.llms import llms

HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Build it, and say where it is; 1 where something leads nowhere."""
    parser = argparse.ArgumentParser(prog="python -m docs.site", description="Build the documentation site.")
    parser.add_argument("--into", type=Path, default=pages.ROOT / "build" / "site", metavar="DIR")
    parser.add_argument("--url", default="", help="where the site will be, for llms.txt and canonical addresses")
    chosen = parser.parse_args(arguments)
    url = chosen.url and chosen.url.rstrip("/") + "/"
    source, html = chosen.into / "source", chosen.into / "html"
    texts, groups = staged(), pages.grouped(pages.sources())
    shutil.rmtree(chosen.into, ignore_errors=True)
    write(source, texts, groups)
    from sphinx.cmd.build import main as sphinx  # lazily: the rest is tested without Sphinx

    options = [f"--define=html_baseurl={url}", "--quiet", "--fail-on-warning", "--jobs=auto"]
    failed = sphinx(
        [
            *options,
            "--builder=html",
            f"--conf-dir={HERE}",
            f"--doctree-dir={chosen.into / 'doctrees'}",
            str(source),
            str(html),
        ]
    )
    if failed:
        return 1
    (html / "llms.txt").write_text(llms(texts, groups, url=url), encoding="utf-8")
    for name, text in staged(".html.md").items():
        (html / f"{pages.name_of(name)}.html.md").write_text(text, encoding="utf-8")
    shutil.copytree(source / "examples", html / "examples")
    sys.stdout.write(f"{len(list(html.rglob('*.html')))} pages in {html}\n")
    return 0


def staged(suffix: str = ".md") -> dict[str, str]:
    """Each page of the repository as the site has it: without comments, and with links between pages of the site.

    :param suffix: what the links to pages end with.
    """
    sources = pages.sources()
    places = {source: f"{pages.name_of(source)}{suffix}" for source in sources} | _examples()
    texts = {source: (pages.ROOT / source).read_text(encoding="utf-8") for source in sources}
    return {
        source: staging.with_links(staging.without_comments(text), source, places) for source, text in texts.items()
    }


def _examples() -> dict[str, str]:
    found = (path.relative_to(pages.ROOT) for path in (pages.ROOT / "docs" / "examples").rglob("*") if path.is_file())
    return {path.as_posix(): path.relative_to("docs").as_posix() for path in found}


def write(folder: Path, texts: Mapping[str, str], groups: Mapping[str, list[str]]) -> None:
    """What Sphinx reads: the pages, the reference, examples and diagrams, and the side bar in the first page."""
    named = {pages.name_of(source): diagrams.drawn(text) for source, text in texts.items()}
    written = staging.with_anchors(named) | reference.pages()
    sidebar: dict[str, list[str]] = {}
    for group, sources in groups.items():
        sidebar[group] = [pages.name_of(source) for source in sources]
        if group == pages.BEFORE_REFERENCE:
            sidebar["API reference"] = list(reference.TITLES)
    written["index"] += staging.toctrees(sidebar)
    for name, text in written.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(pages.ROOT / "docs" / "examples", folder / "examples")
    shutil.copytree(diagrams.FOLDER, folder / "diagrams")


if __name__ == "__main__":
    sys.exit(main())
