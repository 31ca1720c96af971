"""The messages of handlesfake, read from its source, and the page that explains them."""
