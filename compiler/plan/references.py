"""Which other blocks a block reads."""

from collections.abc import Iterator, Mapping, Sequence

from compiler.plan.plan import Block, Expr, Join, Json, Ref, Value


def references(block: Block) -> frozenset[str]:
    """The addresses of every block that a block names, in its arguments or as a dependency."""
    return frozenset((*addresses(block.body), *block.depends_on))


def addresses(value: Value) -> Iterator[str]:
    """The addresses of every block that a value reads, once for each time that it does."""
    match value:
        case Ref():
            yield value.address
        case Expr():
            yield from value.addresses
        case Join():
            for part in value.parts:
                yield from addresses(part)
        case Json():
            yield from addresses(value.document)
        case Mapping():
            for item in value.values():
                yield from addresses(item)
        case str():
            pass
        case Sequence():
            for item in value:
                yield from addresses(item)
        case _:
            pass
