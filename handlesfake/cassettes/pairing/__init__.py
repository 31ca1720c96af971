"""Two recordings of the same traffic: which exchange is which, and in what they differ but for ids and times."""
