"""The stage that lets the pure service answer, with its ids and taps."""
