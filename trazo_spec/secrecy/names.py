"""Names that say that their value is a secret, and values that are none whatever their name."""

import re
from enum import IntEnum
from functools import lru_cache

from trazo_spec.secrecy import foreign


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may stand behind the word that says it: `JWT_SECRET_VALUE`, `API_KEY_V2`.
_ENDINGS = _words_of(
    "VALUE VALUES OLD NEW PROD PRODUCTION STAGING STAGE DEV DEVELOPMENT TEST TESTING QA BASE64 B64"
    " B HEX PRIMARY SECONDARY CURRENT PREVIOUS PREV NEXT PLAIN PLAINTEXT CLEARTEXT RAW TEXT STRING"
    " STR DEFAULT BACKUP LIVE SANDBOX ENCODED ENV VAR LOCAL JSON PEM MAIN ROOT ADMIN RW RO"
    " READONLY A C X DATA CONTENT CONTENTS INLINE US EU"
)
_WORDS = _words_of(
    "PASSWORD PASSWD PASSWRD PASSWORT PASSPHRASE PASSCODE PASS PASSW PWD PSWD PW SECRET SECRETS"
    " TOKEN CREDENTIAL CREDENTIALS CREDS CRED APIKEY SECRETKEY ACCESSKEY PRIVATEKEY PRIVKEY"
    " AUTHKEY MASTERKEY ENCRYPTIONKEY SIGNINGKEY LICENSEKEY ACCOUNTKEY APPKEY STOREPASS KEYPASS"
    " DBPASS USERPASS ROOTPASS AUTHPASS REQUIREPASS MASTERAUTH DBPW AUTHORIZATION KEYFILEDATA"
    " PASSPHRASES PEPPER MNEMONIC PASSIN PASSOUT PSW PSK ROOTPW BINDPW ADMINPW USERPW LOGINPW"
).union(foreign.WORDS)
# A word of several, written as one: `PGPASSWORD`, `clientsecret`.
_WORD_ENDS = (
    "PASSWORD PASSWD PASSPHRASE APIKEY SECRETKEY AUTHTOKEN ACCESSTOKEN APITOKEN REFRESHTOKEN"
    " BEARERTOKEN USERTOKEN BOTTOKEN CLIENTSECRET APPSECRET APISECRET SHAREDSECRET JWTSECRET"
    " AUTHSECRET SECRETACCESSKEY ACCESSKEYSECRET STOREPASS KEYPASS PASSWORT KENNWORT"
)
_WHOSE = (
    "(?:DB|USER|ROOT|ADMIN|AUTH|LOGIN|BIND|SMTP|MAIL|FTP|LDAP|SQL|PG|REDIS|MQTT|HTTP|PROXY|SSH|CERT)"
    "(?:PASS|PWD|PW)"
)
_WORD_END = re.compile(f"(?:{'|'.join((*_WORD_ENDS.split(), *sorted(foreign.UNSPACED), _WHOSE))})$")
# Words that end like one and may be another: `MYAPPTOKEN`. The value has to tell.
_MAYBE_END = re.compile(r"(?:PWD|SECRET|TOKEN)$")
_KEYS = _words_of(
    "API APP APPLICATION AUTH ACCESS SECRET PRIVATE PRIV SIGNING SIGN SIGNATURE ENCRYPTION ENCRYPT"
    " DECRYPTION CRYPTO CIPHER MASTER LICENSE LICENCE ACCOUNT SHARED SESSION COOKIE HMAC JWT JWE"
    " AES DES RSA FERNET SSH SSL TLS DEPLOY WEBHOOK SERVICE SECURITY ADMIN SENDGRID STRIPE OPENAI"
    " ANTHROPIC MAILGUN DATADOG DD NEWRELIC RELIC GEMINI ROLE INGEST INGESTION INTEGRATION VAULT"
    " UNSEAL WIREGUARD PRESHARED ENC CRYPT WRITE IMGPROXY NONCE SUBSCRIPTION ROUTING GOSSIP"
)
# What may be a secret or the name of a way: `auth: basic`, `SALT: 4`. The value has to tell.
_WEAK = _words_of(
    "AUTH SALT TOKENS PASSWORDS APIKEYS JWT PAT PIN OTP SIGNATURE COOKIE PASSKEY ENCRYPT"
).union(foreign.MAYBE)
_WHOLE = re.compile(
    r"(?:^|_)(?:SECRET_KEY_BASE|LOGGED_IN_KEY|SEED_PHRASE|ROOT_TOKEN_ID|AUTH_CODE|REDISCLI_AUTH|ERLANG_COOKIE"
    rf"|{foreign.PHRASES})$"
)
"""Names of which the last word alone says nothing, or the contrary."""
_IN_MIDDLE = _words_of("PASSWORD PASSWD PASSPHRASE SECRET TOKEN APIKEY CREDENTIALS PASS").union(
    foreign.WORDS, foreign.MAYBE
)
# A name that ends so leads to a secret or says something about it.
_WAYS = _words_of(
    "URL URI URLS LINK FILE FILENAME PATH DIR DIRECTORY FOLDER TTL LENGTH LEN MIN MAX NAME NAMES"
    " ARN ARNS ID IDS IDENTIFIER HEADER PREFIX SUFFIX POLICY ENABLED DISABLED REQUIRED EXPIRY"
    " EXPIRE EXPIRES EXPIRATION LIFETIME AGE TYPE KIND ALGORITHM ALG ISSUER AUDIENCE HOST HOSTNAME"
    " PORT ENDPOINT COUNT SIZE LIMIT LIMITS HASHERS HASHER VALIDATORS VALIDATOR RESET DAYS HOURS"
    " MINUTES SECONDS S MS H PARALLELISM REGION VERSION FORMAT FIELD PARAM PARAMETER METHOD MODE"
    " PROVIDER BACKEND STORE SERVICE ROTATION ATTEMPTS RETRIES TIMEOUT INTERVAL USER USERNAME LOGIN"
    " EMAIL SCOPE SCOPES CLASS ENGINE SOURCE REF BUCKET TABLE QUEUE TOPIC"
    " DESCRIPTION REASON HELP HINT LABEL TITLE"
    " PLACEHOLDER CHARSET ENCODING STRENGTH ROUNDS COST RULES REGEX PATTERN LOCATION ISSUED BUDGET"
    " TAGS TAG WINDOW RECOVERY"
)
_PUBLIC = re.compile(
    r"^(?:NEXT_PUBLIC|NUXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|GATSBY|VUE_APP)_"
    r"|(?:^|_)(?:PUBLIC|PUBLISHABLE|RANDOM_ROOT|EXISTING)_|(?:^|_)PULL_SECRETS?$"
    r"|^(?:ALLOW|DISABLE|ENABLE|HAS|HIDE|IS|MAX|MIN|NO|NUM|REQUIRE|SHOW|SKIP|USE|VERIFY)_"
)
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_LETTERS = re.compile(r"[\W_]+")
_VERSION = re.compile(r"V?\d+")

# What stands for a secret, or leads to one, or says that there is none.
_NO_SECRET = re.compile(
    r"|(?:true|false|yes|no|on|off|none|null|nil|undefined|unset|empty|disabled|enabled|required"
    r"|optional|n/a|rds_managed|ephemeral|managed|generated|random|auto|redacted|masked|hidden)"
    r"|[01]|-|stdin|fd:\d+|read|write|include|omit|same-origin|user_provided|id=[\w,=./-]+"
    r"|arn:aws.*|file:.*|https?://.*|ssm:.*|secretsmanager:.*|env:.*|vault:.*|op://.*|sm://.*"
    r"|ref\+.*|aws_\w+\.[\w.\[\]]+|(?:aws|gcp|google|azure)[\w-]*:\S+|alias/[\w/-]+"
    r"|[a-z][a-z0-9+.-]{1,30}://(?!hooks\.)[\w./#-]*|[a-z]+(?:[-_][a-z]+)*(?:/[a-z]+(?:[-_][a-z]+)*){2,}"
    r"|[\w./-]{1,200}\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|env|gpg|asc)|x(?:-[a-z]+){1,5}"
    r"|process\.env\.\w+|os\.(?:environ|getenv)\W.*|%[\w.]+(?:\(.*\))?%.*|__\w+__|@@?[A-Z_]+@@?"
    r"|\[[A-Za-z _-]+\]|\([A-Za-z ,.-]+\)|pk\.[\w.-]+|\#\{.*\}"
    r"|\{\{.*\}\}|<[^<>]*>|%\(\w+\)[sd]|%s|%\w+%|\{[A-Za-z_.]*\}|ENC\[.*\]|\{cipher\}.*"
    r"|@Microsoft\.KeyVault\(.*\)|(?:base64:|bearer |basic |token )?\${1,2}\{.*\}"
    r"|\${1,2}\(.*\)|\*{3,}\W*|x{3,}|\.{3,}|\u2022+"
    r"|\[\^?|(?:\(?\.|\[\^?[^\]]{1,20}\]|\\[wSsdWD])[*+].*"  # a pattern, not what it matches
    r"|pk_(?:live|test)_\w+|-----BEGIN (?:[A-Z0-9]+ )*(?:PUBLIC KEY|CERTIFICATE)-----.*"
    r"|(?:ssh-\w+|ecdsa-\S+) AAAA.*|age1[a-z0-9]{50,}|sha(?:256|384|512)[:-].*",
    re.IGNORECASE | re.DOTALL,
)
_VARIABLE = re.compile(r"\${1,2}(?:[A-Z_][A-Z0-9_]*|[a-z_]+)")
_PATH = re.compile(r"(?:\.{0,2}|~)/[\w.@~-]*(?:/[\w.@~-]*)*")
_LONG_SEGMENT = re.compile(r"[A-Za-z0-9+]{24,}")
_COUNT = re.compile(r"\d{1,6}|\d{0,6}\.\d{1,12}")
_DIGITS_OF = {"PIN": re.compile(r"\d{4,12}"), "OTP": re.compile(r"\d{6,8}")}
"""What is a secret although it is nothing but digits, where the name says whose."""
# Words, and the names of ways to sign and to log in: `oauth2`, `aes256-gcm`.
_WAY_OF_AUTH = re.compile(
    r"[a-z]+(?:[-_ ][a-z]+)*|\d{1,6}"
    r"|(?:oauth|sha|hs|rs|es|ps|aes|md|argon|bcrypt|pbkdf|scram-sha|v)[-_]?\d{1,3}\w{0,3}(?:[-_]\w+)*",
    re.IGNORECASE,
)


# Words with a number behind, such as `web-2` and `Acme2`: names, and nothing made up.
_NUMBERED = re.compile(r"[A-Za-z]++\d{0,4}+(?:[-_][A-Za-z]*+\d{0,4}+)*")
_INTERLEAVED = re.compile(r"[a-z]\d+[A-Za-z]|\d[a-z]+\d|[a-z][!#$%&*?^~]+[a-z0-9]")


class Says(IntEnum):
    """How surely a name says that its value is a secret."""

    NOTHING = 0
    MAYBE = 1
    """The value has to look like one."""
    SECRET = 2


@lru_cache(maxsize=4096)
def says(name: str) -> Says:
    """What a name says of its value.

    >>> [says(name).name for name in ("PGPASSWORD", "apiKeyV2", "PASSWORD_RESET_URL", "auth")]
    ['SECRET', 'SECRET', 'NOTHING', 'MAYBE']
    """
    words = _words(name)
    if not words or _PUBLIC.search("_".join(words)):
        return Says.NOTHING
    if _WHOLE.search("_".join(words)):
        return Says.SECRET
    core = list(words)
    while len(core) > 1 and (core[-1] in _ENDINGS or _VERSION.fullmatch(core[-1])):
        core.pop()
    last = core[-1].rstrip("0123456789") or core[-1]
    if last in _WORDS or _WORD_END.search(last):
        return Says.SECRET
    if last == "KEY" and len(core) > 1 and core[-2] in _KEYS:
        return Says.SECRET
    if last in _WEAK or (last in ("KEY", "KEYS") and _KEYS & set(core[:-1])):
        return Says.MAYBE
    if _MAYBE_END.search(last):
        return Says.MAYBE
    between = not _WAYS & set(words[-2:]) and _IN_MIDDLE & set(core)
    return Says.MAYBE if between else Says.NOTHING


@lru_cache(maxsize=4096)
def leads_elsewhere(name: str) -> bool:
    """Whether a name says that its value is something about a secret: its ARN, its length."""
    words = _words(name)
    return bool(words) and (
        words[-1] in _WAYS or not {"PUBLIC", "PUBLISHABLE", "SITE", "SITEKEY"}.isdisjoint(words)
    )


def _words(name: str) -> list[str]:
    spaced = _BETWEEN_WORDS.sub("_", foreign.plain_letters(name[:200])).upper()
    return [word for word in _NOT_LETTERS.split(spaced) if word]


def is_secret(name: str, value: str) -> bool:
    """Whether a name says that its value is a secret, and the value is one and not a way to it.

    >>> is_secret("DB_PASSWORD", "hunter2"), is_secret("PASSWORD_RESET_URL", "/reset")
    (True, False)
    >>> is_secret("TOKEN_TTL_S", "3600"), is_secret("API_TOKEN", "${API_TOKEN}")
    (False, False)
    >>> is_secret("ADMIN_PIN", "4711"), is_secret("LED_PIN", "13")
    (True, False)
    """
    said = says(name)
    if said is Says.NOTHING or stands_for_none(value):
        return False
    *before, last = _words(name)
    if _COUNT.fullmatch(value) and last == "TOKEN":
        return False
    digits = _DIGITS_OF.get(last) if before else None
    made = looks_made(value) or (digits is not None and digits.fullmatch(value) is not None)
    return said is Says.SECRET or made


def stands_for_none(value: str) -> bool:
    """Whether a value leads to a secret, or is a switch: a path, an ARN, `${NAME}`, `true`."""
    value = value.strip()
    if _NO_SECRET.fullmatch(value) or _VARIABLE.fullmatch(value):
        return True
    return bool(_PATH.fullmatch(value)) and not _LONG_SEGMENT.search(value)


def looks_made(value: str) -> bool:
    """Whether a text is more than words: letters with digits or signs among them, without spaces.

    >>> looks_made("hunter2secret"), looks_made("see the wiki"), looks_made("oauth2")
    (True, False, False)
    """
    if len(value) < 6 or any(c.isspace() for c in value) or _WAY_OF_AUTH.fullmatch(value):
        return False
    letters = any(c.isalpha() for c in value)
    return letters and any(c.isdigit() or not (c.isalnum() or c in "-_./,") for c in value)


def looks_chosen(value: str) -> bool:
    """Whether a word is a password or a token in all likelihood, and no name with a number in it.

    >>> looks_chosen("Tr0ub4dorx9"), looks_chosen("acme-web2"), looks_chosen("db1.acme.io:5432")
    (True, False, False)
    """
    if len(value) < 8 or not looks_made(value) or _NUMBERED.fullmatch(value):
        return False
    if any(c in "/@:,<>()[]{}" for c in value) or stands_for_none(value):
        return False
    cased = any(c.islower() for c in value) and any(c.isupper() for c in value)
    return any(c.isdigit() for c in value) and (cased or _INTERLEAVED.search(value) is not None)
