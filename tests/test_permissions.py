"""ARNs of every partition, and which policies a service's roles have."""

from dataclasses import fields, replace

import pytest

from compiler.aws.lists import partition
from compiler.aws.permissions import (
    document,
    link_statements,
    linked_names,
    repository_arn,
    written,
)
from compiler.components.ecs.permissions import (
    execution_statements,
    policies,
    secrets,
    task_statements,
)
from compiler.graph.graph import Kind, Relation, UnansweredError, build
from compiler.lower import lower
from compiler.plan.plan import Join, Ref
from tests.examples import graph_of
from trazo_spec.base import Linkable
from trazo_spec.components import KINDS
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.statement import Statement

LINKS = (Relation.CONNECTS_TO, Relation.READS, Relation.WRITES)
# https://docs.aws.amazon.com/general/latest/gr/rande.html and, for the partitions,
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
PARTITIONS = {
    "us-east-1": "aws",
    "us-west-2": "aws",
    "eu-central-1": "aws",
    "ca-central-1": "aws",
    "ap-southeast-3": "aws",
    "cn-north-1": "aws-cn",
    "cn-northwest-1": "aws-cn",
    "us-gov-east-1": "aws-us-gov",
    "us-gov-west-1": "aws-us-gov",
    "eusc-de-east-1": "aws-eusc",
    "us-iso-east-1": "aws-iso",
    "us-isob-west-1": "aws-iso-b",
    "eu-isoe-west-1": "aws-iso-e",
    "us-isof-south-1": "aws-iso-f",
}
DOMAINS = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}


@pytest.mark.parametrize(("region", "expected"), PARTITIONS.items())
def test_a_region_lies_in_one_partition(region, expected):
    """An ARN of `aws` names nothing in China or in GovCloud: the task would not start."""
    assert partition(region) == expected


@pytest.mark.parametrize(("region", "expected"), PARTITIONS.items())
def test_a_repository_is_named_in_its_own_partition(region, expected):
    """Account, region and path are those of the image; tag and digest are not part of it."""
    domain = DOMAINS.get(expected, "amazonaws.com")
    repository = f"123456789012.dkr.ecr.{region}.{domain}/team/shop_web.v2"
    arn = f"arn:{expected}:ecr:{region}:123456789012:repository/team/shop_web.v2"

    assert [
        repository_arn(f"{repository}{version}")
        for version in ("", ":1.2", "@sha256:00", ":1@sha256:00")
    ] == [arn] * 4


@pytest.mark.parametrize(
    "image",
    [
        "12345678901.dkr.ecr.us-east-2.amazonaws.com/web:1",
        "123456789012.dkr.ecr.us-east-2.amazonaws.com.evil.example/web:1",
        "evil.example/123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1",
        "123456789012.dkr.ecr.us-east-2.amazonaws.com",
    ],
)
def test_what_only_looks_like_a_repository_is_none(image):
    """No permission is given for an image from elsewhere."""
    assert repository_arn(image) is None


SHOP = """\
network: {kind: networking}
web: {kind: ecs, image: "nginx:1", uses: {media: read}}
jobs: {kind: ecs, image: "nginx:1"}
shell: {kind: ecs, image: "nginx:1", execute_command: true}
media: {kind: s3}
mail:
  kind: iam
  services: [web]
  statements: [{actions: [ses:SendEmail], resources: ["arn:aws-cn:ses:cn-north-1:1:identity/x"]}]
limit:
  kind: iam
  services: [web, jobs]
  permissions_boundary: "arn:aws:iam::123456789012:policy/x"
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "web",
            (
                "aws_iam_role_policy.web_execution",
                "aws_iam_role_policy.web_task",
                "aws_iam_role_policy_attachment.mail_web",
            ),
        ),
        ("jobs", ("aws_iam_role_policy.jobs_execution",)),
        ("shell", ("aws_iam_role_policy.shell_execution", "aws_iam_role_policy.shell_task")),
    ],
)
def test_a_service_waits_for_its_policies(name, expected):
    """For those that exist: a task without a link has no policy, a limit alone attaches none."""
    graph = graph_of(SHOP)

    assert policies(name, dict(graph.of(Ecs))[name], graph) == expected


def test_a_statement_has_a_condition_where_one_is_written():
    """An empty one would be refused by AWS."""
    plain = Statement(actions=("sqs:SendMessage",), resources=("arn:aws:sqs:us-east-2:1:jobs",))
    held = plain.model_copy(update={"condition": {"Bool": {"aws:SecureTransport": "true"}}})

    assert written(plain) == {
        "Effect": "Allow",
        "Action": ("sqs:SendMessage",),
        "Resource": ("arn:aws:sqs:us-east-2:1:jobs",),
    }
    assert written(held)["Condition"] == {"Bool": {"aws:SecureTransport": "true"}}


GIVEN = """\
network: {kind: networking}
web:
  kind: ecs
  image: "nginx:1"
  secrets: {KEY: signing_key, TOKEN: api_token, PHRASE: declared_nowhere}
  uses: {database: connect, media: read}
database: {kind: rds}
media: {kind: s3}
safe: {kind: security, secrets: {signing_key: {generate: true}, api_token: {}}}
"""


def test_links_give_plain_variables_first_and_then_secrets():
    """Each with the component that it comes from: what a finding about a taken name says."""
    graph = graph_of(GIVEN)
    names = list(linked_names(dict(graph.of(Ecs))["web"], graph))

    assert names == [
        ("DATABASE_HOST", "database"),
        ("DATABASE_PORT", "database"),
        ("DATABASE_NAME", "database"),
        ("MEDIA_BUCKET", "media"),
        ("DATABASE_USERNAME", "database"),
        ("DATABASE_PASSWORD", "database"),
    ]


def test_a_task_waits_for_the_version_of_a_secret_that_terraform_fills():
    """One that somebody fills by hand has no version that could be waited for."""
    graph = graph_of(GIVEN)
    named = secrets(dict(graph.of(Ecs))["web"], graph)

    assert {name: named[name].version for name in ("KEY", "TOKEN", "PHRASE")} == {
        "KEY": "aws_secretsmanager_secret_version.signing_key",
        "TOKEN": "",
        "PHRASE": "",
    }


REPOSITORY = "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/shop/web"
WITH_SECRETS = """\
network: {kind: networking}
web:
  kind: ecs
  image: 123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/shop/web:1
  secrets: {KEY: signing_key}
  execute_command: true
  uses: {database: connect, media: read_write, reports: write, prices: read}
  iam: {statements: [{actions: [sqs:SendMessage], resources: ["arn:aws:sqs:us-east-2:1:jobs"]}]}
database: {kind: rds}
media: {kind: s3}
reports: {kind: s3}
prices: {kind: s3}
"""


def test_the_policy_of_a_start_is_this_one():
    """Word for word: a wrong action is refused by nobody before the task does not start.

    The actions are those of AWS's own AmazonECSTaskExecutionRolePolicy, for one repository and log:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    """
    graph = graph_of(WITH_SECRETS)
    found = execution_statements("web", dict(graph.of(Ecs))["web"], graph)

    assert document(found) == {
        "Version": "2012-10-17",
        "Statement": (
            {
                "Sid": "PullImage",
                "Effect": "Allow",
                "Action": (
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:GetDownloadUrlForLayer",
                ),
                "Resource": (REPOSITORY,),
            },
            {
                "Sid": "LogInToRegistry",
                "Effect": "Allow",
                "Action": ("ecr:GetAuthorizationToken",),
                "Resource": ("*",),
            },
            {
                "Sid": "WriteLog",
                "Effect": "Allow",
                "Action": ("logs:CreateLogStream", "logs:PutLogEvents"),
                "Resource": (Join((Ref("aws_cloudwatch_log_group.web", "arn"), ":*")),),
            },
            {
                "Sid": "ReadSecrets",
                "Effect": "Allow",
                "Action": ("secretsmanager:GetSecretValue",),
                "Resource": (
                    Ref("aws_secretsmanager_secret.database_credentials", "arn"),
                    Ref("aws_secretsmanager_secret.signing_key", "arn"),
                ),
            },
        ),
    }


def test_the_policy_of_the_code_is_this_one():
    """Buckets by its links, the shell as asked for, and last what the spec adds."""
    graph = graph_of(WITH_SECRETS)
    found = tuple(task_statements(dict(graph.of(Ecs))["web"], graph))

    def objects(*buckets: str) -> tuple[Join, ...]:
        return tuple(Join((Ref(f"aws_s3_bucket.{b}", "arn"), "/*")) for b in buckets)

    assert found == (
        {
            "Sid": "ListBuckets",
            "Effect": "Allow",
            "Action": ("s3:ListBucket",),
            "Resource": (Ref("aws_s3_bucket.media", "arn"), Ref("aws_s3_bucket.prices", "arn")),
        },
        {
            "Sid": "ReadObjects",
            "Effect": "Allow",
            "Action": ("s3:GetObject",),
            "Resource": objects("media", "prices"),
        },
        {
            "Sid": "WriteObjects",
            "Effect": "Allow",
            "Action": ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"),
            "Resource": objects("media", "reports"),
        },
        {
            "Sid": "OpenShell",
            "Effect": "Allow",
            "Action": (
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ),
            "Resource": ("*",),
        },
        {
            "Effect": "Allow",
            "Action": ("sqs:SendMessage",),
            "Resource": ("arn:aws:sqs:us-east-2:1:jobs",),
        },
    )


@pytest.mark.parametrize(
    ("kind", "access"),
    [
        (name, access)
        for name, spec_type in KINDS.items()
        if issubclass(spec_type, Linkable)
        for access in spec_type.ACCESSES
    ],
)
def test_every_access_that_a_kind_offers_is_allowed_and_drawn(kind: str, access: str):
    """A task that may not do what its link says fails at run time, long after the apply."""
    links = f"web: {{kind: ecs, image: x, uses: {{used: {access}}}}}\nused: {{kind: {kind}}}"
    graph = graph_of(links)
    edges = list(graph.edges_from("web", *LINKS))
    connected = any(edge.relation is Relation.CONNECTS_TO for edge in edges)
    statements = list(link_statements(graph.spec.components["web"], graph))

    assert [edge.target for edge in edges if edge.target == "used"]
    assert connected or statements


@pytest.mark.parametrize("answer", ["links", "allows"])
def test_an_access_that_its_kind_says_nothing_about_is_an_error(answer: str):
    """Left out in silence, the service would start and be refused by AWS."""
    loaded = graph_of("web: {kind: ecs, image: x, uses: {used: read}}\nused: {kind: s3}")
    default = {field.name: field.default for field in fields(Kind)}[answer]
    kinds = {**loaded.kinds, "s3": replace(loaded.kinds["s3"], **{answer: default})}
    expected = rf"compiler/components/s3 must define `{answer}`: .* `read`"

    with pytest.raises(UnansweredError, match=expected):
        lower(build(loaded.written, "prod", kinds))
