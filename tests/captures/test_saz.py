"""SAZ: raw messages in a zip."""

from __future__ import annotations

import gzip

import pytest

from handlesfake.captures.exchange import Unreadable
from handlesfake.captures.reading import read_capture
from tests.captures.building import CAME, SENT, saz, told, zipped

POST = SENT.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 2\r\n\r\n{}")
PACKED = gzip.compress(b"{}", mtime=0)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
SESSIONS = {
    "plain": (SENT, CAME, "b'' -> 200 b'{}'"),
    "with a body": (POST, CAME, "b'{}' -> 200 b'{}'"),
    "HTTP/1.0": (SENT.replace(b"1.1", b"1.0"), CAME.replace(b"1.1", b"1.0"), "b'' -> 200 b'{}'"),
    "HTTP/2": (
        b"GET https://sessiondirectory.xboxlive.com/handles HTTP/2\r\n\r\n",
        CAME.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200"),
        "b'' -> 200 b'{}'",
    ),
    "a path alone": (SENT.replace(b"https://sessiondirectory.xboxlive.com", b""), CAME, "b'' -> 200 b'{}'"),
    "chunked": (SENT, CHUNKED, "b'' -> 200 b'{}'"),
    "packed": (
        SENT,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(PACKED), PACKED),
        "b'' -> 200 b'{}'",
    ),
    "unmeasured": (
        SENT,
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        "b'' -> 200 b'{}' (nothing announces the length of the answer: it is taken to the end of its file)",
    ),
    "behind an interim answer": (SENT, b"HTTP/1.1 100 Continue\r\n\r\n" + CAME, "b'' -> 200 b'{}'"),
    "HEAD": (SENT.replace(b"GET", b"HEAD"), CAME[:-2], "b'' -> 200 b''"),
    "half": (
        SENT,
        CAME[:-1],
        "left out: the answer is not whole: 1 of 2 bytes",
    ),
    "half a request": (
        POST[:-1],
        CAME,
        "left out: the request is not whole: 1 of 2 bytes",
    ),
    "half a head": (
        SENT,
        CAME[:20],
        "left out: the answer is not whole, or no HTTP: peer unexpectedly closed connection",
    ),
    "more than announced": (SENT, CAME + b"x", "left out: the answer goes on behind its end: 1 bytes"),
    "no answer": (SENT, b"", "left out: no server answered"),
    "Fiddler's own": (
        SENT,
        CAME.replace(b"200 OK", b"502 Fiddler - Connection Failed"),
        "left out: Fiddler gave the answer, and no server",
    ),
    "a tunnel": (
        b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
        b"HTTP/1.1 200 Connection Established\r\n\r\n",
        "left out: a tunnel: what went through it has separate entries",
    ),
    "no request": (b"x", CAME, "left out: its request does not begin as one of HTTP does"),
    "no HTTP": (SENT, b"x", "left out: its answer does not begin as one of HTTP does"),
    "an upgrade": (
        SENT,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        "left out: a WebSocket: what is pushed is not replayed",
    ),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session(name: str) -> None:
    """Its bytes, or why it is left out."""
    sent, came, wanted = SESSIONS[name]

    assert [wanted] == told(saz((sent, came)))


def test_a_web_socket_is_left_out() -> None:
    """Its frames are in a separate file."""
    assert ["left out: a WebSocket: what is pushed is not replayed"] == told(
        saz((SENT, CAME), more={"raw/01_w.txt": b"Request-Length: 0\r\n"})
    )


def test_sessions_come_by_number() -> None:
    """Fiddler numbers them as they begin, and pads the numbers to the width of the largest."""
    sessions = [(SENT.replace(b"/handles", b"/%d" % number), CAME) for number in range(1, 12)]
    capture = read_capture(saz(*sessions, comment=b"Fiddler (v4.6.2.26757) Session Archive. See http://a.example"))

    assert [f"/{number}" for number in range(1, 12)] == [one.request.target for one in capture.exchanges]
    assert "Fiddler 4.6.2.26757" == capture.tool


def test_an_encrypted_archive_is_told() -> None:
    """It can be saved without a password."""
    raw = bytearray(saz((SENT, CAME)))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = raw.find(sign)
        while found >= 0:
            raw[found + at] |= 1
            found = raw.find(sign, found + 1)
    with pytest.raises(Unreadable) as caught:
        read_capture(bytes(raw))

    assert "it is encrypted with a password; save it again without one, in the tool that wrote it" == str(
        caught.value
    )


UNREADABLE = {
    "it is not a whole zip archive: File is not a zip file; it may be cut short": saz((SENT, CAME))[:-30],
    "it is a zip archive, but no SAZ (there is no raw/1_c.txt) and no HAR (there is no har.har)": zipped(a=b"x"),
    "it is empty": b"",
    "it holds packets (pcap), which are encrypted; capture with a proxy instead": b"\xd4\xc3\xb2\xa1\x02\x00",
    "it is packed by gzip; unpack it first": PACKED,
    "it looks like a session of Charles; export it there as HAR": b"\xac\xed\x00\x05",
    "it is YAML, perhaps a cassette already; HAR, SAZ and flow files of mitmproxy are read": b"version: 1\n",
    "it has none of the formats that are read: HAR, SAZ and flow files of mitmproxy are read": b"GET / HTTP/1.1\r\n",
    "it is a text in UTF-16; save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)": b"\xff\xfe{\0}\0",
}


@pytest.mark.parametrize("message", UNREADABLE)
def test_a_file_of_another_kind_is_refused(message: str) -> None:
    """For what it looks like."""
    with pytest.raises(Unreadable) as caught:
        read_capture(UNREADABLE[message])

    assert message == str(caught.value)


def test_two_files_of_one_name_are_refused() -> None:
    """Which of them is meant cannot be told; a slash may be written either way."""
    with pytest.raises(Unreadable, match=r"^it has two files called raw/01_s\.txt$"):
        read_capture(saz((SENT, CAME), more={"raw\\01_s.txt": CAME}))


def test_a_file_without_a_name_is_passed_over() -> None:
    """An archive that was damaged has some."""
    raw = saz((SENT, CAME), more={"x": b""})
    at = raw.rindex(b"xPK\x05\x06")  # its name in the directory at the end

    assert ["b'' -> 200 b'{}'"] == told(raw[:at] + b"\0" + raw[at + 1 :])


def test_damage_in_a_file_of_the_archive_is_told() -> None:
    """Its checksum shows it."""
    raw = saz((SENT, CAME))
    at = raw.index(b"raw/01_c.txt") + len("raw/01_c.txt") + 5
    with pytest.raises(Unreadable, match=r"^raw/01_c\.txt in it is damaged: "):
        read_capture(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
