"""Files that ship inside the package, read through `importlib.resources`; `docs/` holds copies for readers."""
