"""A stand-in for AWS: moto's server, with what it lacks for our stacks added."""

WINDOW = "/stand-in/maintenance-window"
"""No service of AWS answers there: a request lets the maintenance window of everything pass."""
