"""What the studio does, without HTTP: jobs, frames made anew, takes with undo, and what it shows of a project."""
