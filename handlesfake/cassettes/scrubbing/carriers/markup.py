"""Markup: values in XML and HTML: the text of an element, an attribute, the text beside its name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.field import MARKUP, Field
from handlesfake.cassettes.scrubbing.carriers.pairs import is_no_value
from handlesfake.cassettes.scrubbing.field_names import Meaning, meaning

_TAG = re.compile(r"<(?P<end>/?)(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*)(?P<attributes>(?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r"(?<![\w:.-])(?:[\w.-]+:)?([A-Za-z_][\w.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_CONTENT = re.compile(r"\s*(?:<!\[CDATA\[(?P<data>.*?)\]\]>|(?P<text>[^<]+))", re.S)
_WRAPPED = re.compile(r"\s*<(?:[\w.-]+:)?(?:value|string|text|data|content|item)[\s>]", re.I)
_NAMING = frozenset({"name", "id", "key", "property", "for", "itemprop", "param"})
_HOLDING = frozenset({"value", "content", "val", "data-value"})
_LONGEST_NAME = 64
_CAPTIONS = frozenset({"button", "label", "legend", "th"})
"""Elements of HTML whose text names a field or an action, and is not a value."""

_HTML = frozenset(
    {
        "a", "article", "aside", "body", "button", "details", "dialog", "div", "embed", "fieldset", "footer", "form",
        "frame", "g", "head", "header", "html", "iframe", "img", "input", "label", "li", "link", "main", "map",
        "meta", "nav", "object", "ol", "p", "section", "select", "slot", "span", "svg", "table", "tbody", "td",
        "template", "textarea", "th", "tr", "ul",
    }
)  # fmt: skip


def values_in(text: str) -> Iterator[Field]:
    """The values in ``text`` whose element, attribute or neighbour says what they are."""
    title, above, opened = "", "", ""
    columns = _Columns()
    for tag in _TAG.finditer(text):
        if tag["end"]:
            above = "" if tag["name"] == opened else above
            continue
        named, held = _attributes(tag)
        yield from held
        kind = tag["name"].lower()
        title = "" if kind == "tr" else title
        head = columns.head(kind)
        if named and _holds_values(tag):
            above, opened = named, tag["name"]
        elif meaning(tag["name"]).is_any:
            above, opened = (tag["name"] if _WRAPPED.match(text, tag.end()) else ""), tag["name"]
        content = _CONTENT.match(text, tag.end())
        group = "data" if content is not None and content["data"] is not None else "text"
        if content is None or not content[group].strip():
            continue
        plain = content[group].strip()
        meanings = (
            (tag["name"], meaning(tag["name"])),
            (named or above, _meaning(named or above)),
            (title, _meaning(title)),
            (head, _meaning(head)),
        )
        if kind in _CAPTIONS:
            title = plain if kind != "button" and len(plain) <= _LONGEST_NAME else ""
            if kind == "th":
                columns.names(title)
            continue
        name, means = next(((called, one) for called, one in meanings if one.is_any), ("", None))
        title = plain if len(plain) <= _LONGEST_NAME else ""
        if means is not None and not is_no_value(plain):
            start = content.start(group) + content[group].index(plain)
            yield Field(name, start, start + len(plain), MARKUP, means, tag.start())


class _Columns:
    """Those of the table of HTML that is read."""

    def __init__(self) -> None:
        self._heads: dict[int, str] = {}
        self._at = 0

    def head(self, tag: str) -> str:
        """What the cell is called that ``tag`` begins; empty for anything else."""
        if tag == "table":
            self._heads.clear()
        if tag == "tr":
            self._at = 0
        if tag not in ("th", "td"):
            return ""
        self._at += 1
        return self._heads.get(self._at, "") if tag == "td" else ""

    def names(self, head: str) -> None:
        """The column that is read is called ``head``."""
        self._heads[self._at] = head


def _attributes(tag: re.Match[str]) -> tuple[str, list[Field]]:
    """What ``tag`` calls its content, and its attributes that hold something."""
    begin = tag.start("attributes")
    found = [(one[1].lower(), one, next(at for at in (2, 3, 4) if one[at] is not None)) for one in _every(tag)]
    names = [one[group] for name, one, group in found if name in _NAMING]
    # <input id="i0327" name="password">: of several the one that says something
    named = next((name for name in names if _meaning(name).is_any), names[0] if names else "")
    fields = []
    for name, one, group in found:
        called = named if name in _HOLDING else name.removeprefix("data-")
        means = _meaning(named) if name in _HOLDING else meaning(called)
        if means.is_any and not is_no_value(one[group]):
            fields.append(Field(called, begin + one.start(group), begin + one.end(group), MARKUP, means, begin))
    return named, fields


def _holds_values(tag: re.Match[str]) -> bool:
    """Whether it is as ``<Attribute Name="...">``, whose value stands one level below; no element of HTML is."""
    return tag["name"].lower() not in _HTML and not tag["attributes"].endswith("/")


def _every(tag: re.Match[str]) -> Iterator[re.Match[str]]:
    return _ATTRIBUTE.finditer(tag["attributes"]) if tag["attributes"] else iter(())


def _meaning(name: str) -> Meaning:
    return meaning(name, "", form=True)
