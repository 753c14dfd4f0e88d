"""What Terraform would do on a standing environment when a spec is edited, as golden files."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ruamel.yaml import YAML

from compiler.backends.terraform.worker import synthesize
from tests.apply.standing import CHOSEN, PROJECT, Name, Standing, plans_of
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

GOLDEN = PROJECT / "tests" / "golden" / "changes"
# What nothing brings back. A queue or a cache is made again; these are not.
STATEFUL = ("aws_db_instance.", "aws_s3_bucket.", "aws_route53_zone.", "aws_vpc.")
Edit = Callable[[dict[str, Any]], object]
TRAZO, SHOP = ("trazo", "prod"), ("arm64-mixed-capacity", "prod")


def _renamed(spec: dict[str, Any], old: str, new: str) -> None:
    """Renames a component wherever the spec names it, and says so."""
    spec.update(_with_name(spec, old, new))
    spec["components"][new]["was"] = old


def _with_name(part: Any, old: str, new: str) -> Any:
    match part:
        case dict():
            return {new if k == old else k: _with_name(v, old, new) for k, v in part.items()}
        case list():
            return [_with_name(value, old, new) for value in part]
        case _:
            return new if part == old else part


def _spot(spec: dict[str, Any], service: str, capacity: object) -> None:
    spec["components"][service]["capacity"] = capacity


def _web(spec: dict[str, Any], **fields: object) -> None:
    spec["components"]["web"].update(fields)


def _second_service(spec: dict[str, Any]) -> None:
    spec["components"]["jobs"] = {
        "kind": "ecs",
        "image": "acme/jobs:1",
        "capacity": {"spot": {"weight": 1}},
    }


ALL_EDITS: Mapping[str, tuple[Name, Edit]] = {
    "spot-off": (TRAZO, lambda s: _web(s, capacity={"on_demand": {"weight": 1}})),
    "spot-and-on-demand": (
        TRAZO,
        lambda s: _web(s, capacity={"on_demand": {"base": 1, "weight": 1}, "spot": {"weight": 3}}),
    ),
    "spot-on": (SHOP, lambda s: _spot(s, "storefront", {"spot": {"weight": 1}})),
    "other-weights": (
        SHOP,
        lambda s: _spot(
            s, "storefront", {"on_demand": {"base": 2, "weight": 1}, "spot": {"weight": 4}}
        ),
    ),
    "schedule-edited": (
        TRAZO,
        lambda s: s["components"]["web"]["scaling"]["schedule"]["actions"][0].update(
            cron="0 21 ? * MON-FRI *"
        ),
    ),
    "cpu-and-memory": (TRAZO, lambda s: _web(s, cpu=512, memory_mib=1024)),
    "zone-added": (TRAZO, lambda s: s["components"]["network"].update(availability_zones=3)),
    "cache-enabled": (TRAZO, lambda s: s["components"]["cache"].update(enabled=True)),
    "cache-disabled": (SHOP, lambda s: s["components"]["sessions"].update(enabled=False)),
    "service-added": (TRAZO, _second_service),
    "database-renamed": (TRAZO, lambda s: _renamed(s, "database", "db")),
    "service-renamed": (TRAZO, lambda s: _renamed(s, "web", "app")),
}
"""What is edited -> the environment that stands, and the edit."""
EDITS = {edit: change for edit, change in ALL_EDITS.items() if change[0][0] in CHOSEN}
CAPACITY = ("other-weights", "spot-and-on-demand", "spot-off", "spot-on")
TRAZO_CHOSEN = pytest.mark.skipif("trazo" not in CHOSEN, reason="not among TRAZO_APPLY")


def _edited(name: Name, edit: Edit) -> str:
    spec = YAML(typ="safe", pure=True).load((PROJECT / "specs" / f"{name[0]}.yaml").read_text())
    edit(spec)
    return json.dumps(spec)


@pytest.fixture(scope="session")
def verdicts(
    standing: Standing, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, "str | AssertionError"]:
    """What Terraform would do for every edit."""
    folder = tmp_path_factory.mktemp("changes")
    plans = {
        edit: plans_of(_edited(name, change), f"{edit}.yaml")[name[1]]
        for edit, (name, change) in EDITS.items()
    }
    texts = synthesize(plans)

    def verdict(edit: str) -> str | AssertionError:
        try:
            stack = standing.stack(EDITS[edit][0]).recompiled(folder / edit, texts[edit])
            return stack.plan().lines()
        except AssertionError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(EDITS, pool.map(verdict, EDITS), strict=True))


def _verdict(edit: str, verdicts: Mapping[str, "str | AssertionError"]) -> str:
    found = verdicts[edit]
    if isinstance(found, AssertionError):
        raise found
    return found


@pytest.mark.parametrize("edit", EDITS)
def test_terraform_wants_what_was_reviewed(
    edit: str,
    verdicts: Mapping[str, "str | AssertionError"],
    update_golden: bool,
):
    """Any further resource that an edit touches shows up in a diff of this file."""
    found, golden = _verdict(edit, verdicts), GOLDEN / f"{edit}.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found)

    assert found == golden.read_text()


@pytest.mark.parametrize("edit", EDITS)
def test_no_edit_touches_what_nothing_brings_back(
    edit: str, verdicts: Mapping[str, "str | AssertionError"]
):
    """Whatever stands in a golden file: no database, bucket, zone or network goes."""
    lines = _verdict(edit, verdicts).splitlines()
    lost = [line for line in lines if line.startswith(("delete ", "replace "))]

    assert [line for line in lost if line.split()[1].startswith(STATEFUL)] == []


@pytest.mark.parametrize("edit", [edit for edit in CAPACITY if edit in EDITS])
def test_capacity_changes_without_replacing_the_service(
    edit: str, verdicts: Mapping[str, "str | AssertionError"]
):
    """A replaced service is one that answers nobody for minutes."""
    services = [
        line.split(":")[0]
        for line in _verdict(edit, verdicts).splitlines()
        if "aws_ecs_service." in line
    ]

    assert [line.split()[0] for line in services] == ["update"]


@TRAZO_CHOSEN
@pytest.mark.parametrize("edit", ["database-renamed", "service-renamed"])
def test_a_rename_destroys_nothing(edit: str, verdicts: Mapping[str, "str | AssertionError"]):
    """`was:` becomes moves, and AWS names that hold a component's name stay where they must."""
    lines = _verdict(edit, verdicts).splitlines()

    assert any(line.startswith("moved ") for line in lines)


@TRAZO_CHOSEN
def test_a_new_zone_moves_no_subnet(verdicts: Mapping[str, "str | AssertionError"]):
    """Addresses of the subnets that stand are theirs for ever."""
    lines = _verdict("zone-added", verdicts).splitlines()
    touched = [line for line in lines if "aws_subnet." in line and not line.startswith("create ")]

    assert touched == []


@TRAZO_CHOSEN
def test_a_new_service_touches_nothing_else(verdicts: Mapping[str, "str | AssertionError"]):
    """Adding is never a risk for what runs."""
    lines = _verdict("service-added", verdicts).splitlines()

    assert [line for line in lines if not line.startswith("create ")] == []
