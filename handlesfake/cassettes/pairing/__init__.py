"""Two recordings of the same traffic: which exchange is which, and how they differ, apart from ids and times."""
