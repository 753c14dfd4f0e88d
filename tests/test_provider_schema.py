"""The check of a plan against the provider's schema, and what it knows of arguments."""

from collections.abc import Mapping

import pytest

from compiler.plan.plan import Block, Expr, Join, Json, Moved, Output, Plan, Ref, Value
from compiler.provider_schema import CODES, Attribute, argument, body, check, types

GROUP: Mapping[str, Value] = {"name_prefix": "alb-", "vpc_id": Ref("aws_vpc.network", "id")}
VPC = Block("aws_vpc", "network", {"cidr_block": "10.0.0.0/16"}, "network")
RANDOM = Block(
    "aws_secretsmanager_random_password", "db", {"password_length": 32}, "db", mode="ephemeral"
)


def plan(*blocks: Block, **fields: object) -> Plan:
    """A plan with these blocks."""
    given = {"project": "shop", "environment": "prod", "region": "us-east-2", "state": None}
    return Plan(**(given | fields), blocks=blocks)


def bucket(**body_: Value) -> Block:
    """A bucket of the component `media`."""
    return Block("aws_s3_bucket", "media", body_, "media")


def codes(*blocks: Block, **fields: object) -> list[str]:
    """The codes that these blocks are found with."""
    return [found.code for found in check(plan(*blocks, **fields))]


def messages(*blocks: Block, **fields: object) -> list[tuple[str, str]]:
    """The messages and advice that these blocks are found with."""
    return [(found.message, found.help) for found in check(plan(*blocks, **fields))]


def alb(**body_: Value) -> Block:
    """A load balancer of the component `alb`."""
    return Block("aws_lb", "alb", body_, "alb")


def test_a_sound_plan_has_no_findings() -> None:
    """References, nested blocks, JSON, numbers as text, and references into lists."""
    blocks = (
        VPC,
        Block("aws_security_group", "alb", GROUP, "alb", depends_on=("aws_vpc.network",)),
        alb(
            name="prod-alb",
            security_groups=[Ref("aws_security_group.alb", "id")],
            access_logs={"bucket": "logs", "enabled": "true"},
            idle_timeout="60",
            tags={"a": Ref("aws_vpc.network", "arn")},
        ),
        Block(
            "aws_db_instance",
            "db",
            {"instance_class": "db.t4g.micro", "manage_master_user_password": True},
            lifecycle={"ignore_changes": ["engine_version", "tags"], "prevent_destroy": True},
        ),
        Block(
            "aws_secretsmanager_secret_policy",
            "db",
            {
                "secret_arn": Ref("aws_db_instance.db", "master_user_secret[0].secret_arn"),
                "policy": Json({"Resource": [Join((Ref("aws_lb.alb", "arn"), "/*"))]}),
            },
        ),
    )

    assert messages(*blocks) == []


@pytest.mark.parametrize(
    ("block", "code", "message", "advice"),
    [
        (
            Block("aws_s3_bukcet", "media", {}),
            "TZ601",
            "`aws_s3_bukcet.media` has the type `aws_s3_bukcet`, which is not in the copy of the "
            "provider's schema",
            "run scripts/update_provider_schema.py, which adds what the code names",
        ),
        (
            Block("aws_region", "here", {}),
            "TZ601",
            "`aws_region.here` has a type that exists only as a data source",
            "",
        ),
        (
            alb(idle_timeot=60),
            "TZ602",
            "`aws_lb.alb` does not have an argument `idle_timeot`",
            "did you mean `idle_timeout`?",
        ),
        (
            alb(access_logs=[{"bucket": "x", "enabledd": True}]),
            "TZ602",
            "`aws_lb.alb` does not have an argument `access_logs.enabledd`",
            "did you mean `enabled`?",
        ),
        (
            alb(dns_name="x"),
            "TZ603",
            "`aws_lb.alb` sets `dns_name`, which only AWS can set",
            "",
        ),
        (
            Block("aws_lb_listener", "alb", {"default_action": {"type": "forward"}}),
            "TZ604",
            "`aws_lb_listener.alb` requires `load_balancer_arn`, text",
            "",
        ),
        (
            Block("aws_lb_listener", "alb", {"load_balancer_arn": "x"}),
            "TZ604",
            "`aws_lb_listener.alb` requires the block `default_action`",
            "",
        ),
        (
            alb(access_logs={"enabled": True}),
            "TZ604",
            "`aws_lb.alb` requires `access_logs.bucket`, text",
            "",
        ),
        (
            alb(name=None, access_logs={"bucket": None}),
            "TZ604",
            "`aws_lb.alb` requires `access_logs.bucket`, text",
            "",
        ),
        (
            alb(idle_timeout="soon"),
            "TZ605",
            "`aws_lb.alb` requires a number for `idle_timeout`, not the text `soon`",
            "",
        ),
        (
            alb(idle_timeout=True),
            "TZ605",
            "`aws_lb.alb` requires a number for `idle_timeout`, not `true`",
            "",
        ),
        (
            alb(internal=1),
            "TZ605",
            "`aws_lb.alb` requires true or false for `internal`, not `1`",
            "",
        ),
        (
            alb(subnets="subnet-1"),
            "TZ605",
            "`aws_lb.alb` requires a list of text for `subnets`, not the text `subnet-1`",
            "",
        ),
        (
            alb(name=["a"]),
            "TZ605",
            "`aws_lb.alb` requires text for `name`, not a list",
            "",
        ),
        (
            bucket(tags={"a": ["b"]}),
            "TZ605",
            "`aws_s3_bucket.media` requires text for `tags.a`, not a list",
            "",
        ),
        (
            alb(subnets=["a", {"b": 1}]),
            "TZ605",
            "`aws_lb.alb` requires text for `subnets[1]`, not a mapping with `b`",
            "",
        ),
        (
            alb(access_logs=True),
            "TZ606",
            "`aws_lb.alb` requires a block for `access_logs`, not `true`",
            "",
        ),
        (
            alb(access_logs=["logs"]),
            "TZ606",
            "`aws_lb.alb` requires a block for `access_logs`, not the text `logs`",
            "",
        ),
        (
            alb(access_logs=[{"bucket": "a"}, {"bucket": "b"}]),
            "TZ607",
            "`aws_lb.alb` requires at most 1 of the block `access_logs`, not 2",
            "",
        ),
        (
            Block("aws_lb_listener", "alb", {"load_balancer_arn": "x", "default_action": []}),
            "TZ607",
            "`aws_lb_listener.alb` requires at least 1 of the block `default_action`, not 0",
            "",
        ),
        (
            bucket(bucket=Ref("aws_s3_bucket.medai", "id")),
            "TZ608",
            "`aws_s3_bucket.media` reads `aws_s3_bucket.medai` in `bucket`, which does not exist",
            "did you mean `aws_s3_bucket.media`?",
        ),
        (
            alb(subnets=Expr("[for s in aws_subnet.a : s.id]")),
            "TZ608",
            "`aws_lb.alb` reads `aws_subnet.a` in `subnets`, which does not exist",
            "",
        ),
        (
            bucket(policy=Json({"a": [Join(("x", Ref("aws_iam_role.web", "arn")))]})),
            "TZ608",
            "`aws_s3_bucket.media` reads `aws_iam_role.web` in `policy`, which does not exist",
            "",
        ),
        (
            Block("aws_lb", "alb", {}, depends_on=("aws_vpc.network",)),
            "TZ610",
            "`aws_lb.alb` depends on `aws_vpc.network`, which does not exist",
            "",
        ),
        (
            Block("aws_lb", "alb", {}, lifecycle={"ignore_changes": ["nmae"]}),
            "TZ612",
            "`aws_lb.alb` ignores changes to `nmae`, which is not one of its arguments",
            "did you mean `name`?",
        ),
        (
            Block("aws_lb", "alb", {}, lifecycle={"prevent_destory": True}),
            "TZ612",
            "`aws_lb.alb` does not have a setting `lifecycle.prevent_destory`",
            "did you mean `prevent_destroy`?",
        ),
        (
            Block("aws_lb", "1st", {}),
            "TZ613",
            "`aws_lb.1st` does not have a valid Terraform identifier as its name",
            "",
        ),
        (
            Block("aws_lb", "alb", {}, provider="us_east_1"),
            "TZ614",
            "`aws_lb.alb` uses the provider `us_east_1`, which is not configured",
            "",
        ),
        (
            Block("aws_eip", "nat", {"vpc": True}),
            "TZ615",
            "`aws_eip.nat` sets `vpc`, which is deprecated",
            "",
        ),
    ],
)
def test_what_terraform_would_refuse_is_found(
    block: Block, code: str, message: str, advice: str
) -> None:
    """Terraform says it a minute later, and without the component's name."""
    found = [d for d in check(plan(block)) if d.code == code]

    assert [(d.message, d.help) for d in found] == [(message, advice)]


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("idd", "does not have an attribute `idd`"),
        (
            "master_user_secret.secret_arn",
            "is a list of mappings, which does not have `secret_arn`",
        ),
        ("master_user_secret[0].arn", "does not have an attribute `arn`"),
        ("tags_all[0]", "does not have `[0]`: it is a mapping of text"),
        ("arn[0]", "does not have `[0]`: it is text"),
        ("arn..x", "cannot be read from `..x`"),
    ],
)
def test_an_attribute_that_does_not_exist_is_found(attribute: str, message: str) -> None:
    """A reference to nothing is the most common slip when a block is renamed or upgraded."""
    instance = Block("aws_db_instance", "db", {"instance_class": "db.t4g.micro"})
    (found,) = check(plan(instance, alb(name=Ref("aws_db_instance.db", attribute))))

    assert (found.code, message in found.message) == ("TZ609", True)


def test_a_list_does_not_go_where_one_text_belongs() -> None:
    """The types on both ends of a reference must meet."""
    assert messages(VPC, alb(name=Ref("aws_lb.other", "subnets")), alb_other()) == [
        ("`aws_lb.alb` requires text in `name`, but `aws_lb.other.subnets` is a list of text", "")
    ]


def alb_other() -> Block:
    """A second load balancer."""
    return Block("aws_lb", "other", {})


def test_a_splat_is_a_list() -> None:
    """`[*]` turns the attribute of every element into a list."""
    zone = Block("aws_availability_zones", "all", {}, mode="data")
    certificate = Block("aws_acm_certificate", "site", {"domain_name": "example.com"})
    options = "domain_validation_options[*].resource_record_name"
    reader = alb(
        subnets=Ref("data.aws_availability_zones.all", "names"),
        security_groups=Ref("aws_acm_certificate.site", options),
    )

    assert messages(zone, certificate, reader) == []


def test_a_repeated_block_is_read_with_an_index() -> None:
    """`for_each` makes a mapping of the block: `aws_route53_record.x.fqdn` would not exist."""
    records = Block("aws_s3_bucket", "many", {"for_each": Expr('toset(["a"])')})
    good = alb(name=Ref("aws_s3_bucket.many", '["a"].id'))
    bad = Block("aws_lb", "bad", {"name": Ref("aws_s3_bucket.many", "id")})

    assert codes(records, good, bad) == ["TZ609"]


def test_an_ephemeral_value_only_goes_into_write_only_arguments() -> None:
    """Terraform refuses to store it; that is what it is for."""
    password = Ref("ephemeral.aws_secretsmanager_random_password.db", "random_password")
    secret = Block("aws_secretsmanager_secret", "db", {"name": "db"})
    written = {"secret_id": Ref("aws_secretsmanager_secret.db", "id")}
    kind = "aws_secretsmanager_secret_version"
    good = Block(
        kind, "good", {**written, "secret_string_wo": password, "secret_string_wo_version": 1}
    )
    bad = Block(kind, "bad", {**written, "secret_string": Join(("x", password))})

    assert codes(RANDOM, secret, good, bad) == ["TZ616"]


def test_two_blocks_of_one_address_are_found() -> None:
    """CDKTF would merge them into one."""
    assert messages(alb(), alb()) == [("`aws_lb.alb` exists 2 times", "")]


def test_blocks_that_need_each_other_are_found() -> None:
    """Terraform could create neither of them."""
    first = Block("aws_s3_bucket", "a", {"bucket": Ref("aws_s3_bucket.b", "id")})
    second = Block("aws_s3_bucket", "b", {"bucket": Ref("aws_s3_bucket.a", "id")})

    assert codes(first, second) == ["TZ617"]


def test_a_move_leads_from_an_old_address_to_a_new_one() -> None:
    """A move the wrong way round destroys what it should keep."""
    moves = (Moved("aws_lb.alb", "aws_lb.gone"), Moved("aws_lb.old", "aws_lb.alb"))

    assert codes(alb(), moved=moves) == ["TZ618", "TZ618"]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (Output("dns", Ref("aws_lb.alb", "dns_name"), ""), []),
        (Output("dns", Ref("aws_lb.alb", "dns"), ""), ["TZ609"]),
        (Output("dns", Ref("aws_lb.web", "dns_name"), ""), ["TZ608"]),
        (Output("1st", "x", ""), ["TZ613"]),
        (Output("password", Ref("aws_db_instance.db", "password"), ""), ["TZ619"]),
    ],
)
def test_outputs_are_checked_as_blocks_are(output: Output, expected: list[str]) -> None:
    """An output that cannot be printed stops the whole apply."""
    instance = Block("aws_db_instance", "db", {"instance_class": "db.t4g.micro"})

    assert codes(alb(), instance, outputs=(output,)) == expected


def test_a_finding_points_to_the_component() -> None:
    """The reader knows components, not blocks."""
    (found,) = check(plan(alb(nmae="x")))

    assert (found.path, found.environment) == (("components", "alb"), "prod")


def test_every_code_of_the_check_is_explained() -> None:
    """The reference says what each code means."""
    numbers = [int(code.code.removeprefix("TZ")) for code in CODES]

    assert numbers == [*range(601, 600 + len(CODES)), 710]


@pytest.mark.parametrize(
    ("type_", "path", "kind"),
    [
        ("aws_lb", ("idle_timeout",), "number"),
        ("aws_lb", ("access_logs", 0, "bucket"), "string"),
        ("aws_lb", ("access_logs", "bucket"), "string"),
        ("aws_lb", ("tags", "anything"), "string"),
        ("aws_security_group", ("ingress", 0, "from_port"), "number"),
    ],
)
def test_an_argument_is_found_by_its_path(
    type_: str, path: tuple[str | int, ...], kind: str
) -> None:
    """Overrides are checked one argument at a time, at their own line."""
    found = argument(type_, path)

    assert isinstance(found, Attribute)
    assert found.kind == kind


@pytest.mark.parametrize("path", [("nope",), ("name", "x"), ("access_logs", "nope"), ()])
def test_an_argument_that_does_not_exist_is_not_found(path: tuple[str, ...]) -> None:
    """The caller says what it did not find."""
    assert argument("aws_lb", path) is None


def test_flags_of_arguments_are_kept() -> None:
    """Secrets depend on two of them."""
    found = argument("aws_secretsmanager_secret_version", ("secret_string_wo",))

    assert isinstance(found, Attribute)
    assert (found.write_only, found.sensitive, found.settable) == (True, True, True)


def test_blocks_keep_how_often_they_may_stand() -> None:
    """HCL repeats a block and assigns an attribute: a renderer must tell them apart."""
    holds = body("aws_ecs_service")
    assert holds is not None
    nested = holds.blocks["network_configuration"]

    assert (nested.nesting, nested.least, nested.most) == ("list", 0, 1)


def test_all_types_can_be_read() -> None:
    """A line of the data file that is written wrongly would fail only for who uses that type."""
    modes = ("managed", "data", "ephemeral")

    assert [mode for mode in modes for name in types(mode) if body(name, mode) is None] == []
