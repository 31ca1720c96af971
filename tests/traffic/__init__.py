"""What three real clients send, shortened, and what each needs back."""
