"""The command line: flags in, events out as text or JSON lines, exit status at the end."""
