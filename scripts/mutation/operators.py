"""Operators that cosmic-ray does not have: the other builtin of a pair, and another text."""

from collections.abc import Iterator

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import FStringString, Name, String
from parso.tree import NodeOrLeaf

Position = tuple[tuple[int, int], tuple[int, int]]
PAIRS = {"all": "any", "any": "all", "min": "max", "max": "min"}


class BuiltinReplacer(Operator):  # type: ignore[misc] # cosmic-ray has no types
    """Puts `any` in place of `all`, `max` in place of `min`, and the other way round."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """Where one of them is called."""
        if isinstance(node, Name) and node.value in PAIRS and _called(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Name, index: int) -> Name:  # noqa: ARG002 there is one way
        """The other one."""
        return Name(PAIRS[node.value], node.start_pos, node.prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """One of each pair."""
        return Example("min(a, b)", "max(a, b)"), Example("all(a)", "any(a)")


class TextReplacer(Operator):  # type: ignore[misc] # cosmic-ray has no types
    """Adds a letter to a text that is no docstring: the name of a port, an action, an ARN."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """Where a text stands."""
        if isinstance(node, FStringString) or (isinstance(node, String) and not _docstring(node)):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:  # noqa: ARG002 there is one way
        """The text with a letter more at its beginning."""
        text, quotes = node.value, node.value.lstrip("rbRB")[:1]
        if isinstance(node, FStringString):
            return FStringString("X" + text, node.start_pos, node.prefix)
        head, _, rest = text.partition(quotes)
        return String(f"{head}{quotes}X{rest}", node.start_pos, node.prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """A plain text and a part of one that is put together."""
        return Example('a = "b"', 'a = "Xb"'), Example('f"b{c}"', 'f"Xb{c}"')


def _called(node: Name) -> bool:
    following = node.get_next_sibling()
    return following is not None and following.get_code(include_prefix=False).startswith("(")


def _docstring(node: String) -> bool:
    return node.parent is not None and node.parent.type in {"simple_stmt", "file_input"}
