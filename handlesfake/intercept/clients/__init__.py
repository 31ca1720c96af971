"""One seam for each HTTP client."""
