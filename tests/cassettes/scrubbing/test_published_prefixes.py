"""Secrets that are known by how they begin: joined here from parts, so that no code host takes them for a leak."""

from __future__ import annotations

import pytest

from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.published_prefixes import PUBLISHED
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Response

DRAWN = "q7Rk2Zp9Xw4Tn8Vb3Lm6Hs1Jd5Qx0Ty2Ug4We6Ra8"
LOWER, DIGITS = DRAWN.lower(), "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
PARTS = {
    "Stripe": ("sk_", "live_", DRAWN),
    "Slack": ("xo", "xb-", "123456789012-", DRAWN),
    "AWS": ("AK", "IA", "Q7RK2ZP9XW4TN8VB"),
    "Google": ("AI", "za", "Sy", DRAWN[:33]),
    "Google client": ("GOC", "SPX-", DRAWN[:28]),
    "GitHub": ("gh", "p_", DRAWN[:36]),
    "GitLab": ("gl", "pat-", DRAWN[:20]),
    "npm": ("np", "m_", DRAWN[:36]),
    "PyPI": ("py", "pi-", "AgEIcHlwaS5vcmc", DRAWN),
    "Twitch": ("oa", "uth:", LOWER[:30]),
    "Telegram": ("1234567890", ":A", "A", DRAWN[:33]),
    "Discord": ("M", "Tg4", DRAWN[:22], ".", "GmkNId", ".", DRAWN[:38]),
    "SendGrid": ("S", "G.", DRAWN[:22], ".", DRAWN),
    "Riot": ("RG", "API-", "8f0a6b2c-4d1e-4f7a-9b3c-2d5e6f708192"),
    "Databricks": ("da", "pi", DIGITS),
    "JWT": ("ey", "JhbGciOiJub25lIn0", ".", "ey", "JzdWIiOiJhIn0", ".", DRAWN),
    "JWE": ("ey", "JhbGciOiJkaXIifQ", "..", DRAWN[:16], ".", DRAWN, ".", DRAWN[:22]),
}


@pytest.mark.parametrize("issuer", PARTS)
@pytest.mark.parametrize("around", ["{}", "no: {}, try again", "/a/{}/b", "({})"])
def test_a_published_form_is_removed_wherever_it_stands(issuer: str, around: str) -> None:
    """In a sentence, a path, in parentheses: it goes, and nothing is withheld for its sake."""
    secret = "".join(PARTS[issuer])
    response, found = Scrubber(Pseudonyms(b"a key that only tests have")).response(
        Response(200, Headers([("Content-Type", "text/plain")]), around.format(secret).encode())
    )

    assert (around.format("removed"), {}) == (response.body.decode(), found.withheld)


@pytest.mark.parametrize("issuer", sorted(PARTS.keys() - {"Discord", "Riot", "Databricks", "JWE"}))
@pytest.mark.parametrize("case", ["upper", "lower"])
def test_a_published_form_is_removed_in_one_case(issuer: str, case: str) -> None:
    """As services echo it; of AWS the key id as it is issued: in its own alphabet."""
    secret = "".join(PARTS[issuer]).replace("9", "3").replace("8", "5")
    echo = secret.upper() if case == "upper" else secret.lower()
    response, found = Scrubber(Pseudonyms(b"a key that only tests have")).response(
        Response(200, Headers([("Content-Type", "text/plain")]), f"no: {echo}, try again".encode())
    )

    assert ("no: removed, try again", {}) == (response.body.decode(), found.withheld)


@pytest.mark.parametrize(
    "text",
    [
        "asiasoutheast1production",
        "NPM_CONFIG_REGISTRY_ADDRESS",
        "SK_LIVE_STREAM_OF_THE_SECOND_GAME",
        "GLDT-PRODUCTION-CLUSTER",
        "http://m.example.com/some-page-of-24-or-25-words",
        "my-long-name-of-a-host-1234.server.another-long-name-of-a-host",
    ],
)
def test_a_text_of_words_in_one_case_stays(text: str) -> None:
    """It only begins as a secret would that is written in one case."""
    response, _ = Scrubber(Pseudonyms(b"a key that only tests have")).response(
        Response(200, Headers([("Content-Type", "text/plain")]), text.encode())
    )

    assert text == response.body.decode()


def test_each_form_names_the_page_of_its_issuer() -> None:
    """So that a reader can check it; and a text that a glance looks for."""
    assert [] == [one.kind for one in PUBLISHED if not one.source.startswith("https://") or not all(one.marks)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Matches are scored by token overlap. If none is found, ask again.",
        "Basic authentication, then negotiate everything",
        "a token well-formed",
    ],
)
def test_a_sentence_about_a_scheme_holds_no_credentials(sentence: str) -> None:
    """A word in small letters behind Basic, Negotiate or Token is one more word."""
    response, _ = Scrubber(Pseudonyms(b"a key that only tests have")).response(
        Response(200, Headers([("Content-Type", "text/plain")]), sentence.encode())
    )

    assert sentence == response.body.decode()


@pytest.mark.parametrize("scheme", ["Basic", "Negotiate", "Token", "token"])
def test_what_follows_a_scheme_and_is_no_word_goes(scheme: str) -> None:
    """Digits, capitals inside or signs of base64 tell credentials."""
    secret = DRAWN[:24] + "=="
    response, _ = Scrubber(Pseudonyms(b"a key that only tests have")).response(
        Response(200, Headers([("Content-Type", "text/plain")]), f"sent {scheme} {secret} twice".encode())
    )

    assert f"sent {scheme} removed twice" == response.body.decode()
