"""How services run, as a table."""

from collections.abc import Iterator, Mapping

from rich import box
from rich.table import Table

from cost.bill.closed_form import ServiceLevel
from cost.bill.estimate import Estimate, Service
from cost.showing.fitting import Fitting

TITLE = "Services"


def services(estimate: Estimate) -> Fitting:
    """How long each service runs, and what its visitors notice."""
    found = {s.component: dict(_measures(s)) for s in estimate.services}
    return Fitting(_row_each(found), _column_each(found))


def _row_each(found: Mapping[str, Mapping[str, str]]) -> Table:
    table = _table("service")
    for title in next(iter(found.values())):
        table.add_column(title, justify="right")
    for name, measures in found.items():
        table.add_row(name, *measures.values())
    return table


def _column_each(found: Mapping[str, Mapping[str, str]]) -> Table:
    table = _table("service")
    for name in found:
        table.add_column(name, justify="right", overflow="fold")
    for title in next(iter(found.values())):
        table.add_row(title, *(measures[title] for measures in found.values()))
    return table


def _table(first: str) -> Table:
    table = Table(title=TITLE, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    return table


def _measures(service: Service) -> Iterator[tuple[str, str]]:
    yield "tasks at peak", str(service.baseline_tasks)
    yield "hours on", f"{service.hours_on:,.0f}"
    yield "hours off", f"{service.hours_off:,.0f}"
    if service.level is not None:
        yield from _noticed(service.level)


def _noticed(level: ServiceLevel) -> Iterator[tuple[str, str]]:
    yield "requests refused", f"{level.refused_share:.1%}"
    yield "CPU short", f"{level.excess_share:.2%}"
    yield "minutes down", f"{level.outage_minutes:,.1f}"
    yield "longest", f"{level.longest_outage_minutes:,.1f}"
    yield "lost to Spot", f"{level.spot_minutes_lost:,.1f}"
