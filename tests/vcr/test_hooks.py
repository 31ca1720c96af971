"""The hooks by themselves: what vcrpy keeps in memory, what it writes, and what is left out."""

from __future__ import annotations

import copy
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
import vcr
from vcr.request import Request

import handlesfake
from handlesfake.cassettes.people.pseudonym_key import VARIABLE
from handlesfake.vcr import Hooks
from tests.vcr.conftest import VcrOf
from tests.vcr.traffic import MPSD, OPAQUE, SOMEBODY, answered, sent


def test_one_person_has_one_pseudonym(vcr_of: VcrOf) -> None:
    """Who is invited by number has the same made-up number in address, request and answer."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(
            sent({"invitedXuid": SOMEBODY}, f"/users/xuid({SOMEBODY})"), answered({"invitedXuid": SOMEBODY})
        )

    request, response = cassette.data[0]
    made_up = json.loads(request.body)["invitedXuid"]
    assert SOMEBODY != made_up
    assert f"{MPSD}/users/xuid({made_up})" == request.uri
    assert {"invitedXuid": made_up} == json.loads(response["body"]["string"])


def test_who_is_known_by_the_answer_is_replaced_in_its_request(vcr_of: VcrOf) -> None:
    """A gamertag in free text is one once the answer has it in a field of that name: in memory, too."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({"note": "for SleepyWombat4711"}), answered({"gamertag": "SleepyWombat4711"}))

    request, response = cassette.data[0]
    made_up = json.loads(response["body"]["string"])["gamertag"]
    assert {"note": f"for {made_up}"} == json.loads(request.body)


def test_who_is_known_only_later_is_replaced_in_what_is_written(vcr_of: VcrOf, tmp_path: Path) -> None:
    """The file holds no gamertag that only a later exchange has shown to be one."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({"note": "for SleepyWombat4711"}), answered({}))
        cassette.append(sent({"type": "invite"}), answered({"gamertag": "SleepyWombat4711"}))

    assert "SleepyWombat" not in tmp_path.joinpath("a.yaml").read_text()


def test_who_was_known_only_later_is_found_again(vcr_of: VcrOf) -> None:
    """A replay does not know yet that it is a gamertag, and finds the request by the pseudonym that it would have."""
    first = sent({"note": "for SleepyWombat4711"})
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(first, answered({}))
        cassette.append(sent({"type": "invite"}), answered({"gamertag": "SleepyWombat4711"}))

    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        assert replay.can_play_response_for(first)
        assert not replay.can_play_response_for(sent({"note": "for AnotherWombat12"}))


def test_secrets_are_in_no_memory_and_in_no_file(vcr_of: VcrOf, tmp_path: Path) -> None:
    """A token goes from the header, and wherever else it comes; so does the answer's cookie."""
    token = "eyJhbGciOiJub25lIn0.made-up-token-of-nobody"
    with vcr_of(None).use_cassette("a.yaml") as cassette:
        cassette.append(
            sent({"echo": token}, Authorization=f"XBL3.0 x=12345678901234567;{token}"),
            answered({"said": token, "uhs": "12345678901234567"}, **{"Set-Cookie": "sid=cookie-of-nobody"}),
        )

    request, response = cassette.data[0]
    label = request.headers["Authorization"].removeprefix("XBL3.0 x=").removesuffix(";removed")
    told = json.loads(response["body"]["string"])
    assert {"said": "removed", "uhs": label} == told
    text = tmp_path.joinpath("a.yaml").read_text()
    assert [] == [one for one in (token, "12345678901234567", "cookie-of-nobody") if one in text]


@pytest.mark.parametrize("decoded", [False, True])
def test_a_packed_answer_is_looked_into(decoded: bool, vcr_of: VcrOf, tmp_path: Path) -> None:
    """What came in gzip is scrubbed and written plain, whether or not vcrpy has been told to unpack it."""
    packed = gzip.compress(json.dumps({"invitedXuid": SOMEBODY}).encode())
    with vcr_of(decode_compressed_response=decoded).use_cassette("a.yaml") as cassette:
        cassette.append(sent({"type": "invite"}), answered(packed, **{"Content-Encoding": "gzip"}))

    headers = cassette.responses[0]["headers"]
    assert "Content-Encoding" not in headers
    assert "invitedXuid" in tmp_path.joinpath("a.yaml").read_text()
    assert SOMEBODY not in tmp_path.joinpath("a.yaml").read_text()


def test_a_packed_request_is_looked_into(vcr_of: VcrOf, tmp_path: Path) -> None:
    """What was sent in gzip is scrubbed, written plain, and found again, packed or not."""
    body = json.dumps({"invitedXuid": SOMEBODY}).encode()
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent(gzip.compress(body), **{"Content-Encoding": "gzip"}), answered({}))

    assert SOMEBODY not in tmp_path.joinpath("a.yaml").read_text()
    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        assert replay.can_play_response_for(sent(body))
        assert replay.can_play_response_for(sent(gzip.compress(body, 1), **{"Content-Encoding": "gzip"}))


WITHHELD = f"""\
POST {MPSD}/handles is not in the cassette: body.blob looks like a secret (35 characters that look like chance)
  if that is not a secret, say so, and record again:
      handlesfake.vcr.Hooks(not_secret=["body.blob"])"""


def test_what_looks_like_a_secret_is_not_written(vcr_of: VcrOf, tmp_path: Path) -> None:
    """The exchange is left out, and a warning says so, why, and what to do; the others are written."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({"type": "activity"}), answered({}))
        with pytest.warns(handlesfake.WithheldWarning) as told:
            cassette.append(sent({"type": "invite"}), answered({"blob": OPAQUE}))

    assert [WITHHELD] == [str(one.message) for one in told]
    text = tmp_path.joinpath("a.yaml").read_text()
    assert OPAQUE not in text
    assert 1 == text.count("- request:")


def test_what_is_said_to_be_no_secret_is_written(vcr_of: VcrOf, tmp_path: Path) -> None:
    """``not_secret`` names places, as the setting of a recording does."""
    with vcr_of(options={"not_secret": ["body.blob"]}).use_cassette("a.yaml") as cassette:
        cassette.append(sent({"type": "invite"}), answered({"blob": OPAQUE}))

    assert OPAQUE in tmp_path.joinpath("a.yaml").read_text()


def test_a_request_that_looks_secret_is_never_let_through(vcr_of: VcrOf) -> None:
    """Without a cassette that holds it, a request that would be left out is refused: vcrpy would send it for real."""
    with vcr_of(record_mode="none").use_cassette("a.yaml") as cassette:
        assert cassette.filter_request(sent({"blob": OPAQUE})) is not None


def test_the_serializer_alone_lets_nothing_pass(tmp_path: Path) -> None:
    """With other hooks instead of ours, what is written is still scrubbed."""
    own = vcr.VCR(cassette_library_dir=str(tmp_path))
    Hooks().configure(own)
    with pytest.warns(handlesfake.WithheldWarning), own.use_cassette("a.yaml", **UNSCRUBBED) as cassette:  # noqa: PT031 - it warns at the end
        bearer = {"Authorization": "XBL3.0 x=123456789;secret-token-1"}
        cassette.append(sent({"invitedXuid": SOMEBODY}, **bearer), answered({}))
        cassette.append(sent({"type": "invite"}), answered({"blob": OPAQUE}))

    text = tmp_path.joinpath("a.yaml").read_text()
    assert [] == [one for one in (SOMEBODY, "123456789", "secret-token-1", OPAQUE) if one in text]
    assert 1 == text.count("- request:")


UNSCRUBBED = {"before_record_request": lambda request: request, "before_record_response": lambda response: response}


def test_a_coding_that_nobody_reads_is_not_written(vcr_of: VcrOf, tmp_path: Path) -> None:
    """An answer that cannot be looked into is left out, with what can be done."""
    with (
        vcr_of().use_cassette("a.yaml") as cassette,
        pytest.warns(handlesfake.WithheldWarning, match="the content coding compress is not read here") as told,
    ):
        cassette.append(sent({"type": "invite"}), answered(b"\x1f\x9d\x90secret", **{"Content-Encoding": "compress"}))

    assert "Accept-Encoding: gzip" in str(told[0].message)
    assert not tmp_path.joinpath("a.yaml").exists()


# ---- with other hooks


def test_own_hooks_come_first(tmp_path: Path) -> None:
    """What the suite's own hooks make of it is scrubbed, too; one that leaves an exchange out has the last word."""

    def add(request: Request) -> Request | None:
        if request.uri.endswith("/health"):
            return None
        request.body = json.dumps({"invitedXuid": SOMEBODY}).encode()
        return request

    seen: list[Any] = []
    own = vcr.VCR(cassette_library_dir=str(tmp_path), before_record_request=add)
    own.before_record_response = [lambda response: seen.append(response["body"]["string"]) or response]
    Hooks().configure(own)
    with own.use_cassette("a.yaml") as cassette:
        cassette.append(sent({}, "/health"), answered({}))
        cassette.append(sent({}), answered({"invitedXuid": SOMEBODY}))

    assert [json.dumps({"invitedXuid": SOMEBODY}).encode()] == seen
    assert SOMEBODY not in tmp_path.joinpath("a.yaml").read_text()
    assert 1 == len(cassette)


def test_hooks_of_one_cassette_are_joined_by_vcr_config(tmp_path: Path) -> None:
    """``vcr_config`` puts hooks that win over those of the VCR before ours, and keeps every other setting."""
    hooks = Hooks()
    own = vcr.VCR(cassette_library_dir=str(tmp_path))
    hooks.configure(own)
    seen: list[str] = []
    config = hooks.vcr_config(before_record_request=lambda one: seen.append(one.uri) or one, record_mode="all")
    with own.use_cassette("a.yaml", **config) as cassette:
        cassette.append(sent({"invitedXuid": SOMEBODY}), answered({}))

    assert "all" == config["record_mode"]
    assert [f"{MPSD}/handles"] == seen
    assert SOMEBODY not in tmp_path.joinpath("a.yaml").read_text()


def test_a_copy_of_the_settings_has_the_same_hooks() -> None:
    """Copied by pytest-recording, the hooks know the people of the matcher and the serializer."""
    hooks = Hooks()
    config = copy.deepcopy(hooks.vcr_config())

    assert [hooks.before_record_request] == config["before_record_request"]


def test_to_configure_again_changes_nothing() -> None:
    """A VCR that is configured twice asks each hook once."""
    own, hooks = vcr.VCR(), Hooks()
    hooks.configure(own)
    hooks.configure(own)

    assert [hooks.before_record_request] == own.before_record_request
    assert [hooks.before_record_response] == own.before_record_response


def test_matchers_that_a_suite_names_stay() -> None:
    """Who says what is compared is not overruled; ``mpsd`` is there to be named beside it."""
    own = vcr.VCR(match_on=["method", "mpsd"])
    Hooks().configure(own)

    assert ["method", "mpsd"] == own.match_on
    assert 2 == len(own.get_merged_config(path="a.yaml")["match_on"])


# ---- the key


def test_a_replay_with_made_up_people_makes_no_key(
    vcr_of: VcrOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a CI server nothing is written to a home folder; where a person is recorded, the key is made."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    own = {"host": {"xuid": "9000000000000001", "authorization": "XBL3.0 x=host;made-up"}}
    with vcr_of(own).use_cassette("a.yaml") as cassette:
        cassette.append(
            sent({"invitedXuid": "9000000000000001"}, Authorization="XBL3.0 x=host;made-up"), answered({})
        )
    assert not tmp_path.joinpath("home").exists()

    with vcr_of(own).use_cassette("b.yaml") as cassette:
        cassette.append(sent({"invitedXuid": SOMEBODY}), answered({}))

    assert tmp_path.joinpath("home", "handlesfake", "pseudonym.key").exists()


def test_a_home_that_nobody_writes_to_leaks_nobody(
    vcr_of: VcrOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no key can be made, people still have pseudonyms, which cannot be made again."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(os, "link", refuse)
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({"invitedXuid": SOMEBODY}), answered({}))

    assert SOMEBODY not in tmp_path.joinpath("a.yaml").read_text()
