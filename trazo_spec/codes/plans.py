"""Codes of what `trazo review` finds in a plan of Terraform."""

from trazo_spec.codes.code import Code
from trazo_spec.diagnostics import Severity

PLANS: tuple[Code, ...] = (
    Code(
        "TZ720",
        "AWS would refuse a change of a Terraform plan.",
        "Terraform plans it as an update in place, and the apply stops halfway. The message says "
        "why; the table of `trazo review PLAN --json` names the page of AWS that says so.",
    ),
    Code(
        "TZ721",
        "A Terraform plan would lose data.",
        "It destroys or replaces a resource that holds data, such as a database or a bucket, or "
        "it changes an argument that deletes data, such as the retention of backups. To allow it, "
        "pass `--allow-loss ADDRESS`.",
    ),
    Code(
        "TZ722",
        "A Terraform plan would interrupt production, or upgrade a database.",
        "Production is a plan whose tag `Environment` is `prod`, `production` or `live`, or any "
        "plan with `--production`. A major upgrade of a database is an error in every "
        "environment, because it cannot be undone. What waits for the maintenance window is not. "
        "To allow it, pass `--allow-interruption ADDRESS`.",
    ),
    Code(
        "TZ723",
        "A Terraform plan changes a type of resource that trazo does not know.",
        "The table of changes covers the types that trazo writes. Whether a change of another "
        "type is refused, interrupts or loses data is not known: read what its documentation says. "
        "With `--strict` this is an error.",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ724",
        "A Terraform plan is not complete.",
        "Terraform stopped with an error while it made the plan, so it does not contain all "
        "changes and cannot be applied. Correct the error and plan again.",
    ),
)
