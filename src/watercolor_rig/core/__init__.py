"""Times, names, the plan and the schedule: the standard library only, and no I/O."""
