"""Rewrites what `compiler/provider_schema/` holds of the provider's schema.

`python scripts/update_provider_schema.py` rewrites `aws.json` from provider 5, which Terraform
installs, and with `6` behind it `aws6.json`, the difference of provider 6 to that. `6 --bindings`
reads the typed bindings of `provider_bindings.py` instead, where provider 6 cannot be installed.
Both hold the types that `compiler/` names, and those of the lists below. TRAZO_TF_PLUGIN_DIR names
a folder of unpacked providers, for machines that cannot reach Terraform's registry.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from provider_bindings import PACKAGE, PACKAGE_VERSION, Bindings, downloaded, grafted

SOURCE = "hashicorp/aws"
VERSION = "5.100.0"
VERSION_6 = "6.69.1"
COMPILER = Path(__file__).parent.parent / "compiler"
TARGET = COMPILER / "provider_schema" / "aws.json"
TARGET_6 = TARGET.with_name("aws6.json")

MANAGED = """
aws_acm_certificate aws_acm_certificate_validation
aws_appautoscaling_policy aws_appautoscaling_scheduled_action aws_appautoscaling_target
aws_cloudfront_cache_policy aws_cloudfront_distribution aws_cloudfront_function
aws_cloudfront_origin_access_control aws_cloudfront_origin_access_identity
aws_cloudfront_origin_request_policy aws_cloudfront_response_headers_policy
aws_cloudwatch_dashboard aws_cloudwatch_log_group aws_cloudwatch_log_resource_policy
aws_cloudwatch_metric_alarm
aws_db_instance aws_db_parameter_group aws_db_subnet_group
aws_default_network_acl aws_default_route_table aws_default_security_group
aws_ecr_lifecycle_policy aws_ecr_repository aws_ecr_repository_policy
aws_ecs_account_setting_default aws_ecs_cluster aws_ecs_cluster_capacity_providers aws_ecs_service
aws_ecs_task_definition
aws_eip
aws_elasticache_parameter_group aws_elasticache_replication_group aws_elasticache_subnet_group
aws_elasticache_user aws_elasticache_user_group
aws_flow_log
aws_iam_instance_profile aws_iam_policy aws_iam_role aws_iam_role_policy
aws_iam_role_policy_attachment aws_iam_service_linked_role
aws_internet_gateway
aws_kms_alias aws_kms_key aws_kms_key_policy
aws_lb aws_lb_listener aws_lb_listener_certificate aws_lb_listener_rule aws_lb_target_group
aws_nat_gateway aws_network_acl aws_network_acl_association aws_network_acl_rule
aws_route aws_route_table aws_route_table_association
aws_route53_record aws_route53_zone
aws_s3_bucket aws_s3_bucket_acl aws_s3_bucket_cors_configuration
aws_s3_bucket_lifecycle_configuration aws_s3_bucket_logging aws_s3_bucket_notification
aws_s3_bucket_ownership_controls aws_s3_bucket_policy aws_s3_bucket_public_access_block
aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_versioning
aws_secretsmanager_secret aws_secretsmanager_secret_policy aws_secretsmanager_secret_rotation
aws_secretsmanager_secret_version
aws_security_group
aws_service_discovery_http_namespace aws_service_discovery_private_dns_namespace
aws_service_discovery_service
aws_sns_topic aws_sns_topic_policy aws_sns_topic_subscription
aws_ssm_parameter
aws_subnet
aws_vpc aws_vpc_dhcp_options aws_vpc_dhcp_options_association
aws_vpc_endpoint aws_vpc_endpoint_policy aws_vpc_endpoint_route_table_association
aws_vpc_security_group_egress_rule aws_vpc_security_group_ingress_rule
"""

DATA = """
aws_acm_certificate aws_availability_zones aws_caller_identity aws_cloudfront_cache_policy
aws_cloudfront_log_delivery_canonical_user_id aws_cloudfront_origin_request_policy
aws_cloudfront_response_headers_policy aws_db_instance aws_ec2_managed_prefix_list
aws_ecr_repository aws_elb_service_account aws_iam_policy aws_iam_role
aws_internet_gateway aws_kms_alias aws_kms_key aws_lb aws_partition aws_prefix_list aws_region
aws_route53_zone aws_route_table aws_route_tables aws_s3_bucket aws_secretsmanager_secret
aws_security_group aws_sns_topic aws_ssm_parameter aws_subnet aws_subnets aws_vpc aws_vpc_endpoint
"""

EPHEMERAL = """
aws_secretsmanager_random_password aws_secretsmanager_secret_version aws_ssm_parameter
"""

MODES = {
    "managed": ("", "resource_schemas", MANAGED),
    "data": ("data.", "data_source_schemas", DATA),
    "ephemeral": ("ephemeral.", "ephemeral_resource_schemas", EPHEMERAL),
}
"""Mode -> what its types begin with here, where the provider's schema has them, and the list."""

Schema = Mapping[str, Any]


def main() -> None:
    """Writes the part of a provider's schema that trazo emits."""
    match sys.argv[1:]:
        case [] | ["5"]:
            write(TARGET, {"source": SOURCE, "version": VERSION}, installed(provider_schema()))
        case ["6"]:
            schema = installed(provider_schema(VERSION_6))
            write(TARGET_6, {"version": VERSION_6}, differences(schema))
        case ["6", "--bindings"]:
            head = {"version": VERSION_6, "bindings": f"{PACKAGE} {PACKAGE_VERSION}"}
            write(TARGET_6, head, differences(from_bindings(downloaded())))
        case _:
            sys.exit(__doc__)


def write(target: Path, head: Schema, entries: Schema) -> None:
    """Writes one type a line."""
    lines = [f'"provider": {compact(head)}', *(f'"{n}": {compact(e)}' for n, e in entries.items())]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{target.name}: {len(entries)} types, {target.stat().st_size} bytes\n")


def installed(schema: Schema) -> Schema:
    """Every type as the provider that Terraform has installed describes it."""
    return {
        f"{prefix}{name}": block(schema[key][name]["block"])
        for mode, (prefix, key, _) in MODES.items()
        for name in types(mode, schema)
    }


def of_provider_5() -> Schema:
    """What was written of provider 5."""
    return {n: e for n, e in json.loads(TARGET.read_bytes()).items() if n != "provider"}


def from_bindings(bindings: Bindings) -> Schema:
    """The types of provider 5 as the bindings of provider 6 describe them."""
    if bindings.version != VERSION_6:
        sys.exit(f"the bindings are those of {bindings.version}")
    found = {}
    for name, old in of_provider_5().items():
        mode, _, type_ = name.rpartition(".")
        new = bindings.body(mode or "managed", type_)
        if new is None:
            sys.exit(f"the bindings do not have {name}")
        found[name] = grafted(new, old)
    return found


def differences(new: Schema) -> Schema:
    """What each type has that it did not have in provider 5, or had otherwise."""
    old = of_provider_5()
    found = {name: difference(old[name], body) for name, body in new.items() if name in old}
    return {name: body for name, body in found.items() if body}


def difference(old: Schema, new: Schema) -> Schema:
    """One body: what is new or otherwise in `a` and `b`, and in `-` what is gone.

    A nested block that is there before and after is a difference again, a new one is whole.
    """
    before = {**old.get("a", {}), **old.get("b", {})}
    after = {**new.get("a", {}), **new.get("b", {})}
    attributes = {n: e for n, e in new.get("a", {}).items() if old.get("a", {}).get(n) != e}
    pairs = ((n, old.get("b", {}).get(n), e) for n, e in new.get("b", {}).items())
    blocks = {
        n: difference(b[4], e[4]) if b and b[:4] == e[:4] else e for n, b, e in pairs if b != e
    }
    parts = (("-", sorted(before.keys() - after.keys())), ("a", attributes), ("b", blocks))
    return {key: part for key, part in parts if part}


def types(mode: str, schema: Schema) -> list[str]:
    """The types of one mode that the copy holds, sorted."""
    _, key, listed = MODES[mode]
    named = {type_ for type_, its in blocks_in_the_code() if its == mode}
    for type_ in sorted(named - schema[key].keys()):
        sys.stdout.write(f"{SOURCE} {VERSION} has no {mode} type `{type_}`\n")
    return sorted({*listed.split(), *(named & schema[key].keys())})


def blocks_in_the_code() -> Iterator[tuple[str, str]]:
    """The type and mode of each block that the compiler makes, where both stand there as text."""
    for path in sorted(COMPILER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("Block"), [ast.Constant(str(type_)), *_], words):
                    yield type_, mode_of(words)
                case _:
                    pass


def mode_of(words: Iterable[ast.keyword]) -> str:
    """The mode that the code of a block says; empty where it is worked out."""
    for word in words:
        match word:
            case ast.keyword("mode", ast.Constant(str(mode))):
                return mode
            case ast.keyword("mode"):
                return ""
            case _:
                pass
    return "managed"


def provider_schema(version: str = VERSION) -> Schema:
    """The schema of the provider as `terraform providers schema -json` prints it."""
    required = {"aws": {"source": SOURCE, "version": version}}
    with tempfile.TemporaryDirectory() as folder:
        config = json.dumps({"terraform": {"required_providers": required}})
        Path(folder, "main.tf.json").write_text(config, encoding="utf-8")
        plugins = os.environ.get("TRAZO_TF_PLUGIN_DIR")
        terraform(
            folder, "init", "-backend=false", *([f"-plugin-dir={plugins}"] if plugins else [])
        )
        schemas = json.loads(terraform(folder, "providers", "schema", "-json"))["provider_schemas"]
    (schema,) = schemas.values()
    return dict(schema)


def terraform(folder: str, *arguments: str) -> str:
    """What Terraform prints in a folder; ends the script with Terraform's own words if it fails."""
    # Chosen: no settings of the user, since a mirror or credentials there would change the outcome.
    env = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "TF_IN_AUTOMATION": "1"}
    run = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.exit(run.stderr or run.stdout)
    return run.stdout


def compact(value: object) -> str:
    """JSON on one line."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def block(schema: Schema) -> Schema:
    """One body: `a` holds the attributes, `b` the nested blocks."""
    attributes = {n: attribute(a) for n, a in schema.get("attributes", {}).items()}
    blocks = {n: nested(b) for n, b in schema.get("block_types", {}).items()}
    return {k: v for k, v in (("a", attributes), ("b", blocks)) if v}


def attribute(schema: Schema) -> str | list[Any]:
    """Flags and type: `"oc string"`, or `["oc",["list","string"]]` where the type has parts."""
    if "nested_type" in schema:
        # The provider has none today; writing half of one would make the check lie.
        sys.exit("the provider has attributes with a nested type: teach block() about them")
    flags = "".join(flag for flag, key in FLAGS.items() if schema.get(key))
    kind = schema["type"]
    return f"{flags} {kind}" if isinstance(kind, str) else [flags, kind]


FLAGS = {
    "r": "required",
    "o": "optional",
    "c": "computed",
    "s": "sensitive",
    "w": "write_only",
    "d": "deprecated",
}


def nested(schema: Schema) -> list[Any]:
    """Nesting mode, least and most times (0: any number), whether deprecated, and the body."""
    inner = schema["block"]
    return [
        schema["nesting_mode"],
        schema.get("min_items", 0),
        schema.get("max_items", 0),
        int(bool(inner.get("deprecated"))),
        block(inner),
    ]


if __name__ == "__main__":
    main()
