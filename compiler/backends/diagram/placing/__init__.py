"""From a picture to a drawing: everything gets its place."""
