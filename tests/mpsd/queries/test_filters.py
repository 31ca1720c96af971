"""The filter of a search: its grammar, its fields, and what it says of a filter that it cannot read."""

from __future__ import annotations

from typing import Any

import pytest

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.queries.filters.compiler import compile_filter
from handlesfake.mpsd.queries.search_fields import Candidate
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.session import Member
from tests.mpsd.target_addresses import GUEST, HOST, NOW, search_handle, session

ATTRIBUTES = {
    "tags": ["MicRequired", "elite"],
    "strings": {"map": "Harbour", "car": "classb", "and": "x"},
    "numbers": {"skill": 12.5, "rank": 0, "kd": 1},
    "achievementIds": ["123456"],
    "locale": "en-US",
}
ROLES = {"lfg": {"roles": {"confirmed": {"max": 4, "target": 3}, "spare": {"max": 2}}}}


def candidate(attributes: dict[str, Any] | None = None, **facts: Any) -> Candidate:
    """The room of these tests: two members, owned by the host, at ten o'clock."""
    room = session(
        "room-1",
        HOST,
        GUEST,
        constants={"maxMembersCount": 8},
        properties={
            "owners": [0],
            "keywords": ["Level2"],
            "scheduledTime": "2026-01-06T12:00:00.0000000Z",
            "registrationState": "registered",
        },
        role_types=facts.pop("role_types", ROLES),
    )
    room = room.with_member(Member(1, GUEST, NOW, roles={"lfg": "confirmed"}))
    attributes = ATTRIBUTES if attributes is None else attributes
    return Candidate(search_handle(0, "room-1", attributes), room, attributes)


def found(text: str, room: Candidate | None = None, **choices: Any) -> bool:
    """Whether the filter lets the room through."""
    return compile_filter(text, Choices(**choices)).matches(room or candidate())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the page's own examples, against a room that fits or does not
        (f"session/memberXuids/any(d:d eq '{GUEST}')", True),
        ("session/memberXuids/any(d:d eq '9000000000000009')", False),
        (f"session/ownerXuids/any(d:d eq '{HOST}')", True),
        (f"session/ownerXuids/any(d:d eq '{GUEST}')", False),
        ("tolower(strings/car) eq 'classb'", True),
        ("tolower(strings/map) eq 'harbour'", True),
        ("numbers/skill eq 12.5", True),
        ("numbers/skill gt 12.5", False),
        ("tags/any(d:tolower(d) eq 'micrequired')", True),
        ("tags/any(d:tolower(d) eq 'cursingallowed')", False),
        ("tags/any(d:tolower(d) ne 'cursingallowed')", True),
        ("tags/any(d:tolower(d) ne 'elite')", False),
        ("numbers/rank ne 0", False),
        ("numbers/absent ne 0", True),
        ("tolower(strings/car) ne 'classa'", True),
        ("tags/any(d:tolower(d) eq 'elite') eq true and numbers/skill eq 12.5", True),
        ("numbers/skill ge 1.5 and numbers/rank lt 60 and numbers/kd le 5", True),
        ("achievementIds/any(d:d eq '123456')", True),
        ("language eq 'en'", True),
        ("session/scheduledTime le '2026-01-06T12:00:00.0000000Z'", True),
        ("session/scheduledTime lt '2026-01-06T12:00:00.0000000Z'", False),
        ("session/postedTime lt '2026-01-06T10:00:00.0000001Z'", True),
        ("session/registrationState eq 'registered'", True),
        ("session/membersCount eq 2", True),
        ("session/maxMembersCount lt 3", False),
        ("session/maxMembersCountRemaining eq 6", True),
        ("session/targetMembersCount eq 3", True),
        ("session/targetMembersCountRemaining le 1", True),
        ("session/needs le 1", True),
        ("session/roles/lfg/confirmed/count eq 1", True),
        ("session/roles/lfg/confirmed/target gt 1", True),
        ("session/roles/lfg/confirmed/needs eq 2", True),
        ("session/roles/lfg/spare/target eq 2", True),
        ("session/roles/lfg/spare/needs eq 2", True),
        ("session/roles/lfg/nobody/count eq 0", False),
        ("session/keywords/any(d:tolower(d) eq 'level2')", True),
        ("session/scid eq '7e570100-1111-4222-8333-444455556666'", True),
        ("session/templateName eq 'FakeBrowse'", True),
        ("tags/any(a:tolower(a) eq 'none') or number/skill gt 12 and string/car eq 'classb'", True),
        ("tags/any(a:tolower(a) eq 'none') or number/skill gt 12 and string/car eq 'purple'", False),
        # forms that clients are seen to send
        ("session/titleId eq 1234567890 and session/roles/lfg/confirmed/needs ge 1", True),
        (
            "tolower(session / templateName) eq 'fakebrowse' or (tolower(session/scid) eq 'x' and numbers/kd eq 1)",
            True,
        ),
        ("TAGS/ANY(d: TOLOWER(d) EQ 'elite') AND Numbers/skill GE 12 AND Strings/car EQ 'classb'", True),
        ("session/MemberXuids/any(d:d eq 'x')", False),
        # corners
        ("(numbers/kd eq 1)", True),
        ("((numbers/kd eq 1) and (numbers/rank eq 0))", True),
        ("(numbers/kd eq 2 or numbers/kd eq 1)", True),
        ("12.5 le numbers/skill", True),
        ("13 le numbers/skill", False),
        ("numbers/kd eq numbers/rank", False),
        ("numbers/kd ne numbers/absent", True),
        ("numbers/skill eq 1.25e1", True),
        ("numbers/skill gt -1", True),
        ("strings/and eq 'x'", True),
        ("strings/car eq 'o''clock'", False),
        ("tags/any(d:d eq 'elite') eq false", False),
        ("tags/any(d:d eq 'elite') ne true", False),
        ("tags/any(d:d eq strings/car)", False),
        ("tags/any(t: achievementIds/any(a: a eq '123456' and t eq 'elite'))", True),
        ("tolower('ClassB') eq strings/car", True),
        ("tolower(strings/map) eq tolower('HARBOUR')", True),
        ("strings/absent eq 'x'", False),
        ("numbers/absent lt 5", False),
        ("tolower(strings/absent) ne 'x'", True),
        ("session/postedTime ge '2026-01-06T11:00:00+01:00'", True),
        ("session/postedTime ge '2026-01-06'", True),
    ],
)
def test_a_filter_lets_through_what_it_describes(text: str, expected: bool) -> None:
    """Each example of the page, each form seen in clients, and each corner of the grammar."""
    assert expected is found(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The field filter is not valid at character 1: expected a field, a quoted text or a number."),
        (
            "numbers/skill",
            "The field filter is not valid at character 14: expected one of eq, ne, gt, ge, lt, le.",
        ),
        (
            "numbers/skill = 5",
            'The field filter is not valid at character 15, near "= 5": expected one of eq, ne, gt, ge, lt, le.',
        ),
        (
            "numbers/skill eq '5'",
            "The field filter is not valid at character 18, near \"'5'\": a number stands here without quotes.",
        ),
        (
            "strings/map eq 5",
            'The field filter is not valid at character 16, near "5": a text stands here in single quotes.',
        ),
        (
            "session/postedTime lt 'soon'",
            "The field filter is not valid at character 23, near \"'soon'\": "
            "a time stands here in single quotes, as '2026-01-06T10:00:00Z'.",
        ),
        (
            "colour eq 'red'",
            "The field filter is not valid at character 1, near \"colour eq 'red'\": colour is not a field of a "
            "search.",
        ),
        (
            "tags eq 'x'",
            "The field filter is not valid at character 1, near \"tags eq 'x'\": "
            "this is a list: write any(v: v eq ...) behind it.",
        ),
        (
            "strings/map/any(v: v eq 'x')",
            'The field filter is not valid at character 1, near "strings/map/any(v: v": '
            "any(...) needs a list, such as tags or session/memberXuids.",
        ),
        (
            "contains(strings/map, 'x')",
            'The field filter is not valid at character 1, near "contains(strings/map": '
            "the functions are tolower(...) and, behind a list, any(v: ...).",
        ),
        (
            "numbers/a eq 1 or numbers/b eq 2 or numbers/c eq 3",
            'The field filter is not valid at character 16, near "or numbers/b eq 2 or": '
            "there can be one 'or' only.",
        ),
        (
            "numbers/a eq 1 and (numbers/b eq 2 or numbers/c eq 3)",
            'The field filter is not valid at character 21, near "numbers/b eq 2 or nu": '
            "'or' is allowed only at the root.",
        ),
        (
            "tags/any(t: t eq 'a' or t eq 'b')",
            "The field filter is not valid at character 13, near \"t eq 'a' or t eq 'b'\": "
            "'or' is allowed only at the root.",
        ),
        (
            "numbers/a eq 1 numbers/b eq 2",
            'The field filter is not valid at character 16, near "numbers/b eq 2": '
            "expected 'and', 'or' or the end.",
        ),
        (
            "(numbers/a eq 1",
            "The field filter is not valid at character 16: expected a closing bracket.",
        ),
        (
            "tolower(numbers/a) eq 'x'",
            'The field filter is not valid at character 1, near "tolower(numbers/a) e": '
            "tolower takes a text, and this is a number.",
        ),
        (
            "1 eq 1",
            'The field filter is not valid at character 1, near "1 eq 1": one side must be a field.',
        ),
        (
            "numbers/a eq 1e999",
            'The field filter is not valid at character 14, near "1e999": the number is too large.',
        ),
        (
            "numbers/a eq strings/b",
            'The field filter is not valid at character 14, near "strings/b": a number cannot be compared with this.',
        ),
        (
            "tags/any(t: t eq 'a') eq 'true'",
            "The field filter is not valid at character 26, near \"'true'\": expected true or false behind any(...).",
        ),
        (
            "numbers/a eq tags/any(t: t eq 'a')",
            "The field filter is not valid at character 14, near \"tags/any(t: t eq 'a'\": "
            "any(...) is allowed only on the left, before eq true.",
        ),
        (
            "(" * 41 + "numbers/a eq 1",
            'The field filter is not valid at character 42, near "numbers/a eq 1": more than 40 brackets are nested.',
        ),
        (
            "strings/ eq 'x'/",
            "The field filter is not valid at character 13, near \"'x'/\": expected one of eq, ne, gt, ge, lt, le.",
        ),
        (
            "tags/any('x')",
            "The field filter is not valid at character 10, near \"'x')\": "
            "expected the name of a variable, as in any(v: v eq 'x').",
        ),
    ],
)
def test_an_invalid_filter_is_refused_with_the_place(text: str, sentence: str) -> None:
    """400, and a sentence that says where and what was expected (U56)."""
    with pytest.raises(Refusal) as caught:
        compile_filter(text, Choices())

    assert (400, sentence) == (caught.value.status, caught.value.sentence)


def test_upper_case_finds_nothing_and_is_remarked_upon() -> None:
    """The service finds lower-case text only (documented): a filter that cannot match says so."""
    made = compile_filter("strings/map eq 'Harbour'", Choices())

    assert not made.matches(candidate())
    assert ("the filter compares with 'Harbour': only lower-case text is ever found",) == made.remarks


def test_upper_case_finds_its_like_by_choice() -> None:
    """The choice ``upper_case_filter`` compares as stored."""
    assert found("strings/map eq 'Harbour'", upper_case_filter="exact")
    assert not found("strings/map eq 'harbour'", upper_case_filter="exact")


def test_any_ne_means_some_other_tag_by_choice() -> None:
    """The page says that ``any(d: d ne x)`` finds rooms without x; OData reads it as: some tag is not x."""
    assert not found("tags/any(d:d ne 'elite')")
    assert found("tags/any(d:d ne 'elite')", any_not_equal="some")


def test_a_room_without_any_tag_lacks_a_tag() -> None:
    """No tags at all: nothing equals, so ``ne`` holds."""
    assert found("tags/any(d:d ne 'elite')", candidate({}))
    assert not found("tags/any(d:d eq 'elite')", candidate({}))


def test_without_targets_needs_counts_to_the_maximum() -> None:
    """``needs`` is maximum less members where no role has a target (documented)."""
    room = candidate(role_types={})

    assert found("session/needs eq 6", room)
    assert not found("session/targetMembersCount ge 0", room)


def test_a_handle_whose_session_is_gone_has_no_session_fields() -> None:
    """Fields of a missing session are missing: equal to nothing, and beyond nothing."""
    room = Candidate(search_handle(0, "gone"), None, {})

    assert not found("session/membersCount ge 0", room)
    assert not found("session/memberXuids/any(d:d eq 'x')", room)
    assert not found("session/roles/lfg/confirmed/needs ge 0", room)
    assert found("session/scid eq '7e570100-1111-4222-8333-444455556666'", room)
