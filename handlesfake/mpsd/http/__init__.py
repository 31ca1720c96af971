"""HTTP as values: requests, responses, bodies, preconditions."""
