/* tests/conformance.c - runs folders of conformance cases through the public calls.
 *
 *     conformance [--isa NAME] [--only FOLDER/FILE] DIR
 *
 * DIR holds folders torch, keras, onnx, onnx-other, or is one such folder. A line per file of cases says how many
 * passed, failed and were skipped, and why; a line per failure says what was wrong; the last line has the sums. Exit 1
 * when a case failed, 2 when cases cannot be read.
 * --isa, like the environment variable TENON_ISA, takes scalar, avx2, avx512 or neon.
 *
 * The program computes no value that is tested: it views, slices, transposes and converts, and compares. */
#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TENON_IMPLEMENTATION
#ifndef TEST_HEADER
#define TEST_HEADER "tenon.h"
#endif
#include TEST_HEADER

#include "casefile.h"
#include "conformance_run.h"
#include "conformance_basic.h"
#include "conformance_loss.h"
#include "conformance_spatial.h"
#include "conformance_lstm.h"
#include "conformance_sequential.h"

/* ---- which mapping runs which operator: `must` ones may not answer TN_E_UNSUPPORTED ---- */
typedef struct mapping {
    const char *op, *layout; /* layout NULL: any */
    void (*run)(run *r);
    int must;
} mapping;
/* clang-format off */
static const mapping mappings[] = {
    { "linear", NULL, run_dense, 1 }, { "dense", NULL, run_dense, 1 }, { "Gemm", NULL, run_gemm, 1 },
    { "MatMul", NULL, run_matmul, 1 }, { "softmax", NULL, run_softmax, 1 }, { "log_softmax", NULL, run_softmax, 1 },
    { "Softmax", NULL, run_softmax, 1 }, { "LogSoftmax", NULL, run_softmax, 1 },
    { "bce", NULL, run_elementwise_loss, 1 }, { "bce_with_logits", NULL, run_elementwise_loss, 1 },
    { "huber", NULL, run_elementwise_loss, 1 }, { "l1", NULL, run_elementwise_loss, 1 },
    { "mse", NULL, run_elementwise_loss, 1 }, { "softmax_cross_entropy", NULL, run_cross_entropy, 1 },
    { "cross_entropy", NULL, run_cross_entropy, 1 }, { "NegativeLogLikelihoodLoss", NULL, run_onnx_loss, 1 },
    { "SoftmaxCrossEntropyLoss", NULL, run_onnx_loss, 1 }, { "sgd", NULL, run_optimizer, 1 },
    { "adam", NULL, run_optimizer, 1 }, { "adamw", NULL, run_optimizer, 1 }, { "rmsprop", NULL, run_optimizer, 1 },
    { "Transpose", NULL, run_transpose, 1 }, { "Reshape", NULL, run_reshape, 1 }, { "Flatten", NULL, run_flatten, 1 },
    { "Add", NULL, run_arithmetic, 1 }, { "Sub", NULL, run_arithmetic, 1 }, { "Mul", NULL, run_arithmetic, 1 },
    { "Pad", NULL, run_pad, 1 }, { "conv2d", NULL, run_conv2d, 1 }, { "depthwise_conv2d", NULL, run_conv2d, 1 },
    { "Conv", NULL, run_onnx_conv, 1 }, { "max_pool2d", NULL, run_pool, 1 }, { "avg_pool2d", NULL, run_pool, 1 },
    { "global_avg_pool2d", NULL, run_global_avg_pool, 1 }, { "MaxPool", NULL, run_onnx_pool, 1 },
    { "AveragePool", NULL, run_onnx_pool, 1 }, { "GlobalMaxPool", NULL, run_onnx_pool, 1 },
    { "GlobalAveragePool", NULL, run_onnx_pool, 1 }, { "batch_norm", NULL, run_batch_norm, 0 },
    { "BatchNormalization", NULL, run_onnx_batch_norm, 0 }, { "layer_norm", NULL, run_layer_norm, 0 },
    { "LayerNormalization", NULL, run_layer_norm, 0 }, { "sequential", NULL, run_sequential, 1 },
    { "lstm", "TNI", run_torch_lstm, 1 }, { "lstm", "NTI", run_keras_lstm, 1 }, { "LSTM", NULL, run_onnx_lstm, 1 },
};
/* clang-format on */

/* NULL: the library has no call of that meaning. */
static const mapping *mapping_of(const run *r)
{
    static const mapping activation = { "", NULL, run_activation, 1 };
    size_t i;
    for (i = 0; i < sizeof mappings / sizeof mappings[0]; i++)
        if (!strcmp(mappings[i].op, r->file.op) && (!mappings[i].layout || is(r, "layout", mappings[i].layout)))
            return &mappings[i];
    for (i = 0; i < sizeof activation_names / sizeof activation_names[0]; i++)
        if (!strcmp(activation_names[i].op, r->file.op)) return &activation;
    return NULL;
}

static void run_case(run *r)
{
    const mapping *m = mapping_of(r);
    int i;
    r->over = r->blocks = r->operands = 0;
    r->skip[0] = r->fail[0] = 0;
    memset(r->checked, 0, sizeof r->checked);
    memset(&r->ctx, 0, sizeof r->ctx);
    r->must = m && m->must;
    if (m) m->run(r);
    else run_skip(r, "no such call");
    for (i = 0; i < r->file.tensors; i++)
        if (!strcmp(r->file.tensor[i].role, "out") && !r->checked[i])
            run_fail(r, "the mapping left the output %s unchecked", r->file.tensor[i].name);
    while (r->blocks) free(r->block[--r->blocks]);
}

/* ---- files, folders, sums ---- */
enum { REASONS = 8, FILES = 256, PATH = 900 };
typedef struct sums {
    int passed, failed, skipped;
} sums;

/* Every case of one file. 0: it cannot be read, or no case is in it. */
static int run_file(const char *stem, const char *title, sums *total)
{
    static run r;
    struct {
        char why[64];
        int count;
    } reason[REASONS];
    sums s = { 0, 0, 0 };
    int reasons = 0, i, ok;
    memset(&r, 0, sizeof r);
    if (case_open(&r.file, stem)) {
        while (case_next(&r.file)) {
            run_case(&r);
            if (r.skip[0]) {
                s.skipped++;
                for (i = 0; i < reasons && strcmp(reason[i].why, r.skip); i++) {}
                if (i == REASONS) i--;
                if (i == reasons) {
                    snprintf(reason[i].why, sizeof reason[i].why, "%s", r.skip);
                    reason[reasons++].count = 0;
                }
                reason[i].count++;
            } else if (r.fail[0]) {
                s.failed++;
                printf("FAIL %s %s (%s): %s\n", title, r.file.name, tn_isa_name(), r.fail);
            } else {
                s.passed++;
            }
        }
    }
    ok = !r.file.problem && s.passed + s.failed + s.skipped;
    if (!ok)
        printf("FAIL %s: %s %s\n", title, r.file.problem ? r.file.problem : "no case in it",
               r.file.name ? r.file.name : "");
    printf("%-40s %4d passed %4d failed %4d skipped", title, s.passed, s.failed, s.skipped);
    for (i = 0; i < reasons; i++) printf("%s%d %s", i ? ", " : ": ", reason[i].count, reason[i].why);
    printf("\n");
    total->passed += s.passed;
    total->failed += s.failed;
    total->skipped += s.skipped;
    case_close(&r.file);
    return ok;
}

static int by_name(const void *a, const void *b) { return strcmp((const char *)a, (const char *)b); }

/* Every NAME.txt of a folder, in the order of names. *files counts those that ran; 0: one of them cannot be read. */
static int run_folder(const char *path, const char *folder, const char *only, sums *total, int *files)
{
    static char names[FILES][64];
    char stem[PATH + 100], title[130];
    const struct dirent *entry;
    int count = 0, ok = 1, i;
    DIR *dir = opendir(path);
    if (!dir) return 1;
    while ((entry = readdir(dir)) != NULL) {
        const size_t length = strlen(entry->d_name);
        if (length < 5 || length > 64 || strcmp(entry->d_name + length - 4, ".txt")) continue;
        if (count == FILES) {
            ok = 0;
            break;
        }
        memcpy(names[count], entry->d_name, length - 4);
        names[count++][length - 4] = 0;
    }
    closedir(dir);
    qsort(names, (size_t)count, sizeof names[0], by_name);
    for (i = 0; i < count; i++) {
        snprintf(stem, sizeof stem, "%s/%.63s", path, names[i]);
        snprintf(title, sizeof title, "%.63s/%.63s", folder, names[i]);
        if (only && strcmp(only, title)) continue;
        if (!run_file(stem, title, total)) ok = 0;
        ++*files;
    }
    return ok;
}

static int usage(void)
{
    fputs("usage: conformance [--isa scalar|avx2|avx512|neon] [--only FOLDER/FILE] DIR\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static const char *const folders[] = { "torch", "keras", "onnx", "onnx-other" };
    static const char *const isas[] = { "best", "scalar", "avx2", "avx512", "neon" };
    const char *root = NULL, *only = NULL, *base;
    char path[PATH], folder[64];
    sums total = { 0, 0, 0 };
    int i, k, ok = 1, files = 0;
    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--isa") && i + 1 < argc) {
            for (i++, k = 0; k < 5 && strcmp(argv[i], isas[k]); k++) {}
            if (k == 5 || tn_isa_use(k) != TN_OK) {
                fprintf(stderr, "conformance: this machine or build lacks %s\n", argv[i]);
                return 2;
            }
        } else if (!strcmp(argv[i], "--only") && i + 1 < argc) {
            only = argv[++i];
        } else if (argv[i][0] == '-' || root) {
            return usage();
        } else {
            root = argv[i];
        }
    }
    if (!root || strlen(root) > PATH - 20) return usage();
    printf("instruction set: %s\n", tn_isa_name());
    for (i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", root, folders[i]);
        if (!run_folder(path, folders[i], only, &total, &files)) ok = 0;
    }
    if (!files) { /* then root is one folder, named as the last part of its path */
        snprintf(path, sizeof path, "%s", root);
        while ((k = (int)strlen(path)) > 1 && path[k - 1] == '/') path[k - 1] = 0;
        base = strrchr(path, '/');
        snprintf(folder, sizeof folder, "%.63s", base && base[1] ? base + 1 : path);
        ok = run_folder(path, folder, only, &total, &files) && ok;
    }
    if (!files) {
        fprintf(stderr, "conformance: no cases in %s\n", root);
        return 2;
    }
    printf("%d passed, %d failed, %d skipped\n", total.passed, total.failed, total.skipped);
    return !ok ? 2 : total.failed != 0;
}
