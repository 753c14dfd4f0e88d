"""The kernel on a few steps at a time, worked by hand, and on short days against the second one.

Short, so that it also runs uncompiled, on kernels with a mistake put into them: `make mutation`.
"""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from cost.simulation.kernel import (
    COURSE,
    EVERY_SLOT,
    OUTCOME,
    Interruptions,
    Mode,
    Reaction,
    Split,
    simulate,
    swell,
)
from tests.test_simulation_reference import (
    Scenario,
    check_scenario,
    compiled,
    scenario,
    with_fields,
)

STEADY = Reaction(
    mode=int(Mode.FIXED),
    fixed_tasks=2,
    first_tasks=2,
    target_share=0.5,
    low_share=0.45,
    high_periods=3,
    low_periods=15,
    metric_delay_steps=0,
    out_cooldown_steps=0,
    in_cooldown_steps=0,
    step_s=60.0,
    start_steps=0,
    unbilled_s=0.0,
    drain_s=0.0,
    interrupted_s=0.0,
    minimum_s=60.0,
    zones=3,
)
"""Two tasks that start and stop at once."""
TRACKING = STEADY._replace(mode=int(Mode.TRACKING), first_tasks=1, low_periods=4)


@pytest.mark.parametrize("seed", [3, 4, 11])
def test_a_short_month_knows_nothing_of_the_one_before(seed):
    """Each has its own interruptions and its own demand, and sees no CPU use of the one before."""
    given = scenario(seed, days=(0.08,))
    others = [scenario(other, days=(0.08,)) for other in range(30)]
    months = [
        replace(given, demand=o.demand, hits=o.hits)
        for o in others
        if len(o.demand) == len(given.demand)
    ]
    assert len(months) > 3

    _, outcomes, hourly = compiled(*months)

    alone = [compiled(month) for month in months]
    assert outcomes.tolist() == [outcome[0].item() for _, outcome, _ in alone]
    assert hourly == pytest.approx(sum(hours for _, _, hours in alone))


@pytest.mark.parametrize(
    ("delay_steps", "asked"),
    [(3, [0.1] * 4 + [1.0] * 3), (1, [1.0] * 2 + [0.1] * 4 + [1.0])],
    ids=["three at the end", "one at the end and two at the beginning"],
)
def test_alarms_do_not_see_the_end_of_the_month_before(delay_steps, asked):
    """What was above the target there would be seen late, in the next month."""
    reaction = TRACKING._replace(metric_delay_steps=delay_steps)
    one = Scenario(reaction, [0.0] * 11, [0] * 7, [9] * 7, asked, [])
    course, outcomes, _ = compiled(one, one)

    assert course[:, 0].tolist() == [1] * 7
    assert outcomes[0] == outcomes[1]


def test_a_course_is_written_where_there_is_room():
    """Only the month that is drawn has one."""
    outcome, hourly = np.zeros(1, OUTCOME), np.zeros((1, 2))
    none = Interruptions(np.array([0, 0]), *(np.array([], np.int64) for _ in range(5)))
    split = Split(np.arange(4.0), np.zeros(4))
    steps = np.array([2, 2])
    simulate(
        steps, steps, np.ones((1, 2)), split, none, STEADY, with_fields(outcome), hourly,
        np.zeros((0, 4), np.int64),
    )  # fmt: skip

    assert outcome["on_demand_s"] == 240.0


class Month:
    """What the kernel makes of a few steps; every number of a task is 1 step of 60 seconds."""

    def __init__(self, reaction, low, high, demand=0.0, spot=None, hits=()) -> None:
        """Simulates them; `hits` are step, slot, zone, chance and gap."""
        steps, most = len(low), max(high) + 1
        on_spot = np.zeros(most + 1) if spot is None else np.array(spot, np.float64)
        arrays = [
            np.array([hit[k] for hit in hits], np.float64 if k == 3 else np.int64) for k in range(5)
        ]
        self.outcome = np.zeros(1, OUTCOME)
        self.hourly = np.zeros((2, 2))
        course = np.zeros((steps, len(COURSE)), np.int64)
        asked = np.full((1, steps), demand) if isinstance(demand, float) else np.array([demand])
        simulate(
            np.array(low),
            np.array(high),
            asked.astype(np.float64),
            Split(np.arange(on_spot.size) - on_spot, on_spot),
            Interruptions(np.array([0, len(hits)]), *arrays),
            reaction,
            with_fields(self.outcome),
            self.hourly,
            course,
        )
        self.course = {name: course[:, k].tolist() for k, name in enumerate(COURSE)}

    def __getitem__(self, name: str) -> float:
        """A number of the outcome."""
        return self.outcome[name][0].item()


@pytest.mark.parametrize("seed", range(80))
def test_two_hours_are_the_same_minute_for_minute(seed):
    """The second simulation knows the same prose, and no line of the kernel."""
    check_scenario(scenario(seed, days=(0.08,)))


def test_a_swell_keeps_a_part_of_itself():
    """With 0.6 kept, 0.8 of each new number comes in; the mean of a lognormal is taken off."""
    found = np.array([[1.0, 0.25, -1.0], [-1.0, 2.0, 0.0]])
    swell(found, np.array([2.0, 4.0, 8.0]), 0.5, 0.6)
    heights = [[1.0, 0.8, -0.32], [-1.0, 1.0, 0.6]]

    assert found.tolist() == [
        pytest.approx([base * exp(0.5 * h - 0.125) for base, h in zip((2, 4, 8), row, strict=True)])
        for row in heights
    ]


# Tasks that come and go


def test_a_start_serves_after_its_steps_and_is_billed_from_the_pull_on():
    """Two tasks, up after two steps: 5 x 120 s, less 20 s of provisioning each."""
    found = Month(STEADY._replace(first_tasks=0, start_steps=2, unbilled_s=20.0), *bounds(5), 0.5)

    assert found.course["desired"] == [2, 2, 2, 2, 2]
    assert found.course["serving"] == [0, 0, 2, 2, 2]
    assert found.course["starting"] == [2, 2, 0, 0, 0]
    assert (found["on_demand_s"], found["spot_s"], found["on_s"]) == (560.0, 0.0, 300.0)
    assert (found["demand"], found["refused"], found["excess"]) == (2.5, 1.0, 0.0)
    assert (found["outage_s"], found["longest_outage_s"]) == (120.0, 120.0)
    assert found["peak_tasks"] == 2


def bounds(steps: int, low: int = 0, high: int = 2) -> tuple[list[int], list[int]]:
    """The same bounds all the time."""
    return [low] * steps, [high] * steps


def test_what_starts_at_once_serves_at_once():
    """Without a start time, and with the period's first tasks within its bounds."""
    found = Month(STEADY._replace(first_tasks=9, fixed_tasks=1), *bounds(2))
    raised = Month(STEADY._replace(first_tasks=0, fixed_tasks=0), *bounds(2, low=1))

    assert found.course["serving"] == [1, 1]
    assert found["on_demand_s"] == 120.0
    assert raised.course["serving"] == [1, 1]


@pytest.mark.parametrize(
    ("high", "seconds"),
    [
        ([2, 2, 0, 0, 0], 2 * (120 + 90)),
        ([2, 2, 2, 2, 0], 2 * (240 + 60)),  # cut by the end of the period
        ([2, 2, 1, 1, 1], 2 * 120 + 90 + 180),
    ],
)
def test_a_task_that_is_stopped_goes_on_for_its_drain(high, seconds):
    """As long as the load balancer takes to let go of it."""
    found = Month(STEADY._replace(drain_s=90.0), [0] * 5, high)

    assert found["on_demand_s"] == seconds
    assert found.course["serving"] == high


@pytest.mark.parametrize(
    ("stopped_at", "minimum_s", "each_s"),
    [(1, 60.0, 60.0), (1, 100.0, 100.0), (2, 60.0, 87.0), (2, 100.0, 100.0), (3, 60.0, 147.0)],
)
def test_a_start_that_is_given_up_is_billed_for_a_minimum(stopped_at, minimum_s, each_s):
    """After one step of 60 s without 33 s of provisioning it was billed for 27 s."""
    reaction = STEADY._replace(
        first_tasks=0, start_steps=4, unbilled_s=33.0, minimum_s=minimum_s, drain_s=500.0
    )
    high = [2] * stopped_at + [0] * (6 - stopped_at)
    found = Month(reaction, [0] * 6, high, spot=[0.0, 0.5, 1.0, 1.5])

    assert found["on_demand_s"] == found["spot_s"] == pytest.approx(each_s)
    assert found.course["starting"] == [2] * stopped_at + [0] * (6 - stopped_at)
    assert found["on_s"] == 60.0 * stopped_at


@pytest.mark.parametrize(
    ("high", "on_demand_s"),
    [
        ([0, 0, 0, 0, 2], 0.0),  # 60 s are left, and none of them is billed
        ([0, 0, 0, 2, 2], 2 * (120 - 120)),
        ([0, 0, 2, 2, 2], 2 * (180 - 150)),
        ([0, 0, 0, 2, 0], 2 * 60.0),  # given up after a step: the minimum, and no second more
    ],
)
def test_provisioning_comes_off_as_far_as_it_lies_in_the_period(high, on_demand_s):
    """Of 150 s, what is left of the period: no start is billed below zero."""
    reaction = STEADY._replace(first_tasks=0, start_steps=3, unbilled_s=150.0)
    found = Month(reaction, high, high)

    assert found["on_demand_s"] == on_demand_s
    assert max(found.course["starting"]) == 2


def test_the_newest_start_is_given_up_first():
    """Of one from step 0 and one from step 1, that of step 0 serves in step 3."""
    reaction = STEADY._replace(first_tasks=0, start_steps=3, unbilled_s=0.0)
    found = Month(reaction, [0] * 5, [1, 2, 1, 1, 1])

    assert found.course["starting"] == [1, 2, 1, 0, 0]
    assert found.course["serving"] == [0, 0, 0, 1, 1]
    assert found["on_demand_s"] == 5 * 60 + 60


# Spot

SPOT = [0.0, 1.0, 2.0, 3.0, 4.0]
"""Every task is on Spot."""


def test_an_interrupted_task_is_missing_until_its_gap_ends():
    """The one in slot 1, for two steps; it goes on for 30 s, and 60 s are lost to each step."""
    found = Month(
        STEADY._replace(interrupted_s=30.0), *bounds(5), spot=SPOT, hits=[(1, 1, 0, 0.5, 2)]
    )

    assert found.course["serving"] == [2, 1, 1, 2, 2]
    assert found.course["held"] == [0, 1, 1, 0, 0]
    assert found["spot_s"] == 10 * 60 - 2 * 60 + 30
    assert (found["spot_lost_s"], found["interruptions"]) == (120.0, 1)
    assert (found["on_s"], found["on_demand_s"]) == (300.0, 0.0)


def test_a_task_that_comes_back_starts_again():
    """One step of start more, and its provisioning is not billed."""
    reaction = STEADY._replace(start_steps=1, unbilled_s=20.0, interrupted_s=999.0)
    found = Month(reaction, *bounds(5), spot=SPOT, hits=[(1, 1, 0, 0.5, 2)])

    assert found.course["serving"] == [2, 1, 1, 1, 2]
    assert found.course["held"] == [0, 1, 1, 0, 0]
    assert found.course["starting"] == [0, 0, 0, 1, 0]
    assert found["spot_s"] == 10 * 60 - 2 * 60 + 4 * 60 - 20  # it goes on until the period's end
    assert found["spot_lost_s"] == 120.0 + 60.0


def test_a_task_that_comes_back_at_the_end_is_billed_for_no_less_than_nothing():
    """Its provisioning of 90 s begins in the last step, of which 60 s come off."""
    reaction = STEADY._replace(start_steps=2, unbilled_s=90.0, fixed_tasks=1, first_tasks=1)
    found = Month(reaction, *bounds(4), spot=SPOT, hits=[(1, 0, 0, 0.5, 2)])

    assert found.course["starting"] == [0, 0, 0, 1]
    assert found["spot_s"] == 60.0  # of step 0


@pytest.mark.parametrize(
    ("spot", "slot", "chance", "hit"),
    [
        (SPOT, 1, 0.99, 1),
        (SPOT, 2, 0.0, 0),  # no task serves in slot 2
        ([0.0, 0.5, 1.0, 1.5], 0, 0.49, 1),
        ([0.0, 0.5, 1.0, 1.5], 0, 0.5, 0),
        ([0.0, 0.0, 1.0, 1.0], 0, 0.0, 0),  # slot 0 is on demand
        ([0.0, 0.0, 1.0, 1.0], 1, 0.0, 1),
    ],
)
def test_an_interruption_hits_a_slot_on_spot(spot, slot, chance, hit):
    """With the probability that the slot is on Spot."""
    found = Month(STEADY, *bounds(3), spot=spot, hits=[(1, slot, 0, chance, 1)])

    assert found["interruptions"] == hit


@pytest.mark.parametrize(
    ("zones", "zone", "chance", "spot", "hit"),
    [
        (3, 0, 0.5, SPOT, 2),  # slots 0 and 3
        (3, 1, 0.5, SPOT, 1),
        (3, 2, 0.5, SPOT, 1),
        (1, 0, 0.5, SPOT, 4),
        (2, 1, 0.5, SPOT, 2),
        # Slots 0 to 3 need more than 0.4, 0.018, 0.636 and 0.254.
        (1, 0, 0.4, [0.0, 0.5, 1.0, 1.5, 2.0], 3),
        (1, 0, 0.4, [0.0, 0.25, 0.5, 0.75, 1.0], 1),
        (2, 0, 0.4, [0.0, 0.7, 1.4, 2.1, 2.8], 2),
        (2, 0, 0.4, [0.0, 0.63, 1.26, 1.89, 2.52], 1),
        (9, 0, 0.5, [0.0, 0.5, 1.0, 1.5, 2.0], 0),  # not more than 0.5
        (9, 0, 0.5, [0.0, 0.51, 1.0, 1.5, 2.0], 1),
    ],
)
def test_a_shock_hits_the_tasks_of_its_zone(zones, zone, chance, spot, hit):
    """Slot n lies in zone n modulo their number; shares are spread by the golden ratio."""
    reaction = STEADY._replace(fixed_tasks=4, first_tasks=4, zones=zones)
    hits = [(1, EVERY_SLOT, zone, chance, 1)]
    found = Month(reaction, *bounds(3, high=4), spot=[*spot, spot[-1]], hits=hits)

    assert found["interruptions"] == hit
    assert found.course["held"] == [0, hit, 0]


def test_held_tasks_are_given_up_before_those_that_serve():
    """First the one whose gap ends last."""
    reaction = STEADY._replace(fixed_tasks=3, first_tasks=3)
    hits = [(0, 0, 0, 0.0, 4), (0, 0, 0, 0.0, 2)]
    found = Month(reaction, [0] * 6, [3, 2, 2, 2, 2, 2], spot=SPOT, hits=hits)

    assert found.course["held"] == [2, 1, 0, 0, 0, 0]
    assert found.course["serving"] == [1, 1, 2, 2, 2, 2]
    assert found["spot_lost_s"] == 180.0


# What is counted


def test_demand_above_the_tasks_is_excess():
    """3.5 tasks of demand on 2 tasks, for three steps."""
    found = Month(STEADY, *bounds(3), 3.5)

    assert (found["excess"], found["refused"], found["demand"]) == (4.5, 0.0, 10.5)


def test_an_outage_is_time_in_which_a_task_may_run_and_none_does():
    """A min wakes a service, a max alone does not; the longest of two outages is told."""
    low, high = [1, 0, 0, 1, 0, 0, 0, 0, 1], [1, 0, 1, 1, 0, 1, 1, 0, 1]
    found = Month(STEADY, low, high, 0.5)

    assert found.course["serving"] == [1, 0, 0, 1, 0, 0, 0, 0, 1]
    assert (found["outage_s"], found["longest_outage_s"]) == (180.0, 120.0)
    assert (found["refused"], found["peak_tasks"]) == (3.0, 1)
    assert (found["on_s"], found["on_demand_s"]) == (180.0, 180.0)


@pytest.mark.parametrize(("step_s", "per_hour"), [(60.0, 60), (20.0, 180)])
def test_tasks_are_counted_by_the_hour(step_s, per_hour):
    """The second hour has ten steps only; a quarter of the tasks is on Spot."""
    reaction = STEADY._replace(step_s=step_s)
    found = Month(reaction, *bounds(per_hour + 10), spot=[0.0, 0.25, 0.5, 0.75])

    assert found.hourly.tolist() == [
        pytest.approx([2.0, 1.5]),
        pytest.approx([20 / per_hour, 15 / per_hour]),
    ]


# How many are wanted


@pytest.mark.parametrize(
    ("demand", "tasks"), [(0.0, 0), (0.5, 1), (1.0, 2), (1.0 + 1e-10, 2), (1.0001, 3), (9.0, 5)]
)
def test_the_closed_form_wants_demand_over_target(demand, tasks):
    """Rounded up, but not for a billionth, and within the bounds."""
    found = Month(STEADY._replace(mode=int(Mode.IDEAL)), *bounds(2, high=5), demand)

    assert found.course["serving"] == [tasks, tasks]


def test_three_steps_above_the_target_add_tasks():
    """In proportion; a larger step is taken within the cooldown, and one at the target is none."""
    found = Month(TRACKING._replace(out_cooldown_steps=50), *bounds(7, high=9), 2.0)

    # Steps 0 to 2 at 100 percent: ceil(1 x 1 / 0.5) = 2, one more; step 3: 4, two more.
    assert found.course["desired"] == [1, 1, 1, 2, 4, 4, 4]


@pytest.mark.parametrize(
    ("cooldown", "expected"),
    [
        (0, [1, 1, 1, 2, 3, 3, 3, 3, 3, 3]),
        (3, [1, 1, 1, 2, 2, 2, 3, 3, 3, 3]),
        (4, [1, 1, 1, 2, 2, 2, 2, 3, 3, 3]),
    ],
)
def test_the_same_step_waits_for_the_cooldown(cooldown, expected):
    """One task in step 2, one more when so many steps are over."""
    asked = [1.0, 1.0, 1.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
    found = Month(TRACKING._replace(out_cooldown_steps=cooldown), *bounds(10, high=9), asked)

    assert found.course["desired"] == expected


def test_tasks_are_added_up_to_the_max():
    """And then nothing is added."""
    found = Month(TRACKING, *bounds(6, high=3), 9.0)

    assert found.course["desired"] == [1, 1, 1, 2, 3, 3]


def test_two_steps_above_are_not_enough():
    """One at the target begins the count anew."""
    asked = [1.0, 1.0, 0.5, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0]
    found = Month(TRACKING, *bounds(10, high=9), asked)

    assert found.course["desired"] == [1] * 9 + [2]


def test_nothing_is_added_at_the_max_and_nothing_is_remembered_of_it():
    """Two tasks were added; one more is a smaller step, and waits for the cooldown."""
    high = [4] * 6 + [5] * 6
    reaction = TRACKING._replace(first_tasks=2, out_cooldown_steps=8)
    found = Month(reaction, [0] * 12, high, 9.0)

    # Added in step 2, so that the cooldown is over in step 10.
    assert found.course["desired"] == [2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 5]


def test_an_alarm_that_adds_nothing_ends_no_cooldown():
    """At the max a peak changes nothing, and what was scaled in before is still cooling down."""
    asked = [0.9] * 4 + [4.0] * 3 + [0.5] * 6
    high = [3] * 4 + [2] * 9
    reaction = TRACKING._replace(first_tasks=3, in_cooldown_steps=60)
    found = Month(reaction, [0] * 13, high, asked)

    assert found.course["desired"] == [3] * 4 + [2] * 9


@pytest.mark.parametrize(("demand", "left"), [(4.5, 10), (4.49, 9)])
def test_use_at_the_low_threshold_is_not_below_it(demand, left):
    """Ten tasks at 0.45; with a little less, nine do."""
    found = Month(TRACKING._replace(first_tasks=10), *bounds(6, high=10), demand)

    assert found.course["desired"] == [10, 10, 10, 10, left, left]


@pytest.mark.parametrize(("low", "left"), [(0, 1), (1, 1), (2, 2)])
def test_four_steps_below_take_tasks_away(low, left):
    """Down to what the demand needs, at least the min and at least one."""
    reaction = TRACKING._replace(first_tasks=4)
    found = Month(reaction, *bounds(6, low=low, high=4), 0.0)

    assert found.course["desired"] == [4, 4, 4, 4, left, left]


@pytest.mark.parametrize(("demand", "left"), [(0.9, 2), (0.91, 2), (1.34, 3), (1.35, 3), (1.36, 3)])
def test_tasks_go_while_cpu_use_is_below_nine_tenths_of_the_target(demand, left):
    """At 0.45 itself nothing goes: three tasks at 1.35."""
    found = Month(TRACKING._replace(first_tasks=3), *bounds(6, high=4), demand)

    assert found.course["desired"] == [3, 3, 3, 3, left, left]


def test_the_cooldown_after_scaling_in_holds_tasks():
    """Five at first, three wanted, then one: four steps after the first change, not before."""
    asked = [1.5] * 5 + [0.5] * 7
    found = Month(TRACKING._replace(first_tasks=5, in_cooldown_steps=6), *bounds(12, high=9), asked)

    # Below since step 0: at step 3 to 3, and until step 9 no further.
    assert found.course["desired"] == [5, 5, 5, 5, 3, 3, 3, 3, 3, 3, 1, 1]


def test_scaling_out_ends_the_cooldown_after_scaling_in():
    """A peak within it, and four steps below later tasks go again."""
    asked = [0.5] * 4 + [4.0] * 3 + [0.5] * 8
    reaction = TRACKING._replace(first_tasks=2, in_cooldown_steps=60)
    found = Month(reaction, *bounds(15, high=2), asked)

    assert found.course["desired"] == [2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1]


def test_alarms_see_cpu_use_of_some_steps_ago():
    """With a delay of two steps, the third step above is seen in step 4."""
    found = Month(TRACKING._replace(metric_delay_steps=2), *bounds(7, high=9), 1.0)

    assert found.course["desired"] == [1, 1, 1, 1, 1, 2, 2]


def test_a_step_without_a_task_sets_the_alarms_back():
    """There is no CPU use then; nothing happens until tasks serve again."""
    reaction = TRACKING._replace(first_tasks=2, low_periods=3)
    found = Month(reaction, [2, 2, 0, 2, 0, 0, 0, 0], [2, 2, 0, 2, 2, 2, 2, 2], 0.0)

    assert found.course["desired"] == [2, 2, 0, 2, 2, 2, 1, 1]
