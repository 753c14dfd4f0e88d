"""At which height arrows reach and leave the cards of several services, clear of other lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from compiler.backends.diagram.model.drawing import Point
from compiler.backends.diagram.model.picture import Link, Network
from compiler.backends.diagram.placing.network_rows import Rows

# Chosen by eye, in points.
CLEAR_OF_LINES = 9.0
"""Two lines that do not belong together keep this apart."""
REACH = 26.0
"""So far from the middle of a card an arrow may end."""
_STEP = 4.0

Ports = Mapping[str, Point]


def balancings(network: Network, rows: Rows, ports: Ports) -> Mapping[str, float]:
    """For each of several load balancers the y of its arrows: not along a border."""
    ids = [i.id for i in network.balancers] if len(network.balancers) > 1 else []
    borders = [y for row in rows.rows for y in (*row.zone, *row.subnet)]
    return {i: _clear(_tries(y), borders, y) for i, y in _middles(ids, ports)}


def arrivals(
    network: Network, rows: Rows, ports: Ports, starts: Mapping[str, float]
) -> Mapping[str, float]:
    """For each of several services the y where arrows come in, clear of other lines."""
    others = [y for row in rows.rows for y in (*row.zone, *row.subnet)]
    others += starts.values()
    ids = [s.item.id for s in network.services]
    return {i: _clear(_tries(y), others, y) for i, y in _middles(ids, ports)}


def departures(
    network: Network, rows: Rows, links: Iterable[Link], ports: Ports, ends: Mapping[str, float]
) -> Mapping[str, float]:
    """For each service the y where its arrows leave: level with what only it calls, if it can."""
    targets: dict[str, set[str]] = {}
    callers: dict[str, set[str]] = {}
    for link in links:
        targets.setdefault(link.source, set()).add(link.target)
        callers.setdefault(link.target, set()).add(link.source)
    borders = [y for row in rows.rows for y in (*row.zone, *row.subnet)]
    result = {}
    for id_, middle in _middles([s.item.id for s in network.services], ports):
        own = sorted(ends[t] for t in targets.get(id_, ()) if callers[t] == {id_})
        others = [y for y in ends.values() if y not in own]
        near = [y for y in own if abs(y - middle) <= REACH]
        tries = [*near, *_tries(middle)]
        result[id_] = _clear(tries, [*others, *borders, rows.lane_y], middle)
    return result


def _middles(ids: Iterable[str], ports: Ports) -> Iterator[tuple[str, float]]:
    return ((i, ports[f"{i}.right"][1]) for i in ids if f"{i}.right" in ports)


def _tries(middle: float) -> Sequence[float]:
    """Heights on a card, the middle first, then further and further away."""
    steps = int(REACH / _STEP)
    return [middle, *(middle + s * n * _STEP for n in range(1, steps + 1) for s in (1, -1))]


def _clear(tries: Sequence[float], others: Sequence[float], otherwise: float) -> float:
    """The first height that keeps its distance from all others."""
    free = (y for y in tries if all(abs(y - o) >= CLEAR_OF_LINES for o in others))
    return next(free, otherwise)
