"""Mermaid texts: ids and labels that Mermaid takes, whatever the names."""

import re

from compiler.backends.diagram.draw import render
from compiler.backends.diagram.model.options import Format
from compiler.backends.diagram.views.overview import overview
from compiler.backends.mermaid import RESERVED, mermaid, mermaid_ids, mermaid_text
from tests.examples import graph_of

WEB = """
end: {kind: ecs, image: a/b:1, port: 80, uses: {files: read, database: connect}}
alb: {kind: alb, hostname: www.example.com, routes: [{to: end, path: '/a*"b#$$`'}, {to: end}]}
database: {kind: rds}
files: {kind: s3}
"""


def test_a_reserved_word_is_no_id() -> None:
    """A component may be called `end`, a node may not."""
    ids = mermaid_ids(sorted(RESERVED))

    assert set(ids.values()) & RESERVED == set()


def test_names_that_differ_in_punctuation_only_have_different_ids() -> None:
    """Else two components would be drawn as one."""
    ids = mermaid_ids(["a.b", "a-b", "a_b", "a_b_"])

    assert len(set(ids.values())) == 4


def test_a_label_holds_nothing_that_mermaid_reads() -> None:
    """Quotes end a label, `#` begins a code, backticks begin Markdown, two `$` a formula."""
    text = mermaid_text(['"#`<b>*x*</b>`\\&$$', "second"])

    assert re.sub(r"#\w+;|<br/>", "", text) == "bx/b$ $second"


def test_every_arrow_of_a_graph_is_a_line() -> None:
    """The text shows the same graph as the tree does."""
    graph = graph_of(WEB)
    arrows = [line for line in mermaid(graph).splitlines() if "-->" in line]

    assert len(arrows) == len(graph.edges)


def test_every_node_is_declared_once_and_before_it_is_used() -> None:
    """A node that is only used has its id for a name."""
    text = render(overview(graph_of(WEB)), Format.MERMAID).decode()
    declared = re.findall(r'^\s*(\w+)(?:\["|\[\(")', text, re.MULTILINE)
    arrows = re.findall(r"^\s*(\w+) -\.?->.*?(\w+)$", text, re.MULTILINE)
    styled = [
        i
        for line in re.findall(r"class ([\w,]+) \w+$", text, re.MULTILINE)
        for i in line.split(",")
    ]
    groups = re.findall(r"subgraph (\w+)", text)

    assert len(declared) == len(set(declared))
    assert {*(end for arrow in arrows for end in arrow), *styled} <= {*declared, *groups}
