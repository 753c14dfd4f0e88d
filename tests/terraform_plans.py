"""Plans of Terraform as `terraform show -json` prints them, written for tests."""

import json
import re
from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]
PROVIDER = "registry.terraform.io/hashicorp/aws"


def change(
    address: str,
    *actions: str,
    before: Values | None = None,
    after: Values | None = None,
    unknown: Values | None = None,
    replace_paths: tuple[tuple[str | int, ...], ...] = (),
    **further: object,
) -> dict[str, Any]:
    """A member of `resource_changes`; further words belong to it, such as `previous_address`."""
    modules, type_, name = _parts(address)
    inner = {
        "actions": list(actions),
        "before": before,
        "after": after,
        "after_unknown": unknown or {},
        "before_sensitive": {},
        "after_sensitive": {},
        **({"replace_paths": [list(path) for path in replace_paths]} if replace_paths else {}),
    }
    return {
        "address": address,
        **({"module_address": modules} if modules else {}),
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_name": PROVIDER,
        "change": inner,
        **further,
    }


def _parts(address: str) -> tuple[str, str, str]:
    """The address of the module, empty for the root, then the type and the name."""
    match = re.fullmatch(r"(?:(module\..*)\.)?(\w+)\.([\w-]+)(?:\[.*\])?", address, re.DOTALL)
    return (match[1] or "", match[2], match[3]) if match else ("", "aws_lb", "odd")


def update(address: str, before: Values, **changed: object) -> dict[str, Any]:
    """A change in place of some arguments."""
    return change(address, "update", before=before, after={**before, **changed})


def plan(*changes: Values, **further: object) -> bytes:
    """The document of a plan; further words are its own, such as `resource_drift`."""
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": list(changes),
        **further,
    }
    return json.dumps(document).encode()
