"""The one table of published prefixes: secrets that their issuers have made so that they are known by how they begin.

Recorder and scan read it. The page of each issuer is its source; where an issuer publishes the beginning only, the
characters and the least length behind it are ours. The beginnings are joined from parts in tests and benchmarks, so
that no code host takes a test for a leak.
"""

# ruff: noqa: E501 - a table that is read by line, with the addresses of pages

from __future__ import annotations

import re
from typing import NamedTuple

from handlesfake.cassettes.cassette import REMOVED


class Published(NamedTuple):
    """Secrets of one issuer."""

    kind: str
    """For people: ``Stripe key``."""

    marks: tuple[str, ...]
    """Texts one of which stands in each of them: where none does, nothing is looked for."""

    pattern: re.Pattern[str]
    instead: str
    """What stands in its place; groups of ``pattern`` as in :func:`re.sub`."""

    source: str
    """Where its issuer says so."""


_B = r"(?<![A-Za-z0-9])"
"""Before the beginning: no letter and no digit, so that no word holds one."""

_USER_OF_CURL = (
    "(?:"
    + "|".join(
        rf"(?<=\s{option}{mark})"
        for option in ("-u ", "-u", "--user ", "--user=", "-U ", "--proxy-user ", "--proxy-user=")
        for mark in ("", '"', "'")
    )
    + ")"
)
"""Behind an option that takes ``user:password``; each has its own width, as looking back needs it."""


def _of(kind: str, marks: str, pattern: str, source: str, instead: str = REMOVED, flags: int = 0) -> Published:
    return Published(kind, tuple(marks.split("|")), re.compile(pattern, flags), instead, source)


PUBLISHED: tuple[Published, ...] = (
    # Forms of whole families first: others may stand inside them.
    _of(
        "private key",
        "PRIVATE KEY",
        r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
        "https://www.rfc-editor.org/rfc/rfc7468",
        flags=re.S,
    ),
    _of("PuTTY key", "PuTTY-User-Key", r"PuTTY-User-Key-File-\d.*\Z",
        "https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html", flags=re.S),
    _of("age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[0-9A-Za-z]{30,}", "https://age-encryption.org/v1"),
    _of("token", "eyJ", r"(?<![A-Za-z0-9_-])eyJ[\w-]{6,2000}(?:\.[\w-]*){1,3}\.[\w-]+", "https://www.rfc-editor.org/rfc/rfc7519"),
    # Microsoft
    _of("WNS URI", "windows.com", r"(?i)https?://[\w.-]*\.(?:notify|wns)\.windows\.com[^\s\"'<>]*",
        "https://learn.microsoft.com/windows/apps/design/shell/tiles-and-notifications/windows-push-notification-services--wns--overview",
        "https://removed.notify.windows.com/"),
    _of("token", "x=", r"XBL[\d.]+ x=[^;\s\"]*;[^\s\"'<>,]+",
        "https://learn.microsoft.com/gaming/gdk/_content/gc/reference/live/rest/additional/edsauthorization",
        f"XBL3.0 x={REMOVED};{REMOVED}", re.I),
    _of("token", "Ew|Eg", r"\bE[wg][A-Z][A-Za-z0-9+/%]{60,}={0,2}",
        "https://learn.microsoft.com/entra/identity-platform/access-tokens"),
    _of("token", "M.", r"\bM\.[A-Z]\d?[\w.!*-]{20,}", "https://learn.microsoft.com/entra/identity-platform/refresh-tokens"),
    _of("Entra client secret", "Q~", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])",
        "https://learn.microsoft.com/purview/sit-defn-client-secret-api-key"),
    _of("Azure key", "AccountKey=|SharedAccessKey=|SharedAccessSignature=",
        r"((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\s\"'<>]+",
        "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string", rf"\1{REMOVED}"),
    _of("Azure key", "JQQJ9", r"[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{10,}",
        "https://learn.microsoft.com/purview/sit-defn-azure-cognitive-service-key"),
    # Clouds and code hosts
    _of("AWS key id", "AKIA|ASIA|ABIA|ACCA", r"(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    _of("AWS key id", "akia|asia|abia|acca", rf"{_B}(?:akia|asia|abia|acca)(?=[a-z]*\d)[a-z2-7]{{16}}(?![a-z0-9])",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    _of("AWS key", "ABSK", rf"{_B}ABSK[A-Za-z0-9+/]{{40,}}={{0,2}}",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    _of("Google key", "AIza", rf"{_B}AIza[\w-]{{30,}}", "https://cloud.google.com/docs/authentication/api-keys"),
    _of("Google token", "ya29.", rf"{_B}ya29\.[\w.-]{{10,}}", "https://cloud.google.com/docs/authentication/token-types"),
    _of("Google token", "1//0", rf"{_B}1//0[\w-]{{20,}}", "https://developers.google.com/identity/protocols/oauth2"),
    _of("Google secret", "GOCSPX-", rf"{_B}GOCSPX-[\w-]{{10,}}", "https://support.google.com/cloud/answer/15549257"),
    _of("GitHub token", "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_", rf"{_B}(?:gh[pousr]_|github_pat_)\w{{16,}}",
        "https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    _of("GitLab token", "glpat-|gloas-|gldt-|glrt|glcbt-|glptt-|glft-|glimt-|glagent-|glsoat-|glffct-|glwt-",
        rf"{_B}gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w.-]{{10,}}", "https://docs.gitlab.com/security/tokens/"),
    _of("Atlassian token", "ATATT3|ATCTT3|ATBB|ATSTT3", rf"{_B}(?:AT[A-Z]TT3|ATBB)[\w=-]{{20,}}",
        "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
    _of("npm token", "npm_", rf"{_B}npm_[A-Za-z0-9]{{20,}}", "https://docs.npmjs.com/about-access-tokens"),
    _of("PyPI token", "pypi-", rf"{_B}pypi-[\w-]{{16,}}", "https://docs.github.com/code-security/secret-scanning"),
    _of("NuGet key", "oy2", rf"{_B}oy2[a-z0-9]{{43}}(?![a-z0-9])", "https://learn.microsoft.com/purview/sit-defn-nuget-api-key"),
    _of("RubyGems key", "rubygems_", rf"{_B}rubygems_[0-9a-f]{{32,}}", "https://guides.rubygems.org/api-key-scopes/"),
    _of("crates.io token", "cio", rf"{_B}cio[A-Za-z0-9]{{32}}(?![A-Za-z0-9])", "https://doc.rust-lang.org/cargo/reference/registries.html"),
    _of("Docker token", "dckr_", rf"{_B}dckr_\w+_[\w-]{{16,}}", "https://docs.docker.com/security/access-tokens/"),
    _of("DigitalOcean token", "_v1_", rf"{_B}do[opr]_v1_[0-9a-f]{{32,}}", "https://docs.digitalocean.com/reference/api/create-personal-access-token/"),
    _of("Databricks token", "dapi|dkea|dose", rf"{_B}(?:dapi|dkea|dose)[0-9a-f]{{32}}(?:-\d)?", "https://docs.databricks.com/dev-tools/auth/pat"),
    _of("Hugging Face token", "hf_", rf"{_B}hf_[A-Za-z0-9]{{20,}}", "https://huggingface.co/docs/hub/security-tokens"),
    _of("Vault token", "hvs.|hvb.|hvr.", rf"{_B}hv[sbr]\.[\w-]{{20,}}", "https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    _of("Terraform token", ".atlasv1.", r"[\w-]{8,}\.atlasv1\.[\w-]{20,}", "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"),
    _of("Grafana token", "glsa_|glc_", rf"{_B}gl(?:sa|c)_[\w=+/-]{{20,}}", "https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/"),
    _of("New Relic key", "NRAK-|NRII-|NRJS-", rf"{_B}NR(?:AK|II|JS)-[\w-]{{16,}}", "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    _of("Sentry token", "sntrys_|sntryu_", rf"{_B}sntry[su]_[\w+/=.-]{{20,}}", "https://docs.sentry.io/account/auth-tokens/"),
    _of("Doppler token", "dp.", rf"{_B}dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{{20,}}", "https://docs.doppler.com/docs/enclave-service-tokens"),
    _of("PlanetScale token", "pscale_", rf"{_B}pscale_\w+_[\w.-]{{20,}}", "https://planetscale.com/docs/api/reference/service-tokens"),
    _of("Supabase token", "sbp_|sb_secret_", rf"{_B}(?:sbp_|sb_secret_)[\w-]{{20,}}", "https://supabase.com/docs/guides/api/api-keys"),
    _of("Fly token", "fm1r_|fm2_|fo1_", rf"{_B}(?:fm1r|fm2|fo1)_[\w+/=-]{{20,}}", "https://fly.io/docs/security/tokens/"),
    # Payment, mail, talk, games
    _of("Stripe key", "_live_|_test_|whsec_", rf"{_B}(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{{8,}}|whsec_[A-Za-z0-9+/=]{{8,}})",
        "https://docs.stripe.com/keys"),
    _of("Slack token", "xox|xapp-|xwfp-", rf"{_B}(?:xox[a-z](?:\.xox[a-z])?-|xapp-|xwfp-)[\w-]{{8,}}", "https://docs.slack.dev/authentication/tokens"),
    _of("webhook", "hooks.slack.com", r"(hooks\.slack\.com/(?:services|workflows|triggers)/)[\w/-]+",
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks", rf"\1{REMOVED}"),
    _of("webhook", "/api/webhooks/", r"(discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)\d+/[\w-]+",
        "https://discord.com/developers/docs/resources/webhook", rf"\1{REMOVED}"),
    _of("Discord token", ".", rf"{_B}(?:mfa\.[\w-]{{60,}}|[MNO][\w-]{{22,30}}\.[\w-]{{6}}\.[\w-]{{25,45}}(?![\w-]))",
        "https://discord.com/developers/docs/reference#authentication"),
    _of("Twitch token", "oauth:", rf"{_B}oauth:[A-Za-z0-9]{{16,}}", "https://dev.twitch.tv/docs/chat/authenticating/"),
    _of("Telegram token", ":AA", r"(?<!\d)\d{8,10}:AA[\w-]{30,}", "https://core.telegram.org/bots/api#authorizing-your-bot"),
    _of("Riot key", "RGAPI-", rf"{_B}RGAPI-[0-9A-Fa-f-]{{20,}}", "https://developer.riotgames.com/docs/portal"),
    _of("Roblox cookie", "_|WARNING:-DO-NOT-SHARE-THIS", r"_\|WARNING:-DO-NOT-SHARE-THIS[^\s\"'<>;,]*",
        "https://create.roblox.com/docs/cloud/auth"),
    _of("SendGrid key", "SG.", rf"{_B}SG\.[\w-]{{16,}}\.[\w-]{{16,}}", "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"),
    _of("Twilio key", "SK", rf"{_B}SK[0-9a-f]{{32}}(?![0-9a-f])", "https://www.twilio.com/docs/iam/api-keys"),
    _of("Mailgun key", "key-", rf"{_B}key-[0-9a-f]{{32}}(?![0-9a-f])", "https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth"),
    _of("Mailchimp key", "-us", rf"{_B}[0-9a-f]{{32}}-us\d{{1,2}}(?!\d)", "https://mailchimp.com/developer/marketing/guides/quick-start/"),
    _of("OpenAI key", "sk-", rf"{_B}sk-(?:[a-z]+\d*-)*[\w-]{{20,}}", "https://platform.openai.com/docs/api-reference/authentication"),
    _of("Square token", "sq0|EAAA", rf"{_B}(?:sq0[a-z]{{3}}-[\w-]{{20,}}|EAAA[\w-]{{56,}})", "https://developer.squareup.com/docs/build-basics/access-tokens"),
    _of("Shopify token", "shp", rf"{_B}shp(?:at|ca|pa|ss|tka)_[0-9A-Fa-f]{{24,}}", "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens"),
    _of("Facebook token", "EAA", rf"{_B}EAA[A-Za-z0-9]{{40,}}", "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    _of("Linear key", "lin_", rf"{_B}lin_(?:api|oauth)_[A-Za-z0-9]{{20,}}", "https://linear.app/developers/graphql"),
    _of("Notion token", "ntn_|secret_", rf"{_B}(?:ntn|secret)_[A-Za-z0-9]{{32,}}", "https://developers.notion.com/reference/authentication"),
    # Schemes of Authorization (https://www.iana.org/assignments/http-authschemes)
    # Basic, Negotiate and Token are words of sentences, too: a word in small letters behind them is one more.
    _of("token", "earer|EARER|asic|ASIC|egotiate|NTLM|WLID1|MSAuth|oken ",
        r"\b((?i:Bearer|NTLM|WLID1\.0|MSAuth1\.0)|(?i:Basic|Negotiate|Token)(?![ +:]+[A-Za-z]?[a-z]+(?:-[a-z]+)*[.:!?)\]]*(?:[\s\"'<>,;&]|\Z)))"
        r"[ +:]+(?!(?i:realm|scope|error|token|auth)\b)[^\s\"'<>,;&]{8,}",
        "https://www.iana.org/assignments/http-authschemes", rf"\1 {REMOVED}"),
    _of("password", "machine ", r"(\bmachine\s+\S+\s+login\s+\S+\s+password\s+)\S+",
        "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html", rf"\1{REMOVED}"),
    _of("password", "curl", rf"{_USER_OF_CURL}(?!\d+:\d+(?!\S))[^\s:\"'<>]{{0,80}}:[^\s\"'<>]+", "https://curl.se/docs/manpage.html"),
    _of("password", "://", r"(?<=://)[^/\s:@\"'<>]*:[^/\s@\"'<>]+(?=@)", "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"),
)  # fmt: skip
"""Issuers, their secrets and the pages that say so."""


_CASED = frozenset({"AWS key id", "Discord token", "OpenAI key", "password", "private key", "webhook"})
"""Whose form says too little where case says nothing, or is the same in each."""

_SHORTEST_ECHO = 24
_ONE_CASE = re.compile(r"[A-Z0-9_.:-]{24}|[a-z0-9_.:-]{24}")

ECHOES: tuple[Published, ...] = tuple(
    one._replace(pattern=re.compile(one.pattern.pattern, one.pattern.flags | re.I))
    for one in PUBLISHED
    if one.kind not in _CASED and not {"M.", "x="} & set(one.marks)
)
"""The same, as services write them that put all into capitals or small letters: see :func:`is_echo`."""


def is_echo(found: str) -> bool:
    """Whether ``found`` is in one case throughout, and no text of words: digits stand in it."""
    plain = len(found) >= _SHORTEST_ECHO and (found.upper() == found or found.lower() == found)
    return plain and sum(map(str.isdigit, found)) > 1


_LOW_MARKS = tuple((mark.lower(), place) for place, one in enumerate(ECHOES) for mark in one.marks)
_MARKS = tuple((mark, place) for place, one in enumerate(PUBLISHED) for mark in one.marks)


def published_in(text: str) -> list[Published]:
    """Those that may stand in ``text``, as far as can be told at a glance, in their order."""
    # asked of every text: one comprehension takes a third of the time that one for each issuer takes
    return [PUBLISHED[place] for place in sorted({place for mark, place in _MARKS if mark in text})]


def echoes_in(text: str) -> list[Published]:
    """As :func:`published_in`, of what stands there in one case."""
    if len(text) < _SHORTEST_ECHO or not _ONE_CASE.search(text):
        return []
    low = text.lower()
    return [ECHOES[place] for place in sorted({place for mark, place in _LOW_MARKS if mark in low})]
