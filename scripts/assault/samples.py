"""Files to begin with: every spec, price book, trace and offer that the project holds."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from trazo_spec.yaml.located import Plain, plain
from trazo_spec.yaml.reading import decode, read

ROOT = Path(__file__).resolve().parents[2]


@cache
def specs() -> tuple[bytes, ...]:
    """Every shipped spec."""
    return tuple(p.read_bytes() for p in sorted((ROOT / "specs").glob("*.yaml")))


@cache
def fixtures() -> tuple[bytes, ...]:
    """Every spec of a finding's good and bad examples, and of golden cases."""
    found = [*(ROOT / "tests" / "fixtures").rglob("*.yaml")]
    found += (ROOT / "tests" / "golden").rglob("*.yaml")
    return tuple(p.read_bytes() for p in sorted(found) if p.stat().st_size < 6000)


@cache
def documents() -> tuple[Plain, ...]:
    """The same specs as plain values, those left out that cannot be read."""
    found = []
    for content in (*specs(), *fixtures()):
        text, wrong = decode(content, "x")
        document, _ = read(text, "x")
        if document is not None and not wrong:
            found.append(plain(document))
    return tuple(found)


@cache
def traces() -> tuple[bytes, ...]:
    """Traces of demand."""
    shipped = tuple(p.read_bytes()[:1500] for p in sorted((ROOT / "tests").rglob("*trace*.csv")))
    hours = "".join(f"2026-11-{2 + h // 24:02} {h % 24:02}:00,{h}\n" for h in range(40))
    offsets = "timestamp,value\n2026-11-02T00:00:00Z,1\n2026-11-02T01:00:00+01:00,2.5\n"
    return (*shipped, hours.encode(), offsets.encode(), b'"2026-11-02 00:00","1"\n')


PRICE_BOOKS: Mapping[str, bytes] = {
    "yaml": b"""\
prices:
  - {item: nat_gateway_hour, region: us-east-2, usd: 0.01, note: agreed}
  - {item: "fargate_*", discount_percent: 12.5}
  - item: s3_standard_storage_gb_month
    tiers: [{from: 0, usd: 0.02}, {from: 1000, usd: 0.01}]
savings_plan: {commitment_usd_per_h: 0.05, discount_percent: 20}
""",
    "csv": b"""\
item,region,unit,tier_from,usd,discount_percent,note
nat_gateway_hour,us-east-2,,,0.01,,"agreed, twice"
fargate_*,,,,,12.5,
""",
}


@cache
def catalogues() -> tuple[bytes, ...]:
    """The first rows of every shipped list of prices."""
    files = sorted((ROOT / "cost").rglob("prices/*.csv"))
    return tuple(b"".join(p.read_bytes().splitlines(keepends=True)[:12]) for p in files)


@cache
def stacks() -> tuple[bytes, ...]:
    """Terraform in HCL, as golden files have it, else a small one."""
    files = sorted((ROOT / "tests" / "golden").rglob("*.tf"))
    small = b'terraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n\nprovider "aws" {\n'
    small += b'  region = "us-east-2"\n}\n\nresource "aws_s3_bucket" "b" {\n  bucket = "$${x}"\n'
    small += b'  tags = {\n    a = "b"\n  }\n}\n'
    return (*(p.read_bytes()[:8000] for p in files), small)
