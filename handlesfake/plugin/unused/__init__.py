"""What a run has left unused, told at its end: recorded exchanges, cassettes, rules."""
