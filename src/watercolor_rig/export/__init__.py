"""Pictures of the result for people: looping previews and contact sheets."""
