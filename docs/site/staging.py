"""From a page of the repository to one of the site: no comments, and links that lead to pages of the site."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

_FENCE_OR_COMMENT = re.compile(r"(?P<fence>^```.*?^```$)|^<!--.*?-->\n?", re.M | re.S)
_CODE_OR_LINK = re.compile(r"(?P<code>^```.*?^```$|`[^`\n]+`)|\]\((?P<target>[^()\s]+)\)", re.M | re.S)


def without_comments(text: str) -> str:
    """``text`` less the comments of HTML and the blocks that these hide; code stays as it is."""
    return _FENCE_OR_COMMENT.sub(lambda found: found["fence"] or "", text)


def with_links(text: str, source: str, places: Mapping[str, str]) -> str:
    """``text`` of the file ``source``, each relative link leading where ``places`` has what it leads to.

    :param places: file of the repository to file of the site. A link to any other file stays, and the build tells it.
    """
    here = os.path.dirname(places[source])

    def moved(found: re.Match[str]) -> str:
        target = found["target"]
        if found["code"] or "://" in target or target.startswith(("#", "mailto:")):
            return found[0]
        file, mark, anchor = target.partition("#")
        there = places.get(os.path.normpath(PurePosixPath(source).parent / file))
        return found[0] if there is None else f"]({os.path.relpath(there, here or '.')}{mark}{anchor})"

    return _CODE_OR_LINK.sub(moved, text)


_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def with_anchors(texts: Mapping[str, str]) -> dict[str, str]:
    """Pages by name, in which links to ``<a id="U1"></a>`` have the scheme ``anchor:`` of ``conf.py``.

    Sphinx knows headings alone, and would call these links dead. Those that have no such anchor stay for Sphinx.
    """
    anchors = {name: set(_ANCHOR.findall(text)) for name, text in texts.items()}

    def page(name: str, text: str) -> str:
        def led(found: re.Match[str]) -> str:
            file, _, anchor = (found["target"] or "").partition("#")
            there = os.path.normpath(PurePosixPath(name).parent / file.removesuffix(".md")) if file else name
            if found["code"] or anchor not in anchors.get(there, ()):
                return found[0]
            return f"](anchor:{file.removesuffix('.md')}{'.html' if file else ''}#{anchor})"

        return _CODE_OR_LINK.sub(led, text)

    return {name: page(name, text) for name, text in texts.items()}


def toctrees(groups: Mapping[str, Iterable[str]]) -> str:
    """The side bar: each group with its pages, for the end of the first page."""
    parts = [
        "\n".join(["```{toctree}", ":hidden:", f":caption: {group}", "", *names, "```"])
        for group, names in groups.items()
    ]
    return "".join(f"\n{part}\n" for part in parts)
