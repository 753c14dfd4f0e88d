"""Folders for unfinished and temporary files: each is gone with its owner, or after it.

The owner holds a lock on its folder. The kernel frees the lock of a process that dies, so whoever
makes the next folder beside it knows which ones have no owner, and removes these.
"""

import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen

TEMPORARY = "trazo-tmp-"
"""How the names of folders in TMPDIR begin."""
# Chosen: a program that is being ended writes its last file within milliseconds, or within a
# second where many others want the processor.
_TRIES = 100
_WAIT_S = 0.02

_OPEN: "dict[Path, Staging]" = {}
"""The folders that this process has."""


@dataclass(slots=True, eq=False)
class Staging:
    """A folder of this process; `with` gives its path and removes it at the end.

    It is known before it exists, and until it is gone: Ctrl-C at any moment in between removes it.
    """

    path: Path
    lock: int | None = None
    """The descriptor that holds the lock; None where folders cannot be locked."""
    _writer: "Popen[bytes] | None" = None

    def written_by(self, process: "Popen[bytes]") -> None:
        """Names the leader of a process group that is ended before the folder is removed."""
        self._writer = process

    def discard(self) -> None:
        """Removes the folder with all that is in it; harmless when it is gone."""
        if self.path not in _OPEN:
            return
        if self._writer is not None:
            _end(self._writer)
        _remove(self.path)
        _OPEN.pop(self.path, None)
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_raised: object) -> None:
        self.discard()


def staging(parent: Path, prefix: str) -> Staging:
    """A new folder, once those whose owners died are removed; `OSError` if there can be none."""
    sweep(parent, prefix)
    while True:
        folder = Staging((parent / f"{prefix}{secrets.token_hex(8)}").absolute())
        _OPEN[folder.path] = folder
        try:
            folder.path.mkdir(mode=0o700)
        except OSError:
            del _OPEN[folder.path]
            raise
        folder.lock = _locked(folder.path)
        # Between the two steps another process may have taken it for one without an owner.
        if _is_still(folder):
            return folder
        folder.discard()


def temporary() -> Staging:
    """A new folder for files that nobody shall find afterwards."""
    return staging(Path(tempfile.gettempdir()), TEMPORARY)


def discard_all() -> None:
    """Removes every folder of this process, which is about to end."""
    for folder in tuple(_OPEN.values()):
        folder.discard()


def _end(leader: "Popen[bytes]") -> None:
    """Ends a process with those it started, unless it has ended by itself."""
    if leader.poll() is not None:
        return
    if sys.platform == "win32":
        leader.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, signal.SIGKILL)


def _remove(path: Path) -> None:
    """Removes a folder in which a program that is being ended may still write."""
    for _ in range(_TRIES):
        shutil.rmtree(path, ignore_errors=True)
        if not os.path.lexists(path):
            return
        time.sleep(_WAIT_S)


if sys.platform == "win32":

    def sweep(_parent: Path, _prefix: str) -> None:
        """Folders cannot be locked there: nobody knows which have an owner."""

    def _locked(_path: Path) -> int | None:
        return None
else:
    import fcntl

    def sweep(parent: Path, prefix: str) -> None:
        """Removes the folders of ours whose owners died."""
        for path in _ours(parent, prefix):
            with suppress(OSError):
                descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _remove(path)
                finally:
                    os.close(descriptor)

    def _ours(parent: Path, prefix: str) -> list[Path]:
        try:
            with os.scandir(parent) as entries:
                return [
                    Path(entry.path)
                    for entry in entries
                    if entry.name.startswith(prefix)
                    and entry.is_dir(follow_symlinks=False)
                    and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
                ]
        except OSError:
            return []

    def _locked(path: Path) -> int | None:
        """The open folder with its lock, or None on a disk that has no locks."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor


def _is_still(folder: Staging) -> bool:
    """Whether the folder is still there, and is the locked one."""
    try:
        there = folder.path.stat()
    except FileNotFoundError:
        return False
    return folder.lock is None or os.path.samestat(os.fstat(folder.lock), there)
