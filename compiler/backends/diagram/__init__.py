"""Architecture diagrams: a graph becomes a picture, a picture a drawing, a drawing a file."""

from compiler.backends.diagram.draw import Format, View, draw
from compiler.backends.diagram.theme import Theme

__all__ = ["Format", "Theme", "View", "draw"]
