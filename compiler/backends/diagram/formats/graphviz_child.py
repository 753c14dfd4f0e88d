"""Draws DOT text from stdin as an image on stdout, in a process of its own.

Graphviz is a C library that ends the whole process when it meets what it does not expect, and that
tells of a missing image only on stderr: its caller watches both.
"""

import sys


def main() -> None:
    """Draws in the format of the first argument, with every place taken from the text."""
    from pygraphviz import AGraph  # noqa: PLC0415 - nothing else may load Graphviz

    graph = AGraph(string=sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(graph.draw(None, format=sys.argv[1], prog="nop2"))


if __name__ == "__main__":
    main()
