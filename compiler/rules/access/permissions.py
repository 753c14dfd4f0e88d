"""Rules about statements of IAM policies and texts that look like Terraform."""

import re
from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.rules.access.secrecy import texts
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.statement import Statement
from trazo_spec.diagnostics import Severity, SpecPath

# Actions that know no resource, so that `*` is all one can write.
# Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
WITHOUT_RESOURCE = re.compile(
    r"(?:"
    r"cloudwatch:(?:PutMetricData|GetMetric.*|ListMetrics)"
    r"|xray:(?:Put.*|Get(?:Sampling|Service|Trace|Insight).*|BatchGetTraces)"
    r"|ecr:GetAuthorizationToken|ecr-public:GetAuthorizationToken|sts:Get(?:CallerIdentity|ServiceBearerToken)"
    r"|ec2:Describe.*|ecs:(?:List.*|DescribeTaskDefinition|RegisterTaskDefinition)"
    r"|elasticloadbalancing:Describe.*|rds:Describe.*|cloudfront:List.*|route53:(?:List.*|GetChange)"
    r"|s3:ListAllMyBuckets|s3:GetAccountPublicAccessBlock|sqs:ListQueues|sns:ListTopics|ssm:DescribeParameters"
    r"|secretsmanager:(?:ListSecrets|GetRandomPassword)|logs:DescribeLogGroups|kms:(?:ListKeys|ListAliases|GenerateRandom)"
    r"|ses:(?:GetSendQuota|GetSendStatistics|GetAccount|ListIdentities|ListEmailIdentities)"
    r"|sms-voice:.*|mobiletargeting:PhoneNumberValidate|sns:(?:OptInPhoneNumber|CheckIfPhoneNumberIsOptedOut)"
    r"|ssmmessages:.*|ec2messages:.*|servicediscovery:DiscoverInstances|tag:Get.*"
    r"|(?:comprehend|polly|rekognition|textract|transcribe|translate|comprehendmedical):.*"
    r"|geo-.*|aws-marketplace:MeterUsage|pricing:.*|ce:Get.*|bedrock:List.*|appconfig:List.*|iam:List.*"
    r")"
)
EVERYTHING = re.compile(r"\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:\*|\*/\*)")
# What Terraform would take for an expression; `${aws:username}` is a variable of IAM itself.
EXPRESSION = re.compile(
    r"[$%]\{\s*(?:"
    r"(?:var|local|data|module|each|count|self|path|terraform|aws_\w+|random_\w+)\."
    r"|if |for |else|end)"
)


@rule("TZ470", Severity.ERROR, local=True)
def every_action(graph: Graph) -> Iterator[Finding]:
    """A statement allows everything.

    Anyone who compromises one task then controls the account.

    ```yaml
    {actions: ["*"], resources: ["*"]}                                                        # bad
    {actions: [sqs:SendMessage], resources: ["arn:aws:sqs:us-east-2:123456789012:jobs"]}      # good
    ```
    """
    for path, owner, statement in statements(graph):
        for i, action in enumerate(statement.actions):
            if statement.effect == "Allow" and action in ("*", "*:*"):
                message = f"`{owner}` allows every action of every AWS service"
                advice = "list the actions that the code calls, such as `sqs:SendMessage`"
                yield Finding((*path, "actions", i), message, advice)


@rule("TZ471", Severity.WARNING, local=True)
def every_action_of_service(graph: Graph) -> Iterator[Finding]:
    """A statement allows every action of an AWS service, including deletion.

    ```yaml
    actions: ["sqs:*"]                               # bad
    actions: [sqs:SendMessage, sqs:ReceiveMessage]   # good
    ```
    """
    for path, owner, statement in statements(graph):
        for i, action in enumerate(statement.actions):
            service, _, what = action.partition(":")
            if statement.effect == "Allow" and what == "*" and service != "*":
                message = f"`{owner}` allows every action of `{service}`, including deletion"
                advice = f"list the actions that the code calls, such as `{_example(service)}`"
                yield Finding((*path, "actions", i), message, advice)


@rule("TZ472", Severity.WARNING, local=True)
def every_resource(graph: Graph) -> Iterator[Finding]:
    """A statement applies to every resource, although its actions can be limited to some.

    This does not apply to actions without resource-level permissions, such as
    `cloudwatch:PutMetricData`, or to statements with a condition.

    ```yaml
    {actions: [sqs:SendMessage], resources: ["*"]}                                         # bad
    {actions: [sqs:SendMessage], resources: ["arn:aws:sqs:us-east-2:123456789012:jobs"]}   # good
    ```
    """
    for path, owner, statement in statements(graph):
        narrow = [a for a in statement.actions if not WITHOUT_RESOURCE.fullmatch(a)]
        if statement.effect == "Deny" or statement.condition or not narrow:
            continue
        for i, resource in enumerate(statement.resources):
            if EVERYTHING.fullmatch(resource) and narrow[0] not in ("*", "*:*"):
                message = f"`{owner}` allows `{narrow[0]}` on `{resource}`, which is every resource"
                advice = (
                    "list the ARNs, or add a `condition`; for buckets and databases use `uses` "
                    "instead of a statement"
                )
                yield Finding((*path, "resources", i), message, advice)


@rule("TZ473", Severity.ERROR, local=True)
def resource_without_arn(graph: Graph) -> Iterator[Finding]:
    """A statement's resource is not an ARN.

    AWS rejects the whole policy.

    ```yaml
    resources: [jobs]                                         # bad
    resources: ["arn:aws:sqs:us-east-2:123456789012:jobs"]    # good
    ```
    """
    for path, owner, statement in statements(graph):
        for i, resource in enumerate(statement.resources):
            if resource != "*" and not re.match(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.", resource):
                message = f"`{resource}` of `{owner}` is not an ARN"
                advice = "write one such as `arn:aws:sqs:us-east-2:123456789012:jobs`"
                yield Finding((*path, "resources", i), message, advice)


@rule("TZ474", Severity.ERROR)
def two_boundaries(graph: Graph) -> Iterator[Finding]:
    """Two `iam` components limit the roles of the same service.

    A role can have only one permissions boundary.

    ```yaml
    all:      {kind: iam, permissions_boundary: "arn:aws:iam::123456789012:policy/team"}
    web_role: {kind: iam, permissions_boundary: "arn:aws:iam::123456789012:policy/web"}   # bad
    web_role: {kind: iam, services: [web]}                                                # good
    ```
    """
    first: dict[str, str] = {}
    every = [name for name, _ in graph.of(Ecs)]
    for name, iam in graph.of(Iam):
        if iam.permissions_boundary is None:
            continue
        path: SpecPath = ("components", name, "permissions_boundary")
        twice = [s for s in iam.services or every if s in first]
        if twice:
            other = first[twice[0]]
            message = f"`{name}` and `{other}` both limit the roles of `{twice[0]}`"
            related = (("components", other, "permissions_boundary"),)
            yield Finding(path, message, "keep one of them for each service", related)
        first |= {s: name for s in iam.services or every if s not in first}


@rule("TZ475", Severity.WARNING, local=True)
def looks_like_terraform(graph: Graph) -> Iterator[Finding]:
    """A string looks like a Terraform expression, but is passed on unchanged.

    Every string in a spec is data. What a component needs from another one comes from a link.

    ```yaml
    environment: {BUCKET: "${aws_s3_bucket.media.bucket}"}   # bad
    uses: {media: read}                                      # good, it gets MEDIA_BUCKET
    ```
    """
    for path, text in texts(graph):
        if match := EXPRESSION.search(text):
            shown = text[match.start() :].partition("}")[0][:60] + "}"
            message = (
                f"`{shown}` is not evaluated as an expression: the text is passed on unchanged"
            )
            yield Finding(
                path, message, "link the component with `uses`, or write the value itself"
            )


def statements(graph: Graph) -> Iterator[tuple[SpecPath, str, Statement]]:
    """Every statement with its place and the component that it stands in."""
    for name, c in graph.spec.components.items():
        match c:
            case Ecs():
                for i, statement in enumerate(c.iam.statements):
                    yield ("components", name, "iam", "statements", i), name, statement
            case Iam():
                for i, statement in enumerate(c.statements):
                    yield ("components", name, "statements", i), name, statement


def _example(service: str) -> str:
    examples = {
        "dynamodb": "dynamodb:GetItem",
        "s3": "s3:GetObject",
        "ses": "ses:SendEmail",
        "sns": "sns:Publish",
        "sqs": "sqs:SendMessage",
        "ssm": "ssm:GetParameter",
    }
    return examples.get(service, f"{service}:Describe...")


RULES: tuple[Rule, ...] = (
    every_action,
    every_action_of_service,
    every_resource,
    resource_without_arn,
    two_boundaries,
    looks_like_terraform,
)
