"""Every argument that we emit exists in the typed bindings of both majors of the AWS provider.

The bindings are an oracle that is not our own copy of a schema. They are read as text, from the
wheels: to import them takes half a minute and half a gigabyte.
"""

import fcntl
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest

from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Block, Expr, Join, Json, Plan, Ref, Value
from compiler.provider_schema import Body, body, provider_version
from compiler.provider_schema.versions import constraint
from tests.plans import bootstrap_of, checked, environments, existing
from trazo_spec.base import Provider

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".pytest_cache"
REQUIRED = os.environ.get("TRAZO_REQUIRE_BINDINGS") == "1"
META = frozenset({"count", "for_each"})


@dataclass(frozen=True, slots=True)
class Bindings:
    """One wheel of typed bindings."""

    package: str
    version: str
    provider: str
    """The provider's version that they were generated from, as their description says."""
    ephemeral: bool
    """Whether they hold ephemeral resources."""


OLD = Bindings("cdktf-cdktf-provider-aws", "19.65.1", "5.99.1", ephemeral=False)
NEW = Bindings("cdktn-provider-aws", "25.8.1", "6.69.1", ephemeral=True)
BETWEEN = Bindings("cdktf-cdktf-provider-aws", "21.22.1", "6.25.0", ephemeral=False)
BOTH = pytest.mark.parametrize("bindings", [OLD, BETWEEN, NEW], ids=lambda b: b.provider)


@cache
def wheel(bindings: Bindings) -> ZipFile:
    """The bindings' wheel, downloaded once."""
    CACHE.mkdir(exist_ok=True)
    stem = f"{bindings.package.replace('-', '_')}-{bindings.version}"
    with (CACHE / "bindings.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not any(CACHE.glob(f"{stem}-*.whl")):
            what = f"{bindings.package}=={bindings.version}"
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            run = subprocess.run([*pip, "--dest", str(CACHE), what], check=False)
            if run.returncode and not REQUIRED:
                pytest.skip(f"{what} CANNOT BE DOWNLOADED: no argument was compared with it")
    return ZipFile(next(CACHE.glob(f"{stem}-*.whl")))


@cache
def module(bindings: Bindings, name: str) -> str:
    """The text of the module of one type; empty where there is none."""
    package = bindings.package.replace("-", "_")
    try:
        return wheel(bindings).read(f"{package}/{name}/__init__.py").decode()
    except KeyError:
        return ""


@cache
def plans(provider: Provider = 5) -> tuple[Plan, ...]:
    """Every plan that ships, and that of a spec with everything that may be there already."""
    graphs = [checked(example).graphs[name] for example, name in environments()]
    graphs.append(existing().graphs["prod"])
    specs = [(g.spec.model_copy(update={"provider": provider}), g.environment) for g in graphs]
    return (*(lower(build(*spec)) for spec in specs), bootstrap_of("trazo"))


def module_name(type_: str, mode: str) -> str:
    """The module of a type: `data_aws_vpc`, `ecs_service`."""
    return type_.removeprefix("aws_") if mode == "managed" else f"{mode}_{type_}"


def plain(name: str) -> str:
    """A name without `_` and case, since the way to `camelCase` and back loses some of them."""
    return name.replace("_", "").lower()


@cache
def members(text: str) -> Mapping[str, frozenset[str]]:
    """The fields of every structure of a module."""
    found = re.finditer(r"name_mapping=\{(?P<names>[^}]*)\},?\s*\)\nclass (?P<name>\w+)", text)
    return {
        plain(match["name"]): frozenset(
            plain(name) for name in re.findall(r'"(\w+)":', match["names"])
        )
        for match in found
    }


def missing(bindings: Bindings, block: Block) -> Iterator[str]:
    """The arguments of a block that the bindings do not know."""
    text = module(bindings, module_name(block.type, block.mode))
    schema = body(block.type, block.mode)
    if not text or schema is None:
        yield f"{block.mode} {block.type}"
        return
    known = members(text)
    (config,) = (name for name in known if name.endswith("config") and "dependson" in known[name])
    arguments = {name: value for name, value in block.body.items() if name not in META}
    prefix = plain(module_name(block.type, block.mode))
    yield from _missing(known, config, prefix, arguments, schema, block.type)


def _missing(
    known: Mapping[str, frozenset[str]],
    structure: str,
    prefix: str,
    arguments: Mapping[str, Value],
    schema: Body,
    path: str,
) -> Iterator[str]:
    for name, value in arguments.items():
        here = f"{path}.{name}"
        if plain(name) not in known.get(structure, frozenset()):
            yield here
        elif name in schema.blocks:
            inner = f"{prefix}{plain(name)}"
            # Where a resource has the same name, the structure has an `A` at its end.
            structure_ = inner if inner in known else f"{inner}a"
            for each in [value] if isinstance(value, Mapping) else value or ():  # type: ignore[union-attr]
                yield from _missing(known, structure_, inner, each, schema.blocks[name].body, here)


def references(value: Value) -> Iterator[Ref]:
    """Every reference inside a value."""
    match value:
        case Ref():
            yield value
        case Join(parts):
            for part in parts:
                yield from references(part)
        case Json(document):
            yield from references(document)
        case Mapping():
            for item in value.values():
                yield from references(item)
        case str() | Expr():
            return
        case Sequence():
            for item in value:
                yield from references(item)
        case _:
            return


def blocks(bindings: Bindings) -> list[Block]:
    """Every block of every plan that the bindings can know, for either version of the provider."""
    provider: Provider = 5 if bindings is OLD else 6
    every = (block for plan in plans(provider) for block in plan.blocks)
    return [block for block in every if bindings.ephemeral or block.mode != "ephemeral"]


@BOTH
def test_every_emitted_argument_exists(bindings: Bindings) -> None:
    """An argument that a major has dropped stops `terraform plan` for whoever upgrades."""
    found = {path for block in blocks(bindings) for path in missing(bindings, block)}

    assert sorted(found) == []


@BOTH
def test_every_attribute_that_is_read_exists(bindings: Bindings) -> None:
    """A reference to an attribute that a major has dropped stops it as well."""
    by_address = {block.address: block for block in blocks(bindings)}
    lost = set()
    for block in by_address.values():
        for ref in references(block.body):
            target = by_address.get(ref.address)
            if target is None:
                continue
            text = module(bindings, module_name(target.type, target.mode))
            names = re.findall(r"[A-Za-z_]\w*", ref.attribute)
            lost |= {f"{target.type}.{n}" for n in names if f"def {n}(self)" not in text}

    assert sorted(lost) == []


@BOTH
def test_the_bindings_are_those_of_the_version(bindings: Bindings) -> None:
    """A wheel of another version would prove something else."""
    source = module(bindings, "provider")

    assert f"/hashicorp/aws/{bindings.provider}/docs" in source


def test_a_wrong_argument_would_be_seen() -> None:
    """The oracle itself: a misspelt argument, a misspelt nested one and an unknown type."""
    wrong = Block("aws_lb", "a", {"idle_timeout": 1, "idle": 1, "access_logs": {"buckets": "b"}})
    unknown = Block("aws_nothing", "a", {})

    assert [*missing(OLD, wrong), *missing(OLD, unknown)] == [
        "aws_lb.idle",
        "aws_lb.access_logs.buckets",
        "managed aws_nothing",
    ]


def test_the_constraint_begins_at_the_checked_version() -> None:
    """What we write is the version whose whole schema every plan is checked against."""
    assert (provider_version(), constraint(plans()[0])) == ("5.100.0", "~> 5.100")
    assert (provider_version(6), constraint(plans(6)[0])) == (NEW.provider, "~> 6.0")


def test_the_schema_of_provider_6_is_what_the_bindings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody edits it by hand, and the script that wrote it still can."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    script = importlib.import_module("update_provider_schema")
    read = importlib.import_module("provider_bindings").Bindings(wheel(NEW))
    kept = json.loads(script.TARGET_6.read_bytes())

    assert kept.pop("provider") == {"bindings": f"{NEW.package} {NEW.version}", "version": "6.69.1"}
    assert script.differences(script.from_bindings(read)) == kept
