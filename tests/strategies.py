"""Hypothesis strategies: valid specs of every kind, schedules and loads.

A spec is valid by construction: what refers is made after what it refers to, so that hardly any
draw is thrown away. Strings are hostile but legal.
`specs()` draws anew for every test and shrinks; `compiled()` is one sample for the whole run, with
what it becomes, for the many laws that only look at that.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter
from ruamel.yaml import YAML

from compiler.graph import Graph, build
from compiler.lower import LOWERINGS, lower
from compiler.plan import Load, Plan
from trazo_spec.document import Spec
from trazo_spec.schedule import Schedule
from trazo_spec.traffic import Usage

Document = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1")
"""Regions of which every price is known."""
TIMEZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
ENDPOINTS = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssmmessages")
"""What tasks need where there is no NAT."""
FARGATE_SIZES = (
    (256, 512), (256, 2048), (512, 1024), (512, 3072), (1024, 2048), (1024, 8192), (2048, 16384),
    (4096, 8192), (8192, 20480), (16384, 32768), (32768, 61440),
)  # fmt: skip
"""Pairs of CPU units and MiB that AWS sells."""

TLS_POLICIES = ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "ELBSecurityPolicy-TLS13-1-3-2021-06")
HOSTILE = (
    "${aws_vpc.network.id}",
    "%{ if true }x%{ endif }",
    "$${doubled} %%{percent}",
    "$",
    "ends with ${",
    "quotes \" and ' and `",
    "back\\slash \\n \\u0041",
    "two\nlines\n",
    "\ttab",
    " spaces ",
    "",
    "yes",
    "0x10",
    "20:00",
    "null",
    "~",
    "- not a list",
    "{not: a mapping}",
    "# no comment",
    "&anchor *alias !tag",
    "<<",
    "Grüße 🚀 \u202e\u00a0\u2028",
    "<script>alert(1)</script>",
)
"""Texts that YAML, JSON, Terraform or a shell might take for something else."""

TEXT = st.sampled_from(HOSTILE) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12
)
"""Any text of a user."""
WORDS = st.sampled_from(
    ("web", "api", "a", "x__y", "ends_", "null", "on", "count", "for_each", "provider", "this",
     "database", "a_very_long_name_of_it24")
) | st.text("abcxyz019_", max_size=8).map(lambda word: f"k{word}")  # fmt: skip
"""Names, among them words that YAML or Terraform give a meaning."""
PLAIN_WORDS = WORDS.map(lambda word: re.sub("_+", "_", word).rstrip("_"))
"""Names that AWS takes where it takes no two hyphens and none at the end."""
PLAIN = ("alb", "rds", "redis", "s3")
"""Kinds whose names in AWS are that strict."""
RESERVED = ("network", "security")
"""Names of implied components, which only their own kind may carry."""


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    """A mapping with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def few(elements: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    """A short list of different elements."""
    return st.lists(elements, max_size=most, unique_by=repr)


def loads() -> st.SearchStrategy[Load]:
    """What a component does in a period of up to a year."""
    amounts = st.floats(0, 1e7, allow_nan=False)
    hours = st.floats(1, 8784, allow_nan=False)
    return st.builds(
        Load,
        hours=hours,
        months=st.floats(0.01, 12, allow_nan=False),
        usage=st.fixed_dictionaries({**dict.fromkeys(Usage.model_fields, amounts), **_LIMITED}),
        on_demand_task_h=amounts,
        spot_task_h=amounts,
        requests=amounts,
    )


@st.composite
def schedules(draw: Draw, most: int = 3) -> Schedule:
    """A schedule whose bounds a service with `max: most` allows."""
    return Schedule.model_validate_json(json.dumps(draw(schedule_documents(most))))


@st.composite
def schedule_documents(draw: Draw, most: int) -> Document:
    """The same as it is written: windows, or actions of every form."""
    timezone = draw(st.sampled_from(TIMEZONES))
    parts = draw(st.sampled_from(("windows", "sleep", "actions")))
    if parts == "windows":
        days = draw(st.sampled_from((("MON-FRI",), ("MON-FRI", "SAT,SUN"), ("FRI-SUN", "TUE"))))
        return {"timezone": timezone, "windows": [draw(_windows(d, most)) for d in days]}
    if parts == "sleep":
        stop, start = draw(st.integers(18, 23)), draw(st.integers(1, 12))
        days = draw(st.sampled_from(("MON-FRI", "*", "2-6", "SUN,SAT")))
        actions = [
            {"name": "stop", "cron": f"0 {stop} ? * {days} *", "min": 0, "max": 0},
            {"name": "start", "cron": f"30 {start} ? * {days} *", "min": 1},
        ]
        return {"timezone": timezone, "actions": actions}
    times = draw(st.lists(_times(), min_size=1, max_size=3))
    actions = [{"name": f"Act-{i}_x", **t, **draw(_bounds(most))} for i, t in enumerate(times)]
    return {"timezone": timezone, "actions": actions}


@st.composite
def _windows(draw: Draw, days: str, most: int) -> Document:
    begin, end = draw(st.integers(0, 11)), draw(st.integers(12, 24))
    minutes = draw(st.sampled_from(("00", "15", "59"))) if end < 24 else "00"
    bounds = draw(st.sampled_from(({}, {"min": 1}, {"min": 1, "max": most}, {"max": most})))
    return {"days": days, "from": f"{begin:02}:30", "to": f"{end:02}:{minutes}", **bounds}


@cache
def _times() -> st.SearchStrategy[Document]:
    """When an action runs, in all forms of AWS."""
    cron = st.sampled_from(
        ("0/30 8-18 ? * MON,WED *", "15 1 * * ? *", "0 6 ? JAN-MAR 2#1 *", "59 23 L * ? *",
         "0 9 15W 2/3 ? 2026-2030", "0 10 ? * 6L *")
    )  # fmt: skip
    limits = some(start=st.just("2026-11-01T00:00:00Z"), end=st.just("2030-01-01T12:30:00Z"))
    repeated = st.fixed_dictionaries({"cron": cron}) | st.fixed_dictionaries(
        {"rate": st.sampled_from(("1 day", "90 minutes", "6 hours"))}
    )
    once = st.fixed_dictionaries(
        {"at": st.sampled_from(("2026-12-24T18:00:00", "2027-03-28T12:30"))}
    )
    return once | st.builds(lambda a, b: {**a, **b}, repeated, limits)


@cache
def _bounds(most: int) -> st.SearchStrategy[Document]:
    pairs = [{"min": low, "max": high} for high in range(most + 1) for low in range(high + 1)]
    return st.sampled_from(pairs)


@dataclass
class _Draft:
    """What is decided so far; a draw only ever adds to it."""

    draw: Draw
    region: str
    domain: str
    components: dict[str, Document] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def name(self, kind: str) -> str:
        """A component's name that is not taken."""
        word = self.draw(PLAIN_WORDS if kind in PLAIN else WORDS)
        taken = {*self.components, *RESERVED, *(c.get("was") for c in self.components.values())}
        count = 0
        name = word
        while name in taken:
            count += 1
            name = f"{word[:21]}{count}"
        return name

    def add(self, kind: str, body: Document, name: str | None = None) -> str:
        """A further component and its name."""
        name = name or self.name(kind)
        was = f"old_{len(self.components)}"
        earlier = {"was": was} if self.draw(st.integers(0, 7)) == 7 else {}
        self.components[name] = {"kind": kind, **earlier, **body}
        return name

    def of(self, kind: str, **wanted: object) -> list[str]:
        """The components of a kind that say something."""
        return [
            n
            for n, c in self.components.items()
            if c["kind"] == kind and all(c.get(k) == v for k, v in wanted.items())
        ]

    def host(self) -> str:
        """A host name of one of the zones, or of somebody else's where there are none."""
        zone = self.draw(st.sampled_from(self.zones or ["elsewhere-example.net"]))
        label = self.draw(st.sampled_from(("www", "api", "a-b", "deep.er", "x9")))
        host = f"{label}.{zone}"
        while host in self.hosts:
            host = f"n{host}"
        self.hosts.add(host)
        return host

    def place(self) -> Document:
        """In which VPC something stands; said where it must be."""
        networks = self.of("networking")
        if len(networks) > 1 or (networks and self.draw(st.booleans())):
            return {"network": self.draw(st.sampled_from(networks))}
        return {}

    def closed(self, place: Document) -> bool:
        """Whether what stands there has no way into the internet."""
        networks = [place["network"]] if place else self.of("networking")
        return any("nat" not in self.components[n].get("egress", {"nat": 1}) for n in networks)


@st.composite
def documents(draw: Draw, environments: bool = True) -> Document:
    """A valid spec as plain data, with every kind of component in any number."""
    draft = _Draft(draw, draw(st.sampled_from(REGIONS)), "acme-example.com")
    for position in range(draw(st.sampled_from((1, 1, 0, 2)))):
        _network(draft, position)
    for position in range(draw(st.sampled_from((1, 1, 0, 2)))):
        _zone(draft, position)
    _buckets(draft)
    for _ in range(draw(st.integers(0, 2))):
        draft.add("rds", {**draft.place(), **draw(_databases())})
    for _ in range(draw(st.integers(0, 2))):
        draft.add("redis", {**draft.place(), **draw(_caches())})
    secrets = _security(draft)
    for _ in range(draw(st.integers(0, 3))):
        _service(draft, secrets)
    for _ in range(draw(st.sampled_from((1, 1, 0, 2)))):
        _load_balancer(draft)
    for _ in range(draw(st.integers(0, 2))):
        _distribution(draft)
    for _ in range(draw(st.sampled_from((0, 1)))):
        _roles(draft)
    if not draft.components:
        draft.add("s3", {})
    document = {
        "trazo": 1,
        "name": draw(st.sampled_from(("acme", "a1", "my-shop"))),
        "region": draft.region,
        "domain": draft.domain,
        "state": {"bucket": "acme-example-state", **draw(some(region=st.just("us-east-1")))},
        "components": draft.components,
    }
    if draft.of("rds") and draw(st.booleans()):
        arguments = {"ca_cert_identifier": "${x}", "copy_tags_to_snapshot": draw(st.booleans())}
        document["overrides"] = {f"aws_db_instance.{draft.of('rds')[0]}": arguments}
    document |= _assumptions(draft)
    if environments and (names := draw(st.sampled_from(_ENVIRONMENTS))):
        later = {name: _overlay(draft, name) for name in names[1:]}
        document["environments"] = {names[0]: {}, **later}
    return document


@st.composite
def specs(draw: Draw, environments: bool = True) -> Spec:
    """The same as the language's own type; `environments` holds overlays as they are written."""
    return as_spec(draw(documents(environments)))


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec and what each of its environments becomes."""

    position: int
    """Which one of the sample it is."""
    spec: Spec
    document: Document
    """The same as plain data, without environments; it is not to be changed."""
    graphs: Mapping[str, Graph]
    plans: Mapping[str, Plan]

    @property
    def first(self) -> str:
        """The first environment, which changes nothing of `document`."""
        return next(iter(self.graphs))

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """Shows the spec as it is written, to be pasted into a file and tried."""
        printer.text(f"\n{dump(self.spec)}")


def compiled() -> st.SearchStrategy[Compiled]:
    """Specs with what they become: as many as the profile asks for, the smallest first."""
    count = settings.default.max_examples
    # By position, for a strategy of the specs themselves would be printed with all of them.
    return st.integers(0, count - 1).map(lambda i: sample(count)[i % len(sample(count))])


@cache
def sample(count: int) -> tuple[Compiled, ...]:
    """Specs with what they become, the same ones in every run, the smallest first."""
    drawn: list[Document] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        deadline=None,
    )
    @given(documents())
    def collect(document: Document) -> None:
        drawn.append(document)

    collect()
    drawn.sort(key=lambda document: len(json.dumps(document)))
    return tuple(_compiled(i, as_spec(document)) for i, document in enumerate(drawn))


def _compiled(position: int, spec: Spec) -> Compiled:
    graphs = {name: build(one, name) for name, one in merged(spec).items()}
    document = {k: v for k, v in as_document(spec).items() if k != "environments"}
    return Compiled(
        position, spec, document, graphs, {name: lower(graph) for name, graph in graphs.items()}
    )


def merged(spec: Spec) -> dict[str, Spec]:
    """The spec of every environment by RFC 7396, without the reader."""
    document = as_document(spec)
    overlays = document.pop("environments", {}) or {"prod": {}}
    return {name: as_spec(_patched(document, overlay)) for name, overlay in overlays.items()}


def _patched(target: object, patch: object) -> Any:
    """MergePatch of https://www.rfc-editor.org/rfc/rfc7396#section-2, word by word."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _patched(result.get(name), value)
    return result


_PURPOSES = ("static", "static", "media", "alb_logs", "logs", "general")
_ENVIRONMENTS = ((), (), ("prod",), ("prod", "staging"), ("live", "test", "dev2"))


def _network(draft: _Draft, position: int) -> None:
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
    draft.add("networking", body, "network" if draw(st.booleans()) and position == 0 else None)


def _zone(draft: _Draft, position: int) -> None:
    draw = draft.draw
    domain = draft.domain if position == 0 else "other-example.org"
    draft.zones.append(domain)
    body: Document = {} if position == 0 and draw(st.booleans()) else {"zone": domain}
    if draw(st.booleans()):
        body["existing"] = draw(st.booleans())
    if draw(st.booleans()):
        text = {"name": "_t", "type": "TXT", "values": ["v=spf1 -all", 'a"b\\c', "${x} %{y}"]}
        mail = {"name": "@", "type": "MX", "ttl_s": 60, "values": ["10 mx.acme-example.com"]}
        body["records"] = [text, mail]
    draft.add("dns", body)


def _buckets(draft: _Draft) -> None:
    draw = draft.draw
    for position in range(draw(st.integers(0, 4))):
        purpose = draw(st.sampled_from(_PURPOSES))
        body: Document = {"purpose": purpose}
        if draw(st.booleans()):
            body["bucket"] = f"acme.own-{position}-{purpose.replace('_', '-')}"
            if draw(st.integers(0, 3)) == 3:
                draft.add("s3", {**body, "existing": True})
                continue
        days = st.integers(1, 3650)
        optional = some(
            versioning=st.booleans(),
            force_destroy=st.booleans(),
            lifecycle=some(expire_days=days, noncurrent_expire_days=days | st.none()),
        )
        body |= draw(optional)
        logs = draft.of("s3", purpose="logs")
        if logs and purpose in ("static", "media", "general") and draw(st.booleans()):
            body["access_logs"] = {"bucket": draw(st.sampled_from(logs))}
        draft.add("s3", body)


@cache
def _databases() -> st.SearchStrategy[Document]:
    disks = st.sampled_from(
        (
            {},
            {"storage_gb": 100, "storage_type": "gp2", "max_storage_gb": 200},
            {"storage_gb": 500, "iops": 12_000, "throughput_mib_per_s": 600},
            {"storage_gb": 200, "storage_type": "io1", "iops": 2_000},
        )
    )
    rest = some(
        engine_version=st.sampled_from(("16", "15.8")),
        instance_class=st.sampled_from(("db.t4g.micro", "db.t4g.small", "db.r6g.large")),
        multi_az=st.booleans(),
        database_name=st.sampled_from(("orders", "A_b9")),
        username=st.sampled_from(("owner", "App_1")),
        password=st.sampled_from(("ephemeral", "rds_managed")),
        password_version=st.integers(1, 9),
        backup_retention_days=st.integers(1, 35),
        deletion_protection=st.booleans(),
        final_snapshot=st.booleans(),
    )
    return st.builds(lambda a, b: {**a, **b}, disks, rest)


@cache
def _caches() -> st.SearchStrategy[Document]:
    return some(
        enabled=st.booleans(),
        engine_version=st.sampled_from(("7.1", "7.0", "6.x")),
        node_type=st.sampled_from(("cache.t4g.micro", "cache.t4g.small")),
        nodes=st.integers(1, 3),
        snapshot_retention_days=st.integers(0, 35),
    )


def _security(draft: _Draft) -> list[str]:
    """The secrets that services may read, declared or not."""
    draw = draft.draw
    secrets = ["undeclared_one"]
    for position in range(draw(st.sampled_from((0, 1, 2)))):
        own = [f"secret_{position}{i}" for i in range(draw(st.integers(1, 2)))]
        window = st.sampled_from((0, 7, 30))
        one = some(description=TEXT, generate=st.booleans(), recovery_window_days=window)
        body: Document = {"secrets": {name: draw(one) for name in own}}
        if position == 0 and draw(st.booleans()):
            count = st.integers(1, 90) | st.none()
            alarms = some(
                database_free_storage_gb=count,
                load_balancer_5xx_per_5min=count,
                unhealthy_targets=count,
                cpu_percent=count,
            )
            body["alarms"] = {"email": "ops@acme-example.com", **draw(alarms)}
        draft.add("security", body, "security" if draw(st.booleans()) and position == 0 else None)
        secrets += own
    return secrets


def _service(draft: _Draft, secrets: list[str]) -> None:
    place = draft.place()
    fields = _service_fields(draft.region, draft.closed(place), tuple(secrets))
    draft.add("ecs", {**draft.draw(fields), **place, **_links(draft, place)})


@cache
def _service_fields(
    region: str, closed: bool, secrets: tuple[str, ...]
) -> st.SearchStrategy[Document]:
    """What a service says of itself; in a closed VPC it stays away from the internet."""
    images = [f"123456789012.dkr.ecr.{region}.amazonaws.com/a/b:v1"]
    optional: dict[str, st.SearchStrategy[Any]] = {
        "architecture": st.sampled_from(("x86_64", "arm64")),
        "ephemeral_storage_gib": st.sampled_from((21, 200)),
        "port": st.sampled_from((80, 8443, 65_535)),
        "protocol": st.sampled_from(("HTTP", "HTTPS")),
        "health_check": _health_checks(),
        "command": st.lists(TEXT, max_size=3),
        "environment": st.dictionaries(st.sampled_from(("PLAIN", "_lower", "Mixed9")), TEXT),
        "secrets": st.dictionaries(st.sampled_from(("KEY_A", "KEY_B")), st.sampled_from(secrets)),
        "capacity": st.sampled_from(_CAPACITIES),
        "scaling": _scalings(),
        "iam": st.fixed_dictionaries({"statements": few(_statements(region))}),
        "stop_timeout_s": st.sampled_from((2, 119)),
        "deregistration_delay_s": st.sampled_from((0, 90)),
        "log_retention_days": st.sampled_from((1, 365)),
        "execute_command": st.booleans(),
    }
    if not closed:
        images.append("public.ecr.aws/nginx/nginx@sha256:" + "0a" * 32)
        optional["egress_ports"] = st.sampled_from(([443], [443, 22], []))
    sizes = st.sampled_from(({}, *({"cpu": c, "memory_mib": m} for c, m in FARGATE_SIZES)))
    image = st.fixed_dictionaries({"image": st.sampled_from(images)}, optional=optional)
    return st.builds(lambda a, b: {**a, **b}, image, sizes)


def _links(draft: _Draft, place: Document) -> Document:
    """What a service uses: databases and caches of its own VPC, and any bucket it may use."""
    draw = draft.draw
    nearby = [n for kind in ("rds", "redis") for n in draft.of(kind) if _beside(draft, n, place)]
    uses = {n: "connect" for n in nearby if draw(st.booleans())}
    access = st.sampled_from(("read", "write", "read_write"))
    for purpose in ("static", "media", "general"):
        uses |= {n: draw(access) for n in draft.of("s3", purpose=purpose) if draw(st.booleans())}
    return {"uses": uses} if uses else {}


def _beside(draft: _Draft, name: str, place: Document) -> bool:
    """Whether a component stands in the same VPC; one that names none stands in the only one."""
    several = len(draft.of("networking")) > 1
    return not several or draft.components[name].get("network") == place.get("network")


_CAPACITIES = (
    {"on_demand": {}},
    {"spot": {"weight": 1}},
    {"spot": {"weight": 3}, "on_demand": {"base": 1, "weight": 0}},
    {"on_demand": {"weight": 1}, "spot": {"base": 2, "weight": 4}},
)


@cache
def _health_checks() -> st.SearchStrategy[Document]:
    return some(
        path=st.sampled_from(("/", "/health/?a=${x}&b=%{y}", "/" + "~" * 90)),
        status=st.sampled_from(("200", "200-299", "200,302")),
        interval_s=st.integers(6, 300),
        timeout_s=st.integers(2, 5),
        healthy_threshold=st.integers(2, 10),
        unhealthy_threshold=st.integers(2, 10),
        grace_period_s=st.sampled_from((0, 600)),
    )


@st.composite
def _scalings(draw: Draw) -> Document:
    high = draw(st.integers(1, 4))
    body: Document = {"min": draw(st.integers(1, high)), "max": high}
    cooldown = st.sampled_from((0, 60, 3600))
    body |= draw(
        some(
            target_cpu_percent=st.integers(1, 100) | st.none(),
            scale_out_cooldown_s=cooldown,
            scale_in_cooldown_s=cooldown,
        )
    )
    if draw(st.booleans()):
        body["schedule"] = draw(schedule_documents(high))
    return body


@cache
def _statements(region: str) -> st.SearchStrategy[Document]:
    arns = (
        f"arn:aws:sqs:{region}:123456789012:jobs",
        "arn:aws:s3:::somebody-elses/${aws:PrincipalTag/team}/*",
    )
    condition = {"StringEquals": {"aws:RequestedRegion": [region, "${aws:username}"]}}
    return st.fixed_dictionaries(
        {
            "actions": st.sampled_from((["sqs:SendMessage"], ["s3:GetObject", "s3:PutObject"])),
            "resources": st.lists(st.sampled_from(arns), min_size=1, unique=True),
        },
        optional={"effect": st.sampled_from(("Allow", "Deny")), "condition": st.just(condition)},
    )


def _load_balancer(draft: _Draft) -> None:
    """A load balancer for some of the services that listen and stand in one VPC."""
    draw, place = draft.draw, draft.place()
    listening = [n for n in draft.of("ecs") if "port" in draft.components[n]]
    services = st.sampled_from([n for n in listening if _beside(draft, n, place)] or ["none"])
    if draw(services) == "none":
        return
    host = draft.host()
    routes: list[Document] = []
    for position in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from((f"/{position}/*", f"/{position}$?\"'@:+&.~_-*")))
        only = draw(st.sampled_from(({"path": path}, {"host": host, "path": path}, {})))
        routes.append({"to": draw(services), **(only or {"host": draft.host()})})
    routes.append({"to": draw(services)})
    hosts = [host, *(r["host"] for r in routes if "host" in r)]
    certificate = _certificate(draft, draft.region, hosts)
    body = {**place, "hostname": host, "routes": routes, **certificate}
    if logs := draft.of("s3", purpose="alb_logs"):
        enabled = some(enabled=st.booleans())
        body["access_logs"] = {"bucket": draw(st.sampled_from(logs)), **draw(enabled)}
    body |= draw(
        some(
            idle_timeout_s=st.integers(1, 4000),
            deletion_protection=st.booleans(),
            tls_policy=st.sampled_from(TLS_POLICIES),
        )
    )
    draft.add("alb", body)


def _certificate(draft: _Draft, region: str, hosts: list[str]) -> Document:
    """A new certificate for the host names where a zone can prove them, else an existing one."""
    match draft.draw(st.integers(0, 3)) if draft.zones else 0:
        case 0:
            number = "01234567-89ab-cdef-0123-456789abcdef"
            return {
                "certificate": {"arn": f"arn:aws:acm:{region}:123456789012:certificate/{number}"}
            }
        case 1:
            wider = [f"*.{host.partition('.')[2]}" for host in hosts]
            return {"certificate": {"names": list(dict.fromkeys([*hosts, *wider]))}}
        case _:
            return {}


def _distribution(draft: _Draft) -> None:
    draw = draft.draw
    served = {draft.components[n]["origin"] for n in draft.of("cloudfront")}
    buckets = [n for n in draft.of("s3", purpose="static") if n not in served]
    if not buckets:
        return
    body = {"hostname": draft.host(), "origin": draw(st.sampled_from(buckets))}
    page = draw(st.sampled_from(({}, {"default_root_object": "index.html"})))
    optional = some(
        origin_access=st.sampled_from(("oac", "oai")),
        price_class=st.sampled_from(("PriceClass_All", "PriceClass_100")),
        content_security_policy=st.just("default-src 'self' ${x} %{y} \"z\""),
        **({"single_page_app": st.booleans()} if page else {}),
    )
    certificate = _certificate(draft, "us-east-1", [body["hostname"]])
    draft.add("cloudfront", {**body, **page, **certificate, **draw(optional)})


def _roles(draft: _Draft) -> None:
    services = draft.of("ecs")
    statements = st.lists(_statements(draft.region), min_size=1, max_size=2, unique_by=repr)
    body: Document = {"statements": draft.draw(statements)}
    if services:
        body["services"] = draft.draw(st.lists(st.sampled_from(services), min_size=1, unique=True))
        if draft.draw(st.booleans()):
            body["permissions_boundary"] = "arn:aws:iam::123456789012:policy/limits"
    draft.add("iam", body)


def _assumptions(draft: _Draft) -> Document:
    """What a bill is worked out from beside the components."""
    traffic = _traffic(draft)
    assumed: Document = {"traffic": traffic} if traffic else {}
    if draft.draw(st.booleans()):
        assumed["simulation"] = draft.draw(_simulations())
    return assumed


def _traffic(draft: _Draft) -> Document:
    """Demand on one service, and use of some components, or nothing."""
    draw = draft.draw
    traffic: Document = {}
    if (services := draft.of("ecs")) and draw(st.booleans()):
        traffic["demand"] = {draw(st.sampled_from(services)): draw(_demands())}
    if draw(st.booleans()):
        busy = [*draft.of("alb"), *draft.of("cloudfront"), *draft.of("networking")]
        chosen = st.sampled_from([*busy * 3, *sorted(draft.components)])
        names = draw(st.lists(chosen, min_size=1, max_size=3, unique=True))
        traffic["usage"] = {n: draw(_usage(draft.components[n]["kind"])) for n in names}
    return traffic


@cache
def _demands() -> st.SearchStrategy[Document]:
    rates = st.floats(0, 500, allow_nan=False, allow_subnormal=False)
    return some(
        profile=st.sampled_from(("flat", "business_hours", "evenings")),
        timezone=st.sampled_from(TIMEZONES),
        peak_requests_per_s=rates,
        hourly=st.lists(rates, min_size=24, max_size=24),
        cpu_s_per_request=st.floats(0.001, 10),
        noise=st.floats(0, 1),
        noise_correlation_s=st.floats(0, 7200),
        growth_share_per_month=st.floats(-0.5, 2),
    )


@cache
def _simulations() -> st.SearchStrategy[Document]:
    seconds, share = st.floats(0, 600), st.floats(0, 1)
    spot = some(
        interruptions_per_task_month=st.floats(0, 50),
        together_share=share,
        gap_s=st.floats(0, 7200),
        price_drift_share=share,
    )
    return some(
        lags=st.booleans(),
        provisioning_s=seconds,
        image_pull_s=seconds,
        boot_s=seconds,
        metric_period_s=st.sampled_from((20, 60)),
        metric_delay_s=seconds | st.none(),
        schedule_delay_s=seconds,
        spot=spot,
    )


@cache
def _usage(kind: str) -> st.SearchStrategy[Document]:
    amount = st.integers(0, 10**9) | st.floats(0, 1e6, allow_nan=False, allow_subnormal=False)
    fields = dict.fromkeys(LOWERINGS[kind].USAGE, amount)
    return some(**{name: _LIMITED.get(name, each) for name, each in fields.items()})


_LIMITED = {
    "cache_hit_share": st.floats(0, 1),
    "connection_s": st.floats(0.1, 86_400),
    "requests_per_connection": st.integers(1, 1000) | st.floats(0.001, 1),
}
"""Uses that are no sum over a month."""


def _overlay(draft: _Draft, environment: str) -> Document:
    """What a second environment in the same account must change, and a little that it may."""
    changes: dict[str, Document] = {}
    for name, component in draft.components.items():
        if own := _own(component, environment):
            changes[name] = own
        elif component["kind"] == "ecs" and draft.draw(st.booleans()):
            changes[name] = {"scaling": {"min": 1, "max": 4, "schedule": None}}
    if draft.draw(st.booleans()):
        changes[f"only_{environment}"] = {"kind": "s3"}
    return {"components": changes} if changes else {}


def _own(component: Document, environment: str) -> Document:
    """Names of its own for what is unique in an account; the zone is looked up."""

    def renamed(host: str) -> str:
        return f"{environment}-{host}"

    match component["kind"]:
        case "dns":
            return {"existing": True, **({"records": None} if "records" in component else {})}
        case "cloudfront":
            return {"hostname": renamed(component["hostname"]), **_derived(component)}
        case "alb":
            routes = [
                {**r, "host": renamed(r["host"])} if "host" in r else r for r in component["routes"]
            ]
            named = {"hostname": renamed(component["hostname"]), "routes": routes}
            return {**named, **_derived(component)}
        case "s3" if "bucket" in component:
            return {"bucket": f"{environment}-{component['bucket']}"}
        case _:
            return {}


def _derived(component: Document) -> Document:
    """Takes the names of a certificate away, so that they follow from the host names again."""
    return {"certificate": None} if "names" in component.get("certificate", {}) else {}


def as_spec(document: Mapping[str, Any]) -> Spec:
    """A plain document as the language's type."""
    return Spec.model_validate_json(json.dumps(document))


def as_document(spec: Spec) -> Document:
    """A spec as the plain document that it was written as."""
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)


def dump(spec: Spec) -> str:
    """A spec as people write it, in block style."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.sort_base_mapping_type_on_output = (
        False,
        True,
        False,
    )
    stream = StringIO()
    yaml.dump(as_document(spec), stream)
    return stream.getvalue()


def dump_json(document: Mapping[str, Any]) -> str:
    """A document as JSON, which is YAML too, with what YAML does not print escaped."""
    text = json.dumps(document, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\ufffe\uffff\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", text)
