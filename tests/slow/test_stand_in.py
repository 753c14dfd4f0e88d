"""The stand-in's own additions, held to the shape of AWS's API by AWS's own client."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.account import Account

REGION = "us-east-2"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An empty account."""
    opened = Account()
    yield opened
    opened.close()


def _service(account: Account, **arguments: Any) -> dict[str, Any]:
    ecs, ec2 = account.client("ecs", REGION), account.client("ec2", REGION)
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(
        family="t", containerDefinitions=[{"name": "n", "image": "i", "memory": 512}]
    )
    subnet = ec2.describe_subnets()["Subnets"][0]
    group = ec2.describe_security_groups()["SecurityGroups"][0]
    network = {"subnets": [subnet["SubnetId"]], "securityGroups": [group["GroupId"]]}
    created: dict[str, Any] = ecs.create_service(
        cluster="c",
        taskDefinition="t",
        desiredCount=1,
        networkConfiguration={"awsvpcConfiguration": network},
        **arguments,
    )["service"]
    return created


def test_a_service_keeps_its_capacity_providers(account: Account):
    """AWS reports them instead of a launch type."""
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    service = _service(account, serviceName="spot", capacityProviderStrategy=strategy)

    assert service["capacityProviderStrategy"] == [{**strategy[0], "base": 0}]
    assert "launchType" not in service


def test_a_service_keeps_its_deployment_settings(account: Account):
    """Circuit breaker and percentages come back as given."""
    settings = {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
    }
    service = _service(account, serviceName="deployed", deploymentConfiguration=settings)

    assert service["deploymentConfiguration"] == settings


def test_who_asks_for_no_tags_takes_none_from_others(account: Account):
    """Requests at the same time do not share what they ask for."""
    tags = [{"key": "a", "value": "1"}]
    _service(account, serviceName="tagged", tags=tags)

    def described(with_tags: bool) -> list[dict[str, str]]:
        ecs = account.client("ecs", REGION)
        include = {"include": ["TAGS"]} if with_tags else {}
        (found,) = ecs.describe_services(cluster="c", services=["tagged"], **include)["services"]
        return found.get("tags", [])

    asked = [n % 2 == 0 for n in range(400)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(described, asked))

    assert answers == [tags if with_tags else [] for with_tags in asked]


def test_weights_of_a_service_can_be_changed(account: Account):
    """In place, and described so afterwards."""
    strategy = [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
    _service(account, serviceName="changed", capacityProviderStrategy=strategy)
    other = [{"capacityProvider": "FARGATE", "weight": 3, "base": 1}]
    ecs = account.client("ecs", REGION)
    ecs.update_service(cluster="c", service="changed", capacityProviderStrategy=other)
    described = ecs.describe_services(cluster="c", services=["changed"])["services"][0]

    assert described["capacityProviderStrategy"] == other


def _security_groups(account: Account, *names: str) -> tuple[str, ...]:
    """The ids of new security groups."""
    ec2 = account.client("ec2", REGION)
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    return tuple(
        ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"]
        for name in names
    )


def test_a_rule_keeps_its_description_whatever_its_peer(account: Account):
    """Another group or a list of prefixes, and not just a range of addresses."""
    ec2 = account.client("ec2", REGION)
    own, other = _security_groups(account, "described", "described-peer")
    prefixes = ec2.describe_prefix_lists()["PrefixLists"][0]["PrefixListId"]
    peers = (
        {"UserIdGroupPairs": [{"GroupId": other, "Description": "to a group"}]},
        {"PrefixListIds": [{"PrefixListId": prefixes, "Description": "to a list"}]},
    )
    for peer in peers:
        permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}
        ec2.authorize_security_group_egress(GroupId=own, IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [own]}])
    described = {r["Description"] for r in rules["SecurityGroupRules"] if "Description" in r}

    assert described == {"to a group", "to a list"}


def test_a_rule_changes_description_and_peer(account: Account):
    """In place, as the provider does it."""
    ec2 = account.client("ec2", REGION)
    own, other = _security_groups(account, "changed", "changed-peer")
    pair = {"GroupId": own, "Description": "before"}
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [pair]}
    answer = ec2.authorize_security_group_ingress(GroupId=own, IpPermissions=[permission])
    identifier = answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 80,
        "ToPort": 80,
        "ReferencedGroupId": other,
        "Description": "after",
    }
    ec2.modify_security_group_rules(
        GroupId=own,
        SecurityGroupRules=[{"SecurityGroupRuleId": identifier, "SecurityGroupRule": rule}],
    )
    read = ec2.describe_security_group_rules(SecurityGroupRuleIds=[identifier])
    (changed,) = read["SecurityGroupRules"]

    assert changed["Description"] == "after"
    assert changed["ReferencedGroupInfo"]["GroupId"] == other


def test_scalable_targets_have_tags(account: Account):
    """Those given with the target, and those of later calls."""
    _service(account, serviceName="scaled")
    client = account.client("application-autoscaling", REGION)
    arn = client.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/c/scaled",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=1,
        MaxCapacity=2,
        Tags={"a": "1"},
    )["ScalableTargetARN"]
    client.tag_resource(ResourceARN=arn, Tags={"b": "2", "c": "3"})
    client.untag_resource(ResourceARN=arn, TagKeys=["c"])

    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"a": "1", "b": "2"}


def test_an_origin_access_identity_lives_and_dies(account: Account):
    """Created, read, updated under its version, deleted."""
    client = account.client("cloudfront", REGION)
    config = {"CallerReference": "r", "Comment": "one"}
    created = client.create_cloud_front_origin_access_identity(
        CloudFrontOriginAccessIdentityConfig=config
    )
    identifier = created["CloudFrontOriginAccessIdentity"]["Id"]
    updated = client.update_cloud_front_origin_access_identity(
        CloudFrontOriginAccessIdentityConfig={**config, "Comment": "two"},
        Id=identifier,
        IfMatch=created["ETag"],
    )
    read = client.get_cloud_front_origin_access_identity_config(Id=identifier)
    client.delete_cloud_front_origin_access_identity(Id=identifier, IfMatch=updated["ETag"])
    with pytest.raises(ClientError) as error:
        client.get_cloud_front_origin_access_identity(Id=identifier)

    assert len(created["CloudFrontOriginAccessIdentity"]["S3CanonicalUserId"]) == 64
    assert read["CloudFrontOriginAccessIdentityConfig"]["Comment"] == "two"
    assert error.value.response["Error"]["Code"] == "NoSuchCloudFrontOriginAccessIdentity"


def test_a_response_headers_policy_comes_back_as_given(account: Account):
    """Every header with its own `Override`."""
    client = account.client("cloudfront", REGION)
    config = {
        "Name": "strict",
        "Comment": "c",
        "SecurityHeadersConfig": {
            "ContentTypeOptions": {"Override": True},
            "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 63072000},
        },
    }
    created = client.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    identifier = created["ResponseHeadersPolicy"]["Id"]
    read = client.get_response_headers_policy(Id=identifier)["ResponseHeadersPolicy"]

    assert read["ResponseHeadersPolicyConfig"] == config


def test_an_outdated_version_is_refused(account: Account):
    """As AWS does, so that two who change one object do not undo each other's work."""
    client = account.client("cloudfront", REGION)
    config = {"Name": "versioned", "SecurityHeadersConfig": {}}
    created = client.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    identifier = created["ResponseHeadersPolicy"]["Id"]
    with pytest.raises(ClientError) as error:
        client.delete_response_headers_policy(Id=identifier, IfMatch="E1")

    assert error.value.response["Error"]["Code"] == "PreconditionFailed"


def test_a_distribution_forgets_nothing(account: Account):
    """Neither its origin's identity nor its certificate; AWS adds what was left out."""
    client = account.client("cloudfront", REGION)
    origin = {
        "Id": "o",
        "DomainName": "b.s3.us-east-2.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E1"},
    }
    config = {
        "CallerReference": "r",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "o",
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "ViewerCertificate": {
            "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }
    identifier = client.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    read = client.get_distribution(Id=identifier)["Distribution"]["DistributionConfig"]

    assert {key: read[key] for key in config} == config
    assert "ForwardedValues" not in read["DefaultCacheBehavior"]
    assert read["Logging"]["Enabled"] is False


def test_performance_insights_are_switched_on_and_off(account: Account):
    """What an override asks for comes back under the name by which AWS reports it."""
    client = account.client("rds", REGION)
    database = {"DBInstanceIdentifier": "seen", "EnablePerformanceInsights": True}
    created = client.create_db_instance(
        **database, DBInstanceClass="db.m6g.large", Engine="postgres", AllocatedStorage=20
    )["DBInstance"]
    changed = client.modify_db_instance(**database | {"EnablePerformanceInsights": False})

    assert created["PerformanceInsightsEnabled"]
    assert not changed["DBInstance"]["PerformanceInsightsEnabled"]


def test_every_database_has_an_id_of_its_own(account: Account):
    """The provider asks for a database by this id."""
    client = account.client("rds", REGION)
    ids = [
        client.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t4g.micro",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="app",
            MasterUserPassword="not-a-secret",
        )["DBInstance"]["DbiResourceId"]
        for name in ("one", "two")
    ]
    filters = [{"Name": "dbi-resource-id", "Values": ids[1:]}]
    found = client.describe_db_instances(Filters=filters)["DBInstances"]

    assert [database["DBInstanceIdentifier"] for database in found] == ["two"]


def test_a_subnet_group_is_there_after_its_change(account: Account):
    """A zone more for a database changes the group in place."""
    ec2, client = account.client("ec2", REGION), account.client("rds", REGION)
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
    group = {"DBSubnetGroupName": "changed", "DBSubnetGroupDescription": "d"}
    client.create_db_subnet_group(**group, SubnetIds=subnets[:2])
    client.modify_db_subnet_group(**group, SubnetIds=subnets[:3])
    (found,) = client.describe_db_subnet_groups(DBSubnetGroupName="changed")["DBSubnetGroups"]

    assert {subnet["SubnetIdentifier"] for subnet in found["Subnets"]} == set(subnets[:3])


def test_a_parameter_says_who_has_set_it(account: Account):
    """The provider looks only for those that a user has set."""
    client = account.client("rds", REGION)
    name, parameter = "told", {"ParameterName": "rds.force_ssl", "ParameterValue": "1"}
    client.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="postgres14", Description="d"
    )
    client.modify_db_parameter_group(
        DBParameterGroupName=name, Parameters=[{**parameter, "ApplyMethod": "immediate"}]
    )
    (found,) = client.describe_db_parameters(DBParameterGroupName=name)["Parameters"]

    assert (found["Source"], found["ParameterValue"]) == ("user", "1")


def test_nodes_of_a_replication_group_are_listed_until_it_is_gone(account: Account):
    """Created with two, described as two, and none after the deletion."""
    client = account.client("elasticache", REGION)
    client.create_replication_group(
        ReplicationGroupId="g",
        ReplicationGroupDescription="d",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
    )
    during = [c["CacheClusterId"] for c in client.describe_cache_clusters()["CacheClusters"]]
    one = client.describe_cache_clusters(CacheClusterId="g-002")["CacheClusters"][0]
    client.delete_replication_group(ReplicationGroupId="g")
    with pytest.raises(ClientError) as error:
        client.describe_replication_groups(ReplicationGroupId="g")

    assert during == ["g-001", "g-002"]
    assert one["ReplicationGroupId"] == "g"
    assert error.value.response["Error"]["Code"] == "ReplicationGroupNotFoundFault"
    assert client.describe_cache_clusters()["CacheClusters"] == []


def test_a_cache_subnet_group_can_be_deleted(account: Account):
    """Once; the second time there is none."""
    subnet = account.client("ec2", REGION).describe_subnets()["Subnets"][0]["SubnetId"]
    client = account.client("elasticache", REGION)
    client.create_cache_subnet_group(
        CacheSubnetGroupName="s", CacheSubnetGroupDescription="d", SubnetIds=[subnet]
    )
    client.delete_cache_subnet_group(CacheSubnetGroupName="s")
    with pytest.raises(ClientError) as error:
        client.delete_cache_subnet_group(CacheSubnetGroupName="s")

    assert error.value.response["Error"]["Code"] == "CacheSubnetGroupNotFoundFault"


def test_a_lifecycle_rule_keeps_the_number_of_old_versions(account: Account):
    """Else the provider waits three minutes for it."""
    client = account.client("s3", REGION)
    client.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    expiration = {"NoncurrentDays": 90, "NewerNoncurrentVersions": 10}
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": expiration,
    }
    client.put_bucket_lifecycle_configuration(
        Bucket="kept", LifecycleConfiguration={"Rules": [rule]}
    )
    (read,) = client.get_bucket_lifecycle_configuration(Bucket="kept")["Rules"]

    assert read["NoncurrentVersionExpiration"] == expiration


def test_a_bucket_logs_to_one_whose_policy_also_speaks_of_everybody(account: Account):
    """Which every policy does that refuses what does not come over TLS."""
    client = account.client("s3", REGION)
    for bucket in ("logged", "logs"):
        client.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
    statement = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/logged/*"}
    everybody = {**statement, "Effect": "Deny", "Principal": "*"}
    service = {"Service": "logging.s3.amazonaws.com"}
    allowed = {**statement, "Effect": "Allow", "Principal": service}
    policy = {"Version": "2012-10-17", "Statement": [everybody, allowed]}
    client.put_bucket_policy(Bucket="logs", Policy=json.dumps(policy))
    target = {"TargetBucket": "logs", "TargetPrefix": "logged/"}
    client.put_bucket_logging(Bucket="logged", BucketLoggingStatus={"LoggingEnabled": target})

    assert client.get_bucket_logging(Bucket="logged")["LoggingEnabled"] == target


def test_an_endpoint_with_another_route_table_can_be_deleted(account: Account):
    """Its route is in that table too, until then."""
    ec2 = account.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    answer = ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=tables[:1],
    )
    endpoint = answer["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=tables[1:])
    (during,) = ec2.describe_route_tables(RouteTableIds=tables[1:])["RouteTables"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    (after,) = ec2.describe_route_tables(RouteTableIds=tables[1:])["RouteTables"]

    assert [r["GatewayId"] for r in during["Routes"]] == ["local", endpoint]
    assert [r["GatewayId"] for r in after["Routes"]] == ["local"]


def test_an_endpoint_changes_its_policy_and_nothing_else(account: Account):
    """It keeps its routes, and a policy that is not given."""
    ec2 = account.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]]
    answer = ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=tables,
    )
    endpoint = answer["VpcEndpoint"]["VpcEndpointId"]
    given = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::a"],
    }
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=json.dumps({"Statement": given}))
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=tables)
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]

    assert json.loads(answer["VpcEndpoint"]["PolicyDocument"])["Statement"] == [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    ]
    assert json.loads(found["PolicyDocument"])["Statement"] == given
    assert found["RouteTableIds"] == []
