"""Parts: the parts of multipart bodies, each with the name of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.field import PLAIN, Field
from handlesfake.cassettes.scrubbing.field_names import meaning

_PART = re.compile(
    r"Content-Disposition:[^\r\n]*?\bname=\"?([^\"\r\n;]*)\"?[^\r\n]*\r?\n(?:[\w-]+:[^\r\n]*\r?\n)*\r?\n"
    r"(.*?)(?=\r?\n--|\Z)",
    re.I | re.S,
)


def parts_in(text: str) -> Iterator[Field]:
    """The parts in ``text``, whatever they are called."""
    for part in _PART.finditer(text):
        if part[2]:
            yield Field(part[1], part.start(2), part.end(2), PLAIN, meaning(part[1], "", form=True), part.start())
