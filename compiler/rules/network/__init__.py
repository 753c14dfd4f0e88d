"""Rules about networks: addresses, subnets, zones, the way out, and a VPC that exists already."""
