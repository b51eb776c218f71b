/* examples/cifar10.c - trains a dense net on CIFAR-10, or on pictures that it draws itself.
 *
 *     cc -O2 -Iinclude examples/cifar10.c -o cifar10 -lm
 *     ./cifar10               its own ten classes of 32x32 pictures
 *     ./cifar10 DIR           data_batch_1.bin to data_batch_5.bin and test_batch.bin of the CIFAR-10 binary version
 *
 * Options: --epochs N, --batch N, --seed N, --hidden N (0: a single linear layer), --save FILE, --load FILE.
 * Every product, activation, loss and update is a call of tenon.h; the training step is written out in train_step().
 * SPDX-License-Identifier: MIT */
#define TENON_IMPLEMENTATION
#include "tenon.h"

#include <stdio.h>
#include <time.h>
#ifdef _WIN32
#include <io.h>
#define isatty _isatty
#define fileno _fileno
#else
#include <unistd.h>
int fileno(FILE *stream); /* POSIX, which -std=c99 hides */
#endif

enum { SIDE = 32, PIXELS = SIDE * SIDE, INPUTS = 3 * PIXELS, CLASSES = 10, MAX_LAYERS = 3, MAX_BATCH = 4096 };

static void stop(const char *what, const char *detail)
{
    fprintf(stderr, "cifar10: %s%s%s\n", what, *detail ? ": " : "", detail);
    exit(2);
}

static tn_diag diag;
static tn_context context;

/* Every call of the library goes through this: a refused one explains itself. */
static void must(tn_status status)
{
    char text[2048];
    if (status == TN_OK) return;
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    fputs(text, stderr);
    exit(1);
}
#define DO(fn, ...) must(TN_CALL(fn, &context, __VA_ARGS__))

static void *allocate(size_t bytes)
{
    void *p = calloc(bytes ? bytes : 1, 1);
    if (!p) stop("out of memory", "");
    return p;
}

/* ---- data: one byte a value, 1024 red, 1024 green, 1024 blue to a picture, as in the CIFAR-10 files ---- */

typedef struct { uint8_t *pixels, *labels; int count; } dataset;

static dataset new_dataset(int count)
{
    dataset d;
    d.pixels = (uint8_t *)allocate((size_t)count * INPUTS);
    d.labels = (uint8_t *)allocate((size_t)count);
    d.count = count;
    return d;
}

/* Appends one file's records: a label byte, then the picture. */
static void read_batch(dataset *d, int at, const char *dir, const char *name)
{
    enum { RECORDS = 10000 };
    char path[1024];
    FILE *f;
    int i, more;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path) stop("path too long", dir);
    f = fopen(path, "rb");
    if (!f) stop("cannot open", path);
    for (i = 0; i < RECORDS; i++) {
        if (fread(d->labels + at + i, 1, 1, f) != 1 ||
            fread(d->pixels + (size_t)(at + i) * INPUTS, 1, INPUTS, f) != INPUTS)
            stop("truncated, 10000 records of 3073 bytes expected", path);
        if (d->labels[at + i] >= CLASSES) stop("not a CIFAR-10 batch, a label is above 9", path);
    }
    more = fgetc(f) != EOF;
    fclose(f);
    if (more) stop("not a CIFAR-10 batch, longer than 10000 records of 3073 bytes", path);
}

static void read_cifar10(const char *dir, dataset *train, dataset *test)
{
    char name[32];
    int i;
    *train = new_dataset(50000);
    *test = new_dataset(10000);
    for (i = 0; i < 5; i++) {
        sprintf(name, "data_batch_%d.bin", i + 1);
        read_batch(train, i * 10000, dir, name);
    }
    read_batch(test, 0, dir, "test_batch.bin");
}

/* Is the point (x,y), measured from the centre in units of the size, inside the form of this class? */
static int inside(int form, float x, float y)
{
    const float ax = x < 0 ? -x : x, ay = y < 0 ? -y : y, r2 = x * x + y * y, side = ax > ay ? ax : ay;
    const int column = (int)(x * 2.0f + 8.0f), row = (int)(y * 2.0f + 8.0f);
    switch (form) {
    case 0: return r2 < 1.0f;                                    /* disc */
    case 1: return r2 < 1.0f && r2 > 0.4f;                       /* ring */
    case 2: return side < 0.9f && side > 0.6f;                   /* frame */
    case 3: return side < 1.0f && (ax < 0.25f || ay < 0.25f);    /* plus */
    case 4: return side < 0.9f && (ax - ay < 0.3f && ay - ax < 0.3f); /* saltire */
    case 5: return side < 1.0f && row % 2 == 0;                  /* horizontal bars */
    case 6: return side < 1.0f && column % 2 == 0;               /* vertical bars */
    case 7: return side < 1.0f && (row + column) % 2 == 0;       /* chequers */
    case 8: return ay < 0.9f && ax < (y + 0.9f) * 0.55f;         /* triangle */
    default: return r2 < 1.0f && y > x;                          /* half disc */
    }
}

/* count pictures: form by class; both colours, place, size and noise are random. Another stream, other pictures. */
static dataset draw(int count, uint64_t seed, int stream)
{
    enum { DRAWS = 9 + 1024 };
    dataset d = new_dataset(count);
    float *u = (float *)allocate(DRAWS * sizeof(float));
    tn_tensor draws = tn_view(u, 0, 1, DRAWS, 0, 0, 0);
    tn_random r = TN_ZERO;
    int i, c, x, y;
    r.seed = seed;
    r.purpose = stream;
    for (i = 0; i < count; i++) {
        uint8_t *const picture = d.pixels + (size_t)i * INPUTS;
        float size, left, top;
        r.epoch = i;
        DO(tn_random_uniform, &draws, &r, 0.0f, 1.0f);
        d.labels[i] = (uint8_t)(i % CLASSES);
        size = 9.0f + 4.0f * u[6];
        left = 15.5f + 5.0f * (u[7] - 0.5f);
        top = 15.5f + 5.0f * (u[8] - 0.5f);
        for (c = 0; c < 3; c++) /* the two colours are at least a quarter of the range apart in every channel */
            u[3 + c] = u[c] + (u[3 + c] < 0.5f ? -1.0f : 1.0f) * (0.25f + 0.25f * u[3 + c]);
        for (y = 0; y < SIDE; y++)
            for (x = 0; x < SIDE; x++) {
                const int on = inside(d.labels[i], ((float)x - left) / size, ((float)y - top) / size);
                for (c = 0; c < 3; c++) {
                    const float v = 64.0f + 128.0f * u[3 * on + c] + 48.0f * (u[9 + y * SIDE + x] - 0.5f);
                    picture[c * PIXELS + y * SIDE + x] = (uint8_t)(v < 0.0f ? 0.0f : v > 255.0f ? 255.0f : v);
                }
            }
    }
    free(u);
    return d;
}

/* ---- the net: dense layers, relu between them ---- */

typedef struct { tn_tensor w, b, dw, db, w_state, b_state, y, dy; } layer;
typedef struct {
    layer layers[MAX_LAYERS];
    int count, width[MAX_LAYERS + 1];
    tn_optimizer optimizer;
    int64_t step;
    float *x;
} net;

static tn_tensor new_tensor(int32_t axes, int32_t rank, int a, int b)
{
    return tn_view(allocate((size_t)a * (size_t)b * sizeof(float)), axes, rank, a, b, 0, 0);
}

static net new_net(int hidden, int batch, uint64_t seed)
{
    net n;
    int i;
    memset(&n, 0, sizeof n);
    n.width[0] = INPUTS;
    if (hidden) { n.width[++n.count] = hidden; n.width[++n.count] = (hidden + 1) / 2; }
    n.width[++n.count] = CLASSES;
    n.optimizer = tn_adam(5e-4f);
    for (i = 0; i < n.count; i++) {
        layer *const l = &n.layers[i];
        const int in = n.width[i], out = n.width[i + 1], slots = tn_optimizer_slots(&n.optimizer);
        tn_random r = TN_ZERO;
        r.seed = seed;
        r.layer = i;
        l->w = new_tensor(TN_IO, 2, in, out); l->dw = new_tensor(TN_IO, 2, in, out);
        l->b = new_tensor(TN_O, 1, out, 1); l->db = new_tensor(TN_O, 1, out, 1);
        l->w_state = new_tensor(0, 1, in * out * slots, 1); l->b_state = new_tensor(0, 1, out * slots, 1);
        l->y = new_tensor(TN_NF, 2, batch, out); l->dy = new_tensor(TN_NF, 2, batch, out);
        DO(tn_initialize, &l->w, &r, i + 1 < n.count ? TN_HE_NORMAL : TN_GLOROT_UNIFORM);
    }
    n.x = (float *)allocate((size_t)batch * INPUTS * sizeof(float));
    return n;
}

/* Logits of `rows` pictures that n->x holds. */
static const tn_tensor *forward(net *n, int rows)
{
    tn_tensor x = tn_view(n->x, TN_NF, 2, rows, INPUTS, 0, 0);
    tn_dense_params p = TN_ZERO;
    int i;
    for (i = 0; i < n->count; i++) {
        layer *const l = &n->layers[i];
        l->y.dim[0] = rows;
        p.activation = i + 1 < n->count ? TN_RELU : TN_LINEAR;
        DO(tn_dense, &l->y, &x, &l->w, &l->b, &p);
        x = l->y;
    }
    return &n->layers[n->count - 1].y;
}

/* Forward, loss, backward, update; returns the mean loss of the rows. */
static float train_step(net *n, const uint8_t *labels, int rows)
{
    const tn_tensor *const logits = forward(n, rows);
    const tn_tensor target = tn_as(tn_cview(labels, TN_N, 1, rows, 0, 0, 0), TN_U8);
    const tn_activation_params relu = { TN_RELU, 0.0f, 0.0f };
    tn_loss_params p = TN_ZERO;
    float loss;
    tn_tensor loss_view = tn_view(&loss, 0, 0, 0, 0, 0, 0);
    int i;
    p.from = TN_LOGITS;
    for (i = 0; i < n->count; i++) n->layers[i].dy.dim[0] = rows;
    DO(tn_loss, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss_view, &n->layers[n->count - 1].dy, logits, &target, &p);
    for (i = n->count - 1; i >= 0; i--) {
        layer *const l = &n->layers[i];
        const tn_tensor x = i ? n->layers[i - 1].y : tn_view(n->x, TN_NF, 2, rows, INPUTS, 0, 0);
        tn_tensor *const dx = i ? &n->layers[i - 1].dy : NULL;
        DO(tn_dense_backward, dx, &l->dw, &l->db, &l->dy, &x, &l->w, NULL);
        if (i) DO(tn_activation_backward, dx, dx, NULL, &x, &relu);
    }
    n->step++;
    for (i = 0; i < n->count; i++) {
        layer *const l = &n->layers[i];
        DO(tn_optimizer_step, &l->w, &l->w_state, &l->dw, &n->optimizer, n->step);
        DO(tn_optimizer_step, &l->b, &l->b_state, &l->db, &n->optimizer, n->step);
    }
    return loss;
}

/* Rows first .. first+rows-1 of the data, in the order given (NULL: as they lie), as floats around 0 into n->x. */
static void gather(net *n, const dataset *d, const tn_random *order, int first, int rows, uint8_t *labels)
{
    const tn_convert_params to_float = { 1.0f / 64.0f, -2.0f };
    int i;
    for (i = 0; i < rows; i++) {
        const int64_t at = order ? tn_random_order(order, d->count, first + i) : first + i;
        const tn_tensor from = tn_as(tn_cview(d->pixels + (size_t)at * INPUTS, 0, 1, INPUTS, 0, 0, 0), TN_U8);
        const tn_tensor to = tn_view(n->x + (size_t)i * INPUTS, 0, 1, INPUTS, 0, 0, 0);
        DO(tn_convert, &to, &from, &to_float);
        labels[i] = d->labels[at];
    }
}

static int count_right(const tn_tensor *logits, const uint8_t *labels)
{
    static int32_t best[MAX_BATCH];
    const tn_tensor found = tn_as(tn_view(best, TN_N, 1, logits->dim[0], 0, 0, 0), TN_I32);
    int i, right = 0;
    DO(tn_argmax, &found, logits, -1);
    for (i = 0; i < logits->dim[0]; i++) right += best[i] == labels[i];
    return right;
}

static double accuracy(net *n, const dataset *d, int batch)
{
    static uint8_t labels[MAX_BATCH];
    int first, right = 0;
    for (first = 0; first < d->count; first += batch) {
        const int rows = d->count - first < batch ? d->count - first : batch;
        gather(n, d, NULL, first, rows, labels);
        right += count_right(forward(n, rows), labels);
    }
    return 100.0 * right / d->count;
}

/* ---- weights in a file: two words and a version, the widths, then w and b of each layer, as this machine
 * stores them ---- */

/* Writing goes to a file beside it, which takes the name once it is whole. */
static void transfer(net *n, const char *path, int save)
{
    int32_t head[MAX_LAYERS + 4] = { 0x6e6f6e65, 0x30316374, 1 }, seen[MAX_LAYERS + 4];
    char part[1024];
    FILE *f;
    int i, good;
    if ((size_t)snprintf(part, sizeof part, "%s%s", path, save ? ".part" : "") >= sizeof part)
        stop("path too long", path);
    f = fopen(part, save ? "wb" : "rb");
    if (!f) stop(save ? "cannot write" : "cannot open", part);
    for (i = 0; i <= n->count; i++) head[3 + i] = n->width[i];
    good = save ? fwrite(head, sizeof head, 1, f) == 1 : fread(seen, sizeof seen, 1, f) == 1;
    if (good && !save && memcmp(head, seen, sizeof head)) stop("not weights of this net", path);
    for (i = 0; good && i < 2 * n->count; i++) {
        const tn_tensor *const t = i % 2 ? &n->layers[i / 2].b : &n->layers[i / 2].w;
        good = (save ? fwrite(t->data, tn_bytes(t), 1, f) : fread(t->data, tn_bytes(t), 1, f)) == 1;
    }
    if (good && !save && fgetc(f) != EOF) good = 0;
    if (fclose(f) || !good || (save && rename(part, path))) stop(save ? "cannot write" : "truncated or too long", path);
}

/* ---- the program ---- */

static double seconds(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int number(const char *text, const char *option, int low, int high)
{
    char *end;
    const long v = strtol(text, &end, 10);
    if (end == text || *end || v < low || v > high) stop("a number is wrong for", option);
    return (int)v;
}

static void train(net *n, const dataset *d, int epochs, int batch, uint64_t seed)
{
    static uint8_t labels[MAX_BATCH];
    const int terminal = isatty(fileno(stdout));
    const double start = seconds();
    double shown = 0.0;
    int epoch;
    for (epoch = 0; epoch < epochs; epoch++) {
        double loss = 0.0;
        int first, right = 0;
        tn_random order = TN_ZERO;
        order.seed = seed;
        order.purpose = 3;
        order.epoch = epoch;
        n->optimizer.lr = 5e-4f * (1.0f - 0.9f * (float)epoch / (float)epochs);
        for (first = 0; first < d->count; first += batch) {
            const int rows = d->count - first < batch ? d->count - first : batch, done = first + rows;
            gather(n, d, &order, first, rows, labels);
            loss += (double)train_step(n, labels, rows) * rows;
            right += count_right(&n->layers[n->count - 1].y, labels);
            if (done == d->count || (terminal && seconds() - shown > 0.1)) {
                const double past = seconds() - start, seen = (double)epoch * d->count + done, rate = seen / past;
                shown = seconds();
                printf("%sepoch %d/%d  loss %.4f  accuracy %.2f %%  %.0f images/s  %.0f s left%s", terminal ? "\r" : "",
                       epoch + 1, epochs, loss / done, 100.0 * right / done, rate,
                       ((double)epochs * d->count - seen) / rate, done < d->count ? "   " : terminal ? "   \n" : "\n");
                fflush(stdout);
            }
        }
    }
}

int main(int argc, char **argv)
{
    const char *dir = NULL, *save = NULL, *load = NULL;
    int epochs = -1, batch = 64, seed = 1, hidden = 256, i;
    dataset train_set, test_set;
    net n;
    context.diag = &diag;
    for (i = 1; i < argc; i++) {
        const char *const option = argv[i], *const value = i + 1 < argc ? argv[i + 1] : "";
        if (option[0] != '-') { dir = option; continue; }
        if (!strcmp(option, "--epochs")) epochs = number(value, option, 0, 1000);
        else if (!strcmp(option, "--batch")) batch = number(value, option, 1, MAX_BATCH);
        else if (!strcmp(option, "--seed")) seed = number(value, option, 0, 1 << 30);
        else if (!strcmp(option, "--hidden")) hidden = number(value, option, 0, 8192);
        else if (!strcmp(option, "--save")) save = value;
        else if (!strcmp(option, "--load")) load = value;
        else stop("unknown option", option);
        if (!*value) stop("a value is missing after", option);
        i++;
    }
    if (dir) {
        read_cifar10(dir, &train_set, &test_set);
        printf("CIFAR-10 from %s: %d training and %d test pictures\n", dir, train_set.count, test_set.count);
    } else {
        train_set = draw(10000, (uint64_t)seed, 1);
        test_set = draw(2000, (uint64_t)seed, 2);
        printf("no directory given: drew %d training and %d test pictures of ten forms; these are not CIFAR-10\n",
               train_set.count, test_set.count);
    }
    if (epochs < 0) epochs = dir ? 10 : 12;
    n = new_net(hidden, batch, (uint64_t)seed);
    if (load) transfer(&n, load, 0);
    if (save) transfer(&n, save, 1); /* better to hear now that it cannot be written */
    train(&n, &train_set, epochs, batch, (uint64_t)seed);
    if (save) transfer(&n, save, 1);
    printf("test accuracy %.2f %%\n", accuracy(&n, &test_set, batch));
    return 0;
}
