"""The reference entries of codes that are no rules: reading, fields, backends and prices."""

from dataclasses import dataclass

from trazo_spec.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its entry in the reference."""

    code: str
    title: str
    """What is wrong, in a sentence."""
    why: str
    """Why it matters and what to do, in a paragraph or two."""
    example: str = ""
    """A bad and a good example, as YAML."""
    severity: Severity = Severity.ERROR


READING: tuple[Code, ...] = (
    Code(
        "TZ101",
        "The file is not UTF-8 text.",
        "YAML is Unicode text. A byte or character that cannot stand in it is most often left "
        "over from another encoding, or came along when text was copied.",
    ),
    Code(
        "TZ102",
        "The file is not valid YAML.",
        "The place is where the reader gave up; the cause often stands a line above: a quote or "
        "bracket that is not closed, a tab, or a value that begins with a special character.",
        'name: *web     # bad, `*` begins an alias\nname: "*web"   # good\n',
    ),
    Code(
        "TZ103",
        "A key stands twice in the same mapping.",
        "Most readers of YAML keep the second one without a word, and half of a spec would be "
        "gone.",
        "web: {cpu: 256, cpu: 512}   # bad\nweb: {cpu: 512}             # good\n",
    ),
    Code(
        "TZ104",
        "The file holds no fields.",
        "A spec is a mapping at its top; this one is empty, or a list, or a single value.",
        "- web            # bad\ntrazo: 1         # good\n",
    ),
    Code(
        "TZ105",
        "The file holds more than one document.",
        "`---` begins a new document. One file is one spec, so that a place in it is not "
        "ambiguous.",
    ),
    Code(
        "TZ106",
        "A key is not text.",
        "Names of fields and components are text; YAML reads `1`, `true` and `null` as other "
        "values.",
        'environment: {1: one}     # bad\nenvironment: {"1": one}   # good, as text\n',
    ),
    Code(
        "TZ107",
        "The file is too large or too deep.",
        "A spec of a hundred services has about 3,000 values. Far more of them, or aliases that "
        "contain themselves, are a mistake or an attack.",
    ),
    Code(
        "TZ108",
        "A tag has no meaning here.",
        "Tags such as `!Ref` or `!!binary` belong to other languages.",
        "bucket: !Ref Media   # bad\nbucket: media        # good\n",
    ),
    Code(
        "TZ109",
        "A number cannot be kept exactly.",
        "Terraform and JSON carry numbers as 64-bit floats, which are exact up to 2^53. `.inf`, "
        "`.nan` and broken numbers are no quantities at all.",
        "storage_gb: 123456789012345678   # bad\nstorage_gb: 20                   # good\n",
    ),
    Code(
        "TZ110",
        "A mapping is merged with `<<`.",
        "That belongs to YAML 1.1. In an environment, say only what changes: it is merged anyway.",
        "web: {<<: *defaults, cpu: 512}   # bad\nweb: {cpu: 512}                  # good\n",
    ),
    Code(
        "TZ111",
        "The file asks for other rules than YAML 1.2.",
        "By the rules of YAML 1.1, `no` is false and `20:00` is 1200. Specs are read by YAML 1.2 "
        "only.",
        "%YAML 1.1   # bad, remove the line\n",
    ),
    Code(
        "TZ112",
        "A key or text is too long.",
        "AWS takes 64 KiB for a whole task definition, and less for every other text of a spec: a "
        "longer one is a file that was put into the spec by mistake.",
    ),
    Code(
        "TZ113",
        "An override is a number in YAML 1.1 only.",
        "`400_000` and `0b11` are text in YAML 1.2, by which specs are read. Where a number is "
        "wanted that is TZ201; an override may be of any type, so that it would be passed on as "
        "text. `trazo check --fix` writes the number.",
        "overrides: {aws_lb.alb: {client_keep_alive: 3_600}}   # bad\n"
        "overrides: {aws_lb.alb: {client_keep_alive: 3600}}    # good\n",
    ),
    Code(
        "TZ120",
        "An environment changes what is the same in all environments.",
        "`trazo` and `environments` are about the whole file.",
        "environments: {staging: {trazo: 1}}                  # bad\n"
        "environments: {staging: {region: us-west-2}}         # good\n",
    ),
    Code(
        "TZ121",
        "An environment changes a component that the base has not.",
        "A component that only one environment has needs a `kind`; a misspelt one would be added "
        "beside the one that was meant.",
        "environments: {staging: {components: {wbe: {cpu: 512}}}}   # bad\n"
        "environments: {staging: {components: {web: {cpu: 512}}}}   # good\n",
    ),
)

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

TRACES: tuple[Code, ...] = (
    Code(
        "TZ122",
        "A trace lies outside of the spec's folder.",
        "Whoever wrote a spec need not be whoever runs trazo, as in CI for a pull request. So a "
        "spec may name files of its own folder only, links followed; `--allow-read PATH` lets it "
        "name those in other folders.",
        "trace: {file: ../secrets/requests.csv}   # bad\n"
        "trace: {file: traces/requests.csv}       # good\n",
    ),
    Code(
        "TZ332",
        "The file of a trace cannot be read.",
        "`trace` names a CSV file by its path from the spec's folder, so that the spec means the "
        "same on every machine.",
        "trace: {file: /home/ann/requests.csv}   # bad\n"
        "trace: {file: traces/requests.csv}      # good\n",
    ),
    Code(
        "TZ333",
        "A line of a trace cannot be read.",
        "Each line is a timestamp and a number, 0 or more. The first line may name the columns.",
        "2 Nov 2026 8am;120       # bad\n2026-11-02 08:00:00,120   # good\n",
    ),
    Code(
        "TZ334",
        "A trace is too short, too long, or mostly gaps.",
        "A month is made of its whole weeks, or of its whole days if it is shorter than a week. "
        "It covers a day to 400 days, with rows at most a day apart.",
    ),
    Code(
        "TZ335",
        "A trace has gaps.",
        "What is missing gets the mean of its time on other days. CloudWatch leaves out intervals "
        "without requests, so that a gap may also mean that nobody came.",
        severity=Severity.WARNING,
    ),
)

CHECKS: tuple[Code, ...] = (
    Code(
        "TZ340",
        "`checks` names a code that does not exist.",
        "It would switch nothing off, and nobody would notice.",
        "checks: {TZ4588: {severity: off, reason: filled every night}}  # bad\n"
        "checks: {TZ458: {severity: off, reason: filled every night}}   # good\n",
    ),
    Code(
        "TZ341",
        "`checks` changes the severity of an error.",
        "An error means Terraform that does not apply, or something that is insecure or loses "
        "data. Only warnings and hints are a matter of opinion.",
        "checks: {TZ301: {severity: off, reason: not for us}}               # bad\n"
        "checks: {TZ461: {severity: error, reason: we promise two zones}}   # good\n",
    ),
    Code(
        "TZ342",
        "`checks` switches off or lowers what is not found.",
        "What it was written for is gone, or it names another component than was meant. Left in "
        "place, it would hide the next finding of its code.",
        "checks: {TZ458: {severity: off, reason: filled every night}}   # bad without a finding\n"
        "checks: {}                                                     # good\n",
        severity=Severity.WARNING,
    ),
)

SECRETS: tuple[Code, ...] = (
    Code(
        "TZ465",
        "A key or password stands in the spec.",
        "A spec is kept in version control and read by many; what stands in it also ends up in "
        "Terraform's state. Whoever reads it can use the key, and old versions of the file keep "
        "it. Found are tokens by their form, URLs, connection strings, headers and commands with "
        "a password, private keys, and texts that hold one of them, in base64 and percent-encoded "
        "too. A URL of the task's own address, such as `localhost`, is let through: nobody else "
        "reaches it.",
        'environment: {CELERY_BROKER_URL: "redis://:hunter2@cache.acme.io:6379"}   # bad\n'
        "secrets: {CELERY_BROKER_URL: celery_broker_url}                           # good\n",
    ),
    Code(
        "TZ466",
        "A variable whose name says that it is a secret has its value in the spec.",
        "Names that end in `PASSWORD`, `SECRET`, `TOKEN`, `API_KEY` and the like are meant, with "
        "`_VALUE`, `_V2` or `_OLD` behind them too, and everything below such a key. What leads "
        "to a secret is fine: a path, an ARN, a URL, a name such as `PASSWORD_RESET_URL` or "
        "`TOKEN_TTL_S`.",
        "environment: {DJANGO_SECRET_KEY: 7u-v3xq}           # bad\n"
        "secrets: {DJANGO_SECRET_KEY: django_secret_key}     # good\n",
    ),
    Code(
        "TZ492",
        "A comment holds a key or password.",
        "Comments are kept in version control and read by many, as the rest of the spec is. A "
        "value that was switched off by a `#` is still a secret.",
        "# DB_PASSWORD: hunter2-staging               # bad\n"
        "# DB_PASSWORD stands in Secrets Manager      # good\n",
    ),
    Code(
        "TZ493",
        "A value looks random, as secrets do.",
        "It has capital and small letters and digits without an order, and is not what AWS, git or "
        "a registry name things with. Nothing else says that it is a secret, so it is a warning. "
        "A value that is none can be named under `checks` with the reason.",
        "environment: {UPSTREAM: Zr4Tn8Wc2LpXy6Vb0QmHd5KsJ7fGu3Ea}   # bad\n"
        "secrets: {UPSTREAM: upstream}                               # good\n",
        severity=Severity.WARNING,
    ),
)

LOSSES: tuple[Code, ...] = (
    Code(
        "TZ625",
        "A database, bucket or zone that stands would be destroyed.",
        "The output that was compiled before has it, the new one has not, and the next apply "
        "would remove it with what it holds. A component that got another name says `was:`. "
        "`--allow-loss ADDRESS` lets go of one for good. Compared is with the output on disk, or "
        "with `--base REV:PATH`.",
        "components: {db: {kind: rds}}                  # bad, after `database`\n"
        "components: {db: {kind: rds, was: database}}   # good\n",
    ),
    Code(
        "TZ626",
        "A database, bucket or zone that stands would be replaced by an empty one.",
        "AWS cannot change the argument in place, so Terraform would destroy what stands and "
        "create another. `--allow-loss ADDRESS` agrees to that.",
        "media: {kind: s3, bucket: acme-uploads}   # bad, where `acme-media` stands\n"
        "media: {kind: s3, bucket: acme-media}     # good\n",
    ),
    Code(
        "TZ627",
        "Terraform's state would be looked for in another place.",
        "Terraform would find an empty state there and create everything a second time. To move "
        "the state on purpose, compile with `--allow-loss state` and run "
        "`terraform init -migrate-state` before anything else.",
        "state: {bucket: acme-state-2}   # bad, where `acme-state` holds the state\n"
        "state: {bucket: acme-state}     # good\n",
    ),
    Code(
        "TZ628",
        "An environment that holds data is gone from the spec.",
        "Its resources go on to run and to cost money, and no output describes them any more. Run "
        "`terraform destroy` in its folder first, then let go of the output with "
        "`--allow-loss ENVIRONMENT`.",
        "environments: {prod: {}}                # bad, after `staging` was applied\n"
        "environments: {prod: {}, staging: {}}   # good\n",
    ),
)

PRICES: tuple[Code, ...] = (
    Code(
        "TZ701",
        "The catalogue has no price for an item in the region.",
        "The bill shows the line as unpriced and the total lacks it: a price that is not known "
        "is neither 0 nor that of another region. A region without any price is one finding; "
        "`trazo prices update` reads its prices into a catalogue beside the spec.",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ702",
        "The bill is over the budget.",
        "`trazo cost --budget USD` compares the total of all environments that it prints, so that "
        "a pipeline can stop a change that costs too much.",
    ),
    Code(
        "TZ703",
        "A file of prices has another form than a price book or catalogue.",
        "A field or column that does not exist, one that is missing, or a row of CSV that is cut "
        "off would be a price that silently is not used. [Negotiated "
        "prices](../how-to/negotiated-prices.md) shows a whole price book; a catalogue is what "
        "`trazo prices update` writes.",
        "prices: [{item: alb_hour, price: 0.02}]   # bad\n"
        "prices: [{item: alb_hour, usd: 0.02}]     # good\n",
    ),
    Code(
        "TZ704",
        "A number in a file of prices is not a price, a discount or a quantity.",
        "Prices are decimal numbers from 0 to 1,000,000 USD for one unit, with at most 15 digits "
        "behind the point; a discount lies below 100 %; a tier begins at 10^12 units at most. "
        "More is a slip, and sums of it would no longer be exact.",
        "savings_plan: {commitment_usd_per_h: 1e300, discount_percent: 20}   # bad\n"
        "savings_plan: {commitment_usd_per_h: 0.05, discount_percent: 20}    # good\n",
    ),
    Code(
        "TZ705",
        "An entry of a price book is about no price of the catalogue.",
        "A discount that applies to nothing would be believed all the same. `trazo prices show` "
        "lists items, units and regions; an item that the catalogue does not have needs a `unit`.",
        "prices: [{item: alb_hours, usd: 0.02}]   # bad\n"
        "prices: [{item: alb_hour, usd: 0.02}]    # good\n",
    ),
    Code(
        "TZ706",
        "The tiers of a negotiated price do not begin at 0, or do not ascend.",
        "What the first unit costs must be known, and each unit must belong to one tier.",
        "tiers: [{from: 10240, usd: 0.03}, {from: 0, usd: 0.05}]   # bad\n"
        "tiers: [{from: 0, usd: 0.05}, {from: 10240, usd: 0.03}]   # good\n",
    ),
    Code(
        "TZ707",
        "A file of prices is larger than any that is meant.",
        "What is read is bounded, so that a file from elsewhere cannot fill the memory: 8 MiB, "
        "10,000 entries, 200,000 prices that they change, and 500 characters of a text.",
    ),
)

CODES: tuple[Code, ...] = (*READING, *FIELDS, *TRACES, *CHECKS, *SECRETS, *LOSSES, *PRICES)
"""Every code that is no rule, in order."""
