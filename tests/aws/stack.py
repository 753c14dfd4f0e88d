"""A compiled environment in an account of the stand-in, with Terraform at work on it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.aws.redirect import redirect
from tests.terraform import providers, run

# Whatever waits for AWS waits at the same time.
PARALLELISM = "-parallelism=40"
STATE = "terraform.tfstate"
LOCK = ".terraform.lock.hcl"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a plan wants to do, by address: only what is not left as it is."""

    actions: Mapping[str, str]
    """`create`, `update`, `delete`, `replace`, or `moved from OLD` where nothing else changes; with
    `import` before it where an import block takes up what is there.
    """
    changed: Mapping[str, tuple[str, ...]]
    """Arguments that get another value, or because of which a resource is replaced."""
    plan: bytes = field(default=b"", repr=False)
    """What Terraform printed."""

    def lines(self) -> str:
        """The verdict as text, one line for each address."""
        return "".join(
            f"{action} {address}{self._arguments(address)}\n"
            for address, action in sorted(self.actions.items())
        )

    def _arguments(self, address: str) -> str:
        changed = self.changed.get(address, ())
        return f": {', '.join(changed)}" if changed else ""


@dataclass(frozen=True, slots=True)
class Stack:
    """A folder of compiled Terraform whose providers all talk to one account."""

    folder: Path
    endpoint: str

    def prepare(self) -> "Stack":
        """Redirects the folder and sets Terraform up in it."""
        redirect(self.folder, self.endpoint)
        run(self.folder, "init", "-input=false", f"-plugin-dir={providers()}")
        return self

    def apply(self, *targets: str) -> None:
        """Creates or changes what the folder says, or what stands at some addresses of it."""
        chosen = [f"-target={address}" for address in targets]
        run(self.folder, "apply", "-auto-approve", "-input=false", PARALLELISM, *chosen)

    def plan(self) -> Verdict:
        """What an apply would do now."""
        run(self.folder, "plan", "-input=false", "-out=plan", PARALLELISM)
        return self._planned()

    def _planned(self) -> Verdict:
        plan = run(self.folder, "show", "-json", "plan").encode()
        return replace(verdict(json.loads(plan)), plan=plan)

    def destroy(self) -> None:
        """Removes everything."""
        run(self.folder, "destroy", "-auto-approve", "-input=false", PARALLELISM)

    def copied(self, folder: Path, text: str) -> "Stack":
        """Other Terraform over a copy of this stack's state; the account is the same."""
        folder.mkdir(parents=True)
        (folder / "cdk.tf.json").write_text(text)
        for name in (STATE, LOCK):
            shutil.copy(self.folder / name, folder)
        (folder / ".terraform").symlink_to(self.folder / ".terraform", target_is_directory=True)
        redirect(folder, self.endpoint)
        return Stack(folder, self.endpoint)

    def change(self) -> Verdict:
        """What an apply would do, if AWS is still as the state says: right after a full plan."""
        run(self.folder, "plan", "-input=false", "-out=plan", "-refresh=false", "-lock=false")
        return self._planned()

    @property
    def addresses(self) -> tuple[str, ...]:
        """What Terraform knows to be there, without what it only looks up."""
        listed = run(self.folder, "state", "list").splitlines()
        return tuple(address for address in listed if not address.startswith("data."))


def verdict(plan: Mapping[str, Any]) -> Verdict:
    """The verdict in a plan as `terraform show -json` prints it."""
    actions, changed = {}, {}
    for resource in plan.get("resource_changes", ()):
        address, change = resource["address"], resource["change"]
        action = _action(tuple(change["actions"]), resource.get("previous_address", ""))
        if "importing" in change:
            action = f"import and {action}" if action else "import"
        if action:
            actions[address] = action
        if action == "update":
            changed[address] = _changed(change)
        if action == "replace":
            changed[address] = tuple(sorted({str(path[0]) for path in change["replace_paths"]}))
    return Verdict(actions, changed)


def _action(actions: tuple[str, ...], previous: str) -> str:
    if actions == ("no-op",):
        return f"moved from {previous}:" if previous else ""
    if actions == ("read",):
        return ""
    return "replace" if len(actions) > 1 else actions[0]


def _changed(change: Mapping[str, Any]) -> tuple[str, ...]:
    before, after = change["before"] or {}, change["after"] or {}
    unknown = {name for name, value in (change["after_unknown"] or {}).items() if value is True}
    known = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return tuple(sorted(known | unknown))
