"""What holds data that nothing brings back."""

from collections.abc import Iterable, Mapping

from compiler.changes.effects import Effect, Verdict
from compiler.kinds import KINDS

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

_ALONE = (Verdict.LOSES_DATA, Verdict.REFUSED)


def told_alone(type_: str, effects: Iterable[Effect]) -> bool:
    """Whether a change is told for itself, whatever began it."""
    return type_ in HOLDS_DATA or any(effect.verdict in _ALONE for effect in effects)
