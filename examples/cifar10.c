/* examples/cifar10.c - trains a net on CIFAR-10, or on pictures that it draws itself.
 *
 *     cc -O2 -Iinclude examples/cifar10.c -o cifar10 -lm
 *     ./cifar10               its own ten classes of 32x32 pictures
 *     ./cifar10 DIR           data_batch_1.bin to data_batch_5.bin and test_batch.bin of the CIFAR-10 binary version
 *
 * Options: --net small|dense, --hidden N (the dense net with N units; 0: a single linear layer), --epochs N, --batch N,
 * --seed N, --pictures N (how many it draws), --save FILE (after every epoch), --load FILE (and trains on).
 * SPDX-License-Identifier: MIT */
#define TENON_IMPLEMENTATION
#include "tenon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _WIN32
#include <io.h>
#define isatty _isatty
#define fileno _fileno
#else
#include <unistd.h>
int fileno(FILE *stream); /* POSIX, which -std=c99 hides */
#endif

enum { SIDE = 32, PICTURE = SIDE * SIDE * 3, CLASSES = 10 };

static void stop(const char *what, const char *detail)
{
    fprintf(stderr, "cifar10: %s%s%s\n", what, *detail ? ": " : "", detail);
    exit(2);
}

static tn_diag diag;
static tn_context context;

static void explain(void)
{
    char text[2048];
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    fputs(text, stderr);
    exit(1);
}
/* Every call of the library goes through this: a refused one explains itself. */
#define DO(fn, ...) (TN_CALL(fn, &context, __VA_ARGS__) == TN_OK ? (void)0 : explain())

static void *allocate(size_t bytes)
{
    void *p = calloc(bytes ? bytes : 1, 1);
    if (!p) stop("out of memory", "");
    return p;
}

enum { PATH_SIZE = 1024 };

/* The file named by a and b together, which path keeps. */
static FILE *open_file(char *path, const char *a, const char *b, const char *mode)
{
    FILE *f;
    if (snprintf(path, PATH_SIZE, "%s%s", a, b) >= PATH_SIZE) stop("path too long", a);
    f = fopen(path, mode);
    if (!f) stop(*mode == 'r' ? "cannot open" : "cannot write", path);
    return f;
}

/* ---- data: bytes, x[N,32,32,3] and the classes y[N] ---- */

typedef struct { tn_tensor x, y; } dataset;

static dataset new_dataset(int count)
{
    dataset d;
    d.x = tn_as(tn_view(allocate((size_t)count * PICTURE), TN_NHWC, 4, count, SIDE, SIDE, 3), TN_U8);
    d.y = tn_as(tn_view(allocate((size_t)count), TN_N, 1, count, 0, 0, 0), TN_U8);
    return d;
}

/* A file's records, a class and then a picture by planes, become pictures `at` and on of d. */
static void read_batch(dataset *d, int at, const char *dir, const char *name)
{
    enum { RECORDS = 10000 };
    uint8_t record[1 + PICTURE];
    const tn_tensor planes = tn_as(tn_cview(record + 1, TN_NCHW, 4, 1, 3, SIDE, SIDE), TN_U8);
    char path[PATH_SIZE];
    FILE *const f = open_file(path, dir, name, "rb");
    tn_tensor picture;
    int i;
    for (i = at; i < at + RECORDS; i++) {
        if (fread(record, sizeof record, 1, f) != 1) stop("truncated, 10000 records of 3073 bytes expected", path);
        if (record[0] >= CLASSES) stop("not a CIFAR-10 batch, a label is above 9", path);
        ((uint8_t *)d->y.data)[i] = record[0];
        DO(tn_rows, &picture, &d->x, i, 1);
        DO(tn_transpose, &picture, &planes, NULL);
    }
    if (fgetc(f) != EOF) stop("not a CIFAR-10 batch, longer than 10000 records of 3073 bytes", path);
    fclose(f);
}

static void read_cifar10(const char *dir, dataset *train, dataset *test)
{
    char name[32];
    int i;
    *train = new_dataset(50000);
    *test = new_dataset(10000);
    for (i = 0; i < 5; i++) {
        sprintf(name, "/data_batch_%d.bin", i + 1);
        read_batch(train, i * 10000, dir, name);
    }
    read_batch(test, 0, dir, "/test_batch.bin");
}

static const char *const things[CLASSES] = { "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
                                             "ship", "truck" };
static const char *const forms[CLASSES] = { "disc", "ring", "frame", "plus", "saltire", "rows", "columns", "chequers",
                                            "triangle", "half disc" };

/* Is the point (x,y), from the centre in hundredths of the size, inside the form? */
static int inside(int form, int x, int y)
{
    const int ax = x < 0 ? -x : x, ay = y < 0 ? -y : y, r2 = x * x + y * y, side = ax > ay ? ax : ay;
    const int column = (2 * x + 800) / 100, row = (2 * y + 800) / 100;
    switch (form) {
    case 0: return r2 < 10000;
    case 1: return r2 < 10000 && r2 > 4000;
    case 2: return side < 90 && side > 60;
    case 3: return side < 100 && (ax < 25 || ay < 25);
    case 4: return side < 90 && ax - ay < 30 && ay - ax < 30;
    case 5: return side < 100 && row % 2 == 0;
    case 6: return side < 100 && column % 2 == 0;
    case 7: return side < 100 && (row + column) % 2 == 0;
    case 8: return ay < 90 && ax < (y + 90) * 55 / 100;
    default: return r2 < 10000 && y > x;
    }
}

/* count pictures: form by class; both colours, place, size and noise are random. Another stream, other pictures. In
 * whole numbers, so that they are the same with every compiler. */
static dataset draw(int count, uint64_t seed, int stream)
{
    enum { DRAWS = 9 + SIDE * SIDE };
    float u[DRAWS];
    uint8_t b[DRAWS];
    const tn_tensor draws = tn_view(u, 0, 1, DRAWS, 0, 0, 0), bytes = tn_as(tn_view(b, 0, 1, DRAWS, 0, 0, 0), TN_U8);
    dataset d = new_dataset(count);
    uint8_t *pixel = (uint8_t *)d.x.data;
    tn_random r = TN_ZERO;
    int i, c, x, y;
    r.seed = seed;
    r.purpose = stream;
    for (i = 0; i < count; i++) {
        int size, left, top, colour[2][3];
        r.epoch = i;
        DO(tn_random_uniform, &draws, &r, 0.0f, 255.0f);
        DO(tn_convert, &bytes, &draws, NULL);
        ((uint8_t *)d.y.data)[i] = (uint8_t)(i % CLASSES);
        size = 288 + b[6] / 2; /* in 1/32 of a pixel */
        left = 416 + b[7] * 5 / 8;
        top = 416 + b[8] * 5 / 8;
        for (c = 0; c < 3; c++) {
            colour[0][c] = 72 + b[c] * 3 / 8;
            colour[1][c] = colour[0][c] + (b[3 + c] < 128 ? -1 : 1) * (32 + b[3 + c] / 8);
        }
        for (y = 0; y < SIDE; y++)
            for (x = 0; x < SIDE; x++) {
                const int on = inside(i % CLASSES, (32 * x - left) * 100 / size, (32 * y - top) * 100 / size);
                const int noise = (b[9 + y * SIDE + x] - 128) * 3 / 16;
                for (c = 0; c < 3; c++) *pixel++ = (uint8_t)(colour[on][c] + noise);
            }
    }
    return d;
}

/* ---- weights in a file ---- */

/* Writing goes to a file beside it, which takes the name once it is whole. */
static void save(const tn_model *m, const char *path)
{
    char part[PATH_SIZE];
    FILE *const f = open_file(part, path, ".part", "wb");
    void *blob;
    int good;
    context.query = 1; /* how many bytes? */
    DO(tn_model_save, m, NULL, 0, NULL);
    context.query = 0;
    blob = allocate(context.need);
    DO(tn_model_save, m, blob, context.need, NULL);
    good = fwrite(blob, context.need, 1, f) == 1;
    if (fclose(f) || !good || rename(part, path)) stop("cannot write", path);
    free(blob);
}

static void load(tn_model *m, const char *from)
{
    char path[PATH_SIZE], why[512];
    FILE *const f = open_file(path, from, "", "rb");
    const long size = fseek(f, 0, SEEK_END) ? -1 : ftell(f);
    void *blob;
    rewind(f);
    if (size < 0 || size > 1L << 30) stop("cannot read", path);
    blob = allocate((size_t)size);
    if (fread(blob, 1, (size_t)size, f) != (size_t)size) stop("cannot read", path);
    if (tn_model_load(&context, m, blob, (size_t)size) != TN_OK) {
        tn_diag_format(&diag, TN_LINE, why, sizeof why);
        stop(path, why);
    }
    fclose(f);
    free(blob);
}

/* ---- the program ---- */

/* Of this program, which runs on one core. */
static double seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

typedef struct {
    tn_model *m;
    const char *save;
    double start, shown; /* of the epoch; of the line */
    int terminal;
} run;

static int show(void *user, const tn_progress *p)
{
    run *const r = (run *)user;
    const int whole = p->batch == p->batches;
    const double now = seconds(), past = now - r->start, share = (double)p->batch / (double)p->batches;
    if (!whole && (!r->terminal || now - r->shown < 0.1)) return 0;
    r->shown = now;
    printf("%sepoch %d/%d  loss %.4f  accuracy %.2f %%  %.0f images/s  %.0f s left%s", r->terminal ? "\r" : "",
           (int)p->epoch, (int)p->epochs, p->loss, 100.0 * p->accuracy, (double)p->samples / past,
           past / share * ((double)(p->epochs - p->epoch + 1) - share),
           !whole ? "   " : r->terminal ? "   \n" : "\n");
    fflush(stdout);
    return 0;
}

/* Before another epoch; the rate falls with all that the model has seen. */
static void prepare(run *r)
{
    float rate = 1e-3f;
    int64_t epoch;
    for (epoch = 0; epoch < r->m->epoch; epoch++) rate *= 0.8f;
    r->m->compile.optimizer.lr = rate;
    r->start = seconds();
}

static int after_epoch(void *user, const tn_progress *p)
{
    run *const r = (run *)user;
    (void)p;
    if (r->save) save(r->m, r->save);
    prepare(r);
    return 0;
}

/* Prints the share of right ones of each class, and of all. */
static void test(tn_model *m, const dataset *d, const char *const *names)
{
    const int count = d->x.dim[0];
    const tn_tensor y = tn_view(allocate((size_t)count * CLASSES * sizeof(float)), TN_NF, 2, count, CLASSES, 0, 0);
    int32_t *const best = (int32_t *)allocate((size_t)count * sizeof(int32_t));
    const tn_tensor found = tn_as(tn_view(best, TN_N, 1, count, 0, 0, 0), TN_I32);
    int taken[CLASSES][CLASSES] = { { 0 } }, i, k, right = 0;
    DO(tn_model_predict, m, &y, &d->x);
    DO(tn_argmax, &found, &y, -1);
    for (i = 0; i < count; i++) taken[((const uint8_t *)d->y.data)[i]][best[i]]++;
    printf("class       pictures  right    share  most often mistaken for\n");
    for (i = 0; i < CLASSES; i++) {
        int all = 0, other = !i;
        for (k = 0; k < CLASSES; k++) {
            all += taken[i][k];
            if (k != i && taken[i][k] > taken[i][other]) other = k;
        }
        right += taken[i][i];
        printf("%-12s%8d%7d%7.1f %%  %s (%d)\n", names[i], all, taken[i][i], all ? 100.0 * taken[i][i] / all : 0.0,
               taken[i][other] ? names[other] : "none", taken[i][other]);
    }
    printf("test accuracy %.2f %%\n", 100.0 * right / count);
    free(best);
    free(y.data);
}

static int number(const char *text, const char *option, int low, int high)
{
    char *end;
    const long v = strtol(text, &end, 10);
    if (end == text || *end || v < low || v > high) stop("a number is wrong for", option);
    return (int)v;
}

int main(int argc, char **argv)
{
    const char *dir = NULL, *source = NULL, *net = "small";
    int epochs = -1, batch = 64, seed = 1, hidden = 256, pictures = 10000, i, dense;
    static dataset train_set, test_set;
    static tn_model m;
    const tn_compile how = { TN_SPARSE_CATEGORICAL_CROSSENTROPY, 0, 0.0f, NULL, tn_adam(1e-3f) };
    tn_fit fit = TN_ZERO;
    run r = TN_ZERO;
    char text[4096];
    context.diag = &diag;
    for (i = 1; i < argc; i++) {
        const char *const option = argv[i], *const value = i + 1 < argc ? argv[i + 1] : "";
        if (option[0] != '-') { dir = option; continue; }
        if (!strcmp(option, "--epochs")) epochs = number(value, option, 0, 1000);
        else if (!strcmp(option, "--batch")) batch = number(value, option, 1, 4096);
        else if (!strcmp(option, "--seed")) seed = number(value, option, 0, 1 << 30);
        else if (!strcmp(option, "--pictures")) pictures = number(value, option, CLASSES, 1000000);
        else if (!strcmp(option, "--hidden")) { hidden = number(value, option, 0, 8192); net = "dense"; }
        else if (!strcmp(option, "--net")) net = value;
        else if (!strcmp(option, "--save")) r.save = value;
        else if (!strcmp(option, "--load")) source = value;
        else stop("unknown option", option);
        if (!*value) stop("a value is missing after", option);
        i++;
    }
    dense = !strcmp(net, "dense");
    if (!dense && strcmp(net, "small")) stop("a net is small or dense, not", net);
    if (dir) {
        read_cifar10(dir, &train_set, &test_set);
        printf("CIFAR-10 from %s: %d training and %d test pictures\n", dir, train_set.x.dim[0], test_set.x.dim[0]);
    } else {
        train_set = draw(pictures, (uint64_t)seed, 1);
        test_set = draw((pictures + 4) / 5, (uint64_t)seed, 2);
        printf("no directory given: drew %d training and %d test pictures of ten forms; these are not CIFAR-10\n",
               train_set.x.dim[0], test_set.x.dim[0]);
    }
    if (epochs < 0) epochs = dir ? 10 : 2;

    tn_layer small[] = {
        TN_INPUT_HWC(SIDE, SIDE, 3), TN_RESCALING(1.0f / 64.0f, -2.0f),
        TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_BATCH_NORM(),
        TN_CONV2D(64, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_BATCH_NORM(),
        TN_CONV2D(128, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DROPOUT(0.2f), TN_DENSE(CLASSES, TN_SOFTMAX)
    };
    tn_layer wide[] = {
        TN_INPUT_HWC(SIDE, SIDE, 3), TN_RESCALING(1.0f / 64.0f, -2.0f), TN_FLATTEN(),
        TN_DENSE(hidden, TN_RELU), TN_DENSE((hidden + 1) / 2, TN_RELU), TN_DENSE(CLASSES, TN_SOFTMAX)
    };
    if (!hidden) wide[3] = wide[5];
    small[4].momentum = small[7].momentum = 0.9f; /* a few hundred steps must do */
    DO(tn_model_init, &m, "cifar10", dense ? wide : small, dense ? (hidden ? 6 : 4) : (int)TN_DIM0(small));
    DO(tn_model_compile, &m, &how);
    DO(tn_model_build, &m, NULL, batch);
    DO(tn_model_memory, &m, allocate(m.need), m.need, (uint64_t)seed);
    tn_model_summary(&m, text, sizeof text);
    fputs(text, stdout);
    r.m = &m;
    if (source) load(&m, source);
    if (r.save) save(&m, r.save); /* better to hear now that it cannot be written */
    r.terminal = isatty(fileno(stdout));
    fit.epochs = epochs;
    fit.on_batch = show;
    fit.on_epoch = after_epoch;
    fit.user = &r;
    prepare(&r);
    if (epochs) DO(tn_model_fit, &m, &train_set.x, &train_set.y, &fit, NULL);
    test(&m, &test_set, dir ? things : forms);
    return 0;
}
