#!/usr/bin/env python3
"""tests/bench.py PROGRAM - the benchmarks run: every operator on a tiny shape, their report, their picture, and what is
said of a wrong file. Times are not looked at."""
import json
import os
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True
from tools import ROOT, Tally, run

ROWS = """
conv2d n=1 h=8 w=8 c=8 k=16 kh=3 kw=3
conv2d n=1 h=8 w=8 c=32 k=16 kh=3 kw=3 exact=1      # a comment
conv2d n=2 h=9 w=8 c=8 k=12 kh=3 kw=3 stride=2 groups=2 pad=1
conv2d n=1 h=9 w=9 c=4 k=5 kh=3 kw=2 dilation=2 pad=valid
conv2d n=2 h=5 w=6 c=7 k=9 kh=1 kw=1
conv2d_data_grad n=1 h=8 w=8 c=8 k=16 kh=3 kw=3 stride=2
conv2d_weight_grad n=2 h=8 w=8 c=8 k=16 kh=3 kw=3 pad=valid
depthwise n=1 h=9 w=8 c=32 kh=3 kw=3 stride=2
maxpool n=1 h=8 w=8 c=16 size=3 stride=2 pad=same
avgpool n=2 h=8 w=9 c=16 size=3 pad=1
globalavgpool n=2 h=7 w=6 c=16
dense n=1 i=8 o=8
dense n=4 i=8 o=9 act=linear bias=0
dense n=4 i=8 o=9 act=tanh
dense_unpacked n=4 i=8 o=9
conv2d_unpacked n=1 h=5 w=5 c=3 k=8 kh=3 kw=3
dense_backward n=4 i=8 o=9
gemm n=8 k=9 o=10
gemm n=1 k=9 o=10 ta=1
gemm n=1 k=9 o=10 tb=1
lstm n=2 t=4 f=5 u=6
softmax n=7 k=10
log_softmax n=7 k=10
cross_entropy n=7 k=10
transpose n=10 k=12
tanh n=100 backward=1
"""
WRONG = {  # a line, then what is said of it
    "gru n=1 t=2 f=3 u=4": r"no operator 'gru'; there are .*\bconv2d\b.*\blstm\b.*; the library has no GRU",
    "dens n=1": "no operator 'dens'; there are .*dense",
    "dense n=1 i=2": "dense needs o=",
    "dense n=1 i=2 o=3 k=4": "dense has no key 'k'; it has act, bias, i, n, o",
    "depthwise n=1 h=9 w=9 c=8 kh=3 kw=3 exact=1": "depthwise has no key 'exact'",
    "dense n=1 n=1 i=2 o=3": "n is given twice",
    "dense n=1 i=2 o": "'o' is not key=value",
    "dense n=0 i=2 o=3": "n=0: must be a whole number from 1",
    "dense n=1 i=-2 o=3": "i=-2: must be a whole number from 1",
    "dense n=1 i=2 o=3 act=swoosh": "no activation 'swoosh'; there are .*relu",
    "conv2d n=1 h=9 w=9 c=8 k=8 kh=3 kw=3 exact=2": "exact=2: must be a whole number from 0 to 1",
    "conv2d n=1 h=9 w=9 c=8 k=8 kh=3 kw=3 pad=some": "pad=some: .*valid or same",
}
LAST = r"geomean \d+\.\d\d over (\d+) rows, (\d+) rows below 0\.97"


def main():
    counts = Tally()
    program = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="tenon-bench-") as name:
        folder = pathlib.Path(name)

        def bench(text, *flags):
            (folder / "shapes").write_text(text)
            return run([program, folder / "shapes", "--repetitions=1", "--patience=0", *flags], 600,
                       env={**os.environ, "OMP_NUM_THREADS": "1"})

        operators = re.search("there are (.*?)(;|$)", bench("none")[1])
        operators = operators[1].split(", ") if operators else []
        counts.check(len(operators) > 30, "an unknown operator is told which there are", " ".join(operators))
        # what the rows above leave out has the one key n
        named = {line.split()[0] for line in ROWS.split("\n") if line}
        text = ROWS + "".join(f"{name} n=100\n" for name in operators if name not in named or name == "tanh")
        rows = [line.partition("#")[0].strip() for line in text.splitlines() if line]

        code, said = bench(text, f"--benchmark_out={folder}/out.json", "--benchmark_out_format=json")
        counts.check(code == 0, "every operator runs", said)
        printed = [line for line in said.splitlines() if re.match(r".*/\w+ +\d+\.\d\d  \S", line)]
        for row in rows:
            counts.check(any(line.startswith(row + "/") for line in printed), f"a line for {row}", said)
        shared = re.search(r"shared the core: (\d+) of (\d+)\.", said)
        counts.check(shared and 0 <= int(shared[1]) <= int(shared[2]) >= len(printed), "samples are counted", said)
        last = re.fullmatch(LAST, (said.splitlines() or [""])[-1])
        counts.check(last, "the last line", said)
        compared = [line for line in printed if " - " not in line]
        counts.check(last and int(last[1]) == len(compared), "the last line counts the rows with a peer", said)

        try:
            report = json.loads((folder / "out.json").read_text())
            entries = {entry["run_name"].split("/")[0]: entry for entry in report["benchmarks"]}
        except (OSError, ValueError, KeyError) as error:
            report, entries = {"context": {}}, {"": {"error": repr(error)}}
        good = lambda entry: all(entry.get(counter, 0) > 0 for counter in ("Tenon_us", "peak", "bytes"))
        whole = list(entries) == rows and all(map(good, entries.values()))
        counts.check(whole, "the report has every row", str(entries))
        context = {"isa", "threads", "processor", "read_L2_GB/s", "read_L3_GB/s"}
        counts.check(context <= set(report["context"]), "its context", str(report["context"]))
        # the loops in plain C are always there
        for row in rows[:2]:
            counts.check("naive C_us" in entries.get(row, {}), f"a peer for {row}", str(entries.get(row)))

        code, said = run([sys.executable, ROOT / "bench/plot", folder / "out.json", "-o", folder / "out.svg"])
        try:
            drawn = xml.etree.ElementTree.parse(folder / "out.svg").getroot()
            points = [element for element in drawn.iter() if "point" in element.get("class", "").split()]
        except (OSError, xml.etree.ElementTree.ParseError) as error:
            points, said = [], said + repr(error)
        counts.check(code == 0 and len(points) == len([row for row in rows if not row.startswith("copy")]),
                     "the picture has a point for each row", said)
        (folder / "empty.json").write_text("{}")
        code, said = run([sys.executable, ROOT / "bench/plot", folder / "empty.json"])
        counts.check(code == 1 and "no report" in said, "a file that is no report", said)

        code, said = bench("dense n=8 i=8 o=8\nsoftmax n=4 k=5\n", "--threads=2", "--isa=all")
        counts.check(code == 0 and "2 threads, x1" in said and re.search(LAST + "$", said), "two threads", said)
        code, said = bench("conv2d n=1 h=2 w=2 c=8 k=8 kh=3 kw=3 pad=valid\nsoftmax n=4 k=5\n")
        counts.check(code == 1 and "TN_E_WINDOW" in said and re.search(LAST + "$", said), "a refused row", said)
        for line, words in WRONG.items():
            code, said = bench("# first\n" + line + "\n")
            counts.check(code == 2 and re.search(r"shapes:2: " + words, said), f"refused: {line}", said)
        code, said = bench("dense n=1 i=2 o=3\n", "--filter=conv")
        counts.check(code == 2 and "no row of" in said, "no row matches", said)
        code, said = bench("dense n=1 i=2 o=3\n", "--filter=(")
        counts.check(code == 2 and "filter (" in said, "a wrong filter", said)
        code, said = bench("dense n=1 i=2 o=3\n", "--isa=mmx")
        counts.check(code == 2 and "no instruction set 'mmx'; it has scalar" in said, "no such instruction set", said)
        code, said = run([program, folder / "none"])
        counts.check(code == 2 and "cannot read" in said, "no file", said)
    counts.end()


if __name__ == "__main__":
    main()
