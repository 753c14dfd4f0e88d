"""Which arguments AWS cannot change in place: our list, held to Terraform on an applied stack."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from compiler.changes.losses import LASTING
from compiler.provider_schema.schema import Attribute, body
from tests.apply.standing import CHOSEN, Standing
from tests.aws.stack import STATE
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.skipif("trazo" not in CHOSEN, reason="not among TRAZO_APPLY"),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

Body = dict[str, Any]
STANDING = {"aws_db_instance": "database", "aws_route53_zone": "zone", "aws_s3_bucket": "media"}
"""A resource of each type that is applied."""
NOT_SET = ("id", "password_wo_version", "tags_all")
"""The provider refuses the first, and the second without a write-only password."""
KEY = "arn:aws:kms:us-east-2:123456789012:key/1"
OTHER: Mapping[str, object] = {
    "acceleration_status": "Enabled",
    "acl": "public-read",
    "availability_zone": "us-east-2c",
    "backup_target": "outposts",
    "backup_window": "01:00-02:00",
    "custom_iam_instance_profile": "AWSRDSCustomProfile",
    "database_insights_mode": "advanced",
    "domain_auth_secret_arn": "arn:aws:secretsmanager:us-east-2:123456789012:secret:a",
    "domain_dns_ips": ["10.0.0.1", "10.0.0.2"],
    "domain_fqdn": "ad.example.com",
    "enabled_cloudwatch_logs_exports": ["postgresql"],
    "engine": "mysql",
    "engine_lifecycle_support": "open-source-rds-extended-support-disabled",
    "kms_key_id": KEY,
    "license_model": "general-public-license",
    "maintenance_window": "sun:05:00-sun:06:00",
    "master_user_secret_kms_key_id": KEY,
    "monitoring_role_arn": "arn:aws:iam::123456789012:role/monitoring",
    "network_type": "DUAL",
    "performance_insights_kms_key_id": KEY,
    "performance_insights_retention_period": 731,
    "policy": "{}",
    "replica_mode": "mounted",
    "replicate_source_db": "arn:aws:rds:us-east-2:123456789012:db:source",
    "request_payer": "Requester",
    "storage_type": "gp2",
}
"""Another value, where the provider takes not just any."""
WITHOUT: Mapping[str, tuple[str, ...]] = {
    "bucket_prefix": ("bucket",),
    "identifier_prefix": ("identifier",),
    "replicate_source_db": ("db_name", "username"),
    "restore_to_point_in_time": ("db_name", "username"),
}
"""What cannot stand beside an argument."""
BLOCKS: Mapping[str, Mapping[str, Body]] = {
    "aws_db_instance": {
        "restore_to_point_in_time": {
            "source_db_instance_identifier": "source",
            "use_latest_restorable_time": True,
        },
        "s3_import": {
            "bucket_name": "backups",
            "ingestion_role": "arn:aws:iam::123456789012:role/import",
            "source_engine": "mysql",
            "source_engine_version": "8.0",
        },
    },
}
"""Nested blocks that say from where a new resource gets its data."""


def _other(name: str, attribute: Attribute, now: object) -> object:
    """A value that the argument does not have."""
    if name in OTHER:
        return OTHER[name]
    match attribute.kind, now:
        case "bool", _:
            return not now
        case "number", int():
            return now + 1
        case "number", _:
            return 1
        case "string", _:
            return "other"
        case ["map", _], _:
            return {"other": "value"}
        case _:
            return ["other"]


def _probes(type_: str, given: Body, now: Body) -> Iterator[tuple[str, Body]]:
    """The resource with one argument changed, for every argument that there is."""
    schema = body(type_)
    assert schema is not None
    changes = {
        name: _other(name, attribute, now.get(name))
        for name, attribute in schema.attributes.items()
        if attribute.settable and not attribute.write_only and name not in NOT_SET
    }
    for name, value in (changes | dict(BLOCKS.get(type_, {}))).items():
        kept = {n: v for n, v in given.items() if n not in WITHOUT.get(name, ())}
        yield name, {**kept, name: value}


def _given(written: Body, now: Body) -> Body:
    """What was written, with values instead of references, and without what no state keeps."""
    return {
        name: now[name] if "${" in json.dumps(value) else value
        for name, value in written.items()
        if not name.startswith("password_wo") and name not in ("depends_on", "lifecycle")
    }


@pytest.fixture(scope="module")
def forced(
    standing: Standing, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[str, ...]]:
    """The arguments by type for which Terraform wants to replace a resource that stands."""
    stack = standing.stack(("trazo", "prod"))
    compiled = json.loads((stack.folder / "cdk.tf.json").read_text())
    state = json.loads((stack.folder / STATE).read_text())
    resources: dict[str, dict[str, Body]] = {}
    probed = []
    for type_, label in STANDING.items():
        (entry,) = [r for r in state["resources"] if (r["type"], r["name"]) == (type_, label)]
        (instance,) = entry["instances"]
        now = instance["attributes"]
        given = _given(compiled["resource"][type_][label], now)
        resources[type_] = dict(_probes(type_, given, now))
        alone = {k: v for k, v in instance.items() if k != "dependencies"}
        probed += [{**entry, "name": name, "instances": [alone]} for name in resources[type_]]
    kept = {part: compiled[part] for part in ("terraform", "provider")}
    folder: Path = tmp_path_factory.mktemp("losses") / "probes"
    probes = stack.copied(folder, json.dumps({**kept, "resource": resources}, indent=1))
    (folder / STATE).write_text(json.dumps({**state, "resources": probed}))
    actions = probes.change().actions.items()
    replaced = [address.split(".") for address, action in actions if action == "replace"]
    return {t: tuple(sorted(n for type_, n in replaced if type_ == t)) for t in STANDING}


def test_every_lasting_type_is_asked_about():
    """A type without a resource that stands would be believed."""
    assert STANDING.keys() == LASTING.keys()


@pytest.mark.parametrize("type_", STANDING)
def test_our_list_is_what_terraform_would_replace_for(
    type_: str, forced: Mapping[str, tuple[str, ...]]
):
    """One that is missing costs a database; one too many cries wolf."""
    assert forced[type_] == LASTING[type_]
