"""Sends a compiled folder to the stand-in, through files beside it and never through our code."""

import json
from pathlib import Path
from typing import Any

OVERRIDE = "stand_in_override.tf.json"
# Every service that a stack of ours talks to, by the provider's names.
# Source: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/guides/custom-service-endpoints
SERVICES = (
    "acm",
    "appautoscaling",
    "cloudfront",
    "cloudwatch",
    "ec2",
    "ecs",
    "elasticache",
    "elbv2",
    "iam",
    "kms",
    "logs",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "sns",
    "sts",
)


def redirect(folder: Path, endpoint: str) -> None:
    """Writes the override file: every provider, aliases included, and a local state."""
    compiled = json.loads((folder / "cdk.tf.json").read_text())
    providers = [_redirected(given, endpoint) for given in compiled["provider"]["aws"]]
    document = {
        "terraform": {"backend": {"local": {"path": "terraform.tfstate"}}},
        "provider": {"aws": providers},
    }
    (folder / OVERRIDE).write_text(json.dumps(document, indent=2))


def _redirected(given: dict[str, Any], endpoint: str) -> dict[str, Any]:
    alias = {"alias": given["alias"]} if "alias" in given else {}
    return alias | {
        "access_key": "AKIAIOSFODNN7EXAMPLE",
        "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "skip_credentials_validation": True,
        "skip_metadata_api_check": "true",
        "s3_use_path_style": True,
        "endpoints": [dict.fromkeys(SERVICES, endpoint)],
    }
