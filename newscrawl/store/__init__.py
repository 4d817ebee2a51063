"""What outlives a process: the spool of a run."""
