"""What stands in the place of a secret: where it begins, and what is none but leads to one."""

import re

TEMPLATE = re.compile(
    r"\$|#?\{|<|%[sd(]|\*+$|x{3,}$|\.{3}|\u2022|(?:YOUR_)?(?:PASSWORD|PASS|PASSWD|SECRET|TOKEN)\Z"
)
"""How a text begins that a program fills in, or that stands for a secret in an example."""


def bare(match: re.Match[str], group: str) -> tuple[int, int]:
    """Where the value of a group begins and ends without its quotes or ODBC's braces."""
    start, end = match.span(group)
    text = match.string
    while start < end and text[start] == "\\" and text[start + 1 : start + 2] in ("\\", '"', "'"):
        start += 1
    if start < end and text[start] in "\"'":
        quote = text[start]
        start += 1
        end -= text[end - 1] == quote and end > start
        while end > start and text[end - 1] == "\\":
            end -= 1
    return start, end
