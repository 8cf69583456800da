"""The use cases: plain functions that the command line (and later the studio) call."""
