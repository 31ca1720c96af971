"""Texts of files that other tools wrote: ids, hashes and pages look random, but are not secrets."""

from __future__ import annotations

import re

from handlesfake.cassettes.audit.pieces import KnownInPieces
from handlesfake.cassettes.scrubbing.field_names import normalized_name
from handlesfake.cassettes.scrubbing.randomness import chance
from handlesfake.cassettes.scrubbing.replacements import StandIns
from handlesfake.cassettes.scrubbing.text import ScrubbedText

_IDS = (
    "arn", "bytes", "cache", "checksum", "commit", "content", "css", "cursor", "data", "digest",
    "embedding", "etag", "file", "filename", "fingerprint", "guid", "hash", "host", "hostname", "html", "id",
    "identifier", "ids", "image", "integrity", "md5", "organization", "path", "policy", "project", "ray", "ref",
    "report", "reportonly", "revision", "script", "servedby", "server", "sha", "sha1", "sha256", "slug", "svg",
    "system", "thumbnail", "timing", "trace", "tracecontext", "traceparent", "tracestate", "uid", "useragent",
    "uuid", "version",
)  # fmt: skip
"""The ends of names whose values are random, but name a thing, while a secret would open one."""

_ADDRESS = re.compile(r"(?<![A-Za-z0-9+.-])[a-zA-Z][a-zA-Z0-9+.-]{1,15}://[^\s\"'<>?#\\]*|(?<![\w/])/[\w.~%/-]+")
_TYPED = re.compile(
    r"(?<![A-Za-z0-9])(?!(?:sk|pk|rk|key|tok|token|secret|pat|pass|auth|api|access|refresh|bearer)[_-])[a-z]{2,12}[_-][A-Za-z0-9]{12,64}\b"
)
_ASSET = re.compile(
    r"(?<![\w.@~-])[\w@~-][\w.@~-]{0,120}\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|html?|json|xml|pdf|txt|mp[34]|zip|gz)\b"
)
_HEX = re.compile(r"(?<![A-Za-z0-9_-])(?:[0-9a-f]{16,64}|[0-9A-F]{16,64})(?![A-Za-z0-9_-])")
_DATA = re.compile(r"data:[\w/+.-]*(?:;[\w=-]+)*,[\w+/=%-]*|sha(?:256|384|512)-[\w+/=]{20,}")
_ID = re.compile(
    r"(?i)[\"'<]?\b[\w.-]{0,40}(?:id|ids|ref|arn|etag|hash|sha\d*|md5|digest|slug|cursor|content|data)\\?[\"'>]?"
    r"(?:\s*[:=]\s*|(?<=>))\\?[\"']?[^\s\"'<>,&;]{16,}"
)
_PAGE = re.compile(r"(?i)^\s*(?:<!doctype|<html|<\?xml|<svg|/\*|[(\[]?function\b|\)\]\}')")
_CODE = re.compile(r"[;{}()<>]")


class ScannedText(ScrubbedText):
    """The texts of a file that handlesfake wrote: what the recorder keeps is kept."""

    def __init__(self, seen: StandIns, allowed: frozenset[str]) -> None:
        super().__init__(seen, allowed)
        self.known = KnownInPieces(seen)


class ForeignText(ScannedText):
    """Judges less by chance; what has a name or a form is a secret here as anywhere."""

    def judged(self, text: str, place: str, name: str) -> str:
        """See :meth:`ScrubbedText.judged`."""
        if place == "path" or normalized_name(name).endswith(_IDS) or _is_code(text) or not chance(text):
            return text
        bare = text
        for form in (_ID, _DATA, _ADDRESS, _ASSET, _TYPED, _HEX):
            bare = form.sub(" ", bare)
        return text if super().judged(bare, place, name) == bare else self.stand_ins.withheld(place, "", text)


def _is_code(text: str) -> bool:
    """Whether ``text`` is a page, a script or a piece of one."""
    return bool(_PAGE.match(text)) or (len(text) > 60 and len(_CODE.findall(text[:2000])) * 25 > len(text[:2000]))
