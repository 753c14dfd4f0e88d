"""Rewrites `compiler/aws/lists/`: which regions, zones, classes, node types and versions AWS has.

Run it with `python scripts/update_aws_lists.py`, after `pip install --upgrade botocore cfn-lint
moto`. It asks nobody: the facts are in these packages, and each file says of which version and of
which day.
What no package has is in the tables below, each with its source.
"""

import ast
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "compiler" / "aws" / "lists"

# Zones that only older accounts see, and one that AWS is adding.
# Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
NOT_FOR_ALL = {"ap-northeast-1": "b", "ca-central-1": "c", "eu-west-2": "d"}
# EC2 names two of the three zones of us-west-1 to each account.
ZONES_OF_SOME = {"us-west-1": "c"}

# Node types of earlier generations, which AWS names and no longer sells.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
RETIRED_NODE_TYPES = {
    "cache.c1": "xlarge",
    "cache.m1": "small medium large xlarge",
    "cache.m2": "xlarge 2xlarge 4xlarge",
    "cache.m3": "medium large xlarge 2xlarge",
    "cache.r3": "large xlarge 2xlarge 4xlarge 8xlarge",
    "cache.t1": "micro",
}

# Of the versions before 13, cfn-lint has those of other engines in one list with PostgreSQL's.
FIRST_MAJOR, LAST_MAJOR = 13, 18
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
OLDEST_MAJOR = 11


def main() -> None:
    """Write the four files."""
    _write("regions", _regions(), "botocore", "cfn-lint", "moto")
    _write("instance_classes", _instance_classes(), "cfn-lint")
    _write("node_types", _node_types(), "cfn-lint")
    _write("postgresql_versions", _versions(), "cfn-lint")


def _regions() -> dict[str, Any]:
    """Partitions with their regions, and the letters of the zones of each."""
    named, seen = _zones_by_name(), _zones_seen()
    served = {
        r for p in _json("botocore", "data/endpoints.json")["partitions"] for r in p["regions"]
    }
    partitions, announced = {}, []
    for partition in _json("botocore", "data/partitions.json")["partitions"]:
        regions = {}
        for region in sorted(r for r in partition["regions"] if not r.endswith("-global")):
            if region not in served:
                announced.append(region)
                continue
            letters = named.get(region, set()) | seen.get(region, set())
            letters |= set(ZONES_OF_SOME.get(region, ""))
            few = NOT_FOR_ALL.get(region, "") or ZONES_OF_SOME.get(region, "")
            regions[region] = " ".join(filter(None, ("".join(sorted(letters - set(few))), few)))
        suffix = partition["outputs"]["dnsSuffix"]
        partitions[partition["id"]] = {"dns_suffix": suffix, "regions": regions}
    return {"announced": " ".join(announced), "partitions": partitions}


def _zones_by_name() -> Mapping[str, set[str]]:
    tree = ast.parse(_path("cfn-lint", "helpers.py").read_text("utf-8"))
    (zones,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "AVAILABILITY_ZONES"
    )
    return {region: {zone[-1] for zone in names} for region, names in zones.items()}


def _zones_seen() -> Mapping[str, set[str]]:
    """What EC2 itself answered, region by region."""
    folder = _path("moto", "ec2/resources/instance_type_offerings/availability-zone")
    return {
        file.name.removesuffix(".json.gz"): {
            offer["Location"][-1]
            for offer in json.loads(gzip.decompress(file.read_bytes()))
            if re.fullmatch(r"[a-z-]+-\d[a-z]", offer["Location"])
        }
        for file in sorted(folder.glob("*.json.gz"))
    }


def _instance_classes() -> dict[str, Any]:
    """The classes for PostgreSQL: where they are, and the major versions that they take."""
    document = _json(
        "cfn-lint", "data/schemas/extensions/aws_rds_dbinstance/dbinstanceclass_enum.json"
    )
    places: dict[str, set[str]] = {}
    for region, schema in document.items():
        for case in schema["allOf"]:
            if _engine(case) == "postgres":
                for name in case["then"]["properties"]["DBInstanceClass"]["enum"]:
                    places.setdefault(name, set()).add(region)
    majors = _majors()
    rows = _rows({n: (_regions_text(r, document), majors.get(n, "")) for n, r in places.items()})
    names = ("family", "sizes", "regions", "majors")
    return {
        "regions": " ".join(sorted(document)),
        "engines": " ".join(map(str, range(FIRST_MAJOR, LAST_MAJOR + 1))),
        "families": [dict(zip(names, row, strict=True)) for row in rows],
    }


def _majors() -> Mapping[str, str]:
    """Class -> the major versions of which some minor one takes it."""
    document = _json(
        "cfn-lint", "data/schemas/extensions/aws_rds_dbinstance/db_instance_class.json"
    )
    majors: dict[str, set[int]] = {}
    for case in document["allOf"]:
        pattern = case["if"]["properties"]["EngineVersion"]["pattern"]
        match = re.match(r"\^\((\d+)\\\.\d+\\\.\.\+", pattern)
        if _engine(case) == "postgres" and match and FIRST_MAJOR <= int(match[1]) <= LAST_MAJOR:
            for name in case["then"]["properties"]["DBInstanceClass"]["enum"]:
                majors.setdefault(name, set()).add(int(match[1]))
    return {name: " ".join(map(str, sorted(found))) for name, found in majors.items()}


def _node_types() -> dict[str, Any]:
    name = "data/schemas/extensions/aws_elasticache_cachecluster/cachenodetype_enum.json"
    document = {r: s for r, s in _json("cfn-lint", name).items() if isinstance(s, dict)}
    places: dict[str, set[str]] = {}
    for region, schema in document.items():
        for node_type in schema["enum"]:
            places.setdefault(node_type, set()).add(region)
    rows = _rows({n: (_regions_text(r, document),) for n, r in places.items()})
    return {
        "regions": " ".join(sorted(document)),
        "families": [dict(zip(("family", "sizes", "regions"), row, strict=True)) for row in rows],
        "retired": [{"family": f, "sizes": s} for f, s in RETIRED_NODE_TYPES.items()],
    }


def _versions() -> dict[str, Any]:
    """Major version -> its minor ones that AWS offers, and those that it offers no more."""
    folder = "data/schemas/extensions/aws_rds_dbinstance"
    known = set(_version_names(f"{folder}/engine_version.json", "then"))
    old = set(_version_names(f"{folder}/engine_version_deprecated.json", "if"))
    majors: dict[int, dict[str, list[int]]] = {}
    for version in known:
        major, _, minor = version.partition(".")
        if major.isdigit() and minor.isdigit() and int(major) >= OLDEST_MAJOR:
            entry = majors.setdefault(int(major), {"offered": [], "retired": []})
            entry["retired" if version in old else "offered"].append(int(minor))
    return {
        "majors": {
            str(major): {k: " ".join(map(str, sorted(v))) for k, v in entry.items()}
            for major, entry in sorted(majors.items())
        }
    }


def _version_names(name: str, where: str) -> Iterator[str]:
    for case in _json("cfn-lint", name)["allOf"]:
        if _engine(case) == "postgres":
            yield from case[where]["properties"]["EngineVersion"]["enum"]


def _engine(case: Mapping[str, Any]) -> str:
    engine = case["if"]["properties"].get("Engine")
    return str(engine.get("const", "")) if isinstance(engine, dict) else ""


def _regions_text(present: set[str], everywhere: Iterable[str]) -> str:
    """Some regions in few letters: `all`, `all -us-west-1`, or a list."""
    absent = sorted(set(everywhere) - present)
    if len(absent) < len(present):
        return " ".join(("all", *(f"-{region}" for region in absent)))
    return " ".join(sorted(present))


def _rows(facts: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """One row for all sizes of a family of which the same is true."""
    parted = sorted(
        (_order(name), *name.rpartition(".")[::2], fact) for name, fact in facts.items()
    )
    by_family = groupby(parted, lambda row: row[1])
    for family, rows in by_family:
        sizes: dict[tuple[str, ...], list[str]] = {}
        for _, _, size, fact in rows:
            sizes.setdefault(fact, []).append(size)
        for fact, names in sizes.items():
            yield (family, " ".join(names), *fact)


def _order(name: str) -> tuple[str, int]:
    family, _, size = name.rpartition(".")
    small = ("micro", "small", "medium", "large")
    digits = re.match(r"\d*", size)
    rank = small.index(size) if size in small else len(small) + int((digits and digits[0]) or 0)
    return family, rank


def _write(name: str, content: Mapping[str, Any], *packages: str) -> None:
    source = ", ".join(f"{p} {distribution(p).version}" for p in packages)
    head = {"read": f"{datetime.now(UTC):%Y-%m-%d}", "source": source}
    text = json.dumps({**head, **content}, indent=1)
    file = TARGET / f"{name}.json"
    file.write_text(f"{text}\n", "utf-8")
    print(f"{file.name}: {file.stat().st_size} bytes, from {source}")


def _json(package: str, name: str) -> Any:  # noqa: ANN401 - JSON
    raw = _path(package, name).read_bytes()
    return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)


def _path(package: str, name: str) -> Path:
    folder = {"cfn-lint": "cfnlint"}.get(package, package)
    return Path(str(distribution(package).locate_file(folder))) / name


if __name__ == "__main__":
    main()
