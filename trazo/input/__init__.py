"""What a command is given: its options, paths, specs and what may be read for them."""
