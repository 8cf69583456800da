"""Animated pictures, one file for each sequence: APNG, WebP and GIF."""
