"""What Terraform and the bill are made of: blocks, meters, outputs, overrides."""
