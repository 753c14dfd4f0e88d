"""Rules about the hours of a service and those of its audience."""

import pytest

from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import Environment
from compiler.rules import check
from compiler.rules.scheduling.audience import windows_of
from compiler.rules.scheduling.fixes import fix_of
from tests.examples import HEAD, graph_of
from trazo_spec.traffic import Demand, busy_hours

SERVICE = """\
web:
  kind: ecs
  image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1
  scaling:
    schedule: {timezone: %s, windows: [{days: %s, from: "%s", to: "%s"}]}
"""


def graph(
    demand: str, clock: str = "UTC", days: str = "MON-FRI", hours: str = "08:00 20:00"
) -> Graph:
    """A service with one window and a demand."""
    head = HEAD.replace("components:\n", f"traffic: {{demand: {{web: {demand}}}}}\ncomponents:\n")
    return graph_of(SERVICE % (clock, days, *hours.split()), head)


def found(one: Graph) -> list[str]:
    """Codes of what is found about the audience."""
    return [d.code for d in check(Environment(one)) if d.code in {"TZ526", "TZ527"}]


BUSINESS = "{profile: business_hours, timezone: %s}"


@pytest.mark.parametrize(
    ("audience", "clock", "codes"),
    [
        ("America/New_York", "America/New_York", []),
        ("America/New_York", "UTC", ["TZ526", "TZ527"]),
        ("America/New_York", "America/Chicago", []),  # an hour of margin on both sides
        ("America/New_York", "America/Phoenix", ["TZ526", "TZ527"]),  # no daylight saving there
        ("Asia/Kolkata", "UTC", ["TZ527"]),
        ("UTC", "Europe/London", ["TZ526"]),
        ("Australia/Sydney", "UTC", ["TZ526", "TZ527"]),
    ],
)
def test_a_schedule_is_held_against_the_clock_of_its_audience(audience, clock, codes):
    """08 to 20 somewhere is not 09 to 18 elsewhere."""
    assert found(graph(BUSINESS % audience, clock)) == codes


def test_hours_missed_are_counted_in_winter_and_in_summer():
    """20:00 UTC is 15:00 in New York in January and 16:00 in July."""
    (missed,) = [
        d for d in check(Environment(graph(BUSINESS % "America/New_York"))) if d.code == "TZ527"
    ]

    assert missed.message == (
        "`web` sleeps during 10 to 15 of the 45 busy hours of its audience each week, such as "
        "Monday 15:00 in `America/New_York`"
    )


@pytest.mark.parametrize("demand", ["{}", "{profile: flat, timezone: Asia/Tokyo}"])
def test_an_audience_without_busy_hours_misses_none(demand):
    """Flat demand is what nobody has measured: no reason for a warning."""
    assert found(graph(demand)) == []


def test_half_an_hour_missed_is_missed():
    """India's clock stands half an hour beside the hours of UTC."""
    assert found(graph(BUSINESS % "Asia/Kolkata", hours="03:30 12:30")) == []
    assert found(graph(BUSINESS % "Asia/Kolkata", hours="04:00 12:30")) == ["TZ527"]


def test_busy_hours_of_numbers_are_those_with_half_of_the_largest():
    """An evening of 4 and 2 requests per second is busy, a night of 1 is not."""
    hourly = (1.0,) * 18 + (2.0, 4.0, 4.0, 2.0) + (1.0,) * 2

    assert busy_hours(Demand(hourly=hourly)) == {(d, h) for d in range(7) for h in range(18, 22)}


def test_windows_of_an_audience_hold_its_busy_hours():
    """What the advice says can be pasted."""
    (window,) = windows_of(Demand(profile="evenings"))

    assert (window.days, window.from_, window.to) == ("MON-SUN", "17:00", "23:00")


@pytest.mark.parametrize("profile", ["business_hours", "evenings"])
@pytest.mark.parametrize("clock", ["UTC", "America/New_York"])
def test_a_fix_leaves_nothing_to_find(profile, clock):
    """Advice that leads to the next finding sends people in circles."""
    before = graph(
        f"{{profile: {profile}, timezone: America/New_York}}", clock, "TUE", "10:00 12:00"
    )
    (finding,) = [d for d in check(Environment(before)) if d.code == "TZ527"]
    fix = fix_of(finding, before)
    assert fix is not None
    components = dict(before.spec.components)
    web = components["web"].model_copy(update={"scaling": fix.scaling})
    spec = before.spec.model_copy(update={"components": {**components, "web": web}})

    assert found(build(spec)) == []
