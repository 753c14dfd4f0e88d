#!/usr/bin/env bash
# One would guess: `allocated_storage` from 100 to 20 is planned (and then refused by AWS, whose
# disks only grow), or is an error at plan.
# What happens: without `max_allocated_storage` the change is planned. With it, which is how storage
# autoscaling is switched on, the AWS provider 5.100 plans the 100 that stand there: no error and no
# warning, while the configuration says 20.
# Who meets it: whoever makes a database smaller and believes a plan without changes, and whoever
# prices or reviews a configuration by what its files say.
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

database() { # the size, and what else the configuration says
  cat > main.tf <<HCL
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  region                      = "us-east-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
resource "aws_db_instance" "db" {
  identifier          = "db"
  engine              = "postgres"
  engine_version      = "16.8"
  instance_class      = "db.t4g.micro"
  username            = "app"
  skip_final_snapshot = true
  allocated_storage   = $1
  $2
}
HCL
}

standing() { # a database of 100 GiB, with max_allocated_storage
  cat > terraform.tfstate <<JSON
{"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "a", "outputs": {},
 "resources": [{"mode": "managed", "type": "aws_db_instance", "name": "db",
  "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
  "instances": [{"schema_version": 2, "attributes": {
   "id": "db-ABC", "identifier": "db", "engine": "postgres", "engine_version": "16.8",
   "engine_version_actual": "16.8", "instance_class": "db.t4g.micro", "username": "app",
   "allocated_storage": 100, "max_allocated_storage": $1, "skip_final_snapshot": true,
   "apply_immediately": false, "auto_minor_version_upgrade": true, "copy_tags_to_snapshot": false,
   "dedicated_log_volume": false, "delete_automated_backups": true,
   "deletion_protection": false, "iam_database_authentication_enabled": false,
   "monitoring_interval": 0, "performance_insights_enabled": false,
   "publicly_accessible": false, "listener_endpoint": [], "master_user_secret": [],
   "replicas": [], "tags_all": {}, "vpc_security_group_ids": []}}]}]}
JSON
}

planned() { # the size that Terraform will ask for
  terraform plan -no-color -refresh=false -input=false -out plan > /dev/null
  terraform show -json plan | python3 -c '
import json, sys
(change,) = json.load(sys.stdin)["resource_changes"]
sizes = [change["change"][side]["allocated_storage"] for side in ("before", "after")]
print(*sizes, sep=" -> ")'
}

database 100 ""
terraform version
terraform init -no-color "${options[@]}" > init.txt
terraform version | grep -q "provider.*hashicorp/aws v5.100.0"

standing 0
database 20 ""
alone=$(planned)
standing 200
database 20 "max_allocated_storage = 200"
grows=$(planned)
echo "100 in the state and 20 in the configuration, as planned:"
echo "without max_allocated_storage: $alone"
echo "with max_allocated_storage = 200: $grows"
[ "$alone" = "100 -> 20" ]
[ "$grows" = "100 -> 100" ]
