"""`trazo validate`: types, references and rules."""

from compiler.check import check
from trazo.findings import only, print_checked
from trazo.options import AsJson, Environment, Quiet, SpecFile, Strict
from trazo.specs import read_spec


def validate(
    spec: SpecFile,
    *,
    env: Environment = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check types, references and all rules, in every environment."""
    checked = check(read_spec(spec))
    found = only(checked, checked.diagnostics, env)
    print_checked(checked, found, as_json=as_json, quiet=quiet, strict=strict)
