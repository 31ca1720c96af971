"""How JSON is spread out in a cassette: as the standard library would, byte for byte."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from handlesfake.cassettes.format.bodies import request_text, response_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(DOCUMENTS)
@example({"a": {}, "b": [], "c": [{}], "d": [[1, "é\u2028"]], "": "\x00"})
def test_json_is_spread_out_as_the_standard_library_does(document: Any) -> None:
    """Requests whatever it is, responses where it is an object or a list; so format 1 stays what it was."""
    spread = json.dumps(document, indent=2, ensure_ascii=False)
    compact = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()

    assert spread == request_text(json.dumps(document).encode())
    assert response_text(compact) == (spread if isinstance(document, (dict, list)) else compact.decode())
