"""The export `web`: a character as one JSON, a few sheets, and a page on which it plays by itself."""
