"""A world may be called as the test that it is for."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.server.worlds.lived import lived


def test_a_world_has_the_name_that_a_test_gives_it() -> None:
    """Its id is the server's, and leads there, too; its tokens have the id."""
    with lived() as server:
        world = server.world("größte lobby: joins (2/3)", 60)
        control = world["control"].partition("/_handlesfake")[2]
        about = [
            server.ask("GET", path).json["world"]["id"]
            for path in (control, f"/worlds/{quote(world['name'], safe='')}")
        ]

    assert ("w1", "größte lobby: joins (2/3)", 60) == (world["id"], world["name"], world["expires_after"])
    assert "/worlds/w1" == control
    assert ["w1", "w1"] == about
    assert world["users"]["host"]["authorization"].startswith("XBL3.0 x=w1.")


def test_a_world_without_a_name_is_called_by_its_id() -> None:
    """It stays until a client ends it."""
    with lived() as server:
        server.world()
        server.machine.now += 10**7
        listed = server.ask("GET", "/worlds").json
        default = server.ask("GET", "/").json["world"]

    assert [
        {
            "id": "w1",
            "name": "w1",
            "control": f"{server.url}/_handlesfake/worlds/w1",
            "age": 1e7,
            "expires_after": None,
            "expires_in": None,
            "requests": 0,
            "connections": 0,
        }
    ] == listed
    assert default is None


def test_lists_say_how_old_each_is_and_when_it_ends() -> None:
    """In seconds of the machine's clock, whatever a test does to the fake's."""
    with lived() as server:
        one = server.world("one", 60)
        server.show(one)
        server.machine.now += 5
        server.world("two")
        server.ask("POST", "/worlds/two/clock", {"advance": "2h"})
        server.machine.now += 2.5
        listed = server.ask("GET", "/worlds").json
        told = [
            [found[word] for word in ("name", "age", "expires_after", "expires_in", "requests")] for found in listed
        ]

    assert [["one", 7.5, 60, 52.5, 1], ["two", 2.5, None, None, 0]] == told


def test_two_worlds_have_no_name_in_common() -> None:
    """The error says which has it, how old that is, when it ends, and what to do; nothing is made."""
    with lived() as server:
        server.world("lobby", 60)
        server.machine.now += 12
        taken = server.ask("POST", "/worlds", {"name": "lobby"})
        server.world("rules")
        other = server.ask("POST", "/worlds", {"name": "rules"})

        assert ["w1", "w2"] == server.ids()

    assert 422 == taken.status
    assert (
        "there is a world 'lobby' already: w1, made 12.0 s ago; it ends by itself in 48.0 s unless it is used.\n"
        "  give this one another name, or end that one first: DELETE /worlds/w1\n"
    ) == taken.text
    assert other.text.startswith("there is a world 'rules' already: w2, made 0.0 s ago; it does not end by itself.\n")


def test_a_name_is_free_again_once_its_world_has_ended() -> None:
    """By DELETE or by itself; what is told the old id does not reach the new world."""
    with lived() as server:
        server.world("lobby")
        server.ask("DELETE", "/worlds/lobby")
        second = server.world("lobby", 1)
        server.machine.now += 1
        third = server.world("lobby")
        statuses = [server.ask("GET", f"/worlds/{one}/users").status for one in ("w1", "w2", "w3", "lobby")]

    assert ["w2", "w3"] == [second["id"], third["id"]]
    assert [410, 410, 200, 200] == statuses


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "name: a world is called by one line of 1 to 200 characters, as the title of a test, and not ''\n"),
        ("two\nlines", "name: a world is called by one line of 1 to 200 characters, as the title of a test, and not 'two\\nlines'\n"),
        ("x" * 201, f"name: a world is called by one line of 1 to 200 characters, as the title of a test, and not '{'x' * 59}\n"),
        ("..", "name: a world is called by one line of 1 to 200 characters, as the title of a test, and not '..'\n"),
        ("a\u202eb", "name: a world is called by one line of 1 to 200 characters, as the title of a test, and not 'a\\u202eb'\n"),
        ("w7", "name: 'w7' is how the server itself calls worlds. Leave the name out, or take another one.\n"),
        (7, 'name: expected a text, got 7; write "7", in quotation marks\n'),
    ],
    ids=["empty", "lines", "long", "dots", "turning", "an id", "a number"],
)  # fmt: skip
def test_names_that_cannot_be(name: object, problem: str) -> None:
    """What would not fit in an address, on a line or beside the server's own ids makes no world."""
    with lived() as server:
        answer = server.ask("POST", "/worlds", {"name": name})

        assert [] == server.ids()

    assert (422, problem) == (answer.status, answer.text)


@pytest.mark.parametrize(("seconds", "said"), [(0, "0"), (-1, "-1"), (2e9, "2e+09")])
def test_lives_that_cannot_be(seconds: float, said: str) -> None:
    """A life is longer than nothing; without the word it has no end."""
    with lived() as server:
        server.world("lobby", 60)
        made = server.ask("POST", "/worlds", {"expires_after": seconds})
        renewed = server.ask("POST", "/worlds/lobby/renew", {"expires_after": seconds})

        assert ["w1"] == server.ids()

    problem = (
        f"expires_after: {said} is not a number of seconds above 0 and up to 1e+09. "
        "A world that is made without it stays until it is deleted.\n"
    )
    assert [(422, problem)] * 2 == [(one.status, one.text) for one in (made, renewed)]


def test_a_name_that_was_never_given() -> None:
    """The nearest one is named, and the existing ones, by their names."""
    with lived() as server:
        server.world("lobby")
        server.world()
        answer = server.ask("GET", "/worlds/loby/journal")

    assert (
        404,
        "there is no world 'loby'; did you mean 'lobby'? Known: 'lobby' (w1), w2. POST /worlds makes one.\n",
    ) == (answer.status, answer.text)


def test_names_are_no_worlds_of_the_default_one() -> None:
    """Renewing and ending are about a world that is named."""
    with lived() as server:
        statuses = [server.ask("POST", f"/{call}").status for call in ("renew", "expire")]

    assert [404, 404] == statuses
