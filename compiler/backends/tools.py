"""Programs that a backend starts, and the one error for a program that is not fit for it."""


class ToolMissing(Exception):  # noqa: N818 - it says what happened, as FileNotFoundError does
    """A program that a backend needs is missing, too old or stopped half way; the text advises."""
