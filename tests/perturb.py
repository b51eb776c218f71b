#!/usr/bin/env python3
"""Shows that the conformance program notices a wrong number.

    python3 tests/perturb.py PROGRAM DIR

DIR as PROGRAM takes it. In a copy, one element of one expected output is moved by 1 % of the largest value of that
output; PROGRAM must then fail that case, no other, and name it. This is done for every output of every operator in
every file of which all cases pass; a file with skipped cases is listed and left alone. Exit 1 when a change goes
unnoticed or hits another case, or when nothing could be changed.
"""
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

FOLDERS = ("torch", "keras", "onnx", "onnx-other")
SUMS = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.M)


def run(program, root, only):
    """Sums of one file, names of the cases that failed."""
    done = subprocess.run([program, "--only", only, str(root)], capture_output=True, text=True, timeout=300)
    sums = SUMS.search(done.stdout)
    if not sums:
        sys.exit(f"perturb: {program} on {only}: no sums in\n{done.stdout}{done.stderr}")
    failed = [line.split()[2] for line in done.stdout.splitlines() if line.startswith("FAIL ")]
    return tuple(map(int, sums.groups())), failed, done.returncode


def outputs(index):
    """(operator, output) -> [(case, offset of the elements, count, largest value)]: f32 outputs of ordinary size."""
    found, case, op, most = {}, None, None, {}
    for line in index.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(" = ")
        if key == "case":
            case, most = value, {}
        elif key == "op":
            op = value
        elif key.startswith("maxabs."):
            most[key[7:]] = float(value)
        elif key == "tensor":
            role, name, dtype, offset, _, *dims = value.split()
            count = 1
            for length in dims:
                count *= int(length)
            if role == "out" and dtype == "float32" and count and most.get(name, 0) > 1e-3:
                found.setdefault((op, name), []).append((case, int(offset), count, most[name]))
    return found


def main(program, root):
    rng, bad, changed, left = random.Random(7), 0, 0, []
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch)
        for folder in [root / name for name in FOLDERS if (root / name).is_dir()] or [root]:
            shutil.copytree(folder, copy / folder.name)
        for index in sorted(copy.glob("*/*.txt")):
            only = f"{index.parent.name}/{index.stem}"
            (passed, failed, skipped), _, _ = run(program, index.parent, only)
            if failed:
                sys.exit(f"perturb: {only} fails before anything is changed")
            if skipped:
                left.append(only)
                continue
            data = index.with_suffix(".bin")
            whole = data.read_bytes()
            for (op, name), places in outputs(index).items():
                case, offset, count, most = rng.choice(places)
                at = offset + 4 * rng.randrange(count)
                number = struct.unpack_from("<f", whole, at)[0]
                while number - number != 0:  # NaN or infinity: another element
                    at = offset + 4 * rng.randrange(count)
                    number = struct.unpack_from("<f", whole, at)[0]
                data.write_bytes(whole[:at] + struct.pack("<f", number + 0.01 * most) + whole[at + 4:])
                sums, names, code = run(program, index.parent, only)
                changed += 1
                if sums != (passed - 1, 1, 0) or names != [case] or code != 1:
                    print(f"{only}, {op}: changed {name} of {case}; sums {sums}, failures {names}, exit {code}")
                    bad += 1
            data.write_bytes(whole)
    print(f"{changed} numbers changed, {changed - bad} noticed; files left alone: {', '.join(left) or 'none'}")
    return bad != 0 or changed == 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve()))
