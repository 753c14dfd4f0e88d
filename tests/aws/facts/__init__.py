"""What stands in an account, as text that people read; asked with AWS's own client."""

from collections.abc import Callable, Mapping

from tests.aws.account import Account
from tests.aws.facts.data import buckets, caches, databases, secrets
from tests.aws.facts.entry import balancers, certificates, distributions, records
from tests.aws.facts.network import networks, rules
from tests.aws.facts.permissions import roles
from tests.aws.facts.reader import Lines, Reader
from tests.aws.facts.runtime import alarms, logs, scaling, services


def facts(account: Account, region: str) -> str:
    """What an auditor would ask about, in sections of sorted lines."""
    reader = Reader(account, region)
    found = {title: list(lines(reader)) for title, lines in SECTIONS.items()}
    return "\n".join(
        "".join([f"{title}\n", *(f"  {line}\n" for line in sorted(map(reader.named, lines)))])
        for title, lines in found.items()
        if lines
    )


SECTIONS: Mapping[str, Callable[[Reader], Lines]] = {
    "networks": networks,
    "security groups": rules,
    "certificates": certificates,
    "load balancers": balancers,
    "distributions": distributions,
    "records": records,
    "services": services,
    "scaling": scaling,
    "databases": databases,
    "caches": caches,
    "buckets": buckets,
    "secrets": secrets,
    "logs": logs,
    "alarms": alarms,
    "roles": roles,
}
