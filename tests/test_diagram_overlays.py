"""What lies over a picture is what the other commands say: prices, hours, findings."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given

from compiler.backends.diagram.draw import SHOWN_WEEK, schedules
from compiler.backends.diagram.model.picture import Chip, Picture
from compiler.backends.diagram.views.items import DASH
from compiler.backends.diagram.views.overview import overview
from compiler.components import rds
from compiler.components.ecs.fleet import fleet
from compiler.findings.check import check
from compiler.graph.graph import Graph
from cost.bill.calendar import month
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.bill.tasks import demand_of, task_hours
from cost.rates.catalogue_file import read_catalogue
from tests.examples import HEAD, graph_of
from tests.strategies.sample import Compiled, compiled
from tests.strategies.schedules import schedule_documents
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK_MIN = 7 * 24 * 60
MOST = 3


def chips(picture: Picture, kind: str) -> Iterator[Chip]:
    """Every chip of a kind, those of VPCs among them."""
    items = [c for i in picture.items() for c in i.chips]
    yield from (
        c for c in (*items, *(c for n in picture.networks for c in n.chips)) if c.kind == kind
    )


@given(spec=compiled())
def test_the_prices_of_a_picture_add_up_to_the_bill(spec: Compiled):
    """Every component that costs something is somewhere, once, whatever is folded."""
    graph, plan = spec.graphs[spec.first], spec.plans[spec.first]
    bill = estimate(graph, plan, Conditions(month("2026-12"), read_catalogue())).bill
    picture = overview(graph, bill.by_component())
    prices = (c.text.removeprefix("$").replace(",", "") for c in chips(picture, "cost"))
    total = sum(map(Decimal, prices), Decimal(0))

    assert picture.total is not None
    assert picture.total.text == f"${total:,.2f} / month"
    assert total == bill.total_usd.quantize(Decimal("0.01"))


@given(document=schedule_documents(MOST))
def test_the_hours_on_chips_are_the_hours_that_are_priced(document: dict[str, object]):
    """Read back minute by minute, in every week that is like its neighbours."""
    graph = _scheduled(document)
    _, service = next(graph.of(Ecs))
    windows = schedules(graph, SHOWN_WEEK).get("web", ("always on",))
    first, shown, last = (_priced_minutes(graph, service, week) for week in (-1, 0, 1))
    assume(first == shown == last)
    zone = service.scaling.schedule.timezone if service.scaling.schedule else "UTC"

    assert _said_minutes([w.removesuffix(f" {zone}") for w in windows]) == shown


def _scheduled(document: dict[str, object]) -> Graph:
    """A service with a schedule, which always runs where nothing is said."""
    scaling = json.dumps({"max": MOST, "schedule": document})
    return graph_of(f"web: {{kind: ecs, image: a/b:1, scaling: {scaling}}}")


def _priced_minutes(graph: Graph, service: Ecs, week: int) -> frozenset[int]:
    """The minutes of a week, from Monday on, in which the cost model lets tasks run."""
    assert service.scaling.schedule is not None
    tz = ZoneInfo(service.scaling.schedule.timezone)
    monday = datetime.combine(SHOWN_WEEK, datetime.min.time(), tz) + timedelta(weeks=week)
    start, end = (m.astimezone(UTC) for m in (monday, monday + timedelta(weeks=1)))
    hours = task_hours(fleet(service), demand_of(graph, "web"), start, end)
    return frozenset(
        minute
        for interval in hours.intervals
        if interval.max > 0
        for minute in range(
            *(int((t - start).total_seconds()) // 60 for t in (interval.start, interval.end))
        )
    )


def _said_minutes(windows: Sequence[str]) -> frozenset[int]:
    """The minutes of any week that the words of chips stand for."""
    return frozenset(minute % WEEK_MIN for words in windows for minute in _minutes(words))


def _minutes(words: str) -> Iterator[int]:
    if words.startswith("always"):
        yield from range(WEEK_MIN if words == "always on" else 0)
        return
    if moments := re.fullmatch(rf"(\w+) ([\d:]+){DASH}([A-Z]\w+) ([\d:]+)", words):
        first, begin, last, end = moments.groups()
        start = _day(first) + _clock(begin)
        yield from range(start, start + (_day(last) + _clock(end) - start) % WEEK_MIN)
        return
    days, hours = words.rsplit(" ", 1)
    begin, end = (_clock(c) for c in hours.split(DASH))
    for day in _days(days):
        yield from range(day + begin, day + (end if end > begin else end + 24 * 60))


def _days(words: str) -> Iterator[int]:
    """Where each day of a list starts, in minutes from Monday on."""
    for part in ("Mon" + DASH + "Sun" if words == "daily" else words).split(", "):
        first, _, last = part.partition(DASH)
        yield from range(_day(first), _day(last or first) + 1, 24 * 60)


def _day(name: str) -> int:
    return DAYS.index(name) * 24 * 60


def _clock(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes or 0)


# Findings

WEB = "web: {kind: ecs, image: a/b:1}\nzone: {kind: dns}\n"


def found(path: tuple[str | int, ...], severity: Severity = Severity.WARNING) -> Diagnostic:
    """A finding somewhere."""
    return Diagnostic("TZ999", severity, f"about {path[-1]}", path)


def marked(*findings: Diagnostic) -> Picture:
    """The picture of a small spec with findings."""
    return overview(graph_of(WEB), findings=findings)


def test_a_finding_is_a_mark_on_its_component():
    """With how many there are, and how bad the worst is."""
    two = found(("components", "web", "cpu")), found(("components", "web"), Severity.ERROR)
    (service,) = marked(*two).networks[0].services

    assert [(c.text, c.kind) for c in service.item.chips] == [("1 error, 1 warning", "error")]


def test_a_mark_tells_its_findings_when_the_pointer_rests_on_it():
    """The number alone sends a reader back to the terminal."""
    (service,) = marked(found(("components", "web", "cpu"))).networks[0].services

    assert service.item.chips[0].tooltip == "warning TZ999: about cpu"


def test_findings_of_the_whole_spec_count_in_the_heading():
    """They have no component to stand on."""
    picture = marked(found(("state",)), found(("components", "zone")))

    assert picture.findings is not None
    assert picture.findings.text == "2 warnings"


def test_a_picture_without_findings_has_no_mark():
    """A published diagram shows the architecture, not what is to be done."""
    assert marked().findings is None
    assert [*chips(marked(), "warning")] == []


@pytest.mark.parametrize("spec", [f"{HEAD}  database: {{kind: rds}}\n"])
def test_what_rules_find_reaches_the_picture(spec: str):
    """By the paths that findings carry."""
    checked = check(load(spec, "app.yaml"))
    picture = overview(checked.graphs["prod"], findings=checked.diagnostics)
    database = next(i for i in picture.items() if i.icon == rds.ICON)

    assert any(c.kind == "warning" for c in database.chips)
