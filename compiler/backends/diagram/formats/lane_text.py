"""A picture of lanes as Mermaid or DOT: the same stops and arrows, in places of their choice.

Both put what comes first in the text at the bottom, so that lanes are written from the last on.
"""

from collections.abc import Iterator, Mapping

from compiler.backends.diagram.formats.dot_text import HEAD, quoted
from compiler.backends.diagram.formats.dot_text import arrow as dot_arrow
from compiler.backends.diagram.formats.dot_text import cluster as dot_cluster
from compiler.backends.diagram.formats.dot_text import nodes as dot_nodes
from compiler.backends.diagram.formats.mermaid_text import (
    CLASSES,
    arrow,
    colored,
    comment,
    group,
    nodes,
)
from compiler.backends.diagram.model.lanes import Lane, Sheet, Stop, Way, link_of
from compiler.backends.diagram.model.picture import Item
from compiler.backends.mermaid import mermaid_ids


def lane_mermaid(sheet: Sheet) -> str:
    """The text of a flowchart; what happens at each number stands in its comments."""
    frames = {_frame_id(lane): lane for lane in sheet.lanes if lane.frame is not None}
    groups = (*(lane.id for lane in sheet.lanes), *frames)
    ids = mermaid_ids((*(i.id for i in sheet.items()), *groups))
    lines = [
        f"%% {comment(f'{sheet.title}, {sheet.subtitle}')}",
        *(f"%% {comment(note)}" for note in sheet.notes),
        *(f"%% {comment(words)}" for lane in sheet.lanes for words in _steps(lane)),
        "flowchart LR",
        *(line for lane in reversed(sheet.lanes) for line in _mermaid_lane(lane, ids)),
        *(f"  {_mermaid_arrow(s, w, ids)}" for s, w in _ways(sheet)),
        *(f"  {line}" for line in CLASSES),
        *colored(sheet.items(), ids),
    ]
    if groups:
        lines.append(f"  class {','.join(ids[g] for g in groups)} group")
    return "\n".join((*lines, ""))


def lane_dot(sheet: Sheet) -> str:
    """DOT that any Graphviz draws with `dot`; it needs no icons and no fonts of ours."""
    title = f"{sheet.title}, {sheet.subtitle}"
    body = (
        *(f"  {line}" for line in HEAD),
        f"  label={quoted((title, *sheet.notes))} labelloc=t",
        *(line for lane in reversed(sheet.lanes) for line in _dot_lane(lane)),
        *(f"  {_dot_arrow(s, w)}" for s, w in _ways(sheet)),
    )
    return "\n".join((f"digraph {quoted((sheet.title,))} {{", *body, "}", ""))


def _ways(sheet: Sheet) -> Iterator[tuple[Stop, Way]]:
    for lane in sheet.lanes:
        yield from ((stop, way) for stop in lane.stops() for way in stop.ways)


def _mermaid_arrow(stop: Stop, way: Way, ids: Mapping[str, str]) -> str:
    """An arrow, made longer by a dash or dot for each column that it passes."""
    passed = way.to.column - stop.column - 1
    body, longer = ("-.", "-." + "." * passed) if way.dashed else ("--", "--" + "-" * passed)
    return arrow(link_of(stop, way), ids).replace(f" {body}", f" {longer}", 1)


def _dot_arrow(stop: Stop, way: Way) -> str:
    """An arrow at least as long as the columns that it passes."""
    text = dot_arrow(link_of(stop, way)).removesuffix("]")
    return f"{text} minlen={way.to.column - stop.column}]"


def _steps(lane: Lane) -> Iterator[str]:
    if lane.steps:
        yield f"{lane.title}:"
    for step in lane.steps:
        yield f"{step.number}. {step.text}"


def _frame_id(lane: Lane) -> str:
    return f"{lane.id}.{lane.frame.id}" if lane.frame is not None else ""


def _parts(lane: Lane) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What stands outside of a lane's frame, and what stands inside."""
    frame = lane.frame
    inside = [s.item for s in lane.stops() if frame is not None and frame.holds(s)]
    return tuple(s.item for s in lane.stops() if s.item not in inside), tuple(inside)


def _named(lane: Lane) -> str:
    return f"{lane.title} · {lane.detail}" if lane.detail else lane.title


def _mermaid_lane(lane: Lane, ids: Mapping[str, str]) -> Iterator[str]:
    outside, inside = _parts(lane)
    # A group that no arrow enters has a direction of its own.
    body = ["    direction LR", *nodes(outside, ids, 2)]
    if lane.frame is not None:
        title = f"{lane.frame.title} {lane.frame.detail}"
        body += group(_frame_id(lane), title, nodes(inside, ids, 3), ids, 2)
    yield from group(lane.id, _named(lane), body, ids)


def _dot_lane(lane: Lane) -> Iterator[str]:
    outside, inside = _parts(lane)
    body = [*dot_nodes(outside, 2)]
    if lane.frame is not None:
        title = f"{lane.frame.title} {lane.frame.detail}"
        body += dot_cluster(_frame_id(lane), title, dot_nodes(inside, 3), 2)
    yield from dot_cluster(lane.id, _named(lane), body, 1)
