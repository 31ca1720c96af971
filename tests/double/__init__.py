"""The object that a test holds, alone and beside others."""
