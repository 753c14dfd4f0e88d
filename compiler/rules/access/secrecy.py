"""Rules about where secrets belong."""

from collections.abc import Iterator

from compiler.aws.permissions import linked_names
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.security import Security
from trazo_spec.diagnostics import Severity, SpecPath


def texts(graph: Graph) -> Iterator[tuple[SpecPath, str]]:
    """Every text of components and overrides, with its place."""
    spec = graph.written
    for name, component in spec.components.items():
        for path, text in _leaves(component.model_dump(by_alias=True)):
            yield ("components", name, *path), text
    for path, text in _leaves(spec.overrides):
        yield ("overrides", *path), text


def _leaves(value: object) -> Iterator[tuple[SpecPath, str]]:
    match value:
        case str():
            yield (), value
        case dict():
            for key, child in value.items():
                yield from (((str(key), *path), text) for path, text in _leaves(child))
        case list() | tuple():
            for i, child in enumerate(value):
                yield from (((i, *path), text) for path, text in _leaves(child))


@rule("TZ467", Severity.ERROR, local=True)
def variable_twice(graph: Graph) -> Iterator[Finding]:
    """A variable is set both as plain text and as a secret.

    ECS rejects a container that has two variables with the same name.

    ```yaml
    {environment: {API_URL: https://api.acme.io}, secrets: {API_URL: api_url}}   # bad
    {secrets: {API_URL: api_url}}                                                # good
    ```
    """
    for name, service in graph.of(Ecs):
        for variable in service.secrets:
            if variable in service.environment:
                message = f"`{name}` sets `{variable}` in `environment` and in `secrets`"
                path = ("components", name, "secrets", variable)
                related = (("components", name, "environment", variable),)
                yield Finding(path, message, "keep one of them", related)


@rule("TZ468", Severity.WARNING, local=True)
def linked_variable_replaced(graph: Graph) -> Iterator[Finding]:
    """A service sets a variable that one of its links would set.

    The value in the spec takes precedence, so the service does not follow the component when its
    address changes.

    ```yaml
    {uses: {database: connect}, environment: {DATABASE_HOST: 10.0.128.7}}   # bad
    {uses: {database: connect}}                                             # good
    ```
    """
    for name, service in graph.of(Ecs):
        for variable, target in linked_names(service, graph):
            for field in ("environment", "secrets"):
                if variable in getattr(service, field):
                    message = f"`{name}` sets `{variable}`, which its link to `{target}` also sets"
                    related = (("components", name, "uses", target),)
                    advice = "remove it, unless it should replace the value from the link"
                    yield Finding(("components", name, field, variable), message, advice, related)


@rule("TZ469", Severity.ERROR, local=True)
def recovery_window(graph: Graph) -> Iterator[Finding]:
    """The recovery window of a secret has a length that AWS does not support.

    ```yaml
    recovery_window_days: 3   # bad; good is 0, or 7 to 30
    ```
    """
    for name, security in graph.of(Security):
        for secret, settings in security.secrets.items():
            days = settings.recovery_window_days
            if 0 < days < 7:
                message = (
                    f"AWS can keep the deleted secret `{secret}` for 0 or 7 to 30 days, not for "
                    f"{days}"
                )
                path = ("components", name, "secrets", secret, "recovery_window_days")
                yield Finding(path, message, "write 7, or 0 for a disposable environment")


RULES: tuple[Rule, ...] = (
    variable_twice,
    linked_variable_replaced,
    recovery_window,
)
