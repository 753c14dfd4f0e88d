#!/usr/bin/env bash
# One would guess: a scanner that cannot read a file fails, and one that supports Terraform's JSON
# syntax reads `required_version`, which nearly every root module has.
# What happens: checkov 3.3.30 gives up on the whole file over that one text (or over `moved`),
# runs no check, and exits with 0; without the line it finds seven failures and exits with 1.
# `--framework terraform` passes over `.tf.json` without a word and exits with 0 as well.
# Who meets it: whoever scans `cdk.tf.json` of CDKTF or hand-written `.tf.json` in CI. It is green.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet checkov==3.3.30
mkdir with without
bucket='"resource": {"aws_s3_bucket": {"a": {"bucket": "abc-x"}}}'
echo "{$bucket}" > without/main.tf.json
echo "{\"terraform\": {\"required_version\": \">= 1.11\"}, $bucket}" > with/main.tf.json

scan() { # folder, framework -> exit code, failed checks, parsing errors
    code=0
    venv/bin/checkov -d "$1" --framework "$2" --output json --compact --skip-download \
        > out.json 2> /dev/null || code=$?
    python3 - "$code" <<'PYTHON'
import json, sys
answer = json.load(open("out.json"))
summary = answer.get("summary", answer)
print(sys.argv[1], summary["failed"] > 0, summary["parsing_errors"])
PYTHON
}

venv/bin/checkov --version
for case in "without terraform_json" "with terraform_json" "with terraform"; do
    # shellcheck disable=SC2086 # two words
    echo "$case: exit code, anything failed, parsing errors: $(scan $case)"
done
[ "$(scan without terraform_json)" = "1 True 0" ]
[ "$(scan with terraform_json)" = "0 False 1" ]
[ "$(scan with terraform)" = "0 False 0" ]
