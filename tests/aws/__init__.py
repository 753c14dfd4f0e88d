"""A stand-in for AWS: moto's server, with what it lacks for our stacks added."""
