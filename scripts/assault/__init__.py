"""An assault on the program: hostile inputs, kills at any moment, injections into every output."""
