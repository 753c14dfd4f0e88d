"""How requests come in: certificates, load balancers, distributions and records."""

from collections.abc import Mapping
from typing import Any

from tests.aws.facts.reader import Lines, Reader, pairs, tag

CLOUDFRONT_REGION = "us-east-1"


def certificates(reader: Reader) -> Lines:
    """In the region of the load balancers, and where CloudFront looks for them."""
    for region in sorted({reader.region, CLOUDFRONT_REGION}):
        client = reader.client("acm", region)
        for summary in client.list_certificates()["CertificateSummaryList"]:
            arn = summary["CertificateArn"]
            found = client.describe_certificate(CertificateArn=arn)["Certificate"]
            names = " ".join(sorted(found["SubjectAlternativeNames"]))
            reader.names[arn] = f"certificate of {found['DomainName']} in {region}"
            for option in found["DomainValidationOptions"]:
                record = option["ResourceRecord"]
                reader.names[record["Value"].rstrip(".")] = "validation"
                reader.names[record["Name"].split(".")[0]] = "_"
            yield f"{names}: {region}, {found['Status']}, validated by {_method(found)}"


def _method(certificate: Mapping[str, Any]) -> str:
    methods = {o["ValidationMethod"] for o in certificate["DomainValidationOptions"]}
    return " ".join(sorted(methods))


def balancers(reader: Reader) -> Lines:
    """Listeners with their rules, and how targets are checked."""
    client = reader.client("elbv2")
    for group in client.describe_target_groups()["TargetGroups"]:
        arn = group["TargetGroupArn"]
        tags = client.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]
        reader.names |= {arn: tag(tags, arn), arn.split(":")[-1]: tag(tags, arn)}
        check = f"{group['HealthCheckProtocol']} {group['HealthCheckPath']}"
        answer = group["Matcher"]["HttpCode"]
        yield f"{arn}: {group['Protocol']} {group['Port']}, checked by {check} for {answer}"
    for balancer in client.describe_load_balancers()["LoadBalancers"]:
        name, arn = balancer["LoadBalancerName"], balancer["LoadBalancerArn"]
        reader.names |= {balancer["DNSName"]: name, arn: name, arn.split("loadbalancer/")[-1]: name}
        attributes = client.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        kept = {a["Key"]: a["Value"] for a in attributes if a["Key"] in BALANCER_ATTRIBUTES}
        yield f"{name}: {pairs(kept)}"
        for listener in client.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            yield from _listener(client, f"{name} {listener['Port']}", listener)


BALANCER_ATTRIBUTES = (
    "access_logs.s3.enabled",
    "access_logs.s3.bucket",
    "access_logs.s3.prefix",
    "deletion_protection.enabled",
    "routing.http.drop_invalid_header_fields.enabled",
)


def _listener(client: Any, name: str, listener: Mapping[str, Any]) -> Lines:
    if "Certificates" in listener:
        certificates = " ".join(c["CertificateArn"] for c in listener["Certificates"])
        yield f"{name}: {listener['Protocol']}, {listener['SslPolicy']}, {certificates}"
    rules = client.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    for rule in rules:
        when = " ".join(f"{c['Field']} {' '.join(_values(c))}" for c in rule.get("Conditions", ()))
        then = ", ".join(map(_action, rule["Actions"]))
        yield f"{name} {rule['Priority']}: {when}{' ' if when else ''}-> {then}"


def _values(condition: Mapping[str, Any]) -> list[str]:
    nested = (v["Values"] for v in condition.values() if isinstance(v, dict) and "Values" in v)
    return sorted(condition.get("Values") or next(nested))


def _action(action: Mapping[str, Any]) -> str:
    if redirect := action.get("RedirectConfig"):
        return f"{redirect['StatusCode']} to {redirect['Protocol']} {redirect['Port']}"
    if answer := action.get("FixedResponseConfig"):
        return f"answer {answer['StatusCode']}"
    groups = (g["TargetGroupArn"] for g in action.get("ForwardConfig", {}).get("TargetGroups", ()))
    return str(action.get("TargetGroupArn") or next(groups))


def distributions(reader: Reader) -> Lines:
    """Who may ask over which protocol, and from where the answer comes."""
    client = reader.client("cloudfront")
    for summary in client.list_distributions()["DistributionList"].get("Items", ()):
        config = client.get_distribution(Id=summary["Id"])["Distribution"]["DistributionConfig"]
        host = " ".join(config["Aliases"]["Items"])
        reader.names |= {summary["Id"]: host, summary["DomainName"]: f"distribution of {host}"}
        certificate, behavior = config["ViewerCertificate"], config["DefaultCacheBehavior"]
        yield f"{host}: {behavior['ViewerProtocolPolicy']}, {certificate['MinimumProtocolVersion']}"
        yield f"{host}: {certificate['ACMCertificateArn']}"
        for origin in config["Origins"]["Items"]:
            yield f"{host}: from {origin['DomainName']} {_access(reader, host, origin)}"
        policy = behavior["ResponseHeadersPolicyId"]
        answer = client.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]
        headers = answer["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        yield f"{host}: {' '.join(sorted(headers))}"


def _access(reader: Reader, host: str, origin: Mapping[str, Any]) -> str:
    """How CloudFront shows the bucket who it is."""
    if control := origin.get("OriginAccessControlId"):
        reader.names[control] = "control"
        return "by origin access control"
    identity = origin["S3OriginConfig"]["OriginAccessIdentity"].split("/")[-1]
    reader.names[identity] = f"of {host}"
    return "by origin access identity"


def records(reader: Reader) -> Lines:
    """Every record but those that come with a zone."""
    client = reader.client("route53")
    for zone in client.list_hosted_zones()["HostedZones"]:
        records = client.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        for record in records:
            name = f"{record['Name'].rstrip('.')} {record['Type']}"
            if "AliasTarget" in record:
                yield f"{name}: alias of {record['AliasTarget']['DNSName'].rstrip('.')}"
            elif record["Type"] not in ("NS", "SOA"):
                values = sorted(v["Value"].rstrip(".") for v in record["ResourceRecords"])
                yield f"{name}: {' | '.join(values)}"
