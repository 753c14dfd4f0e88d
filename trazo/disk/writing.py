"""One file, written whole or not at all, and what goes wrong with it in one line."""

import errno
import os
import stat
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from compiler.backends.staging import staging, sweep
from compiler.interrupts import interrupts_raised
from trazo.disk.manifest import STAGING
from trazo.disk.places import is_special, open_descriptor

NO_ROOM = (errno.EDQUOT, errno.EFBIG, errno.ENOSPC)


class OutputError(Exception):
    """An output could not be written; nothing of it was changed. The text is one line."""


OTHER_OUTPUT = "choose another with -o"


def write_file(path: Path, content: bytes, otherwise: str = OTHER_OUTPUT) -> None:
    """Writes what the user named: a file whole or not at all, with the mode it had before.

    A link is followed to its file; a device, a pipe or an open file is written to as it is.

    Args:
        path: The file.
        content: What it shall hold.
        otherwise: What else can be done where it cannot be written; empty for nothing.
    """
    try:
        if is_special(path):
            _send(path, content)
        else:
            with interrupts_raised():
                _replace_file(path, content)
    except OSError as error:
        raise OutputError(advice(path, error, otherwise)) from error


def clear_away(path: Path) -> None:
    """Removes what killed runs left beside the file that a path leads to.

    Whoever writes a file does so in any case; this is for those who may find nothing to write.
    """
    sweep(Path(os.path.realpath(path)).parent, STAGING)


def _send(path: Path, content: bytes) -> None:
    """Writes to what is no regular file; opening it anew would forget how far it is written."""
    number = open_descriptor(path)
    if number is None:
        flags = os.O_WRONLY | getattr(os, "O_NOCTTY", 0)
        descriptor = os.open(path, flags)
    else:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        descriptor = os.dup(number)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _replace_file(path: Path, content: bytes) -> None:
    made: list[Path] = []
    try:
        for folder in reversed((path.parent, *path.parent.parents)):
            if not folder.exists():
                folder.mkdir()
                made.append(folder)
        target = Path(os.path.realpath(path, strict=path.exists()))
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with staging(target.parent, STAGING) as unfinished:
            new = stage(unfinished / "new", content)
            keep_mode(target, new)
            new.replace(target)
    except BaseException:
        remove_empty(made)
        raise


def keep_mode(target: Path, new: Path) -> None:
    """Gives a new file the owner and mode of the one that it will replace."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        with suppress(OSError):  # only the superuser gives files away
            os.chown(new, status.st_uid, status.st_gid)
    new.chmod(stat.S_IMODE(status.st_mode))


def stage(target: Path, content: bytes) -> Path:
    """The path of a new file with some content, in a folder that is made if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def remove_empty(folders: Collection[Path]) -> None:
    """Removes folders in which nothing is left, the innermost first."""
    for path in sorted(folders, key=lambda p: len(p.parts), reverse=True):
        with suppress(OSError):  # it holds something that is not ours, such as `.terraform`
            path.rmdir()


def advice(path: Path, error: OSError, otherwise: str = OTHER_OUTPUT) -> str:
    """Why a file or folder cannot be written and what to do, in a line."""
    reason = (error.strerror or str(error)).lower()
    named = error.filename if error.filename2 is None else None
    told = named and str(named) != str(path) and STAGING not in str(named)
    where = f": {named}" if told else ""
    remedy = "free some space" if error.errno in NO_ROOM else "fix this first"
    also = f" or {otherwise}" if otherwise else ""
    return f"cannot write to {path} ({reason}{where}); {remedy}{also}"
