"""One request and what happens to it: outcomes, faults, the journal."""
