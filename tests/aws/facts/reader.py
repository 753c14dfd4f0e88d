"""Clients of one account, and the names of what has but an id."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.aws.account import Account

Lines = Iterator[str]


class Reader:
    """Clients of one account in one region, and the names of what has but an id."""

    def __init__(self, account: Account, region: str) -> None:
        self._account, self.region = account, region
        self.names: dict[str, str] = {}

    def client(self, service: str, region: str = "") -> Any:
        """A client of boto3."""
        return self._account.client(service, region or self.region)

    def named(self, text: str) -> str:
        """The text with names instead of ids, the longest ids first."""
        for identifier in sorted(self.names, key=len, reverse=True):
            text = text.replace(identifier, self.names[identifier])
        return text


def tag(given: Mapping[str, Any], otherwise: str) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags", ())}
    return str(tags.get("Name", otherwise))


def pairs(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in sorted(given.items()))
