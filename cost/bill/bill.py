"""Loads x meters x prices -> a bill, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from compiler.plan.plan import Basis, Load, Meter
from cost.rates.allowances import Allowance
from cost.rates.catalogue import ONE, Catalogue, Price, cost
from trazo_spec.diagnostics import Diagnostic, Severity

# Fine enough for one request at its price, coarse enough that sums of floats look clean.
QUANTUM = Decimal("0.000001")


class UnitError(ValueError):
    """A price that is not for one of what is metered, so that there is no bill."""

    def __init__(self, meter: Meter, price: Price) -> None:
        """Takes what is metered, and its price."""
        super().__init__(f"{meter.item} is metered in {meter.unit} and priced in {price.unit}")
        self.meter = meter
        self.price = price


@dataclass(frozen=True, slots=True)
class Share:
    """A line's place among all lines of its item, which AWS adds up over an account."""

    free: Decimal = Decimal(0)
    """How much of the line's quantity is free."""
    before: Decimal = Decimal(0)
    """How much of the item stands on lines before this one and is not free."""
    months: Decimal = ONE
    """Over how many months; tiers begin anew with each."""

    def cost_usd(self, price: Price, quantity: Decimal) -> Decimal:
        """USD for the line's quantity: what all lines up to it cost, less those before it."""
        upto = self.before + quantity - self.free
        return cost(price, upto, self.months) - cost(price, self.before, self.months)


ALONE = Share()


@dataclass(frozen=True, slots=True)
class Line:
    """What one item costs one component in the period."""

    component: str
    kind: str
    item: str
    unit: str
    quantity: Decimal
    """In `unit`."""
    price: Price | None
    """None when the catalogue has no price for the item in this region."""
    cost_usd: Decimal | None
    """None when there is no price: unpriced, which is not free."""
    basis: Basis
    why: str
    share: Share = ALONE

    @property
    def unit_price_usd(self) -> Decimal | None:
        """USD for one unit; None for a tiered price and for none at all."""
        if self.price is None or len(self.price.tiers) != 1:
            return None
        return self.price.tiers[0].usd


@dataclass(frozen=True, slots=True)
class Bill:
    """What an environment costs in a period."""

    lines: tuple[Line, ...]
    """In the order of component and item."""

    @property
    def total_usd(self) -> Decimal:
        """The sum of all priced lines."""
        return sum((line.cost_usd for line in self.lines if line.cost_usd is not None), Decimal(0))

    @property
    def unpriced(self) -> tuple[Line, ...]:
        """The lines without a price."""
        return tuple(line for line in self.lines if line.price is None)

    @property
    def complete(self) -> bool:
        """Whether every line has a price, so that sums are whole."""
        return not self.unpriced

    def of(self, *items_start: str) -> Decimal:
        """USD of the items whose names begin so."""
        chosen = (li.cost_usd for li in self.lines if li.item.startswith(items_start))
        return sum((usd for usd in chosen if usd is not None), Decimal(0))

    def by_component(self) -> Mapping[str, Decimal]:
        """USD of every component."""
        totals: dict[str, Decimal] = {}
        for line in self.lines:
            totals[line.component] = totals.get(line.component, Decimal(0)) + (line.cost_usd or 0)
        return totals


def bill(
    meters: Iterable[Meter],
    loads: Mapping[str, Load],
    kinds: Mapping[str, str],
    catalogue: Catalogue,
    region: str,
    allowances: Mapping[str, Allowance] | None = None,
) -> Bill:
    """The bill of some meters under the load of each component; items with no quantity stay out.

    AWS adds up an item over an account before it looks at tiers and at what is free, so the lines
    of one item share both, in the order of the bill.
    """
    free = allowances or {}
    months = Decimal(repr(max((1.0, *(load.months for load in loads.values())))))
    counted = ((meter, _quantity(meter, loads[meter.component])) for meter in meters)
    in_order = sorted(
        ((meter, quantity) for meter, quantity in counted if quantity),
        key=lambda pair: (pair[0].component, pair[0].item, pair[0].why),
    )
    used: dict[str, Decimal] = {}
    lines: list[Line] = []
    for meter, quantity in in_order:
        before = used.get(meter.item, Decimal(0))
        used[meter.item] = before + quantity
        most_free = free[meter.item].quantity * months if meter.item in free else Decimal(0)
        share = Share(
            free=min(quantity, max(most_free - before, Decimal(0))),
            before=max(before - most_free, Decimal(0)),
            months=months,
        )
        price = catalogue.price(meter.item, region)
        lines.append(_line(meter, quantity, share, kinds.get(meter.component, ""), price))
    return Bill(tuple(lines))


def _quantity(meter: Meter, load: Load) -> Decimal:
    return Decimal(repr(float(meter.quantity(load)))).quantize(QUANTUM)


def unpriced_findings(bill: Bill, region: str) -> tuple[Diagnostic, ...]:
    """A finding for every line that has no price; only one where nothing of the region has any."""
    prices = (line.price for line in bill.lines)
    if bill.unpriced and all(price is None or price.region != region for price in prices):
        return (_unknown_region(region),)
    return tuple(
        Diagnostic(
            "TZ701",
            Severity.WARNING,
            f"`{line.component}` uses {line.quantity:,.2f} {line.unit} of `{line.item}`, but "
            f"its price in {region} is not known",
            ("components", line.component),
            help="this line is not included in the total; add its price with `--prices`",
        )
        for line in bill.unpriced
    )


def _unknown_region(region: str) -> Diagnostic:
    return Diagnostic(
        "TZ701",
        Severity.WARNING,
        f"the catalogue does not contain prices for {region}: everything there is unpriced",
        ("region",),
        help="these lines are not included in the total; `trazo prices update` reads their "
        "prices from AWS's price list",
    )


def budget_finding(total_usd: Decimal, budget_usd: Decimal) -> Diagnostic | None:
    """A finding when a total is over its budget."""
    if total_usd <= budget_usd:
        return None
    over = total_usd - budget_usd
    return Diagnostic(
        "TZ702",
        Severity.ERROR,
        f"the bill is {total_usd:,.2f} USD, {over:,.2f} USD over the budget of {budget_usd:,.2f}",
        (),
        help="`--explain NAME` shows how a component's lines are calculated",
    )


def _line(meter: Meter, quantity: Decimal, share: Share, kind: str, price: Price | None) -> Line:
    if price is not None and price.unit != meter.unit:
        raise UnitError(meter, price)
    return Line(
        meter.component,
        kind,
        meter.item,
        meter.unit,
        quantity,
        price,
        None if price is None else share.cost_usd(price, quantity).quantize(QUANTUM),
        meter.basis,
        meter.why,
        share,
    )
