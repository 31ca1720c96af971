"""Walking: every leaf of a structured file, by what its place says: header, address, body, named text."""

from __future__ import annotations

import base64
import binascii
import re

from handlesfake.cassettes.audit.header_lines import TITLES, VALUES, headers_in, leaves
from handlesfake.cassettes.audit.nodes import Branch, Leaf, Node
from handlesfake.cassettes.audit.seen import Seen
from handlesfake.cassettes.audit.text import FileText
from handlesfake.cassettes.scrubbing.field_names import is_secret, kind_of, meaning, normalized_name
from handlesfake.mpsd.http.message import NO_HEADERS, Headers

_DEEPEST = 60
_HEADERS = frozenset({"header", "trailer", "trailers"})
_BODIES = frozenset({"body", "content", "data", "payload", "response", "string", "text", "bodystring", "jsonbody"})
_ADDRESSES = frozenset({"uri", "url", "href", "requesturi", "requesturl", "redirecturl", "urlpath", "location"})
_SAYS_BASE64 = {"encoding": "base64", "encodedbody": "true", "isbase64encoded": "true", "isbase64": "true"}
_NOTHING = frozenset({"", "~", "null", "Null", "NULL", "true", "false", "True", "False"})
_USER = re.compile(r"[^\s/:@]+:[^\s/@]+@[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:/|\Z)")
"""An address without its scheme: ``user:password@host``."""

_STRUCTURE = ("{", "[", "<")


class Walk:
    """Looks at nodes, and gives each leaf to ``text``."""

    def __init__(self, seen: Seen, text: FileText) -> None:
        self._seen = seen
        self._text = text

    def node(self, node: Node, name: str = "", parent: str = "", of: Headers = NO_HEADERS, depth: int = 0) -> None:
        """Look at ``node`` and at all below it.

        :param name: what it is called: its key, or the key of the list that it is in.
        :param parent: what its mapping is called.
        :param of: the headers of the message that it is a part of.
        """
        if isinstance(node, Leaf):
            self._leaf(node, name, parent, of)
        elif depth > _DEEPEST:
            self._text.lines(node.start, node.end)
        elif node.is_list:
            for item in node.items():
                self.node(item, name, parent, of, depth + 1)
        else:
            self._mapping(node, name, of, depth)

    def _mapping(self, node: Branch, name: str, of: Headers, depth: int) -> None:
        texts = {normalized_name(key): value.text for key, value in node.named() if isinstance(value, Leaf)}
        found = [one for key, value in node.named() if _is_headers(key) for one in headers_in(value)]
        of = Headers([(called, leaf.text) for called, leaf in found]) if found else of
        title = next((texts[key] for key in TITLES if texts.get(key)), "") if _has_value(node) else ""
        is_base64 = any(texts.get(key, "").lower() == says for key, says in _SAYS_BASE64.items())
        for key, value in node.members:
            called = key.text if key is not None else name
            if key is not None:
                self._seen.looks_at(key.start, key.end)
                self._text.key(called)
            if _is_headers(called):
                self._headers(value)
            elif is_base64 and normalized_name(called) in _BODIES and isinstance(value, Leaf):
                self._packed(value, of)
            else:
                self.node(value, self._called(called, name, title, value), name, of, depth + 1)

    def _called(self, key: str, name: str, title: str, value: Node) -> str:
        """What the value at ``key`` is called by its mapping, ``name``, which may say so in another member."""
        if title:
            if normalized_name(key) not in VALUES:
                return key
            return title if is_secret(title) or kind_of(title) or not is_secret(name) else name
        # below the name of a secret everything is one, whatever it is called
        is_below = (
            is_secret(name) and not kind_of(key) and key != "matcher" and (isinstance(value, Leaf) or value.is_list)
        )
        return name if is_below else key

    def _headers(self, node: Node) -> None:
        pairs = list(headers_in(node))
        for name, leaf in pairs:
            self._seen.looks_at(leaf.start, leaf.end)
            self._text.header(name, leaf.text)
        told = {id(leaf) for _, leaf in pairs}
        for leaf in leaves(node):
            if id(leaf) not in told:
                self._leaf(leaf, "", "", NO_HEADERS)

    def _leaf(self, leaf: Leaf, name: str, parent: str, of: Headers) -> None:
        # what is packed stands nowhere in the file as it reads
        self._seen.looks_at(leaf.start, leaf.start if isinstance(leaf.value, bytes) else leaf.end)
        plain, text = normalized_name(name), leaf.text
        if isinstance(leaf.value, bytes):
            self._text.body(leaf.value, of)
        elif text in _NOTHING:
            return
        elif "base64" in plain and not kind_of(name):
            self._packed(leaf, of)
        elif meaning(name, parent).is_any:
            self._text.named(text, name, parent)
        elif plain in _BODIES:
            self._text.body(text.encode("utf-8", "replace"), of)
        elif plain in _ADDRESSES or ("://" in text[:12] and " " not in text):
            self._text.uri(text)
        elif "\n" in text or text.lstrip()[:1] in _STRUCTURE:
            self._text.body(text.encode("utf-8", "replace"))
        elif _USER.match(text):
            self._text.known(f"https://{text}")
        else:
            self._text.named(text, "reason" if (parent, name) == ("status", "message") else name, parent)

    def _packed(self, leaf: Leaf, of: Headers) -> None:
        try:
            plain = base64.b64decode("".join(leaf.text.split()), validate=True)
        except (binascii.Error, ValueError):
            self._seen.looks_at(leaf.start, leaf.end)
            self._text.body(leaf.text.encode("utf-8", "replace"), of)
            return
        self._seen.looks_at(leaf.start, leaf.start)
        self._text.body(plain, of)


def _is_headers(name: str) -> bool:
    plain = normalized_name(name)
    return plain.endswith("headers") or plain in _HEADERS


def _has_value(node: Branch) -> bool:
    return any(normalized_name(key) in VALUES for key, _ in node.named())
