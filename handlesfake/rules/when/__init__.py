"""What stands under ``when``: read, and refused where no request can ever be so."""
