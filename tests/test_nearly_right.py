"""Values that are nearly what AWS takes: what advice names, and true names that are let through."""

import pytest

from compiler.findings.check import check
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load

HEAD = "trazo: 1\nname: acme\nregion: us-east-2\nstate: {bucket: acme-state}\ncomponents:\n"
IMAGE = "image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/acme:1"
WINDOW = "{days: MON-FRI, from: '08:00', to: '20:00'}"


def findings(component: str, region: str = "us-east-2") -> list[Diagnostic]:
    """What is found in a spec of one component."""
    text = f"{HEAD}  one: {{{component}}}\n".replace("region: us-east-2", f"region: {region}")
    return [*check(load(text, "spec.yaml")).diagnostics]


def advice(component: str, region: str = "us-east-2") -> str:
    """What the only error advises."""
    (found,) = (d for d in findings(component, region) if d.severity is Severity.ERROR)
    return found.help


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("US-EAST-1", "us-east-1"),
        ("us_east_1", "us-east-1"),
        ("us-east1", "us-east-1"),
        ("us-east-01", "us-east-1"),
        ("Eu-Central-2", "eu-central-2"),
        ("us-gov-west1", "us-gov-west-1"),
        ("us-west-2b", "us-west-2"),
        ("eusc_de_east_1", "eusc-de-east-1"),
    ],
)
def test_a_region_in_another_spelling_is_told_in_that_of_aws(written: str, meant: str):
    """It has no form of a region, so the list of regions is never asked."""
    assert advice("kind: s3", written) == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("component", "meant"),
    [
        ("kind: rds, instance_class: db.t4g.Micro", "db.t4g.micro"),
        ("kind: rds, instance_class: DB.M6G.LARGE", "db.m6g.large"),
        ("kind: rds, instance_class: t4g.micro", "db.t4g.micro"),
        ("kind: rds, instance_class: cache.t4g.micro", "db.t4g.micro"),
        ("kind: rds, instance_class: bd.t3.micro", "db.t3.micro"),
        ("kind: rds, instance_class: db.t4g-micro", "db.t4g.micro"),
        ("kind: redis, node_type: db.t4g.micro", "cache.t4g.micro"),
        ("kind: redis, node_type: t4g.micro", "cache.t4g.micro"),
        ("kind: redis, node_type: chache.m6g.large", "cache.m6g.large"),
        ("kind: redis, node_type: cache.T4g.micro", "cache.t4g.micro"),
        (f"kind: ecs, {IMAGE}, port: 80, health_check: {{path: health}}", "/health"),
        (f"kind: ecs, {IMAGE}, port: 80, health_check: {{status: '200, 301'}}", "200,301"),
        ("kind: rds, maintenance_window: 'Mon:3:00-Mon:4:30'", "mon:03:00-mon:04:30"),
        ("kind: rds, maintenance_window: 'monday:03:00-tuesday:04:00'", "mon:03:00-tue:04:00"),
        ("kind: rds, maintenance_window: 'sat:03:00-04:00'", "sat:03:00-sat:04:00"),
        ("kind: redis, maintenance_window: 'fri:22:00 - fri:23:30'", "fri:22:00-fri:23:30"),
        ("kind: rds, backup_window: '3:00-4:00'", "03:00-04:00"),
        ("kind: rds, backup_window: '03:00 \u2013 04:15'", "03:00-04:15"),
    ],
)
def test_a_text_in_nearly_the_right_form_is_told_in_the_right_one(component: str, meant: str):
    """The user's own value, and not just any example."""
    assert advice(component) == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        (f"kind: ecs, {IMAGE}, log_retention_days: 2", "use `1` or `3`"),
        (f"kind: ecs, {IMAGE}, log_retention_days: 31", "use `30` or `60`"),
        (f"kind: ecs, {IMAGE}, log_retention_days: 730", "use `545` or `731`"),
        (f"kind: ecs, {IMAGE}, log_retention_days: 3650", "use `3288` or `3653`"),
        (f"kind: ecs, {IMAGE}, log_retention_days: 9999", "use `3653`"),
        (f"kind: ecs, {IMAGE}, log_retention_days: 0", "use `1`"),
        (f"kind: ecs, {IMAGE}, cpu: 300", "use `256` or `512`"),
        (f"kind: ecs, {IMAGE}, cpu: 250", "use `256`"),
    ],
)
def test_a_number_that_aws_does_not_take_is_told_its_neighbours(component: str, expected: str):
    """A list of twenty-two numbers leaves the choice to whoever reads it."""
    assert advice(component) == expected


@pytest.mark.parametrize("version", ["6.2", "7.2", "8.0", "7", "latest", "5.0.6"])
def test_another_version_of_redis_is_told_those_that_there_are(version: str):
    """There are three, and later ones are called Valkey."""
    told = advice(f"kind: redis, engine_version: '{version}'")

    assert "`7.1`, `7.0` or `6.x`" in told


@pytest.mark.parametrize("zone", ["us-east-2", "us-east-2A", "us-east-2-a", "us-east-22a"])
def test_what_is_no_zone_is_said_once(zone: str):
    """Two findings for one word would advise two things, one of which lifts nothing."""
    found = findings(f"kind: networking, availability_zones: [us-east-2b, {zone}]")

    assert [d.code for d in found if d.severity is Severity.ERROR] == ["TZ410"]


def test_no_account_has_three_zones_in_northern_california():
    """EC2 names two of its three zones to each account; which two differs."""
    three = findings("kind: networking, availability_zones: 3", "us-west-1")
    named = findings("kind: networking, availability_zones: [us-west-1a, us-west-1c]", "us-west-1")

    assert "TZ410" in {d.code for d in three}
    assert not {"TZ410", "TZ650", "TZ651"} & {d.code for d in named}


@pytest.mark.parametrize(
    ("version", "newest"), [("16.99", "16.15"), ("14.25", "14.24"), ("18.0", "18.6")]
)
def test_an_unknown_minor_version_is_told_the_newest_of_its_major_one(version: str, newest: str):
    """Another major version is no slip: a database never goes back from it."""
    found = {d.code: d.help for d in findings(f"kind: rds, engine_version: '{version}'")}

    assert f"`{newest}` is the newest" in found["TZ651"]


@pytest.mark.parametrize("version", ["11", "11.22"])
def test_a_major_version_without_a_minor_one_is_not_created_any_more(version: str):
    """AWS has retired all of them, and what trazo advised was the same again."""
    found = {d.code: d.help for d in findings(f"kind: rds, engine_version: '{version}'")}

    assert found["TZ654"] == "use a later version"


@pytest.mark.parametrize("size", ["db.m3.medium", "db.m1.small"])
def test_for_a_retired_class_another_one_of_its_size_is_named(size: str):
    """Where its own family has none of that size, others do."""
    assert advice(f"kind: rds, instance_class: {size}").startswith("use another one, such as `db.")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PST", "`America/Los_Angeles`"),
        ("EDT", "`America/New_York`"),
        ("CEST", "`Europe/Berlin` or `Europe/Paris` or `Europe/Brussels`"),
        ("BST", "`Europe/London`"),
        ("IST", "`Asia/Kolkata` or `Europe/Dublin` or `Asia/Jerusalem`"),
        ("JST", "`Asia/Tokyo`"),
        ("UTC+9", "`Asia/Tokyo`"),
        ("GMT+5", "`Asia/Karachi`"),
        ("-0800", "`America/Los_Angeles`"),
        ("+02:00", "`Europe/Athens` or `Africa/Johannesburg`"),
    ],
)
def test_what_people_say_of_clocks_is_told_as_a_place(name: str, expected: str):
    """`CEST` is not `EST`, and `GMT+5` is ten hours away from `Etc/GMT+5`."""
    scaling = f"scaling: {{schedule: {{timezone: '{name}', windows: [{WINDOW}]}}}}"

    assert advice(f"kind: ecs, {IMAGE}, {scaling}") == f"did you mean {expected}?"


@pytest.mark.parametrize(
    ("endpoint", "meant"),
    [("ecr", "`ecr.api` or `ecr.dkr`"), ("ecr-api", "`ecr.api`"), ("cloudwatch", "`monitoring`")],
)
def test_an_endpoint_is_looked_for_by_what_people_call_it(endpoint: str, meant: str):
    """The names of endpoints are not those of the services."""
    found = findings(f"kind: networking, egress: {{nat: single, endpoints: [{endpoint}]}}")

    told = [d.help.partition("?")[0] for d in found if d.code == "TZ413"]

    assert told == [f"did you mean {meant}"]


REGIONS = "ap-east-2 ap-southeast-7 mx-central-1 ca-west-1 il-central-1 eu-central-2 cn-northwest-1"
CLASSES = "db.r6gd.large db.m6idn.large db.x2g.16xlarge db.r6i.32xlarge db.m8gd.large db.t3.2xlarge"
NODES = "cache.c7gn.large cache.r6gd.xlarge cache.m5.24xlarge cache.r7g.16xlarge cache.t2.micro"
PLACES = (
    "America/Argentina/Buenos_Aires America/Ciudad_Juarez America/Indiana/Indianapolis "
    "Antarctica/Troll Asia/Calcutta Asia/Kolkata Europe/Kiev Europe/Kyiv Pacific/Chatham US/Eastern"
)
WINDOWS = f"windows: [{WINDOW}]"
TRUE = [
    *((f"region {r}", "kind: s3", r) for r in REGIONS.split()),
    *((c, f"kind: rds, instance_class: {c}", "us-east-1") for c in CLASSES.split()),
    *((n, f"kind: redis, node_type: {n}", "us-east-1") for n in NODES.split()),
    *(
        (
            place,
            f"kind: ecs, {IMAGE}, scaling: {{schedule: {{timezone: {place}, {WINDOWS}}}}}",
            "us-east-2",
        )
        for place in PLACES.split()
    ),
    *(
        (zone, f"kind: networking, availability_zones: [{zone}, {zone[:-1]}a]", zone[:-1])
        for zone in ("us-west-2d", "us-east-1f", "ap-northeast-1d", "ap-northeast-2d", "us-west-1b")
    ),
    *(
        (version, f"kind: rds, engine_version: '{version}'", "us-east-1")
        for version in ("14.24", "15.19", "16.15", "17.11", "18.6", "18")
    ),
]


@pytest.mark.parametrize(("component", "region"), [t[1:] for t in TRUE], ids=[t[0] for t in TRUE])
def test_a_true_name_is_no_finding_however_rare(component: str, region: str):
    """Who is warned of what exists reads no warning."""
    named = ("TZ206", "TZ210", "TZ410", "TZ506", *(f"TZ65{digit}" for digit in range(10)))

    assert [d.code for d in findings(component, region) if d.code in named] == []
