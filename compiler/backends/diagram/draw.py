"""One diagram of a graph as the bytes of a file."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from compiler.backends.diagram.dot_text import dot_text
from compiler.backends.diagram.layout import layout
from compiler.backends.diagram.mermaid_text import picture_mermaid
from compiler.backends.diagram.options import Format, Theme, View
from compiler.backends.diagram.overview import overview
from compiler.backends.diagram.picture import Picture
from compiler.backends.diagram.svg import svg
from compiler.backends.diagram.vpc_view import network_view
from compiler.graph import Graph
from trazo_spec.components.ecs import Ecs
from trazo_spec.schedule import weekly_windows

# Chosen: a schedule's chips show one week, and the same spec must always give the same bytes.
SHOWN_WEEK = date(2026, 1, 5)


def draw(
    graph: Graph,
    view: View = View.OVERVIEW,
    to: Format = Format.SVG,
    theme: Theme = Theme.AUTO,
    costs_usd: Mapping[str, Decimal] | None = None,
    week_of: date = SHOWN_WEEK,
) -> bytes:
    """A diagram of one environment.

    Args:
        graph: the environment.
        view: what to show.
        to: the kind of file.
        theme: its colours; png and pdf cannot follow a viewer and are light then.
        costs_usd: USD per month of each component; None for a diagram without prices.
        week_of: a day of the week whose hours the schedule chips show.
    """
    match view:
        case View.OVERVIEW:
            picture = overview(graph, costs_usd, schedules(graph, week_of))
        case View.NETWORK:
            picture = network_view(graph, costs_usd)
    return render(picture, to, theme)


def render(picture: Picture, to: Format, theme: Theme = Theme.AUTO) -> bytes:
    """A picture as the bytes of a file."""
    match to:
        case Format.SVG:
            return svg(layout(picture), theme)
        case Format.PNG | Format.PDF:
            # It starts processes, and the modules for that take longer to load than an svg to draw.
            from compiler.backends.diagram.raster import raster  # noqa: PLC0415

            return raster(layout(picture), "png" if to is Format.PNG else "pdf", theme)
        case Format.MERMAID:
            return picture_mermaid(picture).encode()
        case Format.DOT:
            return dot_text(picture).encode()


def schedules(graph: Graph, week_of: date) -> Mapping[str, tuple[str, ...]]:
    """For each service with hours, the windows of a week in words."""
    scaled = ((n, c.scaling) for n, c in graph.of(Ecs))
    return {
        name: weekly_windows(s.schedule, s.min, s.max, week_of)
        for name, s in scaled
        if s.schedule is not None
    }


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
