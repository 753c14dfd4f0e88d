"""What a topic becomes and what it costs."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import each_use
from compiler.aws.names import aws_name
from compiler.aws.permissions import allow
from compiler.card import Card, Place
from compiler.graph.graph import Edge, Graph, Kind, Relation
from compiler.plan.access import PolicyStatement
from compiler.plan.plan import Assumption, Block, Meter, Ref
from trazo_spec.base import Access
from trazo_spec.components.topic import Topic
from trazo_spec.diagnostics import SpecPath

USAGE: Mapping[str, Assumption] = {
    "requests": Assumption(10_000, 100_000, 5_000_000, "request", "a message for each order"),
}


def _links(source: str, name: str, _: Topic, __: Access, path: SpecPath) -> Iterator[Edge]:
    yield Edge(source, name, Relation.WRITES, path, 443)


def _gives(name: str, _topic: Topic, _graph: Graph) -> Iterator[tuple[str, Ref]]:
    yield "ARN", Ref(f"aws_sns_topic.{name}", "arn")


def _allows(accesses: Mapping[str, Access], _graph: Graph) -> Iterator[PolicyStatement]:
    arns = (Ref(f"aws_sns_topic.{name}", "arn") for name in accesses)
    yield allow("Publish", ("sns:Publish",), *arns)


def blocks(name: str, topic: Topic, graph: Graph) -> Iterator[Block]:
    """The topic, whose name says whether it keeps the order."""
    end = ".fifo" if topic.fifo else ""
    yield Block(
        "aws_sns_topic",
        name,
        {
            "name": f"{aws_name(graph, name)}{end}",
            "display_name": topic.display_name,
            "fifo_topic": topic.fifo,
        },
        name,
    )


def meters(name: str, _topic: Topic, _graph: Graph) -> Iterator[Meter]:
    """Each message that is published."""
    unit, why = "1M requests", "messages that are published"
    yield each_use(name, "topic_request_per_million", unit, "requests", why, per=1_000_000)


def card(name: str, _topic: Topic, _graph: Graph) -> Card:
    """A topic beside the VPCs."""
    return Card(f"SNS {name}", Place.REGION)


KIND = Kind(
    noun="topic",
    icon="aws.integration.SNS",
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    card=card,
    links=_links,
    gives=_gives,
    allows=_allows,
)
