"""The forms that issuers publish, as their pages and the rules of scanners have them; each value is made up."""

from __future__ import annotations

from typing import get_args

import pytest

from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.published_prefixes import PUBLISHED, UNSEEN, Basis, published_in
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Response

DRAWN = "q7Rk2Zp9Xw4Tn8Vb3Lm6Hs1Jd5Qx0Ty2Ug4We6Ra8" * 5
HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9" * 4
CAPITALS = "Q7RK2ZP9XW4TN8VB3LM6HS5JDQXTYUGWER" * 3
JWT = "ey" + "JhbGciOiJSUzI1NiJ9" + "." + "ey" + "JzdWIiOiJhIn0" + "." + DRAWN[:43]
PARTS = {
    "age, after quantum computers": ("AGE-SEC", "RET-KEY-PQ-1", CAPITALS),
    "Steam, a JWT whose JSON begins with a space": ("ey", "AidHlwIjogIkpXVCIgfQ", ".", "ey", "AiaXNzIjogImEiIH0", ".", DRAWN[:86]),
    "GitHub, an installation": ("gh", "s_", "123456", "_", JWT),
    "GitHub, fine-grained": ("github", "_pat_", DRAWN[:22], "_", DRAWN[:59]),
    "GitLab, routable": ("gl", "pat-", DRAWN[:27], ".", "01", ".", "0z1abcdef"),
    "GitLab, a runner": ("gl", "rt-t1_", DRAWN[:27], ".", "0z1abcdef"),
    "GitLab, registration": ("GR", "1348941", DRAWN[:20]),
    "Azure, annotated": (DRAWN[:52], "JQQ", "J9H", DRAWN[:25]),
    "Entra": (DRAWN[:3], "8", "Q~", DRAWN[:34]),
    "Google, bound to an account": ("A", "Q.Ab8R", DRAWN[:46]),
    "Amazon Bedrock": ("bedrock-", "api-key-", DRAWN[:80]),
    "Alibaba": ("LT", "AI", DRAWN[:20]),
    "crates.io, trusted publishing": ("ci", "o_tp_", DRAWN[:32]),
    "NuGet": ("oy", "2", "a2b3c4d5e6f7" * 3, "a2b3c4d"),
    "Doppler": ("d", "p.said.", DRAWN[:40]),
    "Supabase, OAuth": ("sb", "p_oauth_", HEX[:40]),
    "Cloudflare": ("cf", "ut_", DRAWN[:40], HEX[:8]),
    "Tailscale": ("ts", "key-auth-", "kAb1CNTRL", "-", DRAWN[:32]),
    "Vercel": ("vc", "p_", DRAWN[:56]),
    "Netlify": ("nf", "p_", DRAWN[:36]),
    "Heroku": ("HR", "KU-", "AA", DRAWN[:58]),
    "Pulumi": ("pu", "l-", HEX[:40]),
    "OpenShift": ("sha", "256~", DRAWN[:43]),
    "Artifactory": ("AK", "Cp", DRAWN[:69]),
    "Artifactory, reference": ("cmV", "mdGtu", DRAWN[:56]),
    "Buildkite": ("bk", "ua_", HEX[:40]),
    "CircleCI": ("CCI", "PAT_", DRAWN[:22], "_", HEX[:40]),
    "SonarQube": ("sq", "p_", HEX[:40]),
    "Postman": ("PM", "AK-", HEX[:24], "-", HEX[:34]),
    "Dynatrace": ("dt", "0c01.", CAPITALS[:24], ".", CAPITALS[:64]),
    "Sentry, an integration": ("sn", "tryi_", HEX[:64]),
    "New Relic": ("NR", "AA-", CAPITALS[:27]),
    "PostHog": ("ph", "x_", DRAWN[:43]),
    "PostHog, of a project": ("ph", "s_", DRAWN[:43]),
    "Mapbox": ("p", "k.ey", "J1IjoiYSIsImEiOiJiIn0", ".", DRAWN[:22]),
    "MaxMind": (DRAWN[:6], "_", DRAWN[:29], "_m", "mk"),
    "Figma": ("fi", "gd_", DRAWN[:40]),
    "Stripe, an organization": ("sk", "_org_", DRAWN[:40]),
    "Slack, configuration": ("xo", "xe.xo", "xp-1-", DRAWN[:160]),
    "Slack, refresh": ("xo", "xe-1-", DRAWN[:146]),
    "Slack, an app": ("xa", "pp-1-A0B1C2D3E4-", "1234567890123-", HEX[:64]),
    "Telegram, a short number": ("123456", ":A", "A", DRAWN[:33]),
    "Brevo": ("xk", "eysib-", HEX[:64], "-", DRAWN[:16]),
    "Anthropic": ("sk", "-ant-", "api03-", DRAWN[:93], "AA"),
    "OpenAI, a project": ("sk", "-proj-", DRAWN[:74], "T3Blbk", "FJ", DRAWN[:74]),
    "xAI": ("x", "ai-", DRAWN[:80]),
    "Groq": ("gs", "k_", DRAWN[:52]),
    "Perplexity": ("pp", "lx-", DRAWN[:48]),
    "Replicate": ("r", "8_", DRAWN[:37]),
    "ElevenLabs": ("s", "k_", HEX[:48]),
    "Square": ("EA", "AA", DRAWN[:29], "+", DRAWN[:30]),
    "Shopify": ("sh", "pat_", HEX[:32]),
    "Twilio": ("S", "K", HEX[:32]),
}  # fmt: skip
"""Each joined from parts, so that no code host takes it for a leak."""

SIGNED = {
    "Storage": (76, "+AS" + "t", 5, "A=="),
    "Cosmos": (76, "AC" + "Db", 5, "g=="),
    "API management": (76, "AP" + "IM", 5, "w=="),
    "Service Bus": (33, "+AS" + "b" + "B", 5, "="),
    "Event Grid": (33, "AZ" + "EG" + "C", 5, "="),
    "Redis": (33, "Az" + "Ca" + "D", 5, "="),
    "Search": (42, "Az" + "Se" + "A", 5, ""),
    "Registry": (42, "+AC" + "R" + "B", 5, ""),
    "Functions": (44, "Az" + "Fu", 5, "Q=="),
}
"""Keys of Azure: characters before the sign of the service, the sign, characters behind it, the end."""


def scrubbed(text: str) -> tuple[str, dict[str, str]]:
    """``text`` as the body of an answer, and what was withheld."""
    response, found = Scrubber(Pseudonyms(b"a key that only tests have")).response(
        Response(200, Headers([("Content-Type", "text/plain")]), text.encode())
    )
    return response.body.decode(), dict(found.withheld)


@pytest.mark.parametrize("around", ["{}", "no: {}, try again", "It was {}.", "({})"])
@pytest.mark.parametrize("issuer", PARTS)
def test_the_whole_of_a_published_form_is_removed(issuer: str, around: str) -> None:
    """No part of it stays, and what stands around it does."""
    assert (around.format("removed"), {}) == scrubbed(around.format("".join(PARTS[issuer])))


@pytest.mark.parametrize("service", SIGNED)
def test_a_key_of_azure_is_known_by_its_sign(service: str) -> None:
    """Which stands inside, at the place that Microsoft's own rules say."""
    before, sign, behind, end = SIGNED[service]

    assert ("no: removed, try again", {}) == scrubbed(f"no: {DRAWN[:before]}{sign}{DRAWN[:behind]}{end}, try again")


@pytest.mark.parametrize(
    "before",
    [
        "https://discord.com/api/webhooks/",
        "https://discord.com/api/v10/webhooks/",
        "https://canary.discord.com/api/webhooks/",
        "https://ptb.discord.com/api/v9/webhooks/",
        "https://discordapp.com/api/webhooks/",
        "https://discord.com/api/v10/interactions/",
    ],
)
def test_a_webhook_of_discord_loses_its_token(before: str) -> None:
    """On each of its hosts, and with each version of its API."""
    assert (f"post to {before}removed now", {}) == scrubbed(f"post to {before}123456789012345678/{DRAWN[:68]} now")


@pytest.mark.parametrize(
    "text",
    [
        "sk-loading-spinner-of-the-whole-page",
        "the task-force-of-people-who-like-it",
        "pypi-publish-action-of-the-team",
        "webkit-transition and AppleWebKit/537.36",
        "GET /v1/webhooks/2024/settings",
        "r8_unorm and R8G8B8A8_UNORM_SRGB",
        "tskey-auth is the beginning",
        "the APIM gateway, AIoT and sha256",
    ],
)
def test_words_that_only_begin_so_stay(text: str) -> None:
    """Nothing of them is a secret."""
    assert (text, {}) == scrubbed(text)


def test_each_row_is_found_by_each_of_its_marks() -> None:
    """Although marks are looked for by their rarest characters."""
    assert [] == [(one.kind, mark) for one in PUBLISHED for mark in one.marks if one not in published_in(f"a{mark}b")]


def test_each_row_says_what_was_read_for_it() -> None:
    """So that a form from memory is not mistaken for one that its issuer has published."""
    assert set(get_args(Basis)) == {one.basis for one in PUBLISHED}


def test_what_nobody_has_seen_published_is_listed() -> None:
    """A change of these was made on purpose."""
    assert [
        "WNS URI", "token", "token", "Azure key", "Databricks token", "Twitch token", "Riot key", "Roblox cookie",
        "Shopify token", "token",
    ] == [one.kind for one in PUBLISHED if one.basis == UNSEEN]  # fmt: skip
