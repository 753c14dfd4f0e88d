"""A plan in Terraform's own language, as people write it; CDKTF and Node have no part in it.

CDKTF's own HCL writes nested blocks of generic resources as arguments, which Terraform refuses.
What is a block and what an argument is read from the provider's schema instead.
Sources: https://developer.hashicorp.com/terraform/language/syntax/configuration and
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, read 2026-11-22
"""

from collections.abc import Iterator, Mapping, Sequence

from compiler.backends.terraform.document import (
    LOCAL_STATE,
    NOTE,
    PROVIDER_SOURCE,
    REQUIRED_VERSION,
    SECTIONS,
    provider_tags,
)
from compiler.backends.terraform.hcl_layout import BLANK, Line, assignment, nested, text
from compiler.backends.terraform.hcl_values import quoted, value
from compiler.backends.terraform.render import expression
from compiler.plan.plan import Block, Expr, Moved, Output, Plan, Ref, StateBackend, Value
from compiler.provider_schema.schema import Body, body
from compiler.provider_schema.versions import constraint
from trazo_spec.base import Provider

Lines = tuple[Line, ...]

_NO_BLOCKS = Body({}, {})
_BARE_RULES = ("ignore_changes", "replace_triggered_by")


def hcl(plan: Plan) -> str:
    """The text of a `.tf` file with everything that Terraform reads for one plan."""
    parts = (
        _settings(plan),
        *_providers(plan),
        *(_block(block, plan.provider) for block in sorted(plan.blocks, key=lambda b: b.address)),
        *(_output(output) for output in sorted(plan.outputs, key=lambda o: o.name)),
        *(_moved(move) for move in plan.moved),
    )
    lines = [Line(0, f"# {NOTE}")]
    for part in parts:
        lines += (BLANK, *part)
    return text(lines)


def _settings(plan: Plan) -> Lines:
    source: Value = {"source": PROVIDER_SOURCE, "version": constraint(plan)}
    inner = (
        *_argument("required_version", REQUIRED_VERSION),
        BLANK,
        *_braced("required_providers", _argument("aws", source)),
        BLANK,
        *_backend(plan.state),
    )
    return _braced("terraform", inner)


def _backend(state: StateBackend | None) -> Lines:
    if state is None:
        return _braced('backend "local"', _argument("path", LOCAL_STATE))
    place: Mapping[str, Value] = {
        "bucket": state.bucket,
        "encrypt": True,
        "key": state.key,
        "region": state.region,
        "use_lockfile": True,
    }
    return _braced('backend "s3"', _arguments(place))


def _providers(plan: Plan) -> Iterator[Lines]:
    tags = _braced("default_tags", _argument("tags", provider_tags(plan)))
    account: Mapping[str, Value] = (
        {} if plan.account is None else {"allowed_account_ids": [plan.account]}
    )
    own: tuple[Mapping[str, Value], ...] = (
        {"region": plan.region},
        *({"alias": alias, "region": region} for alias, region in sorted(plan.aliases.items())),
    )
    for arguments in ({**account, **one} for one in own):
        yield _braced('provider "aws"', (*_arguments(arguments), BLANK, *tags))


def _block(block: Block, provider: Provider) -> Lines:
    parts = [_content(block.body, body(block.type, block.mode, provider) or _NO_BLOCKS)]
    if block.provider:
        parts.insert(0, (Line(0, "provider", f"aws.{block.provider}"),))
    if block.depends_on:
        parts.append(_bare_list("depends_on", sorted(block.depends_on)))
    if block.lifecycle:
        rules = (_rule(name, rule) for name, rule in sorted(block.lifecycle.items()))
        parts.append(_braced("lifecycle", tuple(line for rule in rules for line in rule)))
    section = SECTIONS[block.mode]
    return _braced(f"{section} {quoted(block.type)} {quoted(block.name)}", _separated(parts))


def _content(arguments: Mapping[str, Value], schema: Body) -> Lines:
    """Arguments first, then the nested blocks, each sorted by name."""
    given = {name: item for name, item in sorted(arguments.items()) if item is not None}
    plain = {name: item for name, item in given.items() if name not in schema.blocks}
    parts = [_arguments(plain)]
    for name, content in given.items():
        if name in schema.blocks:
            inner = schema.blocks[name].body
            parts += (_braced(name, _content(each, inner)) for each in _repeated(name, content))
    return _separated(parts)


def _repeated(name: str, content: Value) -> Iterator[Mapping[str, Value]]:
    """A nested block stands once as a mapping, or any number of times as a sequence of them."""
    for each in [content] if isinstance(content, Mapping) else _items(content):
        if not isinstance(each, Mapping):
            raise ValueError(f"the block `{name}` has no arguments but {each!r}")
        yield each


def _items(content: Value) -> Sequence[Value]:
    return content if isinstance(content, Sequence) and not isinstance(content, str) else [content]


def _rule(name: str, rule: Value) -> Lines:
    """A lifecycle rule; some of them hold bare references."""
    if name not in _BARE_RULES:
        return _argument(name, rule)
    if isinstance(rule, str):
        return (Line(0, name, rule),)  # `all`
    texts = [expression(r) if isinstance(r, Ref | Expr) else str(r) for r in _items(rule)]
    return _bare_list(name, texts)


def _bare_list(name: str, references: Sequence[str]) -> Lines:
    if len(references) == 1:
        return (Line(0, name, f"[{references[0]}]"),)
    return (
        Line(0, f"{name} = ["),
        *(Line(1, f"{reference},") for reference in references),
        Line(0, "]"),
    )


def _output(output: Output) -> Lines:
    arguments: Mapping[str, Value] = {"description": output.description, "value": output.value}
    return _braced(f"output {quoted(output.name)}", _arguments(arguments))


def _moved(move: Moved) -> Lines:
    return _braced("moved", (Line(0, "from", move.source), Line(0, "to", move.target)))


def _arguments(arguments: Mapping[str, Value]) -> Lines:
    return tuple(line for name, item in arguments.items() for line in _argument(name, item))


def _argument(name: str, content: Value) -> Lines:
    return assignment(name, value(content))


def _braced(head: str, inner: Lines) -> Lines:
    if not inner:
        return (Line(0, f"{head} {{}}"),)
    return (Line(0, f"{head} {{"), *nested(inner), Line(0, "}"))


def _separated(parts: Sequence[Lines]) -> Lines:
    """The parts that hold something, with an empty line between them."""
    lines: list[Line] = []
    for part in parts:
        if part:
            lines += (BLANK, *part) if lines else part
    return tuple(lines)
