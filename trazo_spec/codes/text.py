"""Codes of what is wrong with the text of a spec: reading, traces, secrets, `checks`."""

from trazo_spec.codes.code import Code
from trazo_spec.diagnostics import Severity

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
        "The file is too large or too deep, or too much in it is wrong.",
        "A spec of a thousand services has about 400,000 characters and 40,000 keys and values. At "
        "most 500,000 and 50,000 are read, with what aliases repeat; the environments make at most "
        "120,000 together. Far more, or aliases that contain themselves, are a mistake or an "
        "attack. Nor is more looked for behind a thousand mistakes or two hundred secrets.",
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
