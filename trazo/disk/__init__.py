"""What touches the machine: folders written whole, what lies in them, and git."""
