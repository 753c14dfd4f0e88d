"""Reads the arguments of hashicorp/aws from the typed bindings on the package index.

For versions of the provider that this machine cannot install. The bindings were generated from the
provider's own schema, and say of each argument what it takes and whether it is required, optional
or computed. They do not say what is sensitive, write-only or deprecated, nor a limit other than 1:
`grafted` takes that from an older version, where the argument was there already.
"""

import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

PACKAGE, PACKAGE_VERSION = "cdktn-provider-aws", "25.8.1"

Body = dict[str, Any]
Kind = Any
"""A type as Terraform writes it in JSON."""

_CLASS = re.compile(r"^class (\w+) extends \w+\.(\w+) \{\n(.*?)^\}$", re.M | re.S)
_WRITER = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}$", re.M | re.S)
_WRITTEN = re.compile(
    r"^ +'?(\w+)'?: \{\n +value: (.*),\n +isBlock: (\w+),\n"
    r' +type: "(\w+)",\n +storageClassType: "(\w+)",$',
    re.M,
)
_MEMBER = re.compile(
    r"^ +// (\w+) - computed: (true|false), optional: (true|false), required: (true|false).*$", re.M
)
_ONE_AT_MOST = re.compile(
    r"super\(terraformResource, terraformAttribute, "
    r"(?:true|false|complexObjectIsFromSet), (?:0|complexObjectIndex)\)"
)
_GETTER = re.compile(r"(Fn\.tolist\()?this\.(get\w+Attribute|interpolationForAttribute)\(")
_GETTERS: Mapping[str, Kind] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getAnyMapAttribute": ["map", "dynamic"],
    "interpolationForAttribute": "unknown",
}
_STORED: Mapping[str, str] = {
    f"{theirs}{form}": ours
    for theirs, ours in (("string", "string"), ("number", "number"), ("boolean", "bool"))
    for form in ("", "List", "Map")
}
_FOLDERS = {"managed": "", "data": "data-aws-", "ephemeral": "ephemeral-aws-"}
_WHOLE = ("TerraformResource", "TerraformDataSource", "TerraformEphemeralResource")


@dataclass(frozen=True, slots=True)
class Written:
    """How one argument is handed to Terraform."""

    block: bool
    form: str
    """`simple`, `list`, `set` or `map`."""
    stored: str


@dataclass(frozen=True, slots=True)
class Member:
    """What a class says of one argument."""

    flags: str
    kind: Kind
    inner: str
    """The class of what is in it; empty for a plain value."""
    wraps_set: bool


@dataclass(frozen=True, slots=True)
class Module:
    """The text of one type's bindings, taken apart."""

    classes: Mapping[str, tuple[str, str]]
    """Name -> what it extends, and its text."""
    written: Mapping[str, Mapping[str, Written]]
    """Name of a class or structure -> its arguments."""


class Bindings:
    """The bindings of one version of the provider."""

    def __init__(self, wheel: ZipFile) -> None:
        self.texts = dict(_texts(wheel))

    @property
    def version(self) -> str:
        """The version of the provider that they were generated from."""
        found = re.search(r"providerVersion: '([\d.]+)'", self.texts["lb"])
        return found[1] if found else ""

    def body(self, mode: str, type_: str) -> Body | None:
        """What a type may hold, in the form of `aws.json`; None where it does not exist."""
        stem = type_.removeprefix("aws_").replace("_", "-")
        text = self.texts.get(f"{_FOLDERS[mode]}{stem}")
        if text is None:
            return None
        module = _module(text)
        (whole,) = (name for name, (base, _) in module.classes.items() if base in _WHOLE)
        return _body(module, whole, whole)


def grafted(new: Body, old: Body) -> Body:
    """The same with what bindings do not say, taken from an older version of the provider."""
    attributes = {
        name: _with_flags(name, entry, old.get("a", {}).get(name))
        for name, entry in new.get("a", {}).items()
    }
    blocks = {
        name: _with_limits(entry, old.get("b", {}).get(name))
        for name, entry in new.get("b", {}).items()
    }
    return {key: part for key, part in (("a", attributes), ("b", blocks)) if part}


def _with_flags(name: str, entry: Any, old: Any) -> Any:  # noqa: ANN401 - text or a pair
    flags, kind = entry.split(" ") if isinstance(entry, str) else entry
    if old is None:
        # A value that no state keeps is a secret; the provider has named them so since the first.
        flags += "sw" if name.endswith("_wo") else ""
    else:
        old_flags, old_kind = old.split(" ") if isinstance(old, str) else old
        flags += "".join(flag for flag in old_flags if flag in "swd")
        kind = old_kind if kind == "unknown" else kind
    return f"{flags} {kind}" if isinstance(kind, str) else [flags, kind]


def _with_limits(entry: list[Any], old: list[Any] | None) -> list[Any]:
    if old is None:
        return entry
    mode, least, most, _, inner = entry
    least = old[1] if least and old[1] else least
    most = old[2] if old[2] and most in (0, old[2]) else most
    return [mode, least, most, old[3], grafted(inner, old[4])]


def downloaded() -> Bindings:
    """The bindings from the package index."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*pip, f"{PACKAGE}=={PACKAGE_VERSION}"], check=True)
        with ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            return Bindings(wheel)


def _texts(wheel: ZipFile) -> Iterator[tuple[str, str]]:
    """The program text of every type, by the name of its folder."""
    (packed,) = (name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
    archive = io.BytesIO(wheel.read(packed))
    with tarfile.open(fileobj=archive, mode="r:gz") as files:
        for file in files:
            parts = Path(file.name).parts
            stream = files.extractfile(file)
            if parts[1:2] == ("lib",) and parts[3:] == ("index.js",) and stream is not None:
                yield parts[2], stream.read().decode()


def _module(text: str) -> Module:
    classes = {name: (base, body) for name, base, body in _CLASS.findall(text)}
    written = {f"{name[:1].upper()}{name[1:]}": body for name, body in _WRITER.findall(text)}
    written |= {n: body for n, (base, body) in classes.items() if base.startswith("Terraform")}
    return Module(classes, {name: dict(_written(body)) for name, body in written.items()})


def _written(text: str) -> Iterator[tuple[str, Written]]:
    for name, value, block, form, stored in _WRITTEN.findall(text):
        # A list of objects that is an argument calls itself a block, but says so to its mapper.
        argument = "apper" in value and ", false)(" in value
        yield name, Written(block == "true" and not argument, form, stored)


def _members(text: str) -> Iterator[tuple[str, Member]]:
    found = list(_MEMBER.finditer(text))
    ends = [*(m.start() for m in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        name, computed, optional, required = match.groups()
        given = zip("roc", (required, optional, computed), strict=True)
        flags = "".join(flag for flag, holds in given if holds == "true")
        code = text[match.end() : end]
        inner = re.search(rf'= new (\w+)\(this, "{name}"(?:, (true|false))?\);', code)
        kind = None if inner else _kind(code)
        yield (
            name,
            Member(flags, kind, inner[1] if inner else "", bool(inner and inner[2] == "true")),
        )


def _kind(code: str) -> Kind:
    """The type that a getter returns."""
    getter = _GETTER.search(code)
    kind = _GETTERS[getter[2]] if getter else "unknown"
    return ["set", kind[1]] if getter and getter[1] and isinstance(kind, list) else kind


def _body(module: Module, class_: str, structure: str) -> Body:
    attributes, blocks = {}, {}
    written = module.written.get(structure, {})
    for name, member in _members(module.classes[class_][1]):
        how = written.get(name)
        if not member.inner:
            kind = _stored(how) or member.kind
            plain = isinstance(kind, str)
            attributes[name] = f"{member.flags} {kind}" if plain else [member.flags, kind]
            continue
        nesting, most, inner = _nested(module, member, how)
        if how is not None and how.block:
            blocks[name] = [nesting, int("r" in member.flags), most, 0, inner]
        else:
            shape = _object(inner)
            attributes[name] = [member.flags, shape if nesting == "single" else [nesting, shape]]
    return {key: part for key, part in (("a", attributes), ("b", blocks)) if part}


def _stored(how: Written | None) -> Kind | None:
    """The type of a plain argument as it is handed to Terraform."""
    stored = _STORED.get(how.stored) if how is not None and not how.block else None
    return (
        None
        if how is None or stored is None
        else stored
        if how.form == "simple"
        else [how.form, stored]
    )


def _nested(module: Module, member: Member, how: Written | None) -> tuple[str, int, Body]:
    """How a nested body is kept, how often at most, and what is in it."""
    base = re.sub(r"(OutputReference|List|Map)$", "", member.inner)
    inner = _body(module, f"{base}OutputReference", base)
    if member.inner.endswith("List"):
        return ("set" if member.wraps_set else "list"), 0, inner
    if member.inner.endswith("Map"):
        return "map", 0, inner
    if not _ONE_AT_MOST.search(module.classes[member.inner][1]):
        return "single", 0, inner
    return ("set" if how is not None and how.form == "set" else "list"), 1, inner


def _object(body: Body) -> Kind:
    """A body as the type of a value."""
    plain = {
        n: e.split(" ")[1] if isinstance(e, str) else e[1] for n, e in body.get("a", {}).items()
    }
    nested = {n: [e[0], _object(e[4])] for n, e in body.get("b", {}).items()}
    return ["object", {**plain, **nested}]
