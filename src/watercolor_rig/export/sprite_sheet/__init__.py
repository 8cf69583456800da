"""Sprite sheets: many frames on few pictures, and JSON that says where each lies."""
