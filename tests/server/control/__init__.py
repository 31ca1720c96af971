"""The control interface, over real sockets."""
