"""`trazo validate`: types, references and rules."""

from compiler.findings.check import check
from trazo.input.options import AsJson, OnlyEnvironment, Quiet, SpecFile, Strict
from trazo.input.specs import read_spec
from trazo.steps.findings import FindingsFormat, Look, only, print_checked


def validate(
    spec: SpecFile,
    *,
    env: OnlyEnvironment = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check types, references and all rules, in every environment."""
    checked = check(read_spec(spec))
    findings = only(checked, checked.everything(), env)
    format_ = FindingsFormat.JSON if as_json else FindingsFormat.TEXT
    print_checked([(checked, Look(findings, env))], format_, quiet=quiet, strict=strict)
