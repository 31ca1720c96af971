"""Files that are made to exhaust their reader are refused: our own error, and nothing else happens.

The limits are set by the tests, so that harmless files pass them.
"""

from __future__ import annotations

import gzip

import pytest

from handlesfake.captures.exchange import Unreadable
from handlesfake.captures.limits import Limits
from handlesfake.captures.reading import read_capture
from tests.captures.building import CAME, SENT, entry, flow, flows, har, saz, zipped

PACKED = gzip.compress(bytes(5000), mtime=0)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(PACKED), PACKED)
REFUSED = {
    "it has more than 100 bytes, which are the most that are read": (har(entry()), Limits(file=100)),
    "it has 3 entries, and 2 are the most that are read": (har(*[entry()] * 3), Limits(entries=2)),
    "it holds more values than are read: some 23, and 10 are the most": (har(entry()), Limits(values=10)),
    "it holds more than 10 values": (flows(flow()), Limits(values=10)),
    "it is nested deeper than 2 levels": (flows(flow()), Limits(depth=2)),
    "its bodies unpack to more than 4000 bytes": (saz((SENT, ANSWER)), Limits(file=4000)),
    "raw/01_c.txt in it unpacks to more than 50 bytes": (saz((SENT, CAME)), Limits(body=50)),
    # what is left of the limit for the whole archive
    f"raw/02_s.txt in it unpacks to more than {2000 - 2 * len(SENT) - len(CAME)} bytes": (
        saz((SENT, CAME), (SENT, CAME + bytes(5000))),
        Limits(file=2000),
    ),
    "it has 6 files, more than are read": (saz((SENT, CAME), (SENT, CAME)), Limits(entries=1)),
    "har.har in it unpacks to more than 100 bytes": (zipped(har__har=har(entry())), Limits(body=100)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_a_file_beyond_a_limit_is_refused(message: str) -> None:
    """Whichever it passes."""
    raw, limits = REFUSED[message]
    with pytest.raises(Unreadable) as caught:
        read_capture(raw, limits=limits)

    assert message == str(caught.value)


@pytest.mark.parametrize("raw", [har(entry()), flows(flow()), saz((SENT, CAME)), zipped(har__har=har(entry()))])
def test_the_usual_limits_let_files_pass(raw: bytes) -> None:
    """Of every format."""
    assert 1 == len(read_capture(raw).exchanges)
