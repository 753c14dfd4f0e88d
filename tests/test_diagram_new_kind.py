"""A kind that exists only at run time: no view, text or graph may leave it out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

import pytest

from compiler.backends.cards import card
from compiler.backends.diagram.draw import Priced, draw, draw_changes
from compiler.backends.diagram.model.options import Format, View
from compiler.backends.diagram.model.picture import Picture
from compiler.backends.diagram.views.items import DASH
from compiler.backends.diagram.views.overview import USERS, overview
from compiler.backends.diagram.views.request import request
from compiler.backends.diagram.views.security import security
from compiler.backends.diagram.views.vpc_view import network_view
from compiler.backends.graph_text import as_dot, as_json
from compiler.backends.mermaid import mermaid
from compiler.card import Card, Copy, Listening, Place, Vpc, Zone
from compiler.graph.change import Change
from compiler.graph.graph import Edge, Graph, Kind, Relation
from compiler.kinds import KINDS, build
from compiler.plan.plan import Block, Json, Ref
from tests.examples import graph_of
from trazo_spec.base import Component
from trazo_spec.schedule.types import Scaling

SHOP = """
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
web: {kind: ecs, image: "a/b:1", port: 8080}
site: {kind: cloudfront, hostname: static.example.com, origin: files}
files: {kind: s3}
worker: {kind: ecs, image: "a/b:1", port: 8080}
"""
ICON = "aws.integration.SimpleQueueServiceSqs"
TEXTS = (Format.SVG, Format.MERMAID, Format.DOT)


class Novelty(Component):
    """A component of a kind that no module of the project knows."""

    kind: Literal["novelty"] = "novelty"


@dataclass(frozen=True)
class World:
    """A shop with a component of the new kind, and how that hangs together with the others."""

    monkeypatch: pytest.MonkeyPatch

    def graph(
        self, answer: Card | None, *edges: Edge, write: bool = False, role: bool = False
    ) -> Graph:
        """The graph of it; None for a kind that does not say where it stands."""

        def blocks(name: str, _: Novelty, __: Graph) -> Iterator[Block]:
            yield Block("aws_sqs_queue", name, {"name": name}, name)
            if role:
                yield Block("aws_iam_role", "runner", {"name": f"{name}-runner"}, name)
            for who in ("web_task",) * write + ("runner",) * role:
                arn = Ref(f"aws_sqs_queue.{name}", "arn")
                may = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
                policy = Json({"Statement": [may]})
                body = {"role": Ref(f"aws_iam_role.{who}", "id"), "policy": policy}
                yield Block("aws_iam_role_policy", f"{who}_{name}", body, name)

        kind = Kind(
            icon=ICON,
            usage={},
            blocks=blocks,
            meters=lambda *_: (),
            card=lambda *_: answer,
        )
        self.monkeypatch.setitem(cast("dict[str, Kind]", KINDS), "novelty", kind)
        spec = graph_of(SHOP).written
        with_it = spec.model_copy(update={"components": {**spec.components, "jobs": Novelty()}})
        graph = build(with_it)
        return replace(graph, edges=(*graph.edges, *edges))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Where the new kind is registered as long as a test runs."""
    return World(monkeypatch)


def edge(source: str, target: str, relation: Relation, port: int | None = None) -> Edge:
    """One dependency of the shop."""
    return Edge(source, target, relation, ("components", source), port)


SENDS = edge("web", "jobs", Relation.WRITES, 443)
STANDS_IN = edge("jobs", "network", Relation.RUNS_IN)


def ends(picture: Picture) -> set[tuple[str, str, str]]:
    """The arrows with their words."""
    return {(k.source, k.target, k.label) for k in picture.links}


@pytest.mark.parametrize("edges", [(), (SENDS,)])
def test_a_kind_without_a_card_stands_among_the_supporting_services(
    world: World, edges: tuple[Edge, ...]
) -> None:
    """Nothing is left out because nobody said where it stands, whoever calls it."""
    drawn = overview(world.graph(None, *edges))
    shown = [(i.id, i.icon, i.title) for i in drawn.supporting if i.id == "jobs"]

    assert shown == [("jobs", ICON, "novelty jobs")]


@pytest.mark.parametrize("place", list(Place))
def test_every_place_shows_what_stands_there_even_if_nothing_leads_to_it(
    world: World, place: Place
) -> None:
    """A card whose place does not exist in this environment is not lost either."""
    drawn = overview(world.graph(Card("Novelty", place, ("jobs",))))
    words = [line for i in drawn.items() for line in i.in_words]

    assert "jobs" in words


@pytest.mark.parametrize("place", [Place.ENTRY, Place.SERVICE, Place.ZONE])
@pytest.mark.parametrize("view", [View.OVERVIEW, View.NETWORK])
@pytest.mark.parametrize("to", TEXTS)
def test_what_stands_in_a_vpc_is_in_the_overview_and_the_network_view(
    world: World, place: Place, view: View, to: Format
) -> None:
    """The places of a VPC are for every kind."""
    graph = world.graph(Card("Novelty", place, ("jobs",)), STANDS_IN)

    assert "jobs" in draw(graph, view, to).decode()


@pytest.mark.parametrize("to", TEXTS)
@pytest.mark.parametrize("place", [None, Place.REGION, Place.ZONE])
def test_what_a_service_calls_is_in_the_request_view(
    world: World, place: Place | None, to: Format
) -> None:
    """A request's way goes on to whatever its service calls."""
    answer = None if place is None else Card("Novelty", place, ("jobs",))
    drawn = draw(world.graph(answer, SENDS, STANDS_IN), View.REQUEST, to).decode()

    assert "jobs" in drawn or "Novelty" in drawn


@pytest.mark.parametrize("to", TEXTS)
@pytest.mark.parametrize("answer", [None, Card("Novelty jobs", Place.REGION)])
def test_what_a_role_may_use_is_in_the_security_view(
    world: World, answer: Card | None, to: Format
) -> None:
    """Permissions are read from the plan, whatever they are for."""
    drawn = draw(world.graph(answer, SENDS, write=True), View.SECURITY, to).decode()

    assert "jobs" in drawn


def test_a_service_has_an_arrow_to_what_stands_in_the_region(world: World) -> None:
    """Not only to buckets."""
    drawn = overview(world.graph(Card("Novelty", Place.REGION), SENDS))

    assert [i.id for i in drawn.buckets] == ["jobs"]
    assert ("web", "jobs", "HTTPS 443") in ends(drawn)


def test_only_what_a_gateway_endpoint_leads_to_is_reached_by_it(world: World) -> None:
    """A queue has no gateway endpoint, a bucket has."""
    plain = overview(world.graph(Card("Novelty", Place.REGION), SENDS))
    behind = overview(world.graph(Card("Novelty", Place.REGION, gateway="s3"), SENDS))

    assert plain.networks[0].s3_endpoint is None
    assert behind.networks[0].s3_endpoint is not None


def test_a_store_of_a_new_kind_stands_in_a_zone_with_what_stands_by(world: World) -> None:
    """Databases and caches are not the only ones with copies."""
    answer = Card("Novelty", Place.ZONE, keeps_data=True, copies=(Copy("mirror", "Mirror"),))
    graph = world.graph(answer, STANDS_IN, edge("web", "jobs", Relation.CONNECTS_TO, 27017))
    drawn = overview(graph)
    stores = {s.item.id: (s.row, s.item.keeps_data) for s in drawn.networks[0].stores}

    assert stores == {"jobs": (0, True), "jobs.mirror": (1, True)}
    assert ("web", "jobs", "TCP 27017") in ends(drawn)
    assert {i.item.id for i in network_view(graph).networks[0].stores} == set(stores)


def test_a_network_of_a_new_kind_is_a_frame(world: World) -> None:
    """What stands in it, and its zones, come from its card."""
    zones = (Zone("here-a", "a", "10.0.0.0/24", "10.0.1.0/24", nat=True), Zone("here-b", "b"))
    answer = Card("Mesh", Place.FRAME, ("jobs · 10.0.0.0/16",), vpc=Vpc(zones))
    graph = world.graph(answer, edge("worker", "jobs", Relation.RUNS_IN))

    for drawn in (overview(graph), network_view(graph)):
        mesh = next(n for n in drawn.networks if n.id == "jobs")
        assert (mesh.title, mesh.detail) == ("Mesh", "jobs · 10.0.0.0/16")
        assert [z.nat is not None for z in mesh.zones] == [True, False]
        assert [s.item.id for s in mesh.services] == ["worker"]


def test_a_service_of_a_new_kind_gets_requests_and_calls_the_internet(world: World) -> None:
    """Tasks, protocol and ports come from its card."""
    answer = Card(
        "Novelty jobs",
        Place.SERVICE,
        fleet=Scaling(min=1, max=4),
        listening=Listening("HTTPS", 9000),
        egress_ports=(25,),
    )
    routed = edge("alb", "jobs", Relation.ROUTES_TO, 9000)
    drawn = overview(world.graph(answer, STANDS_IN, routed))
    details = {s.item.title: s.item.details for s in drawn.networks[0].services}

    assert details["Novelty jobs"] == (f"1{DASH}4 tasks",)
    assert ("alb", "jobs", "HTTPS 9000") in ends(drawn)
    assert "TCP 25, 443" in {label for _, _, label in ends(drawn)}


@pytest.mark.parametrize("place", [Place.EDGE, Place.ENTRY])
def test_users_call_every_entry(world: World, place: Place) -> None:
    """Load balancers and CDNs are not the only ways in."""
    drawn = overview(world.graph(Card("Novelty", place), STANDS_IN))

    assert (USERS, "jobs", "HTTPS 443") in ends(drawn)


@pytest.mark.parametrize("answer", [None, Card("Novelty", keeps_data=False)])
def test_the_flowchart_and_the_graph_show_it(world: World, answer: Card | None) -> None:
    """`graph` knows no kind."""
    graph = world.graph(answer, SENDS)

    assert 'jobs["jobs<br/>novelty"]' in mermaid(graph)
    assert "jobs" in {n["name"] for n in as_json(graph)["nodes"]}
    assert "novelty" in as_dot(graph)


def test_the_flowchart_draws_what_keeps_data_as_a_cylinder(world: World) -> None:
    """The kind says so, no list of kinds and no icon."""
    graph = world.graph(Card("Novelty", keeps_data=True))

    assert 'jobs[("jobs<br/>novelty")]' in mermaid(graph)


@pytest.mark.parametrize("place", list(Place))
def test_a_picture_of_two_specs_shows_that_it_comes_and_goes(world: World, place: Place) -> None:
    """Every area is compared."""
    graph = world.graph(Card("Novelty", place, ("jobs",)), SENDS)
    without = build(graph_of(SHOP).written)

    for before, after, change in (
        (without, graph, Change.ADDED),
        (graph, without, Change.REMOVED),
    ):
        drawn = draw_changes(Priced(before), Priced(after), Format.MERMAID).decode()
        line = next(text for text in drawn.splitlines() if "jobs" in text and "-->" not in text)
        assert change in line


def test_its_own_icon_stands_where_its_card_names_none(world: World) -> None:
    """A kind has one icon, whatever else it says."""
    assert card("jobs", world.graph(Card("Novelty"))).icon == ICON


@pytest.mark.parametrize("place", [Place.EDGE, Place.ENTRY])
@pytest.mark.parametrize("relation", [Relation.READS, Relation.ROUTES_TO])
def test_a_request_through_an_entry_of_a_new_kind_has_its_lane(
    world: World, place: Place, relation: Relation
) -> None:
    """Its service is then no longer one without requests."""
    answer = Card("Novelty", place, hostname="api.example.com")
    drawn = request(world.graph(answer, STANDS_IN, edge("jobs", "worker", relation, 8080)), {})
    lane = next(lane for lane in drawn.lanes if lane.id == "jobs-requests")

    assert lane.title == "A request to api.example.com"
    assert [s.text for s in lane.steps][-1] == "Novelty forwards it to ECS service worker."
    assert ("jobs", "jobs.worker") in {(k.source, k.target) for k in lane.links()}
    assert "Background work" not in {lane.title for lane in drawn.lanes}


@pytest.mark.parametrize("place", [Place.SERVICE, Place.REGION, Place.SUPPORTING])
def test_what_calls_something_by_itself_has_a_lane(world: World, place: Place) -> None:
    """Background work is not only that of services."""
    reads = edge("jobs", "files", Relation.READS, 443)
    drawn = request(world.graph(Card("Novelty", place), reads), {})
    starts = {s.item.title for lane in drawn.lanes for s in lane.starts}

    assert "Novelty" in starts


def test_a_role_of_its_own_is_in_the_security_view(world: World) -> None:
    """Not only services of ECS have roles."""
    graph = world.graph(None, role=True)
    lane = next(lane for lane in security(graph).lanes if lane.id == "other-roles")
    start = lane.starts[0]

    assert start.item.details == ("jobs-runner", "of jobs")
    assert [w.to.item.title for w in start.ways] == ["Send message"]
