"""Estimates as tables, texts, documents, charts and a page."""
