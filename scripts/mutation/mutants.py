"""Small wrong programs made of a module, by the operators of cosmic-ray."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

from mutation.operators import BuiltinReplacer, TextReplacer

# Other arithmetic (`+` to `<<` or `**`) fails at once on almost any value: it would only raise the
# score. The near ones stay, which give a number that looks right.
ARITHMETIC = {
    "Add": ("Sub", "Mul"),
    "Sub": ("Add", "Mul"),
    "Mul": ("Add", "Div"),
    "Div": ("Mul", "FloorDiv"),
    "FloorDiv": ("Mul", "Div"),
    "Mod": ("Add", "FloorDiv"),
    "BitOr": ("BitAnd", "BitXor"),
}
ORDER = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")
KEPT = (
    *(f"ReplaceBinaryOperator_{a}_{b}" for a, others in ARITHMETIC.items() for b in others),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a in ORDER for b in ORDER if a != b),
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_Not",
    "AddNot",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "ZeroIterationForLoop",
)
"""The operators of cosmic-ray in use."""

OPERATORS: Mapping[str, Operator] = {
    **{name: OperatorProvider()[name]() for name in KEPT},
    "BuiltinReplacer": BuiltinReplacer(),
}
TEXTS: Mapping[str, Operator] = {"TextReplacer": TextReplacer()}
"""For modules whose texts are what they decide, and no messages."""

Key = tuple[str, str, str, str, int]
"""Module, operator, line, line with the mistake, and how many alike stand above."""

Place = tuple[int, int]
"""Line from 1 and column from 0."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one mistake."""

    module: str
    """Its path from the root of the project."""
    operator: str
    line: int
    before: str
    """The line as it is."""
    after: str
    """The line with the mistake."""
    number: int
    """How many alike stand above it in the module: the same mistake in a line of the same text."""
    source: str
    """The whole text with the mistake."""

    @property
    def key(self) -> Key:
        """What names it as long as its line stays the same, wherever that stands."""
        return self.module, self.operator, self.before, self.after, self.number


def mutants(root: Path, module: str, *, texts: bool = False) -> Iterator[Mutant]:
    """Every mutant of a module that compiles and is another program, each once."""
    source = (root / module).read_text(encoding="utf-8")
    lines, quiet = source.splitlines(), tuple(_quiet(source))
    made: set[str] = set()
    seen: Counter[tuple[str, str, str]] = Counter()
    operators = {**OPERATORS, **TEXTS} if texts else OPERATORS
    for first, last in _statements(source):
        for name, text in _of_statement(lines[first:last], first, quiet, operators):
            here = first + _first_difference(lines[first:last], text)
            whole = "\n".join([*lines[:first], *text, *lines[last:]]) + "\n"
            if whole not in made:
                made.add(whole)
                before, after = lines[here].strip(), text[here - first].strip()
                alike_above = seen[name, before, after]
                seen[name, before, after] += 1
                yield Mutant(module, name, here + 1, before, after, alike_above, whole)


def _statements(source: str) -> Iterator[tuple[int, int]]:
    """First line from 0 and end of each statement of a module; one alone is soon parsed."""
    for node in ast.parse(source).body:
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        yield min([node.lineno, *(d.lineno for d in decorators)]) - 1, node.end_lineno or 0


def _of_statement(
    lines: list[str],
    first: int,
    quiet: tuple[tuple[Place, Place], ...],
    operators: Mapping[str, Operator],
) -> Iterator[tuple[str, list[str]]]:
    """Operators, and the lines of a statement with the mistake that they make of it."""
    source = "\n".join(lines) + "\n"
    nodes, same = tuple(ast_nodes(get_ast(source))), compile(source, "", "exec")
    for name, operator in operators.items():
        places = [place for node in nodes for place, _ in operator.mutation_positions(node)]
        for occurrence, (line, column) in enumerate(places):
            place = line + first, column
            if not any(start <= place < end for start, end in quiet):
                text = mutate_code(source, operator, occurrence)
                if text is not None and _another(same, text):
                    yield name, text.splitlines()


def bare(code: CodeType) -> tuple[object, ...]:
    """What a piece of code does, without lines and columns and without the code inside of it."""
    constants = tuple((type(c), repr(c)) for c in code.co_consts if not isinstance(c, CodeType))
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars


def inner(code: CodeType) -> tuple[CodeType, ...]:
    """The pieces of code directly inside of one."""
    return tuple(c for c in code.co_consts if isinstance(c, CodeType))


def alike(one: CodeType, other: CodeType) -> bool:
    """Whether two pieces of code do the same."""
    pairs = tuple(zip(inner(one), inner(other), strict=False))
    same_number = len(inner(one)) == len(inner(other))
    return bare(one) == bare(other) and same_number and all(alike(a, b) for a, b in pairs)


def _another(same: CodeType, text: str) -> bool:
    try:
        return not alike(same, compile(text, "", "exec"))
    except SyntaxError:
        return False


def _first_difference(lines: list[str], others: list[str]) -> int:
    pairs = zip(lines, others, strict=False)
    return next(number for number, (line, other) in enumerate(pairs) if line != other)


def _quiet(source: str) -> Iterator[tuple[Place, Place]]:
    """The stretches of a module where a mistake says nothing: annotations, types, decorators.

    A wrong annotation stops most modules at once, and `slots=True`, `maxsize=64` change no result.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
                yield _stretch(node)
            case ast.AnnAssign() | ast.arg():
                if node.annotation is not None:
                    yield _stretch(node.annotation)
            case ast.FunctionDef() | ast.ClassDef():
                yield from (_stretch(decorator) for decorator in node.decorator_list)
                if isinstance(node, ast.FunctionDef) and node.returns is not None:
                    yield _stretch(node.returns)


def _stretch(node: ast.expr | ast.stmt) -> tuple[Place, Place]:
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
