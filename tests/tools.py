"""tests/tools.py - what the test scripts share: where things are, which compilers there are, running, counting."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"
SHARED = pathlib.Path(os.path.normpath(ROOT / os.environ.get("TENON_SHARED", "../shared")))

WARNINGS = ("-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-align -Wcast-qual "
            "-Wdouble-promotion -Wundef -Werror").split()
WARNINGS_C = [*WARNINGS, "-Wmissing-prototypes"]
QEMU = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]


def have(*programs):
    return all(map(shutil.which, programs))


def compilers(kind):
    """C or C++ compilers of this machine: one of each family, and every clang that has a number."""
    names = {"c": ["gcc", "clang-14", "clang-16", "clang-19"],
             "c++": ["g++", "clang++-14", "clang++-16", "clang++-19"]}[kind]
    found, plain = [name for name in names if have(name)], names[1].split("-", maxsplit=1)[0]
    return [*found, plain] if have(plain) and not any(name.startswith(plain) for name in found) else found


def run(command, timeout=300, **more):
    """(exit code, everything it said); never raises for what the command does."""
    try:
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout, text=True, errors="replace", **more)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return 124, f"took more than {timeout} s"
    except OSError as error:
        return 127, str(error)


class Tally:
    """Counts checks; says only those that fail."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, good, name, said=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {name}\n{said.strip()[:3000]}".rstrip(), flush=True)
        return bool(good)

    def skip(self, name, why):
        self.skipped += 1
        print(f"skipped: {name}: {why}", flush=True)

    def each(self, jobs):
        """jobs: (name, function giving (good, said)); two at a time."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for name, (good, said) in zip([job[0] for job in jobs], pool.map(lambda job: job[1](), jobs)):
                self.check(good, name, said)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        sys.exit(1 if self.failed else 0)
