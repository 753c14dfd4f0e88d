"""Files of the form of AWS's price list and of its Spot feed.

The form: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html
"""

import json
from typing import Any

INDEX_FILE = "/offers/v1.0/aws/index.json"
REGIONS_FILE = "/offers/v1.0/aws/AmazonECS/current/region_index.json"
REGION_FILE = "/offers/v1.0/aws/AmazonECS/current/us-east-2/index.json"


def product(sku: str, usage: str, **attributes: str) -> dict[str, Any]:
    """A product of an offer file."""
    shared = {
        "servicecode": "AmazonECS",
        "location": "US East (Ohio)",
        "locationType": "AWS Region",
        "regionCode": "us-east-2",
        "usagetype": usage,
        "operation": "",
    }
    return {"sku": sku, "productFamily": "Compute", "attributes": shared | attributes}


def term(sku: str, *tiers: tuple[str, str]) -> dict[str, Any]:
    """The on-demand term of a product, with (start, USD) of each tier."""
    ends = [start for start, _ in tiers[1:]] + ["Inf"]
    rates = {
        f"{sku}.JRTCKXETXF.{n}": {
            "rateCode": f"{sku}.JRTCKXETXF.{n}",
            "description": "",
            "beginRange": start,
            "endRange": end,
            "unit": "hours",
            "pricePerUnit": {"USD": usd},
            "appliesTo": [],
        }
        for n, ((start, usd), end) in enumerate(zip(tiers, ends, strict=True))
    }
    code = f"{sku}.JRTCKXETXF"
    return {
        code: {
            "offerTermCode": "JRTCKXETXF",
            "sku": sku,
            "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": rates,
            "termAttributes": {},
        }
    }


def offer_file(**changed: Any) -> dict[str, Any]:
    """The ECS offer of us-east-2, with a Windows row and reserved terms as the real one has."""
    whole = {
        "formatVersion": "v1.0",
        "disclaimer": "This pricing list is for informational purposes only.",
        "offerCode": "AmazonECS",
        "version": "20261101000000",
        "publicationDate": "2026-11-01T12:00:00Z",
        "products": {
            "AAA": product("AAA", "USE2-Fargate-vCPU-Hours:perCPU"),
            "BBB": product("BBB", "USE2-Fargate-GB-Hours"),
            "CCC": product("CCC", "USE2-Fargate-Windows-vCPU-Hours:perCPU"),
            "DDD": product("DDD", "USE2-Fargate-GB-Hours", regionCode="us-east-2-chi-1"),
        },
        "terms": {
            "OnDemand": {
                "AAA": term("AAA", ("0", "0.0500000000")),
                "BBB": term("BBB", ("0", "0.0044450000")),
                "CCC": term("CCC", ("0", "9.0000000000")),
                "DDD": term("DDD", ("0", "8.0000000000")),
            },
            "Reserved": {"AAA": term("AAA", ("0", "0.0000000000"))},
        },
        "attributesList": {},
    }
    return whole | changed


WHOLE = json.dumps(offer_file()).encode()
"""The region's file as the server has it."""


def offer_of(code: str, rows: tuple[Any, ...], **attributes: str) -> bytes:
    """An offer file with rows of (usage type, tiers)."""
    named = {f"S{n}": (usage, tiers) for n, (usage, *tiers) in enumerate(rows)}
    products = {sku: product(sku, usage, **attributes) for sku, (usage, _) in named.items()}
    terms = {"OnDemand": {sku: term(sku, *tiers) for sku, (_, tiers) in named.items()}}
    return json.dumps(offer_file(offerCode=code, products=products, terms=terms)).encode()


SPOT = {
    "metadata": {"copyright": "", "format:version": "1.0"},
    "prices": [
        {
            "id": unit,
            "unit": unit,
            "price": {"USD": usd},
            "attributes": {"aws:region": region, "aws:label": ""},
        }
        for region, factor in (("us-east-2", 1), ("us-east-1", 7))
        for unit, usd in (("vCPU-Hours", f"0.0{factor}54"), ("GB-Hours", "0.00169"))
    ],
}


def index() -> dict[str, Any]:
    """The index of all offers."""
    base = "/offers/v1.0/aws"
    return {
        "formatVersion": "v1.0",
        "publicationDate": "2026-11-01T12:00:00Z",
        "offers": {
            "AmazonECS": {
                "offerCode": "AmazonECS",
                "currentVersionUrl": f"{base}/AmazonECS/current/index.json",
                "currentRegionIndexUrl": f"{base}/AmazonECS/current/region_index.json",
            }
        },
    }


def region_index(path: str = REGION_FILE) -> dict[str, Any]:
    """The index of an offer's regions."""
    return {"regions": {"us-east-2": {"regionCode": "us-east-2", "currentVersionUrl": path}}}
