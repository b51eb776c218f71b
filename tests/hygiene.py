#!/usr/bin/env python3
"""tests/hygiene.py - the tree keeps its own rules: parts, words, names, macros left behind, the one file fresh."""
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import INCLUDE, ROOT, Tally, compilers, run

PARTS = INCLUDE / "tenon"
INTRINSIC = re.compile(r"\b_mm\d*_\w+|\b__m(?:128|256|512|mask)\w*|"
                       r"\bv[a-z0-9]+q?_(?:lane_)?[fsu](?:32|64|8)\b|\b(?:float|u?int)32x[24]_t\b")


def code_of(path):
    """A file's text without comments and strings, lines kept."""
    keep_lines = lambda match: "\n" * match[0].count("\n") if match[0].startswith("/") else '""'
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', keep_lines, path.read_text(encoding="utf-8"), flags=re.S)


def lines_with(pattern, files, text_of=code_of):
    return [f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}" for path in files
            for number, line in enumerate(text_of(path).splitlines(), 1) if re.search(pattern, line)]


def part_rules(tally):
    def none(rule, found):
        tally.check(not found, rule, "\n".join(found[:20]))

    parts = sorted(PARTS.rglob("*.h"))
    within = lambda folder: [part for part in parts if part.parent.name == folder]
    raw = lambda path: path.read_text(encoding="utf-8")
    none("kernel/ names no intrinsic", lines_with(INTRINSIC, within("kernel")))
    none("api/ and model/ name no intrinsic", lines_with(INTRINSIC, within("api") + within("model")))
    none("vec/ names no tensor", lines_with(r"\btn_\w+|\btensor\b", within("vec")))
    none("kernel/ names no tensor", lines_with(r"\btn_tensor\b", within("kernel")))
    isa = r"(?i)avx|neon|sse\d|scalar"
    none("api/ names no instruction set but in isa.h and the options of config.h",
         lines_with(isa, [part for part in within("api") if part.name not in ("isa.h", "config.h")]))
    none("kernel/ names no instruction set", lines_with(isa, within("kernel") + within("model")))
    none("a part over 400 lines is two parts",
         [f"{part.relative_to(ROOT)}: {raw(part).count(chr(10))} lines" for part in parts
          if raw(part).count("\n") > 400 and not part.name.endswith("_text.h")])
    none("a part opens by saying what it is",
         [str(part.relative_to(ROOT)) for part in parts
          if part.name != "spine.h" and not raw(part).startswith(f"/* {part.relative_to(PARTS).as_posix()} - ")])
    none("the library allocates, prints and aborts nowhere",
         lines_with(r"\b((m|c|re)alloc|free|alloca|(f|s|sn)?printf|puts|abort|exit|assert)\s*\(", parts))
    none("no stdio, assert or errno",
         lines_with(r"#\s*include\s*<(stdio|assert|errno|locale|signal|time|threads|pthread)\.h>", parts, raw))
    none("no name with two underscores of its own", lines_with(r"(?i)\btn[iv]?k?__|\btenon__", parts))
    folders = [ROOT / name for name in ["include", "tests", "bench", "examples"]]
    sources = [path for folder in folders for path in sorted(folder.rglob("*"))
               if path.is_file() and (path.suffix in (".h", ".c", ".cc", ".py", ".build") or path.name in ("run", "plot", "neon-mca"))]
    none("no left-over markers", lines_with(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b", sources, raw))
    none("no tabs, no blanks at a line's end",
         lines_with(r"\t|[ \r]$", [path for path in sources if path.suffix in (".h", ".c", ".cc")], raw))


def one_file(tally):
    script = "amalgamate.py"
    code, said = run([sys.executable, PARTS / script, "--check"])
    tally.check(code == 0, "include/tenon.h is what the parts say", said)

    def refuses(what, change, words):
        with tempfile.TemporaryDirectory(prefix="tenon-parts-") as folder:
            copy = pathlib.Path(folder) / "include/tenon"
            shutil.copytree(PARTS, copy)
            change(copy)
            code, said = run([sys.executable, copy / script, *(["--check"] if what == "a stale file" else [])])
            tally.check(code != 0 and re.search(words, said) and "To mend it" in said, f"{script} refuses {what}", said)

    def append(name, text):
        return lambda copy: (copy / name).write_text((copy / name).read_text(encoding="utf-8") + text, encoding="utf-8")

    def stale(copy):
        run([sys.executable, copy / script])
        append("api/isa.h", "/* more */\n")(copy)

    orphan = "/* api/orphan.h - nobody's */\n"
    refuses("a part that nobody includes", lambda copy: (copy / "api/orphan.h").write_text(orphan), r"orphan\.h")
    refuses("a cycle", append("api/isa.h", '#include "isa.h"\n'), "cycle")
    refuses("a part included twice", append("api/isa.h", '#include "config.h"\n'), "twice")
    refuses("a stale file", stale, "stale")


def left_behind(tally):
    """Macros that the header leaves in the user's file."""
    system = "".join(f"#include <{name}.h>\n" for name in ["stddef", "stdint", "math", "string", "stdlib"])
    system += "#ifdef __x86_64__\n#include <immintrin.h>\n#elif defined(__aarch64__)\n#include <arm_neon.h>\n#endif\n"
    with tempfile.TemporaryDirectory(prefix="tenon-left-") as folder:
        source = pathlib.Path(folder) / "file.c"

        def macros(compiler, text):
            source.write_text(text)
            code, said = run([compiler, "-dM", "-E", f"-I{INCLUDE}", source])
            return {"an error"} if code else {*re.findall(r"^#define (\w+)", said, re.M)}

        for compiler in compilers("c"):
            known = macros(compiler, system)
            for how in ["", "#define TENON_IMPLEMENTATION\n", "#define TENON_STATIC\n"]:
                left = macros(compiler, how + '#include "tenon.h"\n') - known
                foreign = sorted(name for name in left if not re.match(r"(TENON|TN|TNI)_", name))
                tally.check(left and not foreign, f"{compiler}: macros left behind by [{how.strip()}] and the include",
                            " ".join(foreign[:40]))


if __name__ == "__main__":
    counts = Tally()
    part_rules(counts)
    one_file(counts)
    left_behind(counts)
    counts.end()
