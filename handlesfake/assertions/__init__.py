"""Say what should have been sent; show the nearest thing that was."""
