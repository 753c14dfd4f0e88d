"""What is said about an estimate: in words, as alternatives, and on schedules, in dollars."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner

from compiler.findings.check import check
from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from compiler.rules.scheduling import RULES
from cost.advice.advice import Alternative, Appraisal, PricedFix
from cost.advice.alternatives import advised
from cost.advice.candidates import candidates
from cost.advice.saved import as_written
from cost.advice.statements import ALONE, interaction, statements
from cost.bill.calendar import hours, month
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.rates.terms import SavingsPlan, Terms
from cost.showing.document import as_json
from cost.simulation.months import Runs
from cost.simulation.sweep import sweep
from tests.examples import HEAD, graph_of
from tests.strategies.sample import Compiled, compiled
from trazo.program import app
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
CONDITIONS = Conditions(month("2026-12"), read_catalogue())  # 744 hours, from a Tuesday on
WEEK = replace(CONDITIONS, period=hours(168, datetime(2026, 11, 22, tzinfo=UTC)))
CENT = Decimal("0.01")
SERVICE = "web: {kind: ecs, image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1%s}\n"
OFFICE = 'schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}'


def advised_on(graph: Graph, conditions: Conditions = CONDITIONS) -> Appraisal:
    """The estimate in closed form, with advice."""
    plan = lower(graph)
    return Appraisal(estimate(graph, plan, conditions), advised(graph, plan, conditions))


def shipped(name: str, environment: str = "prod") -> Appraisal:
    """The advice on a shipped spec."""
    text = (ROOT / "specs" / f"{name}.yaml").read_text(encoding="utf-8")
    return advised_on(check(load(text)).graphs[environment])


def said(found: Appraisal, about: str) -> str:
    """What is said about something, in one text."""
    return " ".join(s.text for s in statements(found) if s.about == about)


def alternative(found: Appraisal, name: str, component: str) -> Alternative:
    """One alternative."""
    (one,) = [a for a in found.advice.alternatives if (a.name, a.component) == (name, component)]
    return one


def saved(found: Appraisal, name: str, component: str) -> Decimal:
    """What an alternative saves, to the cent."""
    return alternative(found, name, component).saved_usd.quantize(CENT)


# Savings that do not add up


def test_the_interaction_of_the_source_document_is_named_in_dollars():
    """4.00 and 5.69 alone, 7.21 together: docs/explanation/cost-model.md, worked out by hand."""
    found = interaction(shipped("trazo").estimate)

    assert found is not None
    assert {n: usd.quantize(CENT) for n, usd in found.alone_usd.items()} == {
        "autoscaling": Decimal("0.00"),
        "schedule": Decimal("4.00"),
        "spot": Decimal("5.69"),
    }
    assert found.difference_usd.quantize(CENT) == Decimal("-2.48")


@given(compiled())
def test_together_is_the_sum_and_what_is_said_about_it(spec: Compiled):
    """Three numbers of one sentence have to add up."""
    plan, graph = lower(spec.graphs[spec.first]), spec.graphs[spec.first]
    found = estimate(graph, plan, WEEK)
    named = interaction(found)

    assert (named is None) == (not found.services)
    if named is not None:
        assert sum(named.alone_usd.values()) + named.difference_usd == named.together_usd
        assert set(named.alone_usd) == set(ALONE)


@given(compiled())
def test_nothing_saves_more_than_the_ceiling(spec: Compiled):
    """It is what tasks cost on demand, always on, unless a schedule asks for more tasks."""
    graph = spec.graphs[spec.first]
    found = estimate(graph, lower(graph), WEEK)

    assert found.ceiling_usd == found.saving("on_demand_always_on").compute_usd
    assert all(s.saved_usd <= found.ceiling_usd for s in found.savings)


def test_a_savings_plan_is_no_part_of_the_ceiling():
    """It is paid in every hour of its term, whatever is saved on tasks."""
    plan = SavingsPlan(Decimal("0.01"), Decimal("0.2"), "a contract")
    terms = replace(CONDITIONS, terms=Terms(savings_plan=plan))
    graph = graph_of(SERVICE % "")
    with_plan, without = (advised_on(graph, c).estimate for c in (terms, CONDITIONS))

    # 744 hours of 0.0125 USD on demand are covered; the commitment is on both sides.
    covered = Decimal("744") * Decimal("0.0125")
    assert (without.ceiling_usd - with_plan.ceiling_usd).quantize(CENT) == min(
        covered, without.ceiling_usd
    ).quantize(CENT)


# In words


def test_the_largest_amount_is_said_first():
    """A reader may stop after any sentence."""
    amounts = [s.usd for s in statements(shipped("trazo"))]

    assert amounts == sorted(amounts, reverse=True)


def test_the_parts_are_named_with_their_share_of_the_bill():
    """33.48 + 0.45 of NAT, 17.64 of the load balancer and 14.20 of the database make 65.77."""
    assert said(shipped("trazo"), "parts") == (
        "NAT, load balancers and databases are 69% of the bill: $65.77 of $95.48."
    )


def test_measures_alone_and_together_are_one_sentence():
    """The reader sees why 4.00 and 5.69 make 7.21."""
    assert said(shipped("trazo"), "together") == (
        "Alone, the schedule saves $4.00 and Spot saves $5.69; together they save $7.21, $2.48 "
        "less than the sum, because the savings overlap."
    )


def test_one_measure_is_said_alone():
    """A sum of one would be odd."""
    spot = ", capacity: {spot: {weight: 1}}"

    assert said(advised_on(graph_of(SERVICE % spot)), "together").startswith("Spot alone saves $")


def test_break_even_holds_for_a_schedule_of_just_so_many_hours():
    """Without Spot, a schedule that stops for this share of the time saves as much."""
    appraisal = shipped("trazo")
    found = appraisal.estimate
    spot = found.saving("spot_only").saved_usd / found.ceiling_usd
    stopped = found.saving("schedule_only").saved_usd / found.ceiling_usd

    assert stopped == pytest.approx(Decimal(324) / 744, abs=Decimal("0.001"))
    assert f"tasks would have to be stopped {spot:.0%} of the time" in said(appraisal, "break_even")


def test_the_ceiling_says_how_much_of_it_is_reached():
    """7.21 of 9.18 USD."""
    assert said(shipped("trazo"), "ceiling").endswith("as written, they save $7.21 of it, 79%.")


def test_no_sentence_recommends_less_service():
    """The largest number of the table is Multi-AZ, which nobody gives up unasked."""
    found = shipped("no-nat")

    assert found.advice.alternatives[0].name == "single_az"
    assert "`app` with Fargate Spot instead of on demand" in said(found, "alternative")


@given(compiled())
def test_sentences_of_any_bill_are_sentences(spec: Compiled):
    """Whatever a spec holds: a capital letter, a full stop, and no Python."""
    for statement in statements(advised_on(spec.graphs[spec.first], WEEK)):
        assert statement.text[0] == "`" or statement.text[0].isupper()
        assert statement.text.endswith(".")
        assert not any(word in statement.text for word in ("None", "Decimal", "NaN", "Infinity"))


def test_visitors_who_find_no_task_are_said():
    """What is saved is paid for by somebody."""
    result = CliRunner().invoke(
        app, ["cost", str(ROOT / "specs/trazo.yaml"), "--month", "2026-12", "--runs", "2"]
    )

    assert "`web` does not have a running task for 3" in result.stdout


# Alternatives


def test_arm_costs_a_fifth_less():
    """0.25 vCPU and 0.5 GB in 744 hours: 9.18 USD of x86, 7.35 of ARM64 (list prices)."""
    assert saved(advised_on(graph_of(SERVICE % "")), "arm64", "web") == Decimal("1.84")


def test_endpoints_instead_of_nat_are_priced_with_all_that_they_need():
    """NAT 33.48 + 3.72 + 0.45 + 0.10 + 0.18; four endpoints x two zones x 744 h x 0.01 + 0.10."""
    assert saved(shipped("trazo"), "endpoints_for_nat", "network") == Decimal("-21.69")


def test_endpoints_are_no_alternative_where_an_image_comes_from_the_internet():
    """A spec that would not start is no advice."""
    graph = graph_of("network: {kind: networking}\nweb: {kind: ecs, image: nginx:1}\n")

    assert "endpoints_for_nat" not in {a.name for a in advised_on(graph).advice.alternatives}


def test_a_database_stops_while_nothing_that_uses_it_runs():
    """324 hours in 27 nights, half an hour of each on both sides; 11.904 USD in 744 hours."""
    found = alternative(shipped("trazo"), "stopped_database", "database")
    nights = 28  # December begins and ends within one

    expected = Decimal("11.904") * (324 - Decimal(nights) / 2) / 744
    assert found.saved_usd.quantize(CENT) == expected.quantize(CENT)
    assert "its disk and backups are still billed" in found.tradeoff


def test_a_database_of_a_service_that_always_runs_does_not_stop():
    """There is no hour without it."""
    graph = graph_of(SERVICE % ", uses: {db: connect}" + "db: {kind: rds}\n")

    assert "stopped_database" not in {a.name for a in advised_on(graph).advice.alternatives}


def test_a_stop_of_more_than_a_week_names_awss_own_start():
    """RDS starts an instance by itself after 7 days."""
    schedule = (
        ", uses: {db: connect}, scaling: {schedule: {actions: ["
        '{name: up, cron: "0 8 1 * ? *", min: 1}, '
        '{name: down, cron: "0 8 2 * ? *", min: 0, max: 0}]}}'
    )
    found = advised_on(graph_of(SERVICE % schedule + "db: {kind: rds}\n"))

    assert (
        "AWS restarts it automatically after 7 days"
        in alternative(found, "stopped_database", "db").tradeoff
    )


def test_one_task_instead_of_two_saves_one_of_them():
    """9.18 USD in December, less 0.20 of the two alarms of a service that may scale."""
    graph = graph_of(SERVICE % ", scaling: {min: 2, max: 2}")

    assert saved(advised_on(graph), "one_task", "web") == Decimal("8.98")


def test_a_schedule_says_which_requests_it_refuses():
    """Flat demand: 276 of 744 hours are weekdays from 8 to 20."""
    found = alternative(advised_on(graph_of(SERVICE % "")), "schedule", "web")

    assert found.tradeoff.startswith("63% of its requests")  # 1 - 276 / 744


@given(compiled())
def test_an_alternative_saves_what_the_changed_spec_costs_less(spec: Compiled):
    """Only lines that can change are priced, and yet the difference is that of whole bills."""
    graph = spec.graphs[spec.first]
    before = as_written(graph, lower(graph), WEEK)
    one_of_each = {change.name: change for change in candidates(graph, WEEK.period)}
    for change in one_of_each.values():
        quick = before.saved_usd(change.graph, change.component)
        bills = [estimate(g, lower(g), WEEK).bill for g in (graph, change.graph)]
        if quick is not None:
            assert quick == bills[0].total_usd - bills[1].total_usd


def test_a_change_with_a_savings_plan_is_the_difference_of_whole_bills():
    """The plan covers tasks of all services together."""
    plan = SavingsPlan(Decimal("0.005"), Decimal("0.2"), "a contract")
    conditions = replace(CONDITIONS, terms=Terms(savings_plan=plan))
    graph = graph_of(SERVICE % "" + SERVICE.replace("web:", "api:", 1) % "")
    found = advised_on(graph, conditions)
    components = dict(graph.spec.components)
    components["api"] = components["api"].model_copy(update={"architecture": "arm64"})
    other = build(graph.spec.model_copy(update={"components": components}), "prod")

    assert alternative(found, "arm64", "api").saved_usd == (
        found.estimate.total_usd - advised_on(other, conditions).estimate.total_usd
    )


# Schedules


def scheduled(*actions: str, scaling: str = "min: 1, max: 2") -> tuple[PricedFix, ...]:
    """The priced fixes of a service with these actions, of 0.25 vCPU on demand."""
    listed = ", ".join(f"{{{action}}}" for action in actions)
    text = f", scaling: {{{scaling}, schedule: {{actions: [{listed}]}}}}"
    return advised_on(graph_of(SERVICE % text)).advice.fixes


def test_the_source_documents_sunday_is_priced():
    """Four Sundays run on to Monday 08:00, 32 of 420 hours on Spot for 1.97 USD."""
    (fix,) = [f for f in shipped("trazo").advice.fixes if f.finding.code == "TZ510"]

    assert fix.saved_usd.quantize(CENT) == (Decimal("1.97") * 32 / 420).quantize(CENT)
    assert fix.finding.help.endswith("write `0 0 ? * SUN,MON *`; that saves $0.15 this month")


def test_unix_day_numbers_are_put_right_in_all_actions_at_once():
    """One habit wrote them all; December 2026 has as many Sundays as Fridays."""
    fixes = scheduled(
        'name: up, cron: "0 8 ? * 1-5 *", min: 1',
        'name: down, cron: "0 20 ? * 1-5 *", min: 0, max: 0',
    )

    assert [f.finding.code for f in fixes] == ["TZ505", "TZ505"]
    assert {f.saved_usd.quantize(CENT) for f in fixes} == {Decimal("0.00")}


def test_two_actions_of_a_minute_are_priced_in_the_other_order():
    """AWS publishes no order, so that either bill may come."""
    fixes = scheduled(
        'name: stop, cron: "0 8 ? * * *", min: 0, max: 0',
        'name: start, cron: "0 8 ? * MON-FRI *", min: 1',
    )
    (fix,) = [f for f in fixes if f.finding.code == "TZ512"]

    assert fix.fix.what == "in reverse order"
    assert fix.saved_usd > 0


def test_a_service_that_sleeps_for_good_costs_money_once_it_is_woken():
    """A fix may cost, and says so."""
    (fix,) = scheduled('name: night, cron: "0 20 ? * * *", min: 0, max: 0')

    assert fix.finding.code == "TZ509"
    assert fix.saved_usd < 0
    assert "more this month" in fix.finding.help


def test_validate_names_no_price():
    """It needs no catalogue, and what it says never ages."""
    result = CliRunner().invoke(app, ["validate", str(ROOT / "specs/trazo.yaml")])

    assert "this month" not in result.stderr


def test_cost_shows_the_findings_whose_fix_moves_dollars():
    """0.15 USD of a stop on the wrong day; a time zone that moves hours alone is left to others."""
    words = ["cost", str(ROOT / "specs/trazo.yaml"), "--month", "2026-12", "--runs", "0"]
    shown = CliRunner().invoke(app, words).stderr

    assert "that saves $0.15 this month" in shown
    assert "TZ527" not in shown


@given(compiled())
def test_every_fix_is_priced_in_any_spec(spec: Compiled):
    """No finding about a schedule brings pricing down."""
    codes = {rule.code for rule in RULES}

    assert {f.finding.code for f in advised_on(spec.graphs[spec.first], WEEK).advice.fixes} <= codes


# Documents


def test_the_document_has_all_advice():
    """Programs read the same as people."""
    document = json.loads(json.dumps(as_json(shipped("trazo"))))

    assert document["ceiling_usd"] == pytest.approx(9.18, abs=0.01)
    assert document["interaction"]["difference_usd"] == pytest.approx(-2.48, abs=0.01)
    assert document["alternatives"][0]["name"] == "stopped_database"
    assert {f["code"] for f in document["schedule_fixes"]} <= {
        d["code"] for d in document["findings"]
    }
    assert document["sensitivity"] == []


# Other assumptions

SPOT = HEAD.replace(
    "components:\n", "traffic: {demand: {web: {peak_requests_per_s: 4}}}\ncomponents:\n"
)


def swept(components: str, months: int = 4):
    """A sweep of a spec."""
    graph = graph_of(components, SPOT)
    return sweep(graph, lower(graph), CONDITIONS, Runs(months, 1))


def test_more_interruptions_and_longer_gaps_lose_more_minutes():
    """The sweep goes from never to more than weekly."""
    rows = [
        o for o in swept(SERVICE % ", capacity: {spot: {weight: 1}}") if o.varied == "interruptions"
    ]
    lost = {(o.interruptions_per_task_month, o.gap_s): o.spot_minutes_lost for o in rows}

    assert lost[0.0, 300.0] == 0.0
    assert lost[0.1, 300.0] <= lost[1.0, 300.0] <= lost[5.0, 300.0] < lost[5.0, 3600.0]


def test_price_drift_widens_the_spread_and_leaves_the_mean():
    """It is as often above as below."""
    rows = [
        o for o in swept(SERVICE % ", capacity: {spot: {weight: 1}}") if o.varied == "price_drift"
    ]

    assert len({round(o.mean_usd, 4) for o in rows}) == 1
    assert rows[0].p90_usd - rows[0].p10_usd < rows[-1].p90_usd - rows[-1].p10_usd


def test_without_spot_only_the_start_is_swept():
    """Interruptions of tasks on demand are none."""
    assert {o.varied for o in swept(SERVICE % "", 1)} == {"", "start"}


def test_the_first_row_is_the_spec_itself():
    """All others are read against it."""
    graph = graph_of(SERVICE % ", capacity: {spot: {weight: 1}}", SPOT)
    first = sweep(graph, lower(graph), CONDITIONS, Runs(3, 1))[0]

    assert (first.varied, first.interruptions_per_task_month, first.gap_s) == ("", 0.1, 600.0)
    assert first.start_s == 45.0


def test_nothing_is_swept_where_no_service_is():
    """A static site has no tasks."""
    assert swept("site: {kind: s3, purpose: static}\n") == ()


def test_a_sweep_in_closed_form_is_wrong_usage():
    """`--runs 0` simulates nothing."""
    words = ["cost", str(ROOT / "specs/trazo.yaml"), "--sweep", "--runs", "0"]

    assert CliRunner().invoke(app, words).exit_code == 2
