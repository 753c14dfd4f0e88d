"""What may happen to a part between two specs."""

from enum import StrEnum


class Change(StrEnum):
    """What happened to something."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
