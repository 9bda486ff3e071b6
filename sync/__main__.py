"""``python -m sync`` is ``springstep``."""

import sys

from sync.app.cli.main import main

sys.exit(main())
