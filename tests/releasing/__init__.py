"""What is packed and released, and what stops a release."""
