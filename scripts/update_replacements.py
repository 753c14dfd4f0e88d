"""Rewrites `compiler/provider_schema/replaced.json` by asking the provider itself.

No schema says which arguments cannot change in place, but the provider answers it for each planned
change, without AWS: https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
For each argument of each type, a change of it alone is planned.

Run it with `python scripts/update_replacements.py`, after `pip install grpcio-tools msgpack`, which
nothing else needs. TRAZO_TF_PLUGIN_DIR is that of `update_provider_schema.py`.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import msgpack
from update_provider_schema import SOURCE, VERSION, Schema, provider_schema, terraform, types

TARGET = Path(__file__).parent.parent / "compiler" / "provider_schema" / "replaced.json"

# The part that is needed of
# https://github.com/hashicorp/terraform/blob/v1.11.0/docs/plugin-protocol/tfplugin5.8.proto
PROTOCOL = """
syntax = "proto3";
package tfplugin5;
message DynamicValue { bytes msgpack = 1; }
message AttributePath {
  message Step { oneof selector { string attribute_name = 1; } }
  repeated Step steps = 1;
}
message Diagnostic { int32 severity = 1; string summary = 2; string detail = 3; }
message Configure {
  message Request { string terraform_version = 1; DynamicValue config = 2; }
  message Response { repeated Diagnostic diagnostics = 1; }
}
message PlanResourceChange {
  message Request {
    string type_name = 1;
    DynamicValue prior_state = 2;
    DynamicValue proposed_new_state = 3;
    DynamicValue config = 4;
  }
  message Response {
    DynamicValue planned_state = 1;
    repeated AttributePath requires_replace = 2;
    repeated Diagnostic diagnostics = 4;
  }
}
service Provider {
  rpc Configure(Configure.Request) returns (Configure.Response);
  rpc PlanResourceChange(PlanResourceChange.Request) returns (PlanResourceChange.Response);
}
"""
# The greeting between Terraform and its plugins, which keeps others from starting one by mistake.
# Source: https://github.com/hashicorp/terraform/blob/v1.11.0/internal/plugin/serve.go
GREETING = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5",
}
OFFLINE = {
    "region": "us-east-1",
    "access_key": "none",
    "secret_key": "none",
    "skip_credentials_validation": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}
# Without these, the provider refuses every plan of the type.
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "aws_lb_target_group": {
        "port": 80,
        "protocol": "HTTP",
        "target_type": "instance",
        "vpc_id": "vpc-1",
    },
}
# What their values decide is in `compiler/changes/effects.csv`: with `force_new_deployment` a
# strategy changes in place unless it comes or goes; Redis becomes Valkey, but never the other way.
# Source: capacityProviderStrategyCustomizeDiff in
# https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ecs/service.go
NOT_HERE = {
    ("aws_ecs_service", "capacity_provider_strategy"),
    ("aws_elasticache_replication_group", "engine"),
}
# Two values of each kind: plain words, then what only some arguments take.
TEXTS = (
    ("a", "b"),
    ('{"Version": "a"}', '{"Version": "b"}'),
    ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
    ("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"),
    ("10.0.0.0/16", "10.1.0.0/16"),
    ("1", "2"),
)
Values = dict[str, Any]
ArgumentPath = tuple[str, ...]


class Provider:
    """The provider as a process that plans."""

    def __init__(self, stub: Any, messages: Any) -> None:  # noqa: ANN401 - made from PROTOCOL at run time
        self.stub, self.messages = stub, messages

    def replaced(self, type_: str, block: Schema, before: Values, after: Values) -> set[str]:
        """The arguments for which a change would make another object; none if it is refused."""
        written = {
            name: value
            for name, value in after.items()
            if name in block.get("block_types", {}) or settable(block["attributes"][name])
        }
        config = {**dict.fromkeys(after), **written, "id": None}
        request = self.messages.PlanResourceChange.Request(
            type_name=type_,
            prior_state=self.packed(before),
            proposed_new_state=self.packed(after),
            config=self.packed(config),
        )
        paths = self.stub.PlanResourceChange(request, timeout=60).requires_replace
        names = (".".join(s.attribute_name for s in p.steps if s.attribute_name) for p in paths)
        return {name for name in names if name != "id"}

    def packed(self, values: Values) -> Any:  # noqa: ANN401 - the same
        """Values as the protocol carries them."""
        return self.messages.DynamicValue(msgpack=msgpack.packb(values))


def main() -> None:
    """Asks for every argument of every type that trazo may emit, and writes what it hears."""
    schema = provider_schema()
    with provider(schema) as running:
        found = {
            t: forcing(running, t, schema["resource_schemas"][t]) for t in types("managed", schema)
        }
    # A type without any stands there, too: what is missing was not asked about.
    lines = [f'"{type_}": {json.dumps(names)}' for type_, names in sorted(found.items())]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {sum(map(len, found.values()))} arguments\n")


@contextmanager
def provider(schema: Schema) -> Iterator[Provider]:
    """The provider running, configured for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "tfplugin5.proto").write_text(PROTOCOL, encoding="utf-8")
        sys.path.insert(0, folder)
        messages, services = grpc.protos_and_services("tfplugin5.proto")
        with subprocess.Popen(
            [program(Path(folder))],
            env={**os.environ, **GREETING},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            # It answers with versions, then its address: `1|5|unix|/tmp/plugin123|grpc|`.
            greeting = process.stdout.readline() if process.stdout else ""
            _, _, network, address, *_ = greeting.split("|")
            channel = grpc.insecure_channel(f"unix:{address}" if network == "unix" else address)
            running = Provider(services.ProviderStub(channel), messages)
            config = {**empty(schema["provider"]["block"]), **OFFLINE}
            request = messages.Configure.Request(
                terraform_version="1.11.0", config=running.packed(config)
            )
            running.stub.Configure(request)
            yield running
            process.terminate()


def program(folder: Path) -> str:
    """The provider's program, as Terraform installs it into a folder."""
    required = {
        "terraform": {"required_providers": {"aws": {"source": SOURCE, "version": VERSION}}}
    }
    (folder / "main.tf.json").write_text(json.dumps(required), encoding="utf-8")
    plugins = os.environ.get("TRAZO_TF_PLUGIN_DIR")
    options = [f"-plugin-dir={plugins}"] if plugins else []
    terraform(str(folder), "init", "-backend=false", *options)
    installed = (folder / ".terraform" / "providers" / "registry.terraform.io" / SOURCE).resolve()
    (found,) = (p for p in installed.glob("*/*/*") if p.name.startswith("terraform-provider-aws"))
    return str(found)


def forcing(running: Provider, type_: str, schema: Schema) -> list[str]:
    """The arguments of a type that cannot change in place."""
    block = schema["block"]
    found: set[str] = set()
    for path, kind in arguments(block):
        for number in range(len(TEXTS)):
            before, after = (least(type_, block, number) for _ in range(2))
            put(before, block, path, value(kind, number, second=False), number)
            put(after, block, path, value(kind, number, second=True), number)
            found |= running.replaced(type_, block, before, after)
    return sorted(name for name in found if (type_, name) not in NOT_HERE)


def arguments(block: Schema, outer: ArgumentPath = ()) -> Iterator[tuple[ArgumentPath, Any]]:
    """Every argument that can be set, nested ones too, with its type."""
    for name, attribute in block.get("attributes", {}).items():
        if settable(attribute) and name not in ("id", "tags", "tags_all"):
            yield (*outer, name), attribute["type"]
    for name, nested in block.get("block_types", {}).items():
        if name != "timeouts":
            yield from arguments(nested["block"], (*outer, name))


def settable(attribute: Schema) -> bool:
    """Whether a configuration may set it."""
    return bool(attribute.get("required") or attribute.get("optional"))


def empty(block: Schema) -> Values:
    """A body in which nothing is set."""
    values: Values = dict.fromkeys(block.get("attributes", {}))
    for name, nested in block.get("block_types", {}).items():
        values[name] = {"single": None, "map": {}}.get(nested["nesting_mode"], [])
    return values


def least(type_: str, block: Schema, number: int) -> Values:
    """A resource that is there, with only what it must have."""
    return {**filled(block, number), "id": "x", **copy.deepcopy(dict(NEEDED.get(type_, {})))}


def filled(block: Schema, number: int) -> Values:
    """A body in which only what is required is set."""
    values = empty(block)
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("required"):
            values[name] = value(attribute["type"], number, second=False)
    for name, nested in block.get("block_types", {}).items():
        if nested.get("min_items", 0):
            values[name] = [filled(nested["block"], number)]
    return values


def put(values: Values, block: Schema, path: ArgumentPath, new: object, number: int) -> None:
    """Sets an argument, and what has to stand around it."""
    name, *rest = path
    if not rest:
        values[name] = new
        return
    nested = block["block_types"][name]
    values[name] = values[name] or filled(nested["block"], number)
    if nested["nesting_mode"] != "single" and not isinstance(values[name], list):
        values[name] = [values[name]]
    inner = values[name][0] if isinstance(values[name], list) else values[name]
    put(inner, nested["block"], tuple(rest), new, number)


def value(kind: Any, number: int, *, second: bool) -> Any:  # noqa: ANN401 - of any type
    """The first or second value of a type."""
    match kind:
        case "string":
            return TEXTS[number][second]
        case "number":
            return 1 + second
        case "bool":
            return second
        case ["map", inner]:
            return {"a": value(inner, number, second=second)}
        case ["object", members]:
            return {name: value(k, number, second=second) for name, k in members.items()}
        case [_, inner]:
            return [value(inner, number, second=second)]
    raise ValueError(f"{kind} is no type")


if __name__ == "__main__":
    main()
