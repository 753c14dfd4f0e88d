"""From a drawing or a picture to the bytes of a file."""
