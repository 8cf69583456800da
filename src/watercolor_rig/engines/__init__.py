"""What makes pictures: each engine is a plug-in, and none knows another or the disk."""
