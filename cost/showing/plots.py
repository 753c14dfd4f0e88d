"""Charts for a page: as data for plotly.js, the scripts that draw them, and hours as one week."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Any

from cost.bill.calendar import Period
from cost.bill.distribution import Distribution
from trazo_spec.schedule import zone

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
QUARTERS_PER_H = 4
QUARTER = timedelta(minutes=15)
"""Every time zone is off UTC by whole quarters of an hour."""

Week = tuple[tuple[float | None, ...], ...]
"""Tasks for each of 7 days from Monday on and each of 24 hours; None for hours that the period
lacks.
"""


def week(tasks_by_hour: Sequence[float], period: Period, timezone: str) -> Week:
    """The mean week of a period on the clock of a time zone.

    An hour of UTC that lies in two hours of the clock counts in both, in proportion.

    Args:
        tasks_by_hour: mean tasks in each hour from the period's start on.
        period: what they cover; a last hour that is cut off is left out.
        timezone: an IANA name.
    """
    clock = zone(timezone)
    samples: list[list[list[float]]] = [[[] for _ in range(24)] for _ in DAYS]
    for quarter in range(int(period.hours) * QUARTERS_PER_H):
        local = (period.start + quarter * QUARTER).astimezone(clock)
        samples[local.weekday()][local.hour].append(tasks_by_hour[quarter // QUARTERS_PER_H])
    return tuple(tuple(fmean(cell) if cell else None for cell in day) for day in samples)


def most(mean_week: Week) -> float:
    """The tasks of its busiest hour, 0.0 for a week without any."""
    return max((tasks for day in mean_week for tasks in day if tasks is not None), default=0.0)


if TYPE_CHECKING:
    from plotly.graph_objects import Figure

PERCENTS = (10, 50, 90)
# Chosen: one hue from faint to full shows on light and dark pages, in print, and to any eye.
NONE, SOME, MOST = "rgba(128,136,150,0.14)", "rgba(237,113,0,0.25)", "rgba(237,113,0,1)"
"""The colours of an hour without tasks, with ever so little of one, and with the most."""
MARK = "#7d8998"
HOVER = {"bgcolor": "#232f3e", "bordercolor": "#232f3e", "font": {"color": "#ffffff"}}
MARGINS = {"l": 44, "r": 12, "t": 28, "b": 44}
HEIGHT_PX = 250

DRAW = """\
const charts = [...document.querySelectorAll(".chart")];
const shown = {displayModeBar: false, responsive: true};
for (const chart of charts) {
  const {data, layout} = JSON.parse(chart.querySelector("script").textContent);
  Plotly.newPlot(chart, data, layout, shown);
}
const resized = (to) => () => charts.forEach((chart) => Plotly.relayout(chart, to));
addEventListener("beforeprint", resized({width: 640}));
addEventListener("afterprint", resized({width: null, autosize: true}));
"""
"""Draws every chart from the data inside it, as wide as the window or a sheet of paper."""


def scripts() -> tuple[str, ...]:
    """The scripts that a page with charts runs, in their order."""
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 # a tenth of a second, for reports only

    return get_plotlyjs(), DRAW


def week_chart(mean_week: Week) -> str:
    """The mean tasks of a week as a heat map, in JSON that may stand in a script."""
    from plotly.graph_objects import Figure, Heatmap  # noqa: PLC0415 # as above

    top = most(mean_week) or 1.0
    cells = Heatmap(
        z=[list(day) for day in mean_week],
        y=list(DAYS),
        zmin=0,
        zmax=top,
        colorscale=[(0.0, NONE), (1e-6, SOME), (1.0, MOST)],
        colorbar={"thickness": 10, "outlinewidth": 0, "len": 1, "x": 1.01, "xpad": 4, "nticks": 5},
        xgap=2,
        ygap=2,
        hovertemplate="%{y} %{x}:00: %{z:.2f} tasks<extra></extra>",
    )
    hours = {"tickvals": list(range(0, 24, 3)), "fixedrange": True, "title": {"text": "hour"}}
    days = {"autorange": "reversed", "fixedrange": True}
    return _json(Figure(cells, _layout(hours, days)))


def months_chart(spread: Distribution, budget_usd: float | None = None) -> str:
    """The totals of months as a histogram, in JSON that may stand in a script.

    Args:
        spread: the months.
        budget_usd: what is marked beside the percentiles; None for nothing.
    """
    from plotly.graph_objects import Bar, Figure  # noqa: PLC0415 # as above

    bins = spread.good_bins
    least, most_usd = min(spread.totals_usd), max(spread.totals_usd)
    width = (most_usd - least) / bins
    bars = Bar(
        x=[round(least + (n + 0.5) * width, 4) for n in range(bins)],
        y=list(spread.histogram(bins)),
        marker={"color": MOST},
        hovertemplate="about $%{x:,.2f}: %{y} months<extra></extra>",
    )
    amounts = {"tickprefix": "$", "tickformat": ",.2f", "nticks": 6, "fixedrange": True}
    counts = {"title": {"text": "months"}, "fixedrange": True, "nticks": 4}
    figure = Figure(bars, _layout(amounts, counts) | {"bargap": 0.04})
    marks = {f"P{n}": spread.percentile_usd(n) for n in PERCENTS}
    for name, usd in marks.items():
        figure.add_vline(usd, line={"color": MARK, "dash": "dot"}, annotation_text=name)
    if budget_usd is not None:
        figure.add_vline(budget_usd, line={"color": MARK}, annotation_text="budget")
    figure.update_annotations(yref="paper", y=1, yanchor="bottom", xanchor="center")
    return _json(figure)


def _layout(x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "template": "none",
        "height": HEIGHT_PX,
        "margin": MARGINS,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "size": 12},
        "hoverlabel": HOVER,
        "dragmode": False,
        "xaxis": {"showgrid": False, "zeroline": False, **x},
        "yaxis": {"zeroline": False, **y},
    }


def _json(figure: "Figure") -> str:
    """The data and layout of a figure; plotly writes `<` and `/` in it as escapes."""
    text: str = figure.to_json()
    return text
