#!/usr/bin/env python3
"""Compiles README.md's programs as it says there and compares what they print with what stands there; the gallery of mistakes is
part of what examples/shape_errors.c prints."""
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
gallery = re.findall(r"```\n(    .*?)```", TEXT[TEXT.index("## Six mistakes"):TEXT.index("## A model")], re.S)
assert len(gallery) == 6 and all("\ntenon: TN_E_" in entry for entry in gallery)
with tempfile.TemporaryDirectory() as folder:
    # from the root, as README says: the file's name is part of the texts
    built = subprocess.run(["gcc", "-O0", "-Iinclude", "examples/shape_errors.c", "-o", f"{folder}/shape_errors", "-lm"], cwd=ROOT)
    printed = subprocess.run([f"{folder}/shape_errors"], capture_output=True, text=True).stdout if built.returncode == 0 else ""
cases += gallery
for entry in gallery:
    if f"\n{entry}\n" not in printed:
        failed += 1
        print(f"FAILED: examples/shape_errors.c does not print\n{entry}")
print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0)
