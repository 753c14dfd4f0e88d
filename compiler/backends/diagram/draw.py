"""One diagram of a graph as the bytes of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from compiler.backends.cards import cards_of
from compiler.backends.diagram.formats.dot_text import dot_text
from compiler.backends.diagram.formats.lane_text import lane_dot, lane_mermaid
from compiler.backends.diagram.formats.mermaid_text import picture_mermaid
from compiler.backends.diagram.formats.svg import svg
from compiler.backends.diagram.model.drawing import Drawing
from compiler.backends.diagram.model.lanes import Sheet
from compiler.backends.diagram.model.options import Format, Theme, View
from compiler.backends.diagram.model.picture import Picture
from compiler.backends.diagram.placing.lane_layout import lane_layout
from compiler.backends.diagram.placing.layout import layout
from compiler.backends.diagram.views.changes import Side, changes
from compiler.backends.diagram.views.overview import overview
from compiler.backends.diagram.views.request import request
from compiler.backends.diagram.views.security import security
from compiler.backends.diagram.views.vpc_view import network_view
from compiler.graph.graph import Graph
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.schedule.summary import weekly_windows

# Chosen: the week that a schedule's chips show where no period is known. Commands know one.
SHOWN_WEEK = date(2026, 1, 5)


def draw(
    graph: Graph,
    view: View = View.OVERVIEW,
    to: Format = Format.SVG,
    theme: Theme = Theme.AUTO,
    costs_usd: Mapping[str, Decimal] | None = None,
    week_of: date = SHOWN_WEEK,
    findings: Sequence[Diagnostic] = (),
) -> bytes:
    """A diagram of one environment.

    Args:
        graph: the environment.
        view: what to show.
        to: the kind of file.
        theme: its colours; png and pdf cannot follow a viewer and are light then.
        costs_usd: USD per month of each component; None for a diagram without prices.
        week_of: a day of the week whose hours the schedule chips show.
        findings: what is to be marked.
    """
    picture: Picture | Sheet
    match view:
        case View.OVERVIEW:
            picture = overview(graph, costs_usd, schedules(graph, week_of), findings)
        case View.NETWORK:
            picture = network_view(graph, costs_usd)
        case View.REQUEST:
            picture = request(graph, schedules(graph, week_of))
        case View.SECURITY:
            picture = security(graph)
    return render(picture, to, theme)


@dataclass(frozen=True, slots=True)
class Priced:
    """An environment and what it costs."""

    graph: Graph
    costs_usd: Mapping[str, Decimal] | None = None
    """USD per month of each component; None for a diagram without prices."""


def draw_changes(
    before: Priced | None,
    after: Priced | None,
    to: Format = Format.SVG,
    theme: Theme = Theme.AUTO,
    subtitle: str = "",
    week_of: date = SHOWN_WEEK,
) -> bytes:
    """The overview of two specs of an environment: what is added, changed and removed.

    Args:
        before: the environment before; None where it was not there.
        after: the environment after; None where it is no longer there.
        to: the kind of file.
        theme: its colours.
        subtitle: what the two specs are called.
        week_of: a day of the week whose hours the schedule chips show.
    """
    sides = (
        None if one is None else Side(one.graph, schedules(one.graph, week_of), one.costs_usd)
        for one in (before, after)
    )
    return render(replace(changes(*sides), subtitle=subtitle), to, theme)


def placed(picture: Picture | Sheet) -> Drawing:
    """A picture with everything in its place."""
    return layout(picture) if isinstance(picture, Picture) else lane_layout(picture)


def render(picture: Picture | Sheet, file_format: Format, theme: Theme = Theme.AUTO) -> bytes:
    """A picture as the bytes of a file."""
    match file_format:
        case Format.SVG:
            return svg(placed(picture), theme)
        case Format.PNG | Format.PDF:
            # It starts processes, and the modules for that take longer to load than an svg to draw.
            from compiler.backends.diagram.formats.raster import raster  # noqa: PLC0415

            return raster(placed(picture), "png" if file_format is Format.PNG else "pdf", theme)
        case Format.MERMAID:
            return _mermaid(picture).encode()
        case Format.DOT:
            return _dot(picture).encode()


def _mermaid(picture: Picture | Sheet) -> str:
    return picture_mermaid(picture) if isinstance(picture, Picture) else lane_mermaid(picture)


def _dot(picture: Picture | Sheet) -> str:
    return dot_text(picture) if isinstance(picture, Picture) else lane_dot(picture)


def schedules(graph: Graph, week_of: date) -> Mapping[str, tuple[str, ...]]:
    """For each service with hours, the windows of a week in words; none for one always on."""
    fleets = {name: card.fleet for name, card in cards_of(graph).items() if card.fleet is not None}
    windows = {
        name: weekly_windows(scaling, week_of)
        for name, scaling in fleets.items()
        if scaling.schedule is not None
    }
    return {name: words for name, words in windows.items() if words != ("always on",)}


def embedded(
    graph: Graph, scope: str, costs_usd: Mapping[str, Decimal] | None, week_of: date = SHOWN_WEEK
) -> str:
    """The overview as an `svg` element for a page that has others.

    Args:
        graph: the environment.
        scope: what its ids and fonts begin with, so that no two drawings of the page share one.
        costs_usd: USD per month of each component; None for a diagram without prices.
        week_of: a day of the week whose hours the schedule chips show.
    """
    picture = overview(graph, costs_usd, schedules(graph, week_of))
    return svg(layout(picture), Theme.AUTO, scope).decode()
