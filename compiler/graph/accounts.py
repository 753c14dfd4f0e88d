"""Environments of one spec, and which of them may be in one account."""

from collections.abc import Mapping

from compiler.graph.graph import Kinds
from trazo_spec.document import Spec


def among_environments(specs: Mapping[str, Spec], kinds: Kinds) -> Mapping[str, Spec]:
    """The same specs with what environments in one account know of each other."""
    return {name: _among(name, spec, specs, kinds) for name, spec in specs.items()}


def _among(environment: str, spec: Spec, specs: Mapping[str, Spec], kinds: Kinds) -> Spec:
    others = tuple(s for n, s in specs.items() if n != environment and share_account(s, spec))
    components = {n: kinds[c.kind].among(c, spec, others) for n, c in spec.components.items()}
    changed = any(components[n] is not c for n, c in spec.components.items())
    return spec.model_copy(update={"components": components}) if changed else spec


def share_account(one: Spec, other: Spec) -> bool:
    """Whether two environments may be in one account: unless both say that they are not."""
    return len({one.account, other.account} - {None}) < 2
