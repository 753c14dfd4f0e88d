"""A topic: services may publish to it, and each message is billed."""

from compiler.components import topic
from tests.examples import graph_of, month, quantities
from trazo_spec.components.topic import Topic


def test_messages_are_billed_by_the_million():
    """AWS counts each that is published."""
    graph = graph_of("news: {kind: topic}")
    ((name, component),) = graph.of(Topic)
    bill = quantities(topic.meters(name, component, graph), month({"requests": 2e6}))

    assert bill == {"topic_request_per_million": 2.0}
