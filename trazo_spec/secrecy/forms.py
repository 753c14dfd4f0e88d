"""Keys and tokens that tell by their form what they are, whoever gives them out.

The lists of GitHub's secret scanning, gitleaks and detect-secrets say which forms there are:
https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns
https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
https://github.com/Yelp/detect-secrets/tree/master/detect_secrets/plugins
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from trazo_spec.secrecy.hidden import is_mixed
from trazo_spec.secrecy.secret import Secret


class Form(NamedTuple):
    """How a sort of secret looks."""

    what: str
    hints: tuple[str, ...]
    """A text without any of these holds none, which is quick to tell."""
    pattern: re.Pattern[str]
    """The secret is its group `secret`, else all of it."""


def _form(what: str, hints: str, pattern: str) -> Form:
    return Form(what, tuple(hints.split(" ")), re.compile(pattern))


# No pattern begins with a part of any length: what is tried at each letter must be short.
FORMS: tuple[Form, ...] = (
    _form(
        "a private key",
        "PRIVATE",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:(?:(?!-----)[\s\S])*-----END [A-Z0-9 ]{0,40}-----"
        r"|(?:\\n|\s)*(?:[A-Za-z0-9+/=]{16,}(?:\\n|\s)*)*)",
    ),
    _form("an AWS access key", "AKIA ASIA ABIA ACCA", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    _form(
        "an AWS session token",
        "FwoGZXIvYXdzE IQoJb3JpZ2lu",
        r"(?<![A-Za-z0-9+/])(?:FwoGZXIvYXdzE|IQoJb3JpZ2lu)[A-Za-z0-9+/=]{40,}",
    ),
    _form(
        "an Azure storage key",
        "==",
        r"(?<![A-Za-z0-9+/=-])[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])",
    ),
    _form("an Amazon Bedrock key", "ABSK", r"\bABSK[A-Za-z0-9+/]{100,}={0,2}"),
    _form(
        "a GitHub token",
        "gh github_pat_",
        r"\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    ),
    _form(
        "a GitLab token",
        "gl GR1348941",
        r"\b(?:gl(?:pat|ptt|rt|dt|soat|cbt|ft|agent|imt|oas)-[A-Za-z0-9_.=-]{16,}"
        r"|GR1348941[A-Za-z0-9_-]{16,})",
    ),
    _form("a Bitbucket token", "ATCTT3 ATBB", r"\bAT(?:CTT3|BB)[A-Za-z0-9_=-]{20,}"),
    _form("an Atlassian token", "ATATT3", r"\bATATT3[A-Za-z0-9_=-]{20,}"),
    _form("a Slack token", "xox xapp-", r"\b(?:xox[abceoprs]|xapp)-[A-Za-z0-9-]{10,}"),
    _form(
        "a Slack webhook",
        "hooks.slack",
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>T[\w/]{8,})",
    ),
    _form(
        "a Discord webhook",
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/(?P<secret>\d+/[\w-]{20,})",
    ),
    _form(
        "a Teams webhook",
        "webhook.office.com/",
        r"webhook\.office\.com/(?P<secret>webhookb?2?/[\w@/-]{20,})",
    ),
    _form("a Stripe key", "sk_ rk_", r"\b(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,}"),
    _form("a webhook secret", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{16,}"),
    _form("a SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _form("a Twilio key", "SK", r"\bSK[0-9a-f]{32}\b"),
    _form("a Mailgun key", "key-", r"\bkey-[0-9a-f]{32}\b"),
    _form("a Mailchimp key", "-us", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    _form("a Brevo key", "xkeysib- xsmtpsib-", r"\bx(?:key|smtp)sib-[0-9a-f]{40,}-\w{8,}"),
    _form("a Postman key", "PMAK-", r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _form("a Google key", "AIza", r"\bAIza[A-Za-z0-9_-]{35}"),
    _form("a Google OAuth secret", "GOCSPX-", r"\bGOCSPX-[A-Za-z0-9_-]{20,}"),
    _form("a Google OAuth token", "ya29. 1//0", r"\b(?:ya29\.[\w-]{20,}|1//0[\w-]{30,})"),
    _form(
        "a model provider's key",
        "sk-",
        r"\bsk-(?=[A-Za-z_-]{0,20}[A-Z0-9])[A-Za-z0-9_-]{20,}",
    ),
    _form(
        "a model provider's key",
        "xai- gsk_ pplx- r8_ nvapi-",
        (
            r"\b(?:xai-[A-Za-z0-9]{40,}|gsk_[A-Za-z0-9]{40,}|pplx-[A-Za-z0-9]{40,}"
            r"|r8_[A-Za-z0-9]{30,}|nvapi-[\w-]{40,})"
        ),
    ),
    _form("a Hugging Face token", "hf_ api_org_", r"\b(?:hf|api_org)_[A-Za-z]{2}[A-Za-z0-9]{16,}"),
    _form("a PyPI token", "pypi-", r"\bpypi-[A-Za-z0-9_-]{16,}"),
    _form("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{30,}"),
    _form("a RubyGems key", "rubygems_", r"\brubygems_[0-9a-f]{40,}"),
    _form("a crates.io token", "cio", r"\bcio[A-Za-z0-9]{32}\b"),
    _form("a NuGet key", "oy2", r"\boy2[a-z0-9]{43}\b"),
    _form("a Docker Hub token", "dckr_", r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _form("a DigitalOcean token", "do", r"\bdo[opr]_v1_[0-9a-f]{32,}"),
    _form(
        "a Terraform Cloud token", ".atlasv1.", r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}"
    ),
    _form("a Vault token", "hv", r"\bhv[bsr]\.[A-Za-z0-9_-]{20,}"),
    _form(
        "a Doppler token",
        "dp.",
        r"\bdp\.(?:ct|pt|st|sa|scim|audit)\.(?:[\w-]{1,35}\.)?[A-Za-z0-9]{40,}",
    ),
    _form("a Pulumi token", "pul-", r"\bpul-[0-9a-f]{40}\b"),
    _form("a Heroku key", "HRKU-", r"\bHRKU-[\w-]{20,}"),
    _form(
        "a Fly.io token", "fo1_ fm1 fm2", r"\b(?:fo1_[\w-]{40,}|fm[12][ar]?_[A-Za-z0-9+/=_]{40,})"
    ),
    _form("a Netlify token", "nfp_", r"\bnfp_[A-Za-z0-9]{30,}"),
    _form("a Supabase key", "sbp_ sb_secret_", r"\b(?:sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,})"),
    _form("a PlanetScale secret", "pscale_", r"\bpscale_(?:tkn|pw|oauth)_[\w=.-]{20,}"),
    _form("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}\b"),
    _form("a Grafana token", "glc_ glsa_", r"\b(?:glc_[A-Za-z0-9+/=]{32,}|glsa_\w{32,})"),
    _form(
        "a New Relic key",
        "NRAK- NRJS- NRII- NRRA- NRAL",
        r"\bNR(?:AK|II|RA|IQ)-[A-Za-z0-9_-]{20,}|\b[0-9a-f]{36}NRAL\b",
    ),
    _form("a Sentry token", "sntrys_ sntryu_", r"\bsntry[su]_[A-Za-z0-9+/=_]{40,}"),
    _form("a Dynatrace token", "dt0", r"\bdt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{40,}"),
    _form("a PostHog key", "phx_", r"\bphx_[A-Za-z0-9]{30,}"),
    _form("a Linear key", "lin_api_", r"\blin_api_[A-Za-z0-9]{30,}"),
    _form("a Notion token", "ntn_ secret_", r"\b(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}\b)"),
    _form("a Figma token", "figd_", r"\bfigd_[A-Za-z0-9_-]{30,}"),
    _form("an Airtable token", "pat", r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b"),
    _form("a Shopify token", "shp", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b"),
    _form("a Square token", "sq0 EAAA", r"\b(?:sq0(?:atp|csp)-[\w-]{22,}|EAAA[\w-]{60}\b)"),
    _form("an Instagram token", "IGQV", r"\bIGQV[A-Za-z0-9_-]{40,}"),
    _form("a Facebook token", "EAA", r"\bEAA[A-Z][A-Za-z0-9]{60,}"),
    _form("a Mapbox secret", "sk.eyJ", r"\bsk\.eyJ[\w-]{20,}\.[\w-]{16,}"),
    _form("a Telegram token", ":AA", r"\b(?:bot)?\d{8,10}:AA[A-Za-z0-9_-]{32,34}"),
    _form(
        "a Discord token", ".", r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}"
    ),
    _form("a Cloudflare key", "v1.0-", r"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{100,}"),
    _form("a Cloudflare token", "cf", r"\bcf(?:ut|k|at)_[A-Za-z0-9_-]{30,}"),
    _form(
        "an Artifactory key",
        "AKCp cmVmdGtu",
        r"\b(?:AKCp[A-Za-z0-9]{60,}|cmVmdGtu[A-Za-z0-9]{50,})",
    ),
    _form("a Sonar token", "sq", r"\bsq[pua]_[0-9a-f]{40}\b"),
    _form("an age key", "AGE-SECRET-KEY-", r"\bAGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    _form("a private SSH key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d:[\s\S]*"),
    _form("a Django secret key", "django-insecure-", r"\bdjango-insecure-\S{2,}"),
    _form("an Okta token", "SSWS", r"\bSSWS\s+(?P<secret>[\w-]{30,})"),
    _form("an Azure client secret", "Q~", r"[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}"),
    _form("an Alibaba key", "LTAI", r"\bLTAI[A-Za-z0-9]{12,24}\b"),
    _form(
        "a Yandex key",
        "AQVN t1.",
        r"\b(?:AQVN[\w-]{35,38}|t1\.[A-Z0-9a-z_-]{20,}={0,2}\.[\w-]{86})",
    ),
    _form(
        "a LaunchDarkly key",
        "sdk- api- mob-",
        (r"\b(?:sdk|api)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    ),
    _form("a Tailscale key", "tskey-", r"\btskey-[a-z]+-[A-Za-z0-9-]{20,}"),
    _form("a LangSmith key", "lsv2_", r"\blsv2_(?:pt|sk)_[A-Za-z0-9_]{32,}"),
    _form("a 1Password token", "ops_eyJ", r"\bops_eyJ[A-Za-z0-9_=-]{60,}"),
    _form("a Prefect key", "pnu_ pnb_", r"\bpn[ub]_[A-Za-z0-9]{30,}"),
    _form("a Contentful token", "CFPAT-", r"\bCFPAT-[A-Za-z0-9_-]{30,}"),
    _form("a Sourcegraph token", "sgp_", r"\bsgp_[0-9A-Za-z_]{36,}"),
    _form("a Dropbox token", "sl.", r"\bsl\.(?:u\.)?[A-Z][A-Za-z0-9_-]{100,}"),
    _form("a CircleCI token", "CCIPAT_ CCIPRJ_", r"\bCCIP(?:AT|RJ)_[A-Za-z0-9_]{30,}"),
    _form("a Buildkite token", "bkua_ bkaj_ bkct_", r"\bbk(?:ua|aj|ct)_[0-9a-zA-Z]{30,}"),
    _form("an EasyPost key", "EZAK EZTK", r"\bEZ[AT]K[A-Za-z0-9]{50,}"),
    _form("a Resend key", "re_", r"\bre_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,}"),
    _form(
        "a HubSpot token",
        "pat-",
        r"\bpat-(?:na|eu)\d?-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    ),
    _form("a Firecrawl key", "fc-", r"\bfc-[0-9a-f]{32}\b"),
    _form("an Octopus key", "API-", r"\bAPI-[A-Z0-9]{25,32}\b"),
    _form(
        "a Vault token",
        "s.",
        r"\bs\.(?=[A-Za-z0-9]{0,23}\d)(?=[a-zA-Z0-9]{0,23}[A-Z])[A-Za-z0-9]{24}\b",
    ),
    _form(
        "a private JWK",
        "kty",
        r"[\"'](?:d|k|p|q|dp|dq|qi)\\{0,3}[\"']\s{0,4}:\s{0,4}\\{0,3}[\"'](?P<secret>[A-Za-z0-9_-]{20,})",
    ),
    _form(
        "a webhook URL",
        "hook pagerduty.com ifttt.com hc-ping logic.azure",
        r"(?:events\.pagerduty\.com/integration/|/trigger/[^/\s]{1,80}/(?:json/)?with/key/"
        r"|hooks\.zapier\.com/hooks/catch/|hc-ping\.com/|outlook\.office\.com/webhook/"
        r"|/open-apis/bot/v2/hook/|/cgi-bin/webhook/send\?key=|/hooks/(?=[a-z0-9]{26}\b)"
        r"|hooks?\.[\w.-]{1,80}/(?:[\w-]{1,40}/){0,4}(?=[\w-]*\d)(?=[\w-]{20}))(?P<secret>[\w@/-]{8,})",
    ),
    _form("a user's password hash", "{S", r"\{S?SHA(?:256|512)?\}(?P<secret>[A-Za-z0-9+/=]{20,})"),
    _form(
        "a signed token",
        "eyJ",
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
        r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
        r"\.[A-Za-z0-9_-]{8,}",
    ),
    _form(
        "a signature that grants access to storage",
        "sig= Signature=",
        r"[?&;](?:sig|X-Amz-Signature|X-Goog-Signature|Signature)=(?P<secret>[A-Za-z0-9%+/=_~-]{20,})",
    ),
    _form(
        "a password hash",
        "$",
        r"\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{40,}|apr1\$[^\s$]{1,16}\$[./A-Za-z0-9]{10,}"
        r"|[156y]\$[^\s$]{1,60}\$[./A-Za-z0-9]{20,}|argon2(?:id|i|d)\$\S{20,})",
    ),
)


_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9_./-])(?!pk|pub|phc|sha|md5|nonce|digest|rev)[A-Za-z][A-Za-z0-9]{0,15}"
    r"(?:[_-](?:live|prod|api|pat|tkn|token|secret|key|sk|auth))?[_-](?P<tail>[A-Za-z0-9]{32,200})(?![\w./-])"
    r"|(?<![A-Za-z0-9_./-])(?!pk|pub|phc|sha|md5|nonce|digest|rev)[A-Za-z][A-Za-z0-9]{0,15}"
    r"[_-](?:live|prod|api|pat|tkn|token|secret|key|sk)[_-](?P<tail2>[A-Za-z0-9]{24,200})(?![\w./-])"
)
"""What most providers write today: who gave it out, perhaps what it is, and chance."""


def of_form(text: str) -> Iterator[Secret]:
    """The secrets in a text that tell by their form."""
    for match in _PREFIXED.finditer(text) if "_" in text or "-" in text else ():
        if is_mixed(match["tail"] or match["tail2"]):
            yield Secret(*match.span(), "a token")
    for what, hints, pattern in FORMS:
        if not any(hint in text for hint in hints):
            continue
        group = "secret" if "secret" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            yield Secret(match.start(group), match.end(group), what)
