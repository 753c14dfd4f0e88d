"""What a path leads to, before something is written there."""

import os
import re
import stat
from pathlib import Path

_MOST_LINKS = 40
"""After so many links Linux gives up."""
_DESCRIPTORS = re.compile(r"/(proc/[^/]+(/task/[^/]+)?/fd|dev/fd)")


def is_special(path: Path) -> bool:
    """Whether a path leads to what is written to and not replaced: a device, pipe, or open file."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or _named_descriptor(path) is not None


def open_descriptor(path: Path) -> int | None:
    """The number of what this process has open already under a path, such as `/dev/stdout`."""
    named = _named_descriptor(path)
    if named is not None and named.parent == Path(os.path.realpath("/proc/self/fd")):
        return int(named.name)
    return None


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by whatever spelling, link or hard link."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return os.path.realpath(one) == os.path.realpath(other)


def is_standard_input(path: Path) -> bool:
    """Whether a path leads to the regular file that standard input is read from."""
    try:
        status = path.stat()
        return stat.S_ISREG(status.st_mode) and os.path.samestat(status, os.fstat(0))
    except (OSError, ValueError):
        return False


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path leads to a place in a folder, or to the folder itself, links followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _named_descriptor(path: Path) -> Path | None:
    """The entry of `/proc/.../fd` that a path leads to, link by link."""
    for _ in range(_MOST_LINKS):
        folder = os.path.realpath(path.parent)
        path = Path(folder, path.name)
        if path.name.isdecimal() and _DESCRIPTORS.fullmatch(folder):
            return path
        if not path.is_symlink():
            return None
        path = Path(folder, path.readlink())
    return None
