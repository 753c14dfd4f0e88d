"""What people change in a spec that is deployed already, for any spec."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from ipaddress import IPv4Network
from typing import Any

from compiler.aws.lists import zone_letters
from tests.strategies.written import dump_json
from trazo_spec.load import load
from trazo_spec.yaml.located import plain

Document = dict[str, Any]
"""The merged spec of one environment, as plain values."""

STATE = "state bucket renamed"
RENAMED = "everything renamed"
SERVICE_ADDED = "service added"
ZONE_ADDED = "zone added"
LONGEST = 24
"""Of the names of components."""
ALL_ON_DEMAND: Document = {"on_demand": {"weight": 1}}
"""What a service that says nothing of it runs on."""
CAPACITIES: Mapping[str, Document] = {
    "on demand": ALL_ON_DEMAND,
    "Spot": {"spot": {"weight": 1}},
    "other weights": {"on_demand": {"base": 2, "weight": 1}, "spot": {"weight": 4}},
}


def documents(text: str) -> dict[str, Document]:
    """Every environment of a spec, its overlay merged in."""
    return {name: dict(plain(merged)) for name, merged in load(text).documents.items()}


def written(document: Document, environment: str) -> str:
    """A spec of this one environment."""
    return dump_json({**document, "environments": {environment: {}}})


def edited(document: Document) -> dict[str, Document]:
    """The document after each edit that changes anything in it."""
    results = {}
    for name, edit in EDITS.items():
        result = deepcopy(document)
        edit(result)
        if result != document:
            results[name] = result
    return results


def everything(document: Document) -> Document:
    """The document after all edits but that of the state, one after the other."""
    result = deepcopy(document)
    for name, edit in EDITS.items():
        if name != STATE:
            edit(result)
    return result


def _of_kind(document: Document, kind: str) -> Iterator[Document]:
    return (c for c in document["components"].values() if c["kind"] == kind)


def _capacity(capacity: Document) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        for service in _of_kind(document, "ecs"):
            if service.get("capacity", ALL_ON_DEMAND) != capacity:
                service["capacity"] = capacity

    return edit


def _schedule(document: Document) -> None:
    """Stops later; what ran all the time is stopped at night."""
    for service in _of_kind(document, "ecs"):
        schedule = service.setdefault("scaling", {}).setdefault("schedule", {})
        if actions := schedule.get("actions"):
            repeated = next((action for action in actions if "cron" in action), {})
            repeated |= {"cron": "0 21 ? * MON-FRI *"}
        elif windows := schedule.get("windows"):
            windows[0] |= {"to": "21:00"}
        else:
            schedule["windows"] = [{"days": "MON-FRI", "from": "07:00", "to": "21:00"}]


def _cpu_and_memory(document: Document) -> None:
    for service in _of_kind(document, "ecs"):
        service |= {"cpu": 2048, "memory_mib": 8192}


def _zone(document: Document) -> None:
    """One zone more, where the VPC is ours and its region has another."""
    if not any(_of_kind(document, "ecs")):
        return
    network = next(_of_kind(document, "networking"), None)
    if network is None:
        network = document["components"]["network"] = {"kind": "networking"}
    region, zones = document["region"], network.get("availability_zones", 2)
    letters = zone_letters(region)
    known = zones if isinstance(zones, list) else [f"{region}{z}" for z in letters[:zones]]
    free = [f"{region}{z}" for z in letters if f"{region}{z}" not in known]
    if "existing" in network or not free:
        return
    network["availability_zones"] = [*zones, free[0]] if isinstance(zones, list) else zones + 1
    if "public_subnets" in network and "private_subnets" in network:
        network["public_subnets"].append(_unused(network, "public_subnets"))
        network["private_subnets"].append(_unused(network, "private_subnets"))


def _unused(network: Document, field: str) -> str:
    """Addresses for one subnet more, as many as those of the last one."""
    taken = [IPv4Network(n) for f in ("public_subnets", "private_subnets") for n in network[f]]
    size = IPv4Network(network[field][-1]).prefixlen
    possible = IPv4Network(network.get("cidr", "10.0.0.0/16")).subnets(new_prefix=size)
    return str(next(net for net in possible if not any(map(net.overlaps, taken))))


def _cache(document: Document) -> None:
    for cache in _of_kind(document, "redis"):
        cache["enabled"] = not cache.get("enabled", True)


def _second_service(document: Document) -> None:
    """A worker under a name that is free, in the first VPC where there are several."""
    components = document["components"]
    networks = [name for name, c in components.items() if c["kind"] == "networking"]
    components[next(n for n in ("jobs", "jobs_two") if n not in components)] = {
        "kind": "ecs",
        "image": f"123456789012.dkr.ecr.{document['region']}.amazonaws.com/jobs:1",
        "capacity": {"spot": {"weight": 1}},
        **({"network": networks[0]} if len(networks) > 1 else {}),
    }


def _renamed(document: Document) -> None:
    """Gives every component another name, wherever the spec says it; none of them twice."""
    names = {
        name: f"{name[: LONGEST - 7]}_{i}_two" if len(name) > LONGEST - 4 else f"{name}_two"
        for i, (name, component) in enumerate(document["components"].items())
        if "was" not in component
    }

    def new(name: str) -> str:
        return names.get(name, name)

    components = {
        new(name): {**c, "was": name} if name in names else c
        for name, c in document["components"].items()
    }
    for component in components.values():
        for field in ("network", "origin"):
            if field in component:
                component[field] = new(component[field])
        if "access_logs" in component:
            component["access_logs"]["bucket"] = new(component["access_logs"]["bucket"])
        if "routes" in component:
            component["routes"] = [{**r, "to": new(r["to"])} for r in component["routes"]]
        if "uses" in component:
            component["uses"] = {new(n): access for n, access in component["uses"].items()}
        if "services" in component:
            component["services"] = [new(name) for name in component["services"]]
    document["components"] = components
    for part, by_name in document.get("traffic", {}).items():
        document["traffic"][part] = {new(name): value for name, value in by_name.items()}
    for check in document.get("checks", {}).values():
        if "components" in check:
            check["components"] = [new(name) for name in check["components"]]
    if "overrides" in document:
        addresses = ((a.split("."), value) for a, value in document["overrides"].items())
        document["overrides"] = {f"{t}.{new(name)}": value for (t, name), value in addresses}


def _endpoint(document: Document) -> None:
    """Lets every bucket through the S3 endpoint of a VPC that is ours."""
    for network in _of_kind(document, "networking"):
        if "existing" not in network:
            network["s3_buckets"] = "any"


def _state(document: Document) -> None:
    document["state"]["bucket"] += "-two"


EDITS: Mapping[str, Callable[[Document], None]] = {
    **{name: _capacity(capacity) for name, capacity in CAPACITIES.items()},
    "schedule edited": _schedule,
    "cpu and memory": _cpu_and_memory,
    ZONE_ADDED: _zone,
    "cache switched": _cache,
    "every bucket let through": _endpoint,
    SERVICE_ADDED: _second_service,
    RENAMED: _renamed,
    STATE: _state,
}
"""What is edited -> the edit, which changes the document that it is given."""


def _database(**fields: object) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        for database in _of_kind(document, "rds"):
            database.update(fields)

    return edit


def _logs(document: Document) -> None:
    """Ends access logs, and removes the bucket that they are in."""
    for balancer in [*_of_kind(document, "alb")]:
        if logs := balancer.pop("access_logs", None):
            document["components"].pop(logs["bucket"], None)


def _network(document: Document) -> None:
    for network in _of_kind(document, "networking"):
        network["cidr"] = "10.9.0.0/16"


def _image(document: Document) -> None:
    for service in _of_kind(document, "ecs"):
        service["image"] = service["image"].rpartition(":")[0] + ":2"


RISKS: Mapping[str, Callable[[Document], None]] = {
    "another image": _image,
    "another major version": _database(engine_version="17", allow_major_upgrade=True),
    "another network": _network,
    "larger class at once": _database(instance_class="db.t4g.small", apply="at_once"),
    "larger class": _database(instance_class="db.t4g.small"),
    "larger disk": _database(storage_gb=30),
    "no backups": _database(backup_retention_days=0),
    "no bucket for logs": _logs,
    "older version": _database(engine_version="15"),
    "two zones": _database(multi_az=True),
}
"""What is refused, lost or interrupted -> the edit; each is planned, and none is applied."""
