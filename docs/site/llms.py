"""``llms.txt``, as llmstxt.org has it: what the project is, and each page with a line that says what it is for."""

from __future__ import annotations

from collections.abc import Mapping

from docs.site import pages, reference


def llms(texts: Mapping[str, str], groups: Mapping[str, list[str]], *, url: str = "") -> str:
    """The whole file.

    :param texts: each page as the site has it, by its file in the repository.
    :param groups: the pages of each group of the side bar.
    :param url: where the site will be, with a slash at the end; without it the links are relative.
    """
    readme = texts[pages.README]
    parts = [f"# {pages.title(readme)}", f"> {_about(readme)}", _DETAILS]
    for group, sources in {"Begin": [pages.README], **groups}.items():
        links = [
            _link(pages.title(texts[one]), f"{url}{pages.name_of(one)}.html.md", pages.ABOUT.get(one))
            for one in sources
        ]
        if group == pages.BEFORE_REFERENCE:
            links += [_link(title, f"{url}{name}.html", about) for name, (title, about) in reference.TITLES.items()]
        heading = f"## {'Optional' if group in pages.FOLDERS.values() else group}\n\n"
        parts.append(("" if heading in "\n\n".join(parts) else heading) + "\n".join(links))
    return "\n\n".join(parts) + "\n"


def _link(title: str, address: str, about: str | None) -> str:
    return f"- [{title}]({address}){f': {about}' if about else ''}"


_DETAILS = """\
handlesfake is a Python package for Python 3.11 or newer. With pytest, a test takes the fixture `mpsd`.
Without pytest, write `with handlesfake.fake() as mpsd:`. Other languages have `handlesfake serve`, a real port.
Each page is also Markdown, under its address with `.md` at the end; the links below lead there."""


def _about(readme: str) -> str:
    """The paragraph of the README that says what this is."""
    return " ".join(next(part for part in readme.split("\n\n")[1:] if part[0].isalpha()).split())
