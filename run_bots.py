"""The door: hands the command line to `bots.cli`."""

import sys

from bots.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
