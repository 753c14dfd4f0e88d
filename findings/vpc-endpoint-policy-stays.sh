#!/usr/bin/env bash
# One would guess: a gateway endpoint without `policy` has AWS's default, full access, so deleting
# the argument from the configuration gives that back, as the provider's documentation of the
# argument ("Defaults to full access") reads.
# What happens with the AWS provider 5.100: nothing is planned, and the old policy goes on refusing.
# Only a policy that is written out, full access itself, is an update.
# Who meets it: whoever takes a restriction back by removing it, and whoever generates Terraform and
# leaves out what has its default value.
# Terraform has to be there; PLUGIN_DIR names unpacked providers where there is no network. AWS is
# not asked: the state is written by hand and not refreshed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TF_CLI_CONFIG_FILE="$work/none.tfrc" NO_COLOR=1
touch "$TF_CLI_CONFIG_FILE"
options=()
if [ -n "${PLUGIN_DIR:-}" ]; then options=("-plugin-dir=$PLUGIN_DIR"); fi
cat > provider.tf <<'HCL'
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
HCL
cat > terraform.tfstate <<'JSON'
{"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "a", "outputs": {},
 "resources": [{"mode": "managed", "type": "aws_vpc_endpoint", "name": "storage",
  "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
  "instances": [{"schema_version": 0, "attributes": {
   "id": "vpce-0a", "vpc_id": "vpc-0a", "service_name": "com.amazonaws.eu-west-1.s3",
   "vpc_endpoint_type": "Gateway", "tags_all": {}, "state": "available", "cidr_blocks": [], "dns_entry": [],
   "network_interface_ids": [], "route_table_ids": [], "security_group_ids": [], "subnet_ids": [],
   "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::reports/*\"}]}"}}]}]}
JSON

planned() { # an argument, or none
  cat > main.tf <<HCL
resource "aws_vpc_endpoint" "storage" {
  vpc_id       = "vpc-0a"
  service_name = "com.amazonaws.eu-west-1.s3"
  $1
}
HCL
  terraform plan -no-color -refresh=false -input=false -out plan > /dev/null
  terraform show -json plan | python3 -c '
import json, sys
change = json.load(sys.stdin)["resource_changes"][0]["change"]
print(*change["actions"], "reports" if "reports" in change["after"]["policy"] else "everything")'
}

terraform version
terraform init -no-color "${options[@]}" > init.txt
terraform version | grep -q "provider.*hashicorp/aws v5.100.0"
removed=$(planned "")
open='{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }'
written=$(planned "policy = jsonencode({ Version = \"2012-10-17\", Statement = [$open] })")
echo "policy removed: $removed"
echo "full access written out: $written"
[ "$removed" = "no-op reports" ]
[ "$written" = "update everything" ]
