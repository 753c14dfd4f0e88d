"""Components of a kind that no other module here draws, from its type alone.

The kind's own tests can say more: strategies for single fields in `FIELDS`, for what no type tells,
or how a whole component is drawn in `drawn(draft)`, where it names others that have to be there.
"""

from collections.abc import Iterator, Mapping
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from tests.one_of_each import example, own_tests
from tests.strategies.draft import Draft
from tests.strategies.words import Document
from trazo_spec.base import NAME_PATTERN, Component, Linkable, Placed, Strict
from trazo_spec.components import KINDS

BY_HAND = frozenset(
    {"alb", "cloudfront", "dns", "ecs", "iam", "networking", "rds", "redis", "s3", "security"}
)
"""The kinds whose components hang together, so that a module beside this one draws them."""
OF_EVERY_KIND = ("kind", "was", "network")
"""What a draft itself decides."""
MOST = 2
"""How many entries a list or mapping has at most."""

Strategy: TypeAlias = st.SearchStrategy[Any]
Metadata: TypeAlias = tuple[object, ...]


def others() -> Iterator[str]:
    """The kinds that are drawn by their types."""
    return (kind for kind in KINDS if kind not in BY_HAND)


def add_others(draft: Draft) -> None:
    """Components of every kind that is drawn by its type."""
    for kind in others():
        for _ in range(draft.draw(st.integers(0, 2))):
            if (body := _drawn(kind, draft)) is not None:
                draft.add(kind, body)


def _drawn(kind: str, draft: Draft) -> Document | None:
    """What the kind's own tests draw; else its example, with any choice of its fields."""
    if own := getattr(own_tests(kind), "drawn", None):
        body: Document | None = own(draft)
        return body
    place = draft.place() if issubclass(KINDS[kind], Placed) else {}
    return {**example(kind), **place, **draft.draw(bodies(kind))}


def links(draft: Draft, place: Document) -> Document:
    """What a service that stands somewhere may use of them, and how."""
    uses: Document = {}
    for kind in others():
        type_ = KINDS[kind]
        if issubclass(type_, Linkable):
            near = [n for n in draft.of(kind) if _reaches(draft, n, place, type_)]
            access = st.sampled_from(type_.ACCESSES)
            uses |= {n: draft.draw(access) for n in near if draft.draw(st.booleans())}
    return uses


def _reaches(draft: Draft, name: str, place: Document, type_: type[Component]) -> bool:
    return not issubclass(type_, Placed) or draft.beside(name, place)


def bodies(kind: str) -> Strategy:
    """Any choice of the fields of a kind."""
    return st.fixed_dictionaries({}, optional=fields(kind))


def fields(kind: str) -> dict[str, Strategy]:
    """A strategy for every field of a kind whose type, or whose kind's own tests, tell one."""
    said: Mapping[str, Strategy] = getattr(own_tests(kind), "FIELDS", {})
    return {**_fields(KINDS[kind], OF_EVERY_KIND), **said}


def undrawn(kind: str) -> list[str]:
    """The fields of a kind that are never drawn, for their types do not tell what fits."""
    drawn = {*fields(kind), *OF_EVERY_KIND}
    keys = (field.alias or name for name, field in KINDS[kind].model_fields.items())
    return [key for key in keys if key not in drawn]


def _fields(type_: type[Strict], without: tuple[str, ...] = ()) -> dict[str, Strategy]:
    found = {
        field.alias or name: of_type(field.annotation, tuple(field.metadata))
        for name, field in type_.model_fields.items()
        if name not in without
    }
    return {name: strategy for name, strategy in found.items() if strategy is not None}


def of_type(annotation: Any, metadata: Metadata = ()) -> Strategy | None:
    """What a type takes; None for what only its kind can tell, such as the name of another one."""
    arguments = get_args(annotation)
    match get_origin(annotation) or annotation:
        case typing if typing is Annotated:
            return of_type(arguments[0], (*metadata, *_flat(arguments[1:])))
        case typing if typing in (Union, UnionType):
            members = [s for a in arguments if (s := of_type(a, metadata)) is not None]
            return st.one_of(members) if len(members) == len(arguments) else None
        case typing if typing is Literal:
            return st.sampled_from(arguments)
        case typing if typing is NoneType:
            return st.none()
        case typing if typing is bool:
            return st.booleans()
        case typing if typing in (int, float):
            return _numbers(typing, metadata)
        case typing if typing is str:
            return _texts(metadata)
        case typing if typing is tuple:
            inner = of_type(arguments[0])
            return None if inner is None else st.lists(inner, max_size=MOST, unique_by=repr)
        case typing if typing is dict:
            pair = [of_type(argument) for argument in arguments]
            return None if None in pair else st.dictionaries(*pair, max_size=MOST)  # type: ignore[arg-type] # None is out
        case typing if isclass(typing) and issubclass(typing, Strict):
            return _nested(typing)
        case _:
            return None


def _nested(type_: type[Strict]) -> Strategy | None:
    """A value of a type with fields of its own, if all that it needs can be drawn."""
    known = _fields(type_)
    needed = {f.alias or n for n, f in type_.model_fields.items() if f.is_required()}
    if not needed <= set(known):
        return None
    rest = {name: strategy for name, strategy in known.items() if name not in needed}
    return st.fixed_dictionaries({name: known[name] for name in needed}, optional=rest)


def _flat(metadata: Metadata) -> Metadata:
    """What a type is annotated with, with the bounds of a `Field` one by one."""
    return tuple(x for m in metadata for x in (m.metadata if isinstance(m, FieldInfo) else (m,)))


def _numbers(type_: type[float], metadata: Metadata) -> Strategy:
    least, most = (0, 1000) if type_ is int else (0.0, 1000.0)
    step = 1 if type_ is int else 0.001
    for bound in _flat(metadata):
        match bound:
            case Ge(ge=limit):
                least = limit  # type: ignore[assignment] # the bounds of the language are numbers
            case Gt(gt=limit):
                least = limit + step  # type: ignore[operator] # as above
            case Le(le=limit):
                most = limit  # type: ignore[assignment] # as above
            case Lt(lt=limit):
                most = limit - step  # type: ignore[operator] # as above
            case _:
                pass
    most = max(least, most)
    if type_ is int:
        return st.integers(int(least), int(most))
    return st.floats(least, most, allow_nan=False, allow_subnormal=False)


def _texts(metadata: Metadata) -> Strategy | None:
    """Any text that fits a length or a pattern; none for a form that only a validator knows."""
    least, most, pattern = 0, 12, None
    for item in _flat(metadata):
        match item:
            case AfterValidator():
                return None
            case MinLen(min_length=limit):
                least = limit
            case MaxLen(max_length=limit):
                most = min(limit, most)
            case _:
                pattern = getattr(item, "pattern", None) or pattern
    if pattern is None:
        letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
        return st.text(letters, min_size=least, max_size=max(least, most))
    longest = next((m.max_length for m in _flat(metadata) if isinstance(m, MaxLen)), None)
    if pattern == NAME_PATTERN:
        return None
    matching = st.from_regex(pattern, fullmatch=True)
    return matching if longest is None else matching.filter(lambda text: len(text) <= longest)
