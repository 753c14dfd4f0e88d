"""What somebody who knows AWS bills would say about an estimate, and what measures save alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cost.advice.advice import Advice, Appraisal
from cost.bill.estimate import Estimate, ServiceEstimate
from cost.bill.money import CENT, money
from cost.bill.tasks import ALWAYS_ON, WRITTEN

ALONE: Mapping[str, str] = {
    "autoscaling": "autoscaled",
    "schedule": "schedule_only",
    "spot": "spot_only",
}
"""Measure -> the scenario that uses it alone."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """Savings against tasks on demand, always on, that do not add up."""

    alone_usd: Mapping[str, Decimal]
    """Measure -> what it saves alone."""
    together_usd: Decimal
    """What all of them save, as the spec is written."""

    @property
    def sum_usd(self) -> Decimal:
        """What they would save if none touched another's tasks."""
        return sum(self.alone_usd.values(), Decimal(0))

    @property
    def difference_usd(self) -> Decimal:
        """Together less the sum: below 0 where each saves from what the others leave."""
        return self.together_usd - self.sum_usd


def interaction(estimate: Estimate) -> Interaction | None:
    """How the measures of an estimate interact; None without a service."""
    if not estimate.services:
        return None
    alone = {name: estimate.saving(scenario).saved_usd for name, scenario in ALONE.items()}
    return Interaction(alone, estimate.saving(WRITTEN).saved_usd)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "tasks": ("fargate_", "compute_savings_plan_"),
    "NAT": ("nat_gateway_",),
    "load balancers": ("alb_",),
    "public IPv4 addresses": ("public_ipv4_",),
    "interface endpoints": ("vpc_interface_endpoint_",),
    "databases": ("rds_",),
    "caches": ("redis_",),
    "data transfer": ("data_transfer_", "cloudfront_data_transfer_"),
    "logs, alarms and metrics": ("cloudwatch_",),
    "buckets": ("s3_",),
    "secrets": ("secretsmanager_",),
    "DNS": ("route53_",),
    "CDN requests": ("cloudfront_",),
}
"""What people call the items whose names begin so; the first that fits, else their kind."""
NAMES = {"autoscaling": "autoscaling", "schedule": "the schedule", "spot": "Spot"}
# Chosen: parts are named until they make up this much of a bill, but never more than three.
MOST_OF_IT, MOST_PARTS = Decimal("0.75"), 3
# Chosen: fewer refused requests than this lie within what visitors retry.
REFUSED_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence about a bill."""

    about: str
    """What it is about: `parts`, `floor`, `ceiling`, `together`, `break_even`, `alternative` or
    `service`.
    """
    text: str
    usd: Decimal
    """The amount that it is about, by which statements are sorted."""


def statements(appraisal: Appraisal) -> tuple[Statement, ...]:
    """What is worth saying about an estimate and its advice, the largest amount first.

    Nothing is as long as a line has no price: every share would be that of another bill.
    """
    if not appraisal.estimate.bill.complete:
        return ()
    remarks = [statement for kind in STATEMENTS for statement in kind(appraisal.estimate)]
    remarks += _alternative(appraisal.advice)
    return tuple(sorted(remarks, key=lambda s: -s.usd))


def _parts(estimate: Estimate) -> Iterator[Statement]:
    """The largest parts of the bill."""
    total, named, sum_usd = estimate.total_usd, list[str](), Decimal(0)
    parts = sorted(_groups(estimate).items(), key=lambda part: (-part[1], part[0]))
    for name, usd in parts[:MOST_PARTS]:
        if usd <= 0 or sum_usd >= MOST_OF_IT * total:
            break
        named.append(name)
        sum_usd += usd
    if named and total > 0:
        verb = "are" if len(named) > 1 or named[0].endswith("s") else "is"
        share = f"{sum_usd / total:.0%} of the bill: {money(sum_usd)} of {money(total)}"
        yield Statement("parts", f"{_sentence(_listed(named))} {verb} {share}.", sum_usd)


def _floor(estimate: Estimate) -> Iterator[Statement]:
    """What no schedule and no Spot touches."""
    floor, total = estimate.floor_usd, estimate.total_usd
    if floor > 0 and total > 0:
        text = (
            f"The always-on floor is {money(floor)}, {floor / total:.0%} of the bill: it is "
            "billed even without tasks or traffic."
        )
        yield Statement("floor", text, floor)


def _ceiling(estimate: Estimate) -> Iterator[Statement]:
    """How much there is to save on tasks, and how much of it is saved."""
    ceiling, saved = estimate.ceiling_usd, estimate.saving(WRITTEN).saved_usd
    if not estimate.services or ceiling < CENT:
        return
    always = estimate.saving(ALWAYS_ON).total_usd
    text = (
        f"Spot, schedule and autoscaling can never save more than {money(ceiling)} of "
        f"{money(always)}, the cost of on-demand tasks that are always on"
    )
    if saved >= CENT:
        text += f"; as written, they save {money(saved)} of it, {saved / ceiling:.0%}"
    yield Statement("ceiling", f"{text}.", ceiling)


def _together(estimate: Estimate) -> Iterator[Statement]:
    """What the measures save alone and together; of a single one, its share of the bill."""
    savings = interaction(estimate)
    if savings is None:
        return
    alone = {name: usd for name, usd in savings.alone_usd.items() if abs(usd) >= CENT}
    if len(alone) == 1:
        ((name, usd),) = alone.items()
        always = estimate.saving(ALWAYS_ON).total_usd
        text = f"{_sentence(NAMES[name])} alone {_saves(usd)} of {money(always)}."
        yield Statement("together", text, abs(usd))
    elif alone:
        each = [f"{NAMES[name]} {_saves(usd)}" for name, usd in alone.items()]
        text = f"Alone, {_listed(each)}; together they save {money(savings.together_usd)}"
        why = ", because the savings overlap" if min(alone.values()) > 0 else ""
        text += _difference(savings.difference_usd, why)
        yield Statement("together", f"{text}.", savings.together_usd)


def _difference(usd: Decimal, why: str) -> str:
    """How far together differs from the sum; `why` it is less, where that is known."""
    if abs(usd) < CENT:
        return ", the same as the sum"
    if usd > 0:
        return f", {money(usd)} more than the sum"
    return f", {money(-usd)} less than the sum{why}"


def _break_even(estimate: Estimate) -> Iterator[Statement]:
    """What the weaker one of Spot and schedule would take to save as much as the other."""
    spot, schedule = (estimate.saving(s).saved_usd for s in ("spot_only", "schedule_only"))
    ceiling = estimate.ceiling_usd
    if not estimate.services or min(spot, schedule, abs(spot - schedule)) < CENT:
        return
    shares = f"Spot alone saves {spot / ceiling:.0%} of the cost of tasks"
    shares += f", the schedule alone {schedule / ceiling:.0%}"
    if spot > schedule:
        enough = f"without Spot, tasks would have to be stopped {spot / ceiling:.0%} of the time"
    else:
        enough = (
            f"a Spot task would have to cost {schedule / ceiling:.0%} less than an on-demand task"
        )
    yield Statement("break_even", f"{shares}: {enough} to save as much.", abs(spot - schedule))


def _alternative(advice: Advice) -> Iterator[Statement]:
    """The change that would save most and takes no service away."""
    harmless = (a for a in advice.alternatives if not a.less_service)
    best = next(harmless, None)
    if best is not None and best.saved_usd >= CENT:
        text = (
            f"The largest remaining saving, {money(best.saved_usd)}, is `{best.component}` with "
            f"{best.title}. In return, {best.tradeoff}."
        )
        yield Statement("alternative", text, best.saved_usd)


def _services(estimate: Estimate) -> Iterator[Statement]:
    """What visitors pay for the savings, of the services whose demand the spec states."""
    stated = {a.component for a in estimate.assumptions if a.source == "spec"}
    for service in estimate.services:
        if service.component in stated and (text := _service(service)) is not None:
            yield Statement("service", text, Decimal(0))


def _service(service: ServiceEstimate) -> str | None:
    level = service.level
    if level is None or level.refused_share < REFUSED_SHARE:
        return None
    text = (
        f"`{service.component}` does not have a running task for {level.refused_share:.1%} of "
        "its requests"
    )
    asleep_h = service.hours_off - level.outage_minutes / 60
    if asleep_h >= 1:
        text += f": its schedule allows no tasks for about {asleep_h:,.0f} hours"
    if level.spot_minutes_lost >= 1.5:
        text += f"; {level.spot_minutes_lost:,.0f} task minutes are lost to Spot"
    return f"{text}."


def _groups(estimate: Estimate) -> Mapping[str, Decimal]:
    """USD of the bill by what people call it."""
    usd_by_group: dict[str, Decimal] = {}
    for line in estimate.bill.lines:
        name = next((n for n, starts in GROUPS.items() if line.item.startswith(starts)), line.kind)
        usd_by_group[name] = usd_by_group.get(name, Decimal(0)) + (line.cost_usd or 0)
    return usd_by_group


def _saves(usd: Decimal) -> str:
    return f"saves {money(usd)}" if usd > 0 else f"costs {money(-usd)} more"


def _listed(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


STATEMENTS: tuple[Callable[[Estimate], Iterator[Statement]], ...] = (
    _parts,
    _floor,
    _ceiling,
    _together,
    _break_even,
    _services,
)
