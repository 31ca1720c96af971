"""The operations on handles: activity, invite, search, transfer."""
