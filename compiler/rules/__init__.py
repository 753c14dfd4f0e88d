"""Checks of one environment's graph."""
