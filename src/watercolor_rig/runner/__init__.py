"""Drives the schedule over threads or processes and books what comes back."""
