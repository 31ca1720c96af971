"""``@frozen`` and ``@mutable``: dataclasses that cost nothing before they are used."""
