"""Checks a plan against the provider's schema, in milliseconds and without Terraform."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from compiler.plan.guards import REGION
from compiler.plan.plan import Block, Mode, Plan, Ref, Value
from compiler.plan.references import references
from compiler.provider_schema.kinds import (
    Unresolved,
    compatible,
    mismatch,
    of_value,
    resolve,
    words,
)
from compiler.provider_schema.reads import Read, reads
from compiler.provider_schema.schema import Attribute, Body, Nested, argument, body, types
from compiler.provider_schema.validation_codes import CODES
from trazo_spec.base import Provider
from trazo_spec.diagnostics import Diagnostic, SpecPath
from trazo_spec.validation.fields import did_you_mean

# Source: https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers
_IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*")
# Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
_LIFECYCLE = (
    "create_before_destroy",
    "ignore_changes",
    "postcondition",
    "precondition",
    "prevent_destroy",
    "replace_triggered_by",
)
_MODES: Mapping[Mode, str] = {
    "managed": "a resource",
    "data": "a data source",
    "ephemeral": "an ephemeral resource",
}
_SCRIPT = "scripts/update_provider_schema.py"
"""Writes the copy of the schema, with every type that the code names."""
_REPEATING = ("count", "for_each")
_SEVERITIES = {code.code: code.severity for code in CODES}


@dataclass(frozen=True, slots=True)
class _Finding:
    code: str
    message: str
    """What is wrong, to be read behind the address of the block."""
    help: str = ""
    argument: str = ""
    """The argument that the type does not have or nobody may set; empty for other findings."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a block may refer to, and which provider reads it all."""

    blocks: Mapping[str, Block]
    provider: Provider

    def body(self, block: Block) -> Body | None:
        """What a block may hold."""
        return body(block.type, block.mode, self.provider)


def check(plan: Plan) -> tuple[Diagnostic, ...]:
    """Everything that Terraform or the provider would refuse in the plan's blocks and outputs."""
    known = _Known({block.address: block for block in plan.blocks}, plan.provider)
    diagnostics = [
        _diagnostic(plan, block, _of_version(block, finding, plan.provider))
        for block in plan.blocks
        for finding in _block(block, known, plan.aliases)
    ]
    return (*diagnostics, *(_diagnostic(plan, None, f) for f in _whole(plan, known)))


def _of_version(block: Block, finding: _Finding, provider: Provider) -> _Finding:
    """The finding as it is where the other version of the provider has the argument."""
    if finding.argument in ("", REGION):  # no override may set a region
        return finding
    other: Provider = 6 if provider == 5 else 5
    there = argument(block.type, finding.argument.split("."), block.mode, other)
    if there is None or (isinstance(there, Attribute) and not there.settable):
        return finding
    advice = f"set `provider: {other}`" if other == 6 else "remove it, or set `provider: 5`"
    message = f"uses `{finding.argument}`, which needs provider {other}"
    return replace(finding, code="TZ710", message=message, help=advice)


def _diagnostic(plan: Plan, block: Block | None, finding: _Finding) -> Diagnostic:
    path: SpecPath = ("components", block.component) if block and block.component else ()
    if block and block.address in plan.overrides:
        path = ("overrides", block.address)
        if finding.code == "TZ710":
            path = (*path, *finding.argument.split("."))
    return Diagnostic(
        code=finding.code,
        severity=_SEVERITIES[finding.code],
        message=f"`{block.address}` {finding.message}" if block else finding.message,
        path=path,
        help=finding.help,
        environment=plan.environment,
    )


def _whole(plan: Plan, known: _Known) -> Iterator[_Finding]:
    """What is wrong beyond a single block."""
    blocks = known.blocks
    counts = Counter(block.address for block in plan.blocks)
    for address in sorted(a for a, count in counts.items() if count > 1):
        yield _Finding("TZ611", f"`{address}` exists {counts[address]} times")
    yield from _outputs(plan, known)
    sources = {move.source for move in plan.moved}
    for move in plan.moved:
        if move.source in blocks:
            yield _Finding("TZ618", f"`{move.source}` is moved, but still exists")
        if move.target not in blocks.keys() | sources:
            yield _Finding(
                "TZ618", f"`{move.source}` is moved to `{move.target}`, which does not exist"
            )
    graph = {a: sorted(references(b) & blocks.keys()) for a, b in sorted(blocks.items())}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " -> ".join(f"`{address}`" for address in error.args[1])
        yield _Finding("TZ617", f"circular references between blocks: {circle}")


def _outputs(plan: Plan, known: _Known) -> Iterator[_Finding]:
    for name, count in sorted(Counter(output.name for output in plan.outputs).items()):
        if count > 1:
            yield _Finding("TZ611", f"the output `{name}` exists {count} times")
    for output in plan.outputs:
        where = f"the output `{output.name}`"
        if not _IDENTIFIER.fullmatch(output.name):
            yield _Finding(
                "TZ613", f"{where} does not have a valid Terraform identifier as its name"
            )
        for read in reads("dynamic", output.value):
            for finding in _read(read, known):
                yield _Finding(finding.code, f"{where} {finding.message}", finding.help)
            if _is_secret(read.ref, known):
                yield _Finding("TZ619", f"{where} reads `{read.address}`, which is sensitive")


def _is_secret(ref: Ref | None, known: _Known) -> bool:
    target = ref and known.blocks.get(ref.address)
    schema = target and known.body(target)
    if not (ref and target and schema):
        return False
    try:
        return resolve(schema, ref.attribute, repeated=_repeated(target)).sensitive
    except Unresolved:
        return False


def _block(block: Block, known: _Known, aliases: Mapping[str, str]) -> Iterator[_Finding]:
    if not _IDENTIFIER.fullmatch(block.name):
        yield _Finding("TZ613", "does not have a valid Terraform identifier as its name")
    if block.provider and block.provider not in aliases:
        advice = _near(block.provider, aliases)
        yield _Finding(
            "TZ614", f"uses the provider `{block.provider}`, which is not configured", advice
        )
    for address in block.depends_on:
        if address not in known.blocks:
            advice = _near_address(address, known.blocks)
            yield _Finding("TZ610", f"depends on `{address}`, which does not exist", advice)
    holds = known.body(block)
    if holds is None:
        yield _unknown_type(block)
        return
    own = {name: value for name, value in block.body.items() if name not in _REPEATING}
    yield from _body(holds, own, "")
    yield from _lifecycle(block, holds, known)
    for read in _all_reads(holds, block):
        yield from _read(read, known, stored=block.mode != "ephemeral")


def _unknown_type(block: Block) -> _Finding:
    for mode, what in _MODES.items():
        if mode != block.mode and block.type in types(mode):
            return _Finding("TZ601", f"has a type that exists only as {what}")
    # Only a kind's own code names types: no slip of a user's pen gets here.
    missing = f"has the type `{block.type}`, which is not in the copy of the provider's schema"
    return _Finding("TZ601", missing, f"run {_SCRIPT}, which adds what the code names")


def _body(holds: Body, arguments: Mapping[str, Value], where: str) -> Iterator[_Finding]:
    given = {name: value for name, value in arguments.items() if value is not None}
    for name, value in given.items():
        path = f"{where}{name}"
        if attribute := holds.attributes.get(name):
            yield from _attribute(attribute, value, path)
        elif nested := holds.blocks.get(name):
            yield from _nested(nested, value, path)
        else:
            names = [*holds.blocks, *(n for n, a in holds.attributes.items() if a.settable)]
            message = f"does not have an argument `{path}`"
            yield _Finding("TZ602", message, _near(name, names), path)
    for name, attribute in holds.attributes.items():
        if attribute.required and name not in given:
            yield _Finding("TZ604", f"requires `{where}{name}`, {words(attribute.kind)}")
    for name, nested in holds.blocks.items():
        if nested.least and name not in given:
            yield _Finding("TZ604", f"requires the block `{where}{name}`")


def _attribute(attribute: Attribute, value: Value, path: str) -> Iterator[_Finding]:
    if not attribute.settable:
        yield _Finding("TZ603", f"sets `{path}`, which only AWS can set", argument=path)
    elif wrong := mismatch(attribute.kind, value, path):
        wanted, given = words(wrong.kind), of_value(wrong.value)
        yield _Finding("TZ605", f"requires {wanted} for `{wrong.path}`, not {given}")
    elif attribute.deprecated:
        yield _Finding("TZ615", f"sets `{path}`, which is deprecated")


def _nested(nested: Nested, value: Value, path: str) -> Iterator[_Finding]:
    bodies = [value] if isinstance(value, Mapping) else value
    if isinstance(bodies, str) or not isinstance(bodies, Sequence):
        yield _Finding("TZ606", f"requires a block for `{path}`, not {of_value(value)}")
        return
    most = 1 if nested.nesting == "single" else nested.most
    if len(bodies) < nested.least or (most and len(bodies) > most):
        bounds = f"at least {nested.least}" if len(bodies) < nested.least else f"at most {most}"
        yield _Finding("TZ607", f"requires {bounds} of the block `{path}`, not {len(bodies)}")
    if nested.deprecated and bodies:
        yield _Finding("TZ615", f"sets `{path}`, which is deprecated")
    for inner in bodies:
        if isinstance(inner, Mapping):
            yield from _body(nested.body, inner, f"{path}.")
        else:
            yield _Finding("TZ606", f"requires a block for `{path}`, not {of_value(inner)}")


def _lifecycle(block: Block, holds: Body, known: _Known) -> Iterator[_Finding]:
    for name, rule in block.lifecycle.items():
        if name not in _LIFECYCLE:
            advice = did_you_mean(name, _LIFECYCLE)
            yield _Finding("TZ612", f"does not have a setting `lifecycle.{name}`", advice)
        if name in ("create_before_destroy", "prevent_destroy") and not isinstance(rule, bool):
            yield _Finding("TZ605", f"requires true or false for `lifecycle.{name}`")
        for read in reads("dynamic", rule):
            yield from _read(read, known, stored=False)
    ignored = block.lifecycle.get("ignore_changes", ())
    for name in () if ignored == "all" else map(str, _sequence(ignored)):
        try:
            resolve(holds, name)
        except Unresolved:
            advice = _near(name, [*holds.attributes, *holds.blocks])
            message = f"ignores changes to `{name}`, which is not one of its arguments"
            yield _Finding("TZ612", message, advice, name)


def _all_reads(holds: Body, block: Block) -> Iterator[Read]:
    for name, value in block.body.items():
        if name in _REPEATING:
            yield from reads("dynamic", value, path=name)
    yield from _body_reads(holds, block.body, "")


def _body_reads(holds: Body, arguments: Mapping[str, Value], where: str) -> Iterator[Read]:
    for name, value in arguments.items():
        if attribute := holds.attributes.get(name):
            yield from reads(
                attribute.kind, value, path=f"{where}{name}", write_only=attribute.write_only
            )
        elif nested := holds.blocks.get(name):
            for inner in [value] if isinstance(value, Mapping) else _sequence(value):
                if isinstance(inner, Mapping):
                    yield from _body_reads(nested.body, inner, f"{where}{name}.")


def _sequence(value: Value) -> Sequence[Value]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _read(read: Read, known: _Known, *, stored: bool = True) -> Iterator[_Finding]:
    """What is wrong with one reference."""
    place = f" in `{read.path}`" if read.path else ""
    target = known.blocks.get(read.address)
    if target is None:
        advice = _near_address(read.address, known.blocks)
        yield _Finding("TZ608", f"reads `{read.address}`{place}, which does not exist", advice)
        return
    if target.mode == "ephemeral" and stored and not read.write_only:
        yield _Finding("TZ616", f"stores the ephemeral `{read.address}`{place}")
    holds = known.body(target)
    if holds is None or read.ref is None:
        return
    full = f"`{read.address}.{read.ref.attribute}`"
    try:
        kind = resolve(holds, read.ref.attribute, repeated=_repeated(target)).kind
    except Unresolved as error:
        advice = _near(read.ref.attribute, [*holds.attributes, *holds.blocks])
        yield _Finding("TZ609", f"reads {full}{place}, which {error}", advice)
        return
    if not compatible(read.kind, kind):
        yield _Finding("TZ605", f"requires {words(read.kind)}{place}, but {full} is {words(kind)}")


def _repeated(block: Block) -> bool:
    return any(block.body.get(name) is not None for name in _REPEATING)


def _near(word: str, known: Iterable[str]) -> str:
    """Advice that names the nearest word; a list of all of them would be too long here."""
    advice = did_you_mean(word, known)
    return advice if advice.startswith("did you mean") else ""


def _near_address(address: str, blocks: Mapping[str, Block]) -> str:
    """Advice that names an address of the same type, or of another type with the same name."""
    type_, _, name = address.rpartition(".")
    return _near(
        address, (b for b in blocks if type_ == b.rpartition(".")[0] or b.endswith(f".{name}"))
    )
