"""`checks` of a spec: what is switched off or judged otherwise, where, and why."""

import pytest

from compiler.findings.check import Checked, check
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load

SPEC = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
  web: {kind: ecs, image: acme/web:1, uses: {blue: connect, green: connect}}
  blue: {kind: rds, final_snapshot: false}
  green: {kind: rds, final_snapshot: false}
"""
OFF = "TZ459: {severity: off, reason: filled anew every night}"


def checked(rest: str, spec: str = SPEC) -> Checked:
    return check(load(f"{spec}{rest}\n", "spec.yaml"))


def about(found: tuple[Diagnostic, ...], code: str = "TZ459") -> list[tuple[str, str]]:
    """Where findings of a code stand: component and environments."""
    return [(str(d.path[1]), d.environment) for d in found if d.code == code]


def codes(rest: str, spec: str = SPEC) -> list[str]:
    found = checked(rest, spec).diagnostics
    return sorted(d.code for d in found if d.severity is not Severity.INFO)


def test_what_is_switched_off_does_not_count():
    """A decision is written down once, and `--strict` can be used again."""
    assert (codes(""), codes(f"checks: {{{OFF}}}")) == (["TZ459", "TZ459"], [])


def test_what_is_switched_off_keeps_its_reason():
    """Whoever asks finds who said so and why."""
    found = checked(f"checks: {{{OFF}}}").everything(())

    assert {d.ignored for d in found if d.code == "TZ459"} == {"filled anew every night"}


def test_one_component_can_be_meant():
    """The database beside it is not an exception."""
    rest = "checks: {TZ459: {severity: off, reason: a copy, components: [blue]}}"

    assert about(checked(rest).diagnostics) == [("green", "")]


def test_a_warning_can_become_an_error():
    """A team's promise holds for every command, not only with `--strict`."""
    found = checked("checks: {TZ459: {severity: error, reason: no second copy}}")

    assert (found.sound, codes("")) == (False, ["TZ459", "TZ459"])


def test_a_warning_can_become_a_hint():
    """`--strict` lets a hint pass."""
    assert codes("checks: {TZ459: {severity: info, reason: a copy}}") == []


@pytest.mark.parametrize(
    ("environments", "counted"),
    [
        (f"environments: {{prod: {{checks: {{{OFF}}}}}, production: {{}}}}", "production"),
        (
            f"checks: {{{OFF}}}\n"
            "environments: {prod: {}, production: {checks: {TZ459: null}}}",
            "production",
        ),
    ],
)
def test_an_environment_has_its_own_mind(environments, counted):
    """What holds for one copy of the system need not hold for the other."""
    spec = SPEC.replace("green: {kind: rds, final_snapshot: false}", "zone: {kind: dns}")
    spec = spec.replace("  zone: {kind: dns}\n", "").replace(", green: connect", "")
    found = checked(environments, spec)

    assert about(found.diagnostics) == [("blue", counted)]


def test_an_error_cannot_be_switched_off():
    """It is Terraform that does not apply, or something insecure, or data that is lost."""
    spec = SPEC.replace("blue: connect", "blue: read")

    assert codes("checks: {TZ303: {severity: off, reason: x}}", spec)[:2] == ["TZ303", "TZ341"]


def test_a_misspelt_code_is_answered_with_the_likely_one():
    """It would switch nothing off."""
    (found,) = (
        d
        for d in checked("checks: {TZ4599: {severity: off, reason: x}}").diagnostics
        if d.code == "TZ340"
    )

    assert "did you mean `TZ45" in found.help


@pytest.mark.parametrize("severity", ["off", "info"])
def test_what_hides_nothing_is_found(severity):
    """It was for something that is gone, and would hide the next one."""
    spec = SPEC.replace("final_snapshot: false", "final_snapshot: true")
    rest = f"checks: {{TZ459: {{severity: {severity}, reason: a copy}}}}"

    assert codes(rest, spec) == ["TZ342"]


def test_a_promise_that_is_kept_is_not_idle():
    """`error` is written so that nothing is found."""
    spec = SPEC.replace("final_snapshot: false", "final_snapshot: true")

    assert codes("checks: {TZ459: {severity: error, reason: no second copy}}", spec) == []


def test_what_one_environment_shows_is_not_idle():
    """Rules about production find nothing in staging, where the same entry holds."""
    assert codes(f"checks: {{{OFF}}}\nenvironments: {{prod: {{}}, staging: {{}}}}") == []


def test_a_misspelt_component_is_idle_and_answered_with_the_likely_one():
    """One entry of a list may be wrong while the others are right."""
    rest = "checks: {TZ459: {severity: off, reason: x, components: [blue, green, bleu]}}"
    (found,) = checked(rest).diagnostics

    assert (found.code, found.path[-1], found.help) == ("TZ342", 2, "did you mean `blue`?")


def test_nothing_is_called_idle_beside_an_error():
    """A rule that could not look has found nothing, which says nothing."""
    spec = SPEC.replace("connect, ", "read, ").replace("false", "true")

    assert codes(f"checks: {{{OFF}}}", spec) == ["TZ303"]


def test_what_only_later_passes_find_is_idle_when_they_have_looked():
    """`validate` prices nothing, so it cannot know that all has a price."""
    rest = "checks: {TZ701: {severity: off, reason: we know}}"
    found = checked(rest, SPEC.replace("false", "true"))
    idle = [[d.code for d in found.everything((), whole=w)].count("TZ342") for w in (False, True)]

    assert idle == [0, 1]


def test_a_reason_is_needed():
    """An exception without one outlives whoever made it."""
    assert codes("checks: {TZ459: {severity: off}}") == ["TZ203"]
