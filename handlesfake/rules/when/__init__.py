"""The words under ``when``: read, and refused where no request can ever match."""
