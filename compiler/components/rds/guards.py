"""What must not be lost of a database, and what no override may set."""

from compiler.plan.access import Lasting
from compiler.plan.guards import BILLED, LINKS, PRIVATE, Guards, set_field

LASTING = Lasting(
    (
        "availability_zone",
        "backup_target",
        "character_set_name",
        "custom_iam_instance_profile",
        "db_name",
        "engine",
        "kms_key_id",
        "nchar_character_set_name",
        "restore_to_point_in_time",
        "s3_import",
        "snapshot_identifier",
        "storage_encrypted",
        "timezone",
        "username",
    )
)


GUARDS: Guards = {
    "aws_db_instance": {
        "allocated_storage": set_field("storage_gb"),
        "backup_retention_period": set_field("backup_retention_days"),
        "database_insights_mode": "AWS bills for the advanced mode, but trazo's bill does not "
        "include it",
        "db_name": set_field("database_name"),
        "db_subnet_group_name": set_field("network"),
        "dedicated_log_volume": BILLED,
        "deletion_protection": set_field("deletion_protection"),
        "engine": "use a component of another kind",
        "engine_version": set_field("engine_version"),
        "instance_class": set_field("instance_class"),
        "iops": set_field("iops"),
        "manage_master_user_password": set_field("password"),
        "max_allocated_storage": set_field("max_storage_gb"),
        "monitoring_interval": BILLED,
        "multi_az": set_field("multi_az"),
        "parameter_group_name": "set `parameter` of its `aws_db_parameter_group` instead",
        "password": set_field("password"),
        "password_wo": set_field("password"),
        "password_wo_version": set_field("password_version"),
        "performance_insights_retention_period": "AWS bills for more than 7 days, but trazo's "
        "bill does not include that",
        "port": "links and security group rules use PostgreSQL's own port",
        "publicly_accessible": PRIVATE,
        "skip_final_snapshot": set_field("final_snapshot"),
        "storage_encrypted": PRIVATE,
        "storage_throughput": set_field("throughput_mib_per_s"),
        "storage_type": set_field("storage_type"),
        "username": set_field("username"),
        "vpc_security_group_ids": LINKS,
    },
    "aws_db_parameter_group": {"family": set_field("engine_version")},
    "aws_db_subnet_group": {"subnet_ids": set_field("network")},
}
