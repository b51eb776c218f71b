#!/usr/bin/env python3
"""tests/modes.py - every way to compile the header: languages, compilers, options, several copies in a program; the
symbols it leaves behind; what a plain include costs.

    tests/modes.py           the implementation in the oldest and the newest standard, options in C
    tests/modes.py --long    every standard, every option"""
import json
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import INCLUDE, WARNINGS, WARNINGS_C, Tally, compilers, have, run

STANDARDS = {"c": ["c99", "c11", "c17", "c2x"], "c++": ["c++11", "c++14", "c++17", "c++20"]}
MODES = {"plain include": [], "implementation": ["-DTENON_IMPLEMENTATION"], "static": ["-DTENON_STATIC"]}
OPTIONS = [["-DTENON_NO_AVX512"], ["-DTENON_NO_AVX2"], ["-DTENON_NO_AVX2", "-DTENON_NO_AVX512"],
           ["-DTENON_NO_EXACT_FMA"], ["-DTENON_USE_SLEEF"], ["-DTENON_NO_EXPLAIN"],
           ["-march=haswell"], ["-mno-avx", "-mno-fma"]]
# What a hosted C library always has (bcmp: clang's memcmp() == 0). Anything else wanted would be a dependency.
WANTED = {"memcpy", "memset", "memmove", "memcmp", "bcmp", "memchr", "strchr", "strcmp", "strlen", "getenv",
          "sqrt", "sqrtf", "rint", "rintf", "floor", "floorf", "_GLOBAL_OFFSET_TABLE_"}
ARM = {"c": "aarch64-linux-gnu-gcc", "c++": "aarch64-linux-gnu-g++"}
COST = 2  # times what two standard headers take is what a plain include may add: seconds would judge the machine
USER = """
extern "C" { int app_isa(void); }
#include "tenon.h"
int main()
{
    float x[2] = { 3.0f, 4.0f }, w[2] = { 10.0f, 100.0f }, y[1] = { 0.0f };
    const tn_tensor tx = tn_view(x, TN_NF, 2, 1, 2, 0, 0), tw = tn_view(w, TN_IO, 2, 2, 1, 0, 0);
    const tn_tensor ty = tn_view(y, TN_NF, 2, 1, 1, 0, 0);
    if (tn_dense(nullptr, &ty, &tx, &tw, nullptr, nullptr) != TN_OK || y[0] < 429.0f || y[0] > 431.0f) return 1;
    return app_isa() == tn_isa() ? 0 : 1;
}
"""
# A private copy, set to scalar or left alone; both beside the shared one, whose setting they must not touch.
PRIVATE = """
#define TENON_STATIC
#define TENON_NO_AVX2
#define TENON_NO_AVX512
#define TENON_NO_NEON
#include "tenon.h"
int private_%s(void);
int private_%s(void) { return tn_isa() == TN_ISA_SCALAR && tn_version() == TENON_VERSION; }
"""
SHARED = """
#define TENON_IMPLEMENTATION
#define TENON_NO_AVX512
#include "tenon.h"
int private_one(void);
int private_two(void);
int main(void)
{
    const int32_t best = tn_isa();
    const int apart = private_one() && private_two() && tn_isa() == best;
    return apart && (tn_isa_use(TN_ISA_AVX2) != TN_OK || (tn_isa() == TN_ISA_AVX2 && private_one())) ? 0 : 1;
}
"""
# Refusals of kernels and of a model, each as JSON; the other two forms; what a code is called.
REFUSALS = r"""
#include "tenon.h"
#include <stdio.h>
static float data[1 << 16];
static tn_diag diag;
static void say(void)
{
    static char text[65536];
    tn_diag_format(&diag, TN_JSON, text, sizeof text);
    puts(text);
}
int main(void)
{
    tn_context ctx = TN_ZERO;
    const tn_tensor x = tn_view(data, TN_NF, 2, 4, 6, 0, 0), w = tn_view(data, TN_IO, 2, 5, 3, 0, 0);
    const tn_tensor y = tn_view(data, TN_NF, 2, 4, 3, 0, 0), image = tn_view(data, TN_NHWC, 4, 4, 8, 8, 3);
    const tn_tensor k = tn_view(data, TN_HWIO, 4, 9, 3, 1, 2), rows = tn_view(data, TN_NF, 2, 4, 192, 0, 0);
    tn_layer net[] = { TN_INPUT_HWC(8, 8, 3), TN_CONV2D(2, 3, 3, TN_RELU), TN_DENSE(3, TN_SOFTMAX) };
    char text[2048];
    tn_model m;
    ctx.diag = &diag;
    tn_dense(&ctx, &y, &x, &w, NULL, NULL); say();
    tn_dense(&ctx, &y, &image, &w, NULL, NULL); say();
    tn_dense(&ctx, &y, &x, NULL, NULL, NULL); say();
    tn_dense(&ctx, &x, &x, &w, NULL, NULL); say();
    tn_conv2d(&ctx, &image, &image, &k, NULL, NULL); say();
    tn_softmax(&ctx, &y, &x, 7); say();
    tn_max_pool2d(&ctx, &x, NULL, &x, NULL); say();
    tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, NULL, &x, &x, &y, NULL); say();
    tn_model_init(&ctx, &m, "net", net, 3);
    tn_model_build(&ctx, &m, NULL, 4); say();
    net[2] = TN_GLOBAL_AVG_POOL2D();
    tn_model_predict(&ctx, &m, &y, &rows); say();
    puts("text");
    tn_diag_format(&diag, TN_FULL, text, sizeof text); puts(text);
    tn_diag_format(&diag, TN_LINE, text, sizeof text); puts(text);
    tn_explain(TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, text, sizeof text); puts(text);
    return 0;
}
"""
BARE = """tenon: TN_E_RANK (flattened-image) at BIND
  where     tn_model_predict, argument 3, x -> model "net"
  expected  (N, H=8, W=8, C=3)  rank 4  float32
  received  (N=4, F=192)        rank 2  float32
tn_model_predict: argument 3, x -> model "net": rank is 2, must be 4 [TN_E_RANK, flattened-image]
TN_E_RANK
flattened-image
"""


def warnings(kind, plain):
    if kind == "c":
        return WARNINGS_C
    return [*WARNINGS, *(["-Wold-style-cast", "-Wzero-as-null-pointer-constant"] if plain else [])]


def succeeds(*commands, **more):
    for command in commands:
        code, said = run(command, 600, **more)
        if code:
            return False, said
    return True, said


class Folder:
    """Sources and programs in a folder that goes away."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def source(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")
        return self.path / name


def syntax(folder, long):
    """Standards, compilers and modes, with all warnings as errors."""
    text = '#include "tenon.h"\n'
    files = {"c": folder.source("user.c", text), "c++": folder.source("user.cc", text)}
    again = ''.join([text * 2, "#define TENON_IMPLEMENTATION\n", text * 2])
    files_again = {"c": folder.source("again.c", again), "c++": folder.source("again.cc", again)}
    for kind in ["c", "c++"]:
        for compiler in [*compilers(kind), *([ARM[kind]] if have(ARM[kind]) else [])]:
            command = [compiler, "-fsyntax-only", "-O2", f"-I{INCLUDE}"]

            def job(name, *flags, file, plain=False, command=command, kind=kind, compiler=compiler):
                return (f"{compiler} {name}", lambda: succeeds([*command, *warnings(kind, plain), *flags, file]))

            for standard in STANDARDS[kind]:
                for mode, flags in MODES.items():
                    chosen = {"plain include": STANDARDS[kind], "implementation": STANDARDS[kind][::3],
                              "static": STANDARDS[kind][:1]}[mode]
                    if not long and standard not in chosen:
                        continue
                    yield job(f"{standard} {mode}", f"-std={standard}", *flags, file=files[kind], plain=not flags)
            yield job("without optimisation", "-O0", "-DTENON_IMPLEMENTATION", file=files[kind])
            yield job("included four times", f"-std={STANDARDS[kind][0]}", file=files_again[kind])
            if not compiler.startswith("aarch64") and (long or kind == "c"):
                for options in OPTIONS:
                    yield job(" ".join(options), "-DTENON_IMPLEMENTATION", *options, file=files[kind])


def fast_math(folder):
    source = folder.source("fast.c", '#define TENON_IMPLEMENTATION\n#include "tenon.h"\n')
    for compiler in compilers("c"):
        def job(compiler=compiler):
            code, said = run([compiler, "-fsyntax-only", "-Wall", "-Wextra", "-ffast-math", f"-I{INCLUDE}", source])
            # newer clangs warn of every INFINITY besides
            others = re.findall(r"warning: (?!.*tenon: -ffast-math)(?!.*-Wnan-infinity-disabled)", said)
            return code == 0 and not others and "tenon: -ffast-math" in said, said
        yield f"{compiler}: -ffast-math compiles and says what it costs", job


def objects(folder):
    """Real builds with all warnings: the optimiser knows more of them. Symbols left are tn_, those wanted everywhere."""
    source = folder.source("implementation.c", '#define TENON_IMPLEMENTATION\n#include "tenon.h"\n'
                           'int app_isa(void);\nint app_isa(void) { return tn_isa(); }\n')
    clang = [(compiler, "c11", "-O1") for compiler in compilers("c")[1:2]]
    for compiler, standard, level in [("gcc", "c99", "-O2"), *clang]:
        def job(compiler=compiler, standard=standard, level=level):
            output = folder.path / f"{compiler}.o"
            good, said = succeeds([compiler, f"-std={standard}", level, "-fPIC", *WARNINGS_C, f"-I{INCLUDE}",
                                   "-c", source, "-o", output], ["nm", output])
            if not good:
                return good, said
            defined = set(re.findall(r"^[0-9a-f]+ [A-TV-Z] (.*)$", said, re.M))
            wanted = set(re.findall(r"^ +U (.*)$", said, re.M))
            own = {name for name in defined if name.startswith("tn_")}
            foreign = sorted((defined - own - {"app_isa"}) | (wanted - WANTED))
            return "tn_dense" in own and not foreign, "defined or wanted, and should not be: " + " ".join(foreign)
        yield f"{compiler} {standard} {level}: all warnings, and only tn_ symbols", job


def programs(folder):
    """After objects: what is linked from them."""
    library = folder.path / "libtenon.so"
    user = folder.source("user_main.cc", USER)
    yield "a shared library without undefined symbols", lambda: succeeds(
        ["gcc", "-shared", "-Wl,--no-undefined", folder.path / "gcc.o", "-o", library, "-lm"])
    for compiler in compilers("c++")[:1]:
        yield "the implementation C, its user C++", lambda: succeeds(
            [compiler, "-std=c++11", f"-I{INCLUDE}", user, "-o", folder.path / "user", folder.path / "gcc.o", "-lm"],
            [folder.path / "user"])
    files = [folder.source(f"{name}.c", PRIVATE % (name, name)) for name in ["one", "two"]]
    files.append(folder.source("shared.c", SHARED))
    several = folder.path / "several"
    yield "two private copies and a shared one in one program", lambda: succeeds(
        ["gcc", "-O0", *WARNINGS_C, f"-I{INCLUDE}", *files, "-o", several, "-lm"], [several])
    renamed = folder.path / "renamed"
    renamed.mkdir()
    shutil.copy(INCLUDE / "tenon.h", renamed / "nn.h")
    source = folder.source("nn.c", '#define TENON_IMPLEMENTATION\n#include "nn.h"\n')
    yield "renamed, with TENON_SELF", lambda: succeeds(
        ["gcc", "-fsyntax-only", *WARNINGS_C, '-DTENON_SELF="nn.h"', f"-I{renamed}", source])

    def without():
        code, said = run(["gcc", "-fsyntax-only", f"-I{renamed}", source])
        return code != 0 and "tenon.h: No such file" in said, said
    yield "renamed, without TENON_SELF: refused with the name", without


def explained(tally, folder, long):
    """With TENON_NO_EXPLAIN: every field of a refusal but the words, no sentence left in the object, and the sizes; in
    long runs also those of the default build."""
    source = folder.source("words.c", '#define TENON_IMPLEMENTATION\n#include "tenon.h"\n')
    probe = folder.source("refusals.c", REFUSALS)
    narrow = ["-DTENON_NO_AVX2", "-DTENON_NO_AVX512", "-DTENON_NO_NEON"]
    sets = [("scalar", narrow), *([("every instruction set", [])] if long else [])]
    builds = {(what, how): ["gcc", "-Os", *options, *without, f"-I{INCLUDE}", "-c", source, "-o", folder.path / f"{what}-{how}.o"]
              for what, options in sets
              for how, without in [("explained", []), ("bare", ["-DTENON_NO_EXPLAIN"])]}
    tally.each([(f"gcc -Os, {what}, {how}", lambda command=command: succeeds(command)) for (what, how), command in builds.items()])
    for what, _ in sets:
        sizes = [sum(map(int, run(["size", folder.path / f"{what}-{how}.o"])[1].splitlines()[1].split()[:2]))
                 for how in ["explained", "bare"]]
        print(f"gcc -Os, {what}: {sizes[0]} bytes of text and data, with TENON_NO_EXPLAIN {sizes[1]}")
        tally.check(sizes[1] + 80000 < sizes[0], f"TENON_NO_EXPLAIN saves 80 KB of {what}", str(sizes))
    commands = {("C", how): ["gcc", f"-I{INCLUDE}", probe, folder.path / f"scalar-{how}.o"] for how in ["explained", "bare"]}
    if compilers("c++"):
        one = folder.source("refusals.cc", "#define TENON_IMPLEMENTATION\n" + REFUSALS)
        for how, without in [("explained", []), ("bare", ["-DTENON_NO_EXPLAIN"])]:
            commands["C++", how] = [compilers("c++")[0], "-std=c++11", "-O0", *narrow, *without, f"-I{INCLUDE}", one]
    said = {}
    for (language, how), command in commands.items():
        program = folder.path / f"refusals-{language}-{how}"
        good, words = succeeds([*command, "-o", program, "-lm"])
        tally.check(good, f"{language}, {how}: builds", words)
        said[language, how] = run([program])[1].split("text\n")
    for language in sorted({language for language, _ in commands}):
        full, bare = [list(map(json.loads, said[language, how][0].splitlines())) for how in ["explained", "bare"]]
        tally.check(len(full) == 10 and all(one["rule"] and one["fix"] for one in full), f"{language}: refusals are explained", str(full))
        tally.check(all(one[key] is None for one in bare for key in ["rule", "fix", "because"]), f"{language}: and bare they are not", str(bare))
        fields = [[{**one, "rule": 0, "fix": 0, "because": 0} for one in these] for these in [full, bare]]
        tally.check(fields[0] == fields[1], f"{language}: with the same codes and fields", f"{fields[0]}\n{fields[1]}")
        tally.check(said[language, "bare"][1].rstrip() == BARE.rstrip(), f"{language}: the bare texts", said[language, "bare"][1])
    code, words = run(["strings", folder.path / "scalar-bare.o"])
    left = re.findall(r"^.*(?: must |has no | are wanted| is wanted|tn_\w+\(&ctx| losses never).*$", words, re.M)
    tally.check(code == 0 and not [line for line in left if not line.startswith(", must be")], "no sentence is left in a bare object", "\n".join(left))


def cost(tally, folder):
    """Processor time of a plain include over stddef.h and stdint.h: the least of 20 interleaved runs each, since what
    else runs only adds to it."""
    base = folder.source("base.c", "#include <stddef.h>\n#include <stdint.h>\n")
    with_it = folder.source("with.c", '#include <stddef.h>\n#include <stdint.h>\n#include "tenon.h"\n')

    def seconds(compiler, file):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([compiler, "-fsyntax-only", f"-I{INCLUDE}", file], check=True, stdin=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    for compiler in compilers("c"):
        seconds(compiler, with_it)
        runs = [(seconds(compiler, with_it), seconds(compiler, base)) for _ in range(20)]
        alone = min(run[1] for run in runs)
        adds = min(run[0] for run in runs) - alone
        text = f"a plain include adds {1000 * adds:.1f} ms to {1000 * alone:.1f}"
        print(f"{compiler}: {text}")
        tally.check(adds < COST * alone, f"{compiler}: {text}")


if __name__ == "__main__":
    counts = Tally()
    with tempfile.TemporaryDirectory(prefix="tenon-modes-") as temporary:
        place = Folder(temporary)
        counts.each([*syntax(place, "--long" in sys.argv), *fast_math(place), *objects(place)])
        counts.each([*programs(place)])
        explained(counts, place, "--long" in sys.argv)
        cost(counts, place)
    for missing in [name for name in ["g++", *ARM.values()] if not have(name)] + ["clang"][len(compilers("c")) - 1:]:
        counts.skip(f"modes of {missing}", "not installed")
    counts.end()
