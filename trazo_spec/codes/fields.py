"""Codes of fields that do not have the type, form or size that the language asks for."""

from trazo_spec.codes.code import Code

FIELDS: tuple[Code, ...] = (
    Code(
        "TZ200",
        "A value is not valid.",
        "What no other code says; the help line has the details.",
    ),
    Code(
        "TZ201",
        "A value is of the wrong type.",
        'Nothing is converted silently: `"2"` is text and `2` is a number, `yes` is text and '
        "`true` is true.",
        'scaling: {max: "2"}   # bad\nscaling: {max: 2}     # good\n',
    ),
    Code(
        "TZ202",
        "A field does not exist.",
        "A misspelt field that is ignored would leave its default in place, and nobody would "
        "notice.",
        "scaling: {maximum: 2}   # bad\nscaling: {max: 2}       # good\n",
    ),
    Code(
        "TZ203",
        "A field is missing.",
        "It has no default, since no value would fit most users.",
        "web: {kind: ecs}                       # bad\n"
        "web: {kind: ecs, image: acme/web:1}    # good\n",
    ),
    Code(
        "TZ204",
        "A number, text or list is too small or too large.",
        "AWS refuses such a value, or it makes no sense.",
        "database: {kind: rds, storage_gb: 10}   # bad, 20 is the least\n"
        "database: {kind: rds, storage_gb: 20}   # good\n",
    ),
    Code(
        "TZ205",
        "A value is not one of those that are allowed.",
        "The message lists them.",
        "architecture: arm     # bad\narchitecture: arm64   # good\n",
    ),
    Code(
        "TZ206",
        "A text does not have the right form.",
        "Names become Terraform addresses and parts of AWS names, which allow few characters.",
        "components: {Web-App: {...}}   # bad\ncomponents: {web_app: {...}}   # good\n",
    ),
    Code(
        "TZ207",
        "A text is not a host name.",
        "Host names are in lower case, with at least one dot, without a scheme, port or path.",
        "hostname: https://API.acme.io/   # bad\nhostname: api.acme.io            # good\n",
    ),
    Code(
        "TZ208",
        "A text is not an IPv4 network between /16 and /28.",
        "AWS takes no other size for a VPC or subnet, and no bits behind the prefix.",
        "cidr: 10.0.0.1/16   # bad\ncidr: 10.0.0.0/16   # good\n",
    ),
    Code(
        "TZ209",
        "A text is not a bucket name.",
        "S3 takes 3 to 63 lower case letters, digits, `-` and `.`. Terraform checks that only "
        "when it applies.",
        "bucket: Acme_Media   # bad\nbucket: acme-media   # good\n",
    ),
    Code(
        "TZ210",
        "A text is not an AWS region.",
        "A region is written as its code, not as its name.",
        "region: Ohio        # bad\nregion: us-east-2   # good\n",
    ),
    Code(
        "TZ211",
        "A text is not an ARN.",
        "An Amazon Resource Name begins with `arn:aws`, and says service, region and account.",
        "certificate: {arn: my-certificate}                                              # bad\n"
        'certificate: {arn: "arn:aws:acm:us-east-2:123456789012:certificate/12345678"}   # good\n',
    ),
    Code(
        "TZ212",
        "A text is not an e-mail address.",
        "AWS asks it to confirm before it sends alarms to it.",
        "alarms: {email: ops}               # bad\nalarms: {email: ops@example.com}   # good\n",
    ),
    Code(
        "TZ213",
        "A kind does not exist.",
        "The kinds are alb, cloudfront, dns, ecs, iam, networking, rds, redis, s3 and security.",
        "web: {kind: fargate, image: acme/web:1}   # bad\n"
        "web: {kind: ecs, image: acme/web:1}       # good\n",
    ),
    Code(
        "TZ214",
        "The spec is written in another version of the language.",
        "This version of trazo reads version 1.",
        "trazo: 2   # bad\ntrazo: 1   # good\n",
    ),
    Code(
        "TZ215",
        "`hourly` has neither 24 nor 168 numbers.",
        "24 numbers are a day from 00:00 on, 168 a week from Monday 00:00 on.",
    ),
    Code(
        "TZ216",
        "An environment has a reserved name.",
        "Every name in AWS begins with the environment's, and AWS refuses a load balancer called "
        "`internal-...` and a security group called `sg-...`; `bootstrap` is the folder of the "
        "stack that creates the state bucket.",
        "environments: {internal: {}}   # bad\nenvironments: {intern: {}}     # good\n",
    ),
    Code(
        "TZ217",
        "A demand has a trace and another shape.",
        "A trace says how many requests come when. A profile, its peak or hourly numbers beside it "
        "would say the same a second time.",
        "web: {trace: {file: requests.csv}, profile: evenings}   # bad\n"
        "web: {trace: {file: requests.csv}}                      # good\n",
    ),
    Code(
        "TZ218",
        "A text holds a control character.",
        "Escape sequences and other control characters (U+0000 to U+001F, U+007F to U+009F) act on "
        "terminals and logs, and AWS's services refuse them in names, headers, policies and host "
        "names. Tabs and line breaks may stand where AWS takes them: in `command`, `environment`, "
        "a secret's `description`, the `values` of DNS records, the values of a `condition`, in "
        "`overrides`, and in a `reason`, which stays in the spec. A header of one line, such as "
        "`content_security_policy`, is folded with `>-`.",
        'command: ["printf", "\\e[1mup"]       # bad\n'
        'command: ["printf", "\\\\033[1mup"]   # good, printf makes the character\n',
    ),
    Code(
        "TZ219",
        "A policy holds a letter that IAM refuses.",
        "A policy takes letters up to U+00FF, says AWS in the API reference of `PutRolePolicy`; "
        "typographic quotes, dashes and marks without a width come in when text is pasted.",
        'resources: ["arn:aws:s3:::media\u2013old/*"]   # bad, a long dash\n'
        'resources: ["arn:aws:s3:::media-old/*"]        # good\n',
    ),
)
