#!/usr/bin/env python3
"""tests/faults.py - do the oracles notice? Faults are planted in the parts one at a time, and every suite named beside
a fault must fail then; unplanted all of them must pass.

    tests/faults.py [--seed N] [--only WORDS]   in an order that the seed shuffles; those whose name contains WORDS
    tests/faults.py --check                     only that each text to change is there exactly once
"""
import concurrent.futures
import pathlib
import random
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import ROOT, Tally, run

# What is wrong, the part, its text, the text put there, and who must see it: families of random.c, unit tests that link
# the implementation, `vectors` (tests/vectors).
FAULTS = [
    ("weights [O,I] are read as [I,O]", "impl/dense.h",
     "g.b_row = plan.transposed ? 1 : plan.O; g.b_col = plan.transposed ? plan.I : 1;",
     "g.b_row = plan.O; g.b_col = 1;", ["random dense", "test dense", "vectors"]),
    ("what is added to a product counts twice", "kernel/gemm.h",
     "beta = tnv_set1(g->beta), zero", "beta = tnv_set1(2.0f * g->beta), zero",
     ["random dense", "random gemm", "random conv2d", "test dense", "vectors"]),
    ("dw does not accumulate", "impl/dense.h",
     "if (accumulate) { g.c = g.y; g.c_row = g.O; g.c_col = 1; }", "",
     ["random dense_backward", "test dense"]),
    ("db accumulates where nobody asked", "impl/dense_backward.h",
     "plan.N, plan.O, (flags & TN_ACCUMULATE) != 0)", "plan.N, plan.O, 1)", ["random dense_backward", "test dense"]),
    ("the tail of a sum over rows is one short", "kernel/gemm.h",
     "const tnv_tail tail = tnv_first(O - o < TNV_LANES ? O - o : TNV_LANES);",
     "const tnv_tail tail = tnv_first(O - o < TNV_LANES ? O - o - 1 : TNV_LANES);",
     ["random dense_backward", "test dense"]),
    ("the residual comes after relu", "kernel/gemm.h",
     "            if (g->residual) {", "            if (relu) v = tnv_max(v, zero);\n            if (g->residual) {",
     ["random conv2d"]),
    ("the residual comes after relu in the tile", "kernel/tile.h",
     "    if (t->residual) {\n",
     "    if (t->relu)\n        for (r = 0; r < R; r++)\n"
     "            for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_max(acc[r][v], tnv_set1(0.0f));\n"
     "    if (t->residual) {\n", ["random conv2d", "test conv2d"]),
    ("sums that wait in y are forgotten", "kernel/tile.h", "    if (t->more) {", "    if (0) {",
     ["random conv2d", "random conv2d_backward", "test dense", "test gemm", "test conv2d", "test conv2d_backward"]),
    ("the tiles of a line of sums follow those of the line before", "kernel/tile.h",
     "            y_at += t->y_line - tiles * R * t->y_row;\n", "",
     ["random conv2d", "test conv2d", "test conv2d_backward"]),
    ("what is left of the weights takes no step", "kernel/optimizer.h",
     "    tnv_store_first(u->w + at, tnv_load(r.w), tail);\n", "", ["test optimizer"]),
    ("a run's weights start where the last run's ended", "kernel/tile.h",
     "w_skip = t->w_run - (ptrdiff_t)(t->K * w_row),", "w_skip = 0,",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("a run's pixels start where the last run's ended", "kernel/tile.h",
     "x_skip = (size_t)t->x_run * sizeof(float) - t->K * x_step;", "x_skip = 0;",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("the last row of a panel that lies as it is counts nothing", "kernel/tile.h",
     "for (k = inside; k < K; k++)\n            memcpy", "for (k = inside; k + 1 < K; k++)\n            memcpy",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("the last rows of a panel that lies as it is are all the first of them", "kernel/tile.h",
     "* TNV_PANEL, w + k * t->w_row,", "* TNV_PANEL, w + inside * t->w_row,",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("a run whose panel ends a float behind w is read in place", "kernel/tile.h",
     ">= (ptrdiff_t)span) run++;", ">= (ptrdiff_t)span - 1) run++;", ["test conv2d", "test conv2d_backward"]),
    ("a row too many of a panel is read in place", "kernel/tile.h",
     "(left - TNV_PANEL) / t->w_row + 1);", "(left - 1) / t->w_row + 1);", ["test conv2d", "test conv2d_backward"]),
    ("the runs behind one that was copied start from the bias again", "kernel/tile.h",
     "    part.more = 1;\n", "", ["random conv2d", "test conv2d"]),
    ("panels of weights are read beyond their end", "kernel/conv2d.h",
     ": c->g.b + taps * c->K * c->O * c->groups;", ": TNI_NULL;", ["test conv2d"]),
    ("panels of dy are read beyond its end", "kernel/conv2d.h",
     "TNK(tiles_within)(&t, rows, c->g.b + c->N * (size_t)c->h.out * y_line)",
     "TNK(tiles)(&t, rows)", ["test conv2d_backward"]),
    ("the rows of a window forget the dilation", "kernel/conv2d.h",
     "(size_t)met.move * line", "(size_t)met.step * line", ["random conv2d", "test conv2d"]),
    ("an output at the border takes a tap outside", "kernel/conv2d.h",
     "j, j + 1, met.at, met.first, met.count, 0, 1)",
     "j, j + 1, met.at, met.first, met.count + (met.first + met.count < c->w.taps), 0, 1)",
     ["random conv2d", "test conv2d"]),
    ("an output at the border starts from its window's first tap", "kernel/conv2d.h",
     "j, j + 1, met.at, met.first, met.count, 0, 1)", "j, j + 1, met.at, 0, met.count, 0, 1)",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("a column of outputs goes on into the next image", "kernel/conv2d.h",
     "tni_least(b->lines - l, (size_t)h1 - u) : 1;", "b->lines - l : 1;",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("lines that meet no tap keep what y held", "kernel/conv2d.h",
     "if (met.count || !more) {", "if (met.count) {", ["random conv2d", "test conv2d", "test conv2d_backward"]),
    ("outputs right of the first pass keep what y held", "kernel/conv2d.h",
     "if (tap == 0 && to < b->j1 && to >= b->j0)", "if (0)",
     ["random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("outputs left of the first pass keep what y held", "kernel/conv2d.h",
     "if (tap == 0 && from > b->j0)", "if (0)",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("the passes' sums wait in a y that holds the residual", "kernel/conv2d.h",
     "direct = end - b.o >= TNV_PANEL && (once || !c->g.residual);", "direct = end - b.o >= TNV_PANEL;",
     ["random conv2d", "test conv2d"]),
    ("a product's sums wait in a y that holds the residual", "kernel/gemm.h",
     "o1 - o >= TNV_PANEL && !(g->residual && g->K > k_block);", "o1 - o >= TNV_PANEL;", ["test conv2d"]),
    ("relu comes after every block of inputs", "kernel/gemm.h", "if (direct && k == g->K) {", "if (direct) {",
     ["test dense"]),
    ("the groups share the first's panels", "kernel/conv2d.h",
     "(b.group * panels + b.o / TNV_PANEL)", "(b.o / TNV_PANEL)",
     ["random conv2d", "random conv2d_backward", "test conv2d", "test conv2d_backward"]),
    ("the data gradient's step of taps forgets the dilation", "impl/correlate.h",
     "m.step * r->walk % r->fall) m.step++;", "m.step % r->fall) m.step++;",
     ["random conv2d_backward", "test conv2d_backward"]),
    ("the data gradient's taps stand a pixel apart whatever their step", "impl/correlate.h",
     "m.move = m.step * r->walk / r->fall;", "m.move = 1;",
     ["random conv2d_backward", "test conv2d_backward"]),
    ("the weight gradient's lines start from the first whatever the padding", "kernel/conv2d.h",
     "(l - (size_t)u0) * (size_t)c->h.rise;", "l * (size_t)c->h.rise;",
     ["random conv2d_backward", "test conv2d_backward"]),
    ("the odd row of padding stands on the other side", "impl/window.h",
     "v->top = v->padding == TN_SAME_LOWER ? h - h / 2 : h / 2;",
     "v->top = v->padding == TN_SAME_LOWER ? h / 2 : h - h / 2;", ["random conv2d", "random conv2d_backward"]),
    ("weights OIHW are read as IOHW", "impl/conv2d_run.h",
     "        c.k_step = taps;\n        c.o_step = I * taps;",
     "        c.k_step = M * taps;\n        c.o_step = taps;",
     ["random conv2d", "test conv2d"]),
    ("a convolution's groups share their channels", "impl/conv2d_run.h",
     "c.group_step = M * c.o_step;", "c.group_step = 0;", ["random conv2d", "test conv2d"]),
    ("the last lanes of a softmax row are forgotten", "kernel/softmax.h",
     "        const tnv_tail tail = tnv_first(K - k);\n        const tnv_f32 v",
     "        const tnv_tail tail = tnv_first(K - k - 1);\n        const tnv_f32 v",
     ["random softmax", "test softmax"]),
    ("the gradient of log_softmax takes y for its exponential", "kernel/softmax.h",
     "log ? tnv_fnma(tnv_exp(y), sum, dy)", "log ? tnv_fnma(y, sum, dy)",
     ["random softmax", "test softmax", "vectors"]),
    ("a mean over classes divides by the count of labels", "impl/loss_check.h",
     " * (weight ? (double)weight[label] : 1.0);", ";", ["random loss", "vectors"]),
    ("relu6 has a slope at 6", "kernel/activation.h",
     "tnv_and(tnv_gt(v, zero), tnv_gt(six, v))", "tnv_and(tnv_gt(v, zero), tnv_ge(six, v))",
     ["random activation", "test activation"]),
    ("a product of lengths may exceed memory", "impl/check.h",
     " || bytes > (size_t)PTRDIFF_MAX) return 0;", ") return 0;", ["test bad"]),
    ("the greatest is the last of equals", "impl/pick.h",
     "{ return a > b ||", "{ return a >= b ||", ["random pick", "test pick"]),
    ("with ceil_mode a window starts behind the image", "api/conv2d.h",
     "         : ((in) + (before) + (stride) - 1) / (stride))",
     "         : ((in) + (before) + (after) - TN_WINDOW_SPAN(size, dilation) + (stride) + (stride) - 1) / (stride))",
     ["random max_pool2d", "random avg_pool2d", "test pool"]),
    ("a pool's index is a row off", "impl/pool_run.h",
     "t->at = (size_t)(s->row * a->in + first);", "t->at = (size_t)((s->row + 1) * a->in + first);",
     ["random max_pool2d", "random global_pool2d", "test pool"]),
    ("a pool's index is the last of equals", "kernel/pool.h",
     "tnv_or(tnv_ge(m[b], v), tnv_nan(m[b]))", "tnv_or(tnv_gt(m[b], v), tnv_nan(m[b]))",
     ["random max_pool2d", "random global_pool2d", "test pool"]),
    ("a pool drops NaN", "kernel/pool.h",
     "tnv_or(tnv_ge(m[b], v), tnv_nan(m[b]))", "tnv_not(tnv_gt(v, m[b]))", ["random max_pool2d", "test pool"]),
    ("padding after the image is not counted", "impl/pool_run.h",
     "tni_taps_within(a, o, -a->before, a->in + a->after, &padded) : all;",
     "tni_taps_within(a, o, -a->before, a->in, &padded) : all;", ["random avg_pool2d", "test pool"]),
    ("the running variance is biased where it should not be, and the reverse", "kernel/norm.h",
     "g->unbiased && g->positions > 1 ? count - 1.0 : count", "!g->unbiased && g->positions > 1 ? count - 1.0 : count",
     ["random batch_norm_train", "test norm"]),
    ("epsilon stands outside the root", "kernel/norm.h",
     "tnv_div(tnv_set1(1.0f), tnv_sqrt(v))",
     "tnv_div(tnv_set1(1.0f), tnv_add(tnv_sqrt(tnv_load(variance + i)), tnv_set1(g->epsilon)))",
     ["random batch_norm", "random batch_norm_train", "test norm"]),
    ("batch normalisation's gradient forgets the variance", "kernel/norm.h",
     "l.slope[i] = (float)(slope / count);", "l.slope[i] = 0.0f;", ["random batch_norm_backward", "test norm"]),
    ("layer normalisation's gradient forgets gamma in its sums", "kernel/layer_norm.h",
     "if (gradient && gamma) up = tnv_mul(up, tnv_load_first(gamma + j, tail));", "",
     ["random layer_norm_backward", "test norm"]),
    ("gates c and o change places", "kernel/lstm.h", "k == 2 ? tnv_tanh(gate[k])", "k == 3 ? tnv_tanh(gate[k])",
     ["random lstm", "random lstm_backward", "test lstm"]),
    ("reverse is not reversed", "impl/lstm_run.h", "l.reverse = p->reverse != 0;", "l.reverse = 0;",
     ["random lstm", "random lstm_backward", "test lstm"]),
    ("the gradient of c passes no forget gate", "kernel/lstm.h", "tnv_mul(to_c, v[1]), left", "to_c, left",
     ["random lstm_backward", "test lstm"]),
    ("ONNX's gates are taken for PyTorch's", "impl/lstm_import.h", "{ 0, 2, 3, 1 }", "{ 0, 1, 2, 3 }",
     ["random lstm_weights", "test lstm"]),
    ("the recurrent weights' gradient does not accumulate", "impl/lstm_backward.h",
     "d.kept + 5 * U, 6 * U, d.dz, steps, accumulate)", "d.kept + 5 * U, 6 * U, d.dz, steps, 0)",
     ["random lstm_backward", "test lstm"]),
    ("corners are not aligned", "impl/image.h", "part = 2 * (out - ends);", "part = 2 * out;",
     ["random resize"]),
    ("a sequence is cut at the wrong end", "impl/sequences.h",
     "t->p->truncate_post ? 0 : length - kept", "t->p->truncate_post ? length - kept : 0",
     ["random pad_sequences", "test transform"]),
    ("a reflection repeats the edge", "impl/transform.h", "return i < 0 ? -i : 2 * (n - 1) - i;",
     "return i < 0 ? -i - 1 : 2 * n - 1 - i;", ["random pad", "test transform"]),
]

FLAGS = ["-O1", "-DTENON_NO_AVX512", f"-I{ROOT}/tests"]
CASES = 2000


def check(tally, faults):
    """Those whose text is there exactly once."""
    fresh = []
    for fault in faults:
        part = ROOT / "include/tenon" / fault[1]
        times = part.read_text(encoding="utf-8").count(fault[2])
        if tally.check(times == 1, f"stale: {fault[0]}: the text to change is {times} times in {fault[1]}", fault[2]):
            fresh.append(fault)
    return fresh


def must(command):
    code, said = run(command, 600)
    if code:
        sys.exit(f"{' '.join(map(str, command))}\n{said[-3000:]}")


def source_of(suite):
    kind, *name = suite.split()
    return {"random": "random.c", "vectors": "conformance.c"}.get(kind) or f"test_{name[0]}.c"


def objects(suites, folder):
    """What needs no fault: the programs without the implementation, as objects."""
    made = {source: folder / f"{source}.o" for source in sorted({source_of(suite) for suite in suites})}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda source: must(["gcc", *FLAGS, f"-I{ROOT}/include", f"-I{folder}",
                                           '-DTEST_HEADER="linked.h"', "-c", ROOT / "tests" / source, "-o",
                                           made[source]]), made))
    return made


def noticed(tree, suites, made, seed):
    """{suite: (whether it failed, what it said)} against the implementation of this tree."""
    implementation, found = tree / "implementation.o", {}
    must(["gcc", *FLAGS, f"-I{tree}/include", "-c", ROOT / "tests/implementation.c", "-o", implementation])
    for suite in suites:
        source = source_of(suite)
        program = tree / source.removesuffix(".c")
        if not program.exists():
            cmocka = ["-lcmocka"] if source.startswith("test_") else []
            must(["gcc", made[source], implementation, "-o", program, *cmocka, "-lm"])
        words = {"random.c": ["--only", suite.split()[-1], "--cases", CASES, "--seed", seed],
                 "conformance.c": [ROOT / "tests/vectors"]}.get(source, [])
        code, said = run([program, *words], 300, cwd=tree)
        found[suite] = code != 0, said
    return found


def planted(fault, made, seed, folder):
    """(good, what to say)"""
    name, part, old, new, suites = fault
    with tempfile.TemporaryDirectory(prefix="fault-", dir=folder) as scratch:
        tree = pathlib.Path(scratch)
        shutil.copytree(ROOT / "include", tree / "include")
        path = tree / "include/tenon" / part
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        must([sys.executable, tree / "include/tenon/amalgamate.py"])
        found = noticed(tree, suites, made, seed)
    missed = [suite for suite in suites if not found[suite][0]]
    by = ", ".join(suite for suite in suites if found[suite][0])
    print(f"{name}: found by {by or 'nobody'}" + (f"; NOT by {', '.join(missed)}" if missed else ""), flush=True)
    return not missed, f"not found by {', '.join(missed)}"


def main(words):
    option = lambda name, otherwise: words[words.index(name) + 1] if name in words[:-1] else otherwise
    seed, only = option("--seed", "1"), option("--only", "")
    if {*words} - {"--seed", seed, "--only", only, "--check"}:
        sys.exit(__doc__)
    tally = Tally()
    faults = check(tally, [fault for fault in FAULTS if only in fault[0]])
    if "--check" in words:
        tally.end()
    random.Random(seed).shuffle(faults)
    with tempfile.TemporaryDirectory(prefix="tenon-faults-") as scratch:
        folder = pathlib.Path(scratch)
        suites = sorted({suite for fault in faults for suite in fault[4]})
        made = objects(suites, folder)
        plain = folder / "plain"
        shutil.copytree(ROOT / "include", plain / "include")
        for suite, (failed, said) in noticed(plain, suites, made, seed).items():
            tally.check(not failed and "skipped:" not in said, f"{suite} passes with nothing planted", said)
        tally.each([(f"planted: {fault[0]}", lambda fault=fault: planted(fault, made, seed, folder))
                    for fault in faults])
    tally.end()


if __name__ == "__main__":
    main(sys.argv[1:])
