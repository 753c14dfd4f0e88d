"""What several commands do in the same way: price, check, compare, write Terraform, a page."""
