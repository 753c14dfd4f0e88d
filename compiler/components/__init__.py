"""What each kind of component becomes, what is billed for it, and its icon; one module a kind."""
