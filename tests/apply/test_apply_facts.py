"""What stands in AWS after `apply`, read back with AWS's own client rather than from Terraform."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.apply.standing import BOOTSTRAPS, CHOSEN, ENVIRONMENTS, FURTHER, Name, Standing
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

PROD, STAGING = ("trazo", "prod"), ("trazo", "staging")
TRAZO = pytest.mark.parametrize(
    "name", [name for name in (PROD, STAGING) if name[0] in CHOSEN], ids="-".join
)
EVERY = pytest.mark.parametrize(
    "name", [name for name in ENVIRONMENTS if name[0] not in FURTHER], ids="-".join
)
HOST = {PROD: "api.trazo.io", STAGING: "api-staging.trazo.io"}
CDN_HOST = {PROD: "static.trazo.io", STAGING: "static-staging.trazo.io"}


def _client(standing: Standing, name: Name, service: str, region: str = "") -> Any:
    standing.stack(name)
    return standing.client(name, service, region)


def _load_balancer(standing: Standing, name: Name) -> tuple[Any, dict[str, Any]]:
    client = _client(standing, name, "elbv2")
    found = client.describe_load_balancers(Names=[f"{name[1]}-alb"])["LoadBalancers"]
    return client, found[0]


def _service(standing: Standing, name: Name) -> dict[str, Any]:
    client = _client(standing, name, "ecs")
    answer = client.describe_services(cluster=f"{name[1]}-trazo", services=[f"{name[1]}-web"])
    service: dict[str, Any] = answer["services"][0]
    return service


def _buckets(standing: Standing, name: Name) -> Iterator[tuple[Any, str]]:
    """The buckets that an environment makes, not those that it finds."""
    client = _client(standing, name, "s3")
    for block in standing.plans[name].blocks:
        if block.type == "aws_s3_bucket" and block.mode == "managed":
            yield client, str(block.body["bucket"])


@TRAZO
def test_scheduled_actions_are_those_of_the_spec(name: Name, standing: Standing):
    """Cron, time zone and bounds: a wrong one leaves the service off, or the bill on."""
    client = _client(standing, name, "application-autoscaling")
    resource = f"service/{name[1]}-trazo/{name[1]}-web"
    answer = client.describe_scheduled_actions(ServiceNamespace="ecs", ResourceId=resource)
    actions = {
        a["ScheduledActionName"]: (
            a["Schedule"],
            a["Timezone"],
            a["ScalableTargetAction"]["MinCapacity"],
            a["ScalableTargetAction"]["MaxCapacity"],
        )
        for a in answer["ScheduledActions"]
    }
    most = 2 if name == PROD else 1
    prefix = f"{name[1]}-web"

    assert actions == {
        f"{prefix}-weekday-stop": ("cron(0 20 ? * MON-FRI *)", "UTC", 0, 0),
        f"{prefix}-weekend-stop": ("cron(0 0 ? * SAT,SUN *)", "UTC", 0, 0),
        f"{prefix}-weekday-start": ("cron(0 8 ? * MON-FRI *)", "UTC", 1, most),
        f"{prefix}-weekend-start": ("cron(0 10 ? * SAT,SUN *)", "UTC", 1, 1),
    }


@TRAZO
def test_the_service_runs_on_spot_alone(name: Name, standing: Standing):
    """What the spec says of capacity is what ECS was told."""
    service = _service(standing, name)

    assert service["capacityProviderStrategy"] == [
        {"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}
    ]
    assert "launchType" not in service


@pytest.mark.skipif("arm64-mixed-capacity" not in CHOSEN, reason="not among TRAZO_APPLY")
def test_on_demand_base_comes_before_spot(standing: Standing):
    """One task that AWS does not interrupt, Spot above it."""
    client = _client(standing, ("arm64-mixed-capacity", "prod"), "ecs")
    answer = client.describe_services(cluster="prod-shop", services=["prod-storefront"])
    strategy = {
        s["capacityProvider"]: (s["base"], s["weight"])
        for s in answer["services"][0]["capacityProviderStrategy"]
    }

    assert strategy == {"FARGATE": (1, 0), "FARGATE_SPOT": (0, 1)}


@TRAZO
def test_target_tracking_aims_at_80_percent_cpu(name: Name, standing: Standing):
    """The number that the cost model simulates with; one task at most leaves nothing to track."""
    client = _client(standing, name, "application-autoscaling")
    resource = f"service/{name[1]}-trazo/{name[1]}-web"
    answer = client.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource)
    settings = [p["TargetTrackingScalingPolicyConfiguration"] for p in answer["ScalingPolicies"]]
    metrics = [
        (s["TargetValue"], s["PredefinedMetricSpecification"]["PredefinedMetricType"])
        for s in settings
    ]

    assert metrics == ([(80.0, "ECSServiceAverageCPUUtilization")] if name == PROD else [])


@TRAZO
def test_port_80_redirects_to_https(name: Name, standing: Standing):
    """Nothing is served without TLS."""
    client, balancer = _load_balancer(standing, name)
    listeners = client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    (http,) = [listener for listener in listeners if listener["Port"] == 80]
    redirect = http["DefaultActions"][0]["RedirectConfig"]

    assert (redirect["Protocol"], redirect["Port"], redirect["StatusCode"]) == (
        "HTTPS",
        "443",
        "HTTP_301",
    )


@TRAZO
def test_the_tls_policy_is_a_modern_one(name: Name, standing: Standing):
    """TLS 1.2 at least, with the certificate of the load balancer's own region."""
    client, balancer = _load_balancer(standing, name)
    listeners = client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    (https,) = [listener for listener in listeners if listener["Port"] == 443]
    region = https["Certificates"][0]["CertificateArn"].split(":")[3]

    assert (https["Protocol"], https["SslPolicy"], region) == (
        "HTTPS",
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "us-east-2",
    )


@TRAZO
def test_health_checks_ask_the_path_of_the_spec_over_tls(name: Name, standing: Standing):
    """A wrong path takes every task out of service."""
    client, balancer = _load_balancer(standing, name)
    answer = client.describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])
    (group,) = answer["TargetGroups"]
    found = tuple(group[k] for k in ("HealthCheckPath", "HealthCheckProtocol", "Protocol", "Port"))

    assert found == ("/health/", "HTTPS", "HTTPS", 8443)


@TRAZO
def test_invalid_headers_are_dropped(name: Name, standing: Standing):
    """The way in of request smuggling."""
    client, balancer = _load_balancer(standing, name)
    answer = client.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])
    attributes = {a["Key"]: a["Value"] for a in answer["Attributes"]}

    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["deletion_protection.enabled"] == ("true" if name == PROD else "false")


@TRAZO
def test_security_group_rules_are_links_listeners_and_platform_egress(
    name: Name, standing: Standing
):
    """Every rule has a reason in the spec, and nothing else is open."""
    client = _client(standing, name, "ec2")
    own = {b.name for b in standing.plans[name].blocks if b.type == "aws_security_group"}
    vpcs = client.describe_vpcs(Filters=[{"Name": "tag:Environment", "Values": [name[1]]}])["Vpcs"]
    groups = client.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"] for vpc in vpcs]}]
    )["SecurityGroups"]
    labels = {g["GroupId"]: _label(g, name[1]) for g in groups}
    rules = client.describe_security_group_rules()["SecurityGroupRules"]
    found = {
        (
            labels[r["GroupId"]],
            "out" if r["IsEgress"] else "in",
            r["FromPort"],
            r["ToPort"],
            _peer(r, labels),
        )
        for r in rules
        if r["GroupId"] in labels
    }

    assert own | {"default"} == set(labels.values())
    assert found == {
        ("alb", "in", 80, 80, "0.0.0.0/0"),
        ("alb", "in", 443, 443, "0.0.0.0/0"),
        ("alb", "out", 8443, 8443, "web"),
        ("web", "in", 8443, 8443, "alb"),
        ("web", "out", 443, 443, "0.0.0.0/0"),
        ("web", "out", 443, 443, "S3"),
        ("web", "out", 5432, 5432, "database"),
        ("database", "in", 5432, 5432, "web"),
    }


def _label(group: dict[str, Any], environment: str) -> str:
    name = str(group["GroupName"])
    return name.removeprefix(f"{environment}-").split("-2", maxsplit=1)[0]


def _peer(rule: dict[str, Any], labels: dict[str, str]) -> str:
    if "PrefixListId" in rule:
        return "S3"
    if "ReferencedGroupInfo" in rule:
        return labels[rule["ReferencedGroupInfo"]["GroupId"]]
    return str(rule.get("CidrIpv4") or rule.get("CidrIpv6"))


@EVERY
def test_no_bucket_is_public(name: Name, standing: Standing):
    """All four locks of the public access block are closed."""
    blocks = {
        bucket: client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        for client, bucket in _buckets(standing, name)
    }

    assert all(all(locks.values()) and len(locks) == 4 for locks in blocks.values()), blocks


@EVERY
def test_every_bucket_refuses_what_does_not_come_over_tls(name: Name, standing: Standing):
    """The first statement that any auditor asks for."""
    refused = {}
    for client, bucket in _buckets(standing, name):
        policy = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
        refused[bucket] = any(
            s["Effect"] == "Deny"
            and s.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            for s in policy["Statement"]
        )

    assert all(refused.values()), refused


@EVERY
def test_every_bucket_is_encrypted(name: Name, standing: Standing):
    """Also where the account has no default."""
    algorithms = {
        rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
        for client, bucket in _buckets(standing, name)
        for rule in client.get_bucket_encryption(Bucket=bucket)[
            "ServerSideEncryptionConfiguration"
        ]["Rules"]
    }

    assert algorithms <= {"AES256", "aws:kms"}


@TRAZO
def test_only_cloudfront_reads_static_files(name: Name, standing: Standing):
    """Through its origin access identity, as the spec asks."""
    client = _client(standing, name, "s3")
    policy = json.loads(client.get_bucket_policy(Bucket=f"trazo-{name[1]}-static")["Policy"])
    allowed = [s for s in policy["Statement"] if s["Effect"] == "Allow"]
    readers = [s["Principal"]["AWS"].split("/", 1)[1].rsplit(" ", 1)[0] for s in allowed]

    assert readers == ["CloudFront Origin Access Identity"]


@TRAZO
def test_alias_records_lead_to_load_balancer_and_cdn(name: Name, standing: Standing):
    """Both names of the environment, whoever owns the zone."""
    client = _client(standing, name, "route53")
    zone = client.list_hosted_zones_by_name(DNSName="trazo.io")["HostedZones"][0]["Id"]
    records = client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    aliases = {
        (r["Name"].rstrip("."), r["Type"]): r["AliasTarget"]["DNSName"].rstrip(".")
        for r in records
        if "AliasTarget" in r
    }
    _, balancer = _load_balancer(standing, name)
    cdn = _distribution(standing, name)["DomainName"]

    assert {key: v for key, v in aliases.items() if key[0] in (HOST[name], CDN_HOST[name])} == {
        (HOST[name], "A"): balancer["DNSName"],
        (CDN_HOST[name], "A"): cdn,
        (CDN_HOST[name], "AAAA"): cdn,
    }


def _distribution(standing: Standing, name: Name) -> dict[str, Any]:
    client = _client(standing, name, "cloudfront")
    listed = client.list_distributions()["DistributionList"]["Items"]
    (found,) = [d for d in listed if CDN_HOST[name] in d["Aliases"]["Items"]]
    distribution: dict[str, Any] = client.get_distribution(Id=found["Id"])["Distribution"]
    return distribution


@TRAZO
def test_the_cdn_serves_https_only(name: Name, standing: Standing):
    """TLS 1.2, and a redirect for whoever comes without."""
    config = _distribution(standing, name)["DistributionConfig"]
    certificate = config["ViewerCertificate"]

    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert certificate["ACMCertificateArn"].split(":")[3] == "us-east-1"


@TRAZO
def test_there_is_a_certificate_in_both_regions(name: Name, standing: Standing):
    """The load balancer's beside it, CloudFront's where CloudFront looks."""
    names = {
        region: {
            c["DomainName"]
            for c in _client(standing, name, "acm", region).list_certificates()[
                "CertificateSummaryList"
            ]
        }
        for region in ("us-east-2", "us-east-1")
    }
    cdn = "*.trazo.io" if name == PROD else CDN_HOST[name]

    assert (HOST[name] in names["us-east-2"], cdn in names["us-east-1"]) == (True, True)


@TRAZO
def test_secrets_are_there_and_have_a_value(name: Name, standing: Standing):
    """The service would not start without."""
    client = _client(standing, name, "secretsmanager")
    secrets = {
        s["Name"]: len(client.get_secret_value(SecretId=s["ARN"])["SecretString"])
        for s in client.list_secrets()["SecretList"]
        if f"{name[1]}" in s["Name"]
    }

    assert len(secrets) == 2
    assert all(length >= 50 for length in secrets.values()), secrets


@EVERY
def test_no_log_is_kept_for_ever(name: Name, standing: Standing):
    """CloudWatch keeps logs until someone pays too much, unless told otherwise."""
    client = _client(standing, name, "logs")
    kept = {
        group["logGroupName"]: group.get("retentionInDays")
        for group in client.describe_log_groups()["logGroups"]
    }

    assert all(kept.values()), kept


@TRAZO
def test_roles_may_do_what_links_say_and_nothing_else(name: Name, standing: Standing):
    """The task reads and writes its two buckets; ECS pulls, logs and reads two secrets."""
    client = _client(standing, name, "iam")
    region, environment = "us-east-2:123456789012", name[1]
    found = {
        role: {
            (action, re.sub("(:secret:.*)-[A-Za-z0-9]{6}$", r"\1", resource))
            for policy in client.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in client.get_role_policy(RoleName=role, PolicyName=policy)[
                "PolicyDocument"
            ]["Statement"]
            for action in statement["Action"]
            for resource in _list(statement["Resource"])
        }
        for role in (f"{environment}-web-execution", f"{environment}-web-task")
    }
    attached = [client.list_attached_role_policies(RoleName=r)["AttachedPolicies"] for r in found]
    image = f"arn:aws:ecr:{region}:repository/trazo-web"
    secret = f"arn:aws:secretsmanager:{region}:secret:{environment}"
    buckets = [f"arn:aws:s3:::trazo-{environment}-{b}" for b in ("media", "static")]
    objects = (
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
    )

    assert attached == [[], []]
    assert found == {
        f"{environment}-web-execution": {
            ("ecr:BatchCheckLayerAvailability", image),
            ("ecr:BatchGetImage", image),
            ("ecr:GetDownloadUrlForLayer", image),
            ("ecr:GetAuthorizationToken", "*"),
            ("logs:CreateLogStream", f"arn:aws:logs:{region}:log-group:/ecs/{environment}-web:*"),
            ("logs:PutLogEvents", f"arn:aws:logs:{region}:log-group:/ecs/{environment}-web:*"),
            ("secretsmanager:GetSecretValue", f"{secret}/database/credentials"),
            ("secretsmanager:GetSecretValue", f"{secret}/django_secret_key"),
        },
        f"{environment}-web-task": {
            *((action, f"{bucket}/*") for action in objects for bucket in buckets),
            *(("s3:ListBucket", bucket) for bucket in buckets),
        },
    }


@TRAZO
def test_only_tasks_of_the_account_and_region_take_a_role(name: Name, standing: Standing):
    """The keys against the confused deputy, with the account that Terraform looked up."""
    client = _client(standing, name, "iam")
    conditions = {
        role: client.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"][0][
            "Condition"
        ]
        for role in (f"{name[1]}-web-execution", f"{name[1]}-web-task")
    }

    account = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    source = {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-2:123456789012:*"}}
    assert conditions == {
        f"{name[1]}-web-execution": account,
        f"{name[1]}-web-task": account | source,
    }


@TRAZO
def test_the_s3_endpoint_lets_image_layers_and_own_buckets_through(name: Name, standing: Standing):
    """Else no image is pulled, or data leaves for a bucket of somebody else."""
    client = _client(standing, name, "ec2")
    services = [{"Name": "service-name", "Values": ["com.amazonaws.us-east-2.s3"]}]
    endpoints = client.describe_vpc_endpoints(Filters=services)["VpcEndpoints"]
    tags = [(e, {t["Key"]: t["Value"] for t in e["Tags"]}) for e in endpoints]
    (policy,) = (e["PolicyDocument"] for e, tag in tags if tag["Name"] == f"{name[1]}-network-s3")
    allowed = {(tuple(s["Action"]), *s["Resource"]) for s in json.loads(policy)["Statement"]}
    own = [f"arn:aws:s3:::trazo-{name[1]}-{b}" for b in ("alb-logs", "media", "static")]

    assert allowed == {
        (("s3:GetObject",), "arn:aws:s3:::prod-us-east-2-starport-layer-bucket/*"),
        (("s3:*",), *(arn for bucket in own for arn in (bucket, f"{bucket}/*"))),
    }


def _list(value: str | list[str]) -> list[str]:
    """A resource of a policy, which may stand alone."""
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("name", BOOTSTRAPS, ids="-".join)
def test_the_state_bucket_is_versioned_and_private(name: Name, standing: Standing):
    """A lost state is worse than a lost database."""
    ((client, bucket),) = _buckets(standing, name)
    locks = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]

    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert all(locks.values())


@TRAZO
def test_the_database_is_private_encrypted_and_backed_up(name: Name, standing: Standing):
    """Staging keeps one day of backups, by written choice."""
    client = _client(standing, name, "rds")
    answer = client.describe_db_instances(DBInstanceIdentifier=f"{name[1]}-database")
    database = answer["DBInstances"][0]
    found = tuple(
        database[key]
        for key in (
            "PubliclyAccessible",
            "StorageEncrypted",
            "BackupRetentionPeriod",
            "DeletionProtection",
        )
    )

    assert found == ((False, True, 7, True) if name == PROD else (False, True, 1, False))
