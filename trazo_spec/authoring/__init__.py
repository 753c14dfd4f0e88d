"""What helps to write a spec: a schema for editors, and a commented spec to begin with."""
