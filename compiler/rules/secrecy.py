"""Rules about passwords and keys that stand in a spec, and where secrets belong."""

import re
from collections.abc import Iterator, Mapping

from compiler.graph import Graph
from compiler.links import linked_names
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.security import Security
from trazo_spec.diagnostics import Severity, SpecPath

# How keys look, by what gives them out. None of them has another use, so no name is needed to tell.
# Sources: the formats that GitHub's secret scanning and gitleaks look for,
# https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns
# https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
KEY_FORMS: Mapping[str, re.Pattern[str]] = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    "a Stripe key": re.compile(r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}"),
    "a webhook secret": re.compile(r"\bwhsec_[A-Za-z0-9+/=]{16,}"),
    "a GitHub token": re.compile(r"\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{16,}"),
    "a Slack token": re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
    "a Slack webhook": re.compile(r"hooks\.slack\.com/services/T[A-Za-z0-9]+/B[A-Za-z0-9]+/\w+"),
    "a SendGrid key": re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    "a model provider's key": re.compile(r"\bsk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,}"),
    "an npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "a signed token": re.compile(
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
    ),
}
URL_WITH_PASSWORD = re.compile(
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<password>[^/\s@]+)@(?P<host>[^/\s:?#]+)"
)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "0.0.0.0")  # noqa: S104 - looked for, not listened on

# A name tells a secret by how it ends: `DB_PASSWORD` is one, `PASSWORD_RESET_URL` is not.
SECRET_NAME = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS|APIKEY|SECRET_STRING"
    r"|(?:API|APP|AUTH|ACCESS|SECRET|SECRET_ACCESS|PRIVATE|SIGNING|ENCRYPTION|MASTER|LICENSE)_KEY"
    r"|SECRET_KEY_BASE)$"
)
# Values that go to browsers anyway, and switches or counts about secrets.
PUBLIC_NAME = re.compile(
    r"^(?:NEXT_PUBLIC|NUXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|GATSBY|VUE_APP)_|(?:^|_)(?:PUBLIC|PUBLISHABLE)_"
    r"|^(?:ALLOW|DISABLE|ENABLE|HAS|HIDE|IS|MAX|MIN|REQUIRE|SHOW|SKIP|USE|VERIFY)_"
)
NO_SECRET = re.compile(
    r"|true|false|yes|no|on|off|none|null|nil|unset|disabled|enabled|required|optional|n/a"
    r"|arn:.*|/[^+=\s]*|file:.*|https?://.*|\$.*|\{\{.*|<.*>|%\(.*|ssm:.*|secretsmanager:.*|env:.*",
    re.IGNORECASE,
)
COUNT = re.compile(r"\d{1,6}")
ASSIGNMENT = re.compile(
    r"(?:^|[\s;&])(?:--?|export\s+)?(?P<name>[A-Za-z][\w-]*)=(?P<value>'[^']*'|\"[^\"]*\"|[^\s;&]+)"
)
OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w-]*)")

ADVICE = (
    "put it into Secrets Manager and name it under `secrets`; then change it, since it stood in "
    "a file"
)


def form_of(text: str) -> str:
    """What kind of key or password a text holds, empty when its form tells of none.

    >>> form_of("postgres://app:hunter2@db.acme.io/app"), form_of("postgres://db.acme.io/app")
    ('a URL with a password', '')
    """
    for what, pattern in KEY_FORMS.items():
        if pattern.search(text):
            return what
    match = URL_WITH_PASSWORD.search(text)
    if match and not match["password"].startswith(("$", "{", "<", "%", "*")):
        return "" if match["host"] in LOCAL_HOSTS else "a URL with a password"
    return ""


def is_secret(name: str, value: str) -> bool:
    """Whether a name says that its value is a secret, and the value is one and not a way to it.

    >>> is_secret("DB_PASSWORD", "hunter2"), is_secret("PASSWORD_RESET_URL", "/reset")
    (True, False)
    >>> is_secret("TOKEN_TTL_S", "3600"), is_secret("API_TOKEN", "${API_TOKEN}")
    (False, False)
    """
    upper = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper().replace("-", "_").replace(".", "_")
    if not SECRET_NAME.search(upper) or PUBLIC_NAME.search(upper) or NO_SECRET.fullmatch(value):
        return False
    return not (COUNT.fullmatch(value) and upper.endswith("TOKEN"))


@rule("TZ465", Severity.ERROR, local=True)
def key_in_spec(graph: Graph) -> Iterator[Finding]:
    """A key or password stands in the spec.

    A spec is kept in version control and read by many; what stands in it also ends up in
    Terraform's state. Whoever reads it can use the key, and old versions of the file keep it.

    ```yaml
    environment: {CELERY_BROKER_URL: "redis://:hunter2@cache.acme.io:6379"}   # bad
    secrets: {CELERY_BROKER_URL: celery_broker_url}                           # good
    ```
    """
    for path, text in texts(graph):
        if what := form_of(text):
            yield Finding(path, f"{_where(path)} holds {what}", ADVICE, confidential=True)


@rule("TZ466", Severity.ERROR, local=True)
def secret_by_name(graph: Graph) -> Iterator[Finding]:
    """A variable whose name says that it is a secret has its value in the spec.

    Names that end in `PASSWORD`, `SECRET`, `TOKEN`, `API_KEY` and the like are meant. What leads
    to a secret is fine: a path, an ARN, a URL, a name such as `PASSWORD_RESET_URL` or
    `TOKEN_TTL_S`.

    ```yaml
    environment: {DJANGO_SECRET_KEY: 7u-v3xq}           # bad
    secrets: {DJANGO_SECRET_KEY: django_secret_key}     # good
    ```
    """
    for path, name, value in _named_values(graph):
        if is_secret(name, value) and not form_of(value):
            message = f"`{name}` has its value in the spec, and its name says that it is a secret"
            yield Finding(path, message, ADVICE, confidential=True)


def _where(path: SpecPath) -> str:
    names = [str(p) for p in path if isinstance(p, str) and p != "components"]
    return f"`{'.'.join(names)}`"


def texts(graph: Graph) -> Iterator[tuple[SpecPath, str]]:
    """Every text of components and overrides, with its place."""
    spec = graph.written
    for name, component in spec.components.items():
        for path, text in _leaves(component.model_dump(by_alias=True)):
            yield ("components", name, *path), text
    for path, text in _leaves(spec.overrides):
        yield ("overrides", *path), text


def _leaves(value: object) -> Iterator[tuple[SpecPath, str]]:
    match value:
        case str():
            yield (), value
        case dict():
            for key, child in value.items():
                yield from (((str(key), *path), text) for path, text in _leaves(child))
        case list() | tuple():
            for i, child in enumerate(value):
                yield from (((i, *path), text) for path, text in _leaves(child))


def _named_values(graph: Graph) -> Iterator[tuple[SpecPath, str, str]]:
    """Every text that has a name: variables, options of commands, arguments of overrides."""
    for name, service in graph.of(Ecs):
        path: SpecPath = ("components", name)
        for variable, value in service.environment.items():
            yield (*path, "environment", variable), variable, value
        for i, key, value in _options(service.command):
            yield (*path, "command", i), key, value
    for where, text in _leaves(graph.written.overrides):
        keys = [step for step in where if isinstance(step, str)]
        yield ("overrides", *where), keys[-1], text


def _options(command: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Position, name and value of `--name=value`, `--name value` and `NAME=value`."""
    for i, word in enumerate(command):
        for match in ASSIGNMENT.finditer(word):
            yield i, match["name"], match["value"].strip("'\"")
        option = OPTION.fullmatch(word)
        if option and i + 1 < len(command) and not command[i + 1].startswith("-"):
            yield i + 1, option["name"], command[i + 1]


@rule("TZ467", Severity.ERROR, local=True)
def variable_twice(graph: Graph) -> Iterator[Finding]:
    """A variable is both a plain one and a secret.

    ECS refuses a container that gets one name twice.

    ```yaml
    {environment: {API_URL: https://api.acme.io}, secrets: {API_URL: api_url}}   # bad
    {secrets: {API_URL: api_url}}                                                # good
    ```
    """
    for name, service in graph.of(Ecs):
        for variable in service.secrets:
            if variable in service.environment:
                message = f"`{name}` sets `{variable}` in `environment` and in `secrets`"
                path = ("components", name, "secrets", variable)
                related = (("components", name, "environment", variable),)
                yield Finding(path, message, "keep one of them", related)


@rule("TZ468", Severity.WARNING, local=True)
def linked_variable_replaced(graph: Graph) -> Iterator[Finding]:
    """A service sets a variable that one of its links would set.

    What the spec sets wins, so the service no longer follows the component when that moves.

    ```yaml
    {uses: {database: connect}, environment: {DATABASE_HOST: 10.0.128.7}}   # bad
    {uses: {database: connect}}                                             # good
    ```
    """
    for name, service in graph.of(Ecs):
        for variable, target in linked_names(service, graph):
            for field in ("environment", "secrets"):
                if variable in getattr(service, field):
                    message = f"`{name}` sets `{variable}`, which its link to `{target}` sets too"
                    related = (("components", name, "uses", target),)
                    advice = "remove it, unless it is to replace what the link gives"
                    yield Finding(("components", name, field, variable), message, advice, related)


@rule("TZ469", Severity.ERROR, local=True)
def recovery_window(graph: Graph) -> Iterator[Finding]:
    """A deleted secret is to be kept for a time that AWS does not offer.

    ```yaml
    recovery_window_days: 3   # bad; good is 0, or 7 to 30
    ```
    """
    for name, security in graph.of(Security):
        for secret, settings in security.secrets.items():
            days = settings.recovery_window_days
            if 0 < days < 7:
                message = (
                    f"AWS keeps the deleted secret `{secret}` for 0 or 7 to 30 days, not for {days}"
                )
                path = ("components", name, "secrets", secret, "recovery_window_days")
                yield Finding(path, message, "write 7, or 0 for an environment to throw away")


RULES: tuple[Rule, ...] = (
    key_in_spec,
    secret_by_name,
    variable_twice,
    linked_variable_replaced,
    recovery_window,
)
