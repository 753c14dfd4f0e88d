"""Words and texts, hostile but legal, and small strategies of fields."""

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

HOSTILE = (
    "${aws_vpc.network.id}",
    "%{ if true }x%{ endif }",
    "$${doubled} %%{percent}",
    "$",
    "ends with ${",
    "quotes \" and ' and `",
    "back\\slash \\n \\u0041",
    "two\nlines\n",
    "\ttab",
    " spaces ",
    "",
    "yes",
    "0x10",
    "20:00",
    "null",
    "~",
    "- not a list",
    "{not: a mapping}",
    "# no comment",
    "&anchor *alias !tag",
    "<<",
    "Grüße 🚀 \u202e\u00a0\u2028",
    "<script>alert(1)</script>",
)
"""Texts that YAML, JSON, Terraform or a shell might take for something else."""

TEXT = st.sampled_from(HOSTILE) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12
)
"""Any text of a user."""
WORDS = st.sampled_from(
    ("web", "api", "a", "x__y", "ends_", "null", "on", "count", "for_each", "provider", "this",
     "database", "a_very_long_name_of_it24")
) | st.text("abcxyz019_", max_size=8).map(lambda word: f"k{word}")  # fmt: skip
"""Names, among them words that YAML or Terraform give a meaning."""
PLAIN_WORDS = WORDS.map(lambda word: re.sub("_+", "_", word).rstrip("_"))
"""Names that AWS takes where it takes no two hyphens and none at the end."""
PLAIN = ("alb", "rds", "redis", "s3")
"""Kinds whose names in AWS are that strict."""
RESERVED = ("network", "security")
"""Names of implied components, which only their own kind may carry."""


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    """A mapping with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def few(elements: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    """A short list of different elements."""
    return st.lists(elements, max_size=most, unique_by=repr)
