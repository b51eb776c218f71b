#!/usr/bin/env python3
"""tests/arithmetic.py - output sizes and what the shape calls accept, counted (arithmetic.c): natively, and
in a build with 32-bit size_t, which gives the same answers where memory does not decide.

    tests/arithmetic.py PROGRAM [--long]"""
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import INCLUDE, ROOT, Tally, have, run

NARROW = "i686-linux-gnu-gcc"


def answers(tally, name, program, words):
    """The hash that a run prints."""
    code, said = run([program, *words], 1500)
    print(f"{name}: " + "; ".join(said.strip().splitlines()[-4:]), flush=True)
    tally.check(code == 0 and "wrong accepts 0, wrong rejects 0, wrong codes 0, wrong sizes 0" in said, name, said)
    return re.findall(r"^hash (\w{16})$", said, re.M)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--long"]):
        sys.exit(__doc__)
    counts = Tally()
    wide = answers(counts, "native", sys.argv[1], sys.argv[2:])
    if have(NARROW):
        with tempfile.TemporaryDirectory(prefix="tenon-arithmetic-") as temporary:
            narrow = pathlib.Path(temporary) / "arithmetic"
            code, said = run([NARROW, "-std=c99", "-O1", "-static", f"-I{INCLUDE}", ROOT / "tests/arithmetic.c",
                              ROOT / "tests/implementation.c", "-o", narrow, "-lm"], 600)
            if counts.check(code == 0, f"{NARROW}: a static program", said):
                same = answers(counts, "32 bits", narrow, sys.argv[2:])
                counts.check(wide and wide == same, "the same answers with 32-bit size_t", f"{wide} and {same}")
    else:
        counts.skip("arithmetic with 32-bit size_t", f"needs {NARROW} (gcc-i686-linux-gnu)")
    counts.end()
