"""Which files may be read because a spec names them: not everybody who runs one has written it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from trazo.disk.places import lies_in

_ALLOWED: ContextVar[tuple[Path, ...]] = ContextVar("allowed", default=())


@contextmanager
def reading_allowed(places: Iterable[Path]) -> Iterator[None]:
    """Lets files and folders that the command line names be read, besides the spec's folder."""
    token = _ALLOWED.set(tuple(places))
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def may_be_read(file: Path, folder: Path) -> bool:
    """Whether a file that belongs to a spec in a folder lies there, with all links followed."""
    return any(lies_in(file, place) for place in (folder, *_ALLOWED.get()))
