"""The words under ``then``: how they are read, and what they do to a request or to an answer."""
