"""Takes a request through the stages; requests that wait on the way."""
