"""`trazo check`: everything that can be found."""

from compiler.check import check
from trazo.findings import everything_found, only, print_checked
from trazo.options import AsJson, Environment, Quiet, SpecFile, Strict
from trazo.specs import read_spec


def check_(
    spec: SpecFile,
    *,
    env: Environment = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check everything: what `validate` does, then every Terraform argument and every price."""
    checked = check(read_spec(spec))
    found = only(checked, everything_found(checked), env)
    print_checked(checked, found, as_json=as_json, quiet=quiet, strict=strict)
