"""How often the passes run: what an environment becomes is worked out once, and asked for after."""

import sys
from collections import Counter
from importlib import import_module

import pytest

from trazo.program import main

PLAIN = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
  web: {kind: ecs, image: acme/web:1}
  cache: {kind: redis}
environments: {prod: {}, staging: {region: us-west-2}}
"""
OVERRIDDEN = (
    f"{PLAIN}overrides: {{aws_ecs_service.web: {{health_check_grace_period_seconds: 90}}}}\n"
)
ONCE = {"prod": 1, "staging": 1}


@pytest.fixture
def count(monkeypatch, capsys, tmp_path):
    """Runs a command about a spec; the plans that it made, and those that it checked."""
    monkeypatch.chdir(tmp_path)
    made: Counter[str] = Counter()
    checked: Counter[str] = Counter()

    def counting(module, step, counter):
        """Counts a step that its pass takes once, whoever asked for it under which name."""
        real = getattr(import_module(module), step)

        def counted(plan, given):
            counter[plan.environment] += 1
            return real(plan, given)

        monkeypatch.setattr(import_module(module), step, counted)

    counting("compiler.lower", "apply", made)
    counting("compiler.provider_schema.validation", "_whole", checked)

    def command(text: str, *words: str) -> tuple[dict[str, int], dict[str, int]]:
        (tmp_path / "spec.yaml").write_text(text)
        monkeypatch.setattr(sys, "argv", ["trazo", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code in (0, None), capsys.readouterr().err
        return dict(made), dict(checked)

    return command


def test_validate_makes_no_plan(count):
    """It runs at every stroke of a key in an editor, and rules look at the graph."""
    assert count(PLAIN, "validate", "spec.yaml") == ({}, {})


def test_validate_makes_a_plan_once_for_overrides(count):
    """Only a plan tells whether an override names a block and an argument of it."""
    assert count(OVERRIDDEN, "validate", "spec.yaml") == (ONCE, ONCE)


@pytest.mark.parametrize("text", [PLAIN, OVERRIDDEN], ids=["plain", "overridden"])
@pytest.mark.parametrize(
    "command",
    [
        ("check", "spec.yaml"),
        ("cost", "spec.yaml", "--all", "--runs", "0"),
        ("report", "spec.yaml", "--runs", "0"),
        ("build", "spec.yaml", "--runs", "0", "--format", "hcl"),
    ],
    ids=lambda words: words[0],
)
def test_each_environment_is_lowered_and_checked_once(count, text, command):
    """Rules, Terraform's own checks, bill, files and pictures share one plan."""
    assert count(text, *command) == (ONCE, ONCE)


def test_compile_makes_the_plan_that_it_writes(count):
    """The other environments are nobody's concern, unless overrides have to be looked at."""
    words = ("compile", "spec.yaml", "--env", "prod", "--format", "hcl")

    assert count(PLAIN, *words) == ({"prod": 1}, {"prod": 1})


def test_what_was_checked_for_overrides_is_compiled(count):
    """The plan that the rules looked at is the plan that is written."""
    words = ("compile", "spec.yaml", "--env", "prod", "--format", "hcl")

    assert count(OVERRIDDEN, *words) == (ONCE, ONCE)


@pytest.mark.parametrize("text", [PLAIN, OVERRIDDEN], ids=["plain", "overridden"])
def test_diff_lowers_each_side_once(count, text):
    """What differs, what it costs and what would be lost follow from the same two plans."""
    twice = {"prod": 2, "staging": 2}

    assert count(text, "diff", "spec.yaml", "spec.yaml") == (twice, twice)
