"""Output folders: written whole or not at all, and nothing is touched that trazo did not write."""

import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MANIFEST = ".trazo-manifest.json"
_LOCK = ".trazo.lock"
_STAGING = ".trazo-staging-"
# Chosen: a tree is written in milliseconds, so whoever waits longer waits for something that hangs.
_LOCK_TIMEOUT_S = 10.0
_LOCK_RETRY_S = 0.02
_NO_ROOM = (errno.EDQUOT, errno.EFBIG, errno.ENOSPC)

Content = bytes | str


class OutputError(Exception):
    """An output folder could not be written; nothing in it was changed. The text is one line."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a call did to a folder, names relative to it and sorted."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def write_tree(
    folder: Path, files: Mapping[str, Content], within: Collection[str] | None = None
) -> Written:
    """Makes a folder hold these files and removes those of ours that are no longer wanted.

    Args:
        folder: The output folder; it and its parents are created.
        files: Content by name relative to the folder, with `/` between the parts.
        within: Starts of names that this call answers for; older files of ours elsewhere stay.
    """
    wanted = {_safe(name): _encoded(content) for name, content in files.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder), _staging(folder) as staging:
            return _replace(folder, staging, wanted, within)
    except OSError as error:
        raise OutputError(_advice(folder, error)) from error


def write_file(path: Path, content: bytes) -> None:
    """Writes one file that the user named, whole or not at all, with the mode it had before."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=path.parent) as staging:
            staged = _stage(Path(staging, path.name), content)
            if path.exists():
                shutil.copymode(path, staged)
            staged.replace(path)
    except OSError as error:
        raise OutputError(_advice(path, error)) from error


def stale(
    folder: Path, files: Mapping[str, Content], within: Collection[str] | None = None
) -> tuple[str, ...]:
    """Names whose file differs from what `write_tree` would leave, sorted; nothing is written."""
    wanted = {_safe(name): _encoded(content) for name, content in files.items()}
    try:
        differing = {name for name, content in wanted.items() if _read(folder / name) != content}
        extra = _obsolete(_read_manifest(folder), wanted, within)
        return tuple(sorted(differing | {name for name in extra if (folder / name).exists()}))
    except OSError as error:
        raise OutputError(_advice(folder, error)) from error


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to become of a folder."""

    new: Mapping[str, bytes]
    removed: tuple[str, ...]
    before: Mapping[str, str]
    """The manifest found."""
    after: Mapping[str, str]
    """The manifest to leave."""


def _replace(
    folder: Path, staging: Path, wanted: Mapping[str, bytes], within: Collection[str] | None
) -> Written:
    before = _read_manifest(folder)
    old = {name: _read(folder / name) for name in sorted(wanted)}
    _refuse_foreign(folder, before, wanted, old)
    new = {name: wanted[name] for name, content in old.items() if wanted[name] != content}
    gone = _obsolete(before, wanted, within)
    removed = tuple(name for name in sorted(gone) if _read(folder / name) is not None)
    kept = {name: digest for name, digest in before.items() if name not in gone}
    after = kept | {name: _digest(content) for name, content in wanted.items()}
    if new or removed or before != after:
        _commit(folder, staging, _Change(new, removed, before, after))
    return Written(tuple(new), tuple(name for name in old if name not in new), removed)


def _commit(folder: Path, staging: Path, change: _Change) -> None:
    """Everything that needs space on the disk comes first; what follows only renames."""
    # Names of both sides: if the process is killed among the renames, the next run knows its files.
    steps = {MANIFEST: _manifest_text({**change.before, **change.after}), **change.new}
    new = [_stage(staging / "new" / name, content) for name, content in steps.items()]
    last = _stage(staging / "last", _manifest_text(change.after))
    touched = [*steps, *change.removed]
    for name in touched:
        if (content := _read(folder / name)) is not None:
            _stage(staging / "old" / name, content)
    made: list[Path] = []
    try:
        _make_parents(folder, change.new, made)
        for name, source in zip(steps, new, strict=True):
            source.replace(folder / name)
        for name in change.removed:
            (folder / name).unlink()
        last.replace(folder / MANIFEST)
    except BaseException:
        _roll_back(folder, staging / "old", touched)
        _remove_empty(made)
        raise
    _remove_empty([folder / parent for name in change.removed for parent in _parents(name)])


def _roll_back(folder: Path, old: Path, touched: Collection[str]) -> None:
    for name in touched:
        if (old / name).exists():
            (old / name).replace(folder / name)
        else:
            with suppress(FileNotFoundError, NotADirectoryError):
                (folder / name).unlink()


def _make_parents(folder: Path, names: Collection[str], made: list[Path]) -> None:
    """Adds every folder to `made` as soon as it is there, so that a failure can take it back."""
    for parent in sorted({folder / parent for name in names for parent in _parents(name)}):
        if not parent.exists():
            parent.mkdir()
            made.append(parent)


def _parents(name: str) -> list[PurePosixPath]:
    return list(PurePosixPath(name).parents)[:-1]


def _stage(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def _remove_empty(folders: Collection[Path]) -> None:
    for path in sorted(folders, key=lambda p: len(p.parts), reverse=True):
        with suppress(OSError):  # it holds something that is not ours, such as `.terraform`
            path.rmdir()


def _obsolete(
    manifest: Mapping[str, str], wanted: Collection[str], within: Collection[str] | None
) -> set[str]:
    starts = ("",) if within is None else tuple(within)
    return {name for name in manifest if name not in wanted and name.startswith(starts)}


def _refuse_foreign(
    folder: Path,
    manifest: Mapping[str, str],
    wanted: Mapping[str, bytes],
    old: Mapping[str, bytes | None],
) -> None:
    foreign = [n for n, o in old.items() if o is not None and n not in manifest and o != wanted[n]]
    if foreign:
        more = f" (and {len(foreign) - 1} more)" if len(foreign) > 1 else ""
        raise OutputError(
            f"{folder / min(foreign)}{more} was not written by trazo and stays as it is:"
            " move it away, or choose another folder with -o"
        )


def _safe(name: str) -> str:
    if not _is_ours_to_write(name):
        raise ValueError(f"`{name}` is not a name for an output file")
    return name


def _is_ours_to_write(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and PurePosixPath(*parts).as_posix() == name
        and not name.startswith("/")
        and ".." not in parts
        and not set("\\:\0") & set(name)
        and not any(_is_protected(part) for part in parts)
    )


def _is_protected(part: str) -> bool:
    """Whether a file or folder is Terraform's own or our bookkeeping."""
    return part.startswith((".terraform", MANIFEST, _LOCK, _STAGING)) or ".tfstate" in part


def _encoded(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _read_manifest(folder: Path) -> dict[str, str]:
    """Our files by name with the SHA-256 of what we wrote, without names that lead elsewhere."""
    text = _read(folder / MANIFEST)
    if text is None:
        return {}
    try:
        files = json.loads(text)["files"]
        return {str(n): str(d) for n, d in files.items() if _is_ours_to_write(str(n))}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OutputError(
            f"{folder / MANIFEST} is damaged: restore it, or choose another folder with -o"
        ) from None


def _manifest_text(files: Mapping[str, str]) -> bytes:
    document = {
        "//": "The files of this folder that trazo wrote, with their SHA-256.",
        "files": files,
    }
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder for unfinished files; inside the output folder, so that a rename is all it takes."""
    for left in sorted(
        folder.glob(f"{_STAGING}*")
    ):  # of a process that was killed; we hold the lock
        shutil.rmtree(left, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keeps other processes out; the kernel frees the lock of a process that dies."""
    path, deadline = folder / _LOCK, time.monotonic() + _LOCK_TIMEOUT_S
    while True:
        file = path.open("ab")
        if _try_lock(file) and _is_still(file, path):
            break
        file.close()
        if time.monotonic() > deadline:
            raise OutputError(
                f"another trazo is writing to {folder}: wait for it, or choose another with -o"
            )
        time.sleep(_LOCK_RETRY_S)
    try:
        yield
    finally:
        with suppress(
            OSError
        ):  # Windows does not remove an open file; an empty lock file is harmless
            path.unlink()
        file.close()


def _is_still(file: BinaryIO, path: Path) -> bool:
    """Whether the locked file is the one in the folder: its last holder removes it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _advice(folder: Path, error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    where = f": {error.filename}" if error.filename and error.filename2 is None else ""
    remedy = "free some room" if error.errno in _NO_ROOM else "put that right"
    return f"cannot write to {folder} ({reason}{where}); {remedy} or choose another with -o"
