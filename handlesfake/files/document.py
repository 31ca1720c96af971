"""A text that is JSON or YAML: what is JSON is read as JSON, all else as YAML, whatever the file is called.

JSON is not quite a part of YAML. Three things are valid in JSON, but an error in YAML: pairs of surrogates, keys of
more than 1,024 characters, and U+007F. ``json.dumps`` writes pairs of surrogates for characters beyond U+FFFF.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlesfake.files.placed import Misread
from handlesfake.files.strict_json import NotJson, read_json_text
from handlesfake.files.strict_yaml import NO_TAGS, ParsedText, PlainScalar, as_json_scalar, as_text, read_yaml
from handlesfake.files.yaml_builder import DocumentLimits

_FIRST = ("{", "[", '"')
"""How JSON begins that YAML could read otherwise: a number or a word alone is the same in both."""

_USUAL = DocumentLimits()


def read_document(
    text: str, tags: Mapping[str, Callable[[Any], Any]] = NO_TAGS, limits: DocumentLimits = _USUAL
) -> ParsedText:
    """The JSON or YAML document in ``text``: ``Map`` and ``Seq`` of :mod:`handlesfake.files.placed`, and scalars.

    :param tags: of YAML: full tag to what makes a value of the text, list or mapping beneath it.
    :raises Misread: it is neither, or says what is not read here.
    """
    return _read(text, lambda: read_json_text(text, limits), lambda: read_yaml(text, as_json_scalar, tags, limits))


def read_texts(
    text: str, tags: Mapping[str, Callable[[Any], Any]], limits: DocumentLimits, *, only_json: bool = False
) -> ParsedText:
    """The same with numbers as the texts that they are: for what other programs have written, cassettes.

    :param only_json: what is not JSON is an error, since the file says by its name that it is.
    :raises Misread: it is neither, or says what is not read here.
    """
    if only_json:
        return read_json_text(text, limits, PlainScalar)
    return _read(
        text, lambda: read_json_text(text, limits, PlainScalar), lambda: read_yaml(text, as_text, tags, limits)
    )


def _read(text: str, as_json: Callable[[], ParsedText], as_yaml: Callable[[], ParsedText]) -> ParsedText:
    if not text[:_HEAD].lstrip().startswith(_FIRST):
        return as_yaml()
    try:
        return as_json()
    except NotJson as error:
        no_json = error
    try:
        return as_yaml()
    except Misread as no_yaml:
        further = (no_yaml.place or (0, 0)) > (no_json.place or (0, 0))
        # the place says which of the two formats was meant; a text that is cut short has no place
        raise (no_yaml if further and not no_json.at_end else no_json) from None


_HEAD = 1000
"""Characters within which a document begins."""
