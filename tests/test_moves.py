"""Renamed components: Terraform keeps what it has, and AWS keeps its names."""

from pathlib import Path

import pytest

from compiler.graph.graph import Graph
from compiler.graph.moves import renamed
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Moved, Plan
from compiler.provider_schema import check
from tests.examples import graph_of
from trazo_spec.load import load

SPECS = sorted((Path(__file__).parents[1] / "specs").glob("*.yaml"))
# `web` is a part of other names, which must not move with it.
SYSTEM = """\
edge: {kind: alb, hostname: api.example.com, routes: [{to: %s}]}
%s: {kind: ecs, image: x, port: 80, uses: {database: connect}, %s}
web_jobs: {kind: ecs, image: x, uses: {database: connect}}
database: {kind: rds}
"""


def moves(found: Plan) -> dict[str, str]:
    """Old address -> new address."""
    return {move.source: move.target for move in found.moved}


def managed(found: Plan) -> set[str]:
    """The addresses that a state holds."""
    return {b.address for b in found.blocks if b.mode == "managed"}


def test_a_block_of_a_renamed_component_moves():
    """Without it Terraform would destroy the service and make another one."""
    found = lower(graph_of(SYSTEM % ("api", "api", "was: web")))

    assert moves(found)["aws_ecs_service.web"] == "aws_ecs_service.api"


def test_a_block_of_another_component_that_is_named_after_it_moves_too():
    """Rules between two components carry both names."""
    found = moves(lower(graph_of(SYSTEM % ("api", "api", "was: web"))))

    rule = "aws_vpc_security_group_ingress_rule"
    assert found[f"{rule}.database_from_web"] == f"{rule}.database_from_api"
    assert found["aws_lb_target_group.edge_web"] == "aws_lb_target_group.edge_api"


def test_a_name_that_only_contains_the_old_one_stays():
    """`web_jobs` was never called `api_jobs`."""
    found = moves(lower(graph_of(SYSTEM % ("api", "api", "was: web"))))

    assert [source for source in found if "web_jobs" in source] == []


@pytest.mark.parametrize("standing", ["edge_web", "front_web", "edge_api"])
def test_a_block_named_after_two_moves_whichever_of_them_was_renamed_first(standing: str):
    """`was` stays, so a second rename finds the block under one new name and one old one."""
    text = (SYSTEM % ("api", "api", "was: web")).replace("edge: {", "front: {was: edge, ")
    found = moves(lower(graph_of(text)))
    address = f"aws_lb_target_group.{standing}"
    while address in found:
        address = found[address]

    assert address == "aws_lb_target_group.front_api"


def test_no_two_blocks_move_to_the_same_address():
    """Terraform refuses a plan in which it does not know what comes from where."""
    text = (SYSTEM % ("api", "api", "was: web")).replace("edge: {", "front: {was: edge, ")
    plan = lower(graph_of(text))
    targets = [move.target for move in plan.moved]

    assert len(targets) == len(set(targets))
    assert check(plan) == ()


def test_what_no_state_holds_does_not_move():
    """Terraform refuses moves of data sources and ephemeral blocks."""
    found = lower(graph_of("main: {kind: rds, was: db}"))

    assert [m for m in found.moved if "random_password" in m.source] == []


def test_nothing_moves_without_a_rename():
    """Moves that say nothing would stand in the file for ever."""
    assert lower(graph_of(SYSTEM % ("web", "web", ""))).moved == ()


def test_aws_keeps_calling_a_renamed_component_by_its_old_name():
    """Most resources cannot change their names: they would be destroyed and made anew."""
    found = lower(graph_of("main: {kind: rds, was: db}\nfiles: {kind: s3, was: media}"))
    bodies = {b.address: b.body for b in found.blocks}

    assert bodies["aws_db_instance.main"]["identifier"] == "prod-db"
    assert bodies["aws_s3_bucket.files"]["bucket"] == "shop-prod-media"
    assert bodies["aws_secretsmanager_secret.main_credentials"]["name"] == "prod/db/credentials"


def test_only_a_component_keeps_an_old_name():
    """Else a rename would change what is called alike: the project's cluster, all task roles."""
    found = lower(graph_of("shop: {kind: ecs, image: x, was: store}\ntask: {kind: s3, was: job}"))
    bodies = {b.address: b.body for b in found.blocks}

    assert bodies["aws_ecs_cluster.main"]["name"] == "prod-shop"
    assert bodies["aws_iam_role.shop_task"]["name"] == "prod-store-task"


def test_moves_come_in_the_order_of_their_addresses():
    """Same spec, same bytes."""
    found = lower(graph_of(SYSTEM % ("api", "api", "was: web"))).moved

    assert list(found) == sorted(found, key=lambda move: move.source)
    assert isinstance(found[0], Moved)


def rename_each(graph: Graph) -> list[tuple[str, Graph]]:
    """The same environment with one component after the other renamed."""
    result = []
    for name in graph.spec.components:
        spec = renamed(graph.spec, {name: "brand_new"}, graph.kinds)
        component = spec.components["brand_new"].model_copy(update={"was": name})
        components = {**spec.components, "brand_new": component}
        other = spec.model_copy(update={"components": components, "overrides": {}})
        result.append((name, build(other, graph.environment)))
    return result


@pytest.mark.parametrize("file", SPECS, ids=lambda path: path.stem)
def test_a_rename_moves_all_that_changes_its_address_and_nothing_else(file):
    """One block that is forgotten is destroyed, one too many stops the plan."""
    for environment, spec in load(file.read_text(), file.name).environments.items():
        graph = build(spec.model_copy(update={"overrides": {}}), environment)
        before = managed(lower(graph))
        for name, other in rename_each(graph):
            after = lower(other)
            found = moves(after)

            assert {found.get(a, a) for a in before} == managed(after), name
            assert set(found) <= before, name
