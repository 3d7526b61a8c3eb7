"""`bin/guanjia`: the application's own command line, with its database running."""

import sys

from ops.surroundings import enter
from ops.trouble import guard

if __name__ == "__main__":
    guard(lambda: enter("guanjia.manage", sys.argv[1:]))
