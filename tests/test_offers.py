"""Names that only AWS can give: what is a slip, what is new, what is gone, what is elsewhere."""

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.aws import lists
from compiler.findings.check import check
from compiler.plan.listed import Names
from compiler.rules.storage.databases import POSTGRESQL_VERSIONS
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load
from trazo_spec.yaml.edits import applied

ROOT = Path(__file__).parents[1]
OURS = tuple(f"TZ65{n}" for n in range(8))


def spec(components: str, region: str = "us-east-2", rest: str = "") -> str:
    """A spec with some components, one a line."""
    lines = "\n".join(f"  {line}" for line in components.strip().split("\n"))
    head = f"trazo: 1\nname: acme\nregion: {region}\nstate: {{bucket: acme-state}}\n"
    return f"{head}components:\n{lines}\n{rest}"


def found(text: str) -> list[Diagnostic]:
    """What the rules of this page find."""
    return [d for d in check(load(text, "spec.yaml")).diagnostics if d.code in OURS]


def told(text: str) -> list[tuple[str, str]]:
    """The same as code and advice."""
    return [(d.code, d.help.partition(";")[0].partition("? ")[0].rstrip("?")) for d in found(text)]


def database(fields: str) -> str:
    return f"db: {{kind: rds, {fields}}}"


def cache(fields: str) -> str:
    return f"cache: {{kind: redis, {fields}}}"


S3 = "files: {kind: s3}"


# One slip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("us-esat-1", "`us-east-1`"),
        ("us-east-3", "`us-east-1` or `us-east-2`"),
        ("us-wst-2", "`us-west-2`"),
        ("us-weest-1", "`us-west-1`"),
        ("eu-wset-1", "`eu-west-1`"),
        ("eu-centrl-1", "`eu-central-1`"),
        ("ap-southeast-8", None),
        ("ap-northest-3", "`ap-northeast-3`"),
        ("us-gov-esat-1", "`us-gov-east-1`"),
        ("us-gof-west-1", "`us-gov-west-1`"),
        ("cn-nroth-1", "`cn-north-1`"),
        ("ca-cenral-1", "`ca-central-1`"),
        ("il-centra-1", "`il-central-1`"),
        ("eusc-de-esat-1", "`eusc-de-east-1`"),
    ],
)
def test_a_misspelt_region_is_an_error_that_names_those_it_may_be(written, meant):
    """Terraform would say so only after a minute of trying to reach it."""
    ((code, advice),) = told(spec(S3, written))

    assert code == "TZ650"
    assert meant is None or advice == f"did you mean {meant}"


def test_the_region_of_the_state_is_a_region_too():
    """The bootstrap stack would fail."""
    text = spec(S3).replace("bucket: acme-state", "bucket: acme-state, region: us-esat-2")

    assert told(text) == [("TZ650", "did you mean `us-east-2`")]


@pytest.mark.parametrize(
    ("component", "meant"),
    [
        (database("instance_class: db.t4g.mircro"), "`db.t4g.micro`"),
        (database("instance_class: db.t4g.mirco"), "`db.t4g.micro`"),
        (database("instance_class: db.t4g.smal"), "`db.t4g.small`"),
        (database("instance_class: db.m7g.larg"), "`db.m7g.large`"),
        (database("instance_class: db.m5.llarge"), None),
        (database("instance_class: db.r6g.22xlarge"), "`db.r6g.2xlarge` or `db.r6g.12xlarge`"),
        (database("instance_class: db.tg4.micro"), "`db.t4g.micro`"),
        (database("instance_class: db.t4.micro"), None),
        (cache("node_type: cache.t4g.mirco"), "`cache.t4g.micro`"),
        (cache("node_type: cache.t4g.mircro"), "`cache.t4g.micro`"),
        (cache("node_type: cache.r7g.xlrge"), None),
        (cache("node_type: cache.m7.large"), None),
        (cache("node_type: cache.t4g.meduim"), "`cache.t4g.medium`"),
        ("network: {kind: networking, availability_zones: [us-east-2a, us-east-2d]}", None),
        (
            'web: {kind: ecs, image: "123456789012.dkr.ecr.us-esat-2.amazonaws.com/web:1"}',
            "`us-east-2`",
        ),
    ],
)
def test_another_misspelt_name_is_too(component, meant):
    """A name is copied by hand from a page of AWS."""
    (error,) = (d for d in found(spec(component)) if d.severity is Severity.ERROR)

    assert error.code == "TZ650"
    assert meant is None or f"did you mean {meant}?" in error.help


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (spec(S3, "us-esat-1"), "region: us-east-1"),
        (spec(database("instance_class: db.t4g.mircro")), "instance_class: db.t4g.micro"),
        (
            spec('w: {kind: ecs, image: "123456789012.dkr.ecr.us-wset-2.amazonaws.com/w:1"}'),
            '"123456789012.dkr.ecr.us-west-2.amazonaws.com/w:1"',
        ),
        (spec(S3, "us-east-3"), None),
        (spec(S3, "il-central-2"), None),
        (spec(database("instance_class: db.t4.micro")), None),
    ],
)
def test_it_is_mended_only_where_one_name_can_be_meant(text, mended):
    """Of two, nobody knows which, and a number says which of several things is meant."""
    (error,) = (d for d in found(text) if d.severity is Severity.ERROR)

    assert (error.edit is None) == (mended is None)
    if error.edit is not None:
        assert mended in applied(text, [error.edit])
        assert found(applied(text, [error.edit])) == []


LETTERS = string.ascii_lowercase + string.digits


@st.composite
def slips(draw: st.DrawFn, names: Names) -> str:
    """A known name with one character more, less, other or swapped."""
    name = draw(st.sampled_from(sorted(names.offers)))
    i = draw(st.integers(0, len(name) - 2))
    other = draw(st.sampled_from(LETTERS))
    return draw(
        st.sampled_from(
            [
                name[:i] + name[i + 1 :],
                name[:i] + other + name[i:],
                name[:i] + other + name[i + 1 :],
                name[:i] + name[i + 1] + name[i] + name[i + 2 :],
            ]
        )
    )


@given(st.data())
def test_one_slip_is_an_error_or_another_name(data):
    """Nothing that is mistyped by one character passes."""
    what, template, names = data.draw(
        st.sampled_from(
            [
                ("region", "{}", lists.regions()),
                ("rds", "instance_class: {}", lists.instance_classes()),
                ("redis", "node_type: {}", lists.node_types()),
            ]
        )
    )
    written = data.draw(slips(names))
    filled = template.format(f'"{written}"')
    text = spec(S3, filled) if what == "region" else spec(f"c: {{kind: {what}, {filled}}}")
    errors = [
        d.code
        for d in check(load(text, "spec.yaml")).diagnostics
        if d.severity is Severity.ERROR and d.code in (*OURS, "TZ206", "TZ210")
    ]

    assert (errors != []) == (written not in names.offers or names.offers[written].retired)


# New, gone, elsewhere


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (spec(S3, "nz-south-1"), ["TZ651"]),
        (spec(S3, "me-west-1"), ["TZ651"]),
        (spec(S3, "sa-west-1"), ["TZ651"]),
        (spec(database("instance_class: db.z9z.nano")), ["TZ651"]),
        (spec(cache("node_type: cache.x9.tiny")), ["TZ651"]),
        (spec(database('engine_version: "16.99"')), ["TZ651"]),
        (spec(database('engine_version: "16.2"')), ["TZ654"]),
        (spec(database('engine_version: "17.5"')), []),
        (spec(database("instance_class: db.t4g.micro"), "ca-west-1"), ["TZ652"]),
        (spec(cache("node_type: cache.m5.large"), "cn-north-1"), ["TZ652"]),
        (spec(database("instance_class: db.t4g.micro"), "eusc-de-east-1"), []),
        (spec(database("instance_class: db.t4g.micro"), "nz-south-1"), ["TZ651"]),
    ],
)
def test_what_the_data_does_not_know_is_a_warning(text, expected):
    """AWS opens a region and sells new classes every year."""
    findings = found(text)

    assert [d.code for d in findings] == expected
    assert {d.severity for d in findings} <= {Severity.WARNING}


def test_a_warning_says_of_which_day_the_data_is():
    """Whoever reads it next year knows how old it is."""
    for text in (spec(S3, "nz-south-1"), spec(database("instance_class: db.z9z.nano"))):
        (warning,) = found(text)
        assert lists.regions().read in warning.message


@pytest.mark.parametrize(
    ("component", "code"),
    [
        (database('instance_class: db.t2.micro, engine_version: "16"'), ["TZ653"]),
        (database("instance_class: db.m4.large"), ["TZ653"]),
        (database('instance_class: db.t2.small, engine_version: "12"'), ["TZ653"]),
        (database('instance_class: db.m8a.large, engine_version: "13.23"'), ["TZ653"]),
        (database('instance_class: db.m8a.large, engine_version: "14"'), []),
        (database('instance_class: db.t3.micro, engine_version: "12"'), []),
        (cache("node_type: cache.m3.large"), ["TZ653"]),
    ],
)
def test_a_class_goes_with_its_engine_version(component, code):
    """AWS refuses the pair, each half of which exists."""
    findings = found(spec(component, "us-east-1"))

    assert [d.code for d in findings] == code
    assert all("such as `" in d.help for d in findings)


def test_what_is_used_instead_is_there_with_that_version():
    """Advice that leads to the next error is none."""
    (finding,) = found(
        spec(database('instance_class: db.t2.micro, engine_version: "16"'), "ca-west-1")
    )

    assert finding.help == "use another one, such as `db.t3.micro`"


# Lifting


@pytest.mark.parametrize(("severity", "left"), [("off", []), ("warning", ["TZ650"])])
def test_such_an_error_can_be_lifted(severity, left):
    """AWS may have added the name the day after the list was made."""
    checks = f'checks: {{TZ650: {{severity: "{severity}", reason: AWS opened it in 2027}}}}\n'
    checked = check(load(spec(S3, "us-east-3", checks), "spec.yaml"))

    assert [d.code for d in checked.diagnostics if d.severity is not Severity.INFO] == left
    assert checked.sound


def test_a_lifted_error_does_not_keep_overrides_from_being_checked():
    """They are looked at only where nothing else stops the plan."""
    checks = 'checks: {TZ650: {severity: "off", reason: AWS opened it in 2027}}\n'
    overrides = "overrides: {aws_s3_bucket.teapot: {force_destroy: true}}\n"
    checked = check(load(spec(S3, "us-east-3", checks + overrides), "spec.yaml"))

    assert [d.code for d in checked.diagnostics if d.severity is Severity.ERROR] == ["TZ621"]


def test_what_lifts_nothing_is_found():
    """It would hide the next slip."""
    checks = 'checks: {TZ650: {severity: "off", reason: AWS opened it in 2027}}\n'
    diagnostics = check(load(spec(S3, rest=checks), "spec.yaml")).diagnostics

    assert "TZ342" in {d.code for d in diagnostics}


# Partitions

SITE = """\
site: {kind: s3, purpose: static}
zone: {kind: dns, zone: acme.io}
cdn: {kind: cloudfront, hostname: www.acme.io, origin: site}"""


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("us-gov-west-1", "does not have CloudFront"),
        ("us-gov-east-1", "does not have CloudFront"),
        ("us-iso-east-1", "does not have CloudFront"),
        ("cn-north-1", "certificates that were uploaded to IAM"),
        ("cn-northwest-1", "does not serve from its own domain"),
    ],
)
def test_what_a_partition_lacks_or_does_otherwise_is_an_error(region, words):
    """Terraform would stop half way."""
    (error,) = (d for d in found(spec(SITE, region)) if d.severity is Severity.ERROR)

    assert error.code == "TZ655"
    assert words in error.message


def test_the_other_regions_have_it():
    """Whatever they are."""
    for region in ("us-east-1", "ap-southeast-7", "mx-central-1"):
        assert found(spec(SITE, region)) == []


def image(host: str) -> str:
    return f'web: {{kind: ecs, image: "123456789012.dkr.ecr.{host}/web:1"}}'


@pytest.mark.parametrize(
    ("component", "region", "expected"),
    [
        (image("us-gov-west-1.amazonaws.com"), "us-gov-west-1", 0),
        (image("us-east-1.amazonaws.com"), "us-gov-west-1", 1),
        (image("us-gov-west-1.amazonaws.com"), "us-east-1", 1),
        (image("cn-north-1.amazonaws.com.cn"), "cn-north-1", 0),
        (image("cn-north-1.amazonaws.com"), "cn-north-1", 1),
        (image("us-east-1.amazonaws.com.cn"), "us-east-1", 1),
        (
            'all: {kind: iam, permissions_boundary: "arn:aws:iam::123456789012:policy/x"}',
            "cn-north-1",
            1,
        ),
        (
            'all: {kind: iam, permissions_boundary: "arn:aws-cn:iam::123456789012:policy/x"}',
            "cn-north-1",
            0,
        ),
    ],
)
def test_what_leads_into_another_partition_is_an_error(component, region, expected):
    """They share no accounts, so nothing of it can be reached."""
    errors = [d.code for d in found(spec(component, region)) if d.severity is Severity.ERROR]

    assert errors == ["TZ656"] * expected


# The data


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (lists.regions(), r"[a-z]{2,4}(-[a-z]+)+-\d"),
        (lists.instance_classes(), Rds.model_fields["instance_class"].metadata[0].pattern),
        (lists.node_types(), Redis.model_fields["node_type"].metadata[0].pattern),
        (lists.postgresql_versions(), Rds.model_fields["engine_version"].metadata[0].pattern),
    ],
    ids=lambda value: value.what if isinstance(value, Names) else "",
)
def test_every_name_of_the_data_can_be_written(names, pattern):
    """A name that the language refuses would be advice that nobody can follow."""
    assert [name for name in names.offers if not re.search(pattern, name)] == []
    assert len(names.offers) > 40
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", names.read)


def test_every_region_of_the_data_is_one_of_the_language():
    """The type knows its form, the data its name."""
    for region in lists.regions().offers:
        assert found(spec(S3, region)) == []


def test_what_is_sold_is_sold_in_regions_that_exist():
    """Both come from the same packages."""
    known = set(lists.regions().offers)
    for names in (lists.instance_classes(), lists.node_types()):
        places = set().union(*(offer.regions for offer in names.offers.values()))
        assert places <= known
        assert names.regions <= known


def test_the_major_versions_of_the_data_are_those_of_the_rule():
    """TZ439 takes any other for unknown."""
    majors = {int(version) for version in lists.postgresql_versions().offers if "." not in version}

    assert majors == set(POSTGRESQL_VERSIONS)


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda p: p.name)
def test_the_shipped_specs_have_none_of_these_findings(path):
    """They are what people copy."""
    assert found(path.read_text("utf-8")) == []


def days_of_support(engine: str, version: str) -> list[tuple[str, str]]:
    """What is said of the support of a version."""
    kind = {"PostgreSQL": "rds", "Redis": "redis"}[engine]
    text = spec(f"store: {{kind: {kind}, engine_version: '{version}'}}")
    told = check(load(text, "spec.yaml")).diagnostics
    return [(d.code, d.message) for d in told if d.code in ("TZ440", "TZ725")]


@pytest.mark.parametrize(
    ("engine", "version", "code", "days"),
    [
        ("PostgreSQL", "13", "TZ440", ("2026-03-01", "2029-02-28")),
        ("PostgreSQL", "14.20", "TZ725", ("2027-02-28", "2027-03-01")),
        ("Redis", "6.x", "TZ725", ("2027-01-31", "2027-02-01")),
    ],
)
def test_the_end_of_support_is_told_by_its_day(
    engine: str, version: str, code: str, days: tuple[str, str]
):
    """Nobody plans an upgrade by a word such as soon."""
    ((told, message),) = days_of_support(engine, version)

    assert told == code
    assert [day for day in days if day not in message] == []


@pytest.mark.parametrize(
    ("engine", "version"),
    [("PostgreSQL", "15"), ("PostgreSQL", "18"), ("Redis", "7.0"), ("Redis", "7.1")],
)
def test_a_version_that_is_supported_for_more_than_a_year_is_fine(engine: str, version: str):
    """Else it would be said of every version."""
    assert days_of_support(engine, version) == []


def test_standard_support_ends_before_it_is_charged():
    """A slip in a day that was copied by hand."""
    versions = [("PostgreSQL", str(major)) for major in range(11, 19)] + [("Redis", "6.x")]
    days = [lists.support(*version) for version in versions]
    ordered = [d for d in days if d is not None and d.standard < d.charged < d.end]

    assert len(ordered) == len(versions)
