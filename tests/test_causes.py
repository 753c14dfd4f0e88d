"""One interruption for each cause: what is made anew takes along what cannot stay without it."""

import json
from dataclasses import replace
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from compiler.changes.causes import causes
from compiler.changes.planned import read_plan
from compiler.changes.resource_changes import Action, resource_changes
from compiler.changes.review import Allowed, findings, unneeded
from compiler.lower import lower
from compiler.plan.plan import Block
from tests.examples import graph_of
from tests.strategies.sample import Compiled, compiled
from tests.terraform_plans import change, plan
from trazo.program import app

HEAD = "trazo: 1\nname: shop\nregion: us-east-2\nstate: {bucket: shop-state}\n"
SHOP = """\
network: {kind: networking, cidr: 10.0.0.0/16}
web: {kind: ecs, image: a/b:1, uses: {media: read}}
media: {kind: s3}
"""
STORE = "  store: {kind: rds, storage_gb: 100}\n"
OTHER = SHOP.replace("10.0.0.0/16", "10.9.0.0/16")
NAMES = st.sampled_from("abcdefgh")


@given(st.dictionaries(NAMES, st.lists(NAMES, min_size=1)))
def test_what_began_it_follows_nothing(parents: dict[str, list[str]]):
    """Also of what nobody's Terraform can make, where everything follows everything."""
    began = causes(parents)

    assert began.keys() <= parents.keys()
    assert set(began.values()).isdisjoint(parents)


def test_a_circle_began_nowhere():
    """A plan may come from anybody."""
    assert causes({"a": ["b"], "b": ["a"], "c": ["a"]}) == {}


def test_of_several_causes_the_first_is_named():
    """A rule between two groups that are made anew is told once."""
    assert causes({"rule": ["web", "alb"], "web": ["vpc"]}) == {"rule": "alb", "web": "vpc"}


def _elsewhere(block: Block) -> Block:
    """A network with other addresses, which the provider replaces; else the same block."""
    if block.mode != "managed" or block.type != "aws_vpc":
        return block
    return replace(block, body={**block.body, "cidr_block": "10.250.0.0/16"})


@given(spec=compiled())
def test_every_cause_is_replaced_and_told(spec: Compiled):
    """Whoever is sent to another resource finds it in the same list, with what it does."""
    for before in spec.plans.values():
        after = replace(before, blocks=tuple(map(_elsewhere, before.blocks)))
        changes = {c.address: c for c in resource_changes(before, after)}
        began = {changes[c.follows] for c in changes.values() if c.follows}

        assert {(c.action, c.follows, bool(c.effects)) for c in began} <= {
            (Action.REPLACE, "", True)
        }


def test_a_network_takes_along_all_that_is_in_it():
    """Its subnets, gateways and rules do not change for a reason of their own."""
    changes = resource_changes(lower(graph_of(SHOP)), lower(graph_of(OTHER)))
    follows = {c.address: c.follows for c in changes}
    own = sorted(address for address, cause in follows.items() if not cause)

    assert own == ["aws_ecs_service.web", "aws_vpc.network"]
    assert follows["aws_internet_gateway.network"] == "aws_vpc.network"
    assert follows["aws_vpc_security_group_egress_rule.web_to_s3"] == "aws_vpc.network"


def run(command: str, *words: str) -> Result:
    """A command on a wide terminal."""
    return CliRunner().invoke(app, [command, *words], env={"COLUMNS": "200"})


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two specs of a shop, whose networks have other addresses."""
    for name, components in (("old", SHOP), ("new", OTHER)):
        (tmp_path / f"{name}.yaml").write_text(HEAD + "components:\n" + indent(components, "  "))
    return tmp_path


def test_a_difference_tells_one_interruption_for_each_cause(shop: Path):
    """A wall of rules hides what matters; programs get them all, and what began it."""
    both = str(shop / "old.yaml"), str(shop / "new.yaml")
    text, page, document = (
        run("diff", *both, "--format", form).stdout for form in ("text", "markdown", "json")
    )
    (environment,) = json.loads(document)["environments"]
    following = [r for r in environment["resources"] if r["follows"] == "aws_vpc.network"]
    down = [r for r in following if any(e["downtime"] for e in r["effects"])]
    words = f"{len(following)} more are replaced or interrupted with it; downtime unknown"

    assert len(following) > 20
    assert text.count("network_private_from") == 0
    assert text.count(words) == page.count(words) == 1
    assert f"downtime: unknown for {len(down)} that aws_vpc.network takes along" in text
    assert "- aws_nat_gateway.network_a: No way out to the internet" in text


@pytest.mark.parametrize("word", ["--allow-interruption", "--allow-loss"])
def test_one_word_allows_what_one_cause_takes_along(shop: Path, word: str):
    """Nobody reads twenty words for one decision."""
    out = ("--format", "hcl", "-o", str(shop / "out"))
    run("compile", str(shop / "old.yaml"), *out)
    refused = run("compile", str(shop / "new.yaml"), *out)
    allowed = run("compile", str(shop / "new.yaml"), *out, word, "aws_vpc.network")

    assert (refused.exit_code, refused.stderr.count("error TZ671")) == (1, 1)
    assert "`cidr_block` from `10.0.0.0/16` to `10.9.0.0/16`, and interrupt" in refused.stderr
    assert allowed.exit_code == 0
    assert "does not have an effect" not in allowed.stderr


def test_what_is_allowed_for_itself_is_not_counted(shop: Path):
    """Each address can be named, too, and the word has an effect."""
    out = ("--format", "hcl", "-o", str(shop / "out"))
    gateway = "aws_nat_gateway.network_a"
    run("compile", str(shop / "old.yaml"), *out)
    found = run("compile", str(shop / "new.yaml"), *out, "--allow-interruption", gateway)

    assert found.exit_code == 1
    assert gateway not in found.stderr


def difference(shop: Path, before: str, after: str) -> str:
    """What `diff` says of an edit of the shop."""
    text = (shop / "old.yaml").read_text()
    assert before in text
    (shop / "new.yaml").write_text(text.replace(before, after))
    return run("diff", str(shop / "old.yaml"), str(shop / "new.yaml")).stdout


def with_database(shop: Path) -> None:
    """The shop before the edit has a database, too."""
    (shop / "old.yaml").write_text((shop / "old.yaml").read_text() + STORE)


def test_what_only_moves_is_one_entry(shop: Path):
    """Nothing happens in AWS, and a reader need not find that out from a dozen rows."""
    told = difference(shop, "network: {", "net: {was: network, ")

    assert "only in Terraform's state; nothing happens in AWS" in told
    assert "aws_vpc.net was aws_vpc.network" in told
    assert told.count("nothing happens") == 1


def test_what_changes_silently_is_one_entry_for_each_reason(shop: Path):
    """Other tags of everything are not twenty things to read."""
    told = difference(shop, "name: shop", "name: shop\nnames: {prefix: acme}")
    (line,) = (line for line in told.splitlines() if " resources  tags" in line)

    assert int(line.split()[1]) > 10


def test_a_component_that_may_be_renamed_is_told(shop: Path):
    """Its resources would be destroyed for want of one word."""
    told = " ".join(difference(shop, "media: ", "files: ").split())

    assert "If `media` is called `files` now, write `was: media` in it" in told


def test_the_costs_of_what_is_refused_are_called_so(shop: Path):
    """It was once shown as a saving."""
    with_database(shop)
    told = difference(shop, "storage_gb: 100", "storage_gb: 20")

    assert "refused by AWS: aws_db_instance.store; the apply would stop halfway" in told
    assert "The costs include what AWS refuses" in told


def test_what_is_worst_is_told_first(shop: Path):
    """What AWS refuses is above what goes down, and that above what nobody notices."""
    with_database(shop)
    told = difference(shop, "10.0.0.0/16", "10.9.0.0/16")
    refused, replaced = told.index("aws_db_subnet_group.store"), told.index("aws_vpc.network  cidr")

    assert refused < replaced < told.index("aws_vpc_endpoint")


# The same of a plan of Terraform


def resource(type_: str, name: str, **references: str) -> dict[str, object]:
    """A resource of a configuration, with what its arguments refer to."""
    expressions = {
        argument: {"references": [f"{address}.id", address]}
        for argument, address in references.items()
    }
    return {"type": type_, "name": name, "expressions": expressions}


def remade(address: str, argument: str, *, known: bool = False) -> dict[str, object]:
    """A resource that is replaced for an argument, which may only be known later."""
    after, unknown = ({argument: "new"}, {}) if known else ({}, {argument: True})
    before = {argument: "old"}
    paths = ((argument,),)
    actions = ("delete", "create")
    return change(
        address, *actions, before=before, after=after, unknown=unknown, replace_paths=paths
    )


NETWORK = (
    remade("module.net[0].aws_vpc.main", "cidr_block", known=True),
    remade('module.net[0].aws_subnet.private["a"]', "vpc_id"),
    remade('module.net[0].aws_nat_gateway.out["a"]', "subnet_id"),
    remade("aws_subnet.private", "vpc_id"),
)
WRITTEN = {
    "resources": [resource("aws_subnet", "private", vpc_id="aws_vpc.main")],
    "module_calls": {
        "net": {
            "module": {
                "resources": [
                    resource("aws_vpc", "main"),
                    resource("aws_subnet", "private", vpc_id="aws_vpc.main"),
                    resource("aws_nat_gateway", "out", subnet_id="aws_subnet.private"),
                ]
            }
        }
    },
}
PLAN = plan(*NETWORK, configuration={"root_module": WRITTEN})


def test_a_review_reads_causes_from_the_configuration():
    """Within a module: a resource of the same name elsewhere is another one."""
    follows = {c.address: c.follows for c in read_plan(PLAN).changes}

    assert follows == {
        "aws_subnet.private": "",
        'module.net[0].aws_nat_gateway.out["a"]': "module.net[0].aws_vpc.main",
        'module.net[0].aws_subnet.private["a"]': "module.net[0].aws_vpc.main",
        "module.net[0].aws_vpc.main": "",
    }


def test_a_plan_without_its_configuration_has_no_causes():
    """Then each is told for itself."""
    assert {c.follows for c in read_plan(plan(*NETWORK)).changes} == {""}


def test_a_review_is_allowed_by_the_cause():
    """Or by each address that goes down."""
    vpc, gateway = "module.net[0].aws_vpc.main", 'module.net[0].aws_nat_gateway.out["a"]'
    read = read_plan(PLAN)
    told = findings(read, Allowed(), in_production=True)
    by_cause, by_itself = (Allowed(interruptions=(word,)) for word in (vpc, gateway))

    assert [d.code for d in told] == ["TZ722"]
    assert f"a replacement of `{vpc}` would interrupt production: it takes along" in told[0].message
    assert findings(read, by_cause, in_production=True) == ()
    assert findings(read, by_itself, in_production=True) == ()
    assert [*unneeded(read, by_cause, in_production=True)] == []
