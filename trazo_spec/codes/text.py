"""Codes of what is wrong with the text of a spec: reading, traces, secrets, `checks`."""

from trazo_spec.codes.code import Code
from trazo_spec.diagnostics import Severity

READING: tuple[Code, ...] = (
    Code(
        "TZ101",
        "The file is not UTF-8 text.",
        "YAML is Unicode text. A byte or character that is not allowed in it usually comes from "
        "another encoding or from copied text.",
    ),
    Code(
        "TZ102",
        "The file is not valid YAML.",
        "The position is where parsing failed; the cause is often one line above: an unclosed "
        "quote or bracket, a tab, or a value that begins with a special character.",
        'name: *web     # bad, `*` begins an alias\nname: "*web"   # good\n',
    ),
    Code(
        "TZ103",
        "A mapping contains the same key twice.",
        "Most YAML parsers silently keep only the second one, and part of the spec would be lost.",
        "web: {cpu: 256, cpu: 512}   # bad\nweb: {cpu: 512}             # good\n",
    ),
    Code(
        "TZ104",
        "The file does not contain any fields.",
        "The top level of a spec must be a mapping; this file is empty, or contains a list or a "
        "single value.",
        "- web            # bad\ntrazo: 1         # good\n",
    ),
    Code(
        "TZ105",
        "The file contains more than one document.",
        "`---` begins a new document. A file must contain exactly one spec, so that positions "
        "in it are unambiguous.",
    ),
    Code(
        "TZ106",
        "A key is not text.",
        "Names of fields and components are text; YAML reads `1`, `true` and `null` as other "
        "types.",
        'environment: {1: one}     # bad\nenvironment: {"1": one}   # good, as text\n',
    ),
    Code(
        "TZ107",
        "The file is too large or too deeply nested, or contains too many errors.",
        "A spec with a thousand services has about 400,000 characters and 40,000 keys and "
        "values. trazo reads at most 500,000 characters and 45,000 keys and values, including "
        "what aliases repeat; all environments together may have at most 120,000, and one list or "
        "mapping 2,000 entries. Larger files, or aliases that contain themselves, are a mistake "
        "or an attack. Checking also stops after a thousand errors or four hundred secrets.",
    ),
    Code(
        "TZ108",
        "A YAML tag is not supported.",
        "Tags such as `!Ref` or `!!binary` belong to other languages.",
        "bucket: !Ref Media   # bad\nbucket: media        # good\n",
    ),
    Code(
        "TZ109",
        "A number cannot be represented exactly.",
        "Terraform and JSON store numbers as 64-bit floats, which are exact up to 2^53. `.inf`, "
        "`.nan` and malformed numbers are not quantities.",
        "storage_gb: 123456789012345678   # bad\nstorage_gb: 20                   # good\n",
    ),
    Code(
        "TZ110",
        "A mapping is merged with `<<`.",
        "Merge keys belong to YAML 1.1. In an environment, write only what changes: it is "
        "merged automatically.",
        "web: {<<: *defaults, cpu: 512}   # bad\nweb: {cpu: 512}                  # good\n",
    ),
    Code(
        "TZ111",
        "The file requests a YAML version other than 1.2.",
        "In YAML 1.1, `no` is false and `20:00` is 1200. Specs are always read as YAML 1.2.",
        "%YAML 1.1   # bad, remove the line\n",
    ),
    Code(
        "TZ112",
        "A key or string is too long.",
        "AWS accepts 64 KiB for a whole task definition, and less for every other string in a "
        "spec: a longer one is probably a file that was pasted into the spec by mistake.",
    ),
    Code(
        "TZ113",
        "An override is a number only in YAML 1.1.",
        "Specs are read as YAML 1.2, in which `400_000` and `0b11` are text. Where a number is "
        "required, this is TZ201; an override can have any type, so it would be passed on as "
        "text. `trazo check --fix` writes the number.",
        "overrides: {aws_lb.alb: {client_keep_alive: 3_600}}   # bad\n"
        "overrides: {aws_lb.alb: {client_keep_alive: 3600}}    # good\n",
    ),
    Code(
        "TZ120",
        "An environment changes a field that must be the same in all environments.",
        "`trazo` and `environments` apply to the whole file.",
        "environments: {staging: {trazo: 1}}                  # bad\n"
        "environments: {staging: {region: us-west-2}}         # good\n",
    ),
    Code(
        "TZ121",
        "An environment changes a component that does not exist in the base.",
        "A component that exists in only one environment needs a `kind`; without this check, a "
        "misspelled name would silently add a component.",
        "environments: {staging: {components: {wbe: {cpu: 512}}}}   # bad\n"
        "environments: {staging: {components: {web: {cpu: 512}}}}   # good\n",
    ),
)

TRACES: tuple[Code, ...] = (
    Code(
        "TZ122",
        "A trace is outside the spec's folder.",
        "The author of a spec is not always the person who runs trazo, for example in CI for a "
        "pull request. A spec may therefore read only files in its own folder, after following "
        "links; `--allow-read PATH` allows another folder.",
        "trace: {file: ../secrets/requests.csv}   # bad\n"
        "trace: {file: traces/requests.csv}       # good\n",
    ),
    Code(
        "TZ332",
        "A trace file cannot be read.",
        "`trace` is the path of a CSV file relative to the spec's folder, so that the spec "
        "means the same on every machine.",
        "trace: {file: /home/ann/requests.csv}   # bad\n"
        "trace: {file: traces/requests.csv}      # good\n",
    ),
    Code(
        "TZ333",
        "A line of a trace cannot be read.",
        "Each line contains a timestamp and a number, 0 or more. The first line may be a header.",
        "2 Nov 2026 8am;120       # bad\n2026-11-02 08:00:00,120   # good\n",
    ),
    Code(
        "TZ334",
        "A trace is too short, too long, or mostly gaps.",
        "trazo builds a month from the whole weeks of the trace, or from its whole days if it "
        "is shorter than a week. A trace must cover 1 to 400 days, with rows at most one day "
        "apart.",
    ),
    Code(
        "TZ335",
        "A trace has gaps.",
        "A missing interval gets the mean of the same time on other days. CloudWatch leaves out "
        "intervals without requests, so a gap may also mean that there was no traffic.",
        severity=Severity.WARNING,
    ),
)

SECRETS: tuple[Code, ...] = (
    Code(
        "TZ465",
        "The spec contains a key or password.",
        "A spec is kept in version control and read by many people, and its contents also end "
        "up in Terraform's state. Anyone who can read it can use the key, and old versions of "
        "the file still contain it. This check recognizes tokens by their format, URLs, "
        "connection strings, headers and commands that contain a password, private keys, and "
        "strings that contain one of these, also in base64 or percent-encoded. A URL of the "
        "task's own address, such as `localhost`, is allowed because it cannot be reached from "
        "outside the task.",
        'environment: {CELERY_BROKER_URL: "redis://:hunter2@cache.acme.io:6379"}   # bad\n'
        "secrets: {CELERY_BROKER_URL: celery_broker_url}                           # good\n",
    ),
    Code(
        "TZ466",
        "The spec contains the value of a variable whose name indicates a secret.",
        "This applies to names that end in `PASSWORD`, `SECRET`, `TOKEN`, `API_KEY` and the "
        "like, also when followed by `_VALUE`, `_V2` or `_OLD`, and to everything below such a "
        "key. References to a secret are allowed: a path, an ARN, a URL, or a name such as "
        "`PASSWORD_RESET_URL` or `TOKEN_TTL_S`.",
        "environment: {DJANGO_SECRET_KEY: 7u-v3xq}           # bad\n"
        "secrets: {DJANGO_SECRET_KEY: django_secret_key}     # good\n",
    ),
    Code(
        "TZ492",
        "A comment contains a key or password.",
        "Like the rest of the spec, comments are kept in version control and read by many "
        "people. A value that is commented out is still a secret.",
        "# DB_PASSWORD: hunter2-staging               # bad\n"
        "# DB_PASSWORD is in Secrets Manager          # good\n",
    ),
    Code(
        "TZ493",
        "A value looks random and may be a secret.",
        "It mixes uppercase letters, lowercase letters and digits without a pattern, and is not "
        "a name used by AWS, git or a registry. Nothing else indicates that it is a secret, so "
        "this is a warning. If the value is not a secret, add an entry with the reason under "
        "`checks`.",
        "environment: {UPSTREAM: Zr4Tn8Wc2LpXy6Vb0QmHd5KsJ7fGu3Ea}   # bad\n"
        "secrets: {UPSTREAM: upstream}                               # good\n",
        severity=Severity.WARNING,
    ),
)

CHECKS: tuple[Code, ...] = (
    Code(
        "TZ340",
        "`checks` names a code that does not exist.",
        "The entry would have no effect, and this would go unnoticed.",
        "checks: {TZ4588: {severity: off, reason: filled every night}}  # bad\n"
        "checks: {TZ458: {severity: off, reason: filled every night}}   # good\n",
    ),
    Code(
        "TZ341",
        "`checks` changes the severity of an error.",
        "An error means that Terraform would not apply, that something is insecure, or that "
        "data would be lost. Only warnings, hints and the errors that say so in this reference, "
        "which depend on a dated list of what AWS offers, are a matter of judgment.",
        "checks: {TZ301: {severity: off, reason: not for us}}               # bad\n"
        "checks: {TZ461: {severity: error, reason: we promise two zones}}   # good\n",
    ),
    Code(
        "TZ342",
        "`checks` switches off or lowers a finding that does not exist.",
        "The finding it was written for is gone, or it names the wrong component. If the entry "
        "stayed, it would hide the next finding with this code.",
        "checks: {TZ458: {severity: off, reason: filled every night}}   # bad without a finding\n"
        "checks: {}                                                     # good\n",
        severity=Severity.WARNING,
    ),
)
