"""Secrets in more places and forms, look-alikes, and covers that change nothing else."""

import json
from pathlib import Path

import pytest

from compiler.findings.check import check
from cost.rates.price_book import read_price_book
from cost.rates.price_file import PriceFileError
from tests.leaks import LEAKS, LOOK_ALIKES, PASSWORD
from tests.secrets import made, parts
from tests.test_secrecy import HEAD, assert_unseen, looked, of_secrets, printed, spec
from tests.work import calls, endless
from trazo_spec.load import load
from trazo_spec.secrecy import covered, secrets_in

_BODY = [made(64) for _ in range(4)]
_PEM = [f"-----BEGIN RSA PRIVATE {'KEY'}-----", *_BODY, f"-----END RSA PRIVATE {'KEY'}-----"]
_WORDS = (
    "web ecs environment port the in password us-east-2 443 5432 16 acme prod kind not error spec"
    " name field components db rds x86_64 arm64 connect vpc 17 80 image text found app a"
)
"""Passwords that messages say anyway."""


@pytest.mark.parametrize(("name", "value"), LEAKS)
def test_a_leak_is_found_and_covered(name, value):
    """Each of these stood in a compose file, a script or a task definition of somebody."""
    plain, secrets = parts(value)

    assert any(secret.likely for secret in secrets_in(plain, name))
    assert [secret for secret in secrets if secret in covered(plain, name)] == []


@pytest.mark.parametrize(("name", "value"), LOOK_ALIKES)
def test_a_look_alike_is_none(name, value):
    """A rule that stops honest variables is switched off, and then it stops nothing."""
    assert secrets_in(value, name) == ()


@pytest.mark.parametrize(
    "comment",
    [
        *(["\n".join(f"{before} {line}" for line in _PEM)] for before in ("#", "#  ", "   #")),
        [f"# password: |\n#   {PASSWORD}"],
        [f"# password:\n#   {PASSWORD}"],
        [f"# - name: DB_PASSWORD\n#   value: {PASSWORD}"],
        [f'# {{\n#   "user": "svc",\n#   "password": "{PASSWORD}"\n# }}'],
        [f"# the password is {PASSWORD}"],
        [f"# login: admin / {PASSWORD}"],
        [f"# TODO remove the token {PASSWORD}"],
    ],
)
def test_a_comment_of_several_lines_is_read_as_one(comment):
    """A key or a part of a spec that is switched off goes over many lines."""
    checked = looked(spec(rest=f"{comment[0]}\n"))

    assert {d.code for d in of_secrets(checked)} == {"TZ492"}
    assert_unseen(checked.loaded.cover.source, PASSWORD, *_BODY)


@pytest.mark.parametrize(
    "comment",
    [
        "# token:\n#   see the wiki",
        "# - name: DB_PASSWORD\n#   value: see below",
        "# the password is in Secrets Manager, rotated every 90days",
        "# token RFC7519, ticket OPS-1234",
        "# passwords: at least 12characters",
    ],
)
def test_what_comments_say_about_secrets_is_let_through(comment):
    """People write about passwords without giving them away."""
    assert of_secrets(looked(spec(rest=f"{comment}\n"))) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (spec(rest=f"tokens: {{ci: {PASSWORD}}}\n"), "TZ466"),
        (spec(rest="passwords: [98765432]\n"), "TZ466"),
        (
            spec(
                f'environment: {{"\uff30\uff21\uff33\uff33\uff37\uff2f\uff32\uff24": {PASSWORD}}}'
            ),
            "TZ466",
        ),
        (spec(f'environment: {{"DB_P\u0410SSW\u041eRD": {PASSWORD}}}'), "TZ466"),
        (spec(f'command: ["sed", "-i", "s/__PASSWORD__/{PASSWORD}/", "/etc/app.conf"]'), "TZ466"),
        (spec(f'command: ["java", "-Dsonar.login={PASSWORD}", "-jar", "a.jar"]'), "TZ466"),
        (
            spec(
                rest="overrides: {aws_ecs_task_definition.web: {container_definitions: "
                f'\'[{{"environment":[{{"name":"DB_PASSWORD","value":"{PASSWORD}"}}]}}]\'}}}}\n'
            ),
            "TZ466",
        ),
        (
            spec(
                rest=f"checks: {{TZ429: {{severity: off, reason: 'the password is {PASSWORD}'}}}}\n"
            ),
            "TZ465",
        ),
        (
            f"{HEAD}components:\n  web: {{kind: ecs, image: 'svc:{PASSWORD}@r.acme.io/web:1'}}\n",
            "TZ465",
        ),
    ],
)
def test_a_secret_in_a_further_place_is_refused_and_not_shown(text, code):
    """Below names of several, in a container's JSON, in a sentence, in an image's address."""
    checked = looked(text)

    assert code in {d.code for d in of_secrets(checked)}
    assert_unseen(printed(checked), PASSWORD, "98765432")


def told(text: str) -> list[tuple[object, ...]]:
    return [(d.code, d.message, d.help, d.path) for d in check(load(text)).everything(())]


@pytest.mark.parametrize("word", _WORDS.split())
@pytest.mark.parametrize("overlay", [False, True])
def test_a_password_that_is_a_word_changes_no_other_message(word, overlay):
    """Dots in the place of `port` in every message would hide what is wrong, and tell the word."""

    def of(password: str) -> list[tuple[object, ...]]:
        field = f"environment: {{DB_PASSWORD: {json.dumps(password)}}}"
        wrong = ("cpu: 17", "prot: 80", "uses: {db: connect}", "architecture: amd64")
        rest = f"environments: {{prod: {{components: {{web: {{{field}}}}}}}}}\n"
        return told(spec(*wrong, rest=rest) if overlay else spec(field, *wrong))

    assert of(word) == of("Zq9" * 3)


@pytest.mark.parametrize("word", ["web", "a", "networking", "kind", "5432", "db", "sunshine"])
def test_a_password_that_is_a_word_is_not_repeated_at_its_place(word):
    """What was expected instead is said, not what was found."""
    text = f"{HEAD}components:\n  db: {{kind: rds, password: {json.dumps(word)}}}\n"
    (message,) = [m for code, m, *_ in told(text) if code == "TZ205"]

    assert message == "the text `•••••` is not one of `ephemeral`, `rds_managed`"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "b.yaml",
            f"prices: [{{item: nat_hour, usd: 'https://u:{PASSWORD}@h'}}]\npassword: {PASSWORD}\n",
        ),
        ("b.yaml", f"prices: [{{item: nat_hour, 'token={PASSWORD}': 1}}]\n"),
        ("b.csv", f"item,usd\nnat_hour,password={PASSWORD}\n"),
        ("b.csv", f"item,usd,password={PASSWORD}\nnat_hour,1,2\n"),
    ],
)
def test_a_secret_in_a_price_book_is_not_repeated(tmp_path: Path, name, content):
    """A negotiated price stands beside the login of the one who negotiated it."""
    file = tmp_path / name
    file.write_text(content, "utf-8")

    with pytest.raises(PriceFileError) as caught:
        read_price_book(file)

    assert caught.value.found
    assert PASSWORD not in "".join(f"{d.message}{d.help}" for d in caught.value.found)
    lines = [d.at.line for d in caught.value.found if d.at is not None]
    shown = [caught.value.sources[str(file)].splitlines()[line - 1] for line in lines]
    assert PASSWORD not in "".join(shown)


def test_a_secret_in_a_trace_is_not_repeated(tmp_path: Path):
    """Whatever a row holds in the place of a number is quoted in its finding."""
    from trazo.input.specs import read_spec

    demand = "traffic: {demand: {web: {trace: {file: t.csv}, timezone: UTC}}}\n"
    (tmp_path / "spec.yaml").write_text(spec("port: 80", rest=demand), "utf-8")
    rows = f"2026-01-01 00:00,password={PASSWORD}\nhttps://u:{PASSWORD}@h,1\n"
    (tmp_path / "t.csv").write_text(f"time,n\n{rows}", "utf-8")
    found = [
        d.message for d in check(read_spec(tmp_path / "spec.yaml")).diagnostics if d.code == "TZ333"
    ]

    assert found == [
        "`password=•••••` is not a number of requests",
        "`https://u:•••••@h` is not a timestamp between the years 1970 and 2199",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"mysql {'-v ' * 5_000}-p{PASSWORD}",
        f"https://svc:{PASSWORD}{'x' * 30_000}@db.acme.io/",
        f"{'a ' * 30_000}password={PASSWORD}",
        f"{'y' * 60_000} postgres://a:{PASSWORD}@db.acme.io",
    ],
)
def test_a_secret_in_a_long_text_is_found(text):
    """A window that ends before the secret would let it pass."""
    assert any(secret.likely for secret in secrets_in(text))
    assert PASSWORD not in covered(text)


PIECES = (
    "password: {",
    "secret: <",
    '"passwords": ["a",',
    "://",
    "https://a:",
    "${PASSWORD:-",
    "passwd <<< ",
    "password is ",
    "name: a value: ",
    "<password>",
    "password:\n  - ",
    "password: |\n  a\n",
    "{",
    "a_live_",
    "identified by ",
    "svc/a@h:15",
    "login admin ",
    "//a:b",
    "ab:cd@",
    "requirepass a\n",
    "curl -b ",
)


@pytest.mark.parametrize("piece", PIECES)
def test_work_grows_with_the_length(piece):
    """Two patterns took the square of it: a mapping that never ends, and an encoded address."""

    def work(length: int) -> int:
        text = piece * (length // len(piece)) + " %3a"
        return calls(lambda: secrets_in.__wrapped__(text))

    assert work(20_000) <= 5 * work(5_000) + 1_000


def test_the_longest_text_comes_to_an_end():
    """Within one call of a pattern, too, nothing is tried again from every letter."""
    texts = [piece * (250_000 // len(piece)) + " %3a" for piece in PIECES]

    assert endless("trazo_spec.secrecy", "secrets_in", texts) == ""
