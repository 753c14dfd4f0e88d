"""What could be written otherwise, and what it is worth."""
