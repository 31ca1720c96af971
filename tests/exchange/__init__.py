"""One request on its way: the engine, the journal, the line that sent it."""
