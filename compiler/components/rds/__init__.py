"""What a PostgreSQL database becomes and what it costs."""

from collections.abc import Iterator

from compiler.aws.lists import instance_classes, postgresql_versions
from compiler.aws.metering import KMS_KEYS
from compiler.card import Card, Copy, Place
from compiler.components.rds.alarms import alarms
from compiler.components.rds.blocks import blocks
from compiler.components.rds.guards import GUARDS, LASTING
from compiler.components.rds.links import gives, links, nodes
from compiler.components.rds.meters import USAGE, meters
from compiler.components.rds.variants import PAUSE, variants
from compiler.graph.graph import Graph, Kind
from compiler.plan.access import Firewall
from compiler.plan.listed import Listed
from compiler.plan.names import LOG_GROUP, Named, Names, Scope
from compiler.plan.names import SECRET as SECRET_NAME
from compiler.plan.outputs import SECRET, Tellings, Told
from compiler.plan.plan import Omission
from trazo_spec.components.rds import Rds

__all__ = ["ICON", "KIND", "blocks", "meters"]

ICON = "aws.database.RDSPostgresqlInstance"


def card(name: str, rds: Rds, _: Graph) -> Card:
    """A PostgreSQL database, and what stands by for it."""
    return Card(
        f"RDS PostgreSQL {rds.engine_version}",
        Place.ZONE,
        (name, f"{rds.instance_class} · {rds.storage_gb} GB"),
        keeps_data=True,
        copies=(Copy("standby", "Standby"),) if rds.multi_az else (),
    )


def listed(rds: Rds, _region: str) -> Iterator[Listed]:
    """Its class, which has to go with its major version, and its minor version."""
    version = ("engine_version",)
    major = rds.engine_version.partition(".")[0]
    written = version if "engine_version" in rds.model_fields_set else ()
    yield Listed(("instance_class",), rds.instance_class, instance_classes(), major, written)
    versions = postgresql_versions()
    if major in versions.offers:
        yield Listed(version, rds.engine_version, versions)


TOLD: Tellings = {
    "aws_db_instance": (
        Told("endpoint", "database_endpoint", "Host and port of the database"),
        # Called like that of a secret which we make, so that who reads it need not know.
        Told(
            "master_user_secret[0].secret_arn",
            "credentials_secret_arn",
            SECRET.description,
            needs="manage_master_user_password",
        ),
    ),
    "aws_secretsmanager_secret": (SECRET,),
}


UNPRICED = (
    KMS_KEYS,
    Omission(
        "RDS CPU credits",
        "a db.t class that exceeds its baseline for a day is charged for each additional vCPU-hour",
    ),
    Omission(
        "RDS Extended Support, Performance Insights, Proxy, manual snapshots and snapshot exports",
        "trazo does not enable any of these; an engine version past its end of standard support "
        "is charged per vCPU-hour",
    ),
    Omission("RDS reserved instances", "only on-demand instances are priced"),
)


# Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
# read 2026-11-29
NAMES: Names = {
    "aws_cloudwatch_log_group": LOG_GROUP,
    "aws_db_instance": Named("database", Scope.REGION, 63, "identifier"),
    "aws_db_parameter_group": Named("parameter group", Scope.REGION, 255),
    "aws_db_subnet_group": Named("subnet group", Scope.REGION, 255),
    "aws_secretsmanager_secret": SECRET_NAME,
}


KIND = Kind(
    noun="database",
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    nodes=nodes,
    listed=listed,
    links=links,
    gives=gives,
    firewall=lambda _: Firewall("Database"),
    lasting={"aws_db_instance": LASTING},
    keeps_network=True,
    alarms=alarms,
    variants=variants,
    pause=PAUSE,
    names=NAMES,
    guards=GUARDS,
    told=TOLD,
)
