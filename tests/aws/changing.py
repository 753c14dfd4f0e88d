"""Resources made and changed by AWS's own client, called by Terraform's names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from botocore.exceptions import ClientError

from compiler.changes.edit import ANEW
from tests.aws.account import Account
from tests.refused import GROWN, OPTIMIZED, USED, WAITING

REGION = "us-east-2"
Body = Mapping[str, Any]


_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Change:
    """A resource as it is, as it shall be, and what else is so."""

    account: Account
    before: Body
    after: Body
    given: str = ""

    def client(self, service: str) -> Any:
        """A client of the account."""
        return self.account.client(service, REGION)

    @property
    def changed(self) -> Body:
        """The arguments that get another value."""
        return {k: v for k, v in self.after.items() if self.before.get(k) != v}

    def subnets(self, letters: Sequence[str]) -> list[str]:
        """Subnets of the account's own network: `a`, `b`, `c` in a zone each, `d` in the first."""
        every = self.client("ec2").describe_subnets()["Subnets"]
        ids = [s["SubnetId"] for s in sorted(every, key=lambda subnet: subnet["CidrBlock"])]
        return [ids["abcd".index(letter)] for letter in letters]

    def replaced_subnets(self, name: str) -> list[str]:
        """The subnets of a list that are deleted and made again."""
        pairs = zip(self.before[name], self.after[name], strict=True)
        return self.subnets([letter for letter, new in pairs if new.startswith(ANEW)])

    def makes_anew(self, name: str) -> bool:
        """Whether a member of a list is deleted and made again."""
        return any(member.startswith(ANEW) for member in self.after[name])

    def without_subnets(self, name: str) -> str:
        """What the deletion of those subnets is answered with, empty where all of them go."""
        ec2 = self.client("ec2")
        answers = (answer(ec2.delete_subnet, SubnetId=i) for i in self.replaced_subnets(name))
        return next((code for code in answers if code), "")


def answer(call: Callable[..., object], **arguments: Any) -> str:
    """The code that a call is refused with, empty where it is taken."""
    try:
        call(**arguments)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


def add_subnet(account: Account) -> None:
    """Adds the fourth subnet to the account's own network."""
    ec2 = account.client("ec2", REGION)
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    ec2.create_subnet(VpcId=vpc, CidrBlock="172.31.48.0/20", AvailabilityZone=f"{REGION}a")


def _name() -> str:
    """A name that nothing else has."""
    return f"change-{next(_NUMBERS)}"


DATABASE = {
    "allocated_storage": "AllocatedStorage",
    "allow_major_version_upgrade": "AllowMajorVersionUpgrade",
    "apply_immediately": "ApplyImmediately",
    "backup_retention_period": "BackupRetentionPeriod",
    "ca_cert_identifier": "CACertificateIdentifier",
    "db_subnet_group_name": "DBSubnetGroupName",
    "engine_version": "EngineVersion",
    "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
    "identifier": "NewDBInstanceIdentifier",
    "instance_class": "DBInstanceClass",
    "iops": "Iops",
    "max_allocated_storage": "MaxAllocatedStorage",
    "multi_az": "MultiAZ",
    "network_type": "NetworkType",
    "parameter_group_name": "DBParameterGroupName",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
"""Arguments of Terraform as `ModifyDBInstance` calls them."""
ONLY_CHANGED = ("allow_major_version_upgrade", "apply_immediately", "identifier")
MASTER = {"MasterUsername": "app", "MasterUserPassword": "longenough"}  # of nothing


def database(change: Change) -> str:
    """A database, and the groups that it is and will be in; where it waits, the same call again."""
    rds, name = change.client("rds"), _name()
    _make_groups(change)
    made = {DATABASE[k]: v for k, v in change.before.items() if k not in ONLY_CHANGED}
    rds.create_db_instance(DBInstanceIdentifier=name, Engine="postgres", **made, **MASTER)
    if change.given == OPTIMIZED:
        grown = {"AllocatedStorage": change.before["allocated_storage"] + 10}
        rds.modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=True, **grown)
    always = {k: change.after[k] for k in ONLY_CHANGED if k in change.after}
    call = {DATABASE[k]: v for k, v in {**always, **change.changed}.items()}
    if change.given == GROWN:
        grown = {"AllocatedStorage": change.before["allocated_storage"] * 3 // 2}
        rds.modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=True, **grown)
        change.account.pass_window()
        if "max_allocated_storage" not in change.after:  # nothing hides the difference any more
            call["AllocatedStorage"] = change.after["allocated_storage"]
    if change.given == WAITING:
        rds.modify_db_instance(DBInstanceIdentifier=name, **call)
        del call["EngineVersion"]  # which the provider knows to be pending
    return answer(rds.modify_db_instance, DBInstanceIdentifier=name, **call)


def _make_groups(change: Change) -> None:
    """The groups of subnets and of parameters on both sides, unless they are there."""
    rds = change.client("rds")
    for group in sorted({side["db_subnet_group_name"] for side in (change.before, change.after)}):
        answer(
            rds.create_db_subnet_group,
            DBSubnetGroupName=group,
            DBSubnetGroupDescription=group,
            SubnetIds=change.subnets("abc"),
        )
    for family in sorted({side["parameter_group_name"] for side in (change.before, change.after)}):
        answer(
            rds.create_db_parameter_group,
            DBParameterGroupName=family,
            DBParameterGroupFamily=family,
            Description=family,
        )


def database_subnets(change: Change) -> str:
    """A subnet group, with a database in it where it is used."""
    rds, name = change.client("rds"), _name()
    rds.create_db_subnet_group(
        DBSubnetGroupName=name,
        DBSubnetGroupDescription=name,
        SubnetIds=change.subnets(change.before["subnet_ids"]),
    )
    if change.given == USED:
        rds.create_db_instance(
            DBInstanceIdentifier=_name(),
            Engine="postgres",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            DBSubnetGroupName=name,
            **MASTER,
        )
    if change.makes_anew("subnet_ids"):
        return change.without_subnets("subnet_ids")
    after = change.subnets(change.after["subnet_ids"])
    return answer(rds.modify_db_subnet_group, DBSubnetGroupName=name, SubnetIds=after)


def parameters(change: Change) -> str:
    """A parameter group of PostgreSQL."""
    rds, name = change.client("rds"), _name()
    rds.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name
    )
    given = [
        {"ParameterName": p["name"], "ParameterValue": p["value"], "ApplyMethod": p["apply_method"]}
        for p in change.after["parameter"]
    ]
    return answer(rds.modify_db_parameter_group, DBParameterGroupName=name, Parameters=given)


CACHE = {
    "automatic_failover_enabled": "AutomaticFailoverEnabled",
    "engine": "Engine",
    "engine_version": "EngineVersion",
    "multi_az_enabled": "MultiAZEnabled",
    "node_type": "CacheNodeType",
    "parameter_group_name": "CacheParameterGroupName",
    "snapshot_retention_limit": "SnapshotRetentionLimit",
    "transit_encryption_enabled": "TransitEncryptionEnabled",
    "transit_encryption_mode": "TransitEncryptionMode",
}
"""Arguments of Terraform as `ModifyReplicationGroup` calls them."""


def cache(change: Change) -> str:
    """A cache, changed call by call in the order of the provider: replicas go last."""
    client, name = change.client("elasticache"), _name()
    client.create_replication_group(
        ReplicationGroupId=name,
        ReplicationGroupDescription=name,
        NumCacheClusters=change.before["num_cache_clusters"],
        **{CACHE[k]: v for k, v in change.before.items() if k in CACHE},
    )
    at_once = bool(change.after.get("apply_immediately"))
    changed = {CACHE[k]: v for k, v in change.changed.items() if k in CACHE}
    calls = [(client.modify_replication_group, {"ApplyImmediately": at_once, **changed})]
    replicas = {"ApplyImmediately": True, "NewReplicaCount": change.after["num_cache_clusters"] - 1}
    if change.after["num_cache_clusters"] < change.before["num_cache_clusters"]:
        calls.append((client.decrease_replica_count, replicas))
    answers = (answer(call, ReplicationGroupId=name, **given) for call, given in calls)
    return next((code for code in answers if code), "")


def cache_subnets(change: Change) -> str:
    """A subnet group, with a cache in it where it is used."""
    client, name = change.client("elasticache"), _name()
    client.create_cache_subnet_group(
        CacheSubnetGroupName=name,
        CacheSubnetGroupDescription=name,
        SubnetIds=change.subnets(change.before["subnet_ids"]),
    )
    if change.given == USED:
        client.create_replication_group(
            ReplicationGroupId=_name(), ReplicationGroupDescription=name, CacheSubnetGroupName=name
        )
    if change.makes_anew("subnet_ids"):
        return change.without_subnets("subnet_ids")
    after = change.subnets(change.after["subnet_ids"])
    return answer(client.modify_cache_subnet_group, CacheSubnetGroupName=name, SubnetIds=after)


def capacity_providers(change: Change) -> str:
    """The capacity providers of a cluster, with a service on each where they are used."""
    ecs, name = change.client("ecs"), _name()
    providers = {"capacityProviders": change.before["capacity_providers"]}
    ecs.create_cluster(clusterName=name, **providers)
    ecs.register_task_definition(
        family=name, containerDefinitions=[{"name": "web", "image": "web:1", "memory": 512}]
    )
    for provider in change.before["capacity_providers"] if change.given == USED else ():
        ecs.create_service(
            cluster=name,
            serviceName=provider,
            taskDefinition=name,
            capacityProviderStrategy=[{"capacityProvider": provider, "weight": 1}],
        )
    return answer(
        ecs.put_cluster_capacity_providers,
        cluster=name,
        capacityProviders=change.after["capacity_providers"],
        defaultCapacityProviderStrategy=[],
    )


def load_balancer(change: Change) -> str:
    """A load balancer in several zones."""
    client = change.client("elbv2")
    made = client.create_load_balancer(
        Name=_name(), Subnets=change.subnets(change.before["subnets"])
    )
    if change.makes_anew("subnets"):
        return change.without_subnets("subnets")
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    after = change.subnets(change.after["subnets"])
    return answer(client.set_subnets, LoadBalancerArn=arn, Subnets=after)


def listener_rule(change: Change) -> str:
    """A rule of a listener; where its new number is used, another rule has it."""
    client = change.client("elbv2")
    made = client.create_load_balancer(Name=_name(), Subnets=change.subnets("ab"))
    action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = client.create_listener(
        LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[action],
    )["Listeners"][0]["ListenerArn"]
    sides = (change.before, change.after) if change.given == USED else (change.before,)
    rules = [
        client.create_rule(
            ListenerArn=listener,
            Priority=side["priority"],
            Conditions=[{"Field": "path-pattern", "Values": [f"/{side['priority']}"]}],
            Actions=[action],
        )["Rules"][0]["RuleArn"]
        for side in sides
    ]
    call = {"RuleArn": rules[0], "Priority": change.after["priority"]}
    return answer(client.set_rule_priorities, RulePriorities=[call])


def ownership(change: Change) -> str:
    """Who owns what is in a bucket; where its access list is used, it grants access to all."""
    s3, name = change.client("s3"), _name()
    place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    before, after = (side["rule"][0]["object_ownership"] for side in (change.before, change.after))
    s3.create_bucket(Bucket=name, ObjectOwnership=before, **place)
    if change.given == USED:
        s3.delete_public_access_block(Bucket=name)
        s3.put_bucket_acl(Bucket=name, ACL="public-read")
    rules = {"Rules": [{"ObjectOwnership": after}]}
    return answer(s3.put_bucket_ownership_controls, Bucket=name, OwnershipControls=rules)


def versioning(change: Change) -> str:
    """Whether a bucket keeps old versions."""
    s3, name = change.client("s3"), _name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    before, after = (
        {"Status": side["versioning_configuration"][0]["status"]}
        for side in (change.before, change.after)
    )
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=before)
    return answer(s3.put_bucket_versioning, Bucket=name, VersioningConfiguration=after)


def distribution(change: Change) -> str:
    """A distribution; its certificate is for `*.example.com`."""
    client = change.client("cloudfront")
    certificate = change.account.client("acm", "us-east-1").request_certificate(
        DomainName="*.example.com", ValidationMethod="DNS"
    )["CertificateArn"]
    if change.given == USED:
        added = sorted(set(change.after["aliases"]) - set(change.before["aliases"]))
        client.create_distribution(DistributionConfig=_distribution(added, certificate))
    before = _distribution(change.before["aliases"], certificate)
    made = client.create_distribution(DistributionConfig=before)
    after = {**before, **_distribution(change.after["aliases"], certificate)}
    after["CallerReference"] = before["CallerReference"]
    identifier = made["Distribution"]["Id"]
    return answer(
        client.update_distribution, DistributionConfig=after, Id=identifier, IfMatch=made["ETag"]
    )


def _distribution(aliases: Sequence[str], certificate: str) -> dict[str, Any]:
    bucket = "b.s3.us-east-2.amazonaws.com"
    origin = {"Id": "o", "DomainName": bucket, "S3OriginConfig": {"OriginAccessIdentity": ""}}
    return {
        "CallerReference": _name(),
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "o",
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "Aliases": {"Quantity": len(aliases), "Items": list(aliases)},
        "ViewerCertificate": {"ACMCertificateArn": certificate, "SSLSupportMethod": "sni-only"},
    }


CHANGES: Mapping[str, Callable[[Change], str]] = {
    "aws_cloudfront_distribution": distribution,
    "aws_db_instance": database,
    "aws_db_parameter_group": parameters,
    "aws_db_subnet_group": database_subnets,
    "aws_ecs_cluster_capacity_providers": capacity_providers,
    "aws_elasticache_replication_group": cache,
    "aws_elasticache_subnet_group": cache_subnets,
    "aws_lb": load_balancer,
    "aws_lb_listener_rule": listener_rule,
    "aws_s3_bucket_ownership_controls": ownership,
    "aws_s3_bucket_versioning": versioning,
}
"""Type -> how one is made and changed, which gives the code of a refusal or nothing."""
