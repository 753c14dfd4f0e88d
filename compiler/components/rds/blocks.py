"""A PostgreSQL database, what it stands in, its logs and its credentials."""

from collections.abc import Iterator

from compiler.aws.names import aws_name, secret_name
from compiler.aws.placement import subnet_ids
from compiler.aws.windows import at_once, written
from compiler.graph.graph import Graph
from compiler.plan.guards import FORCE_TLS, TLS_ONLY_FROM
from compiler.plan.plan import Block, Expr, Join, Json, Ref, Value
from trazo_spec.components.rds import Rds

POSTGRESQL_PORT = 5432

# Below this size gp3 has one baseline that cannot be raised; from it on a higher one that can.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
GP3_THRESHOLD_GIB = 400
GP3_IOPS_BELOW, GP3_IOPS_FROM = 3_000, 12_000
GP3_MIB_PER_S_BELOW, GP3_MIB_PER_S_FROM = 125, 500

# RDS takes any password without `/`, `@`, `"` and space; letters and digits also fit into a URL.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
PASSWORD_LENGTH = 50

# Chosen: the time in which a slow night is still looked into.
LOG_RETENTION_DAYS = 30
# What RDS for PostgreSQL can send to CloudWatch Logs in every version.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html
LOGS = ("postgresql", "upgrade")


def blocks(name: str, rds: Rds, graph: Graph) -> Iterator[Block]:
    """The instance, what it stands in, its logs and its credentials."""
    yield Block(
        "aws_db_subnet_group",
        name,
        {
            "name": aws_name(graph, name),
            "description": "Private subnets",
            "subnet_ids": subnet_ids(rds.network, "private", graph),
        },
        name,
    )
    yield _parameters(name, rds, graph)
    for log in LOGS:
        yield Block("aws_cloudwatch_log_group", f"{name}_{log}", _log_group(name, log, graph), name)
    yield _instance(name, rds, graph)
    if rds.password == "ephemeral":  # noqa: S105 - the way it is made, not a password
        yield from _credentials(name, rds, graph)


def _instance(name: str, rds: Rds, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "identifier": aws_name(graph, name),
        "engine": "postgres",
        "engine_version": rds.engine_version,
        # With a minor version in the spec, an upgrade by AWS would be undone by the next apply.
        "auto_minor_version_upgrade": "." not in rds.engine_version,
        "allow_major_version_upgrade": rds.allow_major_upgrade,
        # Else AWS waits for the maintenance window, and every plan until then has the change again.
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
        "apply_immediately": at_once(rds.apply, graph),
        **written(backup_window=rds.backup_window, maintenance_window=rds.maintenance_window),
        "instance_class": rds.instance_class,
        "multi_az": rds.multi_az,
        "db_name": rds.database_name,
        "port": POSTGRESQL_PORT,
        "db_subnet_group_name": Ref(f"aws_db_subnet_group.{name}", "name"),
        "vpc_security_group_ids": [Ref(f"aws_security_group.{name}", "id")],
        "publicly_accessible": False,
        "parameter_group_name": Ref(f"aws_db_parameter_group.{name}", "name"),
        "enabled_cloudwatch_logs_exports": list(LOGS),
        **_storage(rds),
        **_login(name, rds),
        **_safety(name, rds, graph),
    }
    return Block(
        "aws_db_instance",
        name,
        body,
        name,
        # The logs' retention is ours only when RDS finds the groups there.
        depends_on=tuple(f"aws_cloudwatch_log_group.{name}_{log}" for log in LOGS),
        # AWS refuses to delete it anyway; like this, `plan` already says so.
        lifecycle={"prevent_destroy": True} if rds.deletion_protection else {},
    )


def _storage(rds: Rds) -> dict[str, Value]:
    striped = rds.storage_type == "gp3" and rds.storage_gb >= GP3_THRESHOLD_GIB
    optional: dict[str, Value] = {
        "max_allocated_storage": rds.max_storage_gb,
        # Written out: the provider would keep the speed of a disk that grows beyond the threshold,
        # which AWS refuses. https://github.com/hashicorp/terraform-provider-aws/issues/28382
        "iops": rds.iops or (GP3_IOPS_FROM if striped else None),
        "storage_throughput": rds.throughput_mib_per_s or (GP3_MIB_PER_S_FROM if striped else None),
    }
    return {
        "allocated_storage": rds.storage_gb,
        "storage_type": rds.storage_type,
        "storage_encrypted": True,
        **{argument: value for argument, value in optional.items() if value is not None},
    }


def _login(name: str, rds: Rds) -> dict[str, Value]:
    if rds.password == "rds_managed":  # noqa: S105 - the way it is made, not a password
        return {"username": rds.username, "manage_master_user_password": True}
    return {
        "username": rds.username,
        "password_wo": _password(name),
        "password_wo_version": rds.password_version,
    }


def _safety(name: str, rds: Rds, graph: Graph) -> dict[str, Value]:
    """What keeps the data; the last snapshot has a name that no earlier environment has used.

    AWS refuses a second snapshot of one name, so a fixed name would let an environment be
    destroyed once only. A new environment has a new security group.
    """
    group = f"aws_security_group.{name}"
    unique = Expr(f'replace({group}.id, "sg-", "")', (group,))
    return {
        "backup_retention_period": rds.backup_retention_days,
        "copy_tags_to_snapshot": True,
        "deletion_protection": rds.deletion_protection,
        "skip_final_snapshot": not rds.final_snapshot,
        "final_snapshot_identifier": Join((f"{aws_name(graph, name)}-final-", unique)),
    }


def _parameters(name: str, rds: Rds, graph: Graph) -> Block:
    """Parameters of our own, since those of AWS cannot be changed later without a restart.

    A group's family is fixed, so a new major version needs a new group, beside the old one.
    """
    major = int(rds.engine_version.partition(".")[0])
    body: dict[str, Value] = {
        "name": aws_name(graph, name, role=f"postgres{major}"),
        "family": f"postgres{major}",
        "description": "PostgreSQL",
    }
    if major < TLS_ONLY_FROM:
        body["parameter"] = [{"name": FORCE_TLS, "value": "1"}]
    lifecycle: dict[str, Value] = {"create_before_destroy": True}
    return Block("aws_db_parameter_group", name, body, name, lifecycle=lifecycle)


def _log_group(name: str, log: str, graph: Graph) -> dict[str, Value]:
    return {
        "name": f"/aws/rds/instance/{aws_name(graph, name)}/{log}",
        "retention_in_days": LOG_RETENTION_DAYS,
    }


def _password(name: str) -> Ref:
    return Ref(f"ephemeral.aws_secretsmanager_random_password.{name}", "random_password")


def _credentials(name: str, rds: Rds, graph: Graph) -> Iterator[Block]:
    """A password that Terraform passes on and forgets, and the secret that tasks read."""
    yield Block(
        "aws_secretsmanager_random_password",
        name,
        {"password_length": PASSWORD_LENGTH, "exclude_punctuation": True},
        name,
        mode="ephemeral",
    )
    secret = f"{name}_credentials"
    yield Block(
        "aws_secretsmanager_secret",
        secret,
        {
            "name": secret_name(graph, "credentials", name),
            "description": "User, password and address of the database",
            # Without protection the database is one to throw away, and its name to be used again.
            "recovery_window_in_days": 30 if rds.deletion_protection else 0,
        },
        name,
    )
    instance = f"aws_db_instance.{name}"
    document: dict[str, Value] = {
        "username": rds.username,
        "password": _password(name),
        "host": Ref(instance, "address"),
        "port": POSTGRESQL_PORT,
        "dbname": rds.database_name,
    }
    yield Block(
        "aws_secretsmanager_secret_version",
        secret,
        {
            "secret_id": Ref(f"aws_secretsmanager_secret.{secret}", "id"),
            "secret_string_wo": Json(document),
            "secret_string_wo_version": rds.password_version,
        },
        name,
        # A database that is replaced gets a new password; a write-only value alone shows no change.
        lifecycle={"replace_triggered_by": [f"{instance}.id"]},
    )
