"""Pictures of an estimate in a terminal: wide, narrow, and without the letters for them."""

from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from rich.console import Console

from cost.bill.calendar import month
from cost.bill.distribution import Distribution
from cost.bill.estimate import ServiceEstimate
from cost.showing.pictures import ASCII, BLOCKS, Months, Weeks, months_picture, week_picture
from cost.showing.plots import DAYS
from tests.test_simulation import NOISY, priced

DECEMBER = month("2026-12")
EVEN = Distribution(0, 1000, tuple(float(n) for n in range(1000)))


def service(*tasks_by_hour_of_a_day: float) -> ServiceEstimate:
    """A service with the same hours every day."""
    return ServiceEstimate("web", 2, 0.0, 0.0, (), tasks_by_hour_of_a_day * 31, "UTC")


def rows(of: ServiceEstimate, width: int = 1) -> list[str]:
    """The lines of its week."""
    return week_picture(of, DECEMBER, BLOCKS, width).plain.splitlines()


def printed(what: object, width: int, encoding: str = "utf-8") -> str:
    """What a terminal of that width and encoding gets."""
    file = TextIOWrapper(binary := BytesIO(), encoding=encoding)
    Console(file=file, width=width).print(what)
    file.flush()
    return binary.getvalue().decode(encoding)


def test_a_week_has_a_row_for_each_day_and_a_cell_for_each_hour():
    """Seven by 24, below the hours and above what the signs mean."""
    week = rows(service(*[0.0] * 8, *[1.0] * 12, *[0.0] * 4))

    assert week[2:9] == [f"{d} {'·' * 8}{'█' * 12}{'·' * 4}" for d in DAYS]


def test_the_hours_stand_above_their_cells():
    """A reader counts no cells."""
    wide, narrow = (rows(service(*[1.0] * 24), width)[1] for width in (2, 1))

    assert [wide.index("15"), narrow.index("18")] == [4 + 2 * 15, 4 + 18]


def test_the_title_names_service_and_clock():
    """Eight in the morning is not the same everywhere."""
    of = replace(service(*[1.0] * 24), timezone="Europe/Berlin")

    assert rows(of)[0] == "web: tasks by hour, Europe/Berlin"


@pytest.mark.parametrize(
    ("tasks", "sign"),
    [(0.0, "·"), (0.01, "░"), (0.5, "░"), (0.98, "▒"), (1.02, "▒"), (1.5, "▓"), (2.0, "█")],
)
def test_a_sign_is_that_of_the_nearest_step(tasks, sign):
    """A hundredth of a task is not nothing, and a task that Spot took for a minute still is one."""
    assert rows(service(tasks, 2.0, *[0.0] * 22))[2][4] == sign


def test_the_key_says_how_many_tasks_a_sign_is():
    """It reads without colours."""
    assert rows(service(1.6, *[0.0] * 23))[-1].strip() == "· 0  ░ 0.5  ▒ 1  ▓ 1.5  █ 2"


def test_a_service_that_never_runs_has_a_week():
    """No division by nothing."""
    assert rows(service(*[0.0] * 24))[2] == f"Mon {'·' * 24}"


@pytest.mark.parametrize("width", [28, 40, 51, 52, 80, 150])
def test_pictures_fit_a_terminal(width):
    """A line that wraps is no picture any more."""
    found = priced(NOISY)
    text = printed(Weeks(found), width) + printed(Months(EVEN), width)

    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert [line[:3] for line in text.splitlines() if line[:3] in DAYS] == list(DAYS)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_without_blocks_letters_do(encoding):
    """An old Windows console can say no blocks; ASCII is in every encoding."""
    text = printed(Weeks(priced(NOISY)), 80, encoding) + printed(Months(EVEN), 80, encoding)

    assert text.isascii()
    assert [line[:3] for line in text.splitlines() if line[:3] in DAYS] == list(DAYS)


def test_signs_are_darker_step_by_step_in_both_sets():
    """The two sets say the same."""
    assert [len(s.shades) for s in (BLOCKS, ASCII)] == [4, 4]
    assert [len(s.heights) for s in (BLOCKS, ASCII)] == [8, 8]


def test_percentiles_stand_below_their_places():
    """Even totals have P10 at a tenth of the width."""
    histogram, marks = months_picture(EVEN, BLOCKS, 80).plain.splitlines()
    start = len("$0.00  ")
    width = len(histogram) - start - len("  $999.00")

    places = [(marks.index(p) - start) / width for p in ("P10", "P50", "P90")]
    assert places == pytest.approx([0.1, 0.5, 0.9], abs=1 / width)


def test_a_histogram_counts_every_month():
    """None falls out at either end."""
    assert sum(EVEN.histogram(7)) == EVEN.runs


def test_equal_months_fall_into_one_part():
    """Months without luck have no width."""
    assert Distribution(0, 3, (2.0, 2.0, 2.0)).histogram(3) == (3, 0, 0)


def test_percentiles_that_are_close_do_not_overlap():
    """One dear month among equal ones draws all percentiles together."""
    found = Distribution(0, 100, (*[1.0] * 99, 2.0))

    assert months_picture(found, BLOCKS, 80).plain.splitlines()[1].split() == ["P10", "P50", "P90"]


def test_a_file_has_the_same_pictures():
    """`cost.txt` of a build is what the terminal shows."""
    file = StringIO()
    Console(file=file, width=150).print(Weeks(priced(NOISY)))

    assert "Mon" in file.getvalue()
