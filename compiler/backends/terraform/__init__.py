"""From plans to the text of Terraform files, through CDKTF."""

from compiler.backends.terraform.document import document, dump
from compiler.backends.terraform.hcl import hcl
from compiler.backends.terraform.worker import Worker, start, synthesize

__all__ = ["Worker", "document", "dump", "hcl", "start", "synthesize"]
