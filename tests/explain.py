#!/usr/bin/env python3
"""tests/explain.py - the examples of tn_explain: every one compiles; the wrong call is refused with the code or the cause
that it explains, the right one is not; and the records of the refusals as JSON say what their fields say."""
import json
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from tools import INCLUDE, WARNINGS_C, Tally, run

# The causes that parts A and B of the catalogue of scenarios name, as far as they have a call in C.
MET = """flattened-image flattened-sequences flattened-sample flat-array flattened-other-color-mode label-in-rows
missing-batch-axis missing-channel-axis missing-feature-axis missing-time-axis extra-axis batch-in-input-shape channels-first
channels-last hw-swapped time-features-swapped axes-permuted weights-transposed wrong-reshape gray-into-rgb rgb-into-gray
alpha-channel resize-needed digit-slip off-by-one-feature no-flatten planar-pixels unscaled-bytes raw-bytes broadcast npy-object
images sequences planes-as-samples onehot-flattened labels-transposed other-split-labels source-target-size source-color-mode
source-class-mode no-head return-sequences stacked-lstm flatten-too-early flatten-before-conv padding-shrink fit-before-compile
stateful stateful-last-batch kernel-too-large resize-intended reshape-changes-n sparse-with-categorical onehot-with-sparse label-one-based
other-input-size other-class-count test-set-left-raw transpose-by-reshape""".split()
# What no call tells.
UNSEEN = """TN_W_TRUNCATED""".split()

DUMP = r"""
#include "tenon.h"
#include <stdio.h>
int main(void)
{
    static const struct { int32_t code, cause; const char *name; } all[] = {
#define CODE(name, number, words) { number, 0, #name },
#define CAUSE(name, number, kebab, words) { 0, number, kebab },
        TNI_STATUSES(CODE) TNI_CAUSES(CAUSE)
    };
    static char text[65536];
    size_t i;
    for (i = 0; i < sizeof all / sizeof all[0]; i++) {
        tn_explain(all[i].code, all[i].cause, text, sizeof text);
        printf("@ %d %d %s\n%s", (int)all[i].code, (int)all[i].cause, all[i].name, text);
    }
    return 0;
}
"""

# What the examples leave out. check is put around every call: the first refusal is kept.
FRAME = r"""
#include "tenon.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static float pixels[2 << 20], resized[2 << 20], rows[2 << 20], weights[1 << 16], scores[2 << 20], targets[1 << 16],
    memory[1 << 20], loss_value;
static int32_t labels[1 << 16], batches, noted;
static unsigned char bytes[1 << 20];
#define NPY(header) "\x93NUMPY\x01\x00\x76\x00" header
static const char object_file[] = NPY("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }"
                                      "                                                             \n") "pickle";
static const char number_file[] = NPY("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }"
                                      "                                                          \n") "123456";
static const char fortran_file[] = NPY("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), } "
                                       "                                                          \n") "123456";
static tn_diag diag, refused, notes[16];
static tn_context ctx;
static tn_model pictures, digits, table, series, m;
static tn_tensor t, y, out, loss;
static tn_fit fit;
static int no_rows(void *user, tn_tensor *a, tn_tensor *b) { (void)user; (void)a; (void)b; return 0; }
static int two_batches(void *user, tn_tensor *a, tn_tensor *b)
{
    (void)user; (void)b;
    return batches++ % 3 == 2 ? 0 : a->dim[0];
}
static void load_planes(float *p)
{
    int i;
    for (i = 0; i < 64 * 3072; i++) p[i] = (float)(i % 32 + i / 32 % 32) / 64.0f + (float)(i / 1024 % 3) / 4.0f;
}
static void load_raw(float *p) { int i; for (i = 0; i < 64 * 3072; i++) p[i] = (float)(i % 256); }
static void load_scaled(float *p) { int i; for (i = 0; i < 64 * 3072; i++) p[i] = (float)(i % 256) / 255.0f; }
static int stop(void *user, const tn_progress *p) { (void)user; (void)p; return 1; }
static int go_on(void *user, const tn_progress *p) { (void)user; (void)p; return 0; }
static void note(void *user, const tn_diag *d) { (void)user; if (noted < 16) notes[noted++] = *d; }
static tn_status check(tn_status s)
{
    if (s != TN_OK && !refused.status) {
        refused = diag;
        if (diag.status != s) { memset(&refused, 0, sizeof refused); refused.status = s; }
    }
    return s;
}
static void ready(tn_model *model, const char *name, tn_layer *net, int32_t count, int32_t kind)
{
    tn_compile how = TN_ZERO;
    how.loss = kind;
    how.optimizer = tn_adam(1e-3f);
    if (tn_model_init(NULL, model, name, net, count) || tn_model_compile(NULL, model, &how) ||
        tn_model_build(NULL, model, NULL, 64) || tn_model_memory(NULL, model, malloc(model->need), model->need, 1))
        exit(1);
}
static void begin(void)
{
    tn_context fresh = TN_ZERO;
    memset(&refused, 0, sizeof refused);
    memset(&diag, 0, sizeof diag);
    memset(&fit, 0, sizeof fit);
    memset(labels, 0, sizeof labels);
    memset(bytes, 0, sizeof bytes);
    memset(pixels, 0, 64 * 3072 * sizeof *pixels);
    memset(rows, 0, 64 * 3072 * sizeof *rows);
    noted = batches = 0;
    fresh.diag = &diag; fresh.note = note;
    ctx = fresh;
    t = y = out = tn_view(scores, TN_NF, 2, 64, 10, 0, 0);
    loss = tn_view(&loss_value, 0, 0, 0, 0, 0, 0);
}
static void show(const tn_diag *d)
{
    static char text[65536];
    tn_diag_format(d, TN_JSON, text, sizeof text);
    printf("%d %d %d %s\n", (int)d->status, (int)d->cause, (int)d->also_cause, text);
}
static void end(const char *name)
{
    int32_t i;
    printf("@ %s\n", name);
    if (refused.status) show(&refused);
    for (i = 0; i < noted; i++) show(&notes[i]);
}
"""
MAIN = r"""
int main(void)
{
    tn_layer color[] = { TN_INPUT_HWC(32, 32, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
                                TN_DENSE(10, TN_SOFTMAX) };
    tn_layer gray[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
                               TN_DENSE(10, TN_SOFTMAX) };
    tn_layer row[] = { TN_INPUT_F(5), TN_DENSE(8, TN_RELU), TN_DENSE(1, TN_LINEAR) };
    tn_layer steps[] = { TN_INPUT_TF(10, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };
    ready(&pictures, "pictures", color, 5, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    ready(&digits, "digits", gray, 5, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    ready(&table, "table", row, 3, TN_MEAN_SQUARED_ERROR);
    ready(&series, "series", steps, 3, TN_MEAN_SQUARED_ERROR);
%s    return 0;
}
"""
DECLARATION = re.compile(r"\s*(const |size_t |int |enum |tn_tensor |tn_layer |tn_source |tn_compile |tn_progress |tn_\w+_params )")


def statements(code):
    return [part + ";\n" for part in re.sub(r" */\*.*?\*/", "", code).split(";\n") if part.strip()]


def build(folder, name, text, implementation):
    (folder / f"{name}.c").write_text(text)
    unused = ["-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-function", "-Wno-shadow"]
    code, said = run(["gcc", "-std=c99", "-O0", *WARNINGS_C, *unused, f"-I{INCLUDE}", folder / f"{name}.c", implementation, "-o",
                      folder / name, "-lm"])
    return (code, said) if code else run([folder / name])


def examples(said):
    """[(code, cause, name, wrong, right)]; wrong and right None where a text has none."""
    found = []
    for entry in re.split(r"(?m)^@ ", said)[1:]:
        head, text = entry.split("\n", 1)
        code, cause, name = head.split(" ")
        parts = re.search(r"\nwrong:\n((?:    .*\n)+)right:\n((?:    .*\n)+)\Z", text)
        found.append((int(code), int(cause), name, *(parts.groups() if parts else (None, None))))
    return found


def checks(tally, listed, seen):
    """seen: {name of a function: what it printed}"""
    records = {name: [line.split(" ", 3) for line in said.splitlines()] for name, said in seen.items()}
    for i, (code, cause, name, wrong, _) in enumerate(listed):
        if not wrong:
            tally.check(cause and name not in MET, f"{name} has an example")
            continue
        says = lambda record: int(record[0]) == code if code else cause in (int(record[1]), int(record[2]))
        said = "\n".join(f"{side}: {record}" for side in ["wrong", "right"] for record in records[f"{side}_{i}"])
        # a record of two findings tells the other one, and raw files are told by no call
        tally.check(name in UNSEEN or any(map(says, records[f"wrong_{i}"])), f"{name}: the wrong call is told so", said)
        tally.check(not any(map(says, records[f"right_{i}"])), f"{name}: the right call is not", said)
        tally.check(not any(int(record[0]) < 100 for record in records[f"right_{i}"]), f"{name}: the right call runs", said)
    names = {number: name for code, cause, name, _, _ in listed for number in [(code, cause)]}
    for name, of_name in records.items():
        for status, cause, also, text in of_name:
            try:
                record = json.loads(text)
            except ValueError as error:
                tally.check(False, f"{name}: its JSON parses", f"{error}\n{text}")
                continue
            same = (record["status"], record["cause"], record["also_cause"]) == (int(status), int(cause), int(also))
            same = same and record["code"] == names[record["status"], 0] and record["cause_name"] == names.get((0, record["cause"]), None if not record["cause"] else "?")
            tally.check(same or (not record["cause"] and record["cause_name"] in (None, "")), f"{name}: its JSON says what its record says", text)


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="tenon-explain-") as temporary:
        folder = pathlib.Path(temporary)
        (folder / "implementation.c").write_text('#define TENON_IMPLEMENTATION\n#include "tenon.h"\n')
        narrow = ["-DTENON_NO_AVX2", "-DTENON_NO_AVX512", "-DTENON_NO_NEON"]
        implementation = folder / "implementation.o"
        code, said = run(["gcc", "-O0", *narrow, f"-I{INCLUDE}", "-c", folder / "implementation.c", "-o", implementation])
        tally.check(code == 0, "the implementation compiles", said)
        code, said = build(folder, "dump", DUMP, implementation)
        tally.check(code == 0, "tn_explain of everything", said)
        listed = examples(said)
        tally.check(len(listed) > 150, "codes and causes are found", said[:1000])
        calls = sorted({call for part in (INCLUDE / "tenon/api").glob("*.h")
                        for call in re.findall(r"^TENON_API tn_status (tn_\w+)\(", part.read_text(encoding="utf-8"), re.M)})
        functions, names = "", []
        for i, (_, _, _, wrong, right) in enumerate(listed):
            if wrong:
                before = "".join(part for part in statements(wrong) if DECLARATION.match(part))
                functions += f"static void wrong_{i}(void)\n{{\n{wrong}}}\n"
                functions += f"static void right_{i}(void)\n{{\n{before}{{\n{right}}}\n}}\n"
                names += [f"wrong_{i}", f"right_{i}"]
        checked = "".join(f"#define {call}(...) check({call}(__VA_ARGS__))\n" for call in calls)
        plain = "".join(f"#undef {call}\n" for call in calls)
        body = "".join(f'    begin(); {name}(); end("{name}");\n' for name in names)
        code, said = build(folder, "examples", FRAME + checked + functions + plain + MAIN.replace("%s", body), implementation)
        if tally.check(code == 0 and said.startswith("@ "), "every example compiles", said):
            seen = {entry.split("\n", 1)[0]: entry.split("\n", 1)[1] for entry in re.split(r"(?m)^@ ", said)[1:]}
            checks(tally, listed, seen)
    tally.end()


if __name__ == "__main__":
    main()
