"""Services, and roles for them."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.strategies.derived import links
from tests.strategies.draft import Draft
from tests.strategies.schedules import schedule_documents
from tests.strategies.words import TEXT, Document, Draw, few, some

FARGATE_SIZES = (
    (256, 512), (256, 2048), (512, 1024), (512, 3072), (1024, 2048), (1024, 8192), (2048, 16384),
    (4096, 8192), (8192, 20480), (16384, 32768), (32768, 61440),
)  # fmt: skip
"""Pairs of CPU units and MiB that AWS sells."""


def add_service(draft: Draft, secrets: list[str]) -> None:
    """A service that uses some of what is there."""
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


def _links(draft: Draft, place: Document) -> Document:
    """What a service uses: databases and caches of its own VPC, buckets, and other kinds."""
    draw = draft.draw
    nearby = [n for kind in ("rds", "redis") for n in draft.of(kind) if draft.beside(n, place)]
    uses = {n: "connect" for n in nearby if draw(st.booleans())}
    access = st.sampled_from(("read", "write", "read_write"))
    for purpose in ("static", "media", "general"):
        uses |= {n: draw(access) for n in draft.of("s3", purpose=purpose) if draw(st.booleans())}
    uses |= links(draft, place)
    return {"uses": uses} if uses else {}


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


def add_roles(draft: Draft) -> None:
    """Permissions for some of the services."""
    services = draft.of("ecs")
    statements = st.lists(_statements(draft.region), min_size=1, max_size=2, unique_by=repr)
    body: Document = {"statements": draft.draw(statements)}
    if services:
        body["services"] = draft.draw(st.lists(st.sampled_from(services), min_size=1, unique=True))
        if draft.draw(st.booleans()):
            body["permissions_boundary"] = "arn:aws:iam::123456789012:policy/limits"
    draft.add("iam", body)
