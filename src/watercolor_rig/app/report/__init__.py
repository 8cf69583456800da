"""One page for people on everything that a project has made."""
