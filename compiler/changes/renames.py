"""What a new or changed prefix of names would replace where a stack exists already."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from compiler.changes.losses import LASTING, NAMES
from compiler.graph.graph import Graph
from compiler.kinds import KINDS
from compiler.plan.names import Names
from compiler.provider_schema.replaced import forces_replacement
from trazo_spec.diagnostics import Diagnostic, Severity

Document: TypeAlias = Mapping[str, Any]
"""A `cdk.tf.json`, as the backend renders or reads it."""

SECRET = "aws_secretsmanager_secret"  # noqa: S105 - a type of Terraform
MOST_LISTED = 5

NAMED: Names = {t: named for kind in KINDS.values() for t, named in kind.names.items()}


def renames(
    old: Document, new: Document, graph: Graph, allowed: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """The finding of an environment that exists and whose names would begin with something else.

    Args:
        old: What was compiled before.
        new: What is about to be written.
        graph: The environment, for the places of findings.
        allowed: What may go: `names` for all names together.
    """
    changed = tuple(_changed(old, new))
    if NAMES in allowed or not any(
        _begins_anew(before, after, graph) for _, before, after in changed
    ):
        return ()
    replaced = [address for address, _, _ in changed if _is_replaced(address)]
    if not replaced:
        return ()
    return (_finding(replaced, graph),)


def _changed(old: Document, new: Document) -> Iterator[tuple[str, str, str]]:
    """The address before, and the names before and after, of what gets another name."""
    moves = {move["from"]: move["to"] for move in new.get("moved", ())}
    after = new.get("resource", {})
    for type_, named in sorted(NAMED.items()):
        for label, body in sorted(old.get("resource", {}).get(type_, {}).items()):
            address = f"{type_}.{label}"
            target = str(moves.get(address, address)).partition(".")[2]
            before, now = body.get(named.argument), after.get(type_, {}).get(target, {})
            name = now.get(named.argument)
            if isinstance(before, str) and isinstance(name, str) and before != name:
                yield address, before, name


def _begins_anew(before: str, after: str, graph: Graph) -> bool:
    """Whether two names differ only in what is in front of the environment.

    A parameter group is called after its version, and overrides may name anything.
    """
    environment, prefix = graph.environment, graph.spec.names.prefix
    for separator in "-/":
        first = separator.join(filter(None, (prefix, environment)))
        if after.startswith(f"{first}{separator}"):
            return before.endswith(f"{environment}{after.removeprefix(first)}")
    return False


def _is_replaced(address: str) -> bool:
    """Whether a change of its name replaces it; of what holds data `losses` says so itself."""
    type_ = address.partition(".")[0]
    return type_ not in LASTING and forces_replacement(type_, (NAMED[type_].argument,))


def _finding(replaced: list[str], graph: Graph) -> Diagnostic:
    secrets = [address for address in replaced if address.startswith(SECRET)]
    ordered = [*secrets, *(address for address in replaced if address not in secrets)]
    listed = ", ".join(f"`{address}`" for address in ordered[:MOST_LISTED])
    more = f" and {len(ordered) - MOST_LISTED} more" if len(ordered) > MOST_LISTED else ""
    lost = "; the values of the secrets would be lost" if secrets else ""
    return Diagnostic(
        "TZ692",
        Severity.ERROR,
        f"another `names.prefix` would replace {listed}{more} of `{graph.environment}`{lost}",
        ("names", "prefix") if graph.spec.names.prefix is not None else (),
        help="keep the prefix as it was, or allow it with --allow-loss names",
        environment=graph.environment,
    )
