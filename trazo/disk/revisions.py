"""Files as a revision of git has them."""

import shutil
import subprocess

from compiler.backends.tools import ToolMissing

# Chosen: git answers in milliseconds; a repository on a network drive takes longer.
TIMEOUT_S = 30.0


class RevisionError(Exception):
    """No such revision or file; the text is one line."""


def read_revision(place: str) -> bytes:
    """The content of `REV:PATH`, a file as it was in a revision.

    Raises:
        RevisionError: Git knows no such revision or file.
        ToolMissing: Git is not installed.
    """
    revision, _, path = place.partition(":")
    if not revision or not path or revision.startswith("-"):
        raise RevisionError(f"`{place}` is not REV:PATH, such as `main:specs/app.yaml`")
    git = shutil.which("git")
    if git is None:
        raise ToolMissing("reading a revision requires git, which is missing: install it")
    # Without the dashes at the end, a `*` or `[` makes it a pattern of files, which finds nothing.
    command = [git, "show", "--end-of-options", place, "--"]
    try:
        run = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT_S)  # noqa: S603 - git itself
    except subprocess.TimeoutExpired:
        waited = f"git did not respond within {TIMEOUT_S:g} seconds for `{place}`"
        raise RevisionError(f"{waited}: check whether `git show {place}` works") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ToolMissing(f"git at {git} cannot be started ({reason}): fix this first") from error
    if run.returncode:
        reason = " ".join(run.stderr.decode(errors="replace").split()).removeprefix("fatal: ")
        raise RevisionError(f"git cannot find `{place}`: {reason}")
    if run.stdout.startswith(f"tree {place}\n\n".encode()):
        raise RevisionError(f"`{place}` is a folder: give a file in it")
    return run.stdout
