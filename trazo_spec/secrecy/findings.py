"""A spec's secrets as findings, and the cover under which the spec is printed."""

from collections.abc import Iterable, Iterator

from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.secrecy import secrets_in
from trazo_spec.secrecy.comments import Comment, comments
from trazo_spec.secrecy.cover import Cover, both, cover_of, rough_cover
from trazo_spec.secrecy.document import Leaf, leaves
from trazo_spec.secrecy.secret import Secret
from trazo_spec.yaml.located import Located

ADVICE = (
    "put it in Secrets Manager and reference it under `secrets`; then change the secret, "
    "because it was exposed in a file"
)
_NO_COMMENT = "remove it from the comment; then change the secret, because it was exposed in a file"
_RANDOM = (
    "if it is a secret, put it in Secrets Manager and reference it under `secrets`; if not, add "
    "an entry under `checks`"
)


def looked_at(
    document: Located | None, text: str, file: str, *, whole: bool
) -> tuple[Cover, tuple[Diagnostic, ...]]:
    """The cover of a spec and what is found of secrets in it.

    Args:
        document: What was read, None when nothing could be.
        text: The spec.
        file: Its name.
        whole: Whether everything in the text is in the document.
    """
    if document is None:
        return rough_cover(text), ()
    holders, remarks = tuple(leaves(document)), tuple(comments(text, document))
    cover = cover_of(text, holders, remarks)
    if cover.too_many:
        return cover, ()
    findings = (*_of_leaves(holders), *_of_comments(remarks, file))
    return (cover if whole else both(cover, rough_cover(text), text)), findings


def _of_leaves(holders: Iterable[Leaf]) -> Iterator[Diagnostic]:
    for leaf in holders:
        secret = min(leaf.secrets, key=lambda s: (not s.likely, s.by_name, s.start))
        code, severity, message, advice = _finding(leaf, secret)
        yield Diagnostic(
            code,
            severity,
            message,
            leaf.path,
            leaf.at,
            help=advice,
            environment=leaf.environment,
            confidential=leaf.at == leaf.span,
        )


def _finding(leaf: Leaf, secret: Secret) -> tuple[str, Severity, str, str]:
    where = f"`{'.'.join(str(p) for p in leaf.path if isinstance(p, str) and p != 'components')}`"
    if not secret.likely:
        return "TZ493", Severity.WARNING, f"{where} contains {secret.what}", _RANDOM
    if secret.by_name and not leaf.is_key:
        name = secret.what.removeprefix("the value of ")
        message = f"the spec contains the value of {name}, whose name indicates a secret"
        return "TZ466", Severity.ERROR, message, ADVICE
    holder = f"the key {where}" if leaf.is_key else where
    return "TZ465", Severity.ERROR, f"{holder} contains {secret.what}", ADVICE


def _of_comments(remarks: Iterable[Comment], file: str) -> Iterator[Diagnostic]:
    for comment in remarks:
        for secret in secrets_in(comment.text, prose=True):
            line, first, last = next(comment.pieces(secret.start, secret.end))
            span = Span(file, line, first, line, last)
            message = f"a comment contains {secret.what}"
            yield Diagnostic(
                "TZ492", Severity.ERROR, message, at=span, help=_NO_COMMENT, confidential=True
            )
