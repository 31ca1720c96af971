"""Any content of a file or a setting: it is loaded, or our own error is raised, and nothing else happens.

Valid files, mutated. A hundred examples of each loader in the suite; ``tox -e long`` tries 100,000 of each.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import handlesfake
from handlesfake.errors import RuleError, SettingsError
from handlesfake.rules.loading import load_rules_text
from handlesfake.templates.loading import load_templates
from tests.fuzzing.captures import LOADERS
from tests.fuzzing.mutation import Choices, mutated_text, mutated_tree


@pytest.mark.parametrize("name", LOADERS)
def test_what_is_mutated_is_good(name: str) -> None:
    """Each base loads: else its mutants would try little of the loader."""
    for text in LOADERS[name].good:
        LOADERS[name].load(text)


@pytest.mark.parametrize("name", LOADERS)
@settings(deadline=None)  # a machine under load
@given(drawn=st.binary(min_size=6, max_size=30))
def test_a_mutant_is_loaded_or_our_own_error(name: str, drawn: bytes) -> None:
    """No foreign exception comes out."""
    loader = LOADERS[name]
    try:
        loader.load(loader.mutant(drawn))
    except loader.error as error:
        assert str(error)  # noqa: PT017 - there need be none


def test_mutants_differ_from_what_they_were() -> None:
    """The mutations mutate: of all that one byte chooses, most do."""
    text = b"a: {b: [1, 2], c: d}\n"
    texts = {mutated_text(text, Choices(bytes([one, how, 7]))) for one in range(8) for how in range(6)}
    trees = {
        repr(mutated_tree('{"a": [1, {"b": 2}]}', ("a", "b"), Choices(bytes([at, 1, 3, how]))))
        for at in range(4)
        for how in range(8)
    }

    assert len(texts) > 20
    assert len(trees) > 8


# ---- what it has found, and what was reported


def test_a_condition_in_the_place_of_fields_is_told() -> None:
    """``fields`` names fields; a condition is below the name of one."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(
            b"rules:\n- when: {operation: create_handle, fields: {absent: true}}\n  then: {refuse: throttled}\n",
            "r.yaml",
        )

    assert (
        "r.yaml, line 2, column 45: fields names fields of the body, and 'absent' is a condition on one: "
        "fields: {NAME: {absent: ...}}\n"
        "  a field that is called so: fields: {absent: {equals: ...}}"
    ) == str(caught.value)


def test_a_field_may_be_called_as_a_condition_is() -> None:
    """As the message says it."""
    (rule,) = load_rules_text(
        b"rules:\n- when: {fields: {absent: {equals: 1}}}\n  then: {refuse: throttled}\n", "r.yaml"
    )

    assert ((("absent",), 1),) == rule.when.fields


BINARY = {
    "rules": b"rules:\n- when: {fields: {a: !!binary /wA=}}\n  then: {refuse: throttled}\n",
    "templates": b"A: {constants: {system: {version: 1, capabilities: {crossPlay: !!binary /wA=}}}}\n",
    "states": b"sessions:\n- {name: a, custom: {b: !!binary /wA=}}\n",
}
WANTED = {
    "rules": "r.yaml, line 2, column 22: only a body can be !!binary; write a text",
    "templates": ", line 1, column 64: the tag !!binary is not read",
    "states": ", line 2, column 25: the tag !!binary is not read",
}


@pytest.mark.parametrize("name", BINARY)
def test_bytes_stand_in_bodies_only(name: str) -> None:
    """What is JSON in another spelling has none; a place is named."""
    with pytest.raises((RuleError, SettingsError)) as caught:
        LOADERS[name].load(BINARY[name])

    assert str(caught.value).endswith(WANTED[name])


def test_a_body_may_be_bytes() -> None:
    """That of a rule's response."""
    (rule,) = load_rules_text(b"rules:\n- then: {respond: {status: 200, body: !!binary /wA=}}\n", "r.yaml")

    assert b"\xff\x00" == rule.then.response.body  # type: ignore[attr-defined] # a Respond


def itself() -> dict[str, object]:
    """A mapping that holds itself."""
    found: dict[str, object] = {}
    found["a"] = found
    return found


NO_JSON = {
    "b'x' of type bytes is nothing that JSON can say": b"x",
    "{1} of type set is nothing that JSON can say": {1},
    "nan of type float is nothing that JSON can say": float("nan"),
    "the key 1 of type int must be a text, as in JSON": {1: 2},
    "a value is nested deeper than 200 levels: does it hold itself?": itself(),
}


@pytest.mark.parametrize("message", NO_JSON)
@pytest.mark.parametrize("word", ["custom", "constants"])
def test_what_json_cannot_say_is_refused_as_it_is_arranged(message: str, word: str) -> None:
    """Not when a client asks for it; in a call as in a state."""
    mpsd = handlesfake.Double()
    for arrange in (
        lambda value: mpsd.session("a", **{word: value}),
        lambda value: mpsd.load({"sessions": [{"name": "a", word: value}]}),
    ):
        with pytest.raises(SettingsError) as caught:
            arrange({"maxMembersCount": NO_JSON[message]})

        assert message in str(caught.value)


@pytest.mark.parametrize("keywords", [[1], [None], [{}], "a", {"a": 1}])
def test_keywords_that_are_no_texts_are_refused_as_they_are_arranged(keywords: object) -> None:
    """In a call as in a state."""
    mpsd = handlesfake.Double()
    for arrange in (
        lambda: mpsd.session("a", properties={"keywords": keywords}),
        lambda: mpsd.load({"sessions": [{"name": "a", "properties": {"keywords": keywords}}]}),
    ):
        with pytest.raises(SettingsError, match="keywords"):
            arrange()


def test_a_recorded_address_that_is_none_is_told() -> None:
    """By its place."""
    text = b"responses:\n- response: {method: GET, url: 'https://[::1/handles', status: 200}\n"
    with pytest.raises(RuleError, match="r.yaml, line 2, column 32: url cannot be read: Invalid IPv6 URL"):
        load_rules_text(text, "r.yaml")


def test_a_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """In the reference of a session, too."""
    path = tmp_path / "state.yaml"
    path.write_text("sessions: [a]\nactivities:\n- {user: host, session: {name: a, template: 5}}\n")
    with pytest.raises(SettingsError, match=r"state\.yaml, line 3, column 45: template must be a text: write \"5\""):
        handlesfake.Double().load(path)


def test_a_capability_that_is_no_boolean_is_told(tmp_path: Path) -> None:
    """By its place."""
    path = tmp_path / "t.yaml"
    path.write_text("A: {constants: {system: {version: 1, capabilities: {crossPlay: night}}}}\n")
    with pytest.raises(SettingsError, match="no session could be made of it"):
        load_templates(path)


def test_a_run_leaves_no_folder(tmp_path: Path) -> None:
    """What the loaders of files need for a run is gone with its process."""
    script = "from tests.fuzzing import loaders; loaders._file(b''); print(loaders._FOLDER.name)"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "TMP": str(tmp_path)}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=root, env=environment
    )

    assert Path(done.stdout.strip()).parent == tmp_path
    assert [] == list(tmp_path.iterdir())
