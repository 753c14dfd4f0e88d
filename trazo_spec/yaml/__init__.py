"""YAML text: its lines, a document with places that is read from it, and edits of it."""
