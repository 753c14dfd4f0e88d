"""From plans to the text of Terraform files, through CDKTF or by ourselves."""
