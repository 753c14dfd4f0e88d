"""The cron dialect of AWS: what it means, and what is said about text that is none."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trazo_spec.schedule import Cron, Problem, ProblemKind, parse_cron, unix_days
from trazo_spec.schedule.cron import LastDay, MonthDays, WeekDays, days_of
from trazo_spec.schedule.cron_text import HOUR, MINUTE, MONTH, YEAR

MONTHS = [(year, month) for year in (2024, 2026, 2027) for month in range(1, 13)]


def read(text: str) -> Cron:
    cron = parse_cron(text)
    assert isinstance(cron, Cron), cron
    return cron


def problem(text: str) -> Problem:
    found = parse_cron(text)
    assert not isinstance(found, Cron)
    assert len(found) == 1
    return found[0]


def aws_weekday(year: int, month: int, day: int) -> int:
    return date(year, month, day).isoweekday() % 7 + 1


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("MON-FRI", {2, 3, 4, 5, 6}),
        ("sat,Sun", {7, 1}),
        ("1", {1}),
        ("2-6", {2, 3, 4, 5, 6}),
        ("*/3", {1, 4, 7}),
        ("MON/2", {2, 4, 6}),
        ("L", {7}),
        ("*", {1, 2, 3, 4, 5, 6, 7}),
    ],
)
def test_days_of_the_week_count_from_sunday(field, expected):
    """Unix cron counts from 0; read like that, a stop would run a day too early."""
    cron = read(f"0 20 ? * {field} *")

    assert cron.days == WeekDays(frozenset(expected))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("5/15", (5, 20, 35, 50)), ("0-10/5", (0, 5, 10)), ("1,3,2", (1, 2, 3)), ("*/30", (0, 30))],
)
def test_steps_begin_at_the_first_value(text, minutes):
    """`5/15` runs to the end of the hour, `0-10/5` only to the end of its range."""
    assert read(f"{text} 0 * * ? *").minutes == minutes


def test_the_wrapper_of_aws_is_taken_too():
    """People copy `cron(...)` from AWS."""
    assert parse_cron("cron(0 20 ? * MON-FRI *)") == parse_cron("0 20 ? * MON-FRI *")


@pytest.mark.parametrize("day", [1, 2, 15, 28, 29, 30, 31])
def test_w_is_the_nearest_weekday_within_the_month(day):
    """`1W` on a Saturday is Monday the 3rd, never the last day of the month before."""
    days = read(f"0 0 {day}W * ? *").days
    expected = [
        (min(weekdays(y, m), key=lambda d: abs(d - day)),) if day <= monthrange(y, m)[1] else ()
        for y, m in MONTHS
    ]

    assert [days_of(days, y, m) for y, m in MONTHS] == expected


@pytest.mark.parametrize("weekday", range(1, 8))
@pytest.mark.parametrize("nth", range(1, 6))
def test_hash_is_the_nth_of_its_weekday(weekday, nth):
    """A month without a fifth Monday has no run of `2#5`."""
    days = read(f"0 0 ? * {weekday}#{nth} *").days
    expected = [tuple(same_weekday(y, m, weekday)[nth - 1 : nth]) for y, m in MONTHS]

    assert [days_of(days, y, m) for y, m in MONTHS] == expected


@pytest.mark.parametrize("weekday", range(1, 8))
def test_a_day_with_l_is_the_last_of_its_weekday(weekday):
    """AWS gives `6L` as the last Friday of the month."""
    days = read(f"0 0 ? * {weekday}L *").days
    expected = [(same_weekday(y, m, weekday)[-1],) for y, m in MONTHS]

    assert [days_of(days, y, m) for y, m in MONTHS] == expected


def test_l_is_the_last_day_of_the_month():
    """Also in February of a leap year."""
    assert read("0 0 L * ? *").days == LastDay()
    assert days_of(LastDay(), 2024, 2) == (29,)


def test_day_numbers_are_left_out_of_short_months():
    """The 31st does not become the 30th or the 1st."""
    assert days_of(MonthDays(frozenset({30, 31})), 2026, 2) == ()


@pytest.mark.parametrize(
    ("text", "kind", "help_has"),
    [
        ("0 20 * * 1-5", ProblemKind.FIVE_FIELDS, "`0 20 ? * MON-FRI *`"),
        ("0 20 * * *", ProblemKind.FIVE_FIELDS, "`0 20 * * ? *`"),
        ("0 20 * * 0", ProblemKind.FIVE_FIELDS, "`0 20 ? * SUN *`"),
        ("0 20 ? * MON-FRI", ProblemKind.FIVE_FIELDS, "`0 20 ? * MON-FRI *`"),
        ("0 20 1 * 1", ProblemKind.FIVE_FIELDS, "use `?` in one day field"),
        ("0 20 * * MON *", ProblemKind.QUESTION_MARK, "`0 20 ? * MON *`"),
        ("0 20 15 * * *", ProblemKind.QUESTION_MARK, "`0 20 15 * ? *`"),
        ("0 20 ? * ? *", ProblemKind.QUESTION_MARK, "`0 20 ? * * *`"),
        ("0 20 1 * MON *", ProblemKind.QUESTION_MARK, "two actions"),
        ("0 10 ? * 0,6 *", ProblemKind.WEEKDAY_ZERO, "`SAT,SUN`"),
        ("0 10 ? * 0 *", ProblemKind.WEEKDAY_ZERO, "`SUN`"),
        ("0 24 ? * MON *", ProblemKind.FIELD, "midnight is `0`"),
        ("0 20 ? * MONDAY *", ProblemKind.FIELD, "`MON`"),
        ("0 0 20 ? * MON-FRI", ProblemKind.FIELD, "`0 20 ? * MON-FRI *`"),
        ("0 0 20 ? * MON-FRI *", ProblemKind.FIELD, "`0 20 ? * MON-FRI *`"),
        ("@daily", ProblemKind.FIELD, "`0 20 ? * MON-FRI *`"),
        ("", ProblemKind.FIELD, "`0 20 ? * MON-FRI *`"),
        ("0 0 30 2 ? *", ProblemKind.NEVER, "`L`"),
    ],
)
def test_a_mistake_is_recognised_and_its_cure_named(text, kind, help_has):
    """Each of these is what people really write; AWS only says that the expression is invalid."""
    found = problem(text)

    assert (found.kind, help_has in found.help) == (kind, True)


@pytest.mark.parametrize(
    ("text", "item", "field"),
    [
        ("60 0 ? * MON *", "60", "minute"),
        ("0 0 32 * ? *", "32", "day-of-month"),
        ("0 0 ? 13 MON *", "13", "month"),
        ("0 0 ? * MON 1969", "1969", "year"),
        ("0 0 ? * 8 *", "8", "day-of-week"),
        ("0 0 ? * FRI-MON *", "FRI-MON", "day-of-week"),
        ("0 0 ? * 3#1,6#3 *", "3#1", "day-of-week"),
        ("0 0 ? * 2#6 *", "2#6", "day-of-week"),
        ("0 0 LW * ? *", "LW", "day-of-month"),
        ("*/0 0 ? * MON *", "*/0", "minute"),
        ("0 ? ? * MON *", "?", "hour"),
        ("0 1,,2 ? * MON *", "", "hour"),
    ],
)
def test_a_bad_field_is_named_with_what_stands_there(text, item, field):
    """One of six fields is wrong, and the message says which."""
    message = problem(text).message

    assert message.startswith(f"`{item}`")
    assert f"the {field} field" in message


def test_every_bad_field_is_reported():
    """Mistakes come all at once, not one a run."""
    found = parse_cron("60 24 ? 13 8 1969")

    assert isinstance(found, tuple)
    assert [p.kind for p in found] == [ProblemKind.FIELD] * 5


def test_a_backward_range_is_written_out():
    """AWS documents none, so the advice is the same range in two parts."""
    assert "`FRI-SAT,SUN-MON`" in problem("0 0 ? * FRI-MON *").message


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("1-5", ("SUN-THU", "MON-FRI")),
        ("1,2,3,4,5", ("SUN-THU", "MON-FRI")),
        ("6,7", ("FRI,SAT", "SAT,SUN")),
        ("2-6", None),
        ("MON-FRI", None),
        ("3", None),
    ],
)
def test_unix_day_numbers_are_recognised(days, expected):
    """AWS takes `1-5` without a word and runs it from Sunday to Thursday."""
    assert unix_days(f"0 20 ? * {days} *") == expected


@given(st.data())
def test_a_list_of_items_means_all_their_values(data):
    """Any mix of values, ranges and steps reads as the same set as counting them one by one."""
    position, field = data.draw(st.sampled_from([(0, MINUTE), (1, HOUR), (3, MONTH), (5, YEAR)]))
    numbers = st.integers(field.low, field.high)
    parts, expected = [], set()
    for _ in range(data.draw(st.integers(1, 4))):
        low, high = sorted((data.draw(numbers), data.draw(numbers)))
        step = data.draw(st.integers(1, 20))
        text, last = data.draw(
            st.sampled_from(
                [(f"{low}", low), (f"{low}-{high}", high), (f"{low}/{step}", field.high)]
            )
        )
        parts.append(text)
        expected |= {n for n in range(low, last + 1) if "/" not in text or (n - low) % step == 0}
    fields = ["0", "0", "?", "*", "MON", "*"]
    fields[position] = ",".join(parts)
    cron = read(" ".join(fields))

    assert set((cron.minutes, cron.hours, (), cron.months, (), cron.years)[position]) == expected


@given(st.text("0123456789 *?,-/LW#MONFRIcron()\n\x00é٣ß", max_size=30))
@example("0 0 0 0 0 0")
@example("0 0 ? * ٣ *")
def test_any_text_is_a_cron_or_a_finding(text):
    """Bad input is never a traceback, and every finding repeats what was written."""
    found = parse_cron(text)

    assert isinstance(found, Cron) or all(p.message for p in found)


def weekdays(year: int, month: int) -> list[int]:
    days = range(1, monthrange(year, month)[1] + 1)
    return [d for d in days if aws_weekday(year, month, d) in range(2, 7)]


def same_weekday(year: int, month: int, weekday: int) -> list[int]:
    days = range(1, monthrange(year, month)[1] + 1)
    return [d for d in days if aws_weekday(year, month, d) == weekday]
