"""Provider 6: the same Terraform but for what is known to differ, and what only one version has."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from typer.testing import CliRunner, Result

from compiler.backends.terraform.document import Document, document
from compiler.backends.terraform.hcl import hcl
from compiler.changes.effects import Verdict
from compiler.changes.resource_changes import resource_changes
from compiler.findings.check import check
from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Block, Plan
from compiler.provider_schema import Attribute, argument, body, provider_version, types
from compiler.provider_schema import check as check_plan
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import Body, Nested
from compiler.provider_schema.versions import WRITTEN_OUT, constraint
from tests.examples import HEAD
from tests.plans import bootstrap_of, plan_for
from tests.strategies.sample import compiled
from trazo.program import app
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
SHIPPED = (*sorted(ROOT.glob("specs/*.yaml")), *sorted(ROOT.glob("tests/golden/*/spec.yaml")))
PAGE = ROOT / "docs" / "how-to" / "use-provider-6.md"
COMPONENTS = """\
  edge: {kind: alb, hostname: api.example.com, routes: [{to: web}]}
  web: {kind: ecs, image: x, port: 80}
  media: {kind: s3, purpose: media}
  cache: {kind: redis}
"""

DEPLOYMENT = "deployment_configuration"


@cache
def shipped() -> tuple[Graph, ...]:
    """Every environment of every spec that ships, and of the specs with golden files."""
    checked = (check(load(path.read_text(encoding="utf-8"), path.name)) for path in SHIPPED)
    return tuple(graph for one in checked if one.sound for graph in one.graphs.values())


def found(overrides: str, provider: int = 5) -> list[Diagnostic]:
    """The errors of a spec with overrides."""
    head = HEAD.replace("name:", f"provider: {provider}\nname:")
    loaded = load(f"{head}{COMPONENTS}overrides: {overrides}\n")
    return [d for d in check(loaded).diagnostics if d.severity == "error"]


def needs(overrides: str, provider: int = 5) -> list[tuple[str, str]]:
    """What another version of the provider is needed for, and the advice."""
    assert {d.code for d in found(overrides, provider)} <= {"TZ710"}
    return [(d.message, d.help) for d in found(overrides, provider)]


def unlike(old: Document, new: Document) -> dict[str, Any]:
    """What the newer of two documents has otherwise, by the path of each value."""
    before, after = dict(leaves(old)), dict(leaves(new))
    gone = dict.fromkeys(before.keys() - after.keys())
    return gone | {path: v for path, v in after.items() if before.get(path) != v}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, with its path."""
    members = value.items() if isinstance(value, Mapping) else enumerate(value)
    for name, inner in members:
        if isinstance(inner, Mapping | list | tuple):
            yield from leaves(inner, f"{path}/{name}")
        else:
            yield f"{path}/{name}", inner


def expected(plan: Plan) -> dict[str, Any]:
    """What differs in the file of a plan: the version, and what is written out."""
    services = [b for b in plan.blocks if b.type in WRITTEN_OUT]
    written = {
        f"/resource/{b.type}/{b.name}/{name}": value
        for b in services
        for name, value in WRITTEN_OUT[b.type].items()
    }
    return {"/terraform/required_providers/aws/version": constraint(plan), **written}


# The same Terraform


@pytest.mark.parametrize("graph", shipped(), ids=lambda g: f"{g.spec.name}-{g.environment}")
def test_each_shipped_spec_compiles_for_provider_6(graph: Graph):
    """Its whole schema is asked, as that of provider 5 is."""
    assert check_plan(plan_for(6, graph)) == ()


@given(compiled())
def test_every_spec_compiles_for_provider_6(spec):
    """What no shipped spec has is drawn."""
    plans = [plan_for(6, graph) for graph in spec.graphs.values()]

    assert [d.message for plan in plans for d in check_plan(plan)] == []


@given(compiled())
def test_only_what_is_known_differs(spec):
    """Whoever upgrades reads one line a service, and the version."""
    for graph in spec.graphs.values():
        old, new = plan_for(5, graph), plan_for(6, graph)

        assert unlike(document(old), document(new)) == expected(new)


@given(compiled())
def test_to_upgrade_changes_nothing(spec):
    """What provider 5 took where nothing was written is what provider 6 is told; both ways."""
    for graph in spec.graphs.values():
        old, new = plan_for(5, graph), plan_for(6, graph)

        assert resource_changes(old, new) == resource_changes(new, old) == ()


def test_the_stack_of_the_state_is_for_provider_6_too():
    """It is applied from the same folder of providers."""
    plan = replace(bootstrap_of("trazo"), provider=6)

    assert check_plan(plan) == ()
    assert unlike(document(bootstrap_of("trazo")), document(plan)) == {
        "/terraform/required_providers/aws/version": "~> 6.0"
    }


def test_hcl_says_the_same():
    """Blocks that only provider 6 has must not become arguments."""
    graph = next(g for g in shipped() if g.spec.provider == 6)
    old, new = hcl(plan_for(5, replace_overrides(graph))), hcl(plan_for(6, graph))

    assert "  deployment_configuration {\n    bake_time_in_minutes" in new
    assert 'version = "~> 6.11"' in new
    assert 'version = "~> 5.100"' in old
    assert new.count("availability_zone_rebalancing") - old.count("availability_zone_re") == 1


def replace_overrides(graph: Graph) -> Graph:
    """The environment without overrides."""
    return build(graph.spec.model_copy(update={"overrides": {}}), graph.environment)


# What only one version has


@pytest.mark.parametrize(
    ("address", "changes", "name"),
    [
        ("aws_ecs_service.web", "{deployment_configuration: {strategy: LINEAR}}", DEPLOYMENT),
        (
            "aws_ecs_service.web",
            "{lifecycle: {ignore_changes: [deployment_configuration]}}",
            DEPLOYMENT,
        ),
        ("aws_ecs_service.web", "{sigint_rollback: true}", "sigint_rollback"),
        ("aws_lb.edge", "{health_check_logs: {bucket: logs}}", "health_check_logs"),
    ],
)
def test_what_only_provider_6_has_says_so(address: str, changes: str, name: str):
    """An argument that exists is not a misspelt one."""
    overrides = f"{{{address}: {changes}}}"

    message = f"`{address}` uses `{name}`, which needs provider 6"
    assert needs(overrides) == [(message, "set `provider: 6`")]
    assert needs(overrides, provider=6) == []


def test_the_finding_is_at_the_argument():
    """An override may have twenty of them."""
    overrides = (
        "\n  aws_ecs_service.web:\n    wait_for_steady_state: true\n    sigint_rollback: true"
    )
    (diagnostic,) = found(overrides)

    assert diagnostic.path == ("overrides", "aws_ecs_service.web", "sigint_rollback")


def test_what_only_provider_5_has_says_so():
    """It was removed, and Terraform would only call it unsupported."""
    overrides = (
        "{aws_ecs_task_definition.web: {inference_accelerator: {device_name: a, device_type: b}}}"
    )

    message = "uses `inference_accelerator`, which needs provider 5"
    assert needs(overrides, provider=6) == [
        (f"`aws_ecs_task_definition.web` {message}", "remove it, or set `provider: 5`")
    ]
    assert needs(overrides) == []


def test_what_aws_alone_sets_in_6_says_so():
    """An argument that only reads there: Terraform refuses it."""
    block = Block("aws_cloudfront_response_headers_policy", "a", {"name": "a", "etag": "b"})

    assert [d.code for d in check_plan(plan_with(block, 5))] == []
    assert [d.code for d in check_plan(plan_with(block, 6))] == ["TZ710"]


def test_a_misspelt_argument_needs_no_other_version():
    """The advice would send its reader the wrong way."""
    codes = {p: [d.code for d in found("{aws_lb.edge: {idle_timeot: 1}}", p)] for p in (5, 6)}

    assert codes == {5: ["TZ602"], 6: ["TZ602"]}


@pytest.mark.parametrize("provider", [5, 6])
@pytest.mark.parametrize("address", ["aws_lb.edge", "aws_ecs_service.web", "aws_s3_bucket.media"])
def test_no_resource_goes_to_another_region(address: str, provider: int):
    """Provider 6 takes a region everywhere; prices, diagrams and subnets know of only one."""
    told = [(d.code, d.help) for d in found(f"{{{address}: {{region: eu-west-1}}}}", provider)]

    assert ("TZ622", "set `region` of the spec or of an environment instead") in told
    assert "TZ710" not in {code for code, _ in told}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("aws_elasticache_replication_group.cache", "auth_token_wo"),
        ("aws_acm_certificate.edge", "private_key_wo"),
    ],
)
def test_no_new_argument_takes_a_secret(address: str, name: str):
    """A spec must not hold one, whether Terraform keeps it in the state or not."""
    (refusal,) = (d for d in found(f"{{{address}: {{{name}: hunter2}}}}", 6) if d.code == "TZ622")

    assert "must not contain secret values" in refusal.help


# Versions


def plan_with(block: Block, provider: int, overrides: Any = None) -> Plan:
    """A plan of one block."""
    return Plan(
        "shop", "prod", "us-east-2", None, (block,), provider=provider, overrides=overrides or {}
    )


@pytest.mark.parametrize(
    ("overrides", "version"),
    [
        ({}, "~> 6.0"),
        ({"idle_timeout": 5}, "~> 6.0"),
        ({"health_check_logs": {"bucket": "a"}}, "~> 6.25"),
        ({"health_check_logs": None}, "~> 6.0"),
        (
            {"health_check_logs": [{"bucket": "a"}], "enable_prefix_for_ipv6_source_nat": "on"},
            "~> 6.48",
        ),
    ],
)
def test_the_version_is_the_first_with_all_of_it(overrides: dict[str, Any], version: str):
    """A lock file of 6.5 is told by Terraform that it is too old, before anything is planned."""
    plan = plan_with(Block("aws_lb", "a", {}), 6, {"aws_lb.a": overrides})

    assert constraint(plan) == version


@pytest.mark.parametrize(
    ("overrides", "version"),
    [
        ({"strategy": "BLUE_GREEN"}, "~> 6.4"),
        ({"strategy": "CANARY", "canary_configuration": {"canary_percent": 10}}, "~> 6.21"),
        ({"lifecycle_hook": [{"target_type": "AWS_LAMBDA"}]}, "~> 6.69"),
    ],
)
def test_nested_arguments_have_versions_of_their_own(overrides: dict[str, Any], version: str):
    """Canary and linear deployments came after blue/green."""
    given_ = {"aws_ecs_service.a": {"deployment_configuration": overrides}}

    assert constraint(plan_with(Block("aws_ecs_service", "a", {}), 6, given_)) == version


def test_provider_5_is_the_default():
    """A spec that says nothing compiles as it ever did."""
    graph = next(g for g in shipped() if g.spec.name == "hello")

    assert (graph.spec.provider, constraint(lower(graph))) == (5, "~> 5.100")


def test_an_environment_may_be_the_first_on_6():
    """Staging before production; the bucket of the state stays with the older one."""
    text = f"{HEAD}{COMPONENTS}environments: {{prod: {{}}, test: {{provider: 6}}}}\n"
    graphs = check(load(text)).graphs

    assert {name: lower(g).provider for name, g in graphs.items()} == {"prod": 5, "test": 6}


@pytest.mark.parametrize("value", ["4", '"6"', "aws", "7"])
def test_there_are_two_versions(value: str):
    """Another one is refused by name."""
    head = HEAD.replace("name:", f"provider: {value}\nname:")
    loaded = load(f"{head}{COMPONENTS}")

    assert [(d.code, d.path) for d in loaded.diagnostics] == [("TZ205", ("provider",))]


# On the command line


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one spec for each version."""
    monkeypatch.chdir(tmp_path)
    for provider in (5, 6):
        head = HEAD.replace("name:", f"provider: {provider}\nname:")
        (tmp_path / f"on{provider}.yaml").write_text(f"{head}{COMPONENTS}")
    return tmp_path


def run(*words: str) -> Result:
    """What a command says."""
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("on5.yaml", "on6.yaml", "run `terraform init -upgrade`. That alone replaces nothing."),
        ("on6.yaml", "on5.yaml", "it may refuse a state that the newer one has written."),
    ],
)
@pytest.mark.usefixtures("files")
def test_diff_says_what_to_do(before: str, after: str, note: str):
    """Nothing to apply, but Terraform stops where the lock file has the other version."""
    (environment,) = json.loads(run("diff", before, after, "--json").stdout)["environments"]

    assert environment["resources"] == []
    assert [setting["path"] for setting in environment["settings"]] == ["provider"]
    assert [n for n in environment["notes"] if n.endswith(note)] != []


def test_compiled_files_become_stale_with_the_version(files: Path):
    """CI compares what is committed with what the spec says now."""
    words = ("--format", "hcl", "--output", "out")
    first = run("compile", "on6.yaml", *words)
    same, other = (run("compile", f"on{n}.yaml", "--check", *words) for n in (6, 5))

    assert (first.exit_code, same.exit_code, other.exit_code) == (0, 0, 1)
    stacks = [files / "out" / folder / "cdk.tf" for folder in ("prod", "bootstrap")]
    assert ['version = "~> 6.0"' in stack.read_text() for stack in stacks] == [True, True]


# What is known of provider 6


@pytest.fixture(scope="module")
def facts() -> Mapping[str, Mapping[str, Any]]:
    """What is known beside the schema."""
    return json.loads((ROOT / "compiler" / "provider_schema" / "provider6.json").read_bytes())


def added(old: Body, new: Body, above: str = "") -> Iterator[str]:
    """Every argument that may be set and is not in the older body, without what lies below it."""
    for name, attribute in new.attributes.items():
        if attribute.settable and name not in old.attributes.keys() | old.blocks.keys():
            yield f"{above}{name}"
    for name, nested in new.blocks.items():
        if name in old.blocks:
            yield from added(old.blocks[name].body, nested.body, f"{above}{name}.")
        elif name not in old.attributes:
            yield f"{above}{name}"


def of(address: str, provider: int) -> Body:
    """The body of a type with the prefix of its mode."""
    mode, _, type_ = address.rpartition(".")
    holds = body(type_, mode or "managed", provider)
    assert holds is not None
    return holds


def addresses() -> list[str]:
    """Every type with the prefix of its mode."""
    prefixes = {"managed": "", "data": "data.", "ephemeral": "ephemeral."}
    return sorted(f"{p}{name}" for mode, p in prefixes.items() for name in types(mode))


def test_every_new_argument_has_its_version(facts):
    """Without one the constraint would admit a provider that does not know it."""
    new = {f"{a}.{n}" for a in addresses() for n in added(of(a, 5), of(a, 6)) if n != "region"}

    known = {f"{a}.{n}" for a, fact in facts.items() for n in fact.get("since", {})}
    assert new - known == set()


def test_every_fact_is_about_an_argument(facts):
    """A misspelt one says nothing."""
    listed = [(a, n) for a, fact in facts.items() for part in fact.values() for n in part]

    assert [(a, n) for a, n in listed if at(a, n) is None] == []


def at(address: str, path: str) -> Attribute | Nested | None:
    """An argument of provider 6 by its dotted path."""
    mode, _, type_ = address.rpartition(".")
    return argument(type_, path.split("."), mode or "managed", 6)


def test_the_page_lists_every_new_argument(facts):
    """Who wants one looks there for the version that it needs."""
    page = PAGE.read_text(encoding="utf-8")
    rows = [
        f"| `{a}` | `{n}` | 6.{minor} |"
        for a, fact in facts.items()
        for n, minor in fact.get("since", {}).items()
    ]

    assert [row for row in rows if row not in page] == []


@pytest.mark.parametrize(
    ("type_", "path", "in_5", "in_6"),
    [
        ("aws_db_instance", "username", True, True),
        ("aws_db_instance", "allocated_storage", False, False),
        ("aws_ecs_service", "deployment_controller.type", True, False),
        ("aws_ecs_service", "deployment_configuration.strategy", False, False),
        ("aws_nat_gateway", "availability_mode", False, True),
        ("aws_vpc_endpoint", "dns_options.private_dns_preference", False, True),
        ("aws_s3_bucket_versioning", "expected_bucket_owner", True, False),
    ],
)
def test_what_replaces_depends_on_the_version(type_: str, path: str, in_5: bool, in_6: bool):
    """Read from its source; where that does not tell, provider 6 is taken to be like provider 5."""
    steps = path.split(".")

    assert [forces_replacement(type_, steps, p) for p in (5, 6)] == [in_5, in_6]


def test_a_change_under_6_is_judged_by_6():
    """Both plans are for it."""
    old = plan_with(Block("aws_s3_bucket", "a", {"bucket": "a"}), 6)
    new = plan_with(Block("aws_s3_bucket", "a", {"bucket": "a", "bucket_namespace": "global"}), 6)

    (change,) = resource_changes(old, new)
    assert (change.address, change.because) == ("aws_s3_bucket.a", ("bucket_namespace",))
    assert (change.action, change.effects[0].verdict) == ("replace", Verdict.REPLACES)


def test_a_service_that_spreads_its_tasks_is_not_told_otherwise():
    """An override comes after what is written out, whichever provider reads it."""
    overrides = {"aws_ecs_service.web": {"availability_zone_rebalancing": "ENABLED"}}
    graph = next(g for g in shipped() if g.spec.name == "hello")
    graph = build(graph.spec.model_copy(update={"overrides": overrides}), "prod")
    (service,) = (b for b in plan_for(6, graph).blocks if b.type == "aws_ecs_service")

    assert service.body["availability_zone_rebalancing"] == "ENABLED"
    assert resource_changes(plan_for(5, graph), plan_for(6, graph)) == ()


@pytest.mark.parametrize(
    ("type_", "path", "kind"),
    [
        (
            "aws_ecs_service",
            "deployment_configuration.canary_configuration.canary_percent",
            "number",
        ),
        ("aws_ecs_service", "load_balancer.container_port", "number"),
        ("aws_ecs_service", "load_balancer.advanced_configuration.role_arn", "string"),
        ("aws_lb", "region", "string"),
        ("aws_s3_bucket", "bucket_region", "string"),
    ],
)
def test_the_schema_of_6_is_that_of_5_with_its_differences(type_: str, path: str, kind: str):
    """What was there stays, beside what is new, on each level."""
    there = argument(type_, path.split("."), "managed", 6)

    assert isinstance(there, Attribute)
    assert there.kind == kind


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("aws_eip", "vpc"),
        ("aws_flow_log", "log_group_name"),
        ("aws_ecs_task_definition", "inference_accelerator"),
    ],
)
def test_what_is_gone_is_gone(type_: str, name: str):
    """The three arguments of our types that provider 6 took away."""
    assert argument(type_, [name]) is not None
    assert argument(type_, [name], "managed", 6) is None


def test_the_versions_are_those_of_the_page():
    """The page says what was checked against which."""
    versions = [provider_version(), provider_version(6)]

    page = PAGE.read_text(encoding="utf-8")
    assert [v for v in versions if v not in page] == []
    assert versions == ["5.100.0", "6.69.1"]
