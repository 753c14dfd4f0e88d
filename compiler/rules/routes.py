"""Rules about the routes of load balancers."""

import re
from collections.abc import Iterator

from compiler.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb, Route
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Severity


@rule("TZ320", Severity.ERROR, local=True)
def route_without_port(graph: Graph) -> Iterator[Finding]:
    """A load balancer routes to a service that listens on no port.

    ```yaml
    web: {kind: ecs, image: acme/web:1}               # bad, with routes: [{to: web}]
    web: {kind: ecs, image: acme/web:1, port: 8000}   # good
    ```
    """
    for name, alb in graph.of(Alb):
        for i, route in enumerate(alb.routes):
            service = graph.spec.components.get(route.to)
            if isinstance(service, Ecs) and service.port is None:
                message = f"`{name}` routes to `{route.to}`, which listens on no port"
                advice = f"add the container's `port` to `{route.to}`, such as `port: 8000`"
                path = ("components", name, "routes", i, "to")
                yield Finding(path, message, advice, (("components", route.to),))


@rule("TZ321", Severity.ERROR, local=True)
def unreachable_route(graph: Graph) -> Iterator[Finding]:
    """A route can never match, because one before it takes all its requests.

    The first route that matches wins.

    ```yaml
    routes: [{to: web}, {path: /admin/*, to: admin}]   # bad
    routes: [{path: /admin/*, to: admin}, {to: web}]   # good
    ```
    """
    for name, alb in graph.of(Alb):
        for j, route in enumerate(alb.routes):
            i = next((i for i in range(j) if _covers(alb.routes[i], route)), None)
            if i is None:
                continue
            message = (
                f"route {j + 1} of `{name}` ({_shown(route)}) never matches: route {i + 1} "
                f"({_shown(alb.routes[i])}) takes all its requests"
            )
            path = ("components", name, "routes", j)
            advice = "remove it, or move it before the other one"
            yield Finding(path, message, advice, (("components", name, "routes", i),))


def _covers(earlier: Route, later: Route) -> bool:
    """Whether every request of the later route is one of the earlier route too."""
    host = earlier.host is None or earlier.host == later.host
    return host and (earlier.path is None or _covers_path(earlier.path, later.path))


def _covers_path(earlier: str, later: str | None) -> bool:
    if later is None:
        return earlier in ("/*", "*")
    if earlier == later:
        return True
    if not set("*?") & set(later):
        pattern = re.escape(earlier).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(pattern, later) is not None
    prefix, star, rest = earlier.partition("*")
    return bool(star) and not rest and "?" not in prefix and later.startswith(prefix)


def _shown(route: Route) -> str:
    return (
        f"`{route.host or ''}{route.path or ''}`" if route.host or route.path else "every request"
    )


RULES: tuple[Rule, ...] = (route_without_port, unreachable_route)
