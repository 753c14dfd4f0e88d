#!/usr/bin/env bash
# One would guess: a TMPDIR that is not there is named in the error, or another folder is taken, as
# `mktemp` and Python's `tempfile` do.
# What happens: Terraform 1.11 reads the files and finds the provider, but its process ends before
# the handshake, since it opens its socket in TMPDIR. The message speaks of a wrong architecture,
# missing libraries, permissions of the file and the protocol, and prints the (right) architecture
# and mode of the provider. Neither TMPDIR nor a folder for temporary files is in it.
# Who meets it: whoever runs Terraform in a job whose TMPDIR was removed by an earlier step, or that
# inherits one of another container. Everything else, `terraform fmt` included, works.
# Terraform has to be there; PLUGIN_DIR names unpacked providers where there is no network.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TF_CLI_CONFIG_FILE="$work/none.tfrc" NO_COLOR=1
touch "$TF_CLI_CONFIG_FILE"
cat > main.tf <<'HCL'
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
HCL
options=()
if [ -n "${PLUGIN_DIR:-}" ]; then options=("-plugin-dir=$PLUGIN_DIR"); fi
terraform version
terraform init -no-color "${options[@]}" > init.txt
terraform validate -no-color > there.txt
code=0
TMPDIR="$work/gone" terraform validate -no-color > gone.txt 2>&1 || code=$?
echo "with a TMPDIR that is there: $(head -n 1 there.txt)"
echo "with one that is not: exit code $code"
cat gone.txt
grep -q "Success" there.txt
[ "$code" = 1 ]
grep -q "not compiled for this architecture" gone.txt
! grep -qi "TMPDIR\|temporary" gone.txt
