/* tests/scenarios/scenario.h - the vocabulary of the scenarios: one model at a time, data, what must be refused and how,
 * what must run, which notes must come.
 *
 * An entry makes its model (MODEL, ready), its data (floats, bytes, classes, onehot, room: all from one arena, which
 * starts empty) and says what happens:
 *     REFUSED(stage, code, cause, fn, ...)  fn(&ctx, ...) refuses so; model, list, memory and the whole arena are as they
 *                                           were; the text fits, holds no value of a tensor, and is the same for other
 *                                           values in the floats
 *     RECORD(expected, received, differs)   of the last refusal: shapes as "N 32 32 3", N: free, "-": none; numbers of axes
 *     LAYER(i) ALSO(code, cause)            of the last refusal
 *     FAILS(stage, code, cause, fn, ...)    the same of a call that has already done part of its work: the record alone
 *     RUNS(fn, ...)                         fn(&ctx, ...) is TN_OK
 *     NOTED(code, cause)                    such a note has come, and is taken off the list
 *     CHECK(what)                           anything else
 * A note that nobody takes off the list fails the entry, and so does an entry that checks nothing. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../linked.h"

#define UNUSED __attribute__((unused))
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

typedef struct scenario {
    const char *id, *part;
    void (*run)(void); /* NULL: out of reach */
    const char *reason;
} scenario;

enum { LAYERS = 24, NOTES = 8, RECORDS = 16, REDRAWN = 32, ARENA = 1 << 27, TEXT = 4096 };

static const char *const stage_names[] = { "CALL", "COMPILE_TIME", "BUILD", "LOAD", "BIND", "BATCH", "RUN" };

static struct {
    const scenario *entry;
    jmp_buf out;
    int show, checks, notes, notes_once, records, redrawn; /* notes_once: those of the first of two calls */
    tn_diag note[NOTES], record[RECORDS];
    float *redraw[REDRAWN]; /* floats whose values say nothing */
    size_t redraw_count[REDRAWN];
    uint64_t bits;
} now;

static tn_context ctx;
static tn_diag diag; /* of the last call */
static tn_model model, model_before;
static tn_layer layers[LAYERS], layers_before[LAYERS];
static unsigned char arena[ARENA] __attribute__((aligned(64))), arena_before[ARENA];
static size_t arena_used;

static UNUSED void failed(int line, const char *format, ...)
{
    va_list list;
    printf("FAILED  %s (%s), line %d: ", now.entry->id, now.entry->part, line);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
    longjmp(now.out, 1);
}
#define CHECK(what)                                    \
    do {                                               \
        now.checks++;                                  \
        if (!(what)) failed(__LINE__, "not %s", #what); \
    } while (0)

static UNUSED void show(const tn_diag *d)
{
    static char text[TEXT];
    if (!now.show) return;
    tn_diag_format(d, TN_FULL, text, sizeof text);
    printf("%s\n\n", text);
}

/* ---- data ---- */

static UNUSED void *block(size_t size)
{
    unsigned char *const p = arena + arena_used;
    arena_used += (size + 63) / 64 * 64;
    if (arena_used > ARENA) failed(__LINE__, "the arena is too small");
    return p;
}
static UNUSED float draw(void)
{
    now.bits = now.bits * 6364136223846793005u + 1442695040888963407u;
    return (float)(now.bits >> 40) * (1.0f / 16777216.0f);
}
static UNUSED tn_tensor of_type(int32_t dtype, int32_t rank, int a, int b, int c, int d)
{
    tn_tensor t = tn_as(tn_view(NULL, 0, rank, a, b, c, d), dtype);
    t.data = block(tn_bytes(&t));
    return t;
}
/* 0 to 1, as scaled data is. */
static UNUSED tn_tensor floats(int32_t rank, int a, int b, int c, int d)
{
    const tn_tensor t = of_type(TN_F32, rank, a, b, c, d);
    const size_t n = tn_bytes(&t) / sizeof(float);
    size_t i;
    for (i = 0; i < n; i++) ((float *)t.data)[i] = draw();
    if (now.redrawn < REDRAWN) {
        now.redraw[now.redrawn] = (float *)t.data;
        now.redraw_count[now.redrawn++] = n;
    }
    return t;
}
static UNUSED tn_tensor bytes(int32_t rank, int a, int b, int c, int d)
{
    const tn_tensor t = of_type(TN_U8, rank, a, b, c, d);
    const size_t n = tn_bytes(&t);
    size_t i;
    for (i = 0; i < n; i++) ((unsigned char *)t.data)[i] = (unsigned char)(draw() * 256.0f);
    return t;
}
/* Every class from 0 to k-1 in turn. */
static UNUSED tn_tensor classes(int n, int k)
{
    const tn_tensor t = of_type(TN_I32, 1, n, 0, 0, 0);
    int i;
    for (i = 0; i < n; i++) ((int32_t *)t.data)[i] = i % k;
    return t;
}
static UNUSED tn_tensor onehot(int n, int k)
{
    const tn_tensor t = of_type(TN_F32, 2, n, k, 0, 0);
    int i;
    memset(t.data, 0, tn_bytes(&t));
    for (i = 0; i < n; i++) ((float *)t.data)[i * k + i % k] = 1.0f;
    return t;
}
static UNUSED tn_tensor room(int32_t rank, int a, int b, int c, int d)
{
    const tn_tensor t = of_type(TN_F32, rank, a, b, c, d);
    memset(t.data, 0x5a, tn_bytes(&t));
    return t;
}
/* The same values in other axes, or by another name. */
static UNUSED tn_tensor as_shape(tn_tensor t, int32_t rank, int a, int b, int c, int d)
{
    const tn_tensor v = tn_as(tn_view(t.data, 0, rank, a, b, c, d), t.dtype);
    if (tn_bytes(&v) != tn_bytes(&t)) failed(__LINE__, "as_shape: another number of values");
    return v;
}
static UNUSED tn_tensor named(tn_tensor t, int32_t axes)
{
    t.axes = axes;
    return t;
}

/* ---- the model ---- */

static UNUSED tn_layer same(tn_layer l)
{
    l.window.padding = TN_SAME;
    return l;
}
static UNUSED tn_layer dilated(tn_layer l, int32_t by)
{
    l.window.dilation_h = l.window.dilation_w = by;
    return l;
}
static UNUSED tn_layer sequences(tn_layer l)
{
    l.return_sequences = 1;
    return l;
}
static UNUSED tn_layer stateful(tn_layer l)
{
    l.stateful = 1;
    return l;
}
static UNUSED tn_layer per_position(tn_layer l)
{
    l.per_position = 1;
    return l;
}
static UNUSED tn_layer called(tn_layer l, const char *name)
{
    l.name = name;
    return l;
}

/* ---- refusals ---- */

static UNUSED void note_came(void *user, const tn_diag *d)
{
    (void)user;
    if (now.notes < NOTES) now.note[now.notes] = *d;
    now.notes++;
    show(d);
}

static UNUSED void keep(void)
{
    model_before = model;
    memcpy(layers_before, layers, sizeof layers);
    memcpy(arena_before, arena, arena_used);
    memset(&diag, 0, sizeof diag);
}

/* As a user sees it; nothing in it that looks like a value of a tensor. */
static UNUSED void text_of(int line, char *text)
{
    static char other[TEXT];
    const char *p, *q;
    if (tn_diag_format(&diag, TN_FULL, text, TEXT) >= TEXT || tn_diag_format(&diag, TN_LINE, other, TEXT) >= TEXT ||
        tn_diag_format(&diag, TN_JSON, other, TEXT) >= TEXT)
        failed(line, "a text of more than %d characters", TEXT);
    for (p = text; (p = strchr(p, '.')) != NULL; p++) {
        for (q = p + 1; *q >= '0' && *q <= '9'; q++) continue;
        if (q - p > 4) failed(line, "a value in the text:\n%s", text);
    }
}

/* The rows of a source's batch were written by the source, into the model's memory: there only what the model learns
 * counts. */
static UNUSED void forget_batch(void)
{
    const size_t from = (size_t)((unsigned char *)model.memory - arena);
    static unsigned char weights[ARENA / 8];
    size_t at = 0;
    int i, k, put;
    for (put = 0; put < 2; put++, at = 0)
        for (i = 0; i < model.count; i++) {
            const tn_tensor *const all[] = { &layers[i].kernel, &layers[i].recurrent, &layers[i].bias, &layers[i].gamma,
                                             &layers[i].beta, &layers[i].mean, &layers[i].variance };
            for (k = 0; k < 7; k++) {
                const size_t size = all[k]->data ? tn_bytes(all[k]) : 0;
                unsigned char *was;
                if (!size) continue;
                was = arena_before + ((unsigned char *)all[k]->data - arena);
                if (at + size > sizeof weights) failed(__LINE__, "too many weights");
                if (put) memcpy(was, weights + at, size);
                else memcpy(weights + at, was, size);
                at += size;
            }
            if (!put && i == model.count - 1) memcpy(arena_before + from, arena + from, model.memory_size);
        }
}

static UNUSED void record_of(tn_status got, int stage, int code, int cause, const char *call, int line)
{
    static char text[TEXT];
    now.checks++;
    if (got == TN_OK) failed(line, "%s took it, %s expected", call, tn_status_name(code));
    text_of(line, text);
    if ((int)got != code || diag.status != code || diag.cause != cause || diag.stage != stage)
        failed(line, "%s: must be %s (%s) at %s\n%s", call, tn_status_name(code), tn_cause_name(cause),
               stage_names[stage], text);
    if (now.records < RECORDS) now.record[now.records++] = diag;
    show(&diag);
}
#define FAILS(stage, code, cause, fn, ...) \
    record_of(TN_CALL(fn, &ctx, __VA_ARGS__), stage, code, cause, #fn, __LINE__)

static UNUSED void refused(tn_status got, int stage, int code, int cause, const char *call, int line)
{
    int i;
    size_t k;
    record_of(got, stage, code, cause, call, line);
    if (memcmp(&model_before, &model, sizeof model)) failed(line, "%s changed the model", call);
    for (i = 0; i < LAYERS; i++) {
        tn_layer was = layers_before[i];
        if (!model.built) was.output = layers[i].output; /* the trace shows how far it came */
        if (memcmp(&was, &layers[i], sizeof was)) failed(line, "%s changed entry %d of the list", call, i);
    }
    if (stage == TN_AT_BATCH) forget_batch();
    for (k = 0; memcmp(arena, arena_before, arena_used) && k < arena_used; k++)
        if (arena[k] != arena_before[k]) failed(line, "%s wrote into byte %lu of the arena", call, (unsigned long)k);
    now.notes_once = now.notes;
}
static UNUSED void other_values(void)
{
    int i;
    size_t k;
    for (i = 0; i < now.redrawn; i++)
        for (k = 0; k < now.redraw_count[i]; k++) now.redraw[i][k] = 1.0f - now.redraw[i][k];
}
static UNUSED void same_text(tn_status got, const char *call, int line)
{
    static char first[TEXT], text[TEXT];
    now.notes = now.notes_once;
    tn_diag_format(&now.record[now.records - 1], TN_FULL, first, TEXT);
    text_of(line, text);
    if (got == TN_OK || strcmp(first, text)) failed(line, "%s says other things of other values:\n%s", call, text);
}
/* The call twice: of other values the text is the same. */
#define REFUSED(stage, code, cause, fn, ...)                                        \
    do {                                                                            \
        keep();                                                                     \
        refused(TN_CALL(fn, &ctx, __VA_ARGS__), stage, code, cause, #fn, __LINE__); \
        other_values();                                                             \
        same_text(TN_CALL(fn, &ctx, __VA_ARGS__), #fn, __LINE__);                   \
        other_values();                                                             \
    } while (0)

/* "N 32 32 3" */
static UNUSED int is_shape(const tn_tensor *t, const char *words)
{
    int32_t rank = 0;
    if (*words == '-') return t->rank < 0;
    while (*words) {
        char *end;
        const long length = *words >= 'A' ? TN_ANY : strtol(words, &end, 10);
        if (rank >= t->rank || t->dim[rank++] != length) return 0;
        words = *words >= 'A' ? words + 1 : end;
        while (*words == ' ') words++;
    }
    return rank == t->rank;
}
static UNUSED void record_is(const char *expected, const char *received, const char *differs, int line)
{
    static char text[TEXT];
    uint32_t axes = 0;
    for (; *differs; differs++) axes |= 1u << (*differs - '0');
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    now.checks++;
    if (!is_shape(&diag.expected, expected)) failed(line, "expected shape is not (%s)\n%s", expected, text);
    if (!is_shape(&diag.received, received)) failed(line, "received shape is not (%s)\n%s", received, text);
    if (diag.axes_differ != axes)
        failed(line, "axes %x differ, must be %x\n%s", (unsigned)diag.axes_differ, (unsigned)axes, text);
}
#define RECORD(expected, received, differs) record_is(expected, received, differs, __LINE__)
#define LAYER(i) CHECK(diag.layer == (i))
#define ALSO(code, cause) CHECK(diag.also_status == (code) && diag.also_cause == (cause))

/* ---- what runs ---- */

static UNUSED void runs(tn_status got, const char *call, int line)
{
    static char text[TEXT];
    now.checks++;
    if (got == TN_OK) return;
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    failed(line, "%s refused:\n%s", call, text);
}
#define RUNS(fn, ...) runs(TN_CALL(fn, &ctx, __VA_ARGS__), #fn, __LINE__)

static UNUSED void noted(int code, int cause, int line)
{
    int i;
    now.checks++;
    for (i = 0; i < now.notes && i < NOTES; i++) {
        if (now.note[i].status != code || now.note[i].cause != cause) continue;
        if (now.records < RECORDS) now.record[now.records++] = now.note[i];
        now.notes--;
        memmove(&now.note[i], &now.note[i + 1], (size_t)(NOTES - 1 - i) * sizeof now.note[0]);
        return;
    }
    failed(line, "no note %s (%s)", tn_status_name(code), tn_cause_name(cause));
}
#define NOTED(code, cause) noted(code, cause, __LINE__)

static UNUSED void model_of(const tn_layer *list, size_t count)
{
    if (count > LAYERS) failed(__LINE__, "more than %d layers", (int)LAYERS);
    memset(layers, 0, sizeof layers);
    memcpy(layers, list, count * sizeof *list);
    RUNS(tn_model_init, &model, NULL, layers, (int32_t)count);
}
#define MODEL(...)                                     \
    do {                                               \
        const tn_layer model_list[] = { __VA_ARGS__ }; \
        model_of(model_list, COUNT(model_list));       \
    } while (0)

/* Adam, and what the last layer gives: probabilities. NO_LOSS: not compiled. */
enum { NO_LOSS = -1 };
static UNUSED void compiled(int32_t loss)
{
    tn_compile c = TN_ZERO;
    c.loss = loss;
    c.optimizer = tn_adam(1e-3f);
    if (loss != NO_LOSS) RUNS(tn_model_compile, &model, &c);
}
/* The scratch memory that a query of the call asked for. */
static UNUSED void given_workspace(void)
{
    ctx.workspace_size = ctx.need;
    ctx.workspace = block(ctx.need);
    ctx.query = 0;
}
#define WORKSPACE_FOR(fn, ...)    \
    do {                          \
        ctx.query = 1;            \
        RUNS(fn, __VA_ARGS__);    \
        given_workspace();        \
    } while (0)

/* Memory for a model that is built, or whose first batch said what it needs. */
static UNUSED void given_memory(size_t size) { RUNS(tn_model_memory, &model, block(size), size, 7); }
#define MEMORY_FOR(fn, ...)    \
    do {                       \
        ctx.query = 1;         \
        RUNS(fn, __VA_ARGS__); \
        ctx.query = 0;         \
        given_memory(ctx.need); \
    } while (0)
static UNUSED void ready(int32_t loss, int32_t batch)
{
    compiled(loss);
    RUNS(tn_model_build, &model, NULL, batch);
    given_memory(model.need);
}

/* The model's answer to x: of this shape, every value finite. */
static UNUSED void gives(const char *shape, const tn_tensor *x, int line)
{
    tn_tensor y = layers[model.count - 1].output;
    size_t i;
    y.dim[0] = x->dim[0];
    y.data = block(tn_bytes(&y));
    if (!is_shape(&y, shape)) failed(line, "the output is not (%s)", shape);
    runs(TN_CALL(tn_model_predict, &ctx, &model, &y, x), "tn_model_predict", line);
    for (i = 0; i < tn_bytes(&y) / sizeof(float); i++)
        if (!isfinite(((const float *)y.data)[i])) failed(line, "an output that is not finite");
}
#define GIVES(shape, x) gives(shape, x, __LINE__)

/* Trains an epoch; the loss is finite. */
static UNUSED double trains(const tn_tensor *x, const tn_tensor *y, int line)
{
    tn_progress last = TN_ZERO;
    runs(TN_CALL(tn_model_fit, &ctx, &model, x, y, NULL, &last), "tn_model_fit", line);
    if (!isfinite(last.loss)) failed(line, "a loss that is not finite");
    return last.loss;
}
#define TRAINS(x, y) (void)trains(x, y, __LINE__)
#define PARAMETERS(n) CHECK(model.parameters == (n))
/* The output of layer i, input entries not counted. */
static UNUSED const tn_tensor *output_of(int i) { return &layers[i + (layers[0].kind == TN_LAYER_INPUT)].output; }
#define OUTPUT(i, shape) CHECK(is_shape(output_of(i), shape))
