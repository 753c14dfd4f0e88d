"""Which type of the language stands at a path of a document, and what it says of itself."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from trazo_spec.components import KINDS
from trazo_spec.diagnostics import SpecPath
from trazo_spec.docstrings import field_docstrings
from trazo_spec.document import Spec
from trazo_spec.yaml.located import Located, walk


def description_at(path: SpecPath, document: Located) -> str:
    """The field's own docstring as advice."""
    for end in range(len(path), 0, -1):
        model = model_at(path[: end - 1], document)
        if model is not None:
            return field_docstrings(model).get(str(path[end - 1]), "")
    return ""


def field_at(path: SpecPath, document: Located) -> FieldInfo | None:
    """The field that a path leads to, or the nearest one around it."""
    for end in range(len(path), 0, -1):
        model = model_at(path[: end - 1], document)
        if model is not None and isinstance(path[end - 1], str):
            return by_key(model).get(str(path[end - 1]))
    return None


def takes_text(path: SpecPath, document: Located, text: str) -> bool:
    """Whether the field at a path would take a text; where no field is, nobody knows better."""
    model = model_at(path[:-1], document) if path else None
    if model is None or path[-1] not in by_key(model):
        return True
    try:
        _adapter(model, str(path[-1])).validate_python(text)
    except ValidationError:
        return False
    return True


@cache
def _adapter(model: type[BaseModel], key: str) -> TypeAdapter[Any]:
    field = by_key(model)[key]
    annotated: Any = field.annotation
    for limit in field.metadata:
        annotated = Annotated[annotated, limit]
    return TypeAdapter(annotated)


def field_names_at(path: SpecPath, document: Located) -> tuple[str, ...]:
    """The keys that the mapping at a path may have."""
    model = model_at(path, document)
    return tuple(by_key(model)) if model is not None else ()


def by_key(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields of a type by the keys that a spec writes."""
    return {f.alias or name: f for name, f in model.model_fields.items()}


def literals_at(path: SpecPath, document: Located) -> tuple[str | int, ...]:
    """The words that a field may hold, where its type lists them."""
    field = field_at(path, document)
    if field is None:
        return ()
    return tuple(dict.fromkeys(_literal_values(field.annotation)))


def _literal_values(annotation: Any) -> Iterator[str | int]:
    for argument in get_args(annotation):
        if get_args(argument):
            yield from _literal_values(argument)
        elif isinstance(argument, str | int):
            yield argument


def model_at(path: SpecPath, document: Located) -> type[BaseModel] | None:
    """The type that stands at a path; a union's member is chosen by the `kind` that is written."""
    annotation: Any = Spec
    nodes = list(walk(document, path))
    for i, step in enumerate(path):
        annotation = _below(annotation, step)
        if annotation is None:
            return None
        annotation = _chosen(annotation, nodes[i + 1] if i + 1 < len(nodes) else None)
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )


def _below(annotation: Any, step: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = by_key(annotation).get(str(step))
        return field.annotation if field is not None else None
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return arguments[1]
    return arguments[0] if origin is tuple and arguments else None


def _chosen(annotation: Any, node: Located | None) -> Any:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    members = [m for m in get_args(annotation) if isinstance(m, type) and issubclass(m, BaseModel)]
    if len(members) > 1 and node is not None:
        kind = node.child("kind")
        return KINDS.get(str(kind.value)) if kind is not None else None
    if members and get_origin(annotation) is not dict and get_origin(annotation) is not tuple:
        return members[0]
    if get_origin(annotation) is Union:
        return get_args(annotation)[0]
    return annotation
