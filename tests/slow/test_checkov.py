"""Least privilege and safe defaults, as checkov sees them; what is accepted has its reason here."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.backends.terraform.hcl import hcl
from compiler.backends.terraform.worker import synthesize
from tests.plans import bootstrap_of, environments, plan_of

VERSION = "3.3.30"
CACHE = Path(__file__).parents[2] / ".pytest_cache"
REQUIRED = os.environ.get("TRAZO_REQUIRE_CHECKOV") == "1"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A check that may fail, and why."""

    reason: str
    in_: tuple[str, ...] = ()
    """The only resources where it may, as ends of `stack:address`; empty for everywhere."""


BILLED = "it is billed per use and not everybody's choice; `overrides` or a resource beside ours"
OWN_KEY = "data is encrypted with AWS's own key; a key of one's own is billed and can be lost"
WAF = "a firewall is a component of its own with rules that fit the application, and billed"
CHOSEN = "relaxed in the overlay of an environment to throw away"

ACCEPTED: Mapping[str, Accepted] = {
    "CKV2_AWS_11": Accepted(f"flow logs: {BILLED}"),
    "CKV2_AWS_28": Accepted(WAF),
    "CKV2_AWS_38": Accepted("DNSSEC needs a step at the registrar, and breaks the domain without"),
    "CKV2_AWS_39": Accepted(f"query logs: {BILLED}"),
    "CKV2_AWS_47": Accepted(WAF),
    "CKV2_AWS_50": Accepted(
        "one node is a choice of `nodes`", ("aws_elasticache_replication_group.sessions",)
    ),
    "CKV2_AWS_57": Accepted(
        "a rotated password fails in running tasks, which read it at start only"
    ),
    "CKV2_AWS_62": Accepted("nothing waits for events of these buckets"),
    "CKV2_AWS_69": Accepted(
        "PostgreSQL 15 and later force TLS by default; earlier ones are told to"
    ),
    "CKV2_AWS_71": Accepted(
        "the names are those of the source document", ("trazo-prod:aws_acm_certificate.cdn",)
    ),
    "CKV_AWS_18": Accepted("a choice: `access_logs` of the bucket"),
    "CKV_AWS_26": Accepted(
        "CloudWatch cannot publish under AWS's own key, and alarms hold no secrets"
    ),
    "CKV_AWS_31": Accepted(
        "who may connect is decided by security groups; a token of Redis would stand in the state"
    ),
    "CKV_AWS_65": Accepted(f"Container Insights: {BILLED}"),
    "CKV_AWS_68": Accepted(WAF),
    "CKV_AWS_86": Accepted("CloudFront's logs need a bucket with ACLs, which all of ours refuse"),
    "CKV_AWS_91": Accepted("a choice: `access_logs` of the load balancer"),
    "CKV_AWS_118": Accepted(f"enhanced monitoring: {BILLED}"),
    "CKV_AWS_144": Accepted(f"a second region: {BILLED}"),
    "CKV_AWS_145": Accepted(OWN_KEY),
    "CKV_AWS_149": Accepted(OWN_KEY),
    "CKV_AWS_150": Accepted(CHOSEN, ("preview:aws_lb.edge", "staging:aws_lb.alb")),
    "CKV_AWS_157": Accepted("a choice: `multi_az` of the database, which doubles its price"),
    "CKV_AWS_158": Accepted(OWN_KEY),
    "CKV_AWS_161": Accepted("tasks log in with the password of their secret"),
    "CKV_AWS_191": Accepted(OWN_KEY),
    "CKV_AWS_231": Accepted(
        "answers come to ports that clients choose, such as 3389; security groups are closed",
        ("_from_internet_answers",),
    ),
    "CKV_AWS_259": Accepted(
        "HTTPS is enforced for a year; the preload list is a promise for the whole domain"
    ),
    "CKV_AWS_260": Accepted(
        "port 80 only redirects to 443, or takes the load balancer's group alone",
        ("_from_internet_80", "smallest-prod:aws_vpc_security_group_ingress_rule.web_from_alb"),
    ),
    "CKV_AWS_293": Accepted(
        CHOSEN, ("preview:aws_db_instance.database", "staging:aws_db_instance.database")
    ),
    "CKV_AWS_305": Accepted("a distribution of static files has no start page"),
    "CKV_AWS_310": Accepted("one bucket is the origin, and S3 spans all zones of its region"),
    "CKV_AWS_336": Accepted("images write where they like; not every one can run read-only"),
    "CKV_AWS_338": Accepted("a choice: `log_retention_days`; a year of logs is billed for a year"),
    "CKV_AWS_352": Accepted("`too_big` takes ICMP type 3 code 4 alone", ("_internet_too_big",)),
    "CKV_AWS_353": Accepted("Performance Insights ends in 2026; its successor is billed"),
    "CKV_AWS_374": Accepted("users are everywhere"),
    "CKV_AWS_378": Accepted("a choice: `protocol: HTTPS` of the service", ("edge_backoffice",)),
}
"""Every check that may fail; all others pass, and one that no longer fails leaves the list."""


@pytest.fixture(scope="module")
def checkov() -> str:
    """The command, from PATH or from an environment of its own: its pins do not fit ours."""
    if found := shutil.which("checkov"):
        return found
    CACHE.mkdir(exist_ok=True)
    home = CACHE / f"checkov-{VERSION}"
    command = home / "bin" / "checkov"
    with (CACHE / "checkov.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not command.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            pip = [home / "bin" / "pip", "install", "--quiet", f"checkov=={VERSION}"]
            if subprocess.run(pip, check=False).returncode and not REQUIRED:
                pytest.skip("CHECKOV CANNOT BE INSTALLED: nothing here was checked by it")
    return str(command)


@pytest.fixture(scope="module")
def scanned(checkov: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What checkov says of every stack, each in a folder of its name."""
    folder = tmp_path_factory.mktemp("stacks")
    stacks = {f"{example}-{name}": plan_of(example, name) for example, name in environments()}
    for name, plan in {**stacks, "bootstrap": bootstrap_of("trazo")}.items():
        (folder / name).mkdir()
        (folder / name / "cdk.tf").write_text(hcl(plan))
    options = ["--framework", "terraform", "--output", "json", "--compact", "--skip-download"]
    run = subprocess.run(
        [checkov, "--directory", str(folder), *options], capture_output=True, text=True, check=False
    )
    answer: Mapping[str, Any] = json.loads(run.stdout)
    return answer


def failures(scanned: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Check and `stack:address` of everything that failed."""
    return sorted(
        (found["check_id"], f"{Path(found['file_path']).parent.name}:{found['resource']}")
        for found in scanned["results"]["failed_checks"]
    )


def test_every_stack_was_read(scanned: Mapping[str, Any]) -> None:
    """Checkov ends well on files that it cannot read, and finds nothing in them."""
    passed = scanned["results"]["passed_checks"]
    read = {Path(found["file_path"]).parent.name for found in passed}
    wanted = {f"{example}-{name}" for example, name in environments()} | {"bootstrap"}

    assert (scanned["summary"]["parsing_errors"], wanted - read) == (0, set())


def test_nothing_fails_that_has_no_reason(scanned: Mapping[str, Any]) -> None:
    """A new resource that is open or unencrypted is seen here first."""
    unexplained = [
        (check, where)
        for check, where in failures(scanned)
        if check not in ACCEPTED or not where.endswith(ACCEPTED[check].in_ or "")
    ]

    assert unexplained == []


def test_every_accepted_check_still_fails(scanned: Mapping[str, Any]) -> None:
    """A reason for what has become right would hide the next failure."""
    assert sorted(ACCEPTED) == sorted({check for check, _ in failures(scanned)})


# What docs/how-to/check-in-ci.md says about it


def verdict(checkov: str, folder: Path, *options: str) -> tuple[int, Mapping[str, Any]]:
    """Exit code and summary of a run over a folder."""
    words = [checkov, "--directory", str(folder), "--output", "json", "--compact", *options]
    run = subprocess.run([*words, "--skip-download"], capture_output=True, text=True, check=False)
    answer = json.loads(run.stdout)
    return run.returncode, answer.get("summary", answer)


@pytest.mark.parametrize("options", [("--framework", "terraform"), ()], ids=["terraform", "any"])
def test_it_reads_nothing_of_json_and_is_green(
    checkov: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """The day on which that is no longer so, the guide becomes shorter."""
    ((name, text),) = synthesize({"prod": plan_of("trazo", "prod")}).items()
    (tmp_path / name).mkdir()
    (tmp_path / name / "cdk.tf.json").write_text(text, "utf-8")
    code, summary = verdict(checkov, tmp_path, *options)

    assert (code, summary["passed"], summary["failed"], summary["resource_count"]) == (0, 0, 0, 0)


def test_it_reads_the_same_plan_as_hcl(checkov: str, tmp_path: Path) -> None:
    """As the guide has it: what is found ends with 1, and the summary counts what was read."""
    (tmp_path / "cdk.tf").write_text(hcl(plan_of("trazo", "prod")), "utf-8")
    code, summary = verdict(checkov, tmp_path, "--framework", "terraform")

    assert (code, summary["parsing_errors"]) == (1, 0)
    assert summary["resource_count"] > 50
    assert summary["passed"] > summary["failed"] > 0
