"""What ``mpsd.invites`` and similar properties give: records that read, compare and print well."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlesfake import Double, User
from handlesfake.assertions.comparison import explain
from handlesfake.exchange.sent import merged
from handlesfake.traffic.frozen_json import FrozenFields
from handlesfake.traffic.records import Activity, Invite
from tests.sending import TITLE_ID, a_double, activity, invite, lose_answers, send

NOW = datetime(2026, 1, 6, 10, tzinfo=UTC)


def a_lobby(**words: object) -> tuple[Double, User, User]:
    """A double with a host in lobby-1, and a guest who is not."""
    mpsd = a_double(**words)
    host, guest = mpsd.user("host"), mpsd.user("guest")
    mpsd.session("lobby-1", members=[host])
    return mpsd, host, guest


def an_invite() -> tuple[Double, Invite]:
    """The one invite of a test, from host to guest."""
    mpsd, host, guest = a_lobby()
    invite(mpsd, host, guest.xuid, context="spawn")
    (record,) = mpsd.invites
    return mpsd, record


def test_an_invite_has_the_fields_of_request_and_answer() -> None:
    """Fields read in snake case, values as they were sent."""
    mpsd, record = an_invite()

    assert mpsd.user("guest").xuid == record.invited_xuid
    assert mpsd.user("host").xuid == record.sender_xuid
    assert mpsd.session("lobby-1").ref == record.session_ref
    assert "FakeLobby" == record.session_ref.template_name == record.session_ref["templateName"]
    assert (TITLE_ID, "spawn") == (record.invite_attributes.title_id, record.invite_attributes["context"])
    assert mpsd.journal[0].answer["id"] == record.id
    assert mpsd.journal[0].answer["expiration"] == record.expiration


def test_an_invite_knows_its_sender_time_and_entry() -> None:
    """Beside the fields stand the user of the test, the virtual time, the entry, and whether it was delivered."""
    mpsd, record = an_invite()

    assert mpsd.user("host") is record.by
    assert mpsd.journal[0] is record.entry
    assert mpsd.journal[0].at == record.at
    assert record.delivered is True


def test_an_activity_has_its_fields_in_both_dialects() -> None:
    """In the documented dialect the answer has no body, but the record has its fields."""
    for dialect in ("observed", "documented"):
        mpsd, host, _ = a_lobby(dialect=dialect)
        activity(mpsd, host)
        (record,) = mpsd.activities

        assert (host.xuid, host.title_id) == (record.owner_xuid, record.title_id)
        assert record.id
        assert record.create_time.startswith("2026-01-06T10:00:00.")


def test_only_what_was_accepted_is_a_record() -> None:
    """Refused requests are in ``refused``; an invite whose answer was lost was accepted."""
    mpsd, host, guest = a_lobby()
    invite(mpsd, guest, "9000000000000011")
    lose_answers(mpsd)
    invite(mpsd, host, "9000000000000012")

    assert [{"invited_xuid": "9000000000000012"}] == mpsd.invites
    assert ["not_a_member"] == [entry.refusal.kind.name for entry in mpsd.refused if entry.refusal]
    assert [] == mpsd.activities


def test_what_a_test_arranges_is_no_record() -> None:
    """A seeded activity is shown now, and was not sent."""
    mpsd, host, _ = a_lobby()
    mpsd.activity(host, mpsd.session("lobby-1"))
    shown = mpsd.activity_of(host)

    assert [] == mpsd.activities
    assert {"owner_xuid": host, "by": host, "session_ref": mpsd.session("lobby-1").ref} == shown
    assert shown is not None
    assert shown.entry is None
    assert "<Activity by Host 9000000000000001: lobby-1>" == repr(shown)


def test_the_present_activity_is_the_record_that_set_it() -> None:
    """activity_of gives the record of the request, and nothing once it is gone."""
    mpsd, host, _ = a_lobby()
    activity(mpsd, host)
    activity(mpsd, host)

    assert mpsd.activities[1] == mpsd.activity_of(host) == mpsd.activity_of(host.xuid)
    mpsd.session("lobby-1").join(host, status="inactive")

    assert mpsd.activity_of(host) is None
    assert 2 == len(mpsd.activities)


def test_a_service_that_invites_for_a_player_is_named_as_such() -> None:
    """The caller was a service: the record names the user that it acted for."""
    mpsd, host, guest = a_lobby()
    body = {
        "type": "invite",
        "version": 1,
        "sessionRef": mpsd.session("lobby-1").ref,
        "invitedXuid": guest.xuid,
        "inviteAttributes": {"titleId": TITLE_ID},
    }
    send(mpsd, "POST", "/handles", mpsd.service().headers(host), body)

    (record,) = mpsd.invites

    assert "service of title 1234567890 for Host 9000000000000001" == record.by
    assert f"<Invite #1 by {record.by}: 9000000000000002 to lobby-1>" == repr(record)


def test_a_caller_whom_the_test_did_not_name_is_an_xuid() -> None:
    """While the test has named no user, the sender is the assumed user's xuid; reading it names no user either."""
    mpsd = a_double()
    headers = {"Authorization": "XBL3.0 x=77;secret", "X-Xbl-Contract-Version": "107"}
    for _ in range(2):
        activity(mpsd, None, headers=headers)  # type: ignore[arg-type] - the headers say who

        assert "9000000000000001" == mpsd.activities[-1].by


# ---- to compare


def test_records_compare_with_records() -> None:
    """Two readings of one request are equal and hash alike; two requests are not."""
    mpsd, host, guest = a_lobby()
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, guest.xuid)

    assert mpsd.invites == mpsd.invites
    assert 2 == len({*mpsd.invites, *mpsd.invites})
    assert mpsd.invites[0] != mpsd.invites[1]


def test_a_record_compares_with_some_of_its_fields() -> None:
    """A mapping names what matters, at every depth, in either spelling; users count as xuids."""
    mpsd, record = an_invite()

    assert record == {"invited_xuid": mpsd.user("guest"), "by": mpsd.user("host"), "delivered": True}
    assert record == {"invitedXuid": "9000000000000002", "inviteAttributes": {"context": "spawn"}}
    assert record == {"invite_attributes": {"title_id": TITLE_ID}}
    assert record != {"invited_xuid": "9000000000000003"}
    assert record != {"invited_xiud": "9000000000000002"}
    assert record != {"invite_attributes": {"context": "nether"}}
    assert record != "9000000000000002"


def test_an_object_inside_a_record_compares_whole() -> None:
    """A session reference is equal to the whole reference only, in either spelling."""
    _, record = an_invite()
    ref = record.session_ref

    assert ref == {"scid": ref.scid, "template_name": "FakeLobby", "name": "lobby-1"}
    assert ref != {"name": "lobby-1"}
    assert ref != "lobby-1"


def test_a_record_cannot_change() -> None:
    """What was sent was sent."""
    _, record = an_invite()

    with pytest.raises(AttributeError) as caught:
        record.invited_xuid = "9000000000000003"
    record.wire["invitedXuid"] = "9000000000000003"

    assert "this Invite is a record of what was sent, and cannot change." == str(caught.value)
    assert "9000000000000002" == record.invited_xuid


def test_a_misspelt_field_is_named() -> None:
    """The nearest field and all of them are named."""
    _, record = an_invite()

    with pytest.raises(AttributeError) as caught:
        _ = record.invited_xiud

    assert (
        "this Invite has no field 'invited_xiud'; did you mean 'invited_xuid'? It has: type, version, session_ref, "
        "invited_xuid, invite_attributes, sender_xuid, id, invite_protocol, game_types, expiration"
    ) == str(caught.value)


def test_a_record_prints_what_matters() -> None:
    """Number, sender, invitee and session, on one line."""
    _, record = an_invite()

    assert "<Invite #1 by Host 9000000000000001: 9000000000000002 to lobby-1>" == repr(record)


def test_the_answer_holds_where_both_have_a_field() -> None:
    """Objects are merged field by field; an id that a client made up gives way to the service's."""
    assert {"id": 2, "a": {"x": 1, "y": 3, "z": 4}, "b": 5} == merged(
        {"id": 1, "a": {"x": 1, "y": 2}}, {"id": 2, "a": {"y": 3, "z": 4}, "b": 5}
    )
    assert {"id": 1} == merged({"id": 1}, None)


# ---- a plain assert


def test_a_plain_comparison_is_explained() -> None:
    """Each place of the list is as wanted, differs in named fields, or is one too many."""
    mpsd, host, guest = a_lobby()
    for xuid in (guest.xuid, "9000000000000021", "9000000000000031"):
        invite(mpsd, host, xuid)
    wanted = [{"invited_xuid": guest}, {"invited_xuid": "9000000000000012", "by": guest}]

    assert [
        "3 invites accepted, 2 wanted",
        "  [0] <Invite #1 by Host 9000000000000001: 9000000000000002 to lobby-1>: as wanted",
        "  [1] <Invite #2 by Host 9000000000000001: 9000000000000021 to lobby-1>:",
        "      invitedXuid   wanted '9000000000000012'   sent '9000000000000021'",
        "      by            wanted '9000000000000002'   sent '9000000000000001'",
        "  [2] <Invite #3 by Host 9000000000000001: 9000000000000031 to lobby-1>: not wanted",
    ] == explain("==", mpsd.invites, wanted)
    assert explain("==", mpsd.invites, wanted) == explain("==", wanted, mpsd.invites)


def test_a_missing_record_is_explained() -> None:
    """What is missing is shown as it was wanted; a text is told what a record compares with."""
    mpsd, _ = an_invite()

    assert [
        "1 invite accepted, 2 wanted",
        "  [0] <Invite #1 by Host 9000000000000001: 9000000000000002 to lobby-1>:",
        "      wanted '9000000000000002'",
        "      a record equals a mapping of some of its fields: {'invited_xuid': '9000000000000002'}",
        "  [1] wanted {'id': '7'}: not there",
    ] == explain("==", mpsd.invites, ["9000000000000002", {"id": "7"}])


def test_one_record_is_explained() -> None:
    """A single record against a mapping shows the fields that differ."""
    _, record = an_invite()

    assert [
        "<Invite #1 by Host 9000000000000001: 9000000000000002 to lobby-1> is not as wanted:",
        "  inviteAttributes.context   wanted 'nether'   sent 'spawn'",
    ] == explain("==", record, {"invite_attributes": {"context": "nether"}})


@pytest.mark.parametrize(("left", "right"), [([], []), ([1], [2]), ("a", "b"), ([], [{}])])
def test_other_comparisons_are_left_to_pytest(left: object, right: object) -> None:
    """What holds no record of ours is left alone."""
    assert explain("==", left, right) is None


def test_other_operators_are_left_to_pytest() -> None:
    """Only equality is explained."""
    mpsd, record = an_invite()

    assert explain("!=", mpsd.invites, [record]) is None


def test_an_activity_is_a_record_of_its_own_kind() -> None:
    """An activity with the fields of an invite is not an invite."""
    _, record = an_invite()
    other = Activity(record.wire, at=record.at, by=record.by, entry=record.entry, delivered=record.delivered)

    assert record != other


def test_an_object_inside_a_record_reads_like_one() -> None:
    """Objects and arrays at every depth are frozen, hash by value, and name the nearest field."""
    fields = FrozenFields({"sessionRef": {"name": "a"}, "tags": ["x", {"titleId": "1"}]})

    assert ("x", {"title_id": "1"}) == fields.tags
    assert 1 == len({fields, FrozenFields(fields.wire)})
    assert fields == {"session_ref": FrozenFields({"name": "a"}), "tags": ["x", {"title_id": "1"}]}
    assert "{'name': 'a'}" == repr(fields.session_ref)
    assert not hasattr(fields, "__array__")
    with pytest.raises(AttributeError, match="this object has no field 'nmae'; did you mean 'name'"):
        _ = fields.session_ref.nmae


def test_what_may_be_absent_reads_as_none() -> None:
    """Fields of the contract that were not sent are None; any other name is an error that names the nearest."""
    record = Invite({"sessionRef": {"name": "a"}, "inviteAttributes": {}}, at=NOW, by="x", entry=None, delivered=None)

    assert (None, None) == (record.invite_protocol, record.game_types)
    assert record.invite_attributes is not None
    assert record.invite_attributes.context is None
    with pytest.raises(AttributeError, match="this Invite has no field 'sesion_ref'; did you mean 'session_ref'"):
        record.sesion_ref  # type: ignore[attr-defined]  # noqa: B018 - that is what is refused
