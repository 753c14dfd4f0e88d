"""What would change if: other ways to run an environment, and what each would save."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from cost.advice.advice import Advice, Alternative
from cost.advice.changes import changes
from cost.advice.saved import Before, as_written
from cost.advice.schedule_advice import schedule_fixes
from cost.bill.closed_form import ClosedForm
from cost.bill.pricing import Conditions, Pricing
from cost.bill.tasks import demand_of, running
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.rds import Rds

# Chosen: an instance is billed while it stops and while it starts before the first task.
STOP_AND_START = timedelta(minutes=30)
# Chosen: a shorter stop saves cents and risks a database that is late.
SHORTEST_STOP = timedelta(hours=2)
# AWS starts a stopped instance by itself after so long; its disk and backups are billed meanwhile.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
LONGEST_STOP = timedelta(days=7)


def alternatives(before: Before) -> tuple[Alternative, ...]:
    """Every alternative that applies, what saves most first; each one alone, in closed form."""
    pricing = before.pricing
    found = list(_stopped_databases(before))
    for change in changes(pricing.graph, pricing.conditions.period):
        saved = before.saved_usd(change.graph, change.component)
        if saved is not None:
            what = change.name, change.component, change.title
            found.append(Alternative(*what, saved, change.tradeoff))
    return tuple(sorted(found, key=lambda a: (-a.saved_usd, a.component, a.name)))


def _stopped_databases(before: Before) -> Iterator[Alternative]:
    """Databases that stand still while no service that uses them runs."""
    pricing, period = before.pricing, before.pricing.conditions.period
    for name, _ in pricing.graph.of(Rds):
        gaps = [end - start for start, end in _unused(pricing, name)]
        stops = [gap for gap in gaps if gap >= SHORTEST_STOP]
        usd = _instance_usd(before, name)
        if not stops or not usd:
            continue
        off = sum(stops, timedelta()) - len(stops) * STOP_AND_START
        again = "; AWS restarts it automatically after 7 days" if max(stops) > LONGEST_STOP else ""
        yield Alternative(
            "stopped_database",
            name,
            f"a stop of {off / timedelta(hours=1):,.0f} hours while nothing uses it",
            usd * Decimal(repr(off / (period.end - period.start))),
            "its disk and backups are still billed, and trazo does not deploy this: "
            f"EventBridge Scheduler must call StopDBInstance and StartDBInstance{again}",
        )


def _instance_usd(before: Before, name: str) -> Decimal:
    """USD of the hours of an instance in the period; 0 where they have no price."""
    lines = before.bill.lines
    hours = (li.cost_usd for li in lines if li.component == name and li.unit == "instance-hour")
    return sum((usd for usd in hours if usd is not None), Decimal(0))


def _unused(pricing: Pricing[ClosedForm], database: str) -> Iterator[tuple[datetime, datetime]]:
    """When no task that uses a database runs; never, for one that no service uses."""
    period = pricing.conditions.period
    users = {n: s for n, s in pricing.graph.of(Ecs) if database in s.uses}
    used = [
        (at.start, at.end)
        for name, service in users.items()
        for at in running(service, demand_of(pricing.graph, name), period.start, period.end)
        if at.on_demand or at.spot
    ]
    if users:
        yield from _between(used, period.start, period.end)


def _between(
    stretches: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """What lies between stretches of time that may overlap."""
    free = start
    for begin, until in sorted(stretches):
        if begin > free:
            yield free, begin
        free = max(free, until)
    if free < end:
        yield free, end


def advised(graph: Graph, plan: Plan, conditions: Conditions) -> Advice:
    """Alternatives to an environment, and findings about its schedules in dollars."""
    before = as_written(graph, plan, conditions)
    return Advice(alternatives(before), schedule_fixes(before))
