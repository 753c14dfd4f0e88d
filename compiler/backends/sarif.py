"""Findings as SARIF 2.1.0, which GitHub's code scanning and editors read.

Source of what the format needs: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
Source of what GitHub needs beside that:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from compiler.findings.all_codes import CODES, entry
from trazo_spec.codes import Code
from trazo_spec.diagnostics import Diagnostic, Edit, Severity, Span
from trazo_spec.visible import one_line

Json = dict[str, object]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_CHARACTERS = 1024
"""Of a description, says GitHub."""
FINGERPRINT = "trazoFinding/v1"
"""Not `primaryLocationLineHash`: GitHub's action works that out, and warns of any other value."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}


def sarif(
    findings: Iterable[Diagnostic], file: str, folder: Path, version: str, *, planned: bool = False
) -> Json:
    """A log of one run, as plain JSON values.

    Args:
        findings: The findings with their places; what is ignored becomes a suppressed result.
        file: The spec, for findings without a place.
        folder: What the names of files are relative to, the root of the repository.
        version: That of trazo.
        planned: Whether the findings are about resources of a plan: their paths are addresses.
    """
    driver = {"name": "trazo", "semanticVersion": version, "rules": [*map(_rule, CODES.values())]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [*_results(findings, Span(file, 1, 1, 1, 1), folder, planned=planned)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> Json:
    first = code.why.partition("\n\n")[0].replace("\n", " ") or code.title
    full = first if not first.startswith("```") else code.title
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": full[:MOST_CHARACTERS]},
        "help": {"text": entry(code) or code.title, "markdown": entry(code) or code.title},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"problem.severity": _PROBLEMS[code.severity]},
    }


def _results(
    findings: Iterable[Diagnostic], whole: Span, folder: Path, *, planned: bool
) -> Iterator[Json]:
    indices = {code: i for i, code in enumerate(CODES)}
    seen: Counter[str] = Counter()
    for d in findings:
        identity = _identity(d)
        seen[identity] += 1
        suppression = {"kind": "inSource", "status": "accepted", "justification": d.ignored}
        result: Json = {
            "ruleId": d.code,
            "ruleIndex": indices[d.code],
            "level": _LEVELS[d.severity],
            "message": {"text": _message(d)},
            "locations": [_location(d.at or whole, folder) | (_resource(d) if planned else {})],
            "partialFingerprints": {FINGERPRINT: f"{identity}:{seen[identity]}"},
            # The standard wants them on all results, or on none.
            "suppressions": [suppression] if d.ignored else [],
            "properties": {"path": list(d.path), "environment": d.environment or None},
        }
        if d.related:
            spots = enumerate(d.related, start=1)
            result["relatedLocations"] = [{"id": i, **_location(s, folder)} for i, s in spots]
        if d.edit is not None:
            result["fixes"] = [_fix(d.edit, folder)]
        yield result


def _message(d: Diagnostic) -> str:
    """The finding, its environments, links to the other places and what to do, a line each."""
    where = f" ({d.environment})" if d.environment else ""
    links = (f"[line {span.line}]({i})" for i, span in enumerate(d.related, start=1))
    also = f"See also {', '.join(links)}." if d.related else ""
    advice = f"help: {d.help}" if d.help else ""
    return "\n".join(filter(None, (f"{_unlinked(d.message)}{where}.", also, _unlinked(advice))))


def _unlinked(text: str) -> str:
    """Text of a message in which no viewer finds a link, which trazo alone writes.

    Source: section 3.11.6 of the standard.
    """
    return re.sub(r"([\\\[\]])", r"\\\1", text) if "](" in text else text


def _identity(d: Diagnostic) -> str:
    """The same for the same finding in an edited file: neither line nor words that may change."""
    what = d.path or (d.message,)
    return hashlib.sha256(repr((d.code, what)).encode()).hexdigest()[:16]


def _location(span: Span, folder: Path) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(span.file, folder)},
            "region": _region(span),
        }
    }


def _resource(d: Diagnostic) -> Json:
    """The resource that a finding is about, by its address."""
    addresses = [one_line(str(step)) for step in d.path]
    places = [{"fullyQualifiedName": address, "kind": "resource"} for address in addresses]
    return {"logicalLocations": places} if places else {}


def _region(span: Span) -> Json:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(file: str, folder: Path) -> str:
    """A file relative to the folder; GitHub follows no symbolic links."""
    path = Path(folder, file).resolve()
    root = folder.resolve()
    return (
        quote(os.fsencode(path.relative_to(root).as_posix()))
        if path.is_relative_to(root)
        else path.as_uri()
    )


def _fix(edit: Edit, folder: Path) -> Json:
    replacement = {"deletedRegion": _region(edit.at), "insertedContent": {"text": edit.text}}
    file = {"uri": _uri(edit.at.file, folder)}
    return {
        "description": {"text": f"write `{edit.text}`"},
        "artifactChanges": [{"artifactLocation": file, "replacements": [replacement]}],
    }
