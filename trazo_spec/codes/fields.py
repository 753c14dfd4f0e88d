"""Codes of fields that do not have the type, form or size that the language asks for."""

from trazo_spec.codes.code import Code

FIELDS: tuple[Code, ...] = (
    Code(
        "TZ200",
        "A value is not valid.",
        "Covers every problem that has no code of its own; the help line has the details.",
    ),
    Code(
        "TZ201",
        "A value has the wrong type.",
        'Values are never converted silently: `"2"` is text, `2` is a number, `yes` is text and '
        "`true` is a boolean.",
        'scaling: {max: "2"}   # bad\nscaling: {max: 2}     # good\n',
    ),
    Code(
        "TZ202",
        "A field does not exist.",
        "Ignoring a misspelled field would silently leave its default in place.",
        "scaling: {maximum: 2}   # bad\nscaling: {max: 2}       # good\n",
    ),
    Code(
        "TZ203",
        "A field is missing.",
        "The field has no default, because no single value suits most users.",
        "web: {kind: ecs}                       # bad\n"
        "web: {kind: ecs, image: acme/web:1}    # good\n",
    ),
    Code(
        "TZ204",
        "A number, string or list is too small or too large.",
        "AWS rejects such a value, or it makes no sense.",
        "database: {kind: rds, storage_gb: 10}   # bad, the minimum is 20\n"
        "database: {kind: rds, storage_gb: 20}   # good\n",
    ),
    Code(
        "TZ205",
        "A value is not one of the allowed values.",
        "The message lists them.",
        "architecture: arm     # bad\narchitecture: arm64   # good\n",
    ),
    Code(
        "TZ206",
        "A string does not have the required format.",
        "Names become Terraform addresses and parts of AWS names, which allow only a few "
        "characters.",
        "components: {Web-App: {...}}   # bad\ncomponents: {web_app: {...}}   # good\n",
    ),
    Code(
        "TZ207",
        "A string is not a host name.",
        "Host names are lowercase and contain at least one dot, but no scheme, port or path.",
        "hostname: https://API.acme.io/   # bad\nhostname: api.acme.io            # good\n",
    ),
    Code(
        "TZ208",
        "A string is not an IPv4 network between /16 and /28.",
        "AWS accepts no other size for a VPC or subnet, and no host bits may be set.",
        "cidr: 10.0.0.1/16   # bad\ncidr: 10.0.0.0/16   # good\n",
    ),
    Code(
        "TZ209",
        "A string is not a valid bucket name.",
        "S3 accepts 3 to 63 lowercase letters, digits, `-` and `.`. Terraform checks this only "
        "at apply time.",
        "bucket: Acme_Media   # bad\nbucket: acme-media   # good\n",
    ),
    Code(
        "TZ210",
        "A string is not an AWS region.",
        "Write the region's code, not its name.",
        "region: Ohio        # bad\nregion: us-east-2   # good\n",
    ),
    Code(
        "TZ211",
        "A string is not an ARN.",
        "An Amazon Resource Name begins with `arn:aws` and contains the service, region and "
        "account.",
        "certificate: {arn: my-certificate}                                              # bad\n"
        'certificate: {arn: "arn:aws:acm:us-east-2:123456789012:certificate/12345678"}   # good\n',
    ),
    Code(
        "TZ212",
        "A string is not an email address.",
        "AWS sends a confirmation request to this address before it sends alarms.",
        "alarms: {email: ops}               # bad\nalarms: {email: ops@example.com}   # good\n",
    ),
    Code(
        "TZ674",
        "A maintenance or backup window is not a time in AWS's format.",
        "Both are in UTC. A backup window is a time of each day; a maintenance window is one of "
        "the week, with the first three letters of its days.",
        "maintenance_window: Sunday night           # bad\n"
        'maintenance_window: "sun:03:00-sun:04:00"   # good\n'
        'backup_window: "05:00-06:00"                # good\n',
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
        "The spec is written for another version of the language.",
        "This version of trazo reads version 1.",
        "trazo: 2   # bad\ntrazo: 1   # good\n",
    ),
    Code(
        "TZ215",
        "`hourly` does not have 24 or 168 numbers.",
        "24 numbers describe a day from 00:00; 168 describe a week from Monday 00:00.",
    ),
    Code(
        "TZ216",
        "An environment has a reserved name.",
        "Every AWS name begins with the name of the environment. AWS rejects a load balancer "
        "named `internal-...` and a security group named `sg-...`; `bootstrap` is the folder of "
        "the stack that creates the state bucket.",
        "environments: {internal: {}}   # bad\nenvironments: {intern: {}}     # good\n",
    ),
    Code(
        "TZ217",
        "A demand has both a trace and another shape.",
        "A trace already defines how many requests arrive and when. A profile, its peak or "
        "hourly numbers would define the same thing again.",
        "web: {trace: {file: requests.csv}, profile: evenings}   # bad\n"
        "web: {trace: {file: requests.csv}}                      # good\n",
    ),
    Code(
        "TZ218",
        "A string contains a control character.",
        "Escape sequences and other control characters (U+0000 to U+001F, U+007F to U+009F) "
        "affect terminals and logs, and AWS rejects them in names, headers, policies and host "
        "names. Tabs and line breaks are allowed where AWS accepts them: in `command`, "
        "`environment`, a secret's `description`, the `values` of DNS records, the values of a "
        "`condition`, in `overrides`, and in a `reason`, which stays in the spec. To write a "
        "single-line header such as `content_security_policy` over several lines, fold it with "
        "`>-`.",
        'command: ["printf", "\\e[1mup"]       # bad\n'
        'command: ["printf", "\\\\033[1mup"]   # good, printf produces the character\n',
    ),
    Code(
        "TZ219",
        "A policy contains a character that IAM rejects.",
        "According to the API reference of `PutRolePolicy`, a policy may contain characters up "
        "to U+00FF. Typographic quotes, dashes and zero-width characters are often introduced "
        "when text is pasted.",
        'resources: ["arn:aws:s3:::media\u2013old/*"]   # bad, an en dash\n'
        'resources: ["arn:aws:s3:::media-old/*"]        # good\n',
    ),
    Code(
        "TZ691",
        "A prefix is reserved.",
        "Every AWS name begins with the prefix. AWS rejects a load balancer named `internal-...` "
        "and a security group named `sg-...`.",
        "names: {prefix: internal-shop}   # bad\nnames: {prefix: shop}            # good\n",
    ),
)
