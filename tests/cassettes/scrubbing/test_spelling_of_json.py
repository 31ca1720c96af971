"""An answer that names a person comes back as it was written, except for the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.scrubbing.both_ways import MADE_UP, asked, both_ways

TAG = "Velvet Otter"
WRITTEN = {
    "numbers": '{"gamertag":"Velvet Otter","price":10.00,"e":1E5,"z":-0.0,"x":1e-7,"long":12345678901234567890123}',
    "escapes": '{"gamertag":"Velvet Otter","url":"https:\\/\\/example.invalid","t":"\\u00fc \\ud83d\\ude00 \\u007f\\b"}',
    "spaces": '{ "gamertag": "Velvet Otter",  "list": [1, 2,3], "none" : [ ] }\n',
    "lines of Windows": '{\r\n\t"gamertag": "Velvet Otter",\r\n\t"price": 1.50\r\n}\r\n',
    "a mark at its beginning": '\ufeff{"gamertag":"Velvet Otter","price":1.50}',
    "JSON in a text": '{"rules":"{\\"gamertag\\": \\"Velvet Otter\\", \\"v\\": 1.50}"}',
    "lines of JSON": '{"gamertag":"Velvet Otter"}\n{"gamertag": "Velvet Otter", "price": 1.50}\n',
    "events": 'data: {"gamertag":"Velvet Otter", "price": 1.50, "t":"\\u00fc"}\n\n',
    "a call": 'shown({"gamertag":"Velvet Otter", "price": 1.50});',
    "names of two": '{"Velvet Otter": 1.50, "gamertag": "Velvet Otter", "list": [{"a": null}, true, [0.10]]}',
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_only_the_name_changes(kind: str, tmp_path: Path) -> None:
    """Numbers keep their digits, texts their escapes, and JSON its spaces."""
    came = WRITTEN[kind]
    response = Response(200, Headers([("Content-Type", "application/json")]), came.encode())
    found = both_ways(tmp_path, asked("/handles"), response)

    assert (came.replace(TAG, MADE_UP.of("gamertag", TAG)), True) == (found.body.decode(), found.is_accepted)


def test_of_a_name_that_comes_twice_nothing_is_left(tmp_path: Path) -> None:
    """A reader sees the last; the first is there, too."""
    response = Response(200, Headers(), b'{"gamertag": "Velvet Otter", "gamertag": "Mild Heron"}')
    found = both_ways(tmp_path, asked("/handles"), response)

    assert f'{{"gamertag":"{MADE_UP.of("gamertag", "Mild Heron")}"}}' == found.body.decode()
