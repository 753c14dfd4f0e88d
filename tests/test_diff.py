"""What differs between two specs: components, what Terraform would do, and dollars."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner

from compiler.changes.losses import LASTING
from compiler.changes.resource_changes import Action, ResourceChange, resource_changes
from compiler.graph.change import Change
from compiler.graph.spec_changes import FieldChange, component_changes, setting_changes
from compiler.lower import lower
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import argument, types
from tests.examples import HEAD, graph_of
from tests.strategies.sample import Compiled, compiled
from trazo.program import app

OLD = """
network: {kind: networking, cidr: 10.0.0.0/16}
web: {kind: ecs, image: a/b:1, cpu: 256, uses: {database: connect, media: read}}
database: {kind: rds}
media: {kind: s3}
"""


def changed(new: str, old: str = OLD, head: str = HEAD) -> dict[str, ResourceChange]:
    """What Terraform would do between two specs, by address."""
    found = resource_changes(lower(graph_of(old)), lower(graph_of(new, head)))
    return {change.address: change for change in found}


def edited(before: str, after: str) -> dict[str, ResourceChange]:
    """What Terraform would do after one edit."""
    assert before in OLD
    return changed(OLD.replace(before, after))


@given(spec=compiled())
def test_nothing_differs_between_a_plan_and_itself(spec: Compiled):
    """A comparison that finds what is not there is not looked at for long."""
    assert [resource_changes(p, p) for p in spec.plans.values()] == [()] * len(spec.plans)


@given(spec=compiled())
def test_every_resource_is_created_where_there_was_nothing(spec: Compiled):
    """And destroyed where nothing is left."""
    plan = spec.plans[spec.first]
    come, gone = resource_changes(None, plan), resource_changes(plan, None)

    assert [c.action for c in come] == [Action.CREATE] * plan.resources
    assert [c.action for c in gone] == [Action.DESTROY] * plan.resources


def test_a_changed_task_makes_a_new_definition_and_updates_the_service():
    """A definition is never changed, and the service rolls over to the new one."""
    found = edited("cpu: 256", "cpu: 512, memory_mib: 1024")
    told = {a: (c.action, c.because) for a, c in found.items()}

    assert told == {
        "aws_ecs_task_definition.web": (Action.REPLACE, ("cpu", "memory")),
        "aws_ecs_service.web": (Action.CHANGE, ("task_definition",)),
    }


def test_what_stands_on_something_new_is_new_too():
    """A VPC with other addresses takes its subnets and security groups along."""
    found = edited("10.0.0.0/16", "10.9.0.0/16")
    replaced = {a for a, c in found.items() if c.action is Action.REPLACE}

    assert {"aws_vpc.network", "aws_subnet.network_private_a", "aws_security_group.web"} <= replaced
    assert found["aws_db_instance.database"].action is Action.CHANGE


def test_a_larger_database_is_changed_in_place():
    """The most common fear in front of a plan."""
    found = edited("{kind: rds}", "{kind: rds, storage_gb: 100}")

    assert [(a, c.action) for a, c in found.items()] == [
        ("aws_db_instance.database", Action.CHANGE)
    ]


def test_two_that_swap_their_names_only_move():
    """Each is then what the other was called, and nothing in AWS changes for either."""
    old = "files: {kind: s3}\nmedia: {kind: s3, lifecycle: {expire_days: 9}}\n"
    new = (
        "media: {kind: s3, was: files}\n"
        "files: {kind: s3, was: media, lifecycle: {expire_days: 9}}\n"
    )

    assert {c.action for c in changed(new, old).values()} == {None}


def test_a_renamed_component_moves():
    """`was` keeps it: what else differs is told beside the move."""
    new = OLD.replace("database: {kind: rds", "db: {kind: rds, was: database")
    found = changed(new.replace("{database:", "{db:"))
    database = found["aws_db_instance.db"]

    assert (database.action, database.was) == (None, "aws_db_instance.database")
    assert {c.action for c in found.values()} & {Action.CREATE, Action.DESTROY} == set()


def test_what_is_named_after_two_renamed_components_moves():
    """One was renamed before the other: the earlier `was` must not make the block look new."""
    old = OLD.replace("database: {kind: rds", "db: {kind: rds, was: database")
    old = old.replace("{database:", "{db:")
    new = old.replace("web: {", "api: {was: web, ")
    found = changed(new, old)

    rule = "aws_vpc_security_group_ingress_rule"

    assert found[f"{rule}.db_from_api"].was == f"{rule}.db_from_web"
    assert {c.action for c in found.values()} & {Action.CREATE, Action.DESTROY} == set()


def test_what_terraform_ignores_is_no_change():
    """The number of tasks is the autoscaler's affair."""
    scaled = "cpu: 256, scaling: {min: 1, max: 4}"
    first = OLD.replace("cpu: 256", scaled)
    found = changed(first.replace("min: 1", "min: 2"), first)

    assert "aws_ecs_service.web" not in found


def test_another_project_name_touches_the_tags_of_all():
    """Terraform lists each of them, and a reviewer wonders why."""
    found = changed(OLD, head=HEAD.replace("name: shop", "name: store"))

    assert "tags_all" in found["aws_vpc.network"].because


def test_another_region_makes_everything_anew():
    """Nothing moves between regions."""
    found = changed(OLD, head=HEAD.replace("us-east-2", "us-west-2"))

    assert {c.action for c in found.values()} >= {Action.REPLACE}
    assert found["aws_s3_bucket.media"].action is Action.REPLACE


def test_components_differ_by_their_fields():
    """In the words of the spec, to be found in its diff."""
    found = component_changes(graph_of(OLD), graph_of(OLD.replace("cpu: 256", "cpu: 512")))

    assert [(c.name, c.change, c.fields) for c in found] == [
        ("web", Change.CHANGED, (FieldChange("cpu", 256, 512),))
    ]


def test_a_component_of_another_kind_is_another_one():
    """It has nothing but its name in common with the old one."""
    new = OLD.replace("media: {kind: s3}", "media: {kind: redis}").replace(
        "media: read", "media: connect"
    )
    found = component_changes(graph_of(OLD), graph_of(new))

    assert [(c.kind, c.change) for c in found if c.name == "media"] == [
        ("s3", Change.REMOVED),
        ("redis", Change.ADDED),
    ]


def test_a_finding_that_is_switched_off_is_a_setting():
    """Whoever reviews the change sees what nobody will be warned of any more."""
    checks = "checks: {TZ315: {severity: off, reason: a shelf}}\ncomponents:\n"
    found = setting_changes(graph_of(OLD), graph_of(OLD, HEAD.replace("components:\n", checks)))

    assert FieldChange("checks.TZ315.severity", None, "off") in found


def test_traffic_is_a_setting():
    """It changes dollars and nothing else."""
    traffic = "traffic: {usage: {media: {stored_gb: 5}}}\ncomponents:\n"
    found = setting_changes(graph_of(OLD), graph_of(OLD, HEAD.replace("components:\n", traffic)))

    assert FieldChange("traffic.usage.media.stored_gb", None, 5) in found


def test_every_argument_that_forces_replacement_is_one_of_the_provider():
    """The list was read from the provider; a newer one may have lost some."""
    path = Path(__file__).parent.parent / "compiler" / "provider_schema" / "replaced.json"
    listed = json.loads(path.read_text(encoding="utf-8"))
    unknown = [
        f"{kind}.{name}"
        for kind, names in listed.items()
        for name in names
        if kind not in types() or argument(kind, name.split(".")) is None
    ]

    assert unknown == []


def test_what_loses_data_is_among_what_forces_replacement():
    """The two lists come from different sources and must agree.

    A block forces replacement as such, or by what is in it. One block is tried only by applying
    (tests/apply/test_changes_in_place.py), since the provider takes no user name beside it.
    """
    missing = [
        (kind, name)
        for kind, names in LASTING.items()
        for name in names
        if not forces_replacement(kind, (name,))
        and not forces_replacement(kind, (name, "bucket_name"))
    ]

    assert missing == [("aws_db_instance", "restore_to_point_in_time")]


# The command

SPEC = f"{HEAD}  web: {{kind: ecs, image: 'a/b:1'}}\n  files: {{kind: s3}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a spec in its first revision and another one on disk."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.yaml").write_text(SPEC)
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "app.yaml"), (*identity, "commit", "-qm", "first")):
        subprocess.run(["git", *command], check=True)
    (tmp_path / "app.yaml").write_text(SPEC.replace("  files: {kind: s3}\n", "  db: {kind: rds}\n"))
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(app, [*words])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("folder")
def test_diff_compares_a_revision_with_a_file():
    """The spec of the main branch with that of a pull request."""
    code, out, _ = run("diff", "HEAD:app.yaml", "app.yaml", "--json")
    (environment,) = json.loads(out)["environments"]

    assert code == 0
    assert {c["component"]: c["change"] for c in environment["components"]} == {
        "db": "added",
        "files": "removed",
    }


@pytest.mark.usefixtures("folder")
def test_dollars_of_components_add_up_to_those_of_the_total():
    """Else a reviewer looks for what is hidden."""
    _, out, _ = run("diff", "HEAD:app.yaml", "app.yaml", "--json")
    (environment,) = json.loads(out)["environments"]
    parts = sum(c["difference_usd"] for c in environment["costs"])

    assert parts == pytest.approx(environment["total_usd"]["difference_usd"], abs=0.01)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.usefixtures("folder")
def test_every_format_names_what_differs(form: str):
    """For a terminal, for a pull request, for a program."""
    _, out, _ = run("diff", "HEAD:app.yaml", "app.yaml", "--format", form)

    assert "aws_db_instance.db" in out


@pytest.mark.usefixtures("folder")
def test_lost_data_is_a_warning_that_strict_makes_an_error():
    """Nothing is applied by looking; a check in CI may stop there."""
    code, _, err = run("diff", "HEAD:app.yaml", "app.yaml")

    assert (code, "warning TZ625" in err) == (0, True)
    assert run("diff", "HEAD:app.yaml", "app.yaml", "--strict")[0] == 1


def test_an_environment_that_is_gone_loses_its_data_too(folder: Path):
    """Its folder of Terraform would be forgotten with all that stands."""
    (folder / "two.yaml").write_text(f"{SPEC}environments: {{prod: {{}}, staging: {{}}}}\n")
    (folder / "one.yaml").write_text(SPEC)

    assert "warning TZ628" in run("diff", "two.yaml", "one.yaml")[2]


@pytest.mark.usefixtures("folder")
def test_equal_specs_differ_in_nothing():
    """And that is said, not shown as an empty table."""
    assert "No changes." in run("diff", "app.yaml", "app.yaml")[1]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ("diff", "app.yaml"),
        ("diff", "nowhere.yaml", "app.yaml"),
        ("diff", "v9:app.yaml", "app.yaml"),
        ("diff", "app.yaml", "app.yaml", "--env", "nowhere"),
        ("diagram",),
        ("diagram", "app.yaml", "--diff", "app.yaml", "app.yaml"),
        ("diagram", "--diff", "app.yaml", "app.yaml", "--findings"),
        ("diagram", "--diff", "app.yaml", "v9:app.yaml"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(words: tuple[str, ...]):
    """With a line of advice."""
    assert run(*words)[0] == 2


def test_a_spec_with_an_error_ends_with_1(folder: Path):
    """There is nothing to compare it with."""
    (folder / "bad.yaml").write_text("trazo: 1\n")

    assert run("diff", "app.yaml", "bad.yaml")[0] == 1


def test_an_environment_that_is_new_is_created_as_a_whole(folder: Path):
    """It is compared with nothing."""
    more = (folder / "app.yaml").read_text() + "environments: {prod: {}, staging: {}}\n"
    (folder / "more.yaml").write_text(more)
    _, out, _ = run("diff", "app.yaml", "more.yaml", "--env", "staging", "--json")
    (environment,) = json.loads(out)["environments"]

    assert {r["action"] for r in environment["resources"]} == {"create"}


def test_a_picture_of_two_specs_is_written(folder: Path):
    """For the pull request, beside the text."""
    code, _, _ = run("diagram", "--diff", "HEAD:app.yaml", "app.yaml", "--costs")

    assert code == 0
    assert (folder / "out" / "app" / "prod" / "changes.svg").exists()


def test_the_ending_of_the_output_decides_what_is_drawn(folder: Path):
    """An svg called `a.png` opens nowhere."""
    run("diagram", "app.yaml", "-o", "a.png")

    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
