#!/usr/bin/env python3
"""Compiles README.md's programs as it says there and compares what they print with what stands there."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text()
failed = 0
programs = re.findall(r"```c\n(.*?)```", TEXT, re.S)
outputs = re.findall(r"the program prints:\n\n```\n(.*?)```", TEXT, re.S)
compilers = [(cc, level) for cc, level in (("gcc", "-O2"), ("clang-19", "-O0"), ("g++", "-O0")) if shutil.which(cc)]
assert len(programs) == len(outputs)
cases = [(cc, level, program, output) for cc, level in compilers for program, output in zip(programs, outputs)]
for cc, level, program, output in cases:
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "app.c").write_text(program)
        (pathlib.Path(folder) / "include").symlink_to(ROOT / "include")
        built = subprocess.run([cc, level, "-Iinclude", "-Wall", "-Wextra", "app.c", "-o", "app", "-lm"], cwd=folder, capture_output=True, text=True)
        printed = subprocess.run(["./app"], cwd=folder, capture_output=True, text=True).stdout if built.returncode == 0 else ""
        same = re.sub("(?m)^(score 0 on) .*", r"\\1 any", printed) == re.sub("(?m)^(score 0 on) .*", r"\\1 any", output)
        if built.stderr or not same:
            failed += 1
            print(f"FAILED {cc}: {built.stderr[-1000:]}{printed}")
print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0)
