"""Rules about how long the names are that resources get in AWS."""

from collections.abc import Iterator

from compiler.plan.owned_names import OwnedName, owned_names
from compiler.plan.plan import Plan
from compiler.rules.rule import Finding, PlanRule, rule
from trazo_spec.diagnostics import Severity, SpecPath


@rule("TZ690", Severity.ERROR)
def name_too_long(plan: Plan) -> Iterator[Finding]:
    """A name has more characters than AWS allows.

    The names of load balancers and IAM roles are shortened with a hash. All others keep the form
    `{prefix}-{environment}-{component}`, so that they can be found, and must fit: AWS allows 40
    characters for a cache, 63 for a database, 64 for an origin access control and more for all
    others.

    ```yaml
    # bad, acme-internal-tools-production-sessions_of_visitors has 50 characters
    names: {prefix: acme-internal-tools}
    components: {sessions_of_visitors: {kind: redis}}
    # good
    names: {prefix: tools}
    ```
    """
    for owned in owned_names(plan):
        if len(owned.text) > owned.named.most:
            message = (
                f"the {owned.named.noun} would be named `{owned.text}`, with {len(owned.text)} "
                f"characters, but AWS allows {owned.named.most}"
            )
            advice = "shorten `names.prefix`, or the name of the component"
            yield Finding(_path(owned, plan), message, advice, (("names", "prefix"),))


def _path(owned: OwnedName, plan: Plan) -> SpecPath:
    """What sets a name: an override, or the component."""
    if owned.named.argument in plan.overrides.get(owned.block.address, {}):
        return ("overrides", owned.block.address, owned.named.argument)
    return ("components", owned.component) if owned.component else ("names", "prefix")


RULES: tuple[PlanRule, ...] = (name_too_long,)
