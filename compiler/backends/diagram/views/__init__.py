"""From a graph to a picture: one view a module."""
