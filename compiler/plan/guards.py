"""Which arguments no override may set, since cost, schedule, diagram or security follow them."""

from collections.abc import Mapping

ArgumentPath = str
"""An argument, a nested one behind dots: `origin.domain_name`; `*` is all but the harmless ones."""

ALL = "*"
HARMLESS = ("tags", "timeouts")
"""What any block may be given."""

# Advice is for the component that the block belongs to, unless it says otherwise.
_LINKS = "links define who may connect: change `uses` or `egress_ports` of a service, or `routes`"
_PRIVATE = "it is always private and encrypted"
_PERMISSIONS = "permissions are derived from `uses`, `secrets` and `iam.statements` of the services"
_NEVER_A_VALUE = (
    "a spec must not contain secret values: set the value with the AWS CLI, or use `generate`"
)


def _field(*names: str) -> str:
    return "set " + " or ".join(f"`{name}`" for name in names) + " of `{component}` instead"


_BILLED = "AWS bills for it, but trazo's bill does not include it"
_OWN_BLOCK = "this is set in separate blocks of the bucket, with which it would conflict"

_ROUTING = {ALL: _field("egress.nat", "availability_zones")}
_RULES = {ALL: _LINKS}
_POLICY = {ALL: _PERMISSIONS}

GUARDS: Mapping[str, Mapping[ArgumentPath, str]] = {
    "aws_acm_certificate": {
        "certificate_authority_arn": _BILLED,
        "certificate_body": _field("certificate.arn"),
        "certificate_chain": _field("certificate.arn"),
        "domain_name": _field("certificate.names"),
        "private_key": _NEVER_A_VALUE,
        "subject_alternative_names": _field("certificate.names"),
        "validation_method": "certificates are validated through DNS records",
    },
    "aws_acm_certificate_validation": {ALL: _field("certificate.names")},
    "aws_appautoscaling_policy": {ALL: _field("scaling.target_cpu_percent")},
    "aws_appautoscaling_scheduled_action": {ALL: _field("scaling.schedule")},
    "aws_appautoscaling_target": {ALL: _field("scaling.min", "scaling.max")},
    "aws_cloudfront_distribution": {
        "aliases": _field("hostname"),
        "default_cache_behavior.function_association": _BILLED,
        "default_cache_behavior.lambda_function_association": _BILLED,
        "default_cache_behavior.realtime_log_config_arn": _BILLED,
        "default_cache_behavior.response_headers_policy_id": _field("content_security_policy"),
        "default_cache_behavior.target_origin_id": _field("origin"),
        "default_cache_behavior.viewer_protocol_policy": "it serves only HTTPS",
        "enabled": "remove the component from the environment instead",
        "origin": _field("origin", "origin_access"),
        "price_class": _field("price_class"),
        "viewer_certificate": _field("certificate"),
    },
    "aws_cloudfront_origin_access_control": {ALL: _field("origin_access")},
    "aws_cloudfront_response_headers_policy": {
        "security_headers_config.content_security_policy": _field("content_security_policy"),
    },
    "aws_cloudwatch_log_group": {
        "log_group_class": "it is priced as the standard class",
        "retention_in_days": _field("log_retention_days"),
    },
    "aws_cloudwatch_metric_alarm": {
        "metric_query": "AWS bills for each metric that an alarm uses",
        "period": "alarms with a period below one minute cost more, and trazo's bill does not "
        "include that",
        "threshold": _field("alarms"),
    },
    "aws_db_instance": {
        "allocated_storage": _field("storage_gb"),
        "backup_retention_period": _field("backup_retention_days"),
        "database_insights_mode": "AWS bills for the advanced mode, but trazo's bill does not "
        "include it",
        "db_name": _field("database_name"),
        "db_subnet_group_name": _field("network"),
        "dedicated_log_volume": _BILLED,
        "deletion_protection": _field("deletion_protection"),
        "engine": "use a component of another kind",
        "engine_version": _field("engine_version"),
        "instance_class": _field("instance_class"),
        "iops": _field("iops"),
        "manage_master_user_password": _field("password"),
        "max_allocated_storage": _field("max_storage_gb"),
        "monitoring_interval": _BILLED,
        "multi_az": _field("multi_az"),
        "parameter_group_name": "set `parameter` of its `aws_db_parameter_group` instead",
        "password": _field("password"),
        "password_wo": _field("password"),
        "password_wo_version": _field("password_version"),
        "performance_insights_retention_period": "AWS bills for more than 7 days, but trazo's "
        "bill does not include that",
        "port": "links and security group rules use PostgreSQL's own port",
        "publicly_accessible": _PRIVATE,
        "skip_final_snapshot": _field("final_snapshot"),
        "storage_encrypted": _PRIVATE,
        "storage_throughput": _field("throughput_mib_per_s"),
        "storage_type": _field("storage_type"),
        "username": _field("username"),
        "vpc_security_group_ids": _LINKS,
    },
    "aws_db_parameter_group": {"family": _field("engine_version")},
    "aws_db_subnet_group": {"subnet_ids": _field("network")},
    "aws_default_security_group": _RULES,
    "aws_ecs_cluster": {
        "setting": "AWS bills for Container Insights, but trazo's bill does not include it"
    },
    "aws_ecs_cluster_capacity_providers": {
        ALL: "set `capacity` of a service instead",
    },
    "aws_ecs_service": {
        "capacity_provider_strategy": _field("capacity"),
        "cluster": "all services of an environment run in the same cluster",
        "desired_count": _field("scaling.min", "scaling.schedule"),
        "enable_execute_command": _field("execute_command"),
        "force_new_deployment": "without it, changing `capacity` would replace the service",
        "launch_type": _field("capacity"),
        "load_balancer": "set `routes` of a load balancer instead",
        "network_configuration": _LINKS,
        "scheduling_strategy": _field("scaling"),
        "task_definition": _field("image", "command", "cpu", "memory_mib"),
        "volume_configuration": _BILLED,
    },
    "aws_ecs_task_definition": {
        "container_definitions": _field("image", "command", "environment", "secrets"),
        "cpu": _field("cpu"),
        "ephemeral_storage": _field("ephemeral_storage_gib"),
        "execution_role_arn": _PERMISSIONS,
        "memory": _field("memory_mib"),
        "network_mode": "Fargate supports only one network mode",
        "requires_compatibilities": "services run on Fargate",
        "runtime_platform": _field("architecture"),
        "task_role_arn": _PERMISSIONS,
    },
    "aws_ec2_managed_prefix_list": _RULES,
    "aws_eip": _ROUTING,
    "aws_elasticache_replication_group": {
        "at_rest_encryption_enabled": _PRIVATE,
        "auth_token": _NEVER_A_VALUE,
        "automatic_failover_enabled": _field("nodes"),
        "cluster_mode": _field("nodes"),
        "engine": "it is priced as Redis",
        "engine_version": _field("engine_version"),
        "multi_az_enabled": _field("nodes"),
        "node_type": _field("node_type"),
        "num_cache_clusters": _field("nodes"),
        "num_node_groups": _field("nodes"),
        "port": "links and security group rules use Redis's own port",
        "replicas_per_node_group": _field("nodes"),
        "security_group_ids": _LINKS,
        "security_group_names": _LINKS,
        "snapshot_retention_limit": _field("snapshot_retention_days"),
        "subnet_group_name": _field("network"),
        "transit_encryption_enabled": _PRIVATE,
        "transit_encryption_mode": _PRIVATE,
    },
    "aws_elasticache_subnet_group": {"subnet_ids": _field("network")},
    "aws_iam_policy": {"policy": "set `statements` of `{component}` instead"},
    "aws_iam_role": {
        "assume_role_policy": "only tasks in this account may assume the role",
        "inline_policy": _PERMISSIONS,
        "managed_policy_arns": _PERMISSIONS,
        "permissions_boundary": "set `permissions_boundary` of an `iam` component instead",
    },
    "aws_iam_role_policy": _POLICY,
    "aws_iam_role_policy_attachment": _POLICY,
    "aws_internet_gateway": {"vpc_id": _field("cidr")},
    "aws_lb": {
        "access_logs": _field("access_logs"),
        "drop_invalid_header_fields": "requests with invalid headers are dropped",
        "enable_deletion_protection": _field("deletion_protection"),
        "internal": "load balancers are public",
        "load_balancer_type": "use a component of another kind",
        "minimum_load_balancer_capacity": "AWS bills for reserved capacity, but trazo's bill does "
        "not include it",
        "security_groups": _LINKS,
        "subnet_mapping": _field("network"),
        "subnets": _field("network"),
    },
    "aws_lb_listener": {
        "certificate_arn": _field("certificate"),
        "default_action": _field("routes"),
        "load_balancer_arn": _field("routes"),
        "port": "it listens on 80, to redirect, and on 443",
        "protocol": "it redirects to HTTPS",
        "ssl_policy": _field("tls_policy"),
    },
    "aws_lb_listener_rule": {
        "action": _field("routes"),
        "condition": _field("routes"),
        "listener_arn": _field("routes"),
        "priority": _field("routes"),
    },
    "aws_lb_target_group": {
        "deregistration_delay": "set `deregistration_delay_s` of the service instead",
        "health_check": "set `health_check` of the service instead",
        "port": "set `port` of the service instead",
        "protocol": "set `protocol` of the service instead",
        "target_type": "Fargate supports only one target type",
        "vpc_id": _field("network"),
    },
    "aws_nat_gateway": _ROUTING,
    "aws_network_acl": {ALL: _LINKS},
    "aws_network_acl_rule": _RULES,
    "aws_route": _ROUTING,
    "aws_route53_record": {
        "alias": _field("hostname"),
        "name": _field("hostname", "records"),
        "records": _field("records"),
        "type": _field("records"),
        "zone_id": _field("hostname", "records"),
    },
    "aws_route53_zone": {
        "name": _field("zone"),
        "private_zone": "host names must be public",
        "vpc": "host names must be public",
        "zone_id": _field("zone"),
    },
    "aws_route_table": {"route": _field("egress.nat"), "vpc_id": _field("cidr")},
    "aws_route_table_association": _ROUTING,
    "aws_s3_bucket": {
        "acceleration_status": _BILLED,
        "acl": _PRIVATE,
        "bucket": _field("bucket"),
        "bucket_prefix": _field("bucket"),
        "force_destroy": _field("force_destroy"),
        "grant": _PRIVATE,
        "lifecycle_rule": _field("lifecycle"),
        "logging": _field("access_logs"),
        "policy": _OWN_BLOCK,
        "replication_configuration": _BILLED,
        "server_side_encryption_configuration": _OWN_BLOCK,
        "versioning": _field("versioning"),
        "website": "bucket websites are public; use a `cloudfront` component",
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "bucket": _field("lifecycle"),
        "rule.expiration": _field("lifecycle.expire_days"),
        "rule.filter": _field("lifecycle"),
        "rule.noncurrent_version_expiration": _field("lifecycle.noncurrent_expire_days"),
        "rule.noncurrent_version_transition": "other storage classes have other prices",
        "rule.status": _field("lifecycle"),
        "rule.transition": "other storage classes have other prices",
    },
    "aws_s3_bucket_logging": {ALL: _field("access_logs")},
    "aws_s3_bucket_ownership_controls": {ALL: _PRIVATE},
    "aws_s3_bucket_policy": {ALL: "it is derived from `origin`, `access_logs` and `uses`"},
    "aws_s3_bucket_public_access_block": {ALL: _PRIVATE},
    "aws_s3_bucket_server_side_encryption_configuration": {ALL: _PRIVATE},
    "aws_s3_bucket_versioning": {ALL: _field("versioning")},
    "aws_secretsmanager_random_password": {ALL: _NEVER_A_VALUE},
    "aws_secretsmanager_secret": {
        "policy": _PERMISSIONS,
        "replica": _BILLED,
    },
    "aws_secretsmanager_secret_version": {
        "secret_binary": _NEVER_A_VALUE,
        "secret_id": _NEVER_A_VALUE,
        "secret_string": _NEVER_A_VALUE,
        "secret_string_wo": _NEVER_A_VALUE,
    },
    "aws_security_group": {
        "egress": _LINKS,
        "ingress": _LINKS,
        "vpc_id": _field("network"),
    },
    "aws_sns_topic": {"policy": _PERMISSIONS},
    "aws_sns_topic_subscription": {ALL: _field("alarms.email")},
    "aws_subnet": {
        "availability_zone": _field("availability_zones"),
        "cidr_block": _field("cidr", "public_subnets", "private_subnets"),
        "map_public_ip_on_launch": "resources in a subnet do not get a public address "
        "automatically",
        "id": _field("existing"),
        "vpc_id": _field("cidr"),
    },
    "aws_vpc": {
        "cidr_block": _field("cidr"),
        "id": _field("existing"),
        "instance_tenancy": _field("cidr"),
    },
    "aws_vpc_endpoint": {ALL: _field("egress.endpoints")},
    "aws_vpc_security_group_egress_rule": _RULES,
    "aws_vpc_security_group_ingress_rule": _RULES,
}
"""Type -> argument -> what to do instead."""


def advice(block_type: str, path: tuple[str, ...], *, whole: bool) -> str:
    """What to do instead of setting an argument by override; empty where that is allowed.

    Args:
        block_type: Such as `aws_db_instance`.
        path: The argument, and the names below it for a nested one.
        whole: Whether all that lies below the path is replaced too.
    """
    guards = GUARDS.get(block_type, {})
    if ALL in guards and path[0] not in HARMLESS:
        return guards[ALL]
    dotted = ".".join(path)
    below = (guard for guard in guards if whole and guard.startswith(f"{dotted}."))
    guard = dotted if dotted in guards else next(below, "")
    return guards.get(guard, "")
