"""The pages of `docs/reference/`, each written from the code that it is about."""

from collections.abc import Iterable

NOTE = "<!-- Written by scripts/write_reference.py from {source}: not to be edited by hand. -->"


def page(title: str, source: str, *parts: str) -> str:
    """A page of Markdown with its title and where it comes from."""
    return "\n\n".join((NOTE.format(source=source), f"# {title}", *filter(None, parts))) + "\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown; empty when there is no row."""
    lines = [" | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in r) for r in rows]
    if not lines:
        return ""
    rule = " | ".join("---" for _ in head)
    return "\n".join(f"| {line} |" for line in (" | ".join(head), rule, *lines))
