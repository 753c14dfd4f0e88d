"""Loads x meters x prices -> a bill, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from compiler.plan import Basis, Load, Meter
from cost.catalogue import Catalogue, Price, cost
from trazo_spec.diagnostics import Diagnostic, Severity

# Fine enough for one request at its price, coarse enough that sums of floats look clean.
QUANTUM = Decimal("0.000001")


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
) -> Bill:
    """The bill of some meters under the load of each component; items with no quantity stay out."""
    lines = (_line(meter, loads[meter.component], kinds, catalogue, region) for meter in meters)
    chosen = (line for line in lines if line.quantity)
    return Bill(tuple(sorted(chosen, key=lambda li: (li.component, li.item, li.why))))


def unpriced_findings(bill: Bill, region: str) -> tuple[Diagnostic, ...]:
    """A finding for every line that has no price."""
    return tuple(
        Diagnostic(
            "TZ701",
            Severity.WARNING,
            f"`{line.component}` needs {line.quantity:,.2f} {line.unit} of `{line.item}`, "
            f"and no price of it is known in {region}",
            ("components", line.component),
            help="the total lacks this line; give the price with `--prices`",
        )
        for line in bill.unpriced
    )


def _line(
    meter: Meter, load: Load, kinds: Mapping[str, str], catalogue: Catalogue, region: str
) -> Line:
    quantity = Decimal(repr(meter.quantity(load))).quantize(QUANTUM)
    price = catalogue.price(meter.item, region)
    if price is not None and price.unit != meter.unit:
        raise ValueError(f"{meter.item} is metered in {meter.unit} and priced in {price.unit}")
    return Line(
        meter.component,
        kinds.get(meter.component, ""),
        meter.item,
        meter.unit,
        quantity,
        price,
        None if price is None else cost(price, quantity).quantize(QUANTUM),
        meter.basis,
        meter.why,
    )
