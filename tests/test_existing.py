"""What is there already: looked up, never made, never billed, marked on the diagram."""

from pathlib import Path

import pytest

from compiler.backends.diagram.draw import draw
from compiler.backends.diagram.model.options import Format, Theme, View
from compiler.backends.graph_text import as_dot, as_json
from compiler.backends.mermaid import mermaid
from compiler.findings.check import check
from compiler.graph.graph import Graph
from compiler.lower import lower
from compiler.plan.plan import Block, Plan, Ref
from compiler.plan.references import references
from tests.examples import by_address, graph_of
from trazo_spec.load import load

SPEC = (Path(__file__).parent / "golden" / "existing" / "spec.yaml").read_text(encoding="utf-8")
OF_A_VPC = (
    "aws_default_security_group",
    "aws_eip",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_network_acl_rule",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
)
ALREADY_THERE = ("logs", "media", "network", "static", "zone")
SHARED_BUCKET = """\
worker: {kind: ecs, image: "nginx:1", uses: {media: read_write}}
media: {kind: s3, purpose: media, existing: true, bucket: shop-uploads}
"""


def graph() -> Graph:
    """The graph of a spec in which everything that can be there already is."""
    return check(load(SPEC)).graphs["prod"]


@pytest.fixture
def plan() -> Plan:
    """What that spec becomes."""
    return lower(graph())


def managed(plan: Plan) -> list[Block]:
    """The blocks that Terraform would create, change and delete."""
    return [block for block in plan.blocks if block.mode == "managed"]


def test_nothing_of_a_vpc_is_made(plan: Plan) -> None:
    """A second internet gateway or a changed route would cut off what else stands there."""
    assert [b.address for b in managed(plan) if b.type in OF_A_VPC] == []


def test_nothing_of_a_bucket_is_made(plan: Plan) -> None:
    """A policy or lifecycle of ours would replace the one that the bucket has."""
    assert [b.address for b in managed(plan) if b.type.startswith("aws_s3_")] == []


def test_every_reference_leads_to_a_block(plan: Plan) -> None:
    """Terraform knows a looked up block only by its `data.` address."""
    known = {block.address for block in plan.blocks}
    asked = {address for block in plan.blocks for address in references(block)}

    assert asked - known == set()


def test_subnets_are_looked_up_in_their_vpc_and_zone(plan: Plan) -> None:
    """A subnet in the wrong list is found by `plan`, not by a task that never starts."""
    subnet = by_address(plan.blocks)["data.aws_subnet.network_private_c"]

    assert subnet.body == {
        "id": "subnet-0123456789abcdef3",
        "vpc_id": Ref("data.aws_vpc.network", "id"),
        "availability_zone": "us-east-2c",
    }


def test_nothing_is_billed_for_what_is_not_ours(plan: Plan) -> None:
    """Somebody else pays for it, and would pay without us."""
    assert [m.item for m in plan.meters if m.component in ALREADY_THERE] == []


def test_the_statements_for_a_policy_are_told(plan: Plan) -> None:
    """CloudFront gets no file before somebody adds them."""
    names = [o.name for o in plan.outputs if o.name.endswith("_policy_statements")]

    assert names == ["logs_policy_statements", "static_policy_statements"]


def test_certificates_are_taken_by_their_arn(plan: Plan) -> None:
    """No request, no validation record, no provider for another region."""
    assert ([b.address for b in managed(plan) if "acm" in b.type], plan.aliases) == ([], {})


def test_the_diagram_marks_what_is_there_already() -> None:
    """A reader sees what an apply will not touch."""
    text = draw(graph(), View.OVERVIEW, Format.SVG, Theme.LIGHT, None).decode()
    marks = ("Existing VPC", "vpc-0123456789abcdef0", "Existing S3 media", "(existing)")

    assert [mark for mark in marks if mark not in text] == []


def test_two_environments_may_use_one_bucket() -> None:
    """Nobody owns it twice, since nobody owns it."""
    head = SPEC[: SPEC.index("components:")]
    components = "".join(f"  {line}\n" for line in SHARED_BUCKET.splitlines())
    text = f"{head}components:\n{components}environments: {{prod: {{}}, staging: {{}}}}\n"

    assert [d.code for d in check(load(text)).diagnostics if d.severity == "error"] == []


def test_a_service_may_use_an_existing_bucket() -> None:
    """A link is a link: permissions and the bucket's name come from it."""
    plan = lower(graph_of(SHARED_BUCKET))
    policy = by_address(plan.blocks)["aws_iam_role_policy.worker_task"]

    assert references(policy) >= {"data.aws_s3_bucket.media"}


def test_the_graph_as_json_marks_what_is_there_already():
    """Whoever reads it must not take a looked-up zone for one of ours."""
    marked = [node["name"] for node in as_json(graph())["nodes"] if node["existing"]]

    assert marked == sorted(ALREADY_THERE)


@pytest.mark.parametrize("text", [mermaid, as_dot])
def test_the_graph_as_text_names_what_is_there_already(text):
    """`existing dns` instead of `dns`."""
    assert text(graph()).count("existing ") == len(ALREADY_THERE)
