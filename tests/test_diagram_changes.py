"""Two specs in one picture: what is added, changed and removed, and never by colour alone."""

from decimal import Decimal

import pytest
from hypothesis import given

from compiler.backends.diagram.draw import SHOWN_WEEK, Priced, draw_changes, schedules
from compiler.backends.diagram.model.options import Format
from compiler.backends.diagram.model.picture import CHANGE_MARKS, Item, Link, Picture
from compiler.backends.diagram.placing.layout import layout
from compiler.backends.diagram.views.changes import Side, changes
from compiler.backends.diagram.views.items import DASH
from compiler.graph.change import Change
from compiler.graph.graph import Graph
from compiler.kinds import build
from tests.drawing_problems import problems
from tests.examples import graph_of
from tests.strategies.documents import specs
from tests.test_diagram_geometry import SHAPES
from trazo_spec.document import Spec

MINUS = CHANGE_MARKS[Change.REMOVED]
OLD = """
network: {kind: networking, availability_zones: 2}
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
web:
  kind: ecs
  image: a/b:1
  cpu: 256
  port: 80
  uses: {database: connect, media: read_write}
  scaling: {max: 2, schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}}
database: {kind: rds}
media: {kind: s3}
zone: {kind: dns}
"""
NEW = (
    OLD.replace("cpu: 256", "cpu: 512")
    .replace("media: read_write", "cache: connect")
    .replace("media: {kind: s3}", "cache: {kind: redis}")
    .replace("20:00", "21:00")
)


def side(graph: Graph, usd: int | None = 1) -> Side:
    """One side, each component at the same price."""
    costs = None if usd is None else dict.fromkeys(graph.spec.components, Decimal(usd))
    return Side(graph, schedules(graph, SHOWN_WEEK), costs)


def between(old: str, new: str) -> Picture:
    """The picture of two specs with these components."""
    return changes(side(graph_of(old), 1), side(graph_of(new), 2))


def item(of: Picture, id_: str) -> Item:
    """An item of a picture."""
    return next(i for i in of.items() if i.id == id_)


def link(of: Picture, source: str, target: str) -> Link:
    """An arrow of a picture."""
    return next(k for k in of.links if (k.source, k.target) == (source, target))


@pytest.mark.parametrize(
    ("id_", "change"),
    [
        ("cache", Change.ADDED),
        ("web", Change.CHANGED),
        ("media", Change.REMOVED),
        ("database", None),
        ("alb", None),
    ],
)
def test_every_component_is_marked_with_what_happened_to_it(id_: str, change: Change | None):
    """A reviewer looks for the marks, and trusts that what has none is as it was."""
    assert item(between(OLD, NEW), id_).change is change


def test_a_changed_component_says_what_was_and_what_is():
    """The new value alone does not tell what the change is."""
    assert "cpu: 256 → 512" in item(between(OLD, NEW), "web").details


def test_windows_of_a_schedule_come_and_go_as_chips():
    """The hours of a service are read off its chips."""
    chips = [c.text for c in item(between(OLD, NEW), "web").chips if c.kind == "schedule"]

    assert chips == [f"+ Mon{DASH}Fri 08{DASH}21 UTC", f"{MINUS} Mon{DASH}Fri 08{DASH}20 UTC"]


def test_prices_stand_as_before_and_after():
    """What a change costs is half of why people compare."""
    drawn = between(OLD, NEW)

    assert drawn.total is not None
    assert [
        drawn.total.text,
        item(drawn, "alb").chips[0].text,
        item(drawn, "cache").chips[0].text,
    ] == [
        "$6.00 → $12.00 / month",
        "$1.00 → $2.00",
        "$2.00",
    ]


@pytest.mark.parametrize(
    ("target", "change", "label"),
    [
        ("cache", Change.ADDED, "+ TCP 6379"),
        ("media", Change.REMOVED, f"{MINUS} HTTPS 443"),
        ("database", None, "TCP 5432"),
    ],
)
def test_arrows_are_marked_too(target: str, change: Change | None, label: str):
    """A new arrow is a new hole in a security group."""
    found = link(between(OLD, NEW), "web", target)

    assert (found.change, found.label) == (change, label)


def test_an_arrow_with_another_port_says_both():
    """It is the same arrow, and other packets."""
    found = link(between(OLD, OLD.replace("port: 80", "port: 8080")), "alb", "web")

    assert (found.change, found.label) == (Change.CHANGED, "HTTP 80 → HTTP 8080")


def test_a_part_that_every_vpc_has_does_not_come_and_go():
    """The endpoint of S3 is there whether or not an arrow runs through it."""
    assert item(between(OLD, NEW), "network.s3_endpoint").change is None


def test_a_renamed_component_is_the_same_one():
    """With `was`, Terraform moves it, and the picture shows one database and not two."""
    new = OLD.replace("database: {kind: rds}", "db: {kind: rds, was: database}")
    drawn = between(OLD, new.replace("{database:", "{db:"))

    assert [i.id for i in drawn.items() if i.icon.endswith("PostgresqlInstance")] == ["db"]
    assert "was database" in item(drawn, "db").details


def test_nothing_is_marked_between_a_spec_and_itself():
    """Else every review would begin with false alarms."""
    drawn = changes(side(graph_of(OLD)), side(graph_of(OLD)))

    assert {i.change for i in drawn.items()} | {k.change for k in drawn.links} == {None}
    assert drawn.notes == ("No changes.",)


@pytest.mark.parametrize(("new", "change"), [(True, Change.ADDED), (False, Change.REMOVED)])
def test_an_environment_that_only_one_spec_has_is_marked_as_a_whole(new: bool, change: Change):
    """There is nothing to compare it with."""
    one = side(graph_of(OLD))
    drawn = changes(None, one) if new else changes(one, None)

    assert {i.change for i in drawn.items() if i.id != "end-users"} == {change}


def test_what_has_no_mark_of_its_own_is_a_note():
    """A VPC is a frame around others."""
    drawn = between(OLD, OLD.replace("availability_zones: 2", "availability_zones: 3"))

    assert drawn.notes == ("network: availability_zones: 2 → 3",)


def test_what_stood_in_a_zone_that_is_gone_is_left_out():
    """There is no row for it any more; the note says why."""
    egress = "network: {kind: networking, egress: {nat: per_zone}, availability_zones: 2}"
    old = OLD.replace("network: {kind: networking, availability_zones: 2}", egress)
    drawn = between(old, old.replace("availability_zones: 2", "availability_zones: 1"))

    assert "network.nat_b" not in {i.id for i in drawn.items()}
    assert problems(layout(drawn)) == []


def test_what_has_changed_is_folded_last():
    """The picture is about it."""
    names = [f"svc{i:02}" for i in range(20)]
    many = "".join(f"{n}: {{kind: ecs, image: a/b:1}}\n" for n in names)
    drawn = between(many, many.replace("svc19: {kind: ecs,", "svc19: {kind: ecs, cpu: 512,"))

    assert item(drawn, "svc19").change is Change.CHANGED


@pytest.mark.parametrize("to", [Format.MERMAID, Format.DOT])
def test_texts_carry_the_words_too(to: Format):
    """Colours get lost on paper and for many eyes."""
    text = draw_changes(Priced(graph_of(OLD)), Priced(graph_of(NEW)), to).decode()

    assert f"{MINUS} removed" in text


@pytest.mark.parametrize("to", [Format.SVG, Format.PNG, Format.PDF])
def test_every_format_is_drawn(to: Format):
    """The same formats as of any other picture."""
    found = draw_changes(Priced(graph_of(OLD)), Priced(graph_of(NEW)), to)

    assert found.startswith({"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}[to])


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_that_comes_whole_has_nothing_on_top_of_each_other(name: str):
    """With a frame around each item, everything needs more room."""
    graph = build(SHAPES[name](), "prod")

    assert problems(layout(changes(None, side(graph)))) == []


@given(before=specs(environments=False), after=specs(environments=False))
def test_any_two_specs_have_nothing_on_top_of_each_other(before: Spec, after: Spec):
    """Revisions may be years apart."""
    drawn = changes(side(build(before, "prod")), side(build(after, "prod"), 2))

    assert problems(layout(drawn)) == []
