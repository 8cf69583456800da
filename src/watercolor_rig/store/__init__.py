"""The project folder on the disk: durable writes, manifests, and what is known of each file."""
