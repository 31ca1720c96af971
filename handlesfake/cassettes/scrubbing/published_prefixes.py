"""The one table of published prefixes: secrets that their issuers have made so that they are known by how they begin.

Recorder and scan read it. ``source`` is the page where an issuer says so, or would, and ``basis`` says who has looked:

- ``READ``: a stored copy of that page, or of the issuer's own code or rules, was read, and it has each beginning of the row;
- ``RULES``: the rules of public scanners have them (gitleaks, trufflehog, kingfisher, osv-scalibr, redact-secret),
  where the page was not available, or leaves a beginning out;
- ``UNSEEN``: neither; the form is known from traffic or from memory.

The weakest beginning of a row counts. Where an issuer publishes the beginning only, the characters and the least length
behind it are ours. The beginnings are joined from parts in tests and benchmarks, so that no code host takes a test for a leak.
"""

# ruff: noqa: E501 - a table that is read by line, with the addresses of pages

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from handlesfake.cassettes.cassette import REMOVED

Basis = Literal["the issuer's page", "rules of scanners", "unseen"]
READ: Basis = "the issuer's page"
RULES: Basis = "rules of scanners"
UNSEEN: Basis = "unseen"


class Published(NamedTuple):
    """Secrets of one issuer."""

    kind: str
    """For people: ``Stripe key``."""

    marks: tuple[str, ...]
    """Each of them contains one of these texts: without such a text, nothing is looked for."""

    pattern: re.Pattern[str]
    instead: str
    """The replacement; groups of ``pattern`` as in :func:`re.sub`."""

    basis: Basis
    """What was read: see the top of this module."""

    source: str
    """Where its issuer says so, or would."""


_B = r"(?:(?<![A-Za-z0-9])|(?<=0[Xx]))"
"""Before the beginning: no letter and no digit, so that no word holds one; ``0x`` is not a word."""

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


def _of(
    kind: str, marks: str, pattern: str, basis: Basis, source: str, instead: str = REMOVED, flags: int = 0
) -> Published:
    return Published(kind, tuple(marks.split("|")), re.compile(pattern, flags), instead, basis, source)


PUBLISHED: tuple[Published, ...] = (
    # Forms of whole families first: others may stand inside them.
    _of("private key", "PRIVATE KEY",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)", RULES,
        "https://www.rfc-editor.org/rfc/rfc7468", flags=re.S),
    _of("PuTTY key", "PuTTY-User-Key", r"PuTTY-User-Key-File-\d.*\Z", RULES, "https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html", flags=re.S),
    _of("age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Za-z]{30,}", READ, "https://github.com/FiloSottile/age"),
    # eyAi: the JSON inside begins with a space, as Steam writes it
    _of("token", "eyJ|eyAi", r"(?<![A-Za-z0-9_-])ey(?:J|Ai)[\w-]{6,2000}(?:\.[\w-]*){1,3}\.[\w-]+", RULES, "https://www.rfc-editor.org/rfc/rfc7519"),
    # Microsoft
    _of("WNS URI", "windows.com", r"(?i)https?://[\w.-]*\.(?:notify|wns)\.windows\.com[^\s\"'<>]*", UNSEEN, "https://learn.microsoft.com/windows/apps/develop/notifications/push-notifications/wns-overview",
        "https://removed.notify.windows.com/"),
    _of("token", "x=", r"XBL[\d.]+ x=[^;\s\"]*;[^\s\"'<>,]+", READ, "https://github.com/MicrosoftDocs/xbox-live-docs",
        f"XBL3.0 x={REMOVED};{REMOVED}", re.I),
    _of("token", "Ew|Eg", r"\bE[wg][A-Z][A-Za-z0-9+/%]{60,}={0,2}", UNSEEN, "https://learn.microsoft.com/entra/identity-platform/access-tokens"),
    _of("token", "M.", r"\bM\.[A-Z]\d?[\w.!*-]{20,}", UNSEEN, "https://learn.microsoft.com/entra/identity-platform/refresh-tokens"),
    _of("Entra client secret", "Q~", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])", READ, "https://github.com/microsoft/security-utilities"),
    _of("Azure key", "AccountKey=|SharedAccessKey=|SharedAccessSignature=",
        r"((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\s\"'<>]+", UNSEEN, "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string", rf"\1{REMOVED}"),
    _of("Azure key", "JQQJ9", r"[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9]{10,}={0,2}", READ, "https://github.com/microsoft/security-utilities"),
    # each service has its sign at the same place of its keys
    _of("Azure key", "+ASt|ACDb|+ABa|+AMC|APIM|+ARm|+AEh|+ASb|AIoT|AzCa|AZEG|AzSe|+ACR|AzFu",
        r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/]{76}(?:\+ASt|ACDb|\+ABa|\+AMC|APIM)[A-Za-z0-9+/]{5}[AQgw]=="
        r"|[A-Za-z0-9+/]{33}(?:\+ARm|\+AEh|\+ASb|AIoT|AzCa|AZEG)[A-P][A-Za-z0-9+/]{5}="
        r"|[A-Za-z0-9+/]{42}(?:AzSe|\+ACR)[A-D][A-Za-z0-9]{5}(?![A-Za-z0-9+/=_-])|[\w-]{44}AzFu[\w-]{5}[AQgw]==)", READ, "https://github.com/microsoft/security-utilities"),
    _of("webhook", "webhook.office.com", r"(webhook\.office\.com/webhookb2/)[\w@/-]+", RULES,
        "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook", rf"\1{REMOVED}"),
    # Clouds and code hosts
    _of("AWS key id", "AKIA|ASIA|ABIA|ACCA", r"(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}", READ, "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    _of("AWS key id", "akia|asia|abia|acca", rf"{_B}(?:akia|asia|abia|acca)(?=[a-z]*\d)[a-z2-7]{{16}}(?![a-z0-9])", READ, "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    _of("AWS key", "ABSK|bedrock-api-key-", rf"{_B}(?:ABSK[A-Za-z0-9+/]{{40,}}={{0,2}}|bedrock-api-key-[\w+/=-]{{40,}})", RULES, "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    _of("Alibaba key id", "LTAI", rf"{_B}LTAI[A-Za-z0-9]{{12,}}", RULES, "https://www.alibabacloud.com/help/ram/user-guide/create-an-accesskey-pair"),
    _of("Google key", "AIza|AQ.Ab8", rf"{_B}(?:AIza|AQ\.Ab8)[\w-]{{30,}}", READ, "https://github.com/google/osv-scalibr"),
    _of("Google token", "ya29.", rf"{_B}ya29\.[\w-]{{10,}}(?:\.[\w-]+)*", READ, "https://github.com/google/osv-scalibr"),
    _of("Google token", "1//0", rf"{_B}1//0[\w-]{{20,}}", RULES, "https://developers.google.com/identity/protocols/oauth2"),
    _of("Google secret", "GOCSPX-", rf"{_B}GOCSPX-[\w-]{{10,}}", RULES, "https://support.google.com/cloud/answer/15549257"),
    # those of installations hold a JWT: https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/
    _of("GitHub token", "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_", rf"{_B}(?:gh[pousr]_|github_pat_)[\w-]{{16,}}(?:\.[\w-]+)*", READ,
        "https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    _of("GitLab token", "glpat-|gloas-|gldt-|glrt|glcbt-|glptt-|glft-|glimt-|glagent-|glsoat-|glffct-|glwt-",
        rf"{_B}gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w-]{{10,}}(?:\.[\w-]+)*", READ, "https://docs.gitlab.com/security/tokens/"),
    _of("GitLab token", "GR1348941", rf"{_B}GR1348941[\w-]{{16,}}", RULES, "https://docs.gitlab.com/security/tokens/"),
    _of("Atlassian token", "ATATT3|ATCTT3|ATBB|ATSTT3", rf"{_B}(?:AT[A-Z]TT3|ATBB)[\w+/=-]{{20,}}", RULES, "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
    _of("npm token", "npm_", rf"{_B}npm_[A-Za-z0-9]{{20,}}", READ, "https://docs.npmjs.com/cli/commands/npm-token"),
    _of("PyPI token", "pypi-", rf"{_B}pypi-[\w-]{{40,}}", READ, "https://docs.pypi.org/api/secrets/"),
    _of("NuGet key", "oy2|OY2", rf"{_B}oy2[a-z0-9]{{43}}(?![a-z0-9])", READ, "https://github.com/microsoft/security-utilities", flags=re.I),
    _of("RubyGems key", "rubygems_", rf"{_B}rubygems_[0-9a-f]{{32,}}", READ, "https://guides.rubygems.org/api-key-scopes/"),
    _of("crates.io token", "cio", rf"{_B}cio(?:_tp_)?[A-Za-z0-9]{{32}}(?![A-Za-z0-9])", READ, "https://github.com/rust-lang/crates.io"),
    _of("Docker token", "dckr_", rf"{_B}dckr_\w+_[\w-]{{16,}}", RULES, "https://docs.docker.com/security/access-tokens/"),
    _of("DigitalOcean token", "_v1_", rf"{_B}do[opr]_v1_[0-9a-f]{{32,}}", RULES, "https://docs.digitalocean.com/reference/api/create-personal-access-token/"),
    _of("Databricks token", "dapi", rf"{_B}dapi[0-9a-f]{{32}}(?:-\d)?", RULES, "https://docs.databricks.com/dev-tools/auth/pat"),
    _of("Databricks token", "dkea|dose", rf"{_B}(?:dkea|dose)[0-9a-f]{{32}}(?:-\d)?", UNSEEN, "https://docs.databricks.com/dev-tools/auth/pat"),
    _of("Hugging Face token", "hf_", rf"{_B}hf_[A-Za-z0-9]{{20,}}", READ, "https://github.com/huggingface/hub-docs"),
    _of("Vault token", "hvs.|hvb.|hvr.", rf"{_B}hv[sbr]\.[\w-]{{20,}}", READ, "https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    _of("Terraform token", ".atlasv1.", r"[\w-]{8,}\.atlasv1\.[\w-]{20,}", RULES, "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"),
    _of("Pulumi token", "pul-", rf"{_B}pul-[0-9a-f]{{40}}", RULES, "https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/"),
    _of("Cloudflare token", "cfk_|cfut_|cfat_", rf"{_B}cf(?:k|ut|at)_[\w-]{{40,}}", READ, "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"),
    _of("Tailscale key", "tskey-", rf"{_B}tskey-[a-z]+-[\w-]{{16,}}", READ, "https://tailscale.com/docs/reference/key-prefixes"),
    _of("Vercel token", "vcp_|vci_|vca_|vcr_|vck_", rf"{_B}vc[piark]_[A-Za-z0-9]{{20,}}", RULES, "https://vercel.com/changelog/new-token-formats-and-secret-scanning"),
    _of("Netlify token", "nfp_", rf"{_B}nfp_\w{{30,}}", RULES, "https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/"),
    _of("Heroku token", "HRKU-", rf"{_B}HRKU-[\w-]{{40,}}", RULES, "https://devcenter.heroku.com/articles/oauth#prefixed-oauth-tokens"),
    _of("OpenShift token", "sha256~", rf"{_B}sha256~[\w-]{{40,}}", RULES, "https://docs.openshift.com/container-platform/latest/authentication/understanding-authentication.html"),
    _of("Artifactory token", "AKCp", rf"{_B}AKCp[A-Za-z0-9]{{60,}}", READ, "https://github.com/jfrog/jfrog-client-go"),
    _of("Artifactory token", "cmVmdGtu", rf"{_B}cmVmdGtu[A-Za-z0-9]{{50,}}", RULES, "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens"),
    _of("Buildkite token", "bk", rf"{_B}bk(?:aa|aj|ar|ct|pat|ps|pt|ua)_[\w-]{{30,}}", READ, "https://buildkite.com/docs/platform/security/tokens"),
    _of("CircleCI token", "CCIPAT_|CCIPRJ_", rf"{_B}CCIP(?:AT|RJ)_\w{{40,}}", RULES, "https://circleci.com/docs/managing-api-tokens/"),
    _of("SonarQube token", "sqp_|squ_|sqa_", rf"{_B}sq[pua]_[0-9a-f]{{40}}", RULES, "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/"),
    _of("Postman key", "PMAK-|PMAT-", rf"{_B}PMA(?:K-[0-9A-Fa-f]{{24}}-[0-9A-Fa-f]{{34}}|T-[A-Za-z0-9]{{26}})", RULES, "https://learning.postman.com/docs/developer/postman-api/authentication/"),
    _of("1Password token", "ops_eyJ", rf"{_B}ops_eyJ[\w+/=-]{{100,}}", RULES, "https://developer.1password.com/docs/service-accounts/"),
    _of("Grafana token", "glsa_|glc_", rf"{_B}gl(?:sa|c)_[\w=+/-]{{20,}}", RULES, "https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/"),
    _of("Grafana key", "eyJrIjoi", rf"{_B}eyJrIjoi[\w+/=-]{{40,}}", RULES, "https://grafana.com/docs/grafana-cloud/developer-resources/api-reference/http-api/authentication/"),
    _of("Dynatrace token", "dt0", rf"{_B}dt0[a-z]\d\d\.[A-Z0-9]{{24}}\.[A-Z0-9]{{64}}", READ, "https://docs.dynatrace.com/docs/shortlink/api-authentication"),
    _of("New Relic key", "NRAK-|NRAA-", rf"{_B}NRA[AK]-[\w-]{{16,}}", READ, "https://github.com/newrelic/newrelic-cli"),
    _of("New Relic key", "NRII-|NRJS-", rf"{_B}NR(?:II|JS)-[\w-]{{16,}}", RULES, "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    _of("Sentry token", "sntry", rf"{_B}sntry[saiu]_[\w+/=-]{{20,}}", READ, "https://github.com/getsentry/sentry/blob/master/src/sentry/types/token.py"),
    _of("PostHog key", "phx_|phs_", rf"{_B}ph[xs]_\w{{40,}}", READ, "https://github.com/PostHog/posthog-python"),
    _of("Doppler token", "dp.", rf"{_B}dp\.(?:pt|st|ct|said?|scim|audit)\.(?:[\w-]{{1,40}}\.)?[\w-]{{20,}}", RULES, "https://docs.doppler.com/reference/auth-token-formats"),
    _of("PlanetScale token", "pscale_", rf"{_B}pscale_\w+_[\w-]{{20,}}(?:\.[\w-]+)*", RULES, "https://planetscale.com/docs/api/reference/service-tokens"),
    _of("Supabase token", "sbp_|sb_secret_", rf"{_B}(?:sbp_|sb_secret_)[\w-]{{20,}}", READ, "https://supabase.com/docs/guides/api/api-keys"),
    _of("Fly token", "fm1|fm2_|fo1_", rf"{_B}(?:fm1[ar]|fm2|fo1)_[\w+/=-]{{20,}}", RULES, "https://fly.io/docs/security/tokens/"),
    _of("Mapbox token", "k.eyJ", rf"{_B}[pst]k\.eyJ[\w-]{{10,}}\.[\w-]{{16,}}", RULES, "https://docs.mapbox.com/api/accounts/tokens/#token-format"),
    _of("MaxMind key", "_mmk", rf"{_B}[A-Za-z0-9]{{6}}_[A-Za-z0-9]{{29}}_mmk(?!\w)", RULES, "https://dev.maxmind.com/geoip/release-notes/"),
    _of("Figma token", "figd_", rf"{_B}figd_[\w-]{{30,}}", RULES, "https://www.figma.com/developers/api#access-tokens"),
    # Payment, mail, talk, games
    _of("Stripe key", "_live_|_test_|whsec_|sk_org_",
        rf"{_B}(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{{8,}}|whsec_[A-Za-z0-9+/=]{{8,}}|sk_org_\w{{16,}})", READ, "https://docs.stripe.com/api/authentication"),
    _of("Slack token", "xox|xapp-|xwfp-", rf"{_B}(?:xoxd-[\w%+/=-]{{8,}}|(?:xox[a-z](?:\.xox[a-z])?-|xapp-|xwfp-)[\w-]{{8,}})", RULES, "https://docs.slack.dev/authentication/tokens"),
    _of("webhook", "hooks.slack.com", r"(hooks\.slack\.com/(?:services|workflows|triggers)/)[\w/-]+", RULES, "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks", rf"\1{REMOVED}"),
    # canary and ptb, too, and each version of the API
    _of("webhook", "/webhooks/|/interactions/", r"(discord(?:app)?\.com/api/(?:v\d+/)?(?:webhooks|interactions)/)\d+/[\w-]+", READ, "https://discord.com/developers/docs/resources/webhook", rf"\1{REMOVED}"),
    _of("Discord token", ".", rf"{_B}(?:mfa\.[\w-]{{60,}}|[MNO][\w-]{{22,30}}\.[\w-]{{6}}\.[\w-]{{25,45}}(?![\w-]))", RULES, "https://discord.com/developers/docs/reference#authentication"),
    _of("Twitch token", "oauth:", rf"{_B}oauth:[A-Za-z0-9]{{16,}}", UNSEEN, "https://dev.twitch.tv/docs/chat/authenticating/"),
    _of("Telegram token", ":AA", r"(?<!\d)\d{6,16}:AA[\w-]{30,}", RULES, "https://core.telegram.org/bots/api#authorizing-your-bot"),
    _of("Riot key", "RGAPI-", rf"{_B}RGAPI-[0-9A-Fa-f-]{{20,}}", UNSEEN, "https://developer.riotgames.com/docs/portal"),
    _of("Roblox cookie", "_|WARNING:-DO-NOT-SHARE-THIS", r"_\|WARNING:-DO-NOT-SHARE-THIS[^\s\"'<>;,]*", UNSEEN, "https://create.roblox.com/docs/cloud/auth"),
    _of("SendGrid key", "SG.", rf"{_B}SG\.[\w-]{{16,}}\.[\w-]{{16,}}", READ, "https://github.com/sendgrid/docs"),
    _of("Twilio key", "SK", rf"{_B}SK[0-9a-f]{{32}}(?![0-9a-f])", READ, "https://www.twilio.com/docs/glossary/what-is-a-sid"),
    _of("Mailgun key", "key-", rf"{_B}key-[0-9a-f]{{32}}(?![0-9a-f])", RULES, "https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth"),
    _of("Mailchimp key", "-us", rf"{_B}[0-9a-f]{{32}}-us\d{{1,2}}(?!\d)", RULES, "https://mailchimp.com/developer/marketing/guides/quick-start/"),
    _of("Brevo key", "xkeysib-", rf"{_B}xkeysib-[\w-]{{40,}}", RULES, "https://developers.brevo.com/docs/getting-started"),
    _of("Anthropic key", "sk-ant-", rf"{_B}sk-ant-[a-z0-9]+-[\w-]{{20,}}", READ, "https://platform.claude.com/docs/get-api-key"),
    # a digit, as classes of style sheets begin with sk-, too; it is not looked for to the end of a long text
    _of("OpenAI key", "sk-", rf"{_B}sk-(?=[\w-]{{0,200}}\d)[\w-]{{20,}}", RULES, "https://platform.openai.com/docs/api-reference/authentication"),
    _of("xAI key", "xai-", rf"{_B}xai-(?:token-)?[A-Za-z0-9_]{{40,}}", RULES, "https://docs.x.ai/docs/overview"),
    _of("Groq key", "gsk_", rf"{_B}gsk_[A-Za-z0-9]{{40,}}", READ, "https://github.com/groq/groq-api-cookbook"),
    _of("Perplexity key", "pplx-", rf"{_B}pplx-[A-Za-z0-9]{{40,}}", RULES, "https://docs.perplexity.ai/"),
    _of("Replicate token", "r8_", rf"{_B}r8_[A-Za-z0-9]{{37}}(?!\w)", RULES, "https://replicate.com/docs/topics/security/api-tokens"),
    _of("ElevenLabs key", "sk_", rf"{_B}sk_[0-9a-f]{{48}}", RULES, "https://elevenlabs.io/docs/api-reference/authentication"),
    _of("Square token", "sq0|EAAA", rf"{_B}(?:sq0[a-z]{{3}}-[\w-]{{20,}}|EAAA[\w+=-]{{56,}})", RULES, "https://developer.squareup.com/docs/build-basics/access-tokens"),
    _of("Shopify token", "shp", rf"{_B}shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{{24,}}", READ, "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing"),
    _of("Shopify token", "shptka_", rf"{_B}shptka_[0-9A-Fa-f]{{24,}}", UNSEEN, "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens"),
    _of("Facebook token", "EAA", rf"{_B}EAA[A-Za-z0-9]{{40,}}", RULES, "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    _of("Linear key", "lin_", rf"{_B}lin_(?:api|oauth)_[A-Za-z0-9]{{20,}}", RULES, "https://linear.app/changelog/2021-08-19-github-secret-scanning"),
    _of("Notion token", "ntn_|secret_", rf"{_B}(?:ntn|secret)_[A-Za-z0-9]{{32,}}", RULES, "https://developers.notion.com/reference/authentication"),
    # Schemes of Authorization (https://www.iana.org/assignments/http-authschemes)
    # Basic, Negotiate and Token are words of sentences, too: a word in small letters behind them is one more.
    _of("token", "earer|EARER|asic|ASIC|egotiate|NTLM|WLID1|MSAuth|oken ",
        r"\b((?i:Bearer|NTLM|WLID1\.0|MSAuth1\.0)|(?i:Basic|Negotiate|Token)(?![ +:]+[A-Za-z]?[a-z]+(?:-[a-z]+)*[.:!?)\]]*(?:[\s\"'<>,;&]|\Z)))"
        r"[ +:]+(?!(?i:realm|scope|error|token|auth)\b)[^\s\"'<>,;&]{8,}", UNSEEN, "https://www.iana.org/assignments/http-authschemes", rf"\1 {REMOVED}"),
    _of("password", "machine ", r"(\bmachine\s+\S+\s+login\s+\S+\s+password\s+)\S+", RULES,
        "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html", rf"\1{REMOVED}"),
    _of("password", "curl", rf"{_USER_OF_CURL}(?!\d+:\d+(?!\S))[^\s:\"'<>]{{0,80}}:[^\s\"'<>]+", READ, "https://curl.se/docs/manpage.html"),
    _of("password", "://", r"(?<=://)[^/\s:@\"'<>]*:[^/\s@\"'<>]+(?=@)", RULES, "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"),
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
    """Whether ``found`` is in one case throughout, and not a text of words: it has digits in it."""
    plain = len(found) >= _SHORTEST_ECHO and (found.upper() == found or found.lower() == found)
    return plain and sum(map(str.isdigit, found)) > 1


_RAREST_FIRST = "~+_QZJKXVWqzjkxHYUGBvw1/-.:="
"""Characters of marks, those first that texts of services have least."""

_Glance = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def _glance(marks: list[tuple[str, int]]) -> _Glance:
    """Marks and the places of their rows, by the rarest character of the mark: where it is not, none of them is."""
    sorted_by: dict[str, list[tuple[str, int]]] = {}
    for mark, place in marks:
        rarest = next((char for char in _RAREST_FIRST if char in mark), "")
        sorted_by.setdefault(rarest, []).append((mark, place))
    return tuple((char, tuple(of_char)) for char, of_char in sorted_by.items())


_MARKS = _glance([(mark, place) for place, one in enumerate(PUBLISHED) for mark in one.marks])
_LOW_MARKS = _glance([(mark.lower(), place) for place, one in enumerate(ECHOES) for mark in one.marks])


def _places(marks: _Glance, text: str) -> list[int]:
    # asked of every text: one comprehension takes a third of the time that one for each issuer takes
    return sorted({place for char, of_char in marks if char in text for mark, place in of_char if mark in text})


def published_in(text: str) -> list[Published]:
    """Those that ``text`` may contain, as far as a quick look shows, in their order."""
    return [PUBLISHED[place] for place in _places(_MARKS, text)]


def echoes_in(text: str) -> list[Published]:
    """As :func:`published_in`, for texts in one case."""
    if len(text) < _SHORTEST_ECHO or not _ONE_CASE.search(text):
        return []
    return [ECHOES[place] for place in _places(_LOW_MARKS, text.lower())]
