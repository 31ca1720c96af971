"""Directory: everything the service knows, as one immutable value."""

from __future__ import annotations

from dataclasses import replace

from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.identity import KnownUser, Title
from handlesfake.mpsd.state.session import Member, Session, SessionRef

HOST = KnownUser("9000000000000001", "1111111111111111111", "1234567890")
REF = SessionRef("S", "T", "Lobby")
SESSION = Session(REF, "b", '"e"', "c", 1, properties={"system": {"keywords": ["CTF"]}}).with_member(
    Member(0, HOST.xuid, 1)
)
SCID_PLACE = (HOST.xuid, "s")
EMPTY = Directory()


def handle(name: str, kind: str = "activity", ref: SessionRef = REF) -> Handle:
    """A handle of the host."""
    return Handle(name, kind, ref, HOST.xuid, "1234567890", 1, kept({"id": name}, ref))


def test_users_are_known_by_xuid_and_hash() -> None:
    """Both lead to the same user."""
    directory = EMPTY.with_user(HOST)

    assert HOST == directory.users[directory.hashes["1111111111111111111"]]
    assert 0 == len(EMPTY.users)


def test_a_title_is_bare_until_it_is_described() -> None:
    """An undescribed title has its id, and no more."""
    described = Title("7", pfn="Contoso.Game_abc")
    directory = Directory(titles={**EMPTY.titles, "7": described})

    assert described == directory.title("7")
    assert Title("8") == directory.title("8")


def test_sessions_are_found_without_regard_to_case() -> None:
    """A session is one session under every spelling; the indexes follow it."""
    directory = EMPTY.with_session(SESSION)

    assert SESSION == directory.session(SessionRef("s", "t", "LOBBY"))
    assert [REF.key] == list(directory.sessions_of[HOST.xuid])
    assert [REF.key] == list(directory.sessions_by_keyword[("s", "ctf")])


def test_a_change_that_is_nobodys_coming_or_going_leaves_the_indexes() -> None:
    """Most writes change neither members nor keywords: then the indexes are the very same."""
    plain = replace(SESSION, properties={})
    directory = EMPTY.with_session(plain)
    changed = directory.with_session(plain.bumped("0123"))

    assert changed.sessions_of is directory.sessions_of
    assert changed.sessions_by_keyword is directory.sessions_by_keyword


def test_a_session_that_goes_leaves_every_index() -> None:
    """Nothing that was gathered about it stays."""
    directory = EMPTY.with_session(SESSION).with_session(SESSION.without_member(0))

    assert 0 == len(directory.sessions_of)
    assert EMPTY == directory.without_session(SESSION)
    assert directory.session(REF) is not None


def test_handles_are_known_by_id_and_by_session() -> None:
    """A handle that goes leaves both."""
    directory = EMPTY.with_handle(handle("a", "invite")).with_handle(handle("b", "invite"))
    one = directory.without_handle(directory.handles["a"])

    assert {"a", "b"} == set(directory.handles_of[REF.key])
    assert (["b"], ["b"]) == (list(one.handles), list(one.handles_of[REF.key]))
    assert EMPTY == one.without_handle(one.handles["b"])


def test_there_is_one_activity_at_a_place() -> None:
    """The second takes the place of the first, which is gone everywhere."""
    directory = EMPTY.with_activity(SCID_PLACE, handle("a")).with_activity(SCID_PLACE, handle("b"))

    assert (current := directory.activity_at(SCID_PLACE)) is not None
    assert "b" == current.id
    assert ["b"] == list(directory.handles) == [each.id for each in directory.activities_of(HOST.xuid)]
    assert directory.activity_at((HOST.xuid, "other")) is None
    assert [] == list(directory.activities_of("1"))


def test_an_activity_takes_the_place_of_all_that_stood_there() -> None:
    """Where sessions were separate places, and the scid is one now (U20), one activity is left there."""
    other, elsewhere = SessionRef("S", "T", "Other"), SessionRef("S2", "T", "Lobby")
    directory = EMPTY.with_activity((HOST.xuid, *REF.key), handle("a"))
    directory = directory.with_activity((HOST.xuid, "s2"), handle("b", ref=elsewhere))
    directory = directory.with_activity((HOST.xuid, *other.key), handle("c", ref=other))
    after = directory.with_activity(SCID_PLACE, handle("d"))

    assert ["a", "b", "c"] == [each.id for each in directory.activities_of(HOST.xuid)]
    assert ["b", "d"] == [each.id for each in after.activities_of(HOST.xuid)] == list(after.handles)
    assert {REF.key: ("d",), elsewhere.key: ("b",)} == after.handles_of


def test_an_activity_that_goes_leaves_its_place_only() -> None:
    """By either reading of the scope (U20), what stands elsewhere stays."""
    other = handle("b", ref=SessionRef("S2", "T", "Lobby"))
    directory = EMPTY.with_activity((HOST.xuid, *REF.key), handle("a")).with_activity((HOST.xuid, "s2"), other)
    without = directory.without_handle(directory.handles["a"])

    assert ["b"] == [each.id for each in without.activities_of(HOST.xuid)]
    assert EMPTY == without.without_handle(other)


def test_an_activity_handle_without_a_place_goes_like_any_other() -> None:
    """A handle that stands nowhere takes nothing else away."""
    directory = EMPTY.with_activity(SCID_PLACE, handle("a")).with_handle(handle("stray"))

    assert ["a"] == list(directory.without_handle(directory.handles["stray"]).handles)
    assert EMPTY == EMPTY.with_handle(handle("stray")).without_handle(handle("stray"))


def test_there_is_one_search_handle_of_a_session() -> None:
    """The second takes the place of the first; one that goes leaves the others of its template."""
    other = handle("c", "search", SessionRef("S", "T", "Other"))
    directory = EMPTY.with_search(handle("a", "search")).with_search(handle("b", "search")).with_search(other)
    without = directory.without_handle(directory.handles["b"])

    assert (found := directory.search_at(REF)) is not None
    assert ("b", {"b", "c"}) == (found.id, set(directory.handles))
    assert without.search_at(REF) is None
    assert without.search_at(other.session_ref) is not None
    assert EMPTY == without.without_handle(other)
    assert EMPTY == EMPTY.with_handle(handle("x", "search")).without_handle(handle("x", "search"))
