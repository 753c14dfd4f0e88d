"""Hypothesis strategies: valid specs of every kind, schedules and loads."""
