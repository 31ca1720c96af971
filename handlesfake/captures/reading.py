"""From the bytes of a file to a Capture: which format it is, told by what it begins with and not by its name."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlesfake.captures.archives import Archive
from handlesfake.captures.exchange import Capture, Unreadable
from handlesfake.captures.har import read_har
from handlesfake.captures.limits import LIMITS, Limits
from handlesfake.captures.mitmproxy import read_flows
from handlesfake.captures.saz import is_saz, read_saz

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FLOWS = re.compile(rb"[0-9]{1,12}:")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*\{")
_PLAIN_NAME = re.compile(r"[\w-][\w.-]{0,200}")
_HAR_OF_PLAYWRIGHT = "har.har"


def read_capture(
    raw: bytes, beside: Callable[[str], bytes | None] = lambda _: None, limits: Limits = LIMITS
) -> Capture:
    """What ``raw``, a whole file, holds.

    :param beside: gives the bytes of a file in the same folder, by its plain name; None where there is none.
    :raises Unreadable: it is of no format that is read, damaged, or more than ``limits`` allow.
    """
    if len(raw) > limits.file:
        raise Unreadable(f"it has more than {limits.file} bytes, which are the most that are read")
    if raw.startswith(_ZIP):
        return _archived(Archive(raw, limits), limits)
    if _JSON.match(raw):
        return read_har(raw, lambda name: beside(name) if _PLAIN_NAME.fullmatch(name) else None, limits)
    if _FLOWS.match(raw):
        return read_flows(raw, limits)
    raise Unreadable(_what_else(raw))


def _archived(archive: Archive, limits: Limits) -> Capture:
    if is_saz(archive):
        return read_saz(archive, limits)
    hars = [name for name in archive.names if name.endswith(".har")]
    name = _HAR_OF_PLAYWRIGHT if _HAR_OF_PLAYWRIGHT in hars else hars[0] if len(hars) == 1 else ""
    if not name:
        raise Unreadable("it is a zip archive, but no SAZ (there is no raw/1_c.txt) and no HAR (there is no har.har)")
    return read_har(archive.read(name) or b"", archive.read, limits)


def _what_else(raw: bytes) -> str:
    if not raw:
        return "it is empty"
    if raw.startswith((b"\n\r\r\n", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4")):
        return "it holds packets (pcap), which are encrypted; capture with a proxy instead"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is a text in UTF-16; save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)"
    if raw.startswith(b"\x1f\x8b"):
        return "it is packed by gzip; unpack it first"
    if raw.startswith(b"\xac\xed"):
        return "it looks like a session of Charles; export it there as HAR"
    known = "HAR, SAZ and flow files of mitmproxy are read"
    if raw.startswith((b"interactions:", b"version:", b"---", b"http_interactions:")):
        return f"it is YAML, perhaps a cassette already; {known}"
    return f"it has none of the formats that are read: {known}"
