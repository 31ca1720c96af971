"""``python -m handlesfake`` is the command ``handlesfake``."""

import sys

from handlesfake.cli import main

sys.exit(main())
