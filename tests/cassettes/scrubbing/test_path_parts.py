"""Secrets and people in paths, in names of files and among acting users: by the name beside them, or by their place."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.cassettes.scrubbing.both_ways import MADE_UP, answer, asked, both_ways

NAMED = {
    "/servers/rcon.password/quiet-heron-meadow/players": "quiet-heron-meadow",
    "/apikey/4f0e9b1c-2d3a-4e5f-8a7b-6c5d4e3f2a1b/x": "4f0e9b1c-2d3a-4e5f-8a7b-6c5d4e3f2a1b",
    "/roomPassword/7716heron": "7716heron",
    "/pin/4711": "4711",
    "/users/password(quiet-heron-meadow)/x": "quiet-heron-meadow",
    "/users/password('Lantern%2FOtter%2F7')/x": "Lantern%2FOtter%2F7",
    "/gamertag/Velvet%20Otter%2041/x": "Velvet%20Otter%2041",
    "/friendXuid/18446744073709546905/x": "18446744073709546905",
    "/dateOfBirth/1991-04-17": "1991-04-17",
    "/users/fullName(Ann%20Example)/handles": "Ann%20Example",
    "/phone/02079460123/calls": "02079460123",
    "/bot7716heron-meadow/sendMessage": "7716heron-meadow",
    "/botHeron%26Meadow!7/sendMessage": "Heron%26Meadow!7",
    "/player76561198000004711/stats": "76561198000004711",
    "/api/webhooks/271828182845904523/quiet-7-heron?wait=true": "quiet-7-heron",
    "/api/v10/interactions/271828182845904523/quiet-7-heron/callback": "quiet-7-heron",
}


@pytest.mark.parametrize("target", NAMED)
def test_a_part_of_a_path_is_known_by_its_name(target: str, tmp_path: Path) -> None:
    """In the part before, in front of parentheses, or glued to it; a scan finds it, and accepts what is written."""
    found = both_ways(tmp_path, asked(target))

    assert (False, True, True, True) == (NAMED[target] in found.written, *found[1:4])


KEPT = (
    "/api/webhooks/271828182845904523/messages",
    "/api/webhooks/4711/quiet-7-heron",
    "/password/reset",
    "/token/by-mail",
    "/oauth2/token/v2.0",
    "/login/oauth/authorize",
    "/phone/verify",
    "/location/search",
    "/host/games/next",
    "/ticket/4f0e9b1c-2d3a-4e5f-8a7b-6c5d4e3f2a1b",
    "/tickets/open-4711-now",
    "/secrets/name-of-one-secret",
    "/bots/7716heron-meadow",
    "/bot-framework/v3",
    "/sum(1,2)/x",
    "/versions/v1.21.95.1",
    "/serviceconfigs/00000000-0000-0000-0000-000012345678/sessionTemplates/duel/sessions/9f1b7cd08a564d2e9f1b7cd08a564d2e",
    "/serviceconfigs/x/sessions/q7Rk2Zp9Xw4Tn8Vb3Lm6Hs",
)


@pytest.mark.parametrize("target", KEPT)
def test_a_word_of_an_address_stays(target: str, tmp_path: Path) -> None:
    """Behind a name that could be that of a secret, too; and so do the names that clients choose for sessions."""
    found = both_ways(tmp_path, asked(target))

    assert (True, True, False, True) == (f"{target}\n" in found.written, *found[1:4])


@pytest.mark.parametrize("key", ["q7Rk2Zp9/Xw4Tn8Vb3Lm6Hs1Jd5Qx0Ty2+g4We6Ra=", "7F3A9C0B" * 14])
def test_no_client_chooses_such_a_name_of_a_session(key: str) -> None:
    """With the signs of base64, or longer than the service allows, it is judged as any text."""
    _, found = Scrubber(MADE_UP).request(asked(f"/serviceconfigs/x/sessions/{quote(key, safe='')}"), "")

    assert ["path"] == list(found.withheld)


@pytest.mark.parametrize("value", ["Velvet Otter 41", "Ottilie Example", "5C1EAE669088AB12"])
def test_who_was_met_is_known_behind_a_word(value: str, tmp_path: Path) -> None:
    """Without a mark between."""
    scrubber = Scrubber(MADE_UP)
    scrubber.name(value, "Player1")
    found = both_ways(tmp_path, asked(f"/bot{quote(value)}/sendMessage"), scrubber=scrubber)

    assert "/botPlayer1/sendMessage" in found.written


@pytest.mark.parametrize("value", ["1830401897724972", MADE_UP.of("id", "a-device"), "2976195925"])
def test_who_is_made_up_is_no_token_of_a_bot(value: str) -> None:
    """Nor is its number: so what was scrubbed stays as it is."""
    request, _ = Scrubber(MADE_UP).request(asked(f"/bot{value}/sendMessage"), "")

    assert f"/bot{value}/sendMessage" == request.target


FILES = {
    "filename*=UTF-8''export-81.2.69.160.csv": "81.2.69.160",
    'filename="save of Velvet%20Otter%234711.zip"': "Velvet%20Otter",
    "filename=report_A4:83:E7:12:9F:0B.txt": "A4:83:E7:12:9F:0B",
    'filename="stats-51.284173,-1.609358.json"': "51.284173",
}


@pytest.mark.parametrize("said", FILES)
def test_the_name_of_a_file_is_looked_into(said: str) -> None:
    """Behind its first word, and before its ending."""
    response, _ = Scrubber(MADE_UP).response(Response(200, Headers([("Content-Disposition", f"attachment; {said}")])))

    assert FILES[said] not in str(response.headers.first("Content-Disposition"))


@pytest.mark.parametrize("said", ['attachment; filename="harbour-v1.21.95.1.zip"', "inline", "form-data; name=x"])
def test_the_name_of_a_file_that_is_nobodys_stays(said: str) -> None:
    """Letter for letter."""
    response, _ = Scrubber(MADE_UP).response(Response(200, Headers([("Content-Disposition", said)])))

    assert said == response.headers.first("Content-Disposition")


USERS = {
    "9000000000000001;priv=multiplayer,9000000000000002": "9000000000000001;priv=multiplayer,9000000000000002",
    "9000000000000001;quiet-heron-meadow,9000000000000002;none": "9000000000000001;removed,9000000000000002;none",
    "9000000000000001; priv=multiplayer, 9000000000000002": "9000000000000001; priv=multiplayer, 9000000000000002",
    "Lantern/Otter7": "removed",
}


@pytest.mark.parametrize("users", USERS)
def test_acting_users_are_numbers_and_privileges(users: str) -> None:
    """Anything else there (contract 1.2 has nothing else) is removed."""
    headers = Headers([("X-Xbl-OnBehalfOf-Users", users)])
    request, _ = Scrubber(MADE_UP).request(Request("GET", "/handles/x", headers), "")

    assert USERS[users] == request.headers.first("X-Xbl-OnBehalfOf-Users")


def test_a_list_of_two_secrets_is_no_name_with_its_value() -> None:
    """A private key is called nothing, although its first line ends as names of secrets do."""
    key = "-----BEGIN EC " + "PRIVATE KEY-----\\nTm90IGEga2V5\\n-----END EC " + "PRIVATE KEY-----"
    response, _ = Scrubber(MADE_UP).response(answer(f'{{"xuids":["{key}","{key}"]}}'))

    assert b'{"xuids":["removed","removed"]}' == response.body
