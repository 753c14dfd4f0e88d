"""What may be written in a spec, and how it is read."""
