"""The arrows inside of a VPC, and at which heights they reach and leave the cards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from compiler.backends.diagram.model.drawing import Mark, Point
from compiler.backends.diagram.model.picture import Link, Network
from compiler.backends.diagram.placing.network_columns import ARROW_GAP, Frame
from compiler.backends.diagram.placing.network_rows import CARD_PADDING, Rows
from compiler.backends.diagram.placing.wiring import (
    BEFORE_TRACKS,
    TRACK,
    Bundle,
    Wire,
    arrow,
    edge_id,
    label,
    label_x,
    shared_change,
    wired,
)

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


def network_edges(frame: Frame, ports: Ports) -> Iterator[Mark]:
    """Every arrow that starts in a VPC, as far as it runs inside."""
    cols = frame.columns
    yield from _entering(frame, ports)
    if cols.public is not None:
        yield from wired(_routed(frame, ports), cols.public[1], background="page")
    yield from wired(_called(frame, ports), cols.services[1])
    yield from _egress(frame, ports)
    yield from _branched(frame, ports)
    yield from _outward(frame, ports)


def _entering(frame: Frame, ports: Ports) -> tuple[Mark, ...]:
    """From the internet gateway to several load balancers; a single one is reached from outside."""
    gateway = frame.network.gateway
    if gateway is None or frame.parts.balancer is not None or not frame.flow.entering:
        return ()
    start = ports[f"{gateway.id}.right"]
    heights = balancings(frame.network, frame.rows, ports)
    ends = {
        k.target: ((ports[f"{k.target}.left"][0], heights[k.target]), k.change)
        for k in frame.flow.entering
    }
    # The words stand where the arrow comes from, outside of the VPC.
    wires = tuple(
        Wire(Link(gateway.id, target, change=change), start, end)
        for target, (end, change) in ends.items()
    )
    return wired((Bundle(wires),), frame.columns.balancers[0] - BEFORE_TRACKS - TRACK)


def _routed(frame: Frame, ports: Ports) -> tuple[Bundle, ...]:
    """From load balancers to services, one bundle for each load balancer."""
    starts = balancings(frame.network, frame.rows, ports)
    ends = arrivals(frame.network, frame.rows, ports, starts)
    by_source: dict[str, list[Wire]] = {}
    for link in frame.flow.routed:
        x, y = ports[f"{link.source}.right"]
        start = (x, starts.get(link.source, y))
        end_x = ports.get(f"{link.target}.left", (frame.columns.services[0], 0.0))[0]
        end = (end_x, ends.get(link.target, start[1]))
        by_source.setdefault(link.source, []).append(Wire(link, start, end))
    return tuple(Bundle(tuple(w)) for w in by_source.values())


def _called(frame: Frame, ports: Ports) -> tuple[Bundle, ...]:
    """From services to databases and caches, a bundle for each of these, and one for the lane."""
    ends = {
        k.target: (ports[f"{k.target}.left"][0] - ARROW_GAP, ports[f"{k.target}.left"][1])
        for k in frame.flow.stored
    }
    lane, ends_there = _lane_end(frame, ports)
    heights = {target: y for target, (_, y) in ends.items()}
    leaves = departures(frame.network, frame.rows, frame.flow.stored, ports, heights)
    by_target: dict[str, list[Wire]] = {}
    for link in frame.flow.stored:
        start = _start(frame, ports, link, leaves, ends[link.target][1])
        by_target.setdefault(link.target, []).append(Wire(link, start, ends[link.target]))
    for link in frame.flow.leaving:
        start = _start(frame, ports, link, leaves, lane[1])
        of_service = [k for k in frame.flow.leaving if k.source == link.source]
        shared = replace(link, change=shared_change(of_service))
        by_target.setdefault("", []).append(Wire(shared, start, lane, ends_there))
    return tuple(Bundle(tuple(w)) for w in by_target.values())


def _start(
    frame: Frame, ports: Ports, link: Link, leaves: Mapping[str, float], end_y: float
) -> Point:
    """Where an arrow leaves a service: a single one spans all rows, so its arrows run straight."""
    if frame.parts.service is not None:
        top, bottom = frame.rows.top + CARD_PADDING, frame.rows.bottom - CARD_PADDING
        return frame.columns.services[1], min(max(end_y, top), bottom)
    return ports[f"{link.source}.right"][0], leaves[link.source]


def _lane_end(frame: Frame, ports: Ports) -> tuple[Point, bool]:
    """Where the lane's line ends inside of the VPC, and whether with an arrow."""
    known, y = frame.parts, frame.rows.lane_y
    if known.s3_endpoint is not None:
        return (frame.columns.doors_x, y), False
    endpoints = frame.network.interface_endpoints
    if endpoints is not None:
        return (ports[f"{endpoints.id}.left"][0] - ARROW_GAP, y), True
    return (frame.columns.zones[1], y), False


def _egress(frame: Frame, ports: Ports) -> Iterator[Mark]:
    """From services to NAT gateways, against the reading direction."""
    cols = frame.columns
    if cols.public is None:
        return
    drawn = {k.target: k for k in reversed(frame.flow.egress)}
    for id_, first in sorted(drawn.items()):
        link = _for_all(first, [k for k in frame.flow.egress if k.target == id_])
        x, y = ports[f"{id_}.right"]
        points = ((cols.services[0], y), (x + ARROW_GAP, y))
        yield Mark(edge_id(link), "edge", (arrow(link, points),))
        yield from label(link, label_x(cols.public[1], 0), y)


def _for_all(first: Link, links: Sequence[Link]) -> Link:
    """An arrow that stands for several, with the words of one that is as it was."""
    kept = next((k for k in links if k.change is None), first)
    return replace(first, label=kept.label, detail=kept.detail, change=shared_change(links))


def _branched(frame: Frame, ports: Ports) -> Iterator[Mark]:
    """From the lane down to the interface endpoints, where S3's endpoint has the lane itself."""
    endpoints = frame.network.interface_endpoints
    if endpoints is None or frame.parts.s3_endpoint is None or not frame.flow.leaving:
        return
    x, y = ports[f"{endpoints.id}.left"]
    start, lane_y = frame.columns.zones[1], frame.rows.lane_y
    turn = start + 10
    points = ((start, lane_y), (turn, lane_y), (turn, y), (x - ARROW_GAP, y))
    called = [k for k in frame.flow.leaving if k.target == endpoints.id]
    one = Link("lane", endpoints.id, change=shared_change(called))
    yield Mark(edge_id(one), "edge", (arrow(one, points),))


def _outward(frame: Frame, ports: Ports) -> Iterator[Mark]:
    """From NAT gateways to the internet gateway, from above and below."""
    gateway = frame.network.gateway
    if gateway is None:
        return
    x, y = ports[gateway.id]
    for link in frame.flow.outward:
        start = ports[f"{link.source}.left"]
        if abs(start[1] - y) < 1:
            points: tuple[Point, ...] = (start, (ports[f"{gateway.id}.right"][0] + ARROW_GAP, y))
        elif start[1] < y:
            points = (start, (x, start[1]), (x, ports[f"{gateway.id}.top"][1] - ARROW_GAP))
        else:
            points = (start, (x, start[1]), (x, ports[f"{gateway.id}.bottom"][1] + ARROW_GAP))
        yield Mark(edge_id(link), "edge", (arrow(link, points),))
