"""Traces: what is read from a CSV file, what is refused, and what demand becomes of it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.kinds import build
from compiler.lower import lower
from cost.bill.calendar import month
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.bill.tasks import stretches, total_requests
from cost.rates.catalogue_file import read_catalogue
from cost.simulation.months import Runs
from cost.simulation.outlook import simulated_estimate
from tests.examples import HEAD
from trazo.input.specs import read_spec
from trazo_spec.diagnostics import Severity
from trazo_spec.load import Loaded, load
from trazo_spec.schedule import zone
from trazo_spec.traces import Unreadable, trace_files, with_traces
from trazo_spec.traces.trace import MOST_BYTES, read_trace
from trazo_spec.traffic import Demand, Series, busy_hours

MONDAY = datetime.fromisoformat("2026-11-02")  # on the clock of the audience
DECEMBER = month("2026-12")
MEASURED = Path(__file__).parents[2] / "shared" / "data" / "elb_request_count.csv"
SPEC = """\
components:
  web:
    kind: ecs
    image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1
    scaling: {max: 4}
traffic:
  demand: {web: {trace: {file: requests.csv%s}%s}}
simulation: {lags: false, spot: {interruptions_per_task_month: 0, price_drift_share: 0}}
"""


def csv_of(days: int, step: timedelta = timedelta(minutes=5), busy: float = 600.0) -> bytes:
    """Requests from a Monday on: `busy` in each step between 9 and 17 on weekdays, else 60."""
    rows = ["timestamp,value"]
    for n in range(timedelta(days=days) // step):
        at = MONDAY + n * step
        value = busy if at.weekday() < 5 and 9 <= at.hour < 17 else 60.0
        rows.append(f"{at:%Y-%m-%d %H:%M:%S},{value}")
    return "\n".join(rows).encode()


def series_of(content: bytes, clock: str = "UTC", *, per_second: bool = False) -> Series:
    """The series of a file in which nothing is wrong."""
    series, found = read_trace(content, "requests.csv", zone(clock), per_second=per_second)
    assert series is not None, found
    return series


def problems(content: bytes) -> list[tuple[str, int, int]]:
    """Code, line and column of all that is wrong with a file."""
    _, found = read_trace(content, "requests.csv", UTC, per_second=False)
    return [(d.code, d.at.line, d.at.column) for d in found if d.at is not None]


def loaded(content: bytes | Unreadable | None = None, trace: str = "", demand: str = "") -> Loaded:
    """A spec whose demand is a trace with this content."""
    spec = load(HEAD.removesuffix("components:\n") + SPEC % (trace, demand), "specs/shop.yaml")
    return with_traces(spec, {} if content is None else {"requests.csv": content})


# Reading


def test_requests_of_an_interval_become_requests_per_second():
    """600 requests in five minutes are two a second."""
    assert series_of(csv_of(7)).at(MONDAY.replace(hour=12)) == pytest.approx(2.0)


def test_requests_per_second_stay_what_they_are():
    """`values: requests_per_s` says that nothing is to be divided."""
    assert series_of(csv_of(7), per_second=True).at(MONDAY.replace(hour=12)) == 600.0


def test_a_trace_repeats_by_weekday_and_time_of_day():
    """A Tuesday of any year is like the Tuesday that was measured."""
    series = series_of(csv_of(7))
    tuesdays = [
        datetime.fromisoformat(f"{day} 12:00") for day in ("2031-05-06", "2020-01-07", "2026-11-03")
    ]
    sunday = datetime.fromisoformat("2031-05-04 12:00")

    assert {series.at(tuesday) for tuesday in tuesdays} == {series.at(MONDAY.replace(hour=12))}
    assert series.at(sunday) < series.at(tuesdays[0])


def test_ten_days_are_one_week():
    """A rest of a week would shift all days after it."""
    assert len(series_of(csv_of(10)).requests_per_s) == 7 * 288


def test_three_days_are_repeated_as_days():
    """What is shorter than a week has no weekdays."""
    assert len(series_of(csv_of(3)).requests_per_s) == 3 * 288


def test_rows_each_minute_are_means_of_five():
    """Slots are as long as CloudWatch keeps points, so that a year of minutes is quick."""
    series = series_of(csv_of(7, timedelta(minutes=1)))

    assert (series.slot_s, series.at(MONDAY.replace(hour=12))) == (300, pytest.approx(10.0))


def test_rows_each_day_fill_its_hours():
    """86,400 requests of a day are one a second."""
    rows = b"\n".join(b"2026-11-%02d,86400" % day for day in range(2, 16))

    assert set(series_of(rows).requests_per_s) == {1.0}


def test_a_timestamp_with_an_offset_is_put_on_the_audiences_clock():
    """09:00 in Berlin is 08:00 UTC in November."""
    rows = "\n".join(
        f"{MONDAY + timedelta(hours=n):%Y-%m-%dT%H:%M}Z,{3600 if n % 24 == 8 else 0}"
        for n in range(168)
    )

    assert series_of(rows.encode(), "Europe/Berlin").by_hour_of_week[0, 9] == 1.0


def test_a_missing_slot_has_the_mean_of_its_time_on_other_days():
    """And the reader is told, since CloudWatch leaves out what is 0."""
    lines = csv_of(7).decode().splitlines()
    del lines[1 + 12 * 12]  # Monday 12:00
    series, found = read_trace("\n".join(lines).encode(), "requests.csv", UTC, per_second=False)

    assert series is not None
    others = [series.at(MONDAY + timedelta(days=n, hours=12)) for n in range(1, 7)]
    assert series.at(MONDAY.replace(hour=12)) == pytest.approx(sum(others) / 6)
    assert [(d.code, d.severity) for d in found] == [("TZ335", Severity.WARNING)]


@pytest.mark.skipif(not MEASURED.exists(), reason="the measured trace is not part of the project")
def test_a_real_load_balancers_two_weeks_are_read_whole():
    """https://github.com/numenta/NAB, realAWSCloudwatch: 4,032 sums of five minutes, mean 61.8."""
    rates = series_of(MEASURED.read_bytes()).requests_per_s

    assert (len(rates), sum(rates) / len(rates) * 300) == (4032, pytest.approx(61.8, abs=0.1))


# What is refused

BAD = [
    (b"timestamp,value\n2026-11-02 08:00,1\n2026-11-02 08:05,-3\n", [("TZ333", 3, 18)]),
    (b"2026-11-02 08:00,1\n2026-11-02 08:05,nan\n", [("TZ333", 2, 18)]),
    (b"2026-11-02 08:00,1\n2026-11-02 08:05,1e99\n", [("TZ333", 2, 18)]),
    (b"2026-11-02 08:00,1\nyesterday,1\n", [("TZ333", 2, 1)]),
    (b"2026-11-02 08:00,1\n0001-01-01 00:00+14:00,1\n", [("TZ333", 2, 1)]),
    (b"2026-11-02 08:00,1\n9999-12-31 23:59-14:00,1\n", [("TZ333", 2, 1)]),
    (b"2026-11-02 08:00,1\n2026-11-02 08:05;1\n", [("TZ333", 2, 1)]),
    (b"2026-11-02 08:00,1\n2026-11-02 08:05,1,2\n", [("TZ333", 2, 1)]),
    (b'2026-11-02 08:00,1\n"2026-11-02 08:05,1\n', [("TZ333", 2, 1)]),
    (b"2026-11-02 08:00,1\n\xff\xfe\n", [("TZ333", 2, 1)]),
    (b"2026-11-02 08:00,1\n=cmd|'/c calc'!A0,1\n", [("TZ333", 2, 1)]),
    (b"a" * 200_000 + b",1\nb,2\n", [("TZ333", 1, 1), ("TZ333", 2, 1)]),
    (b"", [("TZ334", 1, 1)]),
    (b"timestamp,value\n", [("TZ334", 1, 1)]),
    (b"2026-11-02 08:00,1\n2026-11-02 08:00,1\n", [("TZ334", 1, 1)]),
    (b"2026-11-02 08:00,1\n2026-11-02 09:00,1\n", [("TZ334", 1, 1)]),
    (b"2026-11-02,1\n2026-11-09,1\n", [("TZ334", 1, 1)]),
    (b"1970-01-01 00:00,1\n1970-01-01 00:05,1\n2199-01-01 00:00,1\n", [("TZ334", 1, 1)]),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_what_is_wrong_is_said_with_line_and_column(content, expected):
    """A CSV file comes from anywhere: an export, a spreadsheet, a hand."""
    assert problems(content) == expected


def test_a_file_of_rubbish_is_ten_findings_and_not_a_million():
    """What is wrong with ten lines is wrong with all."""
    assert len(problems(b"2026-11-02,1\n" + b"x,y\n" * 10_000)) == 10


def test_a_cell_is_quoted_in_part():
    """A finding is for people and goes to logs."""
    _, found = read_trace(b"1,1\n" + b"secret" * 50 + b",1", "x.csv", UTC, per_second=False)

    assert all(len(d.message) < 120 for d in found)


@given(st.binary(max_size=400))
def test_no_bytes_bring_the_reader_down(content):
    """Whatever a file holds is a series or findings, never an exception."""
    series, found = read_trace(content, "requests.csv", UTC, per_second=False)

    assert (series is None) == any(d.severity is Severity.ERROR for d in found)


# In a spec


def test_the_files_of_a_spec_are_known_before_they_are_read():
    """Only the edge reads files."""
    spec = load(HEAD.removesuffix("components:\n") + SPEC % ("", ""))

    assert trace_files(spec) == ("requests.csv",)


@pytest.mark.parametrize("why", ["does not exist", "is not a file"])
def test_a_file_that_cannot_be_read_is_a_finding_at_its_name(why):
    """TZ332 stands where the name is written, with the reason."""
    (found,) = loaded(Unreadable(why)).diagnostics

    assert found.code == "TZ332"
    assert found.message.endswith(why)
    assert found.path == ("traffic", "demand", "web", "trace", "file")


@pytest.mark.parametrize("file", ["/etc/passwd", "C:\\requests.csv"])
def test_an_absolute_path_is_refused_unread(file):
    """A spec means the same on every machine."""
    text = (HEAD.removesuffix("components:\n") + SPEC % ("", "")).replace("requests.csv", file)
    spec = load(text)

    assert trace_files(spec) == ()
    assert [d.code for d in with_traces(spec, {}).diagnostics] == ["TZ332"]


def test_findings_in_a_trace_name_its_path_from_where_the_command_runs():
    """A path from the spec's folder opens nothing."""
    (found,) = loaded(b"x,y\nz,1").diagnostics

    assert found.at is not None
    assert found.at.file == str(Path("specs") / "requests.csv")


def test_a_trace_that_was_not_read_is_said():
    """Instead of a bill without visitors."""
    spec = load(HEAD.removesuffix("components:\n") + SPEC % ("", "")).environments["prod"]

    with pytest.raises(ValueError, match="was not read"):
        stretches(spec.traffic.demand["web"], DECEMBER.start, DECEMBER.end)


def traced(content: bytes, trace: str = "", demand: str = "") -> Demand:
    """The demand of a spec with a trace."""
    return loaded(content, trace, demand).environments["prod"].traffic.demand["web"]


def test_a_month_has_the_requests_of_its_weekdays():
    """December 2026 has 23 weekdays, of which 8 hours are busy: 2/s, else 0.2/s."""
    busy_s = 23 * 8 * 3600
    expected = busy_s * 2.0 + (744 * 3600 - busy_s) * 0.2

    assert total_requests(traced(csv_of(7)), DECEMBER.start, DECEMBER.end) == pytest.approx(
        expected
    )


def test_a_scale_multiplies_every_value():
    """The trace of a smaller site has the shape, and the scale has the size."""
    one, three = (traced(csv_of(7), trace) for trace in ("", ", scale: 3"))
    requests = [total_requests(d, DECEMBER.start, DECEMBER.end) for d in (one, three)]

    assert requests[1] == pytest.approx(3 * requests[0])


def test_busy_hours_of_a_trace_are_those_with_half_of_its_peak():
    """So that a schedule can be held against what was measured."""
    assert busy_hours(traced(csv_of(7))) == {(d, h) for d in range(5) for h in range(9, 17)}


def test_simulation_and_closed_form_follow_the_same_trace():
    """Without noise, lags and interruptions they are the same to the cent."""
    graph = build(
        loaded(csv_of(14), ", scale: 4", ", timezone: America/New_York").environments["prod"]
    )
    plan, conditions = lower(graph), Conditions(DECEMBER, read_catalogue())
    closed = estimate(graph, plan, conditions)
    simulated = simulated_estimate(graph, plan, conditions, Runs(1))

    assert closed.services[0].baseline_tasks == 2
    assert round(simulated.total_usd, 2) == round(closed.total_usd, 2)


def test_a_trace_is_named_among_the_assumptions():
    """With its peak, which decides how many tasks there are."""
    graph = build(loaded(csv_of(7)).environments["prod"])
    found = estimate(graph, lower(graph), Conditions(DECEMBER, read_catalogue()))
    (peak,) = [a for a in found.assumptions if a.name == "peak_requests_per_s"]

    assert (peak.value, peak.source) == (2.0, "spec")
    assert "trace requests.csv" in peak.reason


def test_a_command_reads_the_trace_beside_its_spec(tmp_path):
    """The path counts from the spec, wherever the command runs."""
    spec = written(tmp_path)
    (tmp_path / "requests.csv").write_bytes(csv_of(7))
    demand = read_spec(spec).environments["prod"].traffic.demand["web"]

    assert demand.trace is not None
    assert demand.trace.was_read


def test_nothing_but_files_is_read(tmp_path):
    """A folder is no trace, and a FIFO would be waited for without end."""
    spec = written(tmp_path)
    os.mkfifo(tmp_path / "requests.csv")

    assert [d.message for d in read_spec(spec).diagnostics] == [
        "the trace `requests.csv` is not a file"
    ]


def test_a_file_of_gigabytes_is_not_read(tmp_path):
    """Its size is looked at first."""
    spec = written(tmp_path)
    with (tmp_path / "requests.csv").open("wb") as file:
        file.truncate(MOST_BYTES + 1)  # a hole, which takes no disk

    (found,) = read_spec(spec).diagnostics
    assert "at most 50,000,000 are allowed" in found.message


def written(folder: Path) -> Path:
    """A spec in a folder of its own."""
    spec = folder / "shop.yaml"
    spec.write_text(HEAD.removesuffix("components:\n") + SPEC % ("", ""), encoding="utf-8")
    return spec
