"""What the push channel says, row by row of its description, over real WebSockets."""
