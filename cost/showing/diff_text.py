"""What differs between two specs, for terminals, reviews and programs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table

from compiler.backends.screen import Text
from compiler.changes.resource_changes import Action, ResourceChange
from compiler.graph.change import Change
from compiler.graph.spec_changes import ComponentChange, FieldChange, shown
from cost.bill.calendar import Period
from cost.bill.diff import CostChange, Diff
from cost.bill.money import money
from cost.showing.changes_text import (
    ARROW,
    MINUS,
    NOTHING,
    STYLES,
    Told,
    downtime_values,
    effect_values,
    folded,
    groups_of,
    header,
    lines_of,
    own,
    resources_rows,
    resources_table,
    styled,
    table,
    told_moves,
    verdict_lines,
)
from trazo_spec import visible

MARKS = {Change.ADDED: "+", Change.CHANGED: "~", Change.REMOVED: MINUS}
ACTION_MARKS = {
    Action.CREATE: "+",
    Action.CHANGE: "~",
    Action.REPLACE: f"{MINUS}/+",
    Action.DESTROY: MINUS,
    Action.IGNORE: "=",
    None: ARROW,
}
"""As Terraform's own plans mark them; an arrow for what only moves, `=` for what stays."""


def tables(differences: Sequence[Diff], before: str, after: str, period: Period) -> Group:
    """Components, resources and dollars of each environment as tables for a terminal."""
    parts: list[RenderableType] = [
        Text.assemble(
            (visible.one_line(f"{before} {ARROW} {after}"), "bold"),
            (f"   {_period(period)}", "dim"),
        )
    ]
    for one in differences:
        parts += [Text(), Text.assemble((one.environment, "bold"), f"   {headline(one)}")]
        parts += [_components_table(one)] if one.components or one.settings else []
        parts += [_amounts_table(one)] if one.amounts else []
        parts += [resources_table(_told(one.resources))] if one.resources else []
        parts += [styled(line) for line in verdict_lines(one.resources)]
        parts += [Text(note, "yellow") for note in one.notes]
    return Group(*parts)


def headline(one: Diff) -> str:
    """An environment in one line: `1 to create, 2 to change; $10.00 -> $12.00 a month (+$2.00)`."""
    if one.empty:
        return NOTHING
    words = [f"{one.count(a)} to {a}" for a in Action if one.count(a)]
    words += [f"{one.count(None)} to move"] if one.count(None) else []
    return f"{', '.join(words) or 'no resource changes'}; {_dollars(one.total)}"


def markdown(differences: Sequence[Diff], before: str, after: str, period: Period) -> str:
    """The same as Markdown, such as for a comment on a change."""
    lines = [
        f"## {visible.markdown_code(before)} {ARROW} {visible.markdown_code(after)}",
        "",
        f"Dollars of {_period(period)}.",
    ]
    for one in differences:
        lines += ["", f"### {visible.markdown(one.environment)}: {headline(one)}", *_markdown(one)]
    return "\n".join(lines) + "\n"


def as_json(
    differences: Sequence[Diff], before: str, after: str, period: Period
) -> dict[str, object]:
    """The same as plain JSON values."""
    return {
        "schema": "trazo.diff/1",
        "before": before,
        "after": after,
        "period": {
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "hours": period.hours,
        },
        "currency": "USD",
        "environments": [_environment(one) for one in differences],
    }


def signed(usd: Decimal) -> str:
    """A difference with its sign, zero without one.

    >>> signed(Decimal("1.5")), signed(Decimal("-1.5")), signed(Decimal(0))
    ('+$1.50', '-$1.50', '$0.00')
    """
    return f"{'+' if usd > 0 else ''}{money(usd)}"


def _period(period: Period) -> str:
    return f"{period.start:%Y-%m-%d} to {period.end:%Y-%m-%d}, {period.hours:,.0f} hours"


def _dollars(total: CostChange) -> str:
    change = f"{_usd(total.before_usd)} {ARROW} {_usd(total.after_usd)}"
    return f"{change} ({signed(total.difference_usd)})"


def _usd(usd: Decimal | None) -> str:
    return "\N{EN DASH}" if usd is None else money(usd)


def _rows(one: Diff) -> Iterator[tuple[str, str, str, str]]:
    """Mark, name, kind and one difference of each changed component, then of the settings."""
    for c in one.components:
        name = f"{c.was} {ARROW} {c.name}" if c.was else c.name
        first, *rest = c.fields or (None,)
        yield MARKS[c.change], name, c.kind, _field(first)
        for further in rest:
            yield "", "", "", _field(further)
    for setting in one.settings:
        yield MARKS[Change.CHANGED], "", "setting", _field(setting)


def _field(field: FieldChange | None) -> str:
    if field is None:
        return ""
    return f"{field.path}: {_value(field.before)} {ARROW} {_value(field.after)}"


def _value(value: str | float | bool | None) -> str:
    return " ".join(shown(value).split())


def _told(resources: Sequence[ResourceChange]) -> list[Told]:
    """What is told of each resource; what only moves or follows is told in one place."""
    groups = groups_of(resources)
    told = [
        Told(ACTION_MARKS[r.action], r.address, _reason(r), lines_of(r, groups))
        for r in own(resources)
        if r.action is not None
    ]
    moved = [(r.was, r.address) for r in resources if r.action is None]
    return folded(told) + told_moves(moved)


def _reason(resource: ResourceChange) -> str:
    words = ", ".join(resource.because)
    if resource.action is Action.REPLACE:
        words += " cannot change in place"
    moved = f"was {resource.was}" if resource.was else ""
    return "; ".join(filter(None, (moved, words)))


def _components_table(one: Diff) -> Table:
    grid = table("", "component", "kind", "difference")
    for mark, *cells in _rows(one):
        grid.add_row(Text(mark, STYLES.get(mark, "")), *map(Text, cells))
    return grid


def _amounts_table(one: Diff) -> Table:
    grid = table("costs")
    for title in ("before", "after", "difference"):
        grid.add_column(title, justify="right")
    for a in (*one.amounts, one.total):
        style = "bold" if a is one.total else ""
        grid.add_row(*_amount_cells(a), style=style)
    return grid


def _amount_cells(amount: CostChange) -> tuple[str, str, str, str]:
    return (
        amount.component,
        _usd(amount.before_usd),
        _usd(amount.after_usd),
        signed(amount.difference_usd),
    )


def _markdown(one: Diff) -> Iterator[str]:
    yield from (f"\n**{visible.markdown(line)}**" for line in verdict_lines(one.resources))
    if one.components or one.settings:
        yield from ("", *header(("", "component", "kind", "difference")))
        yield from (
            visible.markdown_row((mark, *map(visible.markdown_code, cells)))
            for mark, *cells in _rows(one)
        )
    if one.resources:
        yield from ("", *resources_rows(_told(one.resources)))
    if one.amounts:
        yield from ("", *header(("costs", "before", "after", "difference"), numbers=3))
        yield from (visible.markdown_row(_amount_row(a)) for a in one.amounts)
        yield visible.markdown_row(f"**{cell}**" for cell in _amount_row(one.total))
    yield from (f"\n{note}" for note in one.notes)


def _amount_row(amount: CostChange) -> tuple[str, ...]:
    component, *dollars = _amount_cells(amount)
    return visible.markdown(component), *dollars


def _environment(one: Diff) -> dict[str, object]:
    return {
        "environment": one.environment,
        "components": [_component(c) for c in one.components],
        "settings": [_field_values(f) for f in one.settings],
        "resources": [_resource(r) for r in one.resources],
        "counts": {**{str(a): one.count(a) for a in Action}, "move": one.count(None)},
        "downtime": {
            "at_once": downtime_values(one.downtime()),
            "in_window": downtime_values(one.downtime(pending=True)),
        },
        "costs": [_amount(a) for a in one.amounts],
        "total_usd": {k: v for k, v in _amount(one.total).items() if k != "component"},
        "notes": list(one.notes),
    }


def _component(c: ComponentChange) -> dict[str, object]:
    return {
        "component": c.name,
        "kind": c.kind,
        "change": str(c.change),
        "was": c.was or None,
        "fields": [_field_values(f) for f in c.fields],
    }


def _field_values(f: FieldChange) -> dict[str, object]:
    return {"path": f.path, "before": f.before, "after": f.after}


def _resource(r: ResourceChange) -> dict[str, object]:
    return {
        "address": r.address,
        "action": str(r.action) if r.action is not None else "move",
        "component": r.component or None,
        "was": r.was or None,
        "because": list(r.because),
        "follows": r.follows or None,
        "effects": [effect_values(e) for e in r.effects],
    }


def _amount(a: CostChange) -> dict[str, object]:
    return {
        "component": a.component,
        "before_usd": None if a.before_usd is None else float(a.before_usd),
        "after_usd": None if a.after_usd is None else float(a.after_usd),
        "difference_usd": float(a.difference_usd),
    }
