"""handlesfake.vcr: the hooks of vcrpy."""
