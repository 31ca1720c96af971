"""SameRequest: whether two requests of vcrpy are the same as MPSD reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from handlesfake.cassettes.cassette import Interaction, label_in
from handlesfake.cassettes.replay.open_people import OpenPeople, asked, open_people, written
from handlesfake.cassettes.volatile_fields import Shape, VolatileFields, fields_of
from handlesfake.exchange.outcome import Call
from handlesfake.json_diff import Difference, differences, table
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.vcr.loaded import LoadedCassettes
from handlesfake.vcr.messages import Sent, VcrRequest, read_request

_MANY = 20_000


class SameRequest:
    """Compares as a replay does, one request with one: what is new in each run, and people, may be others.

    vcrpy asks about each pair alone, and plays the first that is the same. So matches of values of this run with
    recorded ones are not kept from request to request.

    :param is_person: whether a pseudonym may be that of a person: gets the kind, the person that was sent, and the
        pseudonym.
    """

    def __init__(
        self,
        holes: VolatileFields,
        loaded: LoadedCassettes,
        is_person: Callable[[str, str, str], bool],
    ) -> None:
        self._holes = holes
        self._loaded = loaded
        self._is_person = is_person
        self._read = lru_cache(maxsize=_MANY)(_read)
        self._shape = lru_cache(maxsize=_MANY)(lambda request: holes.shape(Call(request, 0)))
        self._open = lru_cache(maxsize=_MANY)(self._with_open_people)

    def same_operation(self, sent: VcrRequest, recorded: VcrRequest) -> bool:
        """Whether both ask for the same operation of the same host; for hosts other than MPSD, for the same path.

        :raises AssertionError: they do not: vcrpy shows the text.
        """
        mine, theirs = self._asked(self._of(sent).request), self._asked(self._of(recorded).request)
        if mine != theirs:
            raise AssertionError(f"recorded {theirs}, sent {mine}")
        return True

    def same(self, sent: VcrRequest, recorded: VcrRequest) -> bool:
        """Whether ``sent`` is ``recorded``.

        :raises AssertionError: it is not: vcrpy shows the text.
        """
        self.same_operation(sent, recorded)
        mine, theirs = self._of(sent), self._of(recorded)
        if not self._is_caller(mine.request, theirs.request):
            raise AssertionError(self._told(mine.request, theirs.request))
        pairs = [(one, other) for one in _spelled(mine) for other in _spelled(theirs)]
        if not any(self._fits(one, other) for one, other in pairs):
            raise AssertionError(self._told(mine.request, theirs.request))
        return True

    def _of(self, request: VcrRequest) -> Sent:
        body, headers = request.body, tuple((name, str(value)) for name, value in request.headers.items())
        if body is None or isinstance(body, (str, bytes)):
            return self._read(request.method, request.uri, body, headers)
        return _read(request.method, request.uri, body, headers)

    def _asked(self, request: Request) -> str:
        call = Call(request, 0)
        what = call.operation if call.route.operation else f"{request.method} {request.path}"
        return f"{what} of {request.host}"

    def _is_caller(self, mine: Request, theirs: Request) -> bool:
        """Whether both have one caller: a caller that no cassette has may be any person in it."""
        label, recorded = label_in(mine), label_in(theirs)
        is_unknown = bool(label) and self._loaded.is_any and label not in self._loaded.labels
        return label == recorded or not recorded or is_unknown

    def _fits(self, mine: Request, theirs: Request) -> bool:
        shape, recorded = self._shape(mine), self._shape(theirs)
        if shape.key == recorded.key:
            return self._may_fill(shape, recorded)
        found = self._open(theirs)
        return bool(found.people) and self._with_people(mine, found, recorded)

    def _may_fill(self, mine: Shape, theirs: Shape) -> bool:
        """Whether what is new in this run may match what was new when it was recorded."""
        known = self._loaded.values if self._loaded.is_any else {*mine.values}
        return all(one == other or one not in known for one, other in zip(mine.values, theirs.values, strict=True))

    def _with_people(self, mine: Request, theirs: OpenPeople, recorded: Shape) -> bool:
        """Whether ``mine`` differs only by people that may have the pseudonyms of ``theirs``."""
        call = Call(mine, 0)
        target, body = written(call)
        found = theirs.pattern.fullmatch(f"{target}\n{body}") if theirs.asked == asked(call) else None
        if found is None:
            return False
        for place, (kind, made_up) in enumerate(theirs.people, 1):
            if not self._is_person(kind, theirs.sent(found, place, len(target)), made_up):
                return False
        shape = self._shape(theirs.rewritten(call, found).request)
        return shape.key == recorded.key and self._may_fill(shape, recorded)

    def _with_open_people(self, request: Request) -> OpenPeople:
        return open_people(Interaction(0, request, Response(200)), self._holes.fixed, self._holes)

    def _told(self, mine: Request, theirs: Request) -> str:
        unlike = self._unlike(mine, theirs)
        fields = "1 field differs" if len(unlike) == 1 else f"{len(unlike)} fields differ"
        return "\n".join([fields, *table(unlike, words=("recorded", "sent"))])

    def _unlike(self, mine: Request, theirs: Request) -> list[Difference]:
        wanted = fields_of(Call(theirs, 0), label_in(theirs))
        sent = fields_of(Call(mine, 0), label_in(mine))
        is_open = self._is_caller(mine, theirs)
        return [one for one in differences(wanted, sent) if one.path != "caller" or not is_open]


def _read(method: str, uri: str, body: Any, headers: tuple[tuple[str, str], ...]) -> Sent:
    return read_request(method, uri, body, dict(headers))


def _spelled(sent: Sent) -> list[Request]:
    return [sent.request] if sent.also is None else [sent.request, sent.also]
