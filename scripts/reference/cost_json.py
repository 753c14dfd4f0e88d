"""`docs/reference/cost-json.md`: the fields of what `trazo cost --json` prints."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from cost.advice.advice import Appraisal
from cost.advice.alternatives import advised
from cost.bill.calendar import month
from cost.bill.estimate import Estimate, estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.showing.document import SCHEMA, as_json
from cost.simulation.months import Runs
from cost.simulation.outlook import simulated_estimate
from cost.simulation.sweep import sweep
from reference import page, table
from trazo_spec.load import load

SPEC = Path(__file__).parent.parent.parent / "specs" / "trazo.yaml"
MONTH = "2026-12"
OPAQUE = ("findings", "unpriced")
"""Lists that are empty when all is well, so that a sample does not show their fields."""

INTRO = f"""\
`trazo cost SPEC --json` prints one document in the format `{SCHEMA}`; `trazo build` writes the
same as `cost.json`. Fields may be added to this format, but are never renamed or removed. Amounts
are in US dollars, list prices before tax. The costs of `lines` sum to `total_usd.mean`.

Without a simulation (`--runs 0`, or a spec without services), P10, P50 and P90 equal the mean, and
values that require a simulation are null."""

FIELDS: Mapping[str, str] = {
    "schema": "The format of the document.",
    "spec": "The name of the project.",
    "environment": "The priced environment.",
    "region": "Its AWS region.",
    "period.start": "The start of the period, in UTC.",
    "period.end": "The end of the period, exclusive.",
    "period.hours": "Its length, in hours.",
    "seed": "The seed of the simulation; null without one.",
    "runs": "Number of simulated months.",
    "currency": "Always `USD`.",
    "lines[].component": "The billed component.",
    "lines[].kind": "Its kind.",
    "lines[].item": "The billed item, as named in the price catalogue.",
    "lines[].unit": "The unit of the quantity.",
    "lines[].quantity": "Number of units in the period.",
    "lines[].free_quantity": "The free part of the quantity; 0 without `--free-tier`.",
    "lines[].unit_price_usd": "Price of one unit; null if it is not known. Absent for tiered "
    "prices.",
    "lines[].tiers[].from_quantity": "Where a tier begins, in units. Present only for tiered "
    "prices.",
    "lines[].tiers[].usd": "Price of one unit in that tier.",
    "lines[].cost_usd": "The cost of the line; null if no price is known.",
    "lines[].basis": "The basis of the quantity: the spec (`fixed`), an assumption (`assumed`), "
    "or the load of tasks (`simulated`).",
    "lines[].why": "How the quantity is calculated.",
    "lines[].price_source": "The source of the price.",
    "lines[].price_effective": "When AWS published it, or when it was read.",
    "lines[].price_confidence": "The reliability of the source: `offer-file`, `vendor-page`, "
    "`secondary`, `derived` or `negotiated`.",
    "total_usd.mean": "The total.",
    "total_usd.p10": "One month in ten costs less.",
    "total_usd.p50": "Half of the months cost less.",
    "total_usd.p90": "Nine months in ten cost less.",
    "standard_error_usd": "The standard error of the mean; null without a simulation.",
    "over_budget_share": "Share of simulated months that cost more than `--budget`; null without "
    "a simulation or a budget.",
    "floor_usd": "The amount billed even without tasks or traffic.",
    "savings[].scenario": "A way to run the same application; see [the six "
    "scenarios](../explanation/cost-model.md#the-six-scenarios).",
    "savings[].total_usd": "The total cost in this scenario.",
    "savings[].compute_usd": "The part of it for Fargate tasks.",
    "savings[].saved_usd": "Savings compared with `on_demand_always_on`.",
    "savings[].saved_share": "The same as a share of that scenario's total, 0 to 1.",
    "ceiling_usd": "The most that autoscaling, schedule and Spot could save: the cost of "
    "on-demand tasks that are always on.",
    "interaction.alone_usd.autoscaling": "Savings from autoscaling alone. `interaction` is null "
    "without a service.",
    "interaction.alone_usd.schedule": "Savings from the schedule alone.",
    "interaction.alone_usd.spot": "Savings from Spot alone.",
    "interaction.sum_usd": "The sum of the three.",
    "interaction.together_usd": "Their combined savings, as the spec is written.",
    "interaction.difference_usd": "Combined savings minus the sum; negative if the savings "
    "overlap.",
    "statements[].about": "The topic of a sentence: `parts`, `floor`, `ceiling`, `together`, "
    "`break_even`, `alternative` or `service`.",
    "statements[].text": "The sentence, in English.",
    "statements[].usd": "The amount in the sentence; the largest comes first.",
    "alternatives[].name": "A change: `arm64`, `endpoints_for_nat`, `nat_for_endpoints`, "
    "`one_task`, `schedule`, `single_az`, `single_nat`, `spot` or `stopped_database`.",
    "alternatives[].component": "The component that would change.",
    "alternatives[].title": "A description of the change.",
    "alternatives[].saved_usd": "Savings from this change alone in the period, in closed form; "
    "negative if it costs more.",
    "alternatives[].tradeoff": "The disadvantage in service or risk.",
    "schedule_fixes[].code": "The code of a finding about a schedule, which is also in `findings`.",
    "schedule_fixes[].component": "The service.",
    "schedule_fixes[].fix": "A description of the fix.",
    "schedule_fixes[].saved_usd": "Savings in the period, in closed form; negative if it costs "
    "more.",
    "sensitivity[].varied": "The assumptions that differ from the spec: `interruptions`, "
    "`price_drift`, `start`, or none. The list is empty without `--sweep`.",
    "sensitivity[].interruptions_per_task_month": "Spot interruptions of a task in 730 hours.",
    "sensitivity[].gap_s": "Mean time until Spot capacity is available again, in seconds.",
    "sensitivity[].price_drift_share": "Maximum deviation of a month's Spot price from the "
    "catalogue price.",
    "sensitivity[].start_s": "Provisioning, image pull and boot of a task, in seconds.",
    "sensitivity[].mean_usd": "The mean total.",
    "sensitivity[].p10_usd": "One month in ten costs less.",
    "sensitivity[].p90_usd": "Nine months in ten cost less.",
    "sensitivity[].refused_share": "Share of all requests refused because no task runs.",
    "sensitivity[].outage_minutes": "Minutes without a running task although the limits allow one.",
    "sensitivity[].spot_minutes_lost": "Task minutes lost to interruptions.",
    "services[].component": "A service.",
    "services[].baseline_tasks": "Tasks required at peak demand without a schedule.",
    "services[].hours_on": "Hours with at least one running task.",
    "services[].hours_off": "Hours without running tasks.",
    "services[].refused_share": "Share of requests refused because no task runs. This and all "
    "fields up to `interruptions` are null without a simulation.",
    "services[].excess_share": "Share of CPU demand that exceeds the capacity of the tasks.",
    "services[].outage_minutes": "Minutes without a running task although the limits allow one.",
    "services[].longest_outage_minutes": "The longest such outage.",
    "services[].spot_minutes_lost": "Task minutes lost to Spot interruptions.",
    "services[].interruptions": "Number of interrupted Spot tasks.",
    "services[].windows[].start": "When the limits begin to apply, in UTC.",
    "services[].windows[].end": "When they stop applying, in UTC.",
    "services[].windows[].min": "Minimum number of tasks.",
    "services[].windows[].max": "Maximum number of tasks.",
    "findings[]": "Findings about prices, in the format of [a finding](diagnostics.md).",
    "assumptions[].component": "The component that the assumption applies to.",
    "assumptions[].name": "The assumed field of `traffic` or `simulation`.",
    "assumptions[].value": "The number.",
    "assumptions[].unit": "Its unit.",
    "assumptions[].reason": "The reason for this number.",
    "assumptions[].source": "`spec` if the spec sets it, otherwise `default`.",
    "unpriced[]": "Component and item of every line without a price.",
    "not_priced[].name": "Something that AWS may bill but that has no line.",
    "not_priced[].why": "Why it has no line, and when it incurs costs.",
    "terms.free_tier": "Whether the AWS free tier is subtracted.",
    "terms.savings_plan": "The Savings Plan with `commitment_usd_per_h` and `discount_share`; null "
    "without one.",
    "catalogue.name": "The name of the price catalogue.",
    "catalogue.date": "The newest date in them.",
    "catalogue.prices": "The number of prices.",
}


def write() -> str:
    """The page."""
    types = dict(types_of("", as_json(simulated())))
    unknown, gone = sorted(types.keys() - FIELDS.keys()), sorted(FIELDS.keys() - types.keys())
    if unknown or gone:
        raise SystemExit(f"scripts/reference/cost_json.py: without a word {unknown}, gone {gone}")
    rows = ((f"`{path}`", types[path], meaning) for path, meaning in FIELDS.items())
    fields = table(("field", "type", "meaning"), rows)
    return page("The cost document", "`scripts/reference/cost_json.py`", INTRO, fields)


def simulated() -> Appraisal:
    """The estimate of a spec that has every field."""
    graph, conditions = _graph(), Conditions(month(MONTH), read_catalogue())
    plan, runs = lower(graph), Runs(50)
    found = simulated_estimate(graph, plan, conditions, runs)
    rows = sweep(graph, plan, conditions, Runs(2))
    return Appraisal(found, advised(graph, plan, conditions), rows)


def priced() -> Estimate:
    """The same in closed form, whose numbers can be worked out by hand."""
    graph = _graph()
    return estimate(graph, lower(graph), Conditions(month(MONTH), read_catalogue()))


def _graph() -> Graph:
    return build(load(SPEC.read_bytes(), SPEC.name).environments["prod"], "prod")


def types_of(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Every field with its JSON type; of a list, all fields that any member has."""
    match value:
        case list() if path in OPAQUE:
            yield f"{path}[]", "object"
        case dict():
            for key, below in value.items():
                yield from types_of(f"{path}.{key}" if path else key, below)
        case list():
            for item in value:
                yield from types_of(f"{path}[]", item)
        case bool() | None:
            yield path, "null" if value is None else "boolean"
        case int() | float():
            yield path, "number"
        case _:
            yield path, "text"
