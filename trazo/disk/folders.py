"""Outputs: written whole or not at all, and nothing is touched that trazo did not write."""

import hashlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from compiler.backends.staging import staging, sweep
from compiler.interrupts import interrupts_raised
from trazo.disk.manifest import (
    LOCK,
    MANIFEST,
    STAGING,
    Digests,
    ManifestError,
    is_ours_to_write,
    manifest_text,
    read_manifest,
)
from trazo.disk.writing import (
    OTHER_OUTPUT,
    OutputError,
    advice,
    keep_mode,
    remove_empty,
    stage,
    write_file,
)

# Chosen: a tree is written in milliseconds, so whoever waits longer waits for something that hangs.
_LOCK_TIMEOUT_S = 10.0
_LOCK_RETRY_S = 0.02

__all__ = ["MANIFEST", "OutputError", "Written", "stale", "write_file", "write_tree"]

Content = bytes | str


class _ElsewhereError(Exception):
    """A name of an output folder leads out of it, or to something that is no regular file."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a call did to a folder, names relative to it and sorted."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def write_tree(
    folder: Path,
    files: Mapping[str, Content],
    within: Collection[str] | None = None,
    overwrite: Collection[str] = (),
) -> Written:
    """Makes a folder hold these files and removes those of ours that are no longer wanted.

    The folder itself may be a link, for that is how its user named it; a link in it is never
    followed.

    Args:
        folder: The output folder; it and its parents are created.
        files: Content by name relative to the folder, with `/` between the parts.
        within: Starts of names that this call answers for; older files of ours elsewhere stay.
        overwrite: Names of files that may be replaced although somebody else wrote or edited them.
    """
    wanted = {_safe(name): _encoded(content) for name, content in files.items()}
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    with interrupts_raised():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            root = Path(os.path.realpath(folder))
            busy = f"{folder}: wait for it, or {OTHER_OUTPUT}"
            with locked(root, busy), staging(root, STAGING) as unfinished:
                return _replace(_Folder(folder, root), unfinished, wanted, within, overwrite)
        except OSError as error:
            raise OutputError(advice(folder, error)) from error
        finally:
            remove_empty(made)


def stale(
    folder: Path, files: Mapping[str, Content], within: Collection[str] | None = None
) -> tuple[str, ...]:
    """Names whose file differs from what `write_tree` would leave, sorted; nothing is written."""
    wanted = {_safe(name): _digest(_encoded(content)) for name, content in files.items()}
    place = _Folder(folder, Path(os.path.realpath(folder)))
    try:
        differing = {name for name, digest in wanted.items() if place.held(name) != digest}
        extra = _obsolete(place.manifest(), wanted, within)
        return tuple(sorted(differing | {name for name in extra if place.held(name)}))
    except OSError as error:
        raise OutputError(advice(folder, error)) from error


def our_files(folder: Path) -> frozenset[str]:
    """Names of the files in a folder that its manifest calls ours; none where it is damaged."""
    try:
        return frozenset(read_manifest(folder))
    except (ManifestError, OSError):
        return frozenset()


@dataclass(frozen=True, slots=True)
class _Folder:
    """An output folder."""

    named: Path
    """As the user named it."""
    root: Path
    """Where it really is."""

    def digest(self, name: str) -> str | None:
        """The SHA-256 of a file in the folder; None where there is none.

        Raises:
            _ElsewhereError: A link leads out of the folder, or there is no regular file.
        """
        path = self.root
        try:
            for part in PurePosixPath(name).parts:
                path /= part
                mode = path.lstat().st_mode
                if stat.S_ISLNK(mode):
                    raise _ElsewhereError(f"{self._shown(path)} is a link")
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise _ElsewhereError(f"{self._shown(path)} is not a regular file")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def held(self, name: str) -> str | None:
        """The same, None as well for what is no file of the folder."""
        try:
            return self.digest(name)
        except (_ElsewhereError, IsADirectoryError):
            return None

    def manifest(self) -> Digests:
        """Our files, with the digests that they may have."""
        try:
            return read_manifest(self.root)
        except ManifestError as error:
            raise OutputError(
                f"{self.named / MANIFEST} {error}: restore it, remove it if no file in "
                f"{self.named} was edited, or choose another folder with -o"
            ) from None

    def _shown(self, path: Path) -> Path:
        return self.named / path.relative_to(self.root)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to become of a folder."""

    new: Mapping[str, bytes]
    removed: tuple[str, ...]
    under_way: bytes
    """The manifest while files are written."""
    after: bytes
    """The manifest to leave."""


def _replace(
    folder: _Folder,
    unfinished: Path,
    wanted: Mapping[str, bytes],
    within: Collection[str] | None,
    overwrite: Collection[str],
) -> Written:
    before = folder.manifest()
    digests = {name: _digest(content) for name, content in wanted.items()}
    old = _digests_of_wanted(folder, wanted)
    gone = _obsolete(before, wanted, within)
    leaving = {n: digest for n in sorted(gone) if (digest := folder.held(n)) is not None}
    _refuse_foreign(folder, before, {**leaving, **_differing(old, digests)}, overwrite)
    new = {name: wanted[name] for name in old if old[name] != digests[name]}
    kept = {n: _settled(folder, n, d) for n, d in before.items() if n not in gone}
    after = kept | digests
    if new or leaving or before != {name: frozenset({digest}) for name, digest in after.items()}:
        # Both sides: if the process is killed among the renames, the next run knows its files.
        replaced = {n: digest for n in new if (digest := old[n]) is not None} | leaving
        texts = manifest_text(after, replaced), manifest_text(after)
        _commit(folder.root, unfinished, _Change(new, tuple(leaving), *texts))
    return Written(tuple(new), tuple(name for name in old if name not in new), tuple(leaving))


def _digests_of_wanted(folder: _Folder, wanted: Collection[str]) -> dict[str, str | None]:
    """What stands where files are to be written; nothing is written through a link."""
    try:
        return {name: folder.digest(name) for name in sorted(wanted)}
    except _ElsewhereError as error:
        raise OutputError(
            f"{error}, but trazo writes only into the folder itself: remove it, or choose "
            "another folder with -o"
        ) from None


def _differing(old: Mapping[str, str | None], new: Mapping[str, str]) -> dict[str, str]:
    return {n: digest for n, digest in old.items() if digest is not None and digest != new[n]}


def _settled(folder: _Folder, name: str, digests: frozenset[str]) -> str:
    """Which digest a file has that a killed run left with two."""
    if len(digests) > 1 and (held := folder.held(name)) in digests:
        return str(held)
    return min(digests)


def _commit(root: Path, unfinished: Path, change: _Change) -> None:
    """Everything that needs space on the disk comes first; what follows only renames."""
    steps = {MANIFEST: change.under_way, **change.new}
    new = [stage(unfinished / "new" / name, content) for name, content in steps.items()]
    last = stage(unfinished / "last", change.after)
    touched = [*steps, *change.removed]
    for name, source in zip(steps, new, strict=True):
        keep_mode(root / name, source)
    for name in touched:
        if (root / name).exists():
            _keep(root / name, unfinished / "old" / name)
    made: list[Path] = []
    try:
        _make_parents(root, change.new, made)
        for name, source in zip(steps, new, strict=True):
            source.replace(root / name)
        for name in change.removed:
            (root / name).unlink()
        keep_mode(root / MANIFEST, last)
        last.replace(root / MANIFEST)
    except BaseException:
        _roll_back(root, unfinished / "old", touched)
        remove_empty(made)
        raise
    remove_empty([root / parent for name in change.removed for parent in _parents(name)])


def _keep(path: Path, copy: Path) -> None:
    """Keeps what a path holds: the file itself where the disk has hard links, else a copy."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy.hardlink_to(path)
    except OSError:
        shutil.copy2(path, copy)


def _roll_back(root: Path, old: Path, touched: Collection[str]) -> None:
    for name in touched:
        if (old / name).exists():
            (old / name).replace(root / name)
        else:
            with suppress(FileNotFoundError, NotADirectoryError):
                (root / name).unlink()


def _make_parents(root: Path, names: Collection[str], made: list[Path]) -> None:
    """Adds every folder to `made` as soon as it is there, so that a failure can take it back."""
    for parent in sorted({root / parent for name in names for parent in _parents(name)}):
        if parent.exists():
            sweep(parent, STAGING)
        else:
            parent.mkdir()
            made.append(parent)


def _parents(name: str) -> list[PurePosixPath]:
    return list(PurePosixPath(name).parents)[:-1]


def _obsolete(
    manifest: Collection[str], wanted: Collection[str], within: Collection[str] | None
) -> set[str]:
    starts = ("",) if within is None else tuple(within)
    return {name for name in manifest if name not in wanted and name.startswith(starts)}


def _refuse_foreign(
    folder: _Folder, manifest: Digests, changing: Mapping[str, str], overwrite: Collection[str]
) -> None:
    """Refuses to replace or remove what has another digest than we gave it, or none from us."""
    foreign = sorted(
        name
        for name, digest in changing.items()
        if digest not in manifest.get(name, ()) and name not in overwrite
    )
    if not foreign:
        return
    first = foreign[0]
    why = "was edited after" if first in manifest else "was not written by"
    more = f" (and {len(foreign) - 1} more)" if len(foreign) > 1 else ""
    raise OutputError(
        f"{folder.named / first}{more} {why} trazo{' wrote it' * (first in manifest)} and was "
        f"kept: move it away, choose another folder with -o, or give `--overwrite {first}`"
    )


def _safe(name: str) -> str:
    if not is_ours_to_write(name):
        raise ValueError(f"`{name}` is not a name for an output file")
    return name


def _encoded(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def locked(root: Path, busy: str) -> Iterator[None]:
    """Keeps other processes out; the kernel frees the lock of a process that dies.

    Args:
        root: The folder that one process at a time writes to.
        busy: What to say where another one does: what it writes to, and what to do.
    """
    path, deadline = root / LOCK, time.monotonic() + _LOCK_TIMEOUT_S
    while True:
        file = _lock_file(path)
        if _try_lock(file) and _is_still(file, path):
            break
        file.close()
        if time.monotonic() > deadline:
            raise OutputError(f"another trazo process is writing to {busy}")
        time.sleep(_LOCK_RETRY_S)
    try:
        yield
    finally:
        with suppress(
            OSError
        ):  # Windows does not remove an open file; an empty lock file is harmless
            path.unlink()
        file.close()


def _lock_file(path: Path) -> BinaryIO:
    """The open lock; never through a link, and without waiting for the other end of a pipe."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.fdopen(os.open(path, flags, 0o666), "r+b", buffering=0)


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
