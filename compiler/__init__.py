"""What a spec becomes: a graph, a plan, Terraform files and diagrams."""
