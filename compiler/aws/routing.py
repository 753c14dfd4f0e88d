"""What the routes of a load balancer become: target groups, and listener rules with priorities."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from compiler.aws.names import label
from compiler.graph.graph import Graph
from trazo_spec.components.alb import Alb, Route
from trazo_spec.components.ecs import Ecs

# Priorities are 1 to 50,000:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
HALF_OF_PRIORITIES = 25_000
LONGEST_PATH = 129
PLACES = 190
"""Priorities that routes of one length share."""


@dataclass(frozen=True, slots=True)
class LiveRoute:
    """A route that some request can still reach."""

    alb: str
    service: str
    route: Route
    priority: int | None
    """The listener rule's priority; None for the route that takes all that is left."""

    @property
    def address(self) -> str:
        """The Terraform address of what sends requests this way."""
        if self.priority is None:
            return f"aws_lb_listener.{self.alb}_https"
        return f"aws_lb_listener_rule.{self.label}"

    @property
    def label(self) -> str:
        """The Terraform label of the listener rule; it says what the rule matches."""
        return f"{self.alb}_{_text_label(_text(self.route))}"


def live_routes(name: str, alb: Alb, graph: Graph) -> tuple[LiveRoute, ...]:
    """The routes of a load balancer as they are matched; those behind a catch-all are left out."""
    routes: list[LiveRoute] = []
    for route in _reachable(alb):
        if not isinstance(graph.spec.components.get(route.to), Ecs):
            continue
        if _text(route) == "":
            routes.append(LiveRoute(name, route.to, route, None))
        else:
            routes.append(LiveRoute(name, route.to, route, _priority(route, routes)))
    return tuple(routes)


def routes_to(service: str, graph: Graph) -> tuple[LiveRoute, ...]:
    """Every route that sends requests to a service, over all load balancers."""
    return tuple(
        live
        for name, alb in graph.of(Alb)
        if any(route.to == service for route in alb.routes)
        for live in live_routes(name, alb, graph)
        if live.service == service
    )


def target_group(alb: str, service: str) -> str:
    """The Terraform label of the tasks of a service behind one load balancer.

    Always with both names, so that a second load balancer renames nothing.
    """
    return f"{alb}_{service}"


def _reachable(alb: Alb) -> Iterator[Route]:
    seen: set[str] = set()
    for route in alb.routes:
        if (text := _text(route)) not in seen:
            seen.add(text)
            yield route
        if text == "":
            return


def _text(route: Route) -> str:
    return f"{route.host or ''}{route.path or ''}"


def _text_label(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", label(text)).strip("_") or "root"
    if re.fullmatch(r"[a-z0-9./*-]+", text):
        return plain
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{plain}_{digest}"


def _priority(route: Route, before: list[LiveRoute]) -> int:
    """A number that comes from the route's own text, above those before it that it overlaps.

    Counted through, one new route would give the others new numbers, and each of these replaces a
    rule while requests come in: https://github.com/hashicorp/terraform-provider-aws/issues/24811
    """
    taken = {rule.priority for rule in before}
    overlapped = (r.priority or 0 for r in before if _overlap(r.route, route))
    priority = max([_own_priority(route), *(p + 1 for p in overlapped)])
    while priority in taken:
        priority += 1
    return priority


def _own_priority(route: Route) -> int:
    """The more a route says, the earlier: routes with a host first, then by length of the path."""
    start = 1 if route.host is not None else HALF_OF_PRIORITIES
    shorter_by = LONGEST_PATH - len(_literal(route.path))
    digest = hashlib.sha256(_text(route).encode()).digest()
    return start + shorter_by * PLACES + int.from_bytes(digest[:4], "big") % PLACES


def _literal(path: str | None) -> str:
    """The part of a path before its first wildcard."""
    return re.split(r"[*?]", path, maxsplit=1)[0] if path is not None else ""


def _overlap(first: Route, second: Route) -> bool:
    """Whether one request might match both; in doubt, yes."""
    if first.host is not None and second.host is not None and first.host != second.host:
        return False
    a, b = _literal(first.path), _literal(second.path)
    open_a, open_b = first.path is None or a != first.path, second.path is None or b != second.path
    if open_a and open_b:
        return a.startswith(b) or b.startswith(a)
    if open_a:
        return b.startswith(a)
    if open_b:
        return a.startswith(b)
    return a == b
