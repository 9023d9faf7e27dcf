"""All tests of the lab in one go: python3 -m unittest discover -s tests/lab -p lab_test.py"""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent


def load_tests(loader, _tests, _pattern):
    """Takes every other test file of this folder."""
    suite = unittest.TestSuite()
    for path in sorted(HERE.glob("*_test.py")):
        if path.name != "lab_test.py":
            suite.addTests(loader.loadTestsFromName(path.stem))
    return suite


if __name__ == "__main__":
    unittest.main()
