"""Where packets may go, and who may connect to whom."""

import json
from collections.abc import Mapping
from typing import Any

from tests.aws.facts.permissions import statement
from tests.aws.facts.reader import Lines, Reader, tag


def networks(reader: Reader) -> Lines:
    """Where each subnet's packets may go; it also gives gateways and VPCs their names."""
    ec2 = reader.client("ec2")
    own = [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    vpcs = {vpc["VpcId"] for vpc in own}
    gateways = [
        *(
            (g["InternetGatewayId"], g)
            for g in ec2.describe_internet_gateways()["InternetGateways"]
        ),
        *((g["NatGatewayId"], g) for g in ec2.describe_nat_gateways()["NatGateways"]),
        *((e["VpcEndpointId"], e) for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]),
        *((vpc["VpcId"], vpc) for vpc in own),
    ]
    reader.names |= {identifier: tag(given, identifier) for identifier, given in gateways}
    subnets = {s["SubnetId"]: s for s in ec2.describe_subnets()["Subnets"] if s["VpcId"] in vpcs}
    reader.names |= {identifier: tag(s, identifier) for identifier, s in subnets.items()}
    for table in ec2.describe_route_tables()["RouteTables"]:
        ways = sorted(reader.named(way) for way in map(_way, table["Routes"]) if way)
        for association in table["Associations"]:
            if subnet := subnets.get(association.get("SubnetId", "")):
                place = f"{subnet['CidrBlock']} in {subnet['AvailabilityZone']}"
                yield f"{subnet['SubnetId']}: {place}; {', '.join(ways)}"
    for identifier, gateway in gateways:
        if "VpcEndpointType" in gateway and gateway["State"] != "deleted":
            yield f"{identifier}: {gateway['VpcEndpointType']} endpoint {gateway['ServiceName']}"
            if gateway["VpcEndpointType"] == "Gateway":
                allowed = json.loads(gateway["PolicyDocument"])["Statement"]
                yield from (f"{identifier}: {statement(s)}" for s in allowed)
        if "NatGatewayId" in gateway and gateway["State"] != "deleted":
            yield f"{identifier}: NAT gateway in {gateway['SubnetId']}"
    yield from (f"address {tag(a, a['PublicIp'])}" for a in ec2.describe_addresses()["Addresses"])
    yield from (f"VPC {vpc['VpcId']}: {vpc['CidrBlock']}" for vpc in own)


def _way(route: Mapping[str, Any]) -> str:
    to = route.get("DestinationCidrBlock") or "prefix list"
    through = route.get("NatGatewayId") or route.get("GatewayId", "")
    return "" if through in ("", "local") else f"{to} through {through}"


def rules(reader: Reader) -> Lines:
    """Who may connect to whom."""
    ec2 = reader.client("ec2")
    groups = ec2.describe_security_groups()["SecurityGroups"]
    reader.names |= {g["GroupId"]: tag(g, g["GroupName"]) for g in groups}
    prefixes = ec2.describe_managed_prefix_lists()["PrefixLists"]
    reader.names |= {p["PrefixListId"]: p["PrefixListName"].split(".")[-1] for p in prefixes}
    own = {g["GroupId"] for g in groups if g.get("Tags")}
    yield from (f"{group}" for group in own)
    for rule in ec2.describe_security_group_rules()["SecurityGroupRules"]:
        if rule["GroupId"] in own:
            peer = (
                rule.get("CidrIpv4")
                or rule.get("CidrIpv6")
                or rule.get("PrefixListId")
                or rule["ReferencedGroupInfo"]["GroupId"]
            )
            direction = "to" if rule["IsEgress"] else "from"
            ports = _span(rule["FromPort"], rule["ToPort"])
            yield f"{rule['GroupId']} {direction} {peer}: {rule['IpProtocol']} {ports}"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
