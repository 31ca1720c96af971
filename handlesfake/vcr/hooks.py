"""Hooks: what vcrpy is given, so that its cassettes are as ours are."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.writing import Head, rendered
from handlesfake.cassettes.people.identities import Credentials, pseudonyms, real
from handlesfake.cassettes.people.pseudonym_key import has_key_of
from handlesfake.cassettes.scrubbing.patterns import fits
from handlesfake.cassettes.volatile_fields import VolatileFields, checked
from handlesfake.errors import WithheldWarning
from handlesfake.mpsd.http.message import Response
from handlesfake.vcr.disguise import LazyPseudonyms
from handlesfake.vcr.loaded import LoadedCassettes
from handlesfake.vcr.matching import SameRequest
from handlesfake.vcr.messages import Loaded, Sent, VcrRequest, in_order, read_request, read_response, vcr_response
from handlesfake.vcr.scrubbing import VcrScrubber, why_left_out
from handlesfake.vcr.serializer import Serializer

OPERATION, SAME = "mpsd_operation", "mpsd"
"""The names of the matchers."""

_FIELDS = ("method", "uri", "body", "headers")
_USUAL = ("method", "scheme", "host", "port", "path", "query")
"""What vcrpy compares by default."""


_UNKNOWN = read_request("GET", "https://unknown/", None, {})
"""The request, where vcrpy was given no hook that sees it."""


class Hooks:
    """What ``vcr.VCR`` is given: matchers, hooks that scrub, and serializers, which all know the same people.

    :param credentials: who the roles really are, as ``handlesfake.record`` takes them; a cassette names them by role.
    :param not_secret: places that look like secrets but are not: ``body.properties.custom.levelId``.
    :param volatile_fields: fields that are new in each run, beside the usual ones: dotted paths.
    :param pseudonym_key: the file of the key, where it is not the user's own.
    :raises SettingsError: one of them cannot be.
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        not_secret: Iterable[str] = (),
        volatile_fields: Iterable[str] = (),
        pseudonym_key: str | Path | None = None,
    ) -> None:
        identities = real(credentials)
        made_up = pseudonyms(identities)
        file = Path(pseudonym_key) if pseudonym_key is not None else None
        holes = VolatileFields(checked(volatile_fields), frozenset(made_up.values()))
        self._lock = threading.RLock()
        self._appended = threading.local()
        self._loaded = LoadedCassettes(holes)
        self._scrubber = VcrScrubber(identities, made_up, LazyPseudonyms(file), not_secret)
        self._same = SameRequest(holes, self._loaded, self._is_person)
        self._file = file
        self.yaml = Serializer(self._learn, self._written, self._metadata, is_json=False)
        """A serializer: YAML as our cassettes have it; it reads vcrpy's, too."""

        self.json = Serializer(self._learn, self._written, self._metadata, is_json=True)
        """The same in JSON."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Hooks:
        # pytest-recording copies what its fixture vcr_config gives; a copy would not have the people that this one
        # has seen
        return self

    def configure(self, vcr: Any) -> None:
        """Give it all to ``vcr``, a ``vcr.VCR``: its own hooks stay, before ours, and so do matchers that it names.

        The serializers take the places of ``yaml`` and ``json``.
        """
        vcr.register_serializer("yaml", self.yaml)
        vcr.register_serializer("json", self.json)
        vcr.register_matcher(OPERATION, self.matcher_of_operation)
        vcr.register_matcher(SAME, self.matcher)
        if tuple(vcr.match_on) == _USUAL:
            vcr.match_on = (OPERATION, SAME)
        vcr.before_record_request = _behind(vcr.before_record_request, self.before_record_request)
        vcr.before_record_response = _behind(vcr.before_record_response, self.before_record_response)

    def vcr_config(self, **settings: Any) -> dict[str, Any]:
        """``settings`` with ours, for the fixture ``vcr_config`` of pytest-recording, or for ``use_cassette``.

        Such settings win over those of the ``VCR``, which :meth:`configure` is still to be given.
        """
        ours = {
            "before_record_request": self.before_record_request,
            "before_record_response": self.before_record_response,
        }
        hooks = {name: _behind(settings.get(name), hook) for name, hook in ours.items()}
        return {"match_on": (OPERATION, SAME), **settings, **hooks}

    def matcher(self, sent: VcrRequest, recorded: VcrRequest) -> bool:
        """A matcher: whether both are the same as MPSD reads them.

        :raises AssertionError: they are not; the text says where they differ.
        """
        with self._lock:
            return self._same.same(sent, recorded)

    def matcher_of_operation(self, sent: VcrRequest, recorded: VcrRequest) -> bool:
        """A matcher: whether both ask for the same operation, so that vcrpy shows the recorded ones that are alike.

        :raises AssertionError: they do not.
        """
        with self._lock:
            return self._same.same_operation(sent, recorded)

    def before_record_request(self, request: VcrRequest) -> VcrRequest:
        """A hook: ``request`` less its secrets, with pseudonyms for people. vcrpy compares it so, too."""
        with self._lock:
            sent = read_request(request.method, request.uri, request.body, request.headers)
            scrubbed = self._scrubber.request(sent)
            made = type(request)(scrubbed.request.method, scrubbed.uri, scrubbed.body, scrubbed.fields()["headers"])
            # vcrpy says nothing of the request when it asks about its answer, which follows at once
            self._appended.last = (sent, made)
            return made

    def before_record_response(self, response: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """A hook: ``response`` less its secrets, with pseudonyms for people; one that was loaded stays as it is.

        None, with :class:`handlesfake.WithheldWarning`, where something looks like an unknown secret: vcrpy then
        leaves the exchange out of the cassette.
        """
        with self._lock:
            sent, made = self._appended.__dict__.pop("last", (_UNKNOWN, None))
            if isinstance(response, Loaded):
                return response
            asked, came, found = self._scrubber.exchange(sent, read_response(response))
            why = why_left_out(asked, found)
            if why:
                warnings.warn(WithheldWarning(why), stacklevel=2)
                return None
            if made is not None:  # its answer may have shown who a person is
                made.uri, made.body, made.headers = asked.uri, asked.body, asked.fields()["headers"]
            return vcr_response(came)

    def _written(self, interactions: list[Mapping[str, Any]]) -> tuple[list[str], Head]:
        """The texts of ``interactions`` as they may be written, and the head of their cassette."""
        with self._lock:
            kept = []
            for one in interactions:
                is_old = isinstance(one["response"], Loaded)
                sent = read_request(**{name: one["request"][name] for name in _FIELDS})
                answer = read_response(one["response"])
                answer = answer if is_old else in_order(answer)
                asked, came, found = self._scrubber.exchange(sent, answer, is_old=is_old)
                why = "" if is_old else why_left_out(asked, found)
                if why:
                    warnings.warn(WithheldWarning(why), stacklevel=2)
                else:
                    kept.append((asked, came, is_old))
            texts = [self._text(*one) for one in kept]
            return texts, self._loaded.head(texts, self._scrubber.roles, self._scrubber.keys("\n".join(texts)))

    def _text(self, asked: Sent, came: Response, is_old: bool) -> str:  # noqa: FBT001 - as it is kept
        """One exchange, without what only later ones have shown to belong to a person."""
        text = rendered(Interaction(0, asked.request, came, asked.also, asked.scheme))
        if not self._scrubber.may_be_in(text):
            return text
        asked, came, _ = self._scrubber.exchange(asked, came, is_old=is_old)
        return rendered(Interaction(0, asked.request, came, asked.also, asked.scheme))

    def _learn(self, interactions: list[Interaction], head: Head) -> None:
        """A cassette was loaded."""
        with self._lock:
            labels = [self._scrubber.label(one.request) for one in interactions]
            self._loaded.learn(interactions, labels, head, has_key=has_key_of(list(head.keys), self._file))

    def _metadata(self, document: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            scrubbed, found = self._scrubber.metadata(document)
            for place in (*found.withheld, *found.unread):
                warnings.warn(
                    WithheldWarning(f"metadata: {place} looks like a secret, and was withheld"), stacklevel=2
                )
            return scrubbed

    def _is_person(self, kind: str, sent: str, made_up: str) -> bool:
        """Whether ``made_up`` may be the pseudonym of ``sent``; without the key of its recording, of any person."""
        if sent == made_up:
            return True
        if made_up in self._loaded.strangers:
            return sent not in self._scrubber.roles.values() and fits(kind, sent)
        return self._scrubber.pseudonym(kind, sent) == made_up


def _behind(given: Any, ours: Any) -> list[Any]:
    """Hooks of vcrpy, one or several, with ``ours`` behind them, so that it sees what they have made."""
    hooks = [] if given is None else list(given) if isinstance(given, Iterable) else [given]
    return [*(one for one in hooks if one != ours), ours]
