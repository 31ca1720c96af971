"""What journal entries and refusals say to people, as text."""
