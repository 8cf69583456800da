"""How long a test waits for what should take a moment: long enough for a busy machine, shorter than a test may take."""

PATIENCE_S = 100
"""Something that has not happened by then never will. Nothing that is asserted depends on it."""
