"""What no override may set of the resources of a VPC."""

from compiler.plan.guards import ALL, LINKS, RULES, Guards, set_field

_ROUTING = {ALL: set_field("egress.nat", "availability_zones")}

GUARDS: Guards = {
    "aws_default_security_group": RULES,
    "aws_ec2_managed_prefix_list": RULES,
    "aws_eip": _ROUTING,
    "aws_internet_gateway": {"vpc_id": set_field("cidr")},
    "aws_nat_gateway": _ROUTING,
    "aws_network_acl": {ALL: LINKS},
    "aws_network_acl_rule": RULES,
    "aws_route": _ROUTING,
    "aws_route_table": {"route": set_field("egress.nat"), "vpc_id": set_field("cidr")},
    "aws_route_table_association": _ROUTING,
    "aws_subnet": {
        "availability_zone": set_field("availability_zones"),
        "cidr_block": set_field("cidr", "public_subnets", "private_subnets"),
        "ipv4_ipam_pool_id": set_field("cidr"),
        "ipv4_netmask_length": set_field("cidr"),
        "map_public_ip_on_launch": "resources in a subnet do not get a public address "
        "automatically",
        "id": set_field("existing"),
        "vpc_id": set_field("cidr"),
    },
    "aws_vpc": {
        "cidr_block": set_field("cidr"),
        "id": set_field("existing"),
        "instance_tenancy": set_field("cidr"),
    },
    "aws_vpc_endpoint": {ALL: set_field("egress.endpoints", "s3_buckets")},
}
