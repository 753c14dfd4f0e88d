"""What an overview shows of a spec, and that its words and prices are right."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from compiler.backends.diagram.draw import SHOWN_WEEK, schedules
from compiler.backends.diagram.formats.icons import LINE_ICONS, ROUND_ICONS, icon_file
from compiler.backends.diagram.model.picture import Link, Picture
from compiler.backends.diagram.views.items import DASH, in_cents
from compiler.backends.diagram.views.overview import USERS, overview
from compiler.kinds import KINDS as ANSWERS
from tests.examples import graph_of

WEB = """
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
web:
  kind: ecs
  image: a/b:1
  port: 8443
  protocol: HTTPS
  uses: {database: connect, media: read_write, static: write}
  scaling:
    min: 1
    max: 2
    schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}
database: {kind: rds, multi_az: true}
media: {kind: s3}
static: {kind: s3}
idle: {kind: s3}
cdn: {kind: cloudfront, hostname: static.example.com, origin: static}
zone: {kind: dns}
"""


def picture(components: str = WEB) -> Picture:
    """The overview of a spec with these components, a dollar and a third for each."""
    graph = graph_of(components)
    costs = {name: Decimal(4) / 3 for name in graph.spec.components}
    return overview(graph, costs, schedules(graph, SHOWN_WEEK))


def link(of: Picture, source: str, target: str) -> Link:
    """The arrow between two items."""
    return next(k for k in of.links if (k.source, k.target) == (source, target))


def test_https_goes_straight_to_the_load_balancer_and_dns_is_a_dashed_stub() -> None:
    """Requests do not pass through Route 53."""
    drawn = picture()
    dns, https = link(drawn, USERS, "route-53"), link(drawn, USERS, "alb")

    assert [(k.label, k.dashed) for k in (dns, https)] == [("DNS", True), ("HTTPS 443", False)]


def test_the_numbers_follow_one_request() -> None:
    """A reader follows 1, 2, 3, 4 from the name to the database."""
    drawn = picture()
    numbered = {k.number: (k.source, k.target) for k in drawn.links if k.number}

    assert numbered == {
        1: (USERS, "route-53"),
        2: (USERS, "alb"),
        3: ("alb", "web"),
        4: ("web", "database"),
    }


def test_the_way_of_a_static_file_is_numbered_where_there_is_no_load_balancer() -> None:
    """A static site has a request's way too."""
    drawn = picture(
        """
        files: {kind: s3}
        site: {kind: cloudfront, hostname: www.example.com, origin: files}
        """
    )
    numbered = {k.number: (k.source, k.target) for k in drawn.links if k.number}

    assert numbered == {1: (USERS, "site"), 2: ("site", "files")}


def test_arrows_say_protocol_and_port() -> None:
    """That is what a security group will let through."""
    drawn = picture()
    labels = [link(drawn, *ends).label for ends in (("alb", "web"), ("web", "database"))]

    assert labels == ["HTTPS 8443", "TCP 5432"]


def test_egress_through_nat_is_drawn() -> None:
    """Where traffic leaves a VPC is what a reader of such a picture looks for."""
    drawn = picture()

    assert [
        link(drawn, "web", "network.nat_a").detail,
        link(drawn, "network.nat_a", "network.gateway").source,
    ] == [
        "to the internet",
        "network.nat_a",
    ]


def test_egress_through_endpoints_names_their_services() -> None:
    """Without NAT, only what has an endpoint can be reached."""
    drawn = picture(
        """
        network: {kind: networking, egress: {endpoints: [ecr.api, logs, s3]}}
        web: {kind: ecs, image: a/b:1}
        """
    )
    (network,) = drawn.networks
    endpoints = network.interface_endpoints

    assert endpoints is not None
    assert endpoints.details == ("ecr.api", "logs")


def test_every_component_is_somewhere() -> None:
    """A part that is missing from the picture is taken for missing from the system."""
    graph = graph_of(WEB + "security: {kind: security, secrets: {key: {}}}\nroles: {kind: iam}\n")
    drawn = overview(graph, {name: Decimal(1) for name in graph.spec.components})
    shown = {i.id for i in drawn.items()} | {n.id for n in drawn.networks}
    together = {"zone": "route-53", "security": "supporting.secrets", "roles": "supporting.roles"}

    assert {together.get(name, name) for name in graph.spec.components} <= shown


def test_prices_on_the_picture_add_up_to_its_total() -> None:
    """A sum that is off by a cent makes people doubt all of it."""
    drawn = picture()
    chips = [c for i in drawn.items() for c in i.chips] + [
        c for n in drawn.networks for c in n.chips
    ]
    prices = [Decimal(c.text.removeprefix("$")) for c in chips if c.kind == "cost"]

    assert drawn.total is not None
    assert f"${sum(prices)} / month" == drawn.total.text


def test_a_price_without_an_item_is_shown_as_other() -> None:
    """Nothing of the total may be left out."""
    graph = graph_of("files: {kind: s3}")
    drawn = overview(graph, {"files": Decimal(1), "somewhere_else": Decimal(2)})
    other = next(i for i in drawn.supporting if i.title == "Other")

    assert (other.details, [c.text for c in other.chips]) == (("somewhere_else",), ["$2.00"])


@given(costs=st.dictionaries(st.text(max_size=3), st.decimals(0, 10_000, places=6), max_size=8))
def test_whole_cents_add_up_to_the_rounded_total(costs: dict[str, Decimal]) -> None:
    """The law behind the sum on the picture."""
    total = sum(costs.values(), Decimal(0)).quantize(Decimal("0.01"))

    assert sum(in_cents(costs).values(), Decimal(0)) == total


def test_a_schedule_is_a_chip_on_its_service() -> None:
    """The hours that are deployed are the hours that are drawn."""
    (network,) = picture().networks
    (service,) = network.services

    assert [c.text for c in service.item.chips if c.kind == "schedule"] == [
        f"Mon{DASH}Fri 08{DASH}20 UTC"
    ]


def test_a_time_zone_stands_once_and_not_on_every_chip() -> None:
    """`America/New_York` on three chips would be wider than the service."""
    drawn = picture(WEB.replace("schedule: {", "schedule: {timezone: America/New_York, "))
    (service,) = drawn.networks[0].services

    assert ([c.text for c in service.item.chips][1:], service.item.details[-1]) == (
        [f"Mon{DASH}Fri 08{DASH}20"],
        f"1{DASH}2 tasks · hours in New York",
    )


def test_a_standby_stands_in_another_zone() -> None:
    """That it does is the point of having one."""
    (network,) = picture().networks
    rows = {s.item.id: s.row for s in network.stores}

    assert rows == {"database": 0, "database.standby": 1}


def test_a_bucket_says_who_uses_it() -> None:
    """For buckets of CDNs there is no arrow from the service that writes them."""
    drawn = picture()
    details = {i.id: i.details for i in (*drawn.origins, *drawn.buckets, *drawn.supporting)}

    assert [details[n] for n in ("static", "media", "idle")] == [
        ("read by cdn", "written by web"),
        ("read and written by web",),
        ("not linked",),
    ]


def test_routes_say_which_requests_they_take() -> None:
    """With two services behind a load balancer, the ports alone do not tell why."""
    drawn = picture(
        """
        alb:
          kind: alb
          hostname: www.example.com
          routes: [{host: www.example.com, path: /api/*, to: api}, {to: web}]
        api: {kind: ecs, image: a/b:1, port: 80}
        web: {kind: ecs, image: a/b:1, port: 80}
        """
    )

    assert [link(drawn, "alb", n).detail for n in ("api", "web")] == ["/api/*", "all else"]


def test_more_than_three_zones_share_a_row() -> None:
    """Six rows that look alike say no more than three."""
    drawn = picture(
        """
        network: {kind: networking, availability_zones: 6}
        web: {kind: ecs, image: a/b:1}
        """
    )

    assert [z.title for z in drawn.networks[0].zones] == [
        "AZ us-east-2a",
        "AZ us-east-2b",
        "AZ us-east-2c, d, e, f",
    ]


def test_every_icon_exists() -> None:
    """A missing icon is a hole in somebody's picture."""
    graph = graph_of(
        WEB + "network: {kind: networking, egress: {nat: single, endpoints: [logs]}}\n"
        "security: {kind: security, secrets: {key: {}}, alarms: {email: ops@example.com}}\n"
        "cache: {kind: redis}\n"
    )
    shown = {i.icon for i in overview(graph, {"elsewhere": Decimal(1)}).items()}
    icons = shown | {lowering.icon for lowering in ANSWERS.values()} | LINE_ICONS | ROUND_ICONS

    assert [name for name in sorted(icons) if not icon_file(name).is_file()] == []
