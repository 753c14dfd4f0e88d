"""What the network view shows: the rules, routes and addresses that Terraform gets, no others."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from compiler.backends.diagram.draw import draw, render
from compiler.backends.diagram.formats.icons import icon_file
from compiler.backends.diagram.model.drawing import Drawing, Text
from compiler.backends.diagram.model.options import Format, View
from compiler.backends.diagram.model.picture import Item, Link, Network, Picture, Table, Zone
from compiler.backends.diagram.placing.layout import layout
from compiler.backends.diagram.views.items import DASH
from compiler.backends.diagram.views.vpc_view import (
    INTERNET,
    ROUTER_ICON,
    SERVICE_ICONS,
    firewall,
    network_view,
)
from compiler.findings.check import check
from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Block
from tests.drawing_problems import problems
from tests.examples import graph_of, of_type
from tests.strategies.documents import specs
from tests.test_diagram_files import HOSTILE, texts
from tests.test_diagram_geometry import SHAPES, SPECS
from trazo_spec.document import Spec
from trazo_spec.load import load

EXISTING = Path(__file__).parent / "golden" / "existing" / "spec.yaml"

WEB = """
network: {kind: networking, egress: {nat: single, endpoints: [logs, dynamodb]}}
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
web: {kind: ecs, image: a/b:1, port: 8443, uses: {database: connect}, egress_ports: [443, 25]}
database: {kind: rds}
"""

WORKERS = """
one: {kind: ecs, image: a/b:1, egress_ports: [22, 443]}
two: {kind: ecs, image: a/b:1}
"""


def picture(components: str = WEB) -> Picture:
    """The network view of a spec with these components."""
    return network_view(graph_of(components))


def priced(graph: Graph) -> Drawing:
    """The network view of an environment with its places, a price on everything."""
    return layout(network_view(graph, {n: Decimal("1234.567") for n in graph.spec.components}))


def link(of: Picture, source: str, target: str) -> Link:
    """The arrow between two items."""
    return next(k for k in of.links if (k.source, k.target) == (source, target))


def table(of: Network, title: str, tier: str) -> Table:
    """The first table with a title for the subnets of a tier."""
    return next(t for t in of.tables if t.title == title and t.detail.startswith(tier))


def item(of: Picture, id_: str) -> Item:
    """The item with an id."""
    return next(i for i in of.items() if i.id == id_)


def words(graph: Graph) -> set[str]:
    """Every text of a drawn view."""
    drawing = layout(network_view(graph))
    return {s.text for m in drawing.marks for s in m.shapes if isinstance(s, Text)}


def rules(graph: Graph, direction: str) -> Iterator[Block]:
    """The security group rules of an environment in one direction."""
    kind = f"aws_vpc_security_group_{direction}_rule"
    return iter(of_type(lower(graph).blocks, kind).values())


@pytest.mark.parametrize("file", [*SPECS, EXISTING], ids=lambda file: file.parent.name + file.stem)
def test_example_specs_have_nothing_on_top_of_each_other(file: Path) -> None:
    """These pictures stand in docs."""
    environments = load(file.read_bytes(), file.name).environments
    drawings = [layout(network_view(build(spec, name))) for name, spec in environments.items()]

    assert [p for drawing in drawings for p in problems(drawing)] == []


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_of_application_has_nothing_on_top_of_each_other(name: str) -> None:
    """Six zones have six rows here, and the tables below grow with them."""
    assert problems(priced(build(SHAPES[name](), "prod"))) == []


@given(spec=specs(environments=False))
def test_generated_specs_have_nothing_on_top_of_each_other(spec: Spec) -> None:
    """Specs come from people who have never seen ours."""
    assert problems(priced(build(spec, "prod"))) == []


@given(spec=specs(environments=False))
def test_every_rule_of_a_security_group_is_known_to_the_view(spec: Spec) -> None:
    """A port that is open and not shown is what such a picture must not hide."""
    graph = build(spec, "prod")
    shown = sum(len(ports) for ports in firewall(lower(graph).blocks).ports.values())
    both_sides = sum("referenced_security_group_id" in b.body for b in rules(graph, "ingress"))
    blocks = [*rules(graph, "egress"), *rules(graph, "ingress")]

    assert shown == len(blocks) - both_sides


@given(spec=specs(environments=False))
def test_every_rule_within_a_vpc_is_an_arrow(spec: Spec) -> None:
    """Specs this small are not folded, so each has a line of its own."""
    graph = build(spec, "prod")
    drawn = {(k.source, k.target) for k in network_view(graph).links}
    known = {ends for ends in firewall(lower(graph).blocks).ports if ends[1] != INTERNET}

    assert known - drawn == set()


@given(spec=specs(environments=False))
def test_every_subnet_is_shown_with_its_addresses(spec: Spec) -> None:
    """Also those in which nothing stands yet."""
    graph = build(spec, "prod")
    cidrs = {
        str(b.body["cidr_block"])
        for b in of_type(lower(graph).blocks, "aws_subnet").values()
        if b.mode == "managed"
    }

    assert cidrs - words(graph) == set()


def test_public_ports_are_on_the_arrow_from_the_internet() -> None:
    """Both listeners: the one that redirects is open to the world too."""
    assert link(picture(), INTERNET, "alb").label == "TCP 80, 443"


def test_arrows_between_groups_say_protocol_and_port() -> None:
    """As the rules do, which know nothing of HTTPS."""
    drawn = picture()
    ends = (("alb", "web"), ("web", "database"), ("web", "network.endpoints"))

    assert [link(drawn, *e).label for e in ends] == ["TCP 8443", "TCP 5432", "TCP 443"]


def test_prefix_lists_of_gateway_endpoints_are_targets() -> None:
    """Their rule names no group and no address, but a list that AWS keeps."""
    drawn = picture()

    assert [(b.title, link(drawn, "web", b.id).label) for b in drawn.buckets] == [
        ("DynamoDB", "TCP 443"),
        ("Amazon S3", "TCP 443"),
    ]


def test_egress_to_the_internet_goes_through_nat() -> None:
    """With the ports that the spec opens."""
    drawn = picture()
    out = link(drawn, "web", "network.nat_a")

    assert (out.label, out.detail, link(drawn, "network.nat_a", "network.gateway").label) == (
        "TCP 25, 443",
        "to the internet",
        "",
    )


def test_services_with_different_ways_out_say_so() -> None:
    """One arrow has the ports of all of them; which one may do what stands beside its name."""
    drawn = picture(WORKERS)
    ways = [item(drawn, name).details[-1] for name in ("one", "two")]

    assert (link(drawn, "two", "network.nat_a").label, ways) == (
        "TCP 22, 443",
        ["internet: TCP 22, 443", "internet: TCP 443"],
    )


def test_without_a_load_balancer_the_arrow_leads_to_the_internet() -> None:
    """Nothing comes in, so nothing must look as if it did."""
    ends = {(k.source, k.target) for k in picture(WORKERS).links}

    assert ("network.gateway", INTERNET) in ends
    assert not any(source == INTERNET for source, _ in ends)


def test_items_carry_the_name_of_their_security_group() -> None:
    """By that name it is found in the console."""
    chips = [c.text for i in picture().items() for c in i.chips if c.kind == "security_group"]

    assert chips == ["prod-alb", "prod-web", "prod-database", "prod-network-endpoints"]


def test_routes_are_those_of_the_route_tables() -> None:
    """Private tables that say the same are shown once."""
    (network,) = picture().networks
    routes = [t.rows for t in network.tables if t.title == "Routes"]

    assert routes == [
        (("10.0.0.0/16", "local"), ("0.0.0.0/0", "internet gateway")),
        (
            ("10.0.0.0/16", "local"),
            ("0.0.0.0/0", "NAT gateway in us-east-2a"),
            ("prefix list of dynamodb", "gateway endpoint"),
            ("prefix list of s3", "gateway endpoint"),
        ),
    ]


def test_each_zone_with_a_nat_gateway_has_its_own_routes() -> None:
    """That a zone does not depend on another one is why there are several."""
    (network,) = picture(
        "network: {kind: networking, egress: {nat: per_zone}}\nweb: {kind: ecs, image: a/b:1}\n"
    ).networks
    routes = {t.detail: dict(t.rows)["0.0.0.0/0"] for t in network.tables if t.title == "Routes"}

    assert routes == {
        "public subnets": "internet gateway",
        "private subnet in us-east-2a": "NAT gateway in us-east-2a",
        "private subnet in us-east-2b": "NAT gateway in us-east-2b",
    }


def test_network_acls_are_shown_by_direction_and_address() -> None:
    """Ports first, then the range of the answers."""
    (network,) = picture().networks
    acl = dict(table(network, "Network ACL", "public").rows)

    assert acl["from 0.0.0.0/0"] == f"TCP 80, 443, 1024{DASH}65535 · ICMP type 3 code 4"


def test_a_long_list_of_ports_is_counted() -> None:
    """A line as wide as the page helps nobody."""
    ports = [443, *range(2000, 2030)]
    drawn = picture(f"web: {{kind: ecs, image: a/b:1, egress_ports: {ports}}}")
    acl = dict(table(drawn.networks[0], "Network ACL", "private").rows)

    assert (link(drawn, "web", "network.nat_a").label, acl["to 0.0.0.0/0"]) == (
        "TCP 443, 2000, 2001 and 28 more",
        "TCP 443, 2000, 2001, 2002, 26 more, 2029 · ICMP type 3 code 4",
    )


def test_the_addresses_of_zones_that_share_a_row_are_in_a_table() -> None:
    """Seven rows do not fit, but every subnet counts."""
    zones = [f"us-east-2{letter}" for letter in "abcdefg"]
    graph = graph_of(f"network: {{kind: networking, availability_zones: {zones}}}")
    (network,) = network_view(graph).networks
    public = table(network, "Addresses", "public")

    assert (len(network.zones), public.in_zones, public.rows[-1]) == (
        6,
        False,
        ("us-east-2g", "10.0.96.0/20"),
    )


def test_an_existing_vpc_shows_no_routes_and_says_why() -> None:
    """They are not in the spec, and a guess would be worse than nothing."""
    graph = check(load(EXISTING.read_bytes())).graphs["prod"]
    drawn = network_view(graph)
    titles = {t.title for n in drawn.networks for t in n.tables}

    assert (titles, drawn.notes[-1]) == (
        {"Addresses"},
        "The VPC network already exists: trazo does not create its routes and network ACLs.",
    )


def test_a_spec_without_a_vpc_says_so() -> None:
    """An empty picture would look like a mistake."""
    assert picture("files: {kind: s3}").notes == (
        "Nothing in this environment runs in a VPC: there are no subnets, routes or security "
        "groups.",
    )


def test_a_vpc_in_which_nothing_stands_lets_nothing_through() -> None:
    """AWS denies what no rule of an ACL allows."""
    (network,) = picture("network: {kind: networking}").networks

    assert table(network, "Network ACL", "public").rows == (("any address", "denied"),)


def test_what_is_folded_keeps_all_ports() -> None:
    """One mark for several databases and caches has the ports of both."""
    drawn = network_view(build(SHAPES["a hundred services"](), "prod"))
    labels = {k.label for k in drawn.links if k.target.startswith("more-databases")}

    assert labels == {"TCP 5432, 6379"}


def test_prices_on_the_picture_add_up_to_its_total() -> None:
    """The total is of what is shown, and says that."""
    graph = graph_of(WEB + "files: {kind: s3}\n")
    drawn = network_view(graph, {name: Decimal(4) / 3 for name in graph.spec.components})
    chips = [*(c for i in drawn.items() for c in i.chips), *drawn.networks[0].chips]
    usd = sum(Decimal(c.text.removeprefix("$")) for c in chips if c.kind == "cost")

    assert drawn.total is not None
    assert drawn.total.text == f"${usd} / month for the resources shown"


@pytest.mark.parametrize("to", [Format.SVG, Format.PNG, Format.MERMAID, Format.DOT])
def test_the_same_spec_gives_the_same_bytes(to: Format) -> None:
    """Else every build would change a file that nobody touched."""
    assert draw(graph_of(WEB), View.NETWORK, to) == draw(graph_of(WEB), View.NETWORK, to)


@pytest.mark.parametrize("to", [Format.MERMAID, Format.DOT])
def test_texts_have_the_tables_and_the_addresses(to: Format) -> None:
    """They have no rows in which a subnet could stand."""
    text = draw(graph_of(WEB), View.NETWORK, to).decode()
    wanted = ("us-east-2b: 10.0.144.0/20", "0.0.0.0/0: internet gateway", "security group prod-web")

    assert [w for w in wanted if w not in text] == []


def test_every_icon_exists() -> None:
    """A missing icon is a hole in somebody's picture."""
    drawn = picture()
    icons = {i.icon for i in drawn.items()} | {t.icon for n in drawn.networks for t in n.tables}
    icons |= {icon for icon, _ in SERVICE_ICONS.values()} | {ROUTER_ICON}

    assert [name for name in sorted(icons) if not icon_file(name).is_file()] == []


def hostile_table() -> Picture:
    """A VPC with a table in which every text would break a careless writer."""
    rows = ((HOSTILE, HOSTILE),)
    shown = Table("t", "aws.network.Nacl", HOSTILE, HOSTILE, rows)
    network = Network("n", HOSTILE, HOSTILE, (Zone(HOSTILE),), tables=(shown,))
    return Picture(HOSTILE, HOSTILE, networks=(network,))


def test_hostile_texts_of_a_table_arrive_in_an_svg_as_they_were_written() -> None:
    """Title, what it is for, and both columns."""
    whole = hostile_table()
    bare = replace(whole, networks=(replace(whole.networks[0], tables=()),))
    found = [texts(render(p, Format.SVG)).count(HOSTILE) for p in (whole, bare)]

    assert found[0] - found[1] == 4


def test_hostile_texts_of_a_table_stay_quoted() -> None:
    """A quote in one must not end the string, in neither language."""
    dot = render(hostile_table(), Format.DOT).decode()
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", dot)
    mermaid = [s for s in render(hostile_table(), Format.MERMAID).decode().splitlines() if "[" in s]

    assert (set(outside) & set("&$%"), {s.count('"') for s in mermaid}) == (set(), {2})
