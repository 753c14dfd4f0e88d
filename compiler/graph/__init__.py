"""What there is, what needs what, and what differs between two specs."""
