"""HTTP/1.1 as bytes, and connections that are kept in memory."""
