"""How sessions and members change as time passes."""
