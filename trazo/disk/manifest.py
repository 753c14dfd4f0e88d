"""The list of our files in an output folder. It is untrusted: anybody may have written it."""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST = ".trazo-manifest.json"
LOCK = ".trazo.lock"
STAGING = ".trazo-staging-"
# Chosen: a hundred times the list of ten environments.
MOST_BYTES = 1_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_PART = 255
"""The longest name of a file, in bytes, on the file systems in use."""

Digests = Mapping[str, frozenset[str]]
"""Name -> the SHA-256 that a file of ours may have; two of them after a write that was killed."""


class ManifestError(ValueError):
    """The list cannot be used; the text says why, in a few words."""


def read_manifest(folder: Path) -> dict[str, frozenset[str]]:
    """Our files in a folder, without names that lead elsewhere; `ManifestError` if it is damaged.

    While files are being written it holds what they were, too, so that whatever a killed run left
    is known.
    """
    text = _text(folder / MANIFEST)
    if text is None:
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ManifestError("is damaged") from None
    if not isinstance(document, dict) or not isinstance(document.get("files"), dict):
        raise ManifestError("is damaged")
    digests: dict[str, frozenset[str]] = {}
    for section in ("files", "replaced"):
        for name, digest in _entries(document.get(section, {})):
            digests[name] = digests.get(name, frozenset()) | {digest}
    return digests


def manifest_text(files: Mapping[str, str], replaced: Mapping[str, str] | None = None) -> bytes:
    """The list as a file.

    Args:
        files: Name -> SHA-256.
        replaced: The same of files as they are until they are written.
    """
    document = {
        "//": "The files of this folder that trazo wrote, with their SHA-256.",
        "files": files,
        **({"replaced": replaced} if replaced else {}),
    }
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def is_ours_to_write(name: str) -> bool:
    """Whether a name is that of a file which trazo may write below an output folder."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and name.isprintable()
        and PurePosixPath(*parts).as_posix() == name
        and not name.startswith("/")
        and ".." not in parts
        and not set("\\:") & set(name)
        and all(len(part.encode()) <= _LONGEST_PART for part in parts)
        and not any(_is_protected(part) for part in parts)
    )


def _is_protected(part: str) -> bool:
    """Whether a file or folder is Terraform's or git's own, or our bookkeeping."""
    return (
        part.lower() == ".git"
        or part.startswith((".terraform", MANIFEST, LOCK, STAGING))
        or ".tfstate" in part
    )


def _entries(section: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is of any type
    if isinstance(section, dict):
        for name, digest in section.items():
            if isinstance(digest, str) and _DIGEST.fullmatch(digest) and is_ours_to_write(name):
                yield name, digest


def _text(path: Path) -> bytes | None:
    """The bytes of a file that is no link and not too large."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise ManifestError("is a link" if stat.S_ISLNK(mode) else "is not a regular file")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(descriptor, "rb") as file:
        text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise ManifestError(f"has more than {MOST_BYTES:,} bytes")
    return text
