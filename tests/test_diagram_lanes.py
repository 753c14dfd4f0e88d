"""Pictures of lanes: nothing overlaps, every file is self-contained, what is folded is said."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given

from compiler.backends.diagram.draw import SHOWN_WEEK, draw, placed, render, schedules
from compiler.backends.diagram.formats.icons import LINE_ICONS, icon_file
from compiler.backends.diagram.model.lanes import Frame, Lane, Sheet, Step, Stop, Way
from compiler.backends.diagram.model.options import Format, View
from compiler.backends.diagram.model.picture import Chip, Item
from compiler.backends.diagram.placing.lane_layout import lane_layout
from compiler.backends.diagram.views.request import request
from compiler.backends.diagram.views.security import security
from compiler.graph.graph import Graph
from compiler.kinds import build
from tests.drawing_problems import problems
from tests.examples import graph_of
from tests.strategies.sample import Compiled, compiled
from tests.test_diagram_geometry import SHAPES, SPECS
from trazo_spec.load import load

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "a & <b> \"c\" ${d} %{e} </text> 'f' \\ ]]> &amp; Grüße"
VIEWS = (View.REQUEST, View.SECURITY)


def sheet(graph: Graph, view: View) -> Sheet:
    """What a view shows."""
    return request(graph, schedules(graph, SHOWN_WEEK)) if view is View.REQUEST else security(graph)


def hostile() -> Sheet:
    """A picture in which every text would break a careless writer."""
    chips = (Chip(HOSTILE, "schedule"),)
    last = Stop(Item("last", "aws.network.CloudFront", HOSTILE, (HOSTILE,), chips), 1, "beside")
    first = Stop(
        Item("first", "aws.general.Users", HOSTILE, (HOSTILE,), tooltip=HOSTILE),
        0,
        "card",
        (Way(last, HOSTILE, HOSTILE, 1),),
    )
    frame = Frame("frame", HOSTILE, HOSTILE, 1, 1)
    lane = Lane("lane", HOSTILE, HOSTILE, (first,), frame, (Step(1, HOSTILE),))
    return Sheet(HOSTILE, HOSTILE, (lane,), (HOSTILE, HOSTILE), HOSTILE, HOSTILE, (HOSTILE,))


@pytest.fixture(scope="module")
def production() -> Graph:
    """The environment that the README shows."""
    file = next(f for f in SPECS if f.stem == "trazo")
    return build(load(file.read_bytes(), file.name).environments["prod"], "prod")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.stem)
def test_example_specs_have_nothing_on_top_of_each_other(file, view):
    """These pictures stand in docs as they come."""
    loaded = load(file.read_bytes(), file.name)
    graphs = [build(spec, name) for name, spec in loaded.environments.items()]

    assert [p for graph in graphs for p in problems(lane_layout(sheet(graph, view)))] == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_of_application_has_nothing_on_top_of_each_other(name, view):
    """Columns and rows grow with what stands in them, in every combination."""
    graph = build(SHAPES[name](), "prod")

    assert problems(lane_layout(sheet(graph, view))) == []


@pytest.mark.parametrize("view", VIEWS)
@given(one=compiled())
def test_generated_specs_have_nothing_on_top_of_each_other(view: View, one: Compiled) -> None:
    """Specs come from people who have never seen ours."""
    found = [p for g in one.graphs.values() for p in problems(lane_layout(sheet(g, view)))]

    assert found == []


def test_hostile_texts_have_nothing_on_top_of_each_other():
    """A text that is too long is cut, wherever it stands."""
    long = Stop(Item("a", "aws.network.CloudFront", "W" * 90, ("W" * 90,)), 1, "words")
    start = Stop(Item("b", "aws.general.Users", "W" * 90, ("W" * 90,)), 0, "card", (Way(long),))
    drawn = Sheet("title", "", (Lane("lane", "W" * 90, starts=(start,)),))

    assert problems(lane_layout(drawn)) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_svg_needs_nothing_from_outside(production, view):
    """A reference to a file of the machine that drew it is a hole on every other one."""
    svg = draw(production, view, Format.SVG).decode()
    references = re.findall(r"""(?:href="|url\()([^")]{0,12})""", svg)

    assert {r for r in references if not r.startswith(("data:", "#icon"))} == set()


@pytest.mark.parametrize("view", VIEWS)
def test_ids_in_an_svg_are_unique(production, view):
    """Links and style sheets go by them."""
    root = ET.fromstring(draw(production, view, Format.SVG))  # noqa: S314 - our own file
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("to", [Format.SVG, Format.PNG, Format.MERMAID, Format.DOT])
@pytest.mark.parametrize("view", VIEWS)
def test_the_same_spec_gives_the_same_bytes(production, view, to):
    """Else every build would change a file that nobody touched."""
    assert draw(production, view, to) == draw(production, view, to)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("to", "beginning"),
    [
        (Format.SVG, b"<svg"),
        (Format.PNG, b"\x89PNG"),
        (Format.PDF, b"%PDF"),
        (Format.MERMAID, b"%% trazo"),
        (Format.DOT, b'digraph "trazo'),
    ],
)
def test_every_format_can_be_drawn(production, view, to, beginning):
    """A view that exists in some formats only would be a trap."""
    assert draw(production, view, to).startswith(beginning)


def test_hostile_texts_arrive_in_an_svg_as_they_were_written():
    """A text of a spec never becomes markup."""
    root = ET.fromstring(render(hostile(), Format.SVG))  # noqa: S314 - our own file

    assert HOSTILE in [e.text for e in root.iter(f"{SVG}text")]


def test_hostile_texts_stay_quoted_in_dot():
    """A quote in a name must not end the string."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", render(hostile(), Format.DOT).decode())

    assert set(outside) & set("&$%") == set()


def test_hostile_texts_stay_quoted_in_mermaid():
    """A quote, a bracket or a pipe in a name must not end a label."""
    lines = render(hostile(), Format.MERMAID).decode().splitlines()
    labels = re.findall(r'"(.*?)"', "\n".join(k for k in lines if not k.startswith("%%")))
    words = [label.replace("<br/>", "") for label in labels]

    assert [w for w in words if set(w) & set('<>&"')] == []


def test_mermaid_puts_the_vpc_around_what_stands_in_it(production):
    """Containment is only shown where it is true: S3 is in no VPC."""
    text = draw(production, View.REQUEST, Format.MERMAID).decode()
    inside = text.partition('["VPC network')[2].partition("    end")[0]

    assert ("RDS PostgreSQL" in inside, "S3 media" in inside) == (True, False)


def test_mermaid_tells_what_happens_at_each_number(production):
    """The text has no room for sentences below the picture, so they are comments."""
    text = draw(production, View.REQUEST, Format.MERMAID).decode()

    assert "%% 3. Every request goes to the same target group." in text


def test_mermaid_keeps_the_columns(production):
    """An arrow that passes a column is longer by one, so that buckets stand beside the VPC."""
    text = draw(production, View.REQUEST, Format.MERMAID).decode()
    arrows = [k.split("|")[0].strip() for k in text.splitlines() if k.startswith("  alb_web -")]

    assert arrows == ["alb_web -->", "alb_web --->", "alb_web --->", "alb_web -..->"]


@pytest.mark.parametrize("view", VIEWS)
@given(one=compiled())
def test_every_icon_is_there(view: View, one: Compiled) -> None:
    """A missing icon would be an error of the drawing, for users of that kind only."""
    icons = {i.icon for g in one.graphs.values() for i in sheet(g, view).items()}

    assert [i for i in icons if not icon_file(i).is_file()] == []


def ids(of: Sheet) -> list[str]:
    """The id of every lane, frame and item."""
    frames = [f"{lane.id}.{lane.frame.id}" for lane in of.lanes if lane.frame is not None]
    return [*(lane.id for lane in of.lanes), *frames, *(i.id for i in of.items())]


@pytest.mark.parametrize("view", VIEWS)
@given(one=compiled())
def test_everything_has_an_id_of_its_own(view: View, one: Compiled) -> None:
    """Two of one id would share a place, and Mermaid refuses a group in itself."""
    for graph in one.graphs.values():
        found = ids(sheet(graph, view))

        assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("view", VIEWS)
def test_names_of_components_never_meet_names_of_ours(view):
    """A bucket may be called `files` and a service `users`."""
    drawn = sheet(
        graph_of(
            """
            alb: {kind: alb, hostname: a.example.com, routes: [{path: /x, to: users}]}
            users: {kind: ecs, image: a/b:1, port: 80, uses: {secrets: connect, rest: read}}
            work: {kind: ecs, image: a/b:1, uses: {secrets: connect}}
            task: {kind: ecs, image: a/b:1, uses: {access: read}}
            unread: {kind: ecs, image: a/b:1}
            execution: {kind: alb, hostname: b.example.com, routes: [{to: users}]}
            secrets: {kind: rds}
            rest: {kind: s3}
            access: {kind: s3}
            files: {kind: s3, purpose: static}
            cdn: {kind: cloudfront, hostname: c.example.com, origin: files}
            """
        ),
        view,
    )

    assert sorted(ids(drawn)) == sorted(set(ids(drawn)))


@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_says_what_it_folds(view):
    """What is not drawn must not look as if it did not exist."""
    drawn = sheet(build(SHAPES["a hundred services"](), "prod"), view)
    folded = [i for i in drawn.items() if " more " in i.title]

    assert (bool(folded), any("are not shown" in n for n in drawn.notes)) == (True, True)


@pytest.mark.parametrize("view", VIEWS)
def test_a_spec_with_nothing_to_show_says_so(view):
    """An empty page would look like a mistake."""
    drawn = sheet(build(SHAPES["an empty VPC"](), "prod"), view)

    assert (drawn.lanes, len(drawn.notes)) == ((), 1)


def test_icons_that_are_filled_have_no_plate():
    """A light border around a coloured square looks like a mistake on a dark page."""
    assert "aws.compute.EC2ContainerRegistry" not in LINE_ICONS


def test_the_drawing_of_a_view_is_that_of_its_file(production):
    """What tests measure is what users see."""
    drawn = placed(request(production, schedules(production, SHOWN_WEEK)))
    svg = draw(production, View.REQUEST, Format.SVG).decode()

    assert f'width="{round(drawn.width, 2):g}"' in svg
