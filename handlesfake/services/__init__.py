"""The services that a double plays, as a table: each is a row, and the rest of handlesfake knows them by it alone."""
