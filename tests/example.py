#!/usr/bin/env python3
"""Builds the examples as their first lines say and runs them: what they learn, what they must not learn, equal bits, what they say of bad files.

    python3 tests/example.py [CC...]      default: gcc and the newest clang
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import INCLUDE, QEMU, ROOT, SHARED, Tally, have

tally = Tally()


def run(program, *options, isa=""):
    words = [*(program if isinstance(program, list) else [program]), *map(str, options)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
                          env={**os.environ, "TENON_ISA": isa})
    return done.returncode, done.stdout, done.stderr


def build(name, cc, folder, *options):
    program = f"{folder}/{name}-{cc}"
    words = [cc, *(options or ["-O2"]), "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", f"{ROOT}/examples/{name}.c",
             *([] if "-fsyntax-only" in options else ["-o", program, "-lm"])]
    built = subprocess.run(words, capture_output=True, text=True)
    return tally.check(built.returncode == 0, f"{cc} builds {name}", built.stderr[-2000:]) and program


def accuracy(program, *options, isa=""):
    code, out, err = run(program, *options, isa=isa)
    last = re.fullmatch(r"test accuracy (\d+\.\d\d) %", out.splitlines()[-1] if out else "")
    tally.check(code == 0 and last, f"{program} {options} ends with its accuracy", f"{code} {out[-200:]} {err[-500:]}")
    return (float(last[1]) if last else -1.0), out


def refuses(program, what, *options):
    code, out, err = run(program, *options)
    tally.check(code == 2 and err.count("\n") == 1 and err.startswith("cifar10: "), f"{what}: status 2 and one line", f"{code} {err!r}")


def learned(out):
    """The figures that do not depend on the clock."""
    return re.findall(r"epoch \d+/\d+  loss \S+  accuracy \S+ %|^.* \d+ +\d+ +\d+\.\d %.*$|test accuracy .*", out, re.M)


def rows(out):
    """{class: (pictures, right)} of the table."""
    return {name: (int(all_of), int(right)) for name, all_of, right in re.findall(r"^(\S.*?) +(\d+) +(\d+) +\d+\.\d %", out, re.M)}


def same_weights(programs, folder):
    """programs: (name, program, instruction set, pictures); those with equal pictures must save equal bytes."""
    saved = {}
    for name, program, isa, pictures in programs:
        path = pathlib.Path(f"{folder}/same")
        path.unlink(missing_ok=True)
        accuracy(program, "--epochs", 1, "--seed", 7, "--batch", 16, "--pictures", pictures, "--save", path, isa=isa)
        data = path.read_bytes() if path.exists() else b""
        tally.check(data and data == saved.setdefault(pictures, data), f"{name}: the same weights after {pictures} pictures")
    tally.check(len(set(saved.values())) == len(saved), "other pictures, other weights")


def continued(program, folder):
    """Two epochs, saved, loaded, three more: the weights of five in one go."""
    whole, parts = f"{folder}/whole", f"{folder}/parts"
    few = ["--pictures", 600]
    accuracy(program, *few, "--epochs", 5, "--save", whole)
    accuracy(program, *few, "--epochs", 2, "--save", parts)
    out = accuracy(program, *few, "--epochs", 3, "--load", parts, "--save", parts)[1]
    tally.check(re.findall(r"^epoch (\S+)", out, re.M) == ["3/5", "4/5", "5/5"], "it goes on where it was", out)
    tally.check(pathlib.Path(whole).read_bytes() == pathlib.Path(parts).read_bytes(), "saved, loaded, continued: the same weights")


def cifar10(programs, folder):
    first, weights, other = programs[0], f"{folder}/w", f"{folder}/other"
    best, out = accuracy(first, "--save", weights)
    tally.check(best >= 95.0, "at least 95 % on its own pictures", str(best))
    tally.check("these are not CIFAR-10" in out.splitlines()[0], "says that the pictures are its own", out[:200])
    table = rows(out)
    tally.check(len(table) == 10 and sum(n for n, _ in table.values()) == 2000, "ten classes, every test picture counted", out)
    tally.check(abs(sum(right for _, right in table.values()) / 20 - best) < 0.006, "the table says what the accuracy says", out)
    tally.check(accuracy(first, "--load", weights, "--epochs", 0)[0] == best, "loaded weights score as they did")
    tiny = ["--epochs", 2, "--pictures", 500]
    for program in programs[1:]:
        tally.check(learned(accuracy(program, *tiny)[1]) == learned(accuracy(first, *tiny)[1]), "another compiler, the same figures", program)
    for seed in 1, 2, 3:
        untrained = accuracy(first, "--epochs", 0, "--seed", seed, "--pictures", 2500)[0]
        tally.check(5.0 <= untrained <= 15.0, "untrained it guesses: 10 +- 5 %", str(untrained))
    continued(first, folder)

    dense = accuracy(first, "--net", "dense", "--epochs", 3)[0]
    tally.check(dense >= 85.0, "the dense net: at least 85 %", str(dense))
    linear = accuracy(first, "--hidden", 0, "--epochs", 4)[0]
    tally.check(10.0 < linear < 70.0, "a single linear layer stays under 70 %", str(linear))

    few = ["--epochs", 0, "--pictures", 10]
    data = pathlib.Path(weights).read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    for what, bad in (("truncated weights", data[:-5]), ("long weights", data + b"x"), ("other weights", b"x" + data[1:]),
                      ("one bit of the weights", flipped), ("no weights", b"")):
        pathlib.Path(other).write_bytes(bad)
        refuses(first, what, "--load", other, *few)
    refuses(first, "weights of another net", "--load", weights, "--net", "dense", *few)
    refuses(first, "weights that are not there", "--load", f"{folder}/none", *few)
    refuses(first, "a folder for weights", "--load", folder, *few)
    refuses(first, "a folder that cannot be written", "--save", f"{folder}/none/w", *few)
    refuses(first, "an unknown option", "--epoch", 3)
    refuses(first, "an unknown net", "--net", "large")
    refuses(first, "no number", "--epochs", "x")
    refuses(first, "a missing value", "--epochs")
    refuses(first, "a missing folder", f"{folder}/none")
    record = bytes(3073)
    for name, content in (("truncated", record * 9999), ("long", record * 10000 + b"x"), ("wrong", b"\xff" * 3073 * 10000)):
        pathlib.Path(f"{folder}/{name}").mkdir()
        pathlib.Path(f"{folder}/{name}/data_batch_1.bin").write_bytes(content)
        refuses(first, f"a {name} batch", f"{folder}/{name}")

    real = SHARED / "data" / "cifar10" / "unpack.sh"
    if not real.exists():
        tally.skip("CIFAR-10", "no shared data")
        return
    subprocess.run(["sh", str(real), f"{folder}/cifar"], check=True, stdout=subprocess.DEVNULL)
    score, out = accuracy(first, f"{folder}/cifar", "--net", "dense", "--epochs", 1)
    tally.check(score >= 38.0 and "airplane" in rows(out), "an epoch of the dense net on CIFAR-10 itself: at least 38 %", out)


def series(program):
    code, out, err = run(program)
    figures = re.search(r"next value: (\S+); of the last value as forecast: (\S+); of the noise: (\S+)$", out, re.M)
    free = re.search(r"root mean square error (\S+)$", out, re.M)
    if tally.check(code == 0 and figures and free, "series runs", f"{code} {out[-500:]} {err[-500:]}"):
        next_value, naive, noise = map(float, figures.groups())
        tally.check(noise / 2 < next_value < min(2 * noise, naive / 5), "series: the next value is forecast nearly as well as noise allows", out)
        tally.check(float(free[1]) < 0.2, "series: free-running it keeps to the wave", out)


def shape_errors(program):
    """Ten mistakes, each told; in a terminal the same with colors."""
    code, out, err = run(program)
    told = re.findall(r"^    .*;\ntenon: (TN_E_\w+) \([a-z-]+\).* at [A-Z]+\n  where     \S+:\d+: .*\n(?:(?:  \w|    ).*\n)*  fix  ", out, re.M)
    tally.check(code == 0 and len(told) == out.count("tenon: ") == 10 and not err, "shape_errors tells ten mistakes", f"{code} {told} {out} {err}")
    tally.check(len(set(told)) >= 6 and "\033" not in out, "of at least six kinds, plain", str(told))
    terminal, side = os.openpty()
    with subprocess.Popen([program], stdin=subprocess.DEVNULL, stdout=side) as process:
        os.close(side)
        seen = b""
        while chunk := read(terminal):
            seen += chunk
        process.wait(60)
    os.close(terminal)
    colored = seen.decode().replace("\r\n", "\n")
    tally.check("\033[31mtenon: " in colored and re.sub(r"\033\[\d*m", "", colored) == out, "shape_errors in a terminal: colors", colored)


def read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux: the other side is closed
        return b""


def main():
    compilers = sys.argv[1:] or ["gcc", *[c for c in ("clang-19", "clang", "clang-14") if have(c)][:1]]
    with tempfile.TemporaryDirectory() as folder:
        programs = [build("cifar10", cc, folder) for cc in compilers]
        if all(programs):
            cifar10(programs, folder)
            sets = [(isa, programs[-1], isa, pictures)
                    for isa, pictures in (("avx2", 500), ("avx512", 500), ("avx2", 20), ("avx512", 20), ("scalar", 20))]
            if not have("aarch64-linux-gnu-gcc", "qemu-aarch64"):
                tally.skip("weights from NEON", "needs aarch64-linux-gnu-gcc and qemu-aarch64")
            elif arm := build("cifar10", "aarch64-linux-gnu-gcc", folder, "-O1", "-static"):
                sets.append(("neon", [*QEMU, arm], "", 20))
            same_weights(sets, folder)
        for cc in compilers[1:]:
            build("series", cc, folder, "-fsyntax-only")
        if program := build("series", compilers[0], folder, "-O1"):
            series(program)
        for cc in compilers:
            if program := build("shape_errors", cc, folder, "-O1"):
                shape_errors(program)
    tally.end()


main()
