"""Pricing environments as a command was told to, and what it found."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.findings.check import Checked
from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from trazo.input.options import PricingOptions, SimulationOptions
from trazo.input.reading import may_be_read
from trazo.output.run import INTERRUPTED, WRONG_USAGE, fail, stop
from trazo.output.terminal import print_findings
from trazo_spec.diagnostics import Diagnostic

if TYPE_CHECKING:
    from cost.advice.advice import Appraisal
    from cost.bill.bill import UnitError
    from cost.bill.calendar import Period
    from cost.bill.distribution import Sensitivity
    from cost.bill.estimate import Estimate
    from cost.bill.pricing import Conditions
    from cost.rates.catalogue import Catalogue
    from cost.rates.terms import Terms


CLOSED_FORM = SimulationOptions(runs=0)


def priced(
    checked: Checked,
    plans: Mapping[str, Plan],
    period: "Period",
    pricing: PricingOptions,
    simulation: SimulationOptions,
    *,
    sweep: bool = False,
    tell: Callable[[str], None] = lambda _text: None,
) -> Iterator["Appraisal"]:
    """Environments with their estimates, one after the other; after Ctrl-C, those that are there.

    Args:
        checked: The spec.
        plans: What its environments become.
        period: What is billed.
        pricing: At which prices, and with which guesses for use that the spec does not state.
        simulation: How many months are simulated, from which seed.
        sweep: Whether to simulate under other assumptions, too.
        tell: Is told what goes on.
    """
    from cost.advice.advice import Appraisal
    from cost.advice.alternatives import advised
    from cost.bill.estimate import estimate

    folder = Path(checked.loaded.file).parent
    conditions = chosen_conditions(folder, period, pricing)
    for name, plan in plans.items():
        graph = checked.graphs[name]
        outcomes: Sensitivity = ()
        with fitting_units(folder, pricing.prices):
            if simulation.runs == 0 or not any(graph.fleets()):
                base_estimate = estimate(graph, plan, conditions)
            else:
                base_estimate = _simulated(graph, plan, conditions, simulation, tell)
                if sweep and not _cut_short(base_estimate):
                    outcomes = _swept(graph, plan, conditions, simulation, tell)
            appraisal = Appraisal(base_estimate, advised(graph, plan, conditions), outcomes)
        yield appraisal
        if _cut_short(base_estimate):
            return


def _simulated(
    graph: Graph,
    plan: Plan,
    conditions: "Conditions",
    simulation: SimulationOptions,
    tell: Callable[[str], None],
) -> "Estimate":
    """The estimate of an environment from simulated months."""
    from cost.simulation.months import Runs
    from cost.simulation.outlook import simulated_estimate

    name = graph.environment
    tell(f"{name}: simulating")
    runs = Runs(
        simulation.runs,
        simulation.seed,
        lambda done, whole: tell(f"{name}: {done:,} of {whole:,} months simulated"),
    )
    return simulated_estimate(graph, plan, conditions, runs)


def _swept(
    graph: Graph,
    plan: Plan,
    conditions: "Conditions",
    simulation: SimulationOptions,
    tell: Callable[[str], None],
) -> "Sensitivity":
    """What other assumptions would change."""
    from cost.simulation.months import Runs
    from cost.simulation.sweep import MONTHS, sweep

    runs = Runs(
        simulation.runs or MONTHS,
        simulation.seed,
        lambda done, whole: tell(f"{graph.environment}: {done} of {whole} assumptions simulated"),
    )
    return sweep(graph, plan, conditions, runs)


def stopped(results: "Sequence[Appraisal]") -> bool:
    """Whether Ctrl-C ended the last simulation before all its months were there."""
    return _cut_short(results[-1].estimate)


def _cut_short(estimate: "Estimate") -> bool:
    spread = estimate.distribution
    return spread is not None and spread.stopped


def stop_unfinished(results: "Sequence[Appraisal]") -> None:
    """Exits when a simulation was stopped: a file is written from all months, or not at all."""
    if stopped(results):
        stop("stopped: nothing was written", INTERRUPTED)


def chosen_conditions(folder: Path, period: "Period", pricing: PricingOptions) -> "Conditions":
    """Under which conditions the specs of a folder are priced."""
    from cost.bill.pricing import Conditions

    catalogue, terms = chosen_catalogue(folder, pricing.prices, free_tier=pricing.free_tier)
    return Conditions(period, catalogue, pricing.profile, terms)


def chosen_catalogue(
    folder: Path, prices: Path | None = None, *, free_tier: bool = False
) -> "tuple[Catalogue, Terms]":
    """The prices beside a spec, else the shipped ones, with a price book laid over them.

    Args:
        folder: Where the spec is.
        prices: The price book, if there is one.
        free_tier: Whether to take off what is free.
    """
    from cost.rates.allowances import read_allowances
    from cost.rates.catalogue_file import read_catalogue
    from cost.rates.price_book import apply, read_price_book
    from cost.rates.price_file import PriceFileError, UnreadableError
    from cost.rates.terms import Terms

    own = catalogue_place(folder)
    if os.path.lexists(own) and not own.is_file():
        stop(f"{own} is not a file that prices can be read from: remove it", WRONG_USAGE)
    try:
        catalogue = read_catalogue(own, str(own)) if own.is_file() else read_catalogue()
        book = None if prices is None else read_price_book(prices)
        catalogue = catalogue if book is None else apply(book, catalogue)
    except UnreadableError as error:
        stop(str(error), WRONG_USAGE)
    except PriceFileError as error:
        print_findings(error.found, error.sources, quiet=True)
        fail(error.found)
    free = read_allowances() if free_tier else {}
    return catalogue, Terms(free, None if book is None else book.savings_plan)


def catalogue_place(folder: Path) -> Path:
    """Where prices beside a spec are or would be; exits when a link leads out of its folder."""
    from cost.rates.catalogue_file import BESIDE

    own = folder / BESIDE
    if os.path.lexists(own) and not may_be_read(own, folder):
        stop(
            f"{own} is a link to a file outside the spec's folder: copy the file, or allow its "
            "folder with `--allow-read PATH`",
            WRONG_USAGE,
        )
    return own


@contextmanager
def fitting_units(folder: Path, prices: Path | None) -> Iterator[None]:
    """Exits with a finding where a price of one's own is not for one of what is metered.

    Args:
        folder: Where the spec is, with the prices beside it.
        prices: The price book, if there is one.
    """
    from cost.bill.bill import UnitError

    try:
        yield
    except UnitError as error:
        finding, sources = _unit_finding(error, folder, prices)
        print_findings([finding], sources, quiet=True)
        fail([finding])


def _unit_finding(
    error: "UnitError", folder: Path, prices: Path | None
) -> tuple[Diagnostic, dict[str, str]]:
    """The finding about a price in another unit, and the text that it is in."""
    from cost.rates.catalogue_file import BESIDE, unit_place
    from cost.rates.price_book import read_price_book
    from cost.rates.price_file import price_file_text, wrong

    meter, price = error.meter, error.price
    entries = () if prices is None else read_price_book(prices).entries
    places = [e.at for e in entries if (e.item, e.unit) == (price.item, price.unit)]
    own = folder / BESIDE
    if not places and not own.is_file():
        raise error  # a price that is shipped: our bug
    place = places[-1] if places else unit_place(own, price.item, price.region)
    message = f"`{price.item}` is priced per `{price.unit}`, but bills count it per `{meter.unit}`"
    advice = f"give a price per `{meter.unit}`"
    text = price_file_text(Path(place.file), place.file)
    return wrong("TZ705", message, place, advice), {place.file: text}


def over_budget(budget: float | None, results: "Sequence[Appraisal]") -> list[Diagnostic]:
    """The finding that all environments together are over the budget, if they are."""
    from cost.bill.bill import budget_finding

    if budget is None:
        return []
    total = sum((result.estimate.total_usd for result in results), Decimal(0))
    finding = budget_finding(total, Decimal(repr(budget)))
    return [] if finding is None else [finding]


def chosen_period(pricing: PricingOptions) -> "Period":
    """The period that a command was told, else the coming month."""
    from cost.bill.calendar import coming_month, hours, month

    now = datetime.now(UTC)
    if pricing.month and pricing.hours is not None:
        stop("use either `--month` or `--hours`, not both", WRONG_USAGE)
    try:
        if pricing.hours is not None:
            return hours(pricing.hours, now)
        return month(pricing.month) if pricing.month else coming_month(now)
    except ValueError as error:
        stop(str(error), WRONG_USAGE)
