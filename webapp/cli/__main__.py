"""So that `python -m webapp.cli` is `coursekeep`."""

import sys

from webapp.cli import main

sys.exit(main())
