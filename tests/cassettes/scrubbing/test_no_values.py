"""What is called as secrets and people are, and holds a name, a description, a count or a digest, stays as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.scrubbing.both_ways import answer, asked, both_ways

SHA1, SHA256 = (
    "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592",
)
"""Those of a well known sentence about a fox."""

KEPT = {
    "a translation": '{"login.password":"Password","gamertag.label":"Gamertag","menu.token":"Token"}',
    "lines of a translation": "menu.password=Password\ntoken=Token\nsession.key=Session key\ngamertag=Gamertag\n",
    "a translation by fields": '{"password":{"label":"Password","placeholder":"Your password"},"token":{"title":"Mark"}}',
    "a schema": json.dumps(
        {
            "properties": {
                "password": {"type": "string", "minLength": 8, "description": "the word that opens it"},
                "xuid": {"type": "string", "pattern": "^[0-9]{16}$"},
            },
            "required": ["password", "xuid"],
        }
    ),
    "the scopes of a sign-in": '{"scopes_supported":["openid","profile","email","address"]}',
    "an enumeration": '{"TokenType":["JWT","SAML"],"Password":1,"GrantType":{"password":0,"refresh_token":1}}',
    "a script": 'n={password:"",apiKey:void 0};a.password===a.passwordConfirm;t={"X-CSRF":t.csrf,password:p};e.login=function(u){}',
    "something for sale": '{"ItemId":"sword_01","ItemClass":"weapon","DisplayName":"Sword of a thousand truths"}',
    "digests of files": json.dumps({"sha1": SHA1, "checksum": SHA256, "digest": f"sha256:{SHA256}", "commit": SHA1}),
    "the name of a digest": '{"UnscaledImageSHA256Hash":"","UnscaledImageSHA256HashOfFile":1}',
    "a lock file": '{"integrity":"sha384-qHkYzq0tE6hG2m9gYv5Qw8uJ1kRb7XnTfLsCpA3dVeZoNi4MlKjHgFdSaQwErTyU"}',
    "a picture in a style sheet": ".a{background:url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAO0lEQVR4)}",
    "a page that signs in": '<form><label for="password">Passwort</label><input type="password" name="password">'
    '<button type="submit" name="action" value="login">Weiter</button></form>',
    "heads of a table": "<table><tr><th>Password</th><th>Says</th></tr></table>",
}


@pytest.mark.parametrize("kind", KEPT)
def test_it_is_played_back_as_it_was(kind: str, tmp_path: Path) -> None:
    """Byte for byte; a scan is silent before and after."""
    came = answer(KEPT[kind], "text/html" if KEPT[kind].startswith("<") else "text/plain")
    found = both_ways(tmp_path, asked("/x"), came)

    assert (came.body, True, True) == (found.body, found.is_kept, found.is_accepted)


IDS = ("CF-RAY", "traceparent", "X-Amz-Cf-Id", "X-Amzn-Trace-Id", "X-GitHub-Request-Id")


@pytest.mark.parametrize("name", IDS)
def test_an_id_of_an_answer_is_not_written(name: str, tmp_path: Path) -> None:
    """As correlation ids are not: it is another in each run, and no reason to reject a recording."""
    response = Response(200, Headers([(name, "00-8f2bc17d9a4e3650b1d8f7c2e9a04b63-5d1e8a92c7f3b460-01")]), b"{}")
    found = both_ways(tmp_path, asked("/x"), response)

    assert (True, False) == (found.is_kept, "8f2bc17d9a4e3650" in found.written)


HIDDEN = {
    "a value beside its label": '{"password":{"label":"Password","value":"Lantern-Otter"}}',
    "one that ends as its name does": "menu.password=Lantern-Otter-password\n",
    "a path that ends otherwise": 'password: "Lantern-Otter.example.com"\n',
    "a list of names and values": '{"list":["password","Lantern-Otter"]}',
    "a number": '{"Password":["Lantern-Otter"],"pin":4821}',
    "something for sale by somebody": '{"ItemId":"sword_01","xuid":"2535400000000001","DisplayName":"Lantern-Otter"}',
    "the digest of a password": f'{{"password_sha1":"{SHA1}","passwordHash":"{SHA1}"}}',
    "the cell of a table": "<table><tr><th>Password</th><td>Lantern-Otter</td></tr></table>",
    "a span": '<label for="password">Passwort</label><span>x</span><span id="password">Lantern-Otter</span>',
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_value_in_the_same_place_is_removed(kind: str, tmp_path: Path) -> None:
    """What makes the other ordinary is what it says."""
    found = both_ways(tmp_path, asked("/x"), answer(HIDDEN[kind], "text/plain"))

    assert (False, False, False, True) == (
        "Lantern-Otter" in found.written,
        SHA1 in found.written,
        "4821" in found.written,
        found.is_accepted,
    )
