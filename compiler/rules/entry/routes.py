"""Rules about the routes of load balancers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from compiler.aws.routing import live_routes
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb, Route
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Severity

# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
LONGEST_HOST = 128
REFUSED_IN_PATHS = re.compile(r"""[^A-Za-z0-9_.$/~"'@:+&*?-]""")
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
MOST_WILDCARDS = 6
USUAL_RULES = 100


@rule("TZ320", Severity.ERROR, local=True)
def route_without_port(graph: Graph) -> Iterator[Finding]:
    """A load balancer routes to a service that does not listen on a port.

    ```yaml
    web: {kind: ecs, image: acme/web:1}               # bad, with routes: [{to: web}]
    web: {kind: ecs, image: acme/web:1, port: 8000}   # good
    ```
    """
    for name, alb in graph.of(Alb):
        for i, route in enumerate(alb.routes):
            service = graph.spec.components.get(route.to)
            if isinstance(service, Ecs) and service.port is None:
                message = f"`{name}` routes to `{route.to}`, which does not listen on a port"
                advice = f"add the container's `port` to `{route.to}`, such as `port: 8000`"
                path = ("components", name, "routes", i, "to")
                yield Finding(path, message, advice, (("components", route.to),))


@rule("TZ321", Severity.ERROR, local=True)
def unreachable_route(graph: Graph) -> Iterator[Finding]:
    """A route can never match, because an earlier route takes all its requests.

    The first route that matches wins.

    ```yaml
    routes: [{to: web}, {path: /admin/*, to: admin}]   # bad
    routes: [{path: /admin/*, to: admin}, {to: web}]   # good
    ```
    """
    for name, alb in graph.of(Alb):
        taken = _Taken()
        for j, route in enumerate(alb.routes):
            i = taken.first_over(route)
            taken.add(j, route)
            if i is None:
                continue
            message = (
                f"route {j + 1} of `{name}` ({_shown(route)}) never matches: route {i + 1} "
                f"({_shown(alb.routes[i])}) takes all its requests"
            )
            path = ("components", name, "routes", j)
            advice = "remove it, or move it before the other one"
            yield Finding(path, message, advice, (("components", name, "routes", i),))


@dataclass(frozen=True, slots=True)
class _Taken:
    """Which requests earlier routes take; looked up, since each of thousands would ask all."""

    whole: dict[tuple[str | None, str | None], int] = field(default_factory=dict)
    """Host and path -> the first route with them."""
    starts: dict[tuple[str | None, str], int] = field(default_factory=dict)
    """Host and the beginning of a path that ends in `*` -> the first such route."""
    patterns: list[tuple[int, str | None, re.Pattern[str]]] = field(default_factory=list)
    """Routes with other wildcards, with their hosts."""

    def add(self, number: int, route: Route) -> None:
        """Counts a route among those that come before the next one."""
        self.whole.setdefault((route.host, route.path), number)
        start, star, rest = (route.path or "").partition("*")
        if star and not rest and "?" not in start:
            self.starts.setdefault((route.host, start), number)
        elif star or "?" in start:
            pattern = re.escape(start + star + rest).replace(r"\*", ".*").replace(r"\?", ".")
            self.patterns.append((number, route.host, re.compile(pattern)))

    def first_over(self, route: Route) -> int | None:
        """Gives the first route that takes every request of another one."""
        hosts = dict.fromkeys((None, route.host))
        path = route.path
        lengths = (0, 1) if path is None else range(len(path) + 1)
        numbers = [self.whole.get((host, part)) for host in hosts for part in (None, path)]
        numbers += [
            self.starts.get((host, ("/" if path is None else path)[:length]))
            for host in hosts
            for length in lengths
        ]
        if path is not None and not set("*?") & set(path):
            fitting = (n for n, h, p in self.patterns if h in hosts and p.fullmatch(path))
            numbers.append(next(fitting, None))
        return min((number for number in numbers if number is not None), default=None)


def _shown(route: Route) -> str:
    return (
        f"`{route.host or ''}{route.path or ''}`" if route.host or route.path else "every request"
    )


@rule("TZ322", Severity.ERROR, local=True)
def refused_route(graph: Graph) -> Iterator[Finding]:
    """A route has a host or path that a load balancer does not accept.

    A path can contain letters, digits, `_ - . $ / ~ " ' @ : + &` and at most six of the wildcards
    `*` and `?`. A host name can have up to 128 characters, with only letters after its last dot.
    Terraform does not check this, and AWS rejects the rule after many other resources have been
    created.

    ```yaml
    {path: "/files/(a|b)/*", to: web}   # bad
    {path: "/files/a/*", to: web}       # good
    ```
    """
    for name, alb in graph.of(Alb):
        for i, route in enumerate(alb.routes):
            for part, message, advice in _refusals(route):
                yield Finding(("components", name, "routes", i, part), message, advice)


def _refusals(route: Route) -> Iterator[tuple[str, str, str]]:
    """Field, message and advice for what AWS refuses."""
    path, host = route.path or "", route.host or ""
    if refused := REFUSED_IN_PATHS.search(path):
        message = f"`{path}` contains `{refused[0]}`, which is not allowed in the path of a route"
        yield "path", message, "use `?` for one such character, or `*` for any number"
    if (wildcards := len(re.findall(r"[*?]", path))) > MOST_WILDCARDS:
        message = (
            f"`{path}` has {wildcards} wildcards, but a route can have at most {MOST_WILDCARDS}"
        )
        yield "path", message, "a single `*` matches any number of characters, including `/`"
    if len(host) > LONGEST_HOST:
        message = (
            f"`{host}` has {len(host)} characters, but the host of a route can have at most "
            f"{LONGEST_HOST}"
        )
        yield "host", message, "choose a shorter name"
    elif host and not host.rpartition(".")[2].isalpha():
        last = host.rpartition(".")[2]
        yield "host", f"`{host}` ends with `{last}`, where AWS allows only letters", ""


@rule("TZ323", Severity.WARNING, local=True)
def many_routes(graph: Graph) -> Iterator[Finding]:
    """A load balancer has more routes than AWS allows by default.

    AWS allows 100 rules, not counting the route for all remaining requests, and more if you request
    a higher quota; without it, the apply fails halfway.

    ```yaml
    alb: {kind: alb, routes: [{path: /1/*, to: web}, ...]}   # bad with 101 of them
    alb: {kind: alb, routes: [{path: /1/*, to: web}]}        # good
    ```
    """
    for name, alb in graph.of(Alb):
        rules = sum(route.priority is not None for route in live_routes(name, alb, graph))
        if rules > USUAL_RULES:
            message = f"`{name}` has {rules} rules, but AWS allows {USUAL_RULES} by default"
            advice = "request a higher quota first, or move some of them to a second load balancer"
            yield Finding(("components", name, "routes"), message, advice)


RULES: tuple[Rule, ...] = (route_without_port, unreachable_route, refused_route, many_routes)
