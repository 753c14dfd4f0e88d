"""What AWS would refuse, or interrupt, of what stands: said before anything is written."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner, Result

from compiler.backends.terraform.document import document
from compiler.backends.terraform.hcl import hcl
from compiler.backends.terraform.hcl_reading import read_hcl
from compiler.changes.effects import Effect
from compiler.changes.refusals import refusals
from compiler.changes.resource_changes import resource_changes
from compiler.changes.sentences import Downtime, downtime_words, downtimes
from compiler.findings.check import check
from compiler.lower import lower
from tests.strategies.sample import Compiled, compiled
from trazo.program import app
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load

HEAD = """\
trazo: 1
name: shop
region: us-east-2
state: {bucket: shop-state}
components:
  network: {kind: networking}
"""
DATABASE = "  db: {kind: rds, storage_gb: 100, multi_az: true}\n"
CACHE = "  cache: {kind: redis, nodes: 2}\n"
SPEC = HEAD + DATABASE + CACHE
ADDRESS = "aws_db_instance.db"


def told(
    after: str, *, environment: str = "staging", allowed: tuple[str, ...] = ()
) -> list[Diagnostic]:
    """The findings of a change of the shop, in an environment without windows."""
    texts = [f"{text}environments: {{{environment}: {{}}}}\n" for text in (SPEC, after)]
    old, new = (check(load(text)).graphs[environment] for text in texts)
    found = refusals(document(lower(old)), document(lower(new)), new, allowed)
    return sorted(found, key=lambda d: d.code)


def codes(after: str, environment: str = "staging") -> list[tuple[str, str]]:
    """Code and severity of each finding."""
    return [(d.code, str(d.severity)) for d in told(after, environment=environment)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("storage_gb: 100", "storage_gb: 20", [("TZ670", "error")]),
        ("storage_gb: 100", "storage_gb: 200", []),
        ("storage_gb: 100", "storage_gb: 100, engine_version: '15'", [("TZ670", "error")]),
        ("storage_gb: 100", "storage_gb: 100, engine_version: '17'", [("TZ672", "error")]),
        (
            "storage_gb: 100",
            "storage_gb: 100, engine_version: '17', allow_major_upgrade: true",
            [("TZ671", "info")],
        ),
        ("storage_gb: 100", "storage_gb: 20, max_storage_gb: 200", [("TZ673", "warning")]),
        ("storage_gb: 100", "storage_gb: 100, max_storage_gb: 105", [("TZ670", "error")]),
        ("multi_az: true", "multi_az: false", []),
        ("nodes: 2", "nodes: 1", []),
        ("nodes: 2", "nodes: 3", []),
    ],
)
def test_a_change_is_judged_as_aws_does(old: str, new: str, expected: list[tuple[str, str]]):
    """A plan calls each of these an update in place."""
    assert codes(SPEC.replace(old, new)) == expected


def test_an_interruption_is_told_outside_of_production():
    """Nobody is asked for a word where no user is."""
    (found,) = told(SPEC.replace("multi_az", "instance_class: db.t4g.small, multi_az"))

    assert (found.code, found.severity) == ("TZ671", Severity.INFO)
    assert "downtime 1 to 2 minutes, depends on open transactions and recovery" in found.message


def test_a_refusal_leads_to_the_field():
    """`storage_gb` is what somebody wrote; `allocated_storage` is what it became."""
    (found,) = told(SPEC.replace("storage_gb: 100", "storage_gb: 20"))

    assert found.path == ("components", "db", "storage_gb")
    assert "`allocated_storage` from `100` to `20`" in found.message
    assert "--base REV:PATH" in found.help


def test_a_word_allows_an_upgrade_and_nothing_that_is_refused():
    """Nobody can allow what AWS refuses."""
    newer = SPEC.replace("multi_az", "engine_version: '17', multi_az")
    upgraded = newer.replace("multi_az", "allow_major_upgrade: true, multi_az")
    smaller = upgraded.replace("storage_gb: 100", "storage_gb: 20")

    assert told(upgraded, allowed=(ADDRESS,)) == []
    assert [d.code for d in told(smaller, allowed=(ADDRESS,))] == ["TZ670"]
    assert [d.code for d in told(newer, allowed=(ADDRESS,))] == ["TZ672"]


def run(folder: Path, *words: str) -> Result:
    """Compiles the spec in a folder, as a user does."""
    return CliRunner().invoke(
        app, ["compile", str(folder / "app.yaml"), "-o", str(folder / "out"), *words]
    )


@pytest.mark.parametrize("form", ["json", "hcl"])
def test_a_service_in_production_is_not_interrupted_silently(form: str, tmp_path: Path):
    """A plan that says `1 to change` takes the database down at noon."""
    at_once = SPEC.replace("multi_az", "apply: at_once, multi_az")
    (tmp_path / "app.yaml").write_text(at_once)
    first = run(tmp_path, "--format", form)
    before = sorted((tmp_path / "out").rglob("cdk.tf*"))
    texts = [path.read_text() for path in before]
    (tmp_path / "app.yaml").write_text(
        at_once.replace("multi_az", "instance_class: db.t4g.small, multi_az")
    )
    second = run(tmp_path, "--format", form)

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "error TZ671" in second.output
    assert [path.read_text() for path in before] == texts
    assert run(tmp_path, "--format", form, "--allow-interruption", ADDRESS).exit_code == 0


def test_a_word_that_allows_nothing_is_said(tmp_path: Path):
    """As with `--allow-loss`: a script says it again in its next run."""
    (tmp_path / "app.yaml").write_text(SPEC)
    found = run(tmp_path, "--allow-interruption", ADDRESS)

    assert found.exit_code == 0
    assert f"`--allow-interruption {ADDRESS}` does not have an effect" in found.output


def test_an_older_redis_is_a_loss(tmp_path: Path):
    """The provider deletes the cache and makes an empty one."""
    (tmp_path / "app.yaml").write_text(SPEC)
    run(tmp_path)
    (tmp_path / "app.yaml").write_text(SPEC.replace("nodes: 2", "nodes: 2, engine_version: '7.0'"))
    refused = run(tmp_path)

    assert "error TZ626" in refused.output
    assert "TZ671" not in refused.output
    allowed = run(tmp_path, "--allow-loss", "aws_elasticache_replication_group.cache")
    assert allowed.exit_code == 0


def test_a_difference_says_minutes(tmp_path: Path):
    """In text, in Markdown and for programs."""
    larger = SPEC.replace("multi_az", "apply: at_once, instance_class: db.t4g.small, multi_az")
    (tmp_path / "old.yaml").write_text(SPEC.replace("multi_az", "apply: at_once, multi_az"))
    (tmp_path / "new.yaml").write_text(larger)
    both = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]
    forms = {
        form: CliRunner().invoke(app, ["diff", *both, "--format", form]).stdout
        for form in ("text", "markdown", "json")
    }
    (environment,) = json.loads(forms["json"])["environments"]
    effects = [e for r in environment["resources"] for e in r["effects"]]
    minutes = {"low": 1.0, "high": 2.0}

    assert "downtime: 1 to 2 minutes" in forms["text"]
    assert "**downtime: 1 to 2 minutes**" in forms["markdown"]
    assert environment["downtime"]["at_once"] == {"minutes": minutes, "unknown": []}
    assert [(e["verdict"], e["minutes"]) for e in effects] == [("interrupts", minutes)]


def test_a_refused_change_is_a_warning_of_diff(tmp_path: Path):
    """It was once shown as a saving."""
    (tmp_path / "old.yaml").write_text(SPEC)
    (tmp_path / "new.yaml").write_text(SPEC.replace("storage_gb: 100", "storage_gb: 20"))
    both = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]
    found = CliRunner().invoke(app, ["diff", *both])

    assert (found.exit_code, "warning TZ670" in found.stderr) == (0, True)
    assert "refused by AWS (allocated_storage)" in " ".join(found.stdout.split())


@given(compiled())
def test_what_is_as_it_was_is_never_refused(spec: Compiled):
    """In both languages: a second run of a script must not fail, nor say anything."""
    for name, plan in spec.plans.items():
        as_json, as_hcl = document(plan), {**document(plan), **read_hcl(hcl(plan))}
        graph = spec.graphs[name]

        assert refusals(as_json, as_json, graph) == ()
        assert refusals(read_hcl(hcl(plan)), as_hcl, graph) == ()


def test_totals_go_from_the_longest_to_all_in_a_row():
    """Two failovers may come at the same time, or one after the other."""
    (one,) = downs("instance_class: db.t4g.small, multi_az")
    total = downtimes((("a", [one]), ("b", [one])))

    assert total == Downtime((1.0, 4.0), ())
    assert downtime_words(total) == "1 to 4 minutes"
    assert downtime_words(Downtime((1.0, 4.0), ("x",))) == "1 to 4 minutes, and unknown for x"
    assert downtime_words(Downtime()) == ""


def test_production_waits_for_the_window():
    """No word is needed for what comes when somebody chose that it may."""
    larger = SPEC.replace("multi_az", "instance_class: db.t4g.small, multi_az")
    at_once = larger.replace("multi_az", "apply: at_once, multi_az")

    assert codes(larger, "prod") == []
    assert codes(at_once, "prod") == [("TZ671", "error")]


def test_a_major_upgrade_happens_only_where_the_spec_allows_it():
    """In the window or at once; and at once it interrupts, too."""
    newer = SPEC.replace("multi_az", "engine_version: '17', multi_az")
    allowed = newer.replace("engine_version", "allow_major_upgrade: true, engine_version")

    assert codes(newer, "prod") == [("TZ672", "error")]
    assert codes(allowed, "prod") == []
    assert codes(allowed.replace("multi_az", "apply: at_once, multi_az"), "prod") == [
        ("TZ671", "error")
    ]


def test_the_last_replica_goes_at_once_only():
    """Failover to it stays on until the window, and so AWS refuses."""
    fewer = SPEC.replace("nodes: 2", "nodes: 1")

    assert codes(fewer, "prod") == [("TZ670", "error")]
    assert codes(fewer.replace("nodes: 1", "nodes: 1, apply: at_once"), "prod") == []


def downs(changed: str) -> list[Effect]:
    """What takes something down when the database changes."""
    head = "environments: {staging: {}}\n"
    texts = [f"{text}{head}" for text in (SPEC, SPEC.replace("multi_az", changed))]
    old, new = (lower(check(load(text)).graphs["staging"]) for text in texts)
    return [e for change in resource_changes(old, new) for e in change.effects if e.downtime]


def test_every_field_of_an_effect_is_documented(tmp_path: Path):
    """A program that reads the difference is written by this page."""
    (tmp_path / "old.yaml").write_text(SPEC)
    (tmp_path / "new.yaml").write_text(SPEC.replace("storage_gb: 100", "storage_gb: 20"))
    both = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--json"]
    (environment,) = json.loads(CliRunner().invoke(app, ["diff", *both]).stdout)["environments"]
    fields = {f"effects[].{f}" for r in environment["resources"] for e in r["effects"] for f in e}
    fields |= {f"downtime.{field}" for field in environment["downtime"]}
    page = Path(__file__).parent.parent / "docs" / "how-to" / "review-a-change.md"
    text = page.read_text(encoding="utf-8")

    assert len(fields) == 12
    assert [field for field in sorted(fields) if f"`{field}`" not in text] == []
