"""HAR: the true bytes, or a refusal, or a sentence; never other bytes in silence."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from handlesfake.captures.exchange import NO_HOST, Unreadable
from handlesfake.captures.reading import read_capture
from tests.captures.building import FILES, URL, entry, har, headers, told, zipped

JSON = "application/json; charset=utf-8"


def answered(text: str | None, length: int | None = None, tool: str = "Made Up", **more: Any) -> str:
    """What an answer with this text, of this Content-Length, is read as."""
    content = {key: value for key, value in more.items() if key in ("size", "compression", "encoding")}
    lines = headers(Content_Type=more.get("type", JSON)) if more.get("type", JSON) else []
    lines += headers(Content_Length=str(length)) if length is not None else []
    lines += headers(Content_Encoding=more["coding"]) if "coding" in more else []
    if text is not None:
        content["text"] = text
    (found,) = told(har(entry(came=lines, content=content, status=more.get("status", 200)), tool=tool))
    return found.removeprefix("b'' -> ")


def base(raw: bytes) -> str:
    """``raw`` in base64."""
    return base64.b64encode(raw).decode()


MITM = "mitmproxy 12.3.1"
BROWSER = "Playwright 1.65.1"
UNMEASURED = " (nothing in the file shows how many bytes the answer had)"
PACKED = gzip.compress(b'{"a":1}', mtime=0)
ANSWERS = {
    # a text that is as long as was announced
    "plain": (answered("{}", 2), "200 b'{}'"),
    "beyond ASCII": (answered("é", 2), "200 b'\\xc3\\xa9'"),
    "Latin-1 that was re-encoded": (answered("é", 1, BROWSER, type="text/plain; charset=iso-8859-1"), "200 b'\\xe9'"),
    "Latin-1 of a form": (answered("ë", 1, MITM, size=1, type="application/octet-stream"), "200 b'\\xeb'"),
    "a lone surrogate": (answered("Zo\udceb", 3, MITM, size=3), "200 b'Zo\\xeb'"),
    "a lone surrogate of another writer": (answered("Zo\udceb", 3), "200 b'Zo\\xeb'"),
    "base64": (answered(base(b"\xff\x00"), 2, encoding="base64"), "200 b'\\xff\\x00'"),
    "empty": (answered("", 0), "200 b''"),
    "no text, length 0": (answered(None, 0, size=-1), "200 b''"),
    "U+FFFD that was sent": (answered("\ufffd", 3, MITM, size=3), "200 b'\\xef\\xbf\\xbd'"),
    # a byte order mark that the writer took off
    "mark, by mitmproxy": (
        answered("{}", 5, MITM, size=5),
        "200 b'\\xef\\xbb\\xbf{}' (the answer has the byte order mark again that the writer took off)",
    ),
    "mark, by a browser": (
        answered("{}", 5, BROWSER, size=2),
        "200 b'\\xef\\xbb\\xbf{}' (the answer has the byte order mark again that the writer took off)",
    ),
    "three bytes less, and no JSON": (
        answered('{"a', 6, BROWSER, size=3),
        "left out: the answer is not whole: 3 of 6 bytes",
    ),
    # half answers
    "half, that looks whole": (
        answered("", 100, MITM, size=0, compression=0),
        "left out: the answer is not whole: 0 of 100 bytes",
    ),
    "half, with bytes": (answered("{}", 100), "left out: the answer is not whole: 2 of 100 bytes"),
    "half, counted": (answered("{}", 100, MITM, size=2), "left out: the answer is not whole: 2 of 100 bytes"),
    "more than announced": (answered("{}", 1), "left out: the answer has 2 bytes, and its Content-Length says 1"),
    "half, in base64": (
        answered(base(b"\xff"), 2, encoding="base64"),
        "left out: the answer is not whole: 1 of 2 bytes",
    ),
    "packed, and not there": (
        answered("", 30, coding="zstd"),
        "left out: the answer is not whole: 0 of 30 bytes",
    ),
    # bytes that were lost
    "U+FFFD": (
        answered("\ufffd", 3, BROWSER),
        "left out: the answer holds U+FFFD, which replaces bytes that a writer lost",
    ),
    "a surrogate that no byte gives": (
        answered("\ud800", 3),
        "left out: the answer has lone surrogates, which no bytes give",
    ),
    "not written": (
        answered(None, size=50),
        "left out: the answer's body was not written into the file: 50 bytes",
    ),
    "streamed": (
        answered("", size=0, tool=MITM),
        "left out: the answer's body is not in the file, and nothing announces that it is empty",
    ),
    "empty, in a browser": (answered("", size=0, tool=BROWSER, encoding="base64"), "200 b''"),
    "empty, without a type": (
        answered("", size=0, tool=MITM, type=""),
        "left out: the answer's body is not in the file, and nothing announces that it is empty",
    ),
    # a length that is not announced
    "unmeasured": (answered("{}"), f"200 b'{{}}'{UNMEASURED}"),
    "unmeasured, half a JSON text": (
        answered('{"a', coding="br"),
        "left out: the answer is named JSON but is not JSON, and nothing in the file shows that it is whole",
    ),
    "unmeasured, beyond ASCII": (answered('"é"'), f"200 b'\"\\xc3\\xa9\"'{UNMEASURED}"),
    "unmeasured, of some type": (
        answered("é", type="text/html"),
        "left out: the answer has letters beyond ASCII, and nothing in the file shows which bytes they were",
    ),
    "unmeasured, of another charset": (
        answered("é", type="text/html; charset=windows-1252"),
        "left out: the answer has letters beyond ASCII, and nothing in the file shows which bytes they were",
    ),
    "unmeasured, ASCII of another charset": (
        answered("e", type="text/html; charset=windows-1252"),
        f"200 b'e'{UNMEASURED}",
    ),
    "unmeasured, UTF-16": (
        answered("e", type="text/html; charset=utf-16le"),
        "left out: the answer was 'utf-16le', and nothing in the file shows which bytes it had",
    ),
    "unmeasured surrogates": (
        answered('"Zo\udceb"'),
        "left out: the answer has lone surrogates, and nothing in the file shows which bytes they were",
    ),
    # content codings
    "unpacked already": (
        answered('{"a":1}', len(PACKED), BROWSER, coding="gzip", size=7),
        f"200 b'{{\"a\":1}}'{UNMEASURED}",
    ),
    "unpacked already, and counted": (
        answered('{"a":1}', len(PACKED), MITM, coding="gzip", size=len(PACKED), compression=7 - len(PACKED)),
        "200 b'{\"a\":1}'",
    ),
    "unpacked already, Latin-1, counted": (
        answered("ë", 21, MITM, coding="gzip", size=21, compression=-20, type="application/octet-stream"),
        "200 b'\\xeb'",
    ),
    "unpacked already, in base64": (
        answered(base(b"\xff\xfe"), 22, MITM, coding="br", encoding="base64", size=22, compression=-20),
        "200 b'\\xff\\xfe'",
    ),
    "packed, in pieces of base64": (
        answered(json.dumps([base(PACKED[:10]), base(PACKED[10:])]), len(PACKED), coding="gzip", encoding="base64"),
        "200 b'{\"a\":1}'",
    ),
    "packed, in base64": (answered(base(PACKED), coding="gzip", encoding="base64"), "200 b'{\"a\":1}'"),
    "packed in a way that is not read": (
        answered(base(b"\xff"), 1, coding="made-up", encoding="base64"),
        "left out: the answer cannot be read: the content coding made-up is not read here",
    ),
    "named gzip, and is not": (
        answered(base(b"{}"), 2, coding="gzip", encoding="base64"),
        "200 b'{}' (the answer was named gzip and is not: taken as it is)",
    ),
    # what is neither text nor an encoding
    "no base64": (answered("%%", 2, encoding="base64"), "left out: a body is named base64 and is not"),
    "no list of base64": (answered("[1]", 2, encoding="base64"), "left out: a body is named base64 and is not"),
    "no known encoding": (
        answered("x", 1, encoding="rot13"),
        "left out: the answer is written in the encoding 'rot13', which is not known",
    ),
    "204": (answered("", status=204, type=""), "204 b''"),
    "304 with a body": (
        answered("{}", 2, status=304),
        "304 b'' (the answer 304 has no body: what the file shows is the browser's)",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_bytes_of_an_answer(name: str) -> None:
    """As the server sent them, or the reason why not."""
    found, wanted = ANSWERS[name]

    assert wanted == found


def asked(post: Any, length: int | None = None, tool: str = "Made Up", **more: Any) -> str:
    """What a request with this ``postData`` is read as."""
    lines = headers(Content_Type=more.get("type", "application/json")) if more.get("type", "json") else []
    lines += headers(Content_Length=str(length)) if length is not None else []
    lines += headers(Content_Encoding=more["coding"]) if "coding" in more else []
    size = {"bodySize": more["size"]} if "size" in more else {}
    (found,) = told(har(entry(method="POST", sent=lines, post=post, request=size), tool=tool))
    return found.removesuffix(" -> 200 b'{}'")


REQUESTS = {
    "plain": (asked({"text": "{}"}, 2), "b'{}'"),
    "none": (asked(None, type=""), "b''"),
    "a Content-Type alone": (
        asked(None),
        "left out: the request names a Content-Type, and its body is not in the file",
    ),
    "empty": (asked({"text": ""}, 0), "b''"),
    "null": (asked(None, 0), "b''"),
    "packed by the client": (
        asked({"text": '{"a":1}'}, 27, MITM, coding="gzip", size=27),
        "b'{\"a\":1}' -> 200 b'{}' (nothing in the file shows how many bytes the request had)",
    ),
    "packed by the client, and counted": (
        asked({"text": '{"a":1}'}, 27, MITM, coding="gzip", size=7),
        "b'{\"a\":1}'",
    ),
    "a Blob": (asked(None, 17, BROWSER, size=0), "left out: the request's body is not in the file: 0 of 17 bytes"),
    "binary": (
        asked({"text": "", "mimeType": "application/octet-stream"}, 3, BROWSER),
        "left out: the request's body is not in the file: 0 of 3 bytes",
    ),
    "replaced letters": (
        asked({"text": "\ufffd"}, 1, BROWSER),
        "left out: the request holds U+FFFD, which replaces bytes that a writer lost",
    ),
    "a form": (asked({"text": "ë"}, 1, MITM, type="application/x-www-form-urlencoded"), "b'\\xeb'"),
    "streamed": (asked({"text": None}), "left out: the request's body was streamed, and is not in the file"),
    "parameters alone": (
        asked({"params": [{"name": "a", "value": "1"}]}),
        "left out: the request's body is in the file as its parameters alone",
    ),
    "counted alone": (asked(None, size=9), "left out: the request's body is not in the file: 9 bytes"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_bytes_of_a_request(name: str) -> None:
    """As the client sent them, or the reason why not."""
    found, wanted = REQUESTS[name]

    assert wanted == found


def test_a_body_that_was_redirected_is_sent_again() -> None:
    """A browser's file loses it; after a 307 it is the same (RFC 9110, 15.4.8), and its length shows that."""
    lines = headers(Content_Length="2", Content_Type="application/json")
    moved = headers(Content_Length="0", Location="/handles?again=1")
    first = entry(method="POST", url=URL, sent=lines, post={"text": "{}"}, status=307, came=moved, content={})
    again = entry(method="POST", url=f"{URL}?again=1", sent=lines, post={"text": ""})
    longer = entry(method="POST", url=f"{URL}?again=1", sent=headers(Content_Length="3"), post={"text": ""})

    assert [
        "b'{}' -> 307 b''",
        "b'{}' -> 200 b'{}' (the request's body is that of #1, which was redirected here)",
        "left out: the request's body is not in the file: 0 of 3 bytes",
    ] == told(har(first, again, longer, tool=BROWSER))


NOBODY = {
    "no server answered": (entry(status=0, response={"_error": None}), ""),
    "it broke off: net::ERR_FAILED": (entry(status=-1, response={"_failureText": "net::ERR_FAILED"}), BROWSER),
    "it broke off: net::ERR_ABORTED": (entry(response={"_failureText": "net::ERR_ABORTED"}), BROWSER),
    "it broke off: gone": (entry(status=0, response={"_error": "gone", "content": {}}), MITM),
    "it broke off: Charles says EXCEPTION": (entry(response={"_charlesStatus": "EXCEPTION"}), "Charles Proxy 4.6"),
    "Fiddler gave the answer, and no server": (
        entry(status=502, response={"statusText": "Fiddler - Connection Failed"}),
        "Fiddler 5.0",
    ),
    "a WebSocket: what is pushed is not replayed": (entry(status=101), MITM),
    "the browser gave the answer, and no server": (entry(_fromCache="memory"), "WebInspector 537.36"),
    "the browser's cache gave the answer, and no server": (
        entry(content={"text": "{}", "size": 2}, response={"_transferSize": 0, "bodySize": -1}),
        BROWSER,
    ),
    "the browser's cache gave the answer: the server said 304, and the file says 200": (
        entry(sent=headers(If_None_Match='"7"'), came=headers(ETag='"7"', Content_Length="2")),
        BROWSER,
    ),
    "the status 999 is not a status that ends an exchange": (entry(status=999), ""),
    "response has no number status": (entry(response={"status": "200"}), ""),
    "a tunnel: what went through it has separate entries": (entry(method="CONNECT"), ""),
    "'' is not a method": (entry(method=""), ""),
    "request has no list headers": (entry(request={"headers": None}), ""),
    "a header is not an object": (entry(request={"headers": [1]}), ""),
    "'a b' is not the name of a header": (entry(sent=[{"name": "a b", "value": ""}]), ""),
    "the header a holds what does not fit in one line": (entry(sent=[{"name": "a", "value": "b\nc"}]), ""),
    "its Content-Length is not one number": (entry(came=headers(Content_Length="2, 3")), ""),
    "'data:,x' is not an address of HTTP": (entry(url="data:,x"), ""),
    "'/\\xe9' cannot be the target of a request: it is not ASCII": (entry(url="https://a.example/é"), ""),
    "'a b' is not a host": (entry(url="https://a b/"), ""),
    "an entry is not an object": (7, ""),
    "content is not an object": (entry(response={"content": None}), ""),
}


@pytest.mark.parametrize("reason", NOBODY)
def test_an_entry_that_nobody_answered_is_left_out(reason: str) -> None:
    """Nor one that no cassette can hold; the others are taken."""
    odd, tool = NOBODY[reason]

    assert [f"left out: {reason}", "b'' -> 200 b'{}'"] == told(har(odd, entry(), tool=tool))


def test_a_proxy_sees_what_a_server_says() -> None:
    """That a browser's cache had the same ETag says nothing there."""
    found = entry(sent=headers(If_None_Match='"7"'), came=headers(ETag='"7"', Content_Length="2"))

    assert ["b'' -> 200 b'{}'"] == told(har(found, tool=MITM))


def test_polly_spells_addresses_anew() -> None:
    """Which the screen says where it may have."""
    raw = har(entry(url=f"{URL}?a=1%2C2"), entry(), tool="Polly.JS 6.0.6")

    assert [
        "b'' -> 200 b'{}' (Polly rewrites addresses: the client may have sent the target in another spelling)",
        "b'' -> 200 b'{}'",
    ] == told(raw)


def test_entries_come_as_they_were_sent() -> None:
    """Whatever their order in the file is, and however long the fraction of a second; Fiddler has seven digits."""
    times = ["2026-11-28T16:00:01.5+01:00", "2026-11-28T08:00:01.1234567-07:00", "2026-11-28T15:00:01Z"]
    raw = har(*(entry(url=f"{URL}/{time[-6:]}", startedDateTime=time) for time in times))

    assert [3, 2, 1] == [one.number for one in read_capture(raw).exchanges]


def test_entries_without_a_time_come_as_in_the_file() -> None:
    """Fiddler writes the year 1 for never."""
    times = ["2026-11-28T16:00:01Z", "0001-01-01T00:00:00", "2026-11-28T15:00:01Z"]

    assert [1, 2, 3] == [
        one.number for one in read_capture(har(*(entry(startedDateTime=time) for time in times))).exchanges
    ]


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://SessionDirectory.xboxlive.com:443", "sessiondirectory.xboxlive.com", "/"),
        ("https://a.example:8443/x%2fy%7e?q=1,2&r=[1]#part", "a.example:8443", "/x%2fy%7e?q=1,2&r=[1]"),
        ("http://user:word@a.example:80/?", "a.example", "/?"),
        ("https://[::1]:8443//x", "[::1]:8443", "//x"),
    ],
)
def test_an_address_is_kept_as_it_is_spelled(url: str, host: str, target: str) -> None:
    """Except what was never sent."""
    (one,) = read_capture(har(entry(url=url))).exchanges

    assert (host, target) == (one.request.host, one.request.target)


def test_headers_are_kept_as_they_crossed_the_wire() -> None:
    """Repeated ones too; pseudo headers of HTTP/2 are left to the address. A number is what Polly writes."""
    lines = [{"name": ":authority", "value": "a.example"}, *headers(x="1"), *headers(X=" 2 "), *headers(y="é")]
    (one,) = read_capture(har(entry(sent=[*lines, {"name": "content-length", "value": 0}]))).exchanges
    (other,) = read_capture(har(entry(sent=headers(y="é")), tool=MITM)).exchanges

    assert [("x", "1"), ("X", "2"), ("y", "é"), ("content-length", "0")] == list(one.request.headers)
    assert [("y", "Ã©")] == list(other.request.headers)  # which mitmproxy has decoded


def test_what_has_no_host_is_told_apart() -> None:
    """Of a WebSocket the host is known."""
    found = read_capture(har(entry(url="data:,x"), entry(url="wss://rta.xboxlive.com/connect"))).left_out

    assert [NO_HOST, "rta.xboxlive.com"] == [one.host for one in found]


def attached(beside: dict[str, bytes], **content: Any) -> list[str]:
    """What an entry whose body is in a file beside the HAR is read as."""
    raw = har(entry(content=content), tool=BROWSER)
    found = read_capture(raw, beside.get)
    return [f"{one.response.body!r}" for one in found.exchanges] + [one.reason for one in found.left_out]


def test_a_body_in_a_file_beside_the_har() -> None:
    """Playwright's ``content: "attach"``."""
    assert ["b'{}'"] == attached({"ab12.json": b"{}"}, _file="ab12.json")


@pytest.mark.parametrize("name", ["../ab12.json", "/etc/ab12.json", "..", ".", "a/b", "a\\b", "\0"])
def test_a_name_never_leaves_the_folder(name: str) -> None:
    """It is not even asked for."""
    (reason,) = attached({name: b"{}"}, _file=name)

    assert reason.startswith("a body is in the file ")


def test_a_file_that_is_not_there_is_told() -> None:
    """With its name."""
    assert ["a body is in the file 'x.json', which is not beside the HAR"] == attached({}, _file="x.json")


def test_an_archive_of_playwright() -> None:
    """``har.har`` and the bodies beside it."""
    raw = zipped(har__har=har(entry(content={"_file": "a.json"}), tool=BROWSER), a__json=b"{}")

    assert ["b'' -> 200 b'{}'"] == told(raw)


UNREADABLE = {
    "it is not JSON: line 1, column 8: Expecting value; it may be cut short": b'{"log":',
    "it is JSON and no HAR: there is no list log.entries": b"{}",
    "it is not UTF-8 from byte 8 on": b'{"log": \xff}',
    "it is not JSON: the key 'log' stands twice in one object": b'{"log": 1, "log": 2}',
    "its JSON is nested deeper than is read": b'{"log":' + b"[" * 200_000,
}


@pytest.mark.parametrize("message", UNREADABLE)
def test_a_file_that_is_no_har_is_refused(message: str) -> None:
    """Whole, with the reason."""
    with pytest.raises(Unreadable) as caught:
        read_capture(UNREADABLE[message])

    assert message == str(caught.value)


def test_a_mark_before_a_har_is_passed_over() -> None:
    """Fiddler writes a byte order mark."""
    assert ["b'' -> 200 b'{}'"] == told(b"\xef\xbb\xbf" + har(entry()))


@pytest.mark.parametrize("name", ["mitmproxy-12.3.1.har", "playwright-1.65.1.har"])
def test_files_of_real_tools_are_read_whole(name: str) -> None:
    """Nothing is left out of an evening in which everything went well."""
    capture = read_capture((FILES / name).read_bytes())

    assert () == capture.left_out
    assert [201, 201, 201, 200, 204] == [one.response.status for one in capture.exchanges][-5:]
