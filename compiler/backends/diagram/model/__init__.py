"""What is shown, before and after it has a place."""
