"""The YAML vocabulary of rules, its loader with line numbers, and the stage that applies them."""
