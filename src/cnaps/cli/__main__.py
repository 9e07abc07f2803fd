"""`python -m cnaps.cli`, for when the command itself is not on the path."""

from __future__ import annotations

import sys

from cnaps.cli import main

if __name__ == "__main__":
    sys.exit(main())
