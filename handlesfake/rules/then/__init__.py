"""What stands under ``then``: read, and what it does to a request or to an answer."""
