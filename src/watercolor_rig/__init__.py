"""One neutral portrait of a drawn character in, a complete animated face rig out."""

__version__ = "0.1.0"
