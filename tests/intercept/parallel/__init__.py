"""Doubles, and processes, threads and tasks beside theirs."""
