"""The push channel (RTA) as the service has it: frames, resources, and one line to one client."""
