"""Secrets Manager: the name of a deleted secret stays taken until it is gone for good."""

from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException
from moto.secretsmanager.models import SecretsManagerBackend

_create = SecretsManagerBackend.create_secret


def _create_secret(self: SecretsManagerBackend, name: str, *arguments: Any, **named: Any) -> str:
    """Moto says that it exists, which nobody sees who lists secrets.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    """
    if name in self.secrets and self.secrets[name].is_deleted():
        raise InvalidRequestException(f"The secret {name} is already scheduled for deletion.")
    answer: str = _create(self, name, *arguments, **named)
    return answer


def close() -> None:
    """Replaces one method."""
    SecretsManagerBackend.create_secret = _create_secret
