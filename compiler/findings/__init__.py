"""Every finding of a file: checked, judged as its spec wants, and mended."""
