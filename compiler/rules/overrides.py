"""Rules about overrides: of what, and whether the language has a field for it."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from compiler.plan.guards import FORCE_TLS, TLS_ONLY_FROM, Guarded, advice
from compiler.plan.overrides import IGNORED, LIFECYCLE, texts
from compiler.plan.plan import Block, Plan, Value
from compiler.rules.rule import Finding, PlanRule, rule
from trazo_spec.diagnostics import Severity, SpecPath
from trazo_spec.validation.fields import did_you_mean, meant

ORDERED = "ordered_cache_behavior"
NEEDED = ("target_origin_id", "viewer_protocol_policy")
LIFECYCLE_RULES = ("create_before_destroy", "ignore_changes", "prevent_destroy")


def _refused(
    block: Block, guarded: Guarded, changes: Mapping[str, JsonValue], above: tuple[str, ...]
) -> Iterator[Finding]:
    for name, value in changes.items():
        path = (*above, name)
        inner = value if isinstance(value, dict) else {}
        if instead := advice(guarded, path, whole=not inner):
            message = f"`{'.'.join(path)}` of `{block.address}` cannot be overridden"
            yield _finding(block, path, message, instead)
        else:
            yield from _refused(block, guarded, inner, path)


def _weakened(
    block: Block, guarded: Guarded, changes: Mapping[str, JsonValue]
) -> Iterator[Finding]:
    """Values that no guard of a whole argument can tell from harmless ones."""
    match block.type:
        case "aws_db_parameter_group" if "parameter" in changes:
            values = {str(p.get("name")): str(p.get("value")) for p in _blocks(block, "parameter")}
            if values.get(FORCE_TLS, _forced(block)) != "1":
                message = f"`{block.address}` would accept connections without TLS"
                advice_ = f"add `{{name: {FORCE_TLS}, value: '1'}}` to the list"
                yield _finding(block, ("parameter",), message, advice_)
        case "aws_cloudfront_distribution" if ORDERED in changes:
            for behavior in _blocks(block, ORDERED):
                if behavior.get("viewer_protocol_policy") == "allow-all":
                    message = f"`{block.address}` would respond without TLS"
                    advice_ = "write `viewer_protocol_policy: redirect-to-https`"
                    yield _finding(block, (ORDERED,), message, advice_)
                for name in behavior:
                    path = ("default_cache_behavior", name)
                    # What says where from and how has a value in each behavior.
                    if name not in NEEDED and (instead := advice(guarded, path, whole=True)):
                        message = f"`{ORDERED}.{name}` of `{block.address}` cannot be overridden"
                        yield _finding(block, (ORDERED,), message, instead)


def _forced(block: Block) -> str:
    """What RDS takes where `rds.force_ssl` is not given."""
    major = str(block.body.get("family")).removeprefix("postgres")
    return "1" if major.isdecimal() and int(major) >= TLS_ONLY_FROM else "0"


def _blocks(block: Block, name: str) -> Iterator[Mapping[str, Value]]:
    """The nested blocks of one name, one or several of them."""
    given = block.body.get(name)
    for each in given if isinstance(given, list | tuple) else (given,):
        if isinstance(each, Mapping):
            yield each


def _lifecycle(block: Block, guarded: Guarded, lifecycle: JsonValue) -> Iterator[Finding]:
    """The rules of Terraform itself: three of them are a user's choice."""
    allowed = LIFECYCLE_RULES if block.mode == "managed" else ()
    settings = lifecycle if isinstance(lifecycle, dict) else {"": lifecycle}
    for name in settings:
        if name not in allowed:
            message = f"`lifecycle` of `{block.address}` cannot be overridden this way"
            advice_ = f"set {' or '.join(f'`{rule}`' for rule in allowed)}" if allowed else ""
            yield _finding(block, (LIFECYCLE, name) if name else (LIFECYCLE,), message, advice_)
    ignored = settings.get(IGNORED)
    if ignored == "all" and guarded:
        message = f"changes of `{block.address}` cannot all be ignored"
        yield _finding(block, (LIFECYCLE, IGNORED), message, "list the arguments by name")
    for position, name in enumerate(texts(ignored)):
        if instead := advice(guarded, tuple(name.split(".")), whole=True):
            message = f"changes of `{name}` of `{block.address}` cannot be ignored"
            yield _finding(block, (LIFECYCLE, IGNORED, position), message, instead)


def _finding(block: Block, path: SpecPath, message: str, instead: str) -> Finding:
    help_ = instead.replace("{component}", block.component)
    related = (("components", block.component),) if "{component}" in instead else ()
    return Finding(("overrides", block.address, *path), message, help_, related)


@rule("TZ621", Severity.ERROR)
def override_of_nothing(plan: Plan) -> Iterator[Finding]:
    """An override names a block that does not exist in the environment.

    The override would have no effect, and this would go unnoticed. `trazo compile` writes every
    address; put an override for a block that exists in only one environment in that environment.

    ```yaml
    overrides: {aws_lb.albb: {idle_timeout: 120}}   # bad
    overrides: {aws_lb.alb: {idle_timeout: 120}}    # good
    ```
    """
    known = {block.address for block in plan.blocks}
    for address in plan.overrides:
        if address not in known:
            same_type = {a for a in known if a.rpartition(".")[0] == address.rpartition(".")[0]}
            yield Finding(
                ("overrides", address),
                f"`{address}` is overridden, but this block does not exist in `{plan.environment}`",
                did_you_mean(address, same_type or known),
                remedy=meant(address, same_type, of_key=True),
            )


@rule("TZ622", Severity.ERROR)
def override_of_a_field(plan: Plan) -> Iterator[Finding]:
    """An override sets an argument that cost, schedule, diagram or security depend on.

    What is deployed would differ from what is priced, drawn and checked. The help line names the
    field of the spec to set instead.

    ```yaml
    overrides: {aws_db_instance.database: {instance_class: db.t4g.small}}   # bad
    components: {database: {instance_class: db.t4g.small}}                  # good
    ```
    """
    for block in plan.blocks:
        changes = plan.overrides.get(block.address, {})
        arguments = {name: value for name, value in changes.items() if name != LIFECYCLE}
        guarded = plan.guards.get(block.type, {})
        yield from _refused(block, guarded, arguments, ())
        yield from _weakened(block, guarded, arguments)
        if LIFECYCLE in changes:
            yield from _lifecycle(block, guarded, changes[LIFECYCLE])


RULES: tuple[PlanRule, ...] = (override_of_nothing, override_of_a_field)
