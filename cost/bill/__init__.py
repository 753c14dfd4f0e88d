"""Loads x meters x prices: the bill of a period, in closed form or of simulated loads."""
