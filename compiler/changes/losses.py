"""What a new compilation would cost a user: data, or the state that knows where it is."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from compiler.changes.bodies import sides
from compiler.changes.causes import type_of
from compiler.changes.effects import Verdict
from compiler.changes.resource_changes import ResourceChange, kept
from compiler.graph.graph import Graph
from compiler.kinds import KINDS
from compiler.plan.plan import STATE_FILE
from trazo_spec.base import Placed
from trazo_spec.diagnostics import Diagnostic, Severity, SpecPath

Document: TypeAlias = Mapping[str, Any]
"""A `cdk.tf.json`, as the backend renders or reads it."""

LASTING: Mapping[str, tuple[str, ...]] = {
    type_: lasting.fixed for kind in KINDS.values() for type_, lasting in kind.lasting.items()
}
"""What holds data, or a promise to a registrar, that nothing brings back."""

REGIONAL = frozenset(
    type_ for kind in KINDS.values() for type_, lasts in kind.lasting.items() if lasts.regional
)
"""Those that are in one region; the provider looks for them in its own one only."""

OTHERS: Mapping[str, str] = {
    "aws_cognito_user_pool": "cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool",
    "aws_docdb_cluster": "documentdb/latest/developerguide/API_DeleteDBCluster",
    "aws_dynamodb_table": "amazondynamodb/latest/APIReference/API_DeleteTable",
    "aws_ebs_volume": "AWSEC2/latest/APIReference/API_DeleteVolume",
    "aws_ecr_repository": "AmazonECR/latest/APIReference/API_DeleteRepository",
    "aws_efs_file_system": "efs/latest/APIReference/API_DeleteFileSystem",
    "aws_elasticsearch_domain": "opensearch-service/latest/APIReference/API_DeleteDomain",
    "aws_kms_key": "kms/latest/APIReference/API_ScheduleKeyDeletion",
    "aws_memorydb_cluster": "memorydb/latest/APIReference/API_DeleteCluster",
    "aws_msk_cluster": "msk/1.0/apireference/clusters-clusterarn",
    "aws_neptune_cluster": "neptune/latest/apiref/API_DeleteDBCluster",
    "aws_opensearch_domain": "opensearch-service/latest/APIReference/API_DeleteDomain",
    "aws_rds_cluster": "AmazonRDS/latest/APIReference/API_DeleteDBCluster",
    "aws_redshift_cluster": "redshift/latest/APIReference/API_DeleteCluster",
}
"""What trazo does not write, but a plan of others may have, and where AWS says what deletion does.

Each is a page of https://docs.aws.amazon.com/, without its `.html`; read on 2026-11-30.
"""

HOLDS_DATA = frozenset((*LASTING, *OTHERS))
"""What holds data that nothing brings back, of trazo's types and of others."""

STATE = "state"
"""What `--allow-loss` calls the place of the state."""
NAMES = "names"
"""What `--allow-loss` calls the names of a whole environment."""
ACCOUNT = "account"
"""What `--allow-loss` calls the account that everything is in."""


def losses(
    old: Document, new: Document, graph: Graph, allowed: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """What would be lost when `new` is applied where `old` stands.

    Args:
        old: What was compiled before.
        new: What is about to be written.
        graph: The environment, for the places of findings.
        allowed: Addresses that may go, `state` for the place of the state, and `account`.
    """
    findings = [
        *_state(old, new, graph),
        *_account(old, new, graph),
        *_resources(old, new, graph),
        *_emptied(old, new, graph),
        *_networks(old, new, graph),
    ]
    return tuple(diagnostic for what, diagnostic in findings if what not in allowed)


def dropped(
    before: Mapping[str, Document], graphs: Mapping[str, Graph], allowed: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """Every environment that holds data and that the spec does not have any more.

    Args:
        before: What was compiled before, by environment.
        graphs: The environments that the spec has.
        allowed: Environments that may go.
    """
    spec = next(iter(graphs.values())).spec
    diagnostics = []
    for name in sorted(before.keys() - graphs.keys() - set(allowed)):
        # A folder may hold the output of other specs beside that of this one.
        if not _place(before[name]).endswith(f"/{spec.name}/{name}/{STATE_FILE}"):
            continue
        resources = before[name].get("resource", {})
        if held := [f"{k}.{n}" for k in sorted(LASTING) for n in sorted(resources.get(k, {}))]:
            diagnostics.append(_gone(name, held))
    return tuple(diagnostics)


def _gone(environment: str, held: list[str]) -> Diagnostic:
    more = f" and {len(held) - 1} more" if len(held) > 1 else ""
    return Diagnostic(
        "TZ628",
        Severity.ERROR,
        f"the environment `{environment}` is no longer in the spec, but its compiled output "
        f"contains `{held[0]}`{more}",
        ("environments",),
        help="add it again, or run `terraform destroy` in its folder and then pass --allow-loss "
        f"{environment}",
    )


def _state(old: Document, new: Document, graph: Graph) -> Iterator[tuple[str, Diagnostic]]:
    before, after = _place(old), _place(new)
    if before and after and before != after:
        yield (
            STATE,
            _finding(
                "TZ627",
                graph,
                ("state",),
                f"the state of `{graph.environment}` is in `{before}`, not in `{after}`",
                "keep the old place, or move the state with --allow-loss state and `terraform "
                "init -migrate-state`",
            ),
        )


def _account(old: Document, new: Document, graph: Graph) -> Iterator[tuple[str, Diagnostic]]:
    """Another account, where nothing is of what the state describes."""
    before, after = _accounts(old), _accounts(new)
    if before and after and before != after:
        yield (
            ACCOUNT,
            _finding(
                "TZ677",
                graph,
                ("account",),
                f"`{graph.environment}` is in the account `{before}`, not in `{after}`: there, "
                "Terraform finds nothing of it and makes everything anew",
                "keep the account, or use another environment for the new one; to give up what is "
                "in the old one, pass --allow-loss account",
            ),
        )


def _accounts(document: Document) -> str:
    """The accounts that a document may be applied to, empty where it may be any."""
    providers = document.get("provider", {}).get("aws", ())
    named = (one.get("allowed_account_ids", ()) for one in providers if "alias" not in one)
    return ", ".join(map(str, next(named, ())))


def _place(document: Document) -> str:
    """Where a document keeps its state, empty where it says nothing of S3."""
    backend = document.get("terraform", {}).get("backend", {}).get("s3", {})
    names = ("region", "bucket", "key")
    return "/".join(str(backend[n]) for n in names) if backend.keys() >= set(names) else ""


def _resources(old: Document, new: Document, graph: Graph) -> Iterator[tuple[str, Diagnostic]]:
    before_region, after_region = _region(old), _region(new)
    elsewhere = bool(before_region and after_region) and before_region != after_region
    for kind, fixed in sorted(LASTING.items()):
        after = new.get("resource", {}).get(kind, {})
        for name, body in sorted(old.get("resource", {}).get(kind, {}).items()):
            address = f"{kind}.{name}"
            target = _moved(address, new)
            if target not in after:
                yield address, _destroyed(address, name, graph)
            elif elsewhere and kind in REGIONAL:
                regional = {"region": before_region}
                yield address, _replaced(address, target, "region", regional, graph)
            elif changed := [a for a in fixed if body.get(a) != after[target].get(a)]:
                yield address, _replaced(address, target, changed[0], body, graph)


def loses(change: ResourceChange) -> bool:
    """Whether a resource would be replaced and its data lost: a loss, not an interruption."""
    verdicts = {effect.verdict for effect in change.effects}
    type_ = change.address.partition(".")[0]
    return Verdict.REPLACES in verdicts and (Verdict.LOSES_DATA in verdicts or type_ in LASTING)


def holds_data(address: str) -> bool:
    """Whether what is at an address holds data: then it is told for itself, whatever began it."""
    return type_of(address) in HOLDS_DATA


def _emptied(old: Document, new: Document, graph: Graph) -> Iterator[tuple[str, Diagnostic]]:
    """What is made again if need be, such as a cache, but not unseen for one value."""
    pair = sides(old, new, provider=graph.spec.provider)
    for change in kept(pair):
        address, type_ = change.was or change.address, change.address.partition(".")[0]
        if loses(change) and type_ not in LASTING:
            before, name = pair.old[change.address], change.address.partition(".")[2]
            yield address, _replaced(address, name, change.because[0], before, graph)


def _moved(address: str, new: Document) -> str:
    """What the resource at an old address is called now, without its type."""
    moves = {move["from"]: move["to"] for move in new.get("moved", ())}
    return str(moves.get(address, address)).partition(".")[2]


def _networks(old: Document, new: Document, graph: Graph) -> Iterator[tuple[str, Diagnostic]]:
    """Networks that would be made anew around what cannot move into another one."""
    after = new.get("resource", {}).get("aws_vpc", {})
    for name, body in sorted(old.get("resource", {}).get("aws_vpc", {}).items()):
        address, target = f"aws_vpc.{name}", _moved(f"aws_vpc.{name}", new)
        inside = ((n, c) for n, c in graph.of(Placed) if c.network == target)
        held = [n for n, c in sorted(inside, key=_kind) if graph.kinds[c.kind].keeps_network]
        before = body.get("cidr_block")
        if held and target in after and before != after[target].get("cidr_block"):
            yield (
                address,
                _finding(
                    "TZ626",
                    graph,
                    ("components", target, "cidr"),
                    f"`{address}` of `{graph.environment}` would be replaced, because its "
                    f"`cidr_block` would change from `{before}`, and `{held[0]}` in it cannot "
                    "move to another network: the apply would fail halfway",
                    f"keep it as it was, or allow it with --allow-loss {address}",
                ),
            )


def _kind(named: tuple[str, Placed]) -> str:
    return named[1].kind


def _region(document: Document) -> str:
    """Where a document makes what names no other place, empty where it does not say so."""
    providers = document.get("provider", {}).get("aws", ())
    return next((str(p["region"]) for p in providers if "alias" not in p and "region" in p), "")


def _destroyed(address: str, name: str, graph: Graph) -> Diagnostic:
    known = name in graph.spec.components
    path: SpecPath = ("components", name) if known else ("components",)
    renamed = "" if known else f"if it was renamed, add `was: {name}`; otherwise "
    return _finding(
        "TZ625",
        graph,
        path,
        f"`{address}` of `{graph.environment}` would be destroyed with everything in it",
        f"{renamed or 'keep it as it was, or '}allow it with --allow-loss {address}",
    )


def _replaced(
    address: str, name: str, argument: str, before: Mapping[str, Any], graph: Graph
) -> Diagnostic:
    value = before.get(argument)
    old = f"from `{value}` " if isinstance(value, str) else ""
    return _finding(
        "TZ626",
        graph,
        ("components", name) if name in graph.spec.components else ("components",),
        f"`{address}` of `{graph.environment}` would be replaced by an empty one, because its "
        f"`{argument}` would change {old}and AWS cannot do that in place",
        f"keep it as it was, or allow it with --allow-loss {address}",
    )


def _finding(code: str, graph: Graph, path: SpecPath, message: str, help_: str) -> Diagnostic:
    return Diagnostic(
        code, Severity.ERROR, message, path, help=help_, environment=graph.environment
    )
