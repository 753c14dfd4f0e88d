"""Nothing overlaps and no line runs through words, whatever a spec holds."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from compiler.backends.diagram.draw import SHOWN_WEEK, schedules
from compiler.backends.diagram.model.drawing import Drawing, Line, Mark
from compiler.backends.diagram.model.typeface import text_width
from compiler.backends.diagram.placing.cards import broken, fitted
from compiler.backends.diagram.placing.layout import layout
from compiler.backends.diagram.views.overview import overview
from compiler.graph.graph import Graph
from compiler.kinds import build
from tests.drawing_problems import problems
from tests.strategies.documents import specs
from tests.strategies.written import as_spec
from trazo_spec.document import Spec
from trazo_spec.load import load

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.yaml"))
LONG = "a_very_long_name_of_it24"


def drawn(graph: Graph, *, priced: bool) -> Drawing:
    """The overview of an environment with its places."""
    costs = {name: Decimal("1234.567") for name in graph.spec.components} if priced else None
    return layout(overview(graph, costs, schedules(graph, SHOWN_WEEK)))


def shape(
    balancers: int = 1,
    services: int = 1,
    databases: int = 1,
    caches: int = 0,
    buckets: int = 1,
    cdns: int = 0,
    *,
    zones: int = 2,
    networks: int = 1,
    **egress: object,
) -> Spec:
    """A spec with so many of each, all services using everything, and some names long."""
    nets = [f"net{i}" for i in range(networks)]
    stores = [*(f"db{i}" for i in range(databases)), *(f"cache{i}" for i in range(caches))]
    files = [f"files{i}" for i in range(buckets)]
    names = [LONG, *(f"svc{i}" for i in range(1, services))][:services]
    place = {"network": nets[0]} if nets else {}
    uses = {**dict.fromkeys(stores, "connect"), **dict.fromkeys(files, "read_write")}
    windows = [{"days": d, "from": "08:00", "to": "20:30"} for d in ("MON-FRI", "SAT", "SUN")]
    schedule = {"timezone": "America/New_York", "windows": windows}
    service = {"kind": "ecs", "image": "a/b:1", "port": 8443, **place}
    routes = [{"host": f"h{i}.of.shop-example.com", "to": n} for i, n in enumerate(names)]
    components: dict[str, object] = {
        n: {"kind": "networking", "cidr": f"10.{i}.0.0/16", "availability_zones": zones}
        | ({"egress": egress} if egress else {})
        for i, n in enumerate(nets)
    }
    components |= {
        n: {"kind": "rds", "multi_az": i == 1, **place} for i, n in enumerate(stores[:databases])
    }
    components |= {
        n: {"kind": "redis", "nodes": 1 + i % 3, **place} for i, n in enumerate(stores[databases:])
    }
    components |= {n: {"kind": "s3"} for n in files}
    components |= {
        n: {**service, "uses": uses if i < 3 else {}, "scaling": {"max": 4, "schedule": schedule}}
        for i, n in enumerate(names)
    }
    components |= {
        f"alb{i}": {
            "kind": "alb",
            "hostname": f"www{i}.shop-example.com",
            "routes": [*routes, {"to": names[0]}],
            **place,
        }
        for i in range(balancers if names else 0)
    }
    components |= {
        f"cdn{i}": {
            "kind": "cloudfront",
            "hostname": f"{LONG}-{i}.shop-example.com".replace("_", "-"),
            "origin": files[i % len(files)],
        }
        for i in range(cdns if files else 0)
    }
    components["zone"] = {"kind": "dns", "zone": "shop-example.com"}
    head = {"trazo": 1, "name": "shop", "region": "us-west-2", "state": {"bucket": "shop-state"}}
    return as_spec({**head, "components": components})


SHAPES: dict[str, Callable[[], Spec]] = {
    "nothing but a zone": lambda: shape(0, 0, 0, 0, 0, 0, networks=0),
    "a bucket": lambda: shape(0, 0, 0, 0, 1, 0, networks=0),
    "five static sites": lambda: shape(0, 0, 0, 0, 5, 5, networks=0),
    "many CDNs of one bucket": lambda: shape(0, 0, 0, 0, 1, 7, networks=0),
    "an empty VPC": lambda: shape(0, 0, 0, 0, 0, 0),
    "two empty VPCs of three zones": lambda: shape(0, 0, 0, 0, 0, 0, zones=3, networks=2),
    "databases only": lambda: shape(0, 0, 3, 2, 0, 0),
    "one zone": lambda: shape(0, 1, 1, 1, 2, 1, zones=1, nat="single"),
    "one zone, several services": lambda: shape(
        0, 3, 1, 1, 2, 1, zones=1, endpoints=["logs", "sqs"]
    ),
    "one zone with a load balancer": lambda: shape(2, 3, 1, 0, 1, 0, zones=1, nat="single"),
    "a service alone": lambda: shape(0, 1, 0, 0, 0, 0),
    "a worker with everything": lambda: shape(0, 1, 2, 2, 3, 0),
    "NAT in both zones": lambda: shape(1, 1, 1, 1, 1, 1, nat="per_zone"),
    "NAT in both zones, services": lambda: shape(1, 3, 1, 1, 1, 1, nat="per_zone"),
    "NAT in three zones": lambda: shape(1, 1, 1, 1, 1, 1, zones=3, nat="per_zone"),
    "NAT in six zones, services": lambda: shape(2, 4, 2, 2, 2, 1, zones=6, nat="per_zone"),
    "endpoints": lambda: shape(
        1, 1, 1, 1, 1, 0, endpoints=["ecr.api", "ecr.dkr", "logs", "sqs", "ssm", "kms"]
    ),
    "endpoints without buckets": lambda: shape(1, 2, 1, 0, 0, 0, zones=3, endpoints=["ecr.api"]),
    "endpoints and NAT": lambda: shape(1, 2, 1, 1, 4, 2, zones=4, nat="single", endpoints=["logs"]),
    "three zones, one service": lambda: shape(1, 1, 3, 3, 1, 1, zones=3),
    "several load balancers, one service": lambda: shape(3, 1, 1, 1, 1, 1),
    "several of everything": lambda: shape(3, 4, 3, 3, 4, 3, zones=3),
    "several of everything, two zones": lambda: shape(2, 5, 3, 3, 4, 3),
    "a hundred services": lambda: shape(6, 100, 20, 20, 12, 9, zones=6, nat="per_zone"),
    "several VPCs": lambda: shape(2, 3, 2, 1, 2, 1, zones=3, networks=3),
}


@pytest.mark.parametrize("priced", [False, True], ids=["plain", "priced"])
@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.stem)
def test_example_specs_have_nothing_on_top_of_each_other(file: Path, priced: bool) -> None:
    """These pictures stand in the README and in the docs."""
    loaded = load(file.read_bytes(), file.name)
    graphs = [build(spec, name) for name, spec in loaded.environments.items()]

    assert [p for graph in graphs for p in problems(drawn(graph, priced=priced))] == []


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_of_application_has_nothing_on_top_of_each_other(name: str) -> None:
    """Columns and rows grow with what stands in them, in every combination."""
    graph = build(SHAPES[name](), "prod")

    assert problems(drawn(graph, priced=True)) == []


@given(spec=specs(environments=False))
def test_generated_specs_have_nothing_on_top_of_each_other(spec: Spec) -> None:
    """Specs come from people who have never seen ours."""
    graph = build(spec, "prod")

    assert problems(drawn(graph, priced=True)) == []


def test_a_picture_says_what_it_folds() -> None:
    """One mark for many must not look as if the others did not exist."""
    picture = overview(build(SHAPES["a hundred services"](), "prod"))
    folded = next(i for i in picture.items() if i.title == "93 more services")

    assert ("svc99" in folded.tooltip, any("93 services" in n for n in picture.notes)) == (
        True,
        True,
    )


def test_the_geometry_check_sees_a_line_through_words() -> None:
    """A check that finds nothing must be able to find something."""
    drawing = drawn(build(SHAPES["a service alone"](), "prod"), priced=False)
    width, height = drawing.width, drawing.height
    through = Mark("bad", "edge", (Line(((0, height - 30), (width, height - 30), (9, 9))),))

    assert problems(replace(drawing, marks=(*drawing.marks, through))) != []


def test_a_text_that_does_not_fit_is_cut_with_an_ellipsis() -> None:
    """A long host name must not run into its neighbour."""
    cut = fitted("a-very-long-host-name.with.many.labels.example.com", 11, 100)

    assert (cut[-1], text_width(cut, 11) <= 100) == ("…", True)


def test_a_title_breaks_where_its_words_do() -> None:
    """Half a word on a line is hard to read."""
    assert broken("ECS service internal_reporting", 13, 110, bold=True) == (
        "ECS service",
        "internal_reporting",
    )
