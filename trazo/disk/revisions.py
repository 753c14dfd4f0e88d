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
        raise ToolMissing("git is missing, which reads a revision: install it")
    command = [git, "show", "--end-of-options", place]
    run = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT_S)  # noqa: S603 - git itself
    if run.returncode:
        reason = " ".join(run.stderr.decode(errors="replace").split()).removeprefix("fatal: ")
        raise RevisionError(f"git has no `{place}`: {reason}")
    return run.stdout
