"""Every code has a spec that shows it, at its line, and one that does not."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given

from compiler.findings.check import check
from compiler.kinds import build
from compiler.lower import Environment, all_blocks
from compiler.provider_schema import CODES as SCHEMA
from compiler.rules import GRAPH_RULES, PLAN_RULES, RULES
from compiler.rules import check as check_environment
from compiler.rules.environments import OWNERSHIPS, UNDELEGATED, shared_names, undelegated
from tests.strategies.sample import compiled
from trazo_spec.codes import CHECKS, FIELDS, READING
from trazo_spec.codes import CODES as OF_SPECS
from trazo_spec.codes import SECRETS as CODES_OF_SECRETS
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load

FIXTURES = Path(__file__).parent / "fixtures"
EXAMPLES = sorted((Path(__file__).parents[1] / "specs").glob("*.yaml"))
MARK = re.compile(r"# <- (TZ\d{3})")
# What no other code says, and what only a mistake of ours can show; tests of the provider's schema
# give the latter a plan by hand.
WITHOUT_FIXTURE = {
    "TZ200",
    *("TZ601", "TZ608", "TZ609", "TZ610", "TZ611", "TZ613", "TZ614"),
    *("TZ616", "TZ617", "TZ618", "TZ619", "TZ620"),
}
HEAD = """
trazo: 1
name: acme
region: us-east-2
domain: acme.io
state: {bucket: acme-state}
"""
DOCS: Mapping[str, str] = {
    **{c.code: c.title for c in (*READING, *FIELDS, *CHECKS, *CODES_OF_SECRETS, *SCHEMA)},
    **{rule.code: rule.doc for rule in RULES},
    **{ownership.code: ownership.doc for ownership in OWNERSHIPS},
    UNDELEGATED: undelegated.__doc__ or "",
}
WITH_FIXTURE = sorted(set(DOCS) - WITHOUT_FIXTURE)


def found(text: str) -> list[Diagnostic]:
    """Everything that is found in a spec."""
    return list(check(load(text, "spec.yaml")).diagnostics)


def codes(components: str, rest: str = "") -> list[str]:
    """The codes of errors and warnings of a spec with these components."""
    diagnostics = found(f"{HEAD}components:\n{components}\n{rest}")
    return [d.code for d in diagnostics if d.severity is not Severity.INFO]


def places(diagnostics: list[Diagnostic]) -> list[tuple[str, int]]:
    return sorted((d.code, d.at.line if d.at is not None else 0) for d in diagnostics)


def marks(text: str) -> list[tuple[str, int]]:
    lines = enumerate(text.split("\n"), start=1)
    return sorted((code, number) for number, line in lines for code in MARK.findall(line))


@pytest.mark.parametrize("code", WITH_FIXTURE)
def test_a_bad_spec_shows_its_code_at_the_marked_line_and_nothing_else(code):
    """A finding that stands elsewhere, or comes with others, sends its reader the wrong way."""
    text = (FIXTURES / code / "bad.yaml").read_text()

    assert marks(text)
    assert places(found(text)) == marks(text)


@pytest.mark.parametrize("code", WITH_FIXTURE)
def test_a_good_spec_shows_nothing(code):
    """What the reference recommends must itself be free of findings."""
    text = (FIXTURES / code / "good.yaml").read_text()

    assert found(text) == []


def test_every_fixture_belongs_to_a_code():
    """A fixture of a code that is gone would prove nothing."""
    assert sorted(p.name for p in FIXTURES.iterdir() if p.is_dir()) == WITH_FIXTURE


def test_codes_are_unique():
    """A code means one thing for ever: people search for it and switch it off by it."""
    every = [c.code for c in (*OF_SPECS, *SCHEMA, *RULES, *OWNERSHIPS)]

    assert [code for code, count in Counter(every).items() if count > 1] == []


def test_rules_stand_in_the_order_of_their_codes():
    """The reference lists them so, and a new one gets the next number of its theme."""
    for rules in (GRAPH_RULES, PLAN_RULES):
        assert [rule.code for rule in rules] == sorted(rule.code for rule in rules)


@pytest.mark.parametrize("rule", [*RULES, *OWNERSHIPS], ids=lambda r: r.code)
def test_every_rule_says_why_and_shows_bad_and_good(rule):
    """The docstring is the rule's entry in the reference."""
    doc = rule.doc.lower()

    assert doc.split("\n")[0].endswith(".")
    assert "bad" in doc
    assert "good" in doc


@pytest.mark.parametrize("code", sorted({r.code for r in RULES} | {o.code for o in OWNERSHIPS}))
def test_findings_speak_the_users_words(code):
    """Messages name what was written, in backticks, and never a Python value."""
    for d in found((FIXTURES / code / "bad.yaml").read_text()):
        assert "`" in d.message
        assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|<class|\{\w+\}", d.message + d.help)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_examples_have_no_errors(path):
    """The specs that users copy from must build."""
    assert [d for d in found(path.read_text()) if d.severity is Severity.ERROR] == []


@given(compiled())
def test_no_valid_spec_has_an_error(spec):
    """A rule that refuses what AWS takes stops a user for nothing."""
    diagnostics = [*shared_names(spec.graphs)]
    for graph in spec.graphs.values():
        diagnostics += check_environment(Environment(graph))
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]

    assert errors == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_rules_survive_missing_components(path):
    """A spec that lacks a part is a finding, never a traceback."""
    spec = next(iter(load(path.read_text()).environments.values()))
    for name in spec.components:
        rest = {n: c for n, c in spec.components.items() if n != name}

        without = build(spec.model_copy(update={"components": rest}), "prod")
        check_environment(Environment(without))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_order_of_components_does_not_matter(path):
    """Two people who sort their files differently get the same findings."""
    spec = next(iter(load(path.read_text()).environments.values()))
    turned = spec.model_copy(update={"components": dict(reversed(list(spec.components.items())))})

    one, other = (check_environment(Environment(build(each))) for each in (turned, spec))
    assert set(map(_said, one)) == set(map(_said, other))


def _said(d: Diagnostic) -> tuple[str, str]:
    return d.code, d.message


def test_where_a_component_cannot_be_read_only_local_rules_look():
    """One wrong field must not make every reference to its component look wrong too."""
    text = f"""{HEAD}
components:
  alb: {{kind: alb, hostname: api.acme.io, routes: [{{to: web}}]}}
  web: {{kind: ecs, image: acme/web:1, port: 8000, cpu: 300}}
  worker: {{kind: ecs, image: acme/worker:1, cpu: 256, memory_mib: 4096}}
  zone: {{kind: dns}}
"""

    assert [d.code for d in found(text)] == ["TZ205", "TZ420"]


LET_THROUGH = {
    "a launch type beside capacity": (
        "kind: ecs, image: acme/web:1, launch_type: FARGATE",
        "TZ202",
    ),
    "two bases": (
        "kind: ecs, image: acme/web:1, capacity: {on_demand: {base: 1}, spot: {base: 1}}",
        "TZ424",
    ),
    "all weights zero": (
        "kind: ecs, image: acme/web:1, capacity: {on_demand: {base: 1, weight: 0}}",
        "TZ425",
    ),
    "an impossible pair of CPU and memory": (
        "kind: ecs, image: acme/web:1, cpu: 256, memory_mib: 4096",
        "TZ420",
    ),
    "no execution role": ("kind: ecs, image: acme/web:1, execution_role: null", "TZ202"),
    "a cron of five fields": (
        'kind: ecs, image: acme/web:1, scaling: {schedule: {actions: [{name: stop, cron: "0 20 * *'
        ' 1-5", min: 0, max: 0}]}}',
        "TZ501",
    ),
    "an unknown time zone": (
        "kind: ecs, image: acme/web:1, scaling: {schedule: {timezone: Mars/Olympus, windows: "
        '[{days: MON, from: "08:00", to: "09:00"}]}}',
        "TZ506",
    ),
    "min above max": ("kind: ecs, image: acme/web:1, scaling: {min: 3, max: 2}", "TZ522"),
    "ports beside every protocol": (
        "kind: security, rules: [{protocol: -1, from_port: 80, to_port: 80}]",
        "TZ202",
    ),
    "a CDN without a cache policy": (
        "kind: cloudfront, hostname: static.acme.io, origin: files, cache_policy: null",
        "TZ202",
    ),
    "a regional certificate on CloudFront": (
        "kind: cloudfront, hostname: static.acme.io, origin: files, certificate: "
        '{arn: "arn:aws:acm:us-east-2:123456789012:certificate/0f1e2d3c"}',
        "TZ480",
    ),
    "a final snapshot without a name": (
        "kind: rds, final_snapshot: true, final_snapshot_identifier: null",
        "TZ202",
    ),
    "a bucket in upper case": ("kind: s3, bucket: Acme_Media", "TZ209"),
}


@pytest.mark.parametrize("case", sorted(LET_THROUGH))
def test_what_terraform_lets_through_is_refused(case):
    """`terraform validate` and `plan` accept all of these, and AWS refuses them at apply."""
    component, code = LET_THROUGH[case]
    shown = codes(f"  it: {{{component.replace(': null', ': x')}}}\n  files: {{kind: s3}}")

    assert code in shown


def test_a_launch_type_cannot_come_in_by_an_override():
    """Beside a capacity provider strategy AWS refuses it, and Terraform does not know."""
    shown = codes(
        "  web: {kind: ecs, image: acme/web:1}",
        "overrides: {aws_ecs_service.web: {launch_type: FARGATE}}",
    )

    assert shown == ["TZ622"]


@pytest.mark.parametrize(
    "components",
    [
        "  web: {kind: ecs, image: acme/web:1, uses: {s3: connect}}\n  s3: {kind: rds}",
        "  db_postgresql: {kind: ecs, image: acme/web:1, uses: {db: connect}}\n  db: {kind: rds}",
        "  web: {kind: ecs, image: acme/web:1, uses: {internet_443: connect}}\n"
        "  internet_443: {kind: rds}",
        "  network: {kind: networking, egress: {nat: single, endpoints: [logs]}}\n"
        "  network_endpoints: {kind: ecs, image: acme/web:1}",
        "  web: {kind: ecs, image: acme/web:1, scaling: {schedule: {actions: [\n"
        "    {name: night_stop, cron: 0 20 * * ? *, min: 0, max: 0},\n"
        "    {name: start, cron: 0 8 * * ? *, min: 1, max: 1}]}}}\n"
        "  web_night: {kind: ecs, image: acme/web:1, scaling: {schedule: {actions: [\n"
        "    {name: stop, cron: 0 20 * * ? *, min: 0, max: 0},\n"
        "    {name: start, cron: 0 8 * * ? *, min: 1, max: 1}]}}}",
        "  a: {kind: alb, hostname: a.acme.io, routes: [{to: b_web}]}\n"
        "  a_b: {kind: alb, hostname: b.acme.io, routes: [{to: web}]}\n"
        "  web: {kind: ecs, image: acme/web:1, port: 80}\n"
        "  b_web: {kind: ecs, image: acme/web:1, port: 80}\n"
        "  zone: {kind: dns}",
    ],
)
def test_names_that_meet_in_one_address_are_refused(components):
    """Two blocks of one address would silently become one, and half of the system would be gone."""
    loaded = load(f"{HEAD}components:\n{components}")
    (graph,) = (build(spec) for spec in loaded.environments.values())
    addresses = Counter(block.address for block in all_blocks(graph))

    assert max(addresses.values()) > 1
    assert "TZ454" in codes(components)


def test_a_passwords_value_is_not_repeated():
    """Findings end up in logs, where a password has no business either."""
    for code in ("TZ465", "TZ466"):
        for d in found((FIXTURES / code / "bad.yaml").read_text()):
            assert "correct-horse" not in d.message + d.help


SECRETS = {
    "DB_PASSWORD": "correct-horse",
    "POSTGRES_PASSWORD": "postgres",
    "REDIS_AUTH_TOKEN": "s3cr3ts3cr3t",
    "STRIPE_API_KEY": "anything",
    "DJANGO_SECRET_KEY": "django-insecure-x",
    "SECRET_KEY_BASE": "0123456789abcdef",
    "RAILS_MASTER_KEY": "0123456789abcdef",
    "APP_KEY": "base64:AAECAwQFBgcICQ==",
    "jwtSecret": "hunter2",
    "TLS_PRIVATE_KEY": "MIIEvQIBADANBg",
    "PAYMENTS": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "ACCESS": "AKIAIOSFODNN7EXAMPLE",
    "CODE_HOST": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "CHAT": "xoxb-123456789012-abcdefghijkl",
    "DATABASE_URL": "postgres://app:hunter2@db.acme.io:5432/app",
    "BROKER_URL": "redis://:hunter2@cache.acme.io:6379/0",
    "KEY": "-----BEGIN RSA PRIVATE KEY-----",
}
HARMLESS = {
    "PASSWORD_RESET_URL": "https://acme.io/reset",
    "PASSWORD_MIN_LENGTH": "12",
    "TOKEN_TTL_S": "3600",
    "MAX_TOKEN": "4096",
    "API_KEY_HEADER": "X-Api-Key",
    "API_KEY_SSM_PARAM_NAME": "/acme/api-key",
    "DB_SECRET_ARN": "arn:aws:secretsmanager:us-east-2:123456789012:secret:db-x",
    "DB_PASSWORD": "${DB_PASSWORD}",
    "TLS_PRIVATE_KEY": "/run/secrets/tls.key",
    "OAUTH_TOKEN": "https://login.acme.io/token",
    "REQUIRE_PASSWORD": "true",
    "ENABLE_API_KEY": "1",
    "AUTH_TOKEN": "",
    "NEXT_PUBLIC_MAPS_API_KEY": "pk.abc",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_51Hxxxxxx",
    "SENTRY_DSN": "https://270c7bc3b4ad0aaf9b5eeafd1328a081@o1071790.ingest.sentry.io/45",
    "DATABASE_URL": "postgres://db.acme.io:5432/app",
    "LOCAL_URL": "amqp://guest:guest@localhost:5672",
    "MONKEY": "banana",
    "KEYCLOAK_URL": "https://sso.acme.io",
    "S3_KEY": "uploads/2026/report.pdf",
    "IMAGE": "acme/web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


def with_variable(name: str, value: str) -> list[str]:
    return codes(f'  web: {{kind: ecs, image: acme/web:1, environment: {{{name}: "{value}"}}}}')


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_secrets_in_variables_are_refused(name):
    """These names and values are those of real specifications that leaked."""
    shown = with_variable(name, SECRETS[name])

    assert set(shown) in ({"TZ465"}, {"TZ466"})


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_harmless_variables_are_let_through(name):
    """Whoever is stopped for a URL or a switch will stop believing the rule."""
    assert with_variable(name, HARMLESS[name]) == []


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('[redis-server, --requirepass, "$REDIS_PASSWORD"]', []),
        ("[app, --password=correct-horse]", ["TZ466"]),
        ("[app, --db-password, correct-horse]", ["TZ466"]),
        ('[sh, -c, "API_TOKEN=correct-horse app"]', ["TZ466"]),
        ('[sh, -c, "psql postgres://app:correct-horse@db.acme.io/app"]', ["TZ465"]),
        ("[app, --token-file, /run/token, --password-policy=strict]", []),
        ("[celery, -A, acme, worker, --max-tasks-per-child=100]", []),
    ],
)
def test_secrets_in_commands_are_found(command, expected):
    """A command is shown by every `ps` and kept in every task definition."""
    assert codes(f"  web: {{kind: ecs, image: acme/web:1, command: {command}}}") == expected


def test_secrets_in_overrides_are_found():
    """An override reaches arguments such as a password, whose value would stand in the state."""
    overrides = "overrides: {aws_db_instance.database: {password: correct-horse}}"
    shown = codes(
        "  web: {kind: ecs, image: acme/web:1, uses: {database: connect}}\n  database: {kind: rds}",
        overrides,
    )

    assert "TZ466" in shown


def test_a_name_that_two_environments_own_is_shown_in_both():
    """A conflict has two halves, and either of them can be the one to change."""
    text = (FIXTURES / "TZ495" / "bad.yaml").read_text()
    (conflict,) = found(text)
    lines = [span.line for span in conflict.related]

    assert lines == [1 + text[: text.index("api.acme.io")].count("\n")]


def test_a_shared_host_name_is_one_finding():
    """Its record and its certificate's record are shared too, but there is one thing to change."""
    shown = codes(
        "  alb: {kind: alb, hostname: api.acme.io, routes: [{to: web}]}\n"
        "  web: {kind: ecs, image: acme/web:1, port: 80}\n"
        "  zone: {kind: dns}",
        "environments: {prod: {}, staging: {components: {zone: {existing: true}}}}",
    )

    assert shown == ["TZ495"]


def test_a_switched_off_cache_may_still_be_named():
    """Switching a part off for a while must not mean editing everything that names it."""
    shown = codes(
        "  web: {kind: ecs, image: acme/web:1, uses: {cache: connect}}\n"
        "  cache: {kind: redis, enabled: false}",
        "traffic: {usage: {cache: {backup_gb: 1}}}",
    )

    assert shown == []


def test_the_part_that_is_implied_may_be_given_usage():
    """The VPC of a small spec is not written, but its NAT gateway carries data all the same."""
    shown = codes(
        "  web: {kind: ecs, image: acme/web:1}", "traffic: {usage: {network: {gb_processed: 5}}}"
    )

    assert shown == []


def test_findings_name_the_line_of_an_overlay():
    """A bad value that an environment sets stands in that environment."""
    text = f"""{HEAD}
components:
  web: {{kind: ecs, image: acme/web:1, cpu: 256, memory_mib: 512}}
environments:
  prod: {{}}
  staging:
    components:
      web: {{memory_mib: 4096}}
"""
    (finding,) = found(text)

    assert finding.at is not None
    assert (finding.code, finding.at.line, finding.environment) == ("TZ420", 14, "staging")


def test_a_circle_names_every_part_of_it():
    """To break a circle one has to see all of it."""
    logs = "  {}: {{kind: s3, purpose: logs, access_logs: {{bucket: {}}}}}\n".format
    components = logs("first", "second") + logs("second", "third") + logs("third", "first")
    (circle,) = (d for d in found(f"{HEAD}components:\n{components}") if d.code == "TZ305")

    assert [p[1] for p in (circle.path, *circle.related_paths)] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        ("dynamodb:GetItem", ["TZ417"]),
        ("ses:SendEmail", ["TZ417"]),
        ("logs:PutLogEvents", []),
        ("s3:GetObject", []),
        ("iam:GetRole", []),
    ],
)
def test_an_api_is_reached_by_the_endpoint_that_takes_its_calls(action, shown):
    """S3 has a gateway in every VPC, and IAM has no endpoint that could be missing."""
    service = action.partition(":")[0]
    statement = f'{{actions: ["{action}"], resources: ["arn:aws:{service}:::x"]}}'
    image = "123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1"
    components = f"""\
  network: {{kind: networking, egress: {{endpoints: [ecr.api, ecr.dkr, logs]}}}}
  web: {{kind: ecs, image: "{image}", iam: {{statements: [{statement}]}}}}"""

    assert codes(components) == shown
