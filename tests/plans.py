"""Plans as Terraform itself makes them, for tests that look into them; nothing is applied."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from compiler.findings.check import Checked, check
from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.bootstrap import bootstrap_plan
from compiler.plan.plan import Plan
from tests.terraform import BACKEND, show_plan
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
EXAMPLES = tuple(path.stem for path in sorted(ROOT.glob("specs/*.yaml")))
# Services that a plan asks: for data sources, and for the password that no state holds.
ASKED = ("ec2", "route53", "s3", "secretsmanager", "sts")


@cache
def checked(example: str) -> Checked:
    """A shipped spec, read and checked."""
    path = ROOT / "specs" / f"{example}.yaml"
    return check(load(path.read_text(encoding="utf-8"), path.name))


def environments() -> list[tuple[str, str]]:
    """Every environment of every shipped spec."""
    return [(example, name) for example in EXAMPLES for name in checked(example).graphs]


@cache
def plan_of(example: str, environment: str) -> Plan:
    """What one environment of a shipped spec becomes."""
    return lower(checked(example).graphs[environment])


def plan_for(provider: int, graph: Graph) -> Plan:
    """What an environment becomes for a version of the AWS provider."""
    spec = graph.spec.model_copy(update={"provider": provider})
    return lower(build(spec, graph.environment))


@cache
def existing() -> Checked:
    """A spec in which everything that can be there already is, read and checked."""
    path = ROOT / "tests" / "golden" / "existing" / "spec.yaml"
    return check(load(path.read_text(encoding="utf-8"), path.name))


def bootstrap_of(example: str) -> Plan:
    """The stack that makes the bucket for the state of a shipped spec."""
    spec = next(iter(checked(example).graphs.values())).spec
    return bootstrap_plan(spec.name, spec.state.bucket, spec.state.region or spec.region)


def planned(text: str, plan: Plan, endpoint: str, shared: Path) -> dict[str, Any]:
    """What `terraform show -json` says of the plan of a file on an account without resources.

    Args:
        text: The file that was written for the plan, in either language.
        plan: What was written, for the providers to redirect.
        endpoint: Where to ask.
        shared: A folder that lasts for the session; a plan is made once for each text.
    """
    folder = shared / sha256(text.encode()).hexdigest()[:16]
    answer = folder / "plan.json"
    if not answer.exists():
        folder.mkdir(exist_ok=True)
        (folder / ("cdk.tf.json" if text.startswith("{") else "cdk.tf")).write_text(text)
        (folder / "test_override.tf.json").write_text(json.dumps(_redirected(plan, endpoint)))
        answer.write_text(show_plan(folder, shared / "initialised"))
    found: dict[str, Any] = json.loads(answer.read_text())
    return found


def _redirected(plan: Plan, endpoint: str) -> dict[str, Any]:
    """An override file: every provider asks the stand-in, and the state stays in the folder."""
    settings = {
        "access_key": "AKIAIOSFODNN7EXAMPLE",
        "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "skip_credentials_validation": True,
        "skip_metadata_api_check": "true",
        "skip_region_validation": True,
        "s3_use_path_style": True,
        "endpoints": [dict.fromkeys(ASKED, endpoint)],
    }
    aliases = ({"alias": alias} for alias in plan.aliases)
    providers = [{**name, **settings} for name in ({}, *aliases)]
    return {"terraform": {"backend": BACKEND}, "provider": {"aws": providers}}
