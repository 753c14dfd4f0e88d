"""Text -> the specs of all its environments, with everything that is wrong and where it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from trazo_spec.diagnostics import Diagnostic, Remedy, Severity, Span, SpecPath
from trazo_spec.document import Spec
from trazo_spec.secrecy.cover import MOST_SECRETS, Cover
from trazo_spec.secrecy.findings import ADVICE, looked_at
from trazo_spec.validation.fields import did_you_mean, meant, validate
from trazo_spec.yaml.composing import mistake
from trazo_spec.yaml.core_schema import number_of_yaml_1_1
from trazo_spec.yaml.located import Located, merge, place, values, written_together
from trazo_spec.yaml.reading import decode, read, too_long

DEFAULT_ENVIRONMENT = "prod"
_NOT_IN_OVERLAYS = ("trazo", "environments")
# Chosen: a thousand services in three environments, or a hundred in thirty; each environment is
# judged as a whole.
MOST_MERGED = 120_000
_SHOWN = 4096
"""How many characters are kept of a text that is too long to be read."""
_OF_AN_ENVIRONMENT = 500
"""As many values take as long as an environment that changes nothing."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a spec file says, environment by environment."""

    text: str
    """The file's text, for the source line under a finding."""
    file: str
    """The file's name as findings show it."""
    environments: Mapping[str, Spec]
    """The merged spec of every environment that could be read, in the file's order."""
    documents: Mapping[str, Located]
    """The merged documents with places, one for each environment."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What reading and types found, with places."""
    partial: Mapping[str, Spec] = field(default_factory=dict)
    """For an environment with wrong fields: its spec without the components that hold them."""
    written: Located | None = None
    """The document as the file has it, with no environment merged."""
    cover: Cover = field(default_factory=Cover)
    """What hides its secrets in all that is printed of it."""


def load(content: str | bytes, file: str = "spec.yaml") -> Loaded:
    """Every environment of a spec; mistakes are findings, never exceptions."""
    text, unreadable_bytes = decode(content, file) if isinstance(content, bytes) else (content, ())
    if unreadable_bytes:
        return Loaded(text, file, {}, {}, unreadable_bytes)
    text = text.removeprefix("\ufeff")  # so that columns of findings fit the text
    document, mistakes = read(text, file)
    if too_long(text):  # nothing of it was read, and its first line is printed
        text = text[:_SHOWN]
    cover, leaks = looked_at(document, text, file, whole=not mistakes)
    if cover.too_many:
        return Loaded(text, file, {}, {}, (_too_many_secrets(file),), cover=cover)
    if document is None:
        return Loaded(text, file, {}, {}, tuple(map(cover.finding, mistakes)), cover=cover)
    overlays, overlay_findings = _overlays(document)
    base = _without_environments(document)
    if too_many := _too_many_environments(document, base, len(overlays)):
        return Loaded(text, file, {}, {}, (*map(cover.finding, mistakes), too_many), cover=cover)
    documents = {name: merge(base, overlay) for name, overlay in overlays.items()}
    together = written_together(document)
    specs: dict[str, Spec] = {}
    partial: dict[str, Spec] = {}
    diagnostics = [*mistakes, *overlay_findings, *leaks]
    unreadable = {d.at.line for d in mistakes if d.at is not None}
    for name, merged in documents.items():
        spec, wrong = _typed(merged, together)
        wrong = tuple(d for d in wrong if place(merged, d.path).line not in unreadable)
        diagnostics += locate(_old_numbers(merged, name), documents)
        strays = _stray_components(name, overlays[name], base, wrong)
        said = {d.path for d in strays}
        rest_of = (replace(d, environment=name) for d in wrong if d.path[:2] not in said)
        diagnostics += [*strays, *locate(rest_of, documents)]
        if spec is not None:
            specs[name] = spec
        elif (rest := _without(merged, wrong)) is not None:
            partial[name] = rest
    everything = merged_findings(diagnostics, tuple(documents))
    return Loaded(text, file, specs, documents, everything, partial, document, cover)


def _too_many_secrets(file: str) -> Diagnostic:
    """The finding of a text of which nothing can be shown."""
    message = (
        f"the file seems to contain more than {MOST_SECRETS} secrets, so nothing in it is shown"
    )
    return mistake("TZ107", message, Span(file, 1, 1, 1, 1), ADVICE)


def _too_many_environments(document: Located, base: Located, count: int) -> Diagnostic | None:
    """The finding of a spec that is too large in all its environments together."""
    if count * (_OF_AN_ENVIRONMENT + sum(1 for _ in values(base))) <= MOST_MERGED:
        return None
    message = f"the {count:,} environments of this spec expand to more than {MOST_MERGED:,} values"
    span = place(document, ("environments",))
    return mistake("TZ107", message, span, "split it into several specs")


def locate(
    diagnostics: Iterable[Diagnostic], documents: Mapping[str, Located]
) -> tuple[Diagnostic, ...]:
    """The same findings with the places of their values, in base or overlay."""
    return tuple(_located(d, documents) for d in diagnostics)


def merged_findings(
    diagnostics: Iterable[Diagnostic], environments: tuple[str, ...]
) -> tuple[Diagnostic, ...]:
    """Findings by place, each once: what every environment shows names none."""
    seen: dict[tuple[object, ...], Diagnostic] = {}
    shown_in: dict[tuple[object, ...], set[str]] = {}
    for d in diagnostics:
        judged = (d.severity, d.ignored)
        key: tuple[object, ...] = (d.code, d.message, d.at, d.path if d.at is None else (), judged)
        seen.setdefault(key, d)
        shown_in.setdefault(key, set()).update({d.environment} if d.environment else environments)
    result = []
    for key, d in seen.items():
        everywhere = shown_in[key] >= set(environments)
        names = ", ".join(e for e in environments if e in shown_in[key])
        result.append(replace(d, environment="" if everywhere else names))
    return tuple(sorted(result, key=lambda d: (d.at is None, d.at, d.code, d.message)))


def _located(d: Diagnostic, documents: Mapping[str, Located]) -> Diagnostic:
    document = documents.get(d.environment) or next(iter(documents.values()), None)
    if document is None:
        return d
    own_span = d.at if d.at is not None else place(document, d.path)
    other = documents.get(d.related_environment, document)
    related = d.related or tuple(place(other, path) for path in d.related_paths)
    return replace(d, at=own_span, related=tuple(span for span in related if span != own_span))


def _overlays(document: Located) -> tuple[dict[str, Located], tuple[Diagnostic, ...]]:
    """The overlay of each environment and what may not stand in one."""
    environments = document.child("environments")
    empty = Located({}, document.span)
    if environments is None or not isinstance(environments.value, dict) or not environments.value:
        return {DEFAULT_ENVIRONMENT: empty}, ()
    diagnostics = []
    overlays: dict[str, Located] = {}
    for name, overlay in environments.value.items():
        overlays[name] = (
            overlay if isinstance(overlay.value, dict) else empty
        )  # `prod:` alone is {}
        for key in _NOT_IN_OVERLAYS:
            if (child := overlay.child(key)) is not None:
                message = f"`{key}` cannot change in an environment"
                span = child.key or child.span
                diagnostics.append(
                    Diagnostic(
                        "TZ120",
                        Severity.ERROR,
                        message,
                        at=span,
                        help="remove it here",
                        environment=name,
                    )
                )
    return overlays, tuple(diagnostics)


def _old_numbers(merged: Located, environment: str) -> Iterator[Diagnostic]:
    """Numbers of YAML 1.1 where no type tells them from text: among overrides."""
    overrides = merged.child("overrides")
    open_nodes: list[tuple[SpecPath, Located]] = []
    if overrides is not None:
        open_nodes.append((("overrides",), overrides))
    while open_nodes:
        path, node = open_nodes.pop()
        if isinstance(node.value, dict):
            open_nodes += [((*path, key), child) for key, child in node.value.items()]
        elif isinstance(node.value, list):
            open_nodes += [((*path, i), child) for i, child in enumerate(node.value)]
        elif isinstance(node.value, str) and node.spelling:
            value = number_of_yaml_1_1(node.value)
            advice = f'write `{value}`, or if it is text, quote it: "{node.value}"'
            yield Diagnostic(
                "TZ113",
                Severity.ERROR,
                f"`{node.value}` is a number only in YAML 1.1",
                path,
                help=advice,
                environment=environment,
                remedy=Remedy(value) if value is not None else None,
            )


def _without_environments(document: Located) -> Located:
    """The document with empty overlays, but with wrong ones kept, so that types find them."""
    if not isinstance(document.value, dict):
        return document
    environments = document.child("environments")
    value = dict(document.value)
    if environments is not None and isinstance(environments.value, dict):
        names = {
            name: replace(overlay, value={})
            if overlay.value is None or isinstance(overlay.value, dict)
            else overlay
            for name, overlay in environments.value.items()
        }
        value["environments"] = replace(environments, value=names)
    return replace(document, value=value)


def _typed(
    merged: Located, together: Mapping[Span, frozenset[str]]
) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    """The spec of one environment, which has no further ones, and every field that is wrong."""
    spec, wrong = validate(merged, together)
    return (None if spec is None else spec.model_copy(update={"environments": {}})), wrong


def _stray_components(
    environment: str, overlay: Located, base: Located, wrong: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """A misspelt component in an overlay has no kind: says which one was probably meant."""
    names = overlay.child("components")
    known = base.child("components")
    if names is None or known is None or not isinstance(known.value, dict):
        return ()
    free = set(known.value) - set(names.value if isinstance(names.value, dict) else ())
    kindless = {d.path[1] for d in wrong if d.code == "TZ203" and len(d.path) == 2}
    return tuple(
        Diagnostic(
            "TZ121",
            Severity.ERROR,
            f"`{environment}` changes `{name}`, but the base has no component with that name",
            ("components", name),
            child.key,
            help=did_you_mean(str(name), free) or "to add it, give it a `kind`",
            environment=environment,
            remedy=meant(str(name), free, of_key=True),
        )
        for name in sorted(kindless & set(names.value if isinstance(names.value, dict) else ()))
        if (child := names.child(name)) is not None and name not in known.value
    )


def _without(document: Located, wrong: tuple[Diagnostic, ...]) -> Spec | None:
    """The spec without the components that hold wrong fields, so that rules can see the rest."""
    components = document.child("components")
    if (
        components is None
        or not isinstance(components.value, dict)
        or not isinstance(document.value, dict)
    ):
        return None
    if any(d.path[:1] != ("components",) or len(d.path) < 2 for d in wrong):
        return None
    broken = {path[1] for path in _paths(wrong)}
    sound = {n: c for n, c in components.value.items() if n not in broken}
    if not sound:
        return None
    rest = replace(
        document, value={**document.value, "components": replace(components, value=sound)}
    )
    return _typed(rest, {})[0]


def _paths(diagnostics: Iterable[Diagnostic]) -> Iterable[SpecPath]:
    return (d.path for d in diagnostics)
