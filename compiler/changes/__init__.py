"""What a change does: what Terraform would replace, and what a user would lose."""
