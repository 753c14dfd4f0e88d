"""Networks and zones."""

from hypothesis import strategies as st

from tests.strategies.draft import Draft
from tests.strategies.words import Document, some

ENDPOINTS = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssmmessages")
"""What tasks need where there is no NAT."""
BUCKETS = ("any", [], ["acme-data"], ["acme-data", "shared-*.example"])
"""What else the endpoint of S3 lets through."""


def add_network(draft: Draft, position: int) -> None:
    """A VPC with an egress of any form, in new subnets or in existing ones."""
    draw, region = draft.draw, draft.region
    zones = draw(st.sampled_from((2, 3, [f"{region}a", f"{region}c"])))
    count = zones if isinstance(zones, int) else len(zones)
    whole = f"10.{position}"
    body: Document = {"cidr": f"{whole}.0.0/16", "availability_zones": zones}
    match draw(st.sampled_from(("plain", "written", "small", "existing"))):
        case "existing":
            ids = [f"subnet-{position:x}{i:016x}" for i in range(2 * count)]
            there = {"vpc": "vpc-0a1b2c3d", "public_subnets": ids[:count]}
            there["private_subnets"] = ids[count:]
            body = {"availability_zones": zones, "existing": there}
        case "written":
            body["public_subnets"] = [f"{whole}.{i}.0/24" for i in range(count)]
            body["private_subnets"] = [f"{whole}.{100 + i}.0/26" for i in range(count)]
        case "small":
            body["cidr"] = f"192.168.{position * 16}.0/20"
    every = list(ENDPOINTS)
    egress = (
        {},
        {"nat": "single"},
        {"nat": "per_zone", "endpoints": ["logs"]},
        {"endpoints": every},
    )
    if chosen := draw(st.sampled_from(egress)):
        body["egress"] = chosen
    if "existing" not in body and draw(st.booleans()):
        body["s3_buckets"] = draw(st.sampled_from(BUCKETS))
    draft.add("networking", body, "network" if draw(st.booleans()) and position == 0 else None)


def add_zone(draft: Draft, position: int) -> None:
    """A hosted zone, in which host names may stand from then on."""
    draw = draft.draw
    above = "other-example.org"
    domain = draft.domain if position == 0 else draw(st.sampled_from((above, f"shop.{above}")))
    draft.zones.append(domain)
    body: Document = {} if position == 0 and draw(st.booleans()) else {"zone": domain}
    if draw(st.booleans()):
        body["existing"] = draw(st.booleans())
    if not body.get("existing"):
        parent = {"parent": st.just(above)} if domain.endswith(f".{above}") else {}
        body |= draw(some(delegate=st.booleans(), **parent))
    if draw(st.booleans()):
        text = {"name": "_t", "type": "TXT", "values": ["v=spf1 -all", 'a"b\\c', "${x} %{y}"]}
        mail = {"name": "@", "type": "MX", "ttl_s": 60, "values": ["10 mx.acme-example.com"]}
        body["records"] = [text, mail]
    draft.add("dns", body)
