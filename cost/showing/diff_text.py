"""What differs between two specs, for terminals, reviews and programs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from compiler.backends.screen import Text
from compiler.changes.effects import Effect
from compiler.changes.resource_changes import Action, ResourceChange
from compiler.changes.sentences import Downtime, downtime_words, sentence
from compiler.graph.change import Change
from compiler.graph.spec_changes import ComponentChange, FieldChange, shown
from cost.bill.calendar import Period
from cost.bill.diff import CostChange, Diff
from cost.bill.money import money
from cost.showing.fitting import Fitting
from trazo_spec import visible

MINUS = "\N{MINUS SIGN}"
ARROW = "\N{RIGHTWARDS ARROW}"
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
STYLES = {
    "+": "green",
    "~": "yellow",
    MINUS: "red",
    f"{MINUS}/+": "bold red",
    ARROW: "cyan",
    "=": "dim",
}
NOTHING = "No changes."


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
        parts += [_resources_table(one.resources)] if one.resources else []
        parts += [Text(line, "bold") for line in downtime_lines(one)]
        parts += [_amounts_table(one)] if one.amounts else []
        parts += [Text(note, "yellow") for note in one.notes]
    return Group(*parts)


def headline(one: Diff) -> str:
    """An environment in one line: `1 to create, 2 to change; $10.00 -> $12.00 a month (+$2.00)`."""
    if one.empty:
        return NOTHING
    words = [f"{one.count(a)} to {a}" for a in Action if one.count(a)]
    words += [f"{one.count(None)} to move"] if one.count(None) else []
    return f"{', '.join(words) or 'no resource changes'}; {_dollars(one.total)}"


def downtime_lines(one: Diff) -> tuple[str, ...]:
    """How long something is down, at the apply and in the maintenance window; a line for each."""
    titles = ((False, "downtime"), (True, "downtime in the maintenance window"))
    totals = ((title, downtime_words(one.downtime(pending=p))) for p, title in titles)
    return tuple(f"{title}: {words}" for title, words in totals if words)


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


def _because(resource: ResourceChange) -> str:
    """Why a resource is touched, and a line for each thing that the change does."""
    return "\n".join(filter(None, (_reason(resource), *_sentences(resource))))


def _sentences(resource: ResourceChange) -> Iterator[str]:
    for effect in resource.effects:
        if words := sentence(effect):
            yield f"{words}."


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


def _resources_table(resources: Sequence[ResourceChange]) -> Fitting:
    """Each resource with the reason beside it, or below it where there is little room."""
    wide, narrow = table("", "resource", "because of"), table("", "resource")
    for resource in resources:
        sign, because = ACTION_MARKS[resource.action], _because(resource)
        mark, lines = Text(sign, STYLES[sign]), Group(*map(Text, because.splitlines()))
        wide.add_row(mark, resource.address, lines)
        narrow.add_row(mark, resource.address)
        if because:
            narrow.add_row("", Padding(lines, (0, 0, 0, 2)))
    return Fitting(wide, narrow)


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


def table(*columns: str) -> Table:
    """An empty table for a terminal; long words are folded."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in columns:
        grid.add_column(title, overflow="fold")
    return grid


def _markdown(one: Diff) -> Iterator[str]:
    if one.components or one.settings:
        yield from ("", *header(("", "component", "kind", "difference")))
        yield from (
            visible.markdown_row((mark, *map(visible.markdown_code, cells)))
            for mark, *cells in _rows(one)
        )
    if one.resources:
        yield from ("", *header(("", "resource", "because of")))
        for r in one.resources:
            yield visible.markdown_row(
                (
                    ACTION_MARKS[r.action],
                    visible.markdown_code(r.address),
                    "<br>".join(map(visible.markdown, _because(r).splitlines())),
                )
            )
    yield from (f"\n**{visible.markdown(line)}**" for line in downtime_lines(one))
    if one.amounts:
        yield from ("", *header(("costs", "before", "after", "difference"), numbers=3))
        yield from (visible.markdown_row(_amount_row(a)) for a in one.amounts)
        yield visible.markdown_row(f"**{cell}**" for cell in _amount_row(one.total))
    yield from (f"\n{note}" for note in one.notes)


def _amount_row(amount: CostChange) -> tuple[str, ...]:
    component, *dollars = _amount_cells(amount)
    return visible.markdown(component), *dollars


def header(titles: Sequence[str], numbers: int = 0) -> tuple[str, str]:
    """The first two lines of a table in Markdown, the last few columns for numbers."""
    rules = ["---"] * (len(titles) - numbers) + ["---:"] * numbers
    return visible.markdown_row(titles), visible.markdown_row(rules)


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
        "effects": [effect_values(e) for e in r.effects],
    }


def effect_values(effect: Effect) -> dict[str, object]:
    """An effect as plain JSON values."""
    return {
        "arguments": list(effect.arguments),
        "verdict": str(effect.verdict),
        "reason": effect.reason or None,
        "downtime": effect.downtime,
        "minutes": _minutes(effect.minutes),
        "depends_on": effect.depends_on or None,
        "pending": effect.pending,
        "advice": effect.advice or None,
        "condition": effect.condition or None,
        "source": effect.source,
    }


def downtime_values(total: Downtime) -> dict[str, object]:
    """A total as plain JSON values, in minutes."""
    return {"minutes": _minutes(total.minutes), "unknown": list(total.unknown)}


def _minutes(minutes: tuple[float, float] | None) -> dict[str, float] | None:
    return None if minutes is None else {"low": minutes[0], "high": minutes[1]}


def _amount(a: CostChange) -> dict[str, object]:
    return {
        "component": a.component,
        "before_usd": None if a.before_usd is None else float(a.before_usd),
        "after_usd": None if a.after_usd is None else float(a.after_usd),
        "difference_usd": float(a.difference_usd),
    }
