#!/usr/bin/env python3
"""tests/calls.py - the lists of tests/test_calls.c name every declared function, and nothing else."""
import re
import sys

sys.dont_write_bytecode = True
from tools import INCLUDE, ROOT, Tally


def main():
    tally = Tally()
    declared = []
    for part in sorted((INCLUDE / "tenon/api").glob("*.h")):
        declared += re.findall(r"^TENON_API [^;(]*?\b(tn_\w+)\(", part.read_text(encoding="utf-8"), re.M)
    text = (ROOT / "tests/test_calls.c").read_text(encoding="utf-8")
    listed = [name for macro in re.findall(r"#define WITH(?:OUT)?_CONTEXT\(X\)((?:.*\\\n)*.*)", text) for name in re.findall(r"X\((\w+)\)", macro)]
    tally.check(len(declared) > 90, "declarations are found", str(len(declared)))
    tally.check(len(set(declared)) == len(declared), "a function is declared once")
    for name in sorted(set(declared) | set(listed)):
        tally.check(name in declared and name in listed, f"{name} is declared and listed")
    tally.end()


if __name__ == "__main__":
    main()
