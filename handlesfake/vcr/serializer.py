"""Serializer: what vcrpy writes and reads, in the layout of our cassettes; it reads vcrpy's own, too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.json_format import holds_bytes, yaml_to_json
from handlesfake.cassettes.format.loading import load_cassette_text
from handlesfake.cassettes.format.reading import HEAD
from handlesfake.cassettes.format.writing import Head, cassette_text
from handlesfake.errors import CassetteError
from handlesfake.vcr.loaded import head_of
from handlesfake.vcr.messages import Loaded, read_request, read_response, vcr_interaction

_OURS = re.compile(rf"^{HEAD}:", re.M)
_METADATA = re.compile(r"^metadata: (\{.*\})$", re.M)

Document = dict[str, Any]


class Serializer:
    """``vcr.register_serializer(name, serializer)``.

    :param learn: is given the interactions and the head of each cassette that is read.
    :param scrubbed: makes texts of all that is to be written, as they may be, and their head.
    :param is_json: it writes JSON, as vcrpy's serializer ``json``; else YAML.
    """

    def __init__(
        self,
        learn: Callable[[list[Interaction], Head], None],
        scrubbed: Callable[[list[Mapping[str, Any]]], tuple[list[str], Head]],
        metadata: Callable[[Document], Document],
        *,
        is_json: bool,
    ) -> None:
        self._learn = learn
        self._scrubbed = scrubbed
        self._metadata = metadata
        self._is_json = is_json

    def deserialize(self, cassette_string: str) -> Document:
        """The content of a cassette, ours or vcrpy's, as vcrpy wants it.

        :raises CassetteError: it is one of ours, and cannot be read.
        """
        is_ours, metadata = _is_ours(cassette_string)
        if not is_ours:
            return self._of_vcrpy(cassette_string)
        cassette = load_cassette_text(cassette_string.encode(), Path("the cassette"))
        if cassette.incomplete:
            raise CassetteError(f"the cassette is not whole: {cassette.incomplete[0]} was withheld; record it again")
        self._learn(list(cassette.interactions), head_of(cassette))
        return {"version": 1, "interactions": [vcr_interaction(one) for one in cassette.interactions], **metadata}

    def _of_vcrpy(self, text: str) -> Document:
        from vcr.serializers import jsonserializer, yamlserializer  # lazily: vcrpy is here by now, and takes its time

        document: Document = (jsonserializer if self._is_json else yamlserializer).deserialize(text)
        if isinstance(document, dict) and isinstance(document.get("interactions"), list):
            for one in document["interactions"]:
                one["response"] = Loaded(one["response"])
            self._learn([_interaction(one) for one in document["interactions"]], Head())
        return document

    def serialize(self, cassette_dict: Document) -> str:
        """The text of a cassette; what may not be written is left out, with a warning.

        :raises CassetteError: a body is not text, and this is to be JSON.
        """
        texts, head = self._scrubbed(cassette_dict["interactions"])
        more = cassette_dict.get("metadata")
        metadata = self._metadata(more) if more else {}
        return self._json(texts, head, metadata) if self._is_json else _yaml(texts, head, metadata)

    @staticmethod
    def _json(texts: list[str], head: Head, metadata: Document) -> str:
        if any(map(holds_bytes, texts)):
            raise CassetteError(
                'a body is not text, and a cassette in JSON can hold only text: use the serializer "yaml"'
            )
        text = yaml_to_json(cassette_text(head, texts))
        return json.dumps({**json.loads(text), "metadata": metadata}, indent=4) + "\n" if metadata else text


def _yaml(texts: list[str], head: Head, metadata: Document) -> str:
    text = cassette_text(head, texts)
    # on one line, which tells it from a text in one of the exchanges
    line = f"\nmetadata: {json.dumps(metadata)}\ninteractions:\n"
    return text.replace("\ninteractions:\n", line, 1) if metadata else text


def _is_ours(text: str) -> tuple[bool, Document]:
    """Whether ``text`` is a cassette of ours, and vcrpy's metadata in it, as a part of its content."""
    if not text.lstrip().startswith("{"):
        found = _METADATA.search(text)
        return _OURS.search(text) is not None, {"metadata": json.loads(found[1])} if found else {}
    with suppress(ValueError):
        document = json.loads(text)
        if HEAD in document:
            return True, {"metadata": document["metadata"]} if "metadata" in document else {}
    return False, {}


def _interaction(one: Mapping[str, Any]) -> Interaction:
    sent = read_request(**{name: one["request"][name] for name in ("method", "uri", "body", "headers")})
    return Interaction(0, sent.request, read_response(one["response"]), sent.also, sent.scheme)
