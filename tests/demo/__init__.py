"""`handlesfake demo`."""
