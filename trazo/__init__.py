"""The command line: reads, calls the passes in their order, prints and exits.

Importing this package loads nothing: `trazo.start` decides what is loaded first.
"""
