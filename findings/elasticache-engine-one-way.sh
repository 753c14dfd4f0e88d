#!/usr/bin/env bash
# One would guess: a change of a cache's engine or version is treated alike in both directions, and
# the list of arguments that force replacement (which the schema does not even contain) tells it.
# What happens with the AWS provider 5.100: Redis to Valkey is an update in place, Valkey to Redis
# deletes the cache and makes an empty one. Redis 7.0 to 7.1 is an update, 7.1 to 7.0 a replacement.
# A database engine differs: PostgreSQL 17 to 16 is planned as an update (which AWS then refuses).
# Who meets it: whoever asks only whether an argument can force replacement, such as a tool that
# probes the provider with one pair of values, and whoever rolls a version back.
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
  region                      = "us-east-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
HCL

state() { # type, attributes
  cat > terraform.tfstate <<JSON
{"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "a", "outputs": {},
 "resources": [{"mode": "managed", "type": "$1", "name": "this",
  "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
  "instances": [{"schema_version": 2, "attributes": {"id": "this", $2}}]}]}
JSON
}

actions() {
  terraform plan -no-color -refresh=false -input=false -out plan > /dev/null
  terraform show -json plan | python3 -c '
import json, sys
(change,) = json.load(sys.stdin)["resource_changes"]
print(*change["change"]["actions"])'
}

cache() { # engine and version as they are, then as they shall be
  state aws_elasticache_replication_group "\"replication_group_id\": \"this\",
    \"description\": \"a\", \"node_type\": \"cache.t4g.micro\", \"num_cache_clusters\": 1,
    \"engine\": \"$1\", \"engine_version\": \"$2\", \"engine_version_actual\": \"$2.0\",
    \"port\": 6379, \"at_rest_encryption_enabled\": \"true\", \"transit_encryption_enabled\": true,
    \"automatic_failover_enabled\": false, \"multi_az_enabled\": false,
    \"security_group_names\": [],
    \"auto_minor_version_upgrade\": \"true\", \"snapshot_retention_limit\": 0,
    \"parameter_group_name\": \"default.$1${2%%.*}\""
  cat > main.tf <<HCL
resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "this"
  description          = "a"
  node_type            = "cache.t4g.micro"
  num_cache_clusters   = 1
  engine               = "$3"
  engine_version       = "$4"

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
}
HCL
  actions
}

database() { # version as it is, then as it shall be
  state aws_db_instance "\"identifier\": \"this\", \"engine\": \"postgres\",
    \"engine_version\": \"$1\", \"engine_version_actual\": \"$1.1\", \"username\": \"app\",
    \"instance_class\": \"db.t4g.micro\", \"allocated_storage\": 20"
  cat > main.tf <<HCL
resource "aws_db_instance" "this" {
  identifier          = "this"
  engine              = "postgres"
  engine_version      = "$2"
  instance_class      = "db.t4g.micro"
  username            = "app"
  allocated_storage   = 20
  skip_final_snapshot = true
}
HCL
  actions
}

terraform version
terraform init -no-color "${options[@]}" > init.txt
terraform version | grep -q "provider.*hashicorp/aws v5.100.0"
declare -A planned
planned[redis-valkey]=$(cache redis 7.1 valkey 7.2)
planned[valkey-redis]=$(cache valkey 7.2 redis 7.1)
planned[redis-up]=$(cache redis 7.0 redis 7.1)
planned[redis-down]=$(cache redis 7.1 redis 7.0)
planned[postgres-down]=$(database 17 16)
for name in "${!planned[@]}"; do echo "$name: ${planned[$name]}"; done | sort
[ "${planned[redis-valkey]}" = update ]
[ "${planned[valkey-redis]}" = "delete create" ]
[ "${planned[redis-up]}" = update ]
[ "${planned[redis-down]}" = "delete create" ]
[ "${planned[postgres-down]}" = update ]
