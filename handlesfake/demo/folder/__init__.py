"""What the demo leaves behind: a bot, its test, and two rule files."""
