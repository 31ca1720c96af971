"""How the service says no: each refusal with its status, text and evidence."""
