"""In the values of the recording before: ids one to one, times by their places, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.pairing.keeping import Kept, in_recorded_values
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.mpsd.http.message import Headers, Request, Response

A, B, C, D = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abcd")
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}


def created(number: int, handle: str, second: int = 0, day: int = 6, **more: Any) -> Interaction:
    """Host sets an activity, and gets ``handle``."""
    sent = Headers([("Authorization", labelled("host")), ("Content-Type", "application/json")])
    date = f"Fri, {day:02d} Mar 2026 10:00:{second:02d} GMT"
    answer = {
        "id": handle,
        "type": "activity",
        "createTime": f"2026-03-{day:02d}T10:00:{second:02d}.1234567Z",
        **more,
    }
    body = json.dumps({"type": "activity", "sessionRef": REF, "version": 1}).encode()
    return Interaction(
        number,
        Request("POST", "/handles", sent, body),
        Response(201, Headers([("Date", date)]), json.dumps(answer, separators=(",", ":")).encode()),
    )


def read(number: int, handle: str, second: int = 0, day: int = 6) -> Interaction:
    """Host reads ``handle``."""
    made = created(number, handle, second, day)
    return Interaction(number, Request("GET", f"/handles/{handle}", made.request.headers), made.response)


def kept(old: list[Interaction], new: list[Interaction], **words: Any) -> Kept:
    """``new`` in the values of ``old``."""
    return in_recorded_values(old, new, VolatileFields(), **words)


def answers(found: Kept) -> list[dict[str, Any]]:
    """The bodies of the answers."""
    return [json.loads(one.response.body) for one in found.interactions]


def test_an_id_stands_for_the_recorded_one_throughout() -> None:
    """In the answer that hands it out, and in the address that asks for it."""
    found = kept([created(1, A), read(2, A, 1)], [created(1, B, 5, 20), read(2, B, 9, 20)])

    assert [created(1, A), read(2, A, 1)] == found.interactions
    assert {B: A} == found.renamed


def test_two_values_never_become_one() -> None:
    """A service that counts gives A to a new handle, and B to the one that was A: they change places."""
    found = kept([read(1, A)], [created(1, A), read(2, B)])

    assert [B, A] == [one["id"] for one in answers(found)]
    assert {A: B, B: A} == found.renamed


def test_one_value_that_was_two_is_a_change() -> None:
    """The second answer now shows the first handle."""
    found = kept([created(1, A), created(2, B)], [created(1, C), created(2, C)])

    assert [A, A] == [one["id"] for one in answers(found)]


def test_ids_in_capitals_are_the_same_ids() -> None:
    """Addresses and GUIDs have no case; how they are written stays."""
    found = kept([created(1, A), read(2, A)], [created(1, B), read(2, B.upper())])

    assert f"/handles/{A.upper()}" == found.interactions[1].request.target


def test_what_is_new_moves_with_what_was_before_it() -> None:
    """Two weeks and four seconds back, as the exchange before it."""
    found = kept([created(1, A, 1)], [created(1, B, 5, 20), read(2, C, 7, 20)])

    assert "Fri, 06 Mar 2026 10:00:03 GMT" == found.interactions[1].response.headers.first("Date")
    assert "2026-03-06T10:00:03.1234567Z" == answers(found)[1]["createTime"]
    assert None is found.twins[1]


def test_a_time_ahead_stays_where_it_is_as_far_ahead() -> None:
    """The service that ends a session after a minute, and no longer after half of one, has changed."""
    old = [created(1, A, 0, expiration="2026-03-06T10:00:30.0000000Z")]
    same = [created(1, A, 10, 20, expiration="2026-03-20T10:00:40.9000000Z")]
    other = [created(1, A, 10, 20, expiration="2026-03-20T10:01:10.0000000Z")]

    assert "2026-03-06T10:00:30.0000000Z" == answers(kept(old, same))[0]["expiration"]
    assert "2026-03-06T10:01:00.0000000Z" == answers(kept(old, other))[0]["expiration"]


def test_what_has_a_name_is_not_made_up() -> None:
    """A title with another scid has changed, although that has the form of a GUID."""
    found = kept([created(1, A, scid=B)], [created(1, A, scid=C)])

    assert C == answers(found)[0]["scid"]


def test_numbers_that_count_are_not_made_up() -> None:
    """A version is not an id, and stays what it is."""
    found = kept([created(1, A, changeNumber=7, version="12345678901")], [created(1, B, changeNumber=8, version="2")])

    assert {"changeNumber": 8, "version": "2"}.items() <= answers(found)[0].items()


def test_parts_of_a_recording_that_are_told_already_stay() -> None:
    """Another test of the run has recorded the first; its B matches A in the second, too."""
    done = [created(1, A)]
    found = kept([created(1, A), read(2, A)], [*done, read(2, B)], known={B: A}, done={1})

    assert [A, A] == [one["id"] for one in answers(found)]


def test_the_layout_of_a_body_stays() -> None:
    """A time is put where it stood, whatever is around it."""
    old, new = created(1, A), created(1, B, 9, 20)
    spaced = json.dumps(json.loads(new.response.body), indent=4).encode()
    new = Interaction(1, new.request, Response(201, new.response.headers, spaced))

    assert json.dumps(json.loads(old.response.body), indent=4).encode() == (
        kept([old], [new]).interactions[0].response.body
    )


def test_a_text_that_is_no_json_keeps_its_times_and_ids_too() -> None:
    """A page of a load balancer names the incident."""

    def refused(text: str) -> Interaction:
        made = created(1, A)
        return Interaction(1, made.request, Response(503, Headers(), text.encode()))

    old = refused(f"incident {A} at 2026-03-06T10:00:00Z")
    same, other = refused(f"incident {B} at 2026-03-20T11:00:00Z"), refused(f"Incident {B} at 2026-03-20T11:00:00Z")

    assert [old] == kept([old], [same]).interactions
    assert other.response == kept([old], [other]).interactions[0].response
