"""Months simulated step by step: demand, autoscaling, the schedule, and the luck of Spot."""
