"""The rule of plain English, kept by a word list and a limit on sentences; ``python -m tests.plain_english`` lists."""
