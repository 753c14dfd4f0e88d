"""What is a secret, and that nothing prints one."""

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from compiler.backends.sarif import sarif
from compiler.findings.check import Checked, check
from compiler.graph.spec_changes import field_changes
from tests.secrets import BY_VALUE, HARMLESS, NAMED, PW, parts, shown_characters
from tests.work import calls, endless
from trazo.output.terminal import finding
from trazo_spec.diagnostics import Diagnostic, Severity, as_document
from trazo_spec.load import load
from trazo_spec.secrecy import covered, secrets_in

ROOT = Path(__file__).parent.parent
HEAD = """\
trazo: 1
name: acme
region: us-east-2
domain: acme.io
state: {bucket: acme-state}
"""
OF_SECRETS = {"TZ465", "TZ466", "TZ492", "TZ493"}
SECRETS = [*((name, f"«{PW}»") for name in NAMED), *(("SETTING", value) for value in BY_VALUE)]


def spec(*fields: str, rest: str = "") -> str:
    """A spec of one service with further fields."""
    lines = "".join(f"    {field}\n" for field in fields)
    return f"{HEAD}components:\n  web:\n    kind: ecs\n    image: acme/web:1\n{lines}{rest}"


def variable(name: str, value: str) -> str:
    return f"environment: {{{json.dumps(name)}: {json.dumps(value)}}}"


def looked(text: str) -> Checked:
    return check(load(text, "spec.yaml"))


def printed(checked: Checked) -> str:
    """Everything that commands print of findings: for people with excerpts, JSON and SARIF."""
    found = checked.everything(())
    sources = {"spec.yaml": checked.loaded.cover.source}
    screen = Console(width=4000, record=True, file=StringIO())
    for d in found:
        screen.print(finding(d, sources), soft_wrap=True)
    documents = [*map(as_document, found), sarif(found, "spec.yaml", ROOT, "1")]
    return screen.export_text() + json.dumps(documents, ensure_ascii=False)


def of_secrets(checked: Checked) -> list[Diagnostic]:
    return [d for d in checked.diagnostics if d.code in OF_SECRETS]


def assert_unseen(text: str, *secrets: str) -> None:
    """No line of a secret stands in a text, as it is or as JSON writes it."""
    for secret in secrets:
        for line in shown_characters(secret) or [secret]:
            assert line not in text
            assert json.dumps(line)[1:-1] not in text


def test_the_tables_are_long_enough():
    """A detector is as good as what it was tried with."""
    assert len(SECRETS) >= 120
    assert len(HARMLESS) >= 80


@pytest.mark.parametrize("name", NAMED)
def test_a_name_tells(name):
    """Anything below a name such as these can be a password, whatever its value is."""
    (secret,) = secrets_in(PW, name)

    assert (secret.start, secret.end, secret.likely) == (0, len(PW), True)


@pytest.mark.parametrize("value", BY_VALUE)
def test_a_value_tells(value):
    """These forms were seen in specifications, compose files and task definitions that leaked."""
    plain, secrets = parts(value)
    found = secrets_in(plain, "SETTING")

    assert found
    assert all(secret.likely for secret in found)
    assert_unseen(covered(plain), *secrets)


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_is_harmless_is_let_through(name, value):
    """Whoever is stopped for a URL or a switch will stop believing the rule."""
    assert secrets_in(value, name) == ()
    assert covered(value, name) == value


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_a_secret_is_refused_and_not_shown(name, value):
    """A finding stands in a log that more people read than the spec."""
    plain, secrets = parts(value)
    checked = looked(spec(variable(name, plain)))

    assert {d.code for d in of_secrets(checked)} & {"TZ465", "TZ466"}
    assert not checked.sound
    assert_unseen(printed(checked), *secrets)


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_a_secret_at_a_wrong_place_is_not_shown(name, value):
    """A finding about anything else prints the line, and the value that it expected otherwise."""
    plain, secrets = parts(value)
    quoted = json.dumps(plain)
    wrong = (
        f"cpu: {{{json.dumps(name)}: {quoted}}}",
        f"environmnt: {{{json.dumps(name)}: {quoted}}}",
        f"nonsense: {{{json.dumps(name)}: {quoted}, cpu: x}}",
        f"command: {quoted}",
        variable(name, plain),
        f"environment: {{{json.dumps(name)}: {quoted}}}",
    )
    for fields in (wrong, (variable(name, plain), "cpu: [")):
        assert_unseen(printed(looked(spec(*fields))), *secrets)


@pytest.mark.parametrize(
    "fields",
    [
        f"database: {{kind: rds, password: {PW}}}",
        f"database: {{kind: rds, passwrd: 1, password: {PW}}}",
        f"database: {{kind: rds, credentials: {{user: app, value: {PW}}}}}",
        f"database: {{kind: rds, settings: {{deep: [{{db_password: [{PW}]}}]}}}}",
        f"database:\n    kind: rds\n    password: |\n      {PW}\n",
        f"database:\n    kind: rds\n    password: >-\n      {PW}\n      more{PW}\n",
        f'database: {{kind: rds, password: "{PW}\n      {PW}"}}',
        f"database: {{kind: rds, password: {PW}, password: other{PW}}}",
        f"database: {{kind: rds, password: !vault {PW}}}",
        f"database: {{kind: rds, password: !<{PW}> x}}",
        f"database:\n    kind: rds\n    password: &pw {PW} ]: [\n",
        f"database: {{kind: rds, password: {PW}",
        f"database: {{kind: rds, password: *{PW}}}",
        f'database: {{kind: rds, "password={PW}": 1}}',
        f"safe: {{kind: security, secrets: {{db: {PW}}}}}",
        f"safe: {{kind: security, secrets: {{db: {{value: {PW}}}}}}}",
        f"safe: {{kind: security, secrets: {{db: {{description: 'is password={PW}'}}}}}}",
        f"web: {{kind: ecs, image: acme/web:1, secrets: {{DB_PASSWORD: {PW}}}}}",
        f"web: {{kind: ecs, image: acme/web:1, secrets: {{DB: '{PW}!'}}}}",
        f"web: {{kind: ecs, image: acme/web:1, environment: [{{name: DB_PASSWORD, value: {PW}}}]}}",
        f"web: {{kind: ecs, image: acme/web:1, environment: ['DB_PASSWORD={PW}']}}",
        f"web: {{kind: ecs, image: acme/web:1, command: [mysql, -u, app, -p{PW}]}}",
        f"web: {{kind: ecs, image: acme/web:1, command: [curl, -u, 'me:{PW}']}}",
        f"web: {{kind: ecs, image: acme/web:1, command: [app, --password, {PW}]}}",
        f"web: {{kind: ecs, image: 'https://app:{PW}@registry.acme.io/web:1'}}",
        f"web: {{kind: ecs, image: acme/web:1, cpu: x}}  # API_TOKEN={PW}",
        f"'postgres://a:{PW}@h': {{kind: ecs}}",
    ],
)
def test_a_secret_at_any_depth_is_neither_shown_nor_taken(fields):
    """Where the language has no such key, its value was printed in text, JSON and SARIF."""
    checked = looked(f"{HEAD}components:\n  {fields}\n")

    assert not checked.sound
    assert PW not in printed(checked)


@pytest.mark.parametrize(("name", "number"), [("DB_PASSWORD", 98765432109), ("ADMIN_PIN", 4711)])
def test_a_number_below_a_secret_name_is_not_repeated(name, number):
    """Advice to quote it would print it, and a fix would write it again."""
    checked = looked(spec(f"environment: {{{name}: {number}}}"))

    assert str(number) not in printed(checked)
    assert all(d.edit is None for d in checked.diagnostics)


@pytest.mark.parametrize(
    ("rest", "codes"),
    [
        (f"checks: {{TZ401: {{severity: off, reason: 'curl -u me:{PW}'}}}}", {"TZ465"}),
        (f"checks: {{TZ401: {{severity: off, reason: 'password={PW}'}}}}", {"TZ466"}),
        (f"overrides: {{aws_ecs_service.web: {{tags: {{db_password: {PW}}}}}}}", {"TZ466"}),
        (
            "environments: {staging: {components: {web: "
            f"{{environment: {{DB_PASS: {PW}}}}}}}}}}}",
            {"TZ466"},
        ),
        (f"# DB_PASSWORD: {PW}", {"TZ492"}),
        (f"# see postgres://app:{PW}@db.acme.io", {"TZ492"}),
    ],
)
def test_every_part_of_a_spec_is_looked_at(rest, codes):
    """Reasons, tags, overlays and comments stand in version control as variables do."""
    checked = looked(spec(rest=f"{rest}\n"))

    assert {d.code for d in of_secrets(checked)} == codes
    assert PW not in printed(checked)


def test_a_secret_that_an_overlay_replaces_still_stands_in_the_file():
    """The merged spec does not have it, version control has."""
    overlay = "environments: {prod: {components: {web: {environment: {DB_PASSWORD: null}}}}}\n"
    checked = looked(spec(variable("DB_PASSWORD", PW), rest=overlay))

    assert [d.code for d in of_secrets(checked)] == ["TZ466"]


@pytest.mark.parametrize(
    "rest",
    [
        "# the token: see the wiki; a password must be long",
        "# DB_PASSWORD: stands in Secrets Manager",
        "# password: optional",
        "checks: {TZ401: {severity: off, reason: 'token: kept by the platform team'}}",
    ],
)
def test_words_about_secrets_are_none(rest):
    """People write about passwords without giving them away."""
    assert of_secrets(looked(spec(rest=f"{rest}\n"))) == []


def test_names_of_secrets_are_shown():
    """`secrets` holds names, and a slip of the pen in one is explained."""
    text = spec("secrets: {DB_PASSWORD: db_pasword}").replace(
        "components:\n", "components:\n  safe: {kind: security, secrets: {db_password: {}}}\n"
    )
    checked = looked(text)

    assert of_secrets(checked) == []
    assert "`db_pasword`" in printed(checked)


def test_components_with_the_name_of_a_secret_are_none():
    """A link to a component called `auth` or `token` says what it may do, and no secret."""
    text = f"{HEAD}components:\n  auth: {{kind: ecs, image: a/b:1, port: 80}}\n" + (
        "  token: {kind: s3}\n"
        "  web: {kind: ecs, image: a/b:1, uses: {auth: connect, token: read}}\n"
    )

    assert of_secrets(looked(text)) == []


def test_a_short_password_is_only_covered_where_it_is_a_word():
    """Dots in the middle of other words would tell where to look."""
    checked = looked(spec(variable("DB_PASSWORD", "pw"), "cpw: 1"))
    text = printed(checked)

    assert "has no field `cpw`" in text
    assert ': "pw' not in text


def test_what_differs_between_two_specs_is_covered():
    """A reviewer needs to see that a password changed, and not to which one."""
    (change,) = field_changes(
        {"environment": {"DB_PASSWORD": PW}}, {"environment": {"DB_PASSWORD": f"new{PW}"}}
    )

    assert change.path == "environment.DB_PASSWORD"
    assert PW not in f"{change.before}{change.after}"


def test_a_value_that_looks_random_is_a_warning():
    """Nothing but its look tells, so the spec can say that it is none."""
    text = spec("environment: {UPSTREAM: Zq7Jx0vT2mZ8sLw4RkY6uB1nE9cHf3gDa}")
    (found,) = of_secrets(looked(text))
    reason = "checks: {TZ493: {severity: off, reason: public}}\n"

    assert (found.code, found.severity) == ("TZ493", Severity.WARNING)
    assert "Zq7Jx0vT2mZ8sLw4RkY6uB1nE9cHf3gDa" not in printed(looked(text))
    assert of_secrets(looked(text + reason)) == []


COMMANDS = {
    "validate": ("validate", "SPEC"),
    "check": ("check", "SPEC"),
    "check --format json": ("check", "SPEC", "--format", "json"),
    "check --format sarif": ("check", "SPEC", "--format", "sarif"),
    "report": ("report", "SPEC", "-o", "FOLDER/out.html"),
    "diff": ("diff", "SPEC", "SPEC"),
    "graph": ("graph", "SPEC"),
    "compile": ("compile", "SPEC", "-o", "FOLDER/out"),
    "cost": ("cost", "SPEC"),
}


PER_SPEC = 150
"""How many secrets stand in one spec; of far more, nothing of it would be printed."""


@pytest.mark.parametrize("first", range(0, len(SECRETS), PER_SPEC))
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_no_command_prints_a_secret(command, first, tmp_path):
    """All secrets of the table, many in one spec, among other mistakes that print their lines."""
    file = tmp_path / "spec.yaml"
    pairs = [
        (f"{name}_{i}" if name == "SETTING" else name, parts(v))
        for i, (name, v) in enumerate(SECRETS[first : first + PER_SPEC])
    ]
    variables = [f"  {name}: {json.dumps(plain)}" for name, (plain, _) in pairs]
    wrong = [f"x{i}: {json.dumps(plain)}" for i, (_, (plain, _)) in enumerate(pairs)]
    file.write_text(spec("environment:", *variables, *wrong), encoding="utf-8")
    places = {
        "SPEC": str(file),
        "FOLDER/out": str(tmp_path / "out"),
        "FOLDER/out.html": str(tmp_path / "o.html"),
    }
    arguments = [places.get(word, word) for word in COMMANDS[command]]
    done = subprocess.run(
        [sys.executable, "-m", "trazo", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        encoding="utf-8",
    )

    assert done.returncode == 1
    assert re.search("TZ46[56]", done.stdout + done.stderr)
    assert_unseen(done.stdout + done.stderr, *(s for _, (_, secrets) in pairs for s in secrets))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["spec.yaml"]


PIECES = (
    "a", "a-", "a:", "a=", "://", "a ", "password ", "password=", '"', "\\", "{", "mysql -p",
    "curl -uu",
    "-----BEGIN PRIVATE KEY-----", "%3A", "eyJaaaaaaaaaa.", "sk-", "AKIA", "--a ", "bearer ",
    "authorization:", "password={", "a.b", "aA1+", "pass:", "set a ", "$1$a", "A", "_",
    "password=a,",
    "login ", "htpasswd -b a a ", "password: \n", "vault login -a ", "echo 'a'|", " ", "\n", "-",
    "docker login ", "a:1:b:c:", "password: |\n", "https://a:", "a@", "a b=",
    "s/password/", "s{a}{", "send {", "-u a -p ", "echo a >", "yes ", "auth('a','", "connect('a','",
    "get('password',", "password||", "a_password ", "пароль=", "密码", "-Da.login=", "?key=a",
    "--auth a:", "secret --value a ", "aws put-parameter --value ", "openssl passwd -6 ", "==",
    "jdbc:oracle:thin:a/", "setuser a on ", "get secret ", "${password:",
)  # fmt: skip


@pytest.mark.parametrize("text", ["site-verific" + "a" * 60 + "tion=1", "aB" * 60, "dk" * 80])
def test_names_of_many_letters_are_no_riddle(text):
    """Such a text was cut into words in every possible way: it never ended."""
    assert secrets_in.__wrapped__(text) == ()


@pytest.mark.parametrize("piece", PIECES)
def test_work_grows_with_the_length(piece):
    """A spec is untrusted, and a pattern that tries everything twice would stop a pipeline."""

    def work(length: int) -> int:
        text = piece * (length // len(piece))
        return calls(lambda: secrets_in.__wrapped__(text))

    assert work(20_000) <= 5 * work(5_000) + 1_000


def test_the_longest_text_comes_to_an_end():
    """Within one call of a pattern, too, nothing is tried again from every letter."""
    texts = [piece * (250_000 // len(piece)) for piece in PIECES]

    assert endless("trazo_spec.secrecy", "secrets_in", texts) == ""


SWITCHED_OFF = (
    "# secrets: {DB_PASSWORD: database_password, API_KEY: api_key}  # names, not values",
    "# secrets:\n#   DB_PASSWORD: database_password\n#   API_KEY: api_key",
)


@pytest.mark.parametrize("comment", SWITCHED_OFF)
def test_names_of_secrets_in_a_comment_are_no_secrets(comment):
    """A part of a spec that is switched off names secrets as the language does."""
    text = f"{Path('specs/smallest.yaml').read_text('utf-8')}\n{comment}\n"

    assert [d.code for d in check(load(text)).diagnostics if d.code == "TZ492"] == []


@pytest.mark.parametrize(
    "comment",
    [
        "# DB_PASSWORD: hunter2-staging",
        "# secrets: {DB_PASSWORD: Hunter2-staging}",
        "# secrets:\n#   DB_PASSWORD: Hunter2-staging",
        "# secrets:\n# DB_PASSWORD: hunter2staging",
    ],
)
def test_values_in_a_comment_are_secrets(comment):
    """What is no name of a secret, or stands elsewhere, is the secret itself."""
    text = f"{Path('specs/smallest.yaml').read_text('utf-8')}\n{comment}\n"

    assert [d.code for d in check(load(text)).diagnostics if d.code == "TZ492"] == ["TZ492"]


def test_a_component_may_be_called_as_a_field_of_the_spec():
    """`region` at the top is the spec's own field, whatever a component is called."""
    text = "trazo: 1\nname: acme\nregion: us-east-2\ncomponents:\n  region: {kind: s3}\n"

    assert "TZ465" not in {d.code for d in check(load(text)).diagnostics}
