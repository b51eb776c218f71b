#!/usr/bin/env python3
"""tests/hash.py - the same bits from every compiler, language standard, optimisation level and instruction set.

    tests/hash.py            seven builds in which each of them occurs; that every kernel is reached
    tests/hash.py --long     the full cross, and options that tempt compilers
    tests/hash.py --plants   four planted faults, each of which must be seen
"""
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import INCLUDE, QEMU, ROOT, WARNINGS, Tally, compilers, have, run

CLANG = [*compilers("c")[1:], "clang"][0]
CLANG_CXX = ["clang++", *compilers("c++")[1:]][-1]
ARM_CC, ARM_CXX = "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++"
DEFAULT = [
    ("gcc", "gnu11", "-O2"), ("gcc", "c11", "-O0"), ("g++", "c++17", "-O1"),
    (CLANG, "c11", "-O3"), (CLANG_CXX, "c++17", "-O2"),
    (ARM_CC, "gnu11", "-O2"), (ARM_CXX, "c++17", "-O0"),
]
LEVELS = ["-O0", "-O1", "-O2", "-O3"]
TEMPTING = ["-march=native", "-ffp-contract=fast", "-flto", "-Os", "-fno-strict-aliasing", "-fPIC"]


def full_cross():
    for level in LEVELS:
        for cc in [*compilers("c"), ARM_CC]:
            yield from ((cc, standard, level) for standard in ["gnu11", "c11"])
        for cxx in [*compilers("c++"), ARM_CXX]:
            yield cxx, "c++17", level
    for cc in compilers("c"):
        # clang's pragma yields to -ffp-contract=fast, which is outside the promise; its -flto needs another linker
        options = [option for option in TEMPTING if cc == "gcc" or option not in ("-ffp-contract=fast", "-flto")]
        yield from ((cc, "gnu11", "-O2", option, "-Wno-error") for option in options)
    yield ARM_CC, "gnu11", "-O3", "-ffp-contract=fast"


def hashes(build, folder, *flags):
    """(error, {(name, isa): set of hashes}) of one build."""
    compiler, standard, *options = build
    program = pathlib.Path(folder) / "-".join(build).replace("/", "")
    arm = compiler.startswith("aarch64")
    language = ["-x", "c++"] if "++" in compiler else []
    code, said = run([compiler, f"-std={standard}", *WARNINGS, *options, *flags, f"-I{INCLUDE}", *language,
                      ROOT / "tests/hash.c", "-o", program, "-lm"], 600)
    if code == 0:
        code, said = run([*(QEMU if arm else []), program], 600)
    if code:
        return f"{' '.join(build)}: {said[-2000:]}", {}
    found = {}
    for line in said.splitlines():
        name, isa, value = line.split(" ")
        found.setdefault((name, isa), set()).add(value)
    return None, found


def isas_expected(compiler):
    if compiler.startswith("aarch64"):
        return {"scalar", "neon"}
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split() if os.path.exists("/proc/cpuinfo") else []
    avx2 = {"avx2", "fma"} <= {*flags}
    avx512 = {"avx512f", "avx512dq", "avx512bw", "avx512vl"} <= {*flags}
    return {"scalar", *(["avx2"] if avx2 else []), *(["avx512"] if avx2 and avx512 else [])}


def differing(found, reference):
    """names whose hashes are not the one of the reference, with the instruction sets where that is so"""
    wrong = {}
    for (name, isa), values in found.items():
        if values != {reference.setdefault(name, min(values))}:
            wrong.setdefault(name, []).append(isa)
    return wrong


def compare(builds):
    tally, reference = Tally(), {}
    with tempfile.TemporaryDirectory(prefix="tenon-hash-") as folder:
        runs = []
        for build in builds:
            if not have(build[0]) or (build[0].startswith("aarch64") and not have(QEMU[0])):
                tally.skip(" ".join(build), "not installed")
            else:
                runs.append(build)
        results = {}
        tally.each([(" ".join(build), lambda build=build: build_one(build, folder, results)) for build in runs])
        for build in runs:
            found = results.get(build, {})
            if not found:
                continue
            wrong = differing(found, reference)
            tally.check(not wrong, f"{' '.join(build)}: {len(wrong)} results have other bits",
                        "\n".join(f"{name}  on {', '.join(isas)}" for name, isas in sorted(wrong.items())[:30]))
            names, isas = {name for name, _ in found}, {isa for _, isa in found}
            tally.check(names == {*reference}, f"{' '.join(build)}: other names than the first build's")
            tally.check(isas == isas_expected(build[0]), f"{' '.join(build)}: instruction sets that ran",
                        f"{sorted(isas)} of {sorted(isas_expected(build[0]))}")
        print(f"{len(reference)} results in {len(results)} builds")
        first = pathlib.Path(folder) / "-".join(DEFAULT[0])
        if first.exists():
            code, said = run([first, "--reach"], 300)
            tally.check(code == 0, "every entry of the kernel table is hashed", said)
    tally.end()


def build_one(build, folder, results):
    error, results[build] = hashes(build, folder)
    return error is None, error or ""


# What is wrong, the level where it shows, and how the text of the header is made so. Each is built by gcc as gnu11 for
# scalar and AVX2 alone.
PLANTS = [
    ("contraction is left to the compiler", "-O2", [('#pragma GCC optimize("fp-contract=off")', "")]),
    ("another tree in AVX2's sum16", "-O0",
     [("const __m256 a = _mm256_add_ps(s[0], s[1]);", "const __m256 a = _mm256_hadd_ps(s[0], s[1]);")]),
    ("AVX2's max drops NaN", "-O0",
     [("return _mm256_blendv_ps(_mm256_max_ps(a, b), a, tnv_nan(a));", "return _mm256_max_ps(a, b);")]),
    ("a tail by another formula", "-O0",
     [("tnv_store_first(y + i, tnv_fma(tnv_load_first(x + i, tail), a, b), tail);",
       "tnv_store_first(y + i, tnv_add(tnv_mul(tnv_load_first(x + i, tail), a), b), tail);")]),
]


def plants():
    tally = Tally()
    if "avx2" not in isas_expected("gcc"):
        tally.skip("planted faults", "no AVX2")
        tally.end()
    text = (INCLUDE / "tenon.h").read_text(encoding="utf-8")

    def planted(level, changes):
        wrong = text
        for old, new in changes:
            if wrong.count(old) != 1:
                return False, f"the text to change is there {wrong.count(old)} times: {old}"
            wrong = wrong.replace(old, new)
        with tempfile.TemporaryDirectory(prefix="tenon-plant-") as folder:
            (pathlib.Path(folder) / "tenon.h").write_text(wrong, encoding="utf-8")
            error, found = hashes(("gcc", "gnu11", level), folder, f"-I{folder}", "-DTENON_NO_AVX512")
        return error is None and bool(differing(found, {})), error or "all results have the same bits"

    tally.each([(f"planted: {name}", lambda level=level, changes=changes: planted(level, changes))
                for name, level, changes in PLANTS])
    tally.end()


if __name__ == "__main__":
    if sys.argv[1:] == ["--plants"]:
        plants()
    elif sys.argv[1:] in ([], ["--long"]):
        compare([*full_cross()] if "--long" in sys.argv else DEFAULT)
    else:
        sys.exit(__doc__)
