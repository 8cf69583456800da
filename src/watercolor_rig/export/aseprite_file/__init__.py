"""Aseprite's own files: layers that an artist can repaint, and a tag for each sequence."""
