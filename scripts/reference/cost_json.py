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
`trazo cost SPEC --json` prints one document of the form `{SCHEMA}`; `trazo build` writes the same
as `cost.json`. Fields may be added to this form, none is renamed or removed. Amounts are in US
dollars, list prices before tax. The costs of `lines` sum to `total_usd.mean`.

Without a simulation (`--runs 0`, or a spec without services) P10, P50 and P90 equal the mean, and
what only a simulation can know is null."""

FIELDS: Mapping[str, str] = {
    "schema": "The form of the document.",
    "spec": "The name of the project.",
    "environment": "The environment that is priced.",
    "region": "Its AWS region.",
    "period.start": "The first moment of the period, in UTC.",
    "period.end": "The first moment that is no longer part of it.",
    "period.hours": "Its length, in hours.",
    "seed": "The seed of the simulation; null without one.",
    "runs": "How many months were simulated.",
    "currency": "Always `USD`.",
    "lines[].component": "The component that is billed.",
    "lines[].kind": "Its kind.",
    "lines[].item": "What is billed, as the price catalogue calls it.",
    "lines[].unit": "What one of it is.",
    "lines[].quantity": "How many units in the period.",
    "lines[].free_quantity": "How much of it is free; 0 without `--free-tier`.",
    "lines[].unit_price_usd": "Price of one unit; null when none is known. Not there with tiers.",
    "lines[].tiers[].from_quantity": "Where a tier begins, in units. Only there with tiers.",
    "lines[].tiers[].usd": "Price of one unit in that tier.",
    "lines[].cost_usd": "What the line costs; null when no price is known.",
    "lines[].basis": "Whether the quantity follows from the spec (`fixed`), from an assumption "
    "(`assumed`), or from the load of tasks (`simulated`).",
    "lines[].why": "How the quantity comes about.",
    "lines[].price_source": "Where the price was read.",
    "lines[].price_effective": "When AWS published it, or when it was read.",
    "lines[].price_confidence": "How directly it comes from AWS: `offer-file`, `vendor-page`, "
    "`secondary`, `derived` or `negotiated`.",
    "total_usd.mean": "The total.",
    "total_usd.p10": "One month in ten costs less.",
    "total_usd.p50": "Every second month costs less.",
    "total_usd.p90": "Nine months in ten cost less.",
    "standard_error_usd": "How uncertain the mean is: its standard deviation; null without a "
    "simulation.",
    "over_budget_share": "Share of simulated months that cost more than `--budget`; null without "
    "one of them.",
    "floor_usd": "What is billed even with no task and no visitor.",
    "savings[].scenario": "One way to run the same application; see "
    "[the six scenarios](../explanation/cost-model.md#the-six-scenarios).",
    "savings[].total_usd": "What it costs so.",
    "savings[].compute_usd": "The part of it that Fargate tasks cost.",
    "savings[].saved_usd": "What it saves against `on_demand_always_on`.",
    "savings[].saved_share": "The same as a share of that total, 0 to 1.",
    "ceiling_usd": "The most that autoscaling, schedule and Spot could save: all that tasks cost "
    "on demand, always on.",
    "interaction.alone_usd.autoscaling": "What autoscaling saves alone. `interaction` is null "
    "without a service.",
    "interaction.alone_usd.schedule": "What the schedule saves alone.",
    "interaction.alone_usd.spot": "What Spot saves alone.",
    "interaction.sum_usd": "The sum of the three.",
    "interaction.together_usd": "What they save together, as the spec is written.",
    "interaction.difference_usd": "Together less the sum: below 0 where each saves from what the "
    "others leave.",
    "statements[].about": "What a sentence is about: `parts`, `floor`, `ceiling`, `together`, "
    "`break_even`, `alternative` or `service`.",
    "statements[].text": "The sentence, in English.",
    "statements[].usd": "The amount that it is about; the largest comes first.",
    "alternatives[].name": "A change: `arm64`, `endpoints_for_nat`, `nat_for_endpoints`, "
    "`one_task`, `schedule`, `single_az`, `single_nat`, `spot` or `stopped_database`.",
    "alternatives[].component": "The component that would be written otherwise.",
    "alternatives[].title": "What it would be instead of what it is.",
    "alternatives[].saved_usd": "What that alone saves in the period, in closed form; below 0 when "
    "it costs more.",
    "alternatives[].tradeoff": "What it costs in service or risk.",
    "schedule_fixes[].code": "The code of a finding about a schedule, which `findings` has too.",
    "schedule_fixes[].component": "The service.",
    "schedule_fixes[].fix": "What would be changed.",
    "schedule_fixes[].saved_usd": "What that saves in the period, in closed form; below 0 when it "
    "costs more.",
    "sensitivity[].varied": "Which assumptions differ from the spec's: `interruptions`, "
    "`price_drift`, `start`, or none. The list is empty without `--sweep`.",
    "sensitivity[].interruptions_per_task_month": "Spot interruptions of a task in 730 hours.",
    "sensitivity[].gap_s": "Until Spot capacity is back, on average, in seconds.",
    "sensitivity[].price_drift_share": "How far a month's Spot price lies from the catalogue's at "
    "most.",
    "sensitivity[].start_s": "Provisioning, image pull and boot of a task, in seconds.",
    "sensitivity[].mean_usd": "The total then.",
    "sensitivity[].p10_usd": "One month in ten costs less.",
    "sensitivity[].p90_usd": "Nine months in ten cost less.",
    "sensitivity[].refused_share": "Share of all requests that find no task.",
    "sensitivity[].outage_minutes": "Minutes without a task, though the bounds allow some.",
    "sensitivity[].spot_minutes_lost": "Minutes of tasks that are missing after interruptions.",
    "services[].component": "A service.",
    "services[].baseline_tasks": "Tasks that its peak needs when no schedule stops them.",
    "services[].hours_on": "Hours in which at least one task runs.",
    "services[].hours_off": "Hours in which none runs.",
    "services[].refused_share": "Share of requests that find no task; null without a simulation, "
    "as all up to `interruptions`.",
    "services[].excess_share": "Share of the demand for CPU above what the tasks have.",
    "services[].outage_minutes": "Minutes without a task, though the bounds allow some.",
    "services[].longest_outage_minutes": "The longest of them in a row.",
    "services[].spot_minutes_lost": "Minutes of tasks that are missing after Spot interruptions.",
    "services[].interruptions": "Spot tasks that are interrupted.",
    "services[].windows[].start": "From when the bounds hold, in UTC.",
    "services[].windows[].end": "Until when, in UTC.",
    "services[].windows[].min": "The fewest tasks.",
    "services[].windows[].max": "The most tasks.",
    "findings[]": "What pricing found, in the form of [a finding](diagnostics.md).",
    "assumptions[].component": "The component whose use is assumed.",
    "assumptions[].name": "What is assumed: the field of `traffic` or `simulation`.",
    "assumptions[].value": "The number.",
    "assumptions[].unit": "Its unit.",
    "assumptions[].reason": "Why this number.",
    "assumptions[].source": "`spec` when the spec states it, `default` when not.",
    "unpriced[]": "Component and item of every line without a price.",
    "not_priced[].name": "Something that AWS may bill and no line holds.",
    "not_priced[].why": "Why it has no line, and when it costs something.",
    "terms.free_tier": "Whether the free allowances of an account are taken off.",
    "terms.savings_plan": "The Savings Plan with `commitment_usd_per_h` and `discount_share`; null "
    "without one.",
    "catalogue.name": "The prices that were used.",
    "catalogue.date": "The newest date in them.",
    "catalogue.prices": "How many there are.",
}


def write() -> str:
    """The page."""
    types = dict(_types("", as_json(simulated())))
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


def _types(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Every field with its JSON type; of a list, all fields that any member has."""
    match value:
        case list() if path in OPAQUE:
            yield f"{path}[]", "object"
        case dict():
            for key, below in value.items():
                yield from _types(f"{path}.{key}" if path else key, below)
        case list():
            for item in value:
                yield from _types(f"{path}[]", item)
        case bool() | None:
            yield path, "null" if value is None else "boolean"
        case int() | float():
            yield path, "number"
        case _:
            yield path, "text"
