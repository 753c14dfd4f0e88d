"""Two specs of one environment as one picture: what is added, changed and removed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from compiler.backends.diagram.model.picture import (
    CHANGE_MARKS,
    Area,
    Chip,
    Inside,
    Item,
    Link,
    Network,
    Picture,
    Store,
    TaskRows,
    Zone,
    change_words,
)
from compiler.backends.diagram.model.typeface import DETAIL_SIZE, MOST_WIDTH, text_width
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import folded
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.overview import architecture, drawn_nats
from compiler.card import listed
from compiler.graph.change import Change
from compiler.graph.graph import Graph
from compiler.graph.spec_changes import (
    ComponentChange,
    FieldChange,
    component_changes,
    new_names,
    setting_changes,
    shown,
    with_new_names,
)

ARROW = "\N{RIGHTWARDS ARROW}"
MOST_LINES = 4
"""So many differences of a component are shown, the others counted."""
ALWAYS_THERE = ("gateway", "s3_endpoint")
"""Parts that every VPC has, and that are drawn where something uses them."""
NOTHING = "No changes."
PLUS, MINUS = CHANGE_MARKS[Change.ADDED], CHANGE_MARKS[Change.REMOVED]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two specs."""

    graph: Graph
    schedules: Mapping[str, tuple[str, ...]]
    """For each service with hours: its windows in words."""
    costs_usd: Mapping[str, Decimal] | None = None
    """USD per month of each component; None for a picture without prices."""


def changes(before: Side | None, after: Side | None) -> Picture:
    """The overview of both specs in one; None is a spec without this environment."""
    old_graph = before.graph if before is not None else None
    new_graph = after.graph if after is not None else None
    names = new_names(old_graph, new_graph)
    kinds = _other_kinds(old_graph, new_graph, names)
    old = _drawn(before, {**names, **kinds})
    new = _drawn(after, {})
    if old is None or new is None:
        known = new or old
        if known is None:
            raise ValueError("cannot draw an environment that is in neither spec")
        change = Change.ADDED if old is None else Change.REMOVED
        return folded(_all_of_it(known[0], change), known[1].chips)
    components = {c.name: c for c in component_changes(old_graph, new_graph)}
    union = _Union(old[0], new[0], components)
    notes = tuple(_notes(components, setting_changes(old_graph, new_graph), union))
    total = _pair(_total(old[1], before), _total(new[1], after))
    picture = replace(
        union.picture(), total=total[0] if total else None, notes=notes or (NOTHING,) * union.equal
    )
    return folded(picture, lambda *members: _chips(old[1].chips(*members), new[1].chips(*members)))


def _other_kinds(
    before: Graph | None, after: Graph | None, names: Mapping[str, str]
) -> Mapping[str, str]:
    """Names for components that are now of another kind: the old one goes, the new one comes."""
    if before is None or after is None:
        return {}
    old, new = before.spec.components, after.spec.components
    other = (n for n in old if n in new and n not in names and old[n].kind != new[n].kind)
    return {n: f"{n} before" for n in other}


def _drawn(side: Side | None, names: Mapping[str, str]) -> tuple[Picture, Overlays] | None:
    """One side's picture, its components called by their new names, and what lies over it."""
    if side is None:
        return None
    costs = {names.get(n, n): usd for n, usd in (side.costs_usd or {}).items()}
    schedules = {names.get(n, n): windows for n, windows in side.schedules.items()}
    overlays = Overlays(items.in_cents(costs), schedules)
    picture = architecture(with_new_names(side.graph, names), overlays)
    total = _total(overlays, side)
    return replace(picture, total=total[0] if total else None), overlays


def _total(overlays: Overlays, side: Side | None) -> tuple[Chip, ...]:
    priced = side is not None and side.costs_usd is not None
    return (items.total_chip(overlays.costs_usd),) if priced else ()


def _all_of_it(picture: Picture, change: Change) -> Picture:
    """A picture of an environment that only one of the specs has."""

    def every(some: Iterable[Item]) -> tuple[Item, ...]:
        return tuple(replace(i, change=change) for i in some)

    networks = tuple(
        replace(
            n,
            chips=(*n.chips, Chip(change_words(change), change.value)),
            zones=tuple(
                replace(z, nat=None if z.nat is None else replace(z.nat, change=change))
                for z in n.zones
            ),
            areas={place: every(some) for place, some in n.areas.items()},
            services=tuple(replace(s, item=replace(s.item, change=change)) for s in n.services),
            stores=tuple(replace(s, item=replace(s.item, change=change)) for s in n.stores),
        )
        for n in picture.networks
    )
    return replace(
        picture,
        areas={
            area: some if area is Area.USERS else every(some)
            for area, some in picture.areas.items()
        },
        networks=networks,
        links=tuple(_marked(k, change) for k in picture.links),
        notes=(f"The whole environment is {'new' if change is Change.ADDED else 'removed'}.",),
    )


class _Union:
    """Everything of two pictures, each thing where the new one has it, else where the old one."""

    def __init__(
        self, old: Picture, new: Picture, components: Mapping[str, ComponentChange]
    ) -> None:
        self.old, self.new, self.components = old, new, components
        self.before = {i.id: i for i in old.items()}
        self.after = {i.id: i for i in new.items()}
        self.networks = {n.id for n in old.networks} & {n.id for n in new.networks}
        """The VPCs that both pictures have."""

    @property
    def equal(self) -> bool:
        """Whether there is nothing to tell."""
        return (
            not self.components and self.before == self.after and self.old.links == self.new.links
        )

    def picture(self) -> Picture:
        """Both in one."""
        old, new = self.old, self.new
        networks = {n.id: n for n in old.networks}
        known = {n.id for n in new.networks}
        items_of_both = replace(
            new,
            areas={a: self._both(new.areas.get(a, ()), old.areas.get(a, ())) for a in Area},
            networks=(
                *(self._network(n, networks.get(n.id)) for n in new.networks),
                *(self._gone(n) for n in old.networks if n.id not in known),
            ),
        )
        # What stood in a zone that is gone has no place of its own.
        ends = {i.id for i in items_of_both.items()}
        for network in items_of_both.networks:
            nats = {z.nat.id for z in network.zones if z.nat is not None}
            ends -= nats - set(drawn_nats(network))
        links = (k for k in self._links() if {k.source, k.target} <= ends)
        return replace(items_of_both, links=tuple(links))

    def _is_as_it_was(self, id_: str) -> bool:
        """Whether a part of a VPC is there on both sides, though only one side has use for it."""
        network, _, part = id_.partition(".")
        both = network in self.networks
        return both and (part in ALWAYS_THERE or network not in self.components)

    def _item(self, new: Item) -> Item:
        old = self.before.get(new.id)
        if old is None:
            return new if self._is_as_it_was(new.id) else replace(new, change=Change.ADDED)
        component = self.components.get(new.id)
        chips = _chips(old.chips, new.chips)
        lines = _part_lines(old, new) if new.id not in self.components else ()
        if component is not None:
            lines = tuple(_field_lines(component, any(_is_window(c) for c in chips)))
        if component is None and not lines:
            return replace(new, chips=chips)
        kept = tuple(d for d in new.details if d in old.details) if component else ()
        return replace(
            new,
            details=(*kept, *lines),
            chips=chips,
            tooltip="\n".join((*(_line(f) for f in component.fields),)) if component else "",
            change=Change.CHANGED,
        )

    def _one(self, new: Item | None, old: Item | None) -> Item | None:
        if new is not None:
            return self._item(new)
        return next(iter(self._both((), (old,) if old is not None else ())), None)

    def _both(self, new: Sequence[Item], old: Sequence[Item]) -> tuple[Item, ...]:
        """The new items, then the old ones that are nowhere in the new picture."""
        gone = (
            i if self._is_as_it_was(i.id) else replace(i, change=Change.REMOVED)
            for i in old
            if i.id not in self.after
        )
        return (*(self._item(i) for i in new), *gone)

    def _network(self, new: Network, old: Network | None) -> Network:
        if old is None:
            old = Network(new.id, "", "", ())
            change: Change | None = Change.ADDED
        else:
            change = Change.CHANGED if new.id in self.components else None
        rows = len(new.zones)
        tasks = {s.item.id: s.tasks for s in (*old.services, *new.services)}
        services = self._both([s.item for s in new.services], [s.item for s in old.services])
        row_of = {s.item.id: min(s.row, rows - 1) for s in (*old.stores, *new.stores)}
        stores = self._both([s.item for s in new.stores], [s.item for s in old.stores])
        marks = (Chip(change_words(change), change.value),) if change is not None else ()
        return replace(
            new,
            zones=tuple(
                replace(z, nat=self._one(z.nat, o.nat if o else None))
                for z, o in zip_longest(new.zones, old.zones[:rows])
            ),
            chips=(*_chips(old.chips, new.chips), *marks),
            areas={p: self._both(new.areas.get(p, ()), old.areas.get(p, ())) for p in Inside},
            services=tuple(TaskRows(i, _fitting(tasks[i.id], rows)) for i in services),
            stores=tuple(Store(i, row_of[i.id]) for i in stores),
        )

    def _gone(self, old: Network) -> Network:
        """A VPC that is no longer there, without what now stands elsewhere."""
        empty = replace(
            old,
            chips=(),
            zones=tuple(Zone(z.title, z.public_cidr, z.private_cidr) for z in old.zones),
            areas={},
            services=(),
            stores=(),
        )
        mark = Chip(change_words(Change.REMOVED), "removed")
        return replace(self._network(empty, old), chips=(*old.chips, mark))

    def _links(self) -> Iterator[Link]:
        """The new arrows, then the old ones that are gone."""
        old = {(k.source, k.target): k for k in self.old.links}
        for link in self.new.links:
            earlier = old.pop((link.source, link.target), None)
            if earlier is None:
                yield link if self._only_drawn_so(link) else _marked(link, Change.ADDED)
            elif (earlier.label, earlier.detail) != (link.label, link.detail):
                yield replace(
                    link,
                    label=_arrowed(earlier.label, link.label),
                    detail=_arrowed(earlier.detail, link.detail),
                    change=Change.CHANGED,
                )
            else:
                yield link
        for link in old.values():
            if not self._only_drawn_so(link):
                yield replace(_marked(link, Change.REMOVED), number=None)

    def _only_drawn_so(self, link: Link) -> bool:
        """Whether an arrow to a part of a VPC, which stands for others, is missing on one side.

        With three zones, one arrow to a NAT gateway stands for those to all of them.
        """
        ends = {link.source, link.target}
        parts = any("." in end for end in ends)
        return parts and ends <= self.before.keys() and ends <= self.after.keys()


def _marked(link: Link, change: Change) -> Link:
    """A whole arrow that is new or gone."""
    words = f"{CHANGE_MARKS[change]} {link.label}" if link.label else ""
    return replace(link, label=words, change=change)


def _arrowed(old: str, new: str) -> str:
    return new if old == new else f"{old or 'none'} {ARROW} {new or 'none'}"


def _fitting(tasks: tuple[str, ...], rows: int) -> tuple[str, ...]:
    """Captions for as many rows as there are."""
    return (*tasks, *["or here"] * rows)[:rows]


def _chips(old: Sequence[Chip], new: Sequence[Chip]) -> tuple[Chip, ...]:
    """Prices as before and after; windows that are new, and those that are gone."""
    prices = _pair(
        [c for c in old if c.kind == "cost"],
        [c for c in new if c.kind == "cost"],
    )
    had = [c.text for c in old if c.kind == "schedule"]
    has = [c.text for c in new if c.kind == "schedule"]
    windows = [t if t in had else f"{PLUS} {t}" for t in has]
    windows += [f"{MINUS} {t}" for t in had if t not in has]
    return (*prices, *(Chip(t, "schedule") for t in windows))


def _pair(old: Sequence[Chip], new: Sequence[Chip]) -> tuple[Chip, ...]:
    """Two prices as one chip; a part that is not on one side has none there."""
    match [*old], [*new]:
        case [], []:
            return ()
        case [before], [after] if before != after:
            return (Chip(f"{before.text.removesuffix(' / month')} {ARROW} {after.text}", "cost"),)
        case _, [after]:
            return (after,)
        case [before], _:
            return (before,)
        case _:
            raise ValueError(f"more than one price: {old} {new}")


def _is_window(chip: Chip) -> bool:
    """Whether a chip tells of hours that are other than before."""
    return chip.kind == "schedule" and chip.text.startswith((PLUS, MINUS))


def _part_lines(old: Item, new: Item) -> tuple[str, ...]:
    """How the list below a mark for several parts differs; nothing for a component of its own."""
    if "." not in new.id and new.id != items.ZONES:
        return ()
    had, has = (i.tooltip.splitlines() for i in (old, new))
    lines = [f"{PLUS} {line}" for line in has if line not in had]
    lines += [f"{MINUS} {line}" for line in had if line not in has]
    return tuple(listed(lines, MOST_LINES))


def _field_lines(component: ComponentChange, windows_shown: bool) -> Iterator[str]:
    """The differences of a component in lines that fit, what other marks say left out."""
    if component.was:
        yield from _fitted(f"was {component.was}")
    fields = [
        f
        for f in component.fields
        if not f.path.startswith("uses.")
        and not (windows_shown and f.path.startswith("scaling.schedule."))
    ]
    most = MOST_LINES if len(fields) == MOST_LINES else MOST_LINES - 1
    for field in fields[:most]:
        yield from _fitted(_line(field))
    if fields[most:]:
        yield f"{len(fields) - most} more differences"


def _line(field: FieldChange) -> str:
    before, after = (" ".join(shown(v).split()) for v in (field.before, field.after))
    if field.before is None:
        return f"{PLUS} {field.path}: {after}"
    if field.after is None:
        return f"{MINUS} {field.path}: {before}"
    return f"{field.path}: {before} {ARROW} {after}"


def _fitted(line: str) -> tuple[str, ...]:
    """A line in two where it is too wide: the field, then its values."""
    name, colon, values = line.partition(": ")
    if text_width(line, DETAIL_SIZE) <= MOST_WIDTH or not colon:
        return (line,)
    return f"{name}:", values


def _notes(
    components: Mapping[str, ComponentChange], settings: Sequence[FieldChange], union: _Union
) -> Iterator[str]:
    """What no mark of its own says: VPCs, settings, and components without a mark."""
    marked = {*union.before, *union.after}
    for component in components.values():
        if component.name in marked:
            continue
        words = "; ".join(map(_line, component.fields)) or str(component.change)
        yield f"{component.name}: {words}"
    for setting in settings:
        yield _line(setting)
