"""What keeps something: buckets, databases, caches and secrets."""

from functools import cache

from hypothesis import strategies as st

from tests.strategies.draft import Draft
from tests.strategies.words import TEXT, Document, some

_WINDOWS = {
    "apply": st.sampled_from(("at_once", "maintenance_window")),
    "backup_window": st.sampled_from(("03:00-04:00", "23:30-00:30")),
    "maintenance_window": st.sampled_from(("sun:05:00-sun:06:00", "sat:22:00-sat:23:00")),
}
_PURPOSES = ("static", "static", "media", "alb_logs", "logs", "general")


def add_buckets(draft: Draft) -> None:
    """Buckets for any purpose."""
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
def databases() -> st.SearchStrategy[Document]:
    """What a database says of itself."""
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
        allow_major_upgrade=st.booleans(),
        instance_class=st.sampled_from(("db.t4g.micro", "db.t4g.small", "db.r6g.large")),
        multi_az=st.booleans(),
        database_name=st.sampled_from(("orders", "A_b9")),
        username=st.sampled_from(("owner", "App_1")),
        password=st.sampled_from(("ephemeral", "rds_managed")),
        password_version=st.integers(1, 9),
        backup_retention_days=st.integers(1, 35),
        deletion_protection=st.booleans(),
        final_snapshot=st.booleans(),
        **_WINDOWS,
    )
    return st.builds(lambda a, b: {**a, **b}, disks, rest)


@cache
def caches() -> st.SearchStrategy[Document]:
    """What a cache says of itself."""
    return some(
        enabled=st.booleans(),
        engine_version=st.sampled_from(("7.1", "7.0", "6.x")),
        node_type=st.sampled_from(("cache.t4g.micro", "cache.t4g.small")),
        nodes=st.integers(1, 3),
        snapshot_retention_days=st.integers(0, 35),
        **_WINDOWS,
    )


def add_security(draft: Draft) -> list[str]:
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
