"""The filter language of search handles: scanner, parser, compiler."""
