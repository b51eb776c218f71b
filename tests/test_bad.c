/* tests/test_bad.c - bad inputs: each row changes one valid call, and tells the exact code, the argument, the axes and the cause. Whatever was
 * refused has written nothing: not to outputs, not to the workspace, not to a struct that it fills. Rows are in test_bad_rows.h. */
#include "test.h"

/* ---- what a call is given: operands by name in the order of the arguments, numbers by name ---- */

enum { SLOTS = 16, ARENA = 1 << 15 };
static struct { char name[20]; tn_tensor t; const tn_tensor *given; } slots[SLOTS];
static int slot_count;
static float arena[ARENA], before[ARENA], workspace[2048];
static size_t arena_used;
static tn_tensor filled[2];
static tn_tensor *fill[2];
static void *memory;
static const tn_random stream = { 1, 0, 0, 0, 0 };

static int32_t size_h, size_w, stride_h, stride_w, dilation_h, dilation_w, padding, top, bottom, left, right, ceil_mode, groups, activation,
    flags, kind, axis, mode, method, pixel, count, rank, step, pad_before, pad_after, reduction, from, use_ignore_index, axes, batch, epochs,
    dim0, dim1, first, sequences, no_y, no_memory, odd_memory, size, work, no_pointer, no_workspace, odd_workspace;
static float alpha, lr, momentum, beta1, beta2, epsilon, decay, low, high, rate, scale, smoothing, delta, clip;
#define I(name) { #name, &name, NULL }
#define F(name) { #name, NULL, &name }
static const struct { const char *name; int32_t *i; float *f; } numbers[] = {
    I(size_h), I(size_w), I(stride_h), I(stride_w), I(dilation_h), I(dilation_w), I(padding), I(top), I(bottom), I(left), I(right), I(ceil_mode),
    I(groups), I(activation), I(flags), I(kind), I(axis), I(mode), I(method), I(pixel), I(count), I(rank), I(step), I(pad_before), I(pad_after),
    I(reduction), I(from), I(use_ignore_index), I(axes), I(batch), I(epochs), I(dim0), I(dim1), I(first), I(sequences), I(no_y), I(no_memory), I(odd_memory), I(size), I(work), I(no_pointer), I(no_workspace), I(odd_workspace),
    F(alpha), F(lr), F(momentum), F(beta1), F(beta2), F(epsilon), F(decay), F(low), F(high), F(rate), F(scale), F(smoothing), F(delta), F(clip)
};

static const tn_tensor *at(int i) { return slots[i].given; }

static int slot_of(const char *name, size_t length, int make)
{
    for (int i = 0; i < slot_count; i++) if (strlen(slots[i].name) == length && memcmp(slots[i].name, name, length) == 0) return i;
    if (!make || slot_count == SLOTS || length >= sizeof slots[0].name) { print_error("no operand %.*s\n", (int)length, name); abort(); }
    memcpy(slots[slot_count].name, name, length);
    return slot_count++;
}

static long number_of(const char **s)
{
    char *end;
    long v;
    if (strncmp(*s, "max", 3) == 0) { *s += 3; return INT32_MAX; }
    if (strncmp(*s, "min", 3) == 0) { *s += 3; return INT32_MIN; }
    v = strtol(*s, &end, 10);
    if (end == *s) { print_error("no number at %s\n", *s); abort(); }
    *s = end;
    return v;
}

/* x:word - what is wrong with it, or its axes or element type */
static void qualify(int i, const char *word, size_t n)
{
    static const struct { const char *word; int32_t dtype; } types[] = { { "f64", TN_F64 }, { "u8", TN_U8 }, { "i8", TN_I8 }, { "i32", TN_I32 },
                                                                         { "i64", TN_I64 }, { "f32", TN_F32 }, { "type9", 9 }, { "type-1", -1 } };
    tn_tensor *const t = &slots[i].t;
#define IS(s) (n == strlen(s) && memcmp(word, s, n) == 0)
    if (IS("null")) { slots[i].given = NULL; return; }
    if (IS("nodata")) { t->data = NULL; return; }
    if (IS("odd")) { t->data = (char *)t->data + 1; return; }
    if (IS("odd2") || IS("odd3")) { t->data = (char *)t->data + (word[3] - '0'); return; }
    if (IS("readonly")) { t->flags |= TN_READONLY; return; }
    if (IS("packed")) { t->flags |= TN_PACKED; return; }
    if (IS("rank7")) { t->rank = 7; return; }
    if (IS("rank-1")) { t->rank = -1; return; }
    if (IS("rankmax")) { t->rank = INT32_MAX; return; }
    if (IS("rankmin")) { t->rank = INT32_MIN; return; }
    if (IS("zero")) { memset(t, 0, sizeof *t); return; }
    if (IS("garbage")) { memset(t, 0xa5, sizeof *t); return; }
    for (size_t k = 0; k < COUNT(types); k++) if (IS(types[k].word)) { t->dtype = types[k].dtype; return; }
#undef IS
    t->axes = 0;
    for (size_t k = 0; k < n; k++) t->axes |= TNI_AX(word[k], (int)k);
}

/* name=2,3  name:word  name@other+bytes  name#element=value  number=1; one after the other, between semicolons */
static void apply(const char *s, int make)
{
    while (*s) {
        const size_t n = strcspn(s, "=:@#;");
        const char *name = s;
        size_t k;
        s += n;
        for (k = 0; k < COUNT(numbers); k++) if (strlen(numbers[k].name) == n && memcmp(numbers[k].name, name, n) == 0) break;
        if (k < COUNT(numbers) && *s == '=') {
            s++;
            if (numbers[k].f) { char *end; *numbers[k].f = strtof(s, &end); s = end; }
            else *numbers[k].i = (int32_t)number_of(&s);
        } else {
            const int i = slot_of(name, n, make);
            tn_tensor *const t = &slots[i].t;
            if (*s == '=') {
                const int32_t dtype = t->dtype;
                memset(t->dim, 0, sizeof t->dim);
                t->rank = 0;
                for (s++; *s && *s != ';' && *s != ':'; s += *s == ',') t->dim[t->rank++] = (int32_t)number_of(&s);
                if (make) {
                    t->dtype = dtype;
                    t->data = &arena[arena_used];
                    slots[i].given = t;
                    arena_used += 256;
                    if (arena_used > ARENA) abort();
                }
            } else if (*s == '@') {
                const char *other = ++s;
                const size_t length = strcspn(s, "+;");
                s += length;
                t->data = length == 9 && memcmp(other, "workspace", 9) == 0 ? (void *)workspace : slots[slot_of(other, length, 0)].t.data;
                if (*s == '+') { s++; t->data = (char *)t->data + number_of(&s); }
            } else if (*s == '#') {
                long element;
                s++;
                element = number_of(&s);
                s++;
                if (t->dtype == TN_U8) ((uint8_t *)t->data)[element] = (uint8_t)number_of(&s);
                else if (t->dtype == TN_I32) ((int32_t *)t->data)[element] = (int32_t)number_of(&s);
                else if (t->dtype == TN_I64) ((int64_t *)t->data)[element] = number_of(&s);
                else { char *end; ((float *)t->data)[element] = strtof(s, &end); s = end; }
            }
            while (*s == ':') {
                const size_t length = strcspn(s + 1, ":;");
                qualify(i, s + 1, length);
                if (make && slots[i].t.dtype != TN_F32) memset(slots[i].t.data, 0, 256 * sizeof(float)); /* labels, lengths: 0 is one */
                s += 1 + length;
            }
        }
        if (*s && *s != ';') { print_error("what is %s\n", s); abort(); }
        s += *s == ';';
    }
}

#include "test_bad_calls.h"

/* ---- valid calls, and the rows that break them ---- */

#include "test_bad_rows.h"

#define BASE(id, name, spec) { #name, spec, call_##name },
static const struct { const char *name, *spec; tn_status (*call)(tn_context *); } bases[] = { BASES(BASE) };

/* Calls on a model tell their stage. */
static int of_model(int base) { return strncmp(bases[base].name, "tn_model_", 9) == 0; }

/* The valid call, then the change. */
static void set_up(const char *spec, const char *change)
{
    memset(slots, 0, sizeof slots);
    slot_count = 0;
    arena_used = 0;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if (numbers[i].i) *numbers[i].i = 0;
        else *numbers[i].f = 0.0f;
    }
    test_seed = 5;
    fill_floats(arena, ARENA, 0.5f, 1.0f);
    fill_floats(workspace, COUNT(workspace), 0.5f, 1.0f);
    memset(filled, 0x5a, sizeof filled);
    size = 4096;
    work = sizeof workspace;
    apply(spec, 1);
    apply(change, 0);
    fill[0] = no_y == 1 ? NULL : &filled[0];
    fill[1] = no_y == 2 ? NULL : &filled[1];
    memory = no_memory ? NULL : odd_memory ? (char *)&arena[ARENA - 2048] + 1 : (char *)&arena[ARENA - 2048];
}

static int is_stack(int base) { return strcmp(bases[base].name, "tn_stack") == 0; }

/* Whether a query, which looks at no data, finds the same. That of tn_stack fills y. */
static int is_about_data(const row *r)
{
    const char *const change = r->change;
    if (is_stack(r->base) && *change == 'y' && !strstr(change, "null")) return 1;
    return r->cause == TN_CAUSE_PACKED_FOR_ANOTHER_PLAN || strchr(change, '@') || strchr(change, '#') || strstr(change, "nodata") || strstr(change, "memory=") ||
           strstr(change, "size=") || strstr(change, "work=") || strstr(change, "workspace") || strstr(change, ":odd");
}

/* Without a context there is no workspace at all. */
static int is_about_workspace(const row *r) { return strstr(r->change, "workspace") != NULL; }

/* All that is wrong is said before the test fails. */
static int complaints;
#define COMPLAIN(...) (complaints++, print_error(__VA_ARGS__), print_error("\n"))

static int contains_shape(const char *text, const tn_tensor *t)
{
    char json[200];
    int n = sprintf(json, "\"rank\": %d, \"dtype\": ", (int)t->rank);
    const char *p = strstr(text, json);
    if (!p) return 0;
    n = sprintf(json, "\"shape\": [");
    for (int32_t i = 0; i < t->rank; i++) n += t->dim[i] == TN_ANY ? sprintf(json + n, "%snull", i ? ", " : "") : sprintf(json + n, "%s%d", i ? ", " : "", (int)t->dim[i]);
    sprintf(json + n, "]");
    return strstr(text, json) != NULL;
}

/* The record says whose fault it is, and can be read in all three forms. */
static void check_record(const row *r, const tn_diag *d, const char *where)
{
    static const int32_t forms[] = { TN_FULL, TN_LINE, TN_JSON };
    const int32_t shape_code = r->status <= TN_E_LAYOUT || r->status == TN_E_BATCH || r->status == TN_E_MERGE || r->status == TN_E_RESHAPE;
    char text[4000];
#define SAY(what, is, must) COMPLAIN("%s: %s is %d, must be %d", where, what, (int)(is), (int)(must))
    if (d->status != r->status) SAY("the record's status", d->status, r->status);
    if (d->arg != r->arg) SAY("arg", d->arg, r->arg);
    if (d->cause != r->cause) COMPLAIN("%s: cause is %s, must be %s", where, tn_cause_name(d->cause), tn_cause_name(r->cause));
    if (d->axes_differ != r->differ) SAY("axes_differ", d->axes_differ, r->differ);
    if (d->also_status != r->also) SAY("also_status", d->also_status, r->also);
#undef SAY
    assert_string_equal(d->call, bases[r->base].name);
    if (!d->rule || !*d->rule) COMPLAIN("%s: no rule", where);
    if (d->layer != -1 || (d->stage != (is_stack(r->base) ? TN_AT_LOAD : TN_AT_CALL) && !of_model(r->base)) || d->severity != TN_ERROR) COMPLAIN("%s: layer, stage or severity", where);
    if (d->expected.data || d->received.data) COMPLAIN("%s: the record keeps data", where);
    if (d->arg >= 0 && !d->role) COMPLAIN("%s: no role", where);
    if (d->received.rank >= 0 && d->arg >= 0 && d->arg < slot_count && slots[d->arg].given && strcmp(bases[r->base].name, "tn_concat") && !is_stack(r->base)) {
        const tn_tensor *t = slots[d->arg].given;
        if (t->rank != d->received.rank || memcmp(t->dim, d->received.dim, (size_t)t->rank * sizeof t->dim[0]))
            COMPLAIN("%s: what was received is not argument %d", where, (int)d->arg);
    }
    if (shape_code && d->status != TN_E_LAYOUT && d->cause != TN_CAUSE_BROADCAST && (d->received.rank < 0) != (d->expected.rank < 0) && d->number[0] == 0)
        COMPLAIN("%s: one shape without the other", where);
    if (shape_code && d->status != TN_E_RESHAPE && d->expected.rank == d->received.rank && d->expected.rank >= 0)
        for (int32_t i = 0; i < d->expected.rank; i++)
            if (d->expected.dim[i] != TN_ANY && (d->expected.dim[i] != d->received.dim[i]) != (int)(d->axes_differ >> i & 1))
                COMPLAIN("%s: axis %d of the two shapes", where, (int)i);
    for (size_t k = 0; k < COUNT(forms); k++) {
        const size_t length = tn_diag_format(d, forms[k], text, sizeof text);
        if (length == 0 || length >= sizeof text || strlen(text) != length) COMPLAIN("%s: form %d", where, (int)forms[k]);
        if (!strstr(text, tn_status_name(d->status))) COMPLAIN("%s: the code is not in %s", where, text);
        if (forms[k] == TN_FULL && shape_code && d->expected.rank >= 0 && d->received.rank >= 0 &&
            (!strstr(text, "\n  expected") || !strstr(text, "\n  received")))
            COMPLAIN("%s: not both shapes in %s", where, text);
    }
    if (d->expected.rank >= 0 && !contains_shape(text, &d->expected)) COMPLAIN("%s: expected is not in %s", where, text);
    if (d->received.rank >= 0 && !contains_shape(text, &d->received)) COMPLAIN("%s: received is not in %s", where, text);
}

static void bases_are_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bases); i++) {
        tn_context ctx = TN_ZERO;
        tn_diag d;
        tn_status asked, done, plain;
        char text[2000] = "";
        set_up(bases[i].spec, "");
        ctx.diag = &d;
        ctx.query = 1;
        asked = bases[i].call(&ctx);
        set_up(bases[i].spec, "");
        ctx.query = 0;
        ctx.workspace = workspace;
        ctx.workspace_size = ctx.need;
        assert_true(ctx.need <= sizeof workspace || strstr(bases[i].name, "pack") || of_model((int)i));
        done = bases[i].call(&ctx);
        if (done != TN_OK) tn_diag_format(&d, TN_LINE, text, sizeof text);
        set_up(bases[i].spec, "");
        plain = bases[i].call(NULL);
        if (of_model((int)i)) ctx.need = 0; /* the model's memory, no workspace */
        if (asked != TN_OK || done != TN_OK || plain != (ctx.need && !strstr(bases[i].name, "pack") ? TN_E_WORKSPACE : TN_OK))
            COMPLAIN("%s: query %s, call %s, without a context %s: %s", bases[i].spec, tn_status_name(asked), tn_status_name(done), tn_status_name(plain), text);
    }
    assert_int_equal(complaints, 0);
}

static void rows_are_refused_and_nothing_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const row *const r = &rows[i];
        char where[300];
        sprintf(where, "%s with %s", bases[r->base].name, r->change);
        for (int query = 0; query < 2; query++) {
            tn_context ctx = TN_ZERO;
            tn_diag d;
            tn_tensor old[2];
            float scratch[COUNT(workspace)];
            int32_t got;
            set_up(bases[r->base].spec, r->change);
            memcpy(before, arena, sizeof arena);
            memcpy(old, filled, sizeof filled);
            memcpy(scratch, workspace, sizeof workspace);
            ctx.diag = &d;
            ctx.query = query;
            ctx.workspace = no_workspace ? NULL : (char *)workspace + odd_workspace;
            ctx.workspace_size = (size_t)work;
            got = (int32_t)bases[r->base].call(&ctx);
            if (query && is_about_data(r)) {
                if (got != TN_OK) COMPLAIN("a query of %s: %s", where, tn_status_name(got));
            } else if (got != r->status) {
                char text[1000] = "";
                if (got != TN_OK) tn_diag_format(&d, TN_LINE, text, sizeof text);
                COMPLAIN("%s%s: %s, must be %s; %s", query ? "a query of " : "", where, tn_status_name(got), tn_status_name(r->status), text);
            } else {
                check_record(r, &d, where);
                if (memcmp(old, filled, sizeof filled)) COMPLAIN("%s filled a struct", where);
            }
            if (memcmp(before, arena, sizeof arena)) COMPLAIN("%s wrote something", where);
            if (memcmp(scratch, workspace, sizeof workspace)) COMPLAIN("%s wrote to the workspace", where);
        }
        set_up(bases[r->base].spec, r->change);
        if ((int32_t)bases[r->base].call(NULL) != (is_about_workspace(r) ? TN_E_WORKSPACE : r->status)) COMPLAIN("%s without a context", where);
    }
    print_message("%zu rows\n", COUNT(rows));
    assert_int_equal(complaints, 0);
}

/* Every call above is refused in at least three ways. */
static void every_call_has_rows(void **state)
{
    (void)state;
    for (size_t b = 0; b < COUNT(bases); b++) {
        size_t n = 0;
        for (size_t i = 0; i < COUNT(rows); i++) n += rows[i].base == (int)b;
        if (n < 3) COMPLAIN("%s has %zu rows", bases[b].name, n);
    }
    assert_int_equal(complaints, 0);
}

/* A packed w serves the shape and the instruction set that it was packed for. */
static void packed_for_another(void **state)
{
    static float w[12], y[8], x[6], block[2][1024];
    const tn_tensor tw = tn_cview(w, TN_IO, 2, 3, 4, 0, 0), other = tn_cview(w, TN_IO, 2, 4, 3, 0, 0), tx = tn_cview(x, TN_NF, 2, 2, 3, 0, 0);
    const tn_tensor ty = tn_view(y, TN_NF, 2, 2, 4, 0, 0);
    tn_context ctx = TN_ZERO;
    tn_diag d;
    tn_tensor packed, forged;
    (void)state;
    ctx.diag = &d;
    fill_floats(w, 12, 0, 1); fill_floats(x, 6, 0, 1); fill_floats(y, 8, 0, 1);
    FOR_EACH_ISA(isa) {
        float kept[8];
        memcpy(kept, y, sizeof y);
        assert_int_equal(tn_dense_pack(&ctx, &packed, block[0], sizeof block[0], &tw, &tx, NULL), TN_OK);
        assert_int_equal(tn_dense_pack(&ctx, &forged, block[1], sizeof block[1], &other, NULL, NULL), TN_OK);
        forged.dim[0] = 3; forged.dim[1] = 4;
        assert_int_equal(tn_dense(&ctx, &ty, &tx, &forged, NULL, NULL), TN_E_WEIGHTS);
        assert_int_equal(d.cause, TN_CAUSE_PACKED_FOR_ANOTHER_PLAN);
        assert_int_equal(d.arg, 2);
        for (int32_t there = TN_ISA_SCALAR; there <= TN_ISA_NEON; there++) {
            if (there == isa || tn_isa_use(there) != TN_OK) continue;
            assert_int_equal(tn_dense(&ctx, &ty, &tx, &packed, NULL, NULL), TN_E_WEIGHTS);
            assert_int_equal(d.cause, TN_CAUSE_PACKED_FOR_ANOTHER_PLAN);
        }
        ASSERT_SAME_BITS(y, kept, 8);
        (void)tn_isa_use(isa);
    }
    assert_int_equal(tn_isa_use(TN_ISA_BEST), TN_OK);
    assert_int_equal(tn_isa_use(99), TN_E_ISA);
    assert_int_equal(tn_isa_use(-1), TN_E_ISA);
}

/* Any numbers in structs and parameters: a query answers, reads no data, and writes to nothing but what it fills. */
static void queries_take_any_garbage(void **state)
{
    static const int32_t extreme[] = { 0, 1, 2, 3, 4, 5, 16, -1, 65536, 46341, INT32_MAX, INT32_MAX - 1, INT32_MIN, 1 << 30 };
    size_t refused = 0, accepted = 0;
    (void)state;
    for (size_t b = 0; b < COUNT(bases); b++)
        for (uint32_t trial = 0; trial < 400; trial++) {
            tn_context ctx = TN_ZERO;
            tn_diag d;
            char text[4000];
            tn_status status;
            set_up(bases[b].spec, "");
            memcpy(before, arena, sizeof arena);
            test_seed = (uint64_t)b * 1000 + trial + 1;
            for (int changes = random_int(1, 4); changes > 0; changes--) {
                tn_tensor *const t = &slots[random_int(0, slot_count - 1)].t;
                const int32_t v = extreme[random_bits() % COUNT(extreme)];
                const size_t n = random_bits() % COUNT(numbers);
                switch (random_int(0, 6)) {
                case 0: t->rank = v; break;
                case 1: t->axes = (int32_t)random_bits(); break;
                case 2: t->dtype = random_int(-1, 6); break;
                case 3: if (numbers[n].i && numbers[n].i != &no_y) *numbers[n].i = v; break;
                default: t->dim[random_int(0, 5)] = v;
                }
            }
            for (int i = 0; i < slot_count; i++) slots[i].t.data = NULL;
            ctx.query = 1;
            ctx.diag = &d;
            status = bases[b].call(&ctx);
            if (status == TN_OK) accepted++;
            else {
                refused++;
                if (!tn_diag_format(&d, TN_FULL, text, sizeof text) || !tn_diag_format(&d, TN_JSON, text, sizeof text)) fail_msg("%s: no text", bases[b].name);
            }
            if (memcmp(before, arena, sizeof arena)) fail_msg("%s wrote something", bases[b].name);
        }
    assert_true(refused > 10000 && accepted > 1000);
}

/* An empty batch is no bad input: nothing is written. */
static void empty_batches(void **state)
{
    static const struct { int base; const char *change; } empty[] = {
        { DENSE, "y=0,4;x=0,3" }, { CONV2D, "y=0,3,3,4;x=0,5,5,3;residual=0,3,3,4" }, { MAX_POOL, "y=0,2,2,3;indices=0,2,2,3;x=0,4,4,3" },
        { AVG_POOL, "y=0,2,2,3;x=0,4,4,3" }, { LSTM, "y=0,5,4;hn=0,4;cn=0,4;reserve=0;x=0,5,3;h0=0,4;c0=0,4" },
        { BATCH_NORM, "y=0,3,3,4;x=0,3,3,4" }, { LAYER_NORM, "y=0,3,4;mean=0,3;rstd=0,3;x=0,3,4" }, { ACTIVATION, "y=0,3;x=0,3" },
        { SOFTMAX, "y=0,3;x=0,3" }, { ADD, "y=0,2,2,3;a=0,2,2,3;b=0,2,2,3" }, { RESIZE, "y=0,2,2,3;x=0,4,4,3" }, { DROPOUT, "y=0,3;x=0,3" },
        { DENSE, "y=0,4:nodata;x=0,3:nodata" }, { CONV2D, "y=0,3,3,4:nodata;x=0,5,5,3:nodata;residual=0,3,3,4:nodata" },
        { MAX_POOL, "y=0,2,2,3:nodata;indices=0,2,2,3:nodata;x=0,4,4,3:nodata" } };
    (void)state;
    for (size_t i = 0; i < COUNT(empty); i++) {
        int32_t status;
        set_up(bases[empty[i].base].spec, empty[i].change);
        memcpy(before, arena, sizeof arena);
        status = (int32_t)bases[empty[i].base].call(NULL);
        if (status != TN_OK) fail_msg("%s with %s: %s", bases[empty[i].base].name, empty[i].change, tn_status_name(status));
        assert_memory_equal(before, arena, sizeof arena);
    }
}

/* What does not fit int32 becomes -1, never its low bits. */
static void views_of_any_length(void **state)
{
    static const int64_t wrong[] = { INT64_MAX, INT64_MIN, INT64_C(1) << 31, INT64_C(4294967299), -(INT64_C(1) << 32) + 3, -1, -3 };
    static float data[12];
    const tn_tensor w = tn_cview(data, TN_IO, 2, 3, 4, 0, 0), y = tn_view(data, TN_NF, 2, 1, 4, 0, 0);
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const tn_tensor many = tn_cview(data, TN_NF, 2, wrong[i], 3, 0, 0), columns = tn_view(data, TN_NF, 2, 1, wrong[i], 0, 0);
        assert_int_equal(many.dim[0], -1);
        assert_int_equal(columns.dim[1], -1);
        assert_int_equal(tn_dense(NULL, &y, &many, &w, NULL, NULL), TN_E_ARG);
        assert_int_equal(tn_dense(NULL, &y, &columns, &w, NULL, NULL), TN_E_ARG);
        assert_int_equal(tn_bytes(&many), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bases_are_valid), cmocka_unit_test(rows_are_refused_and_nothing_is_written), cmocka_unit_test(every_call_has_rows),
        cmocka_unit_test(packed_for_another), cmocka_unit_test(queries_take_any_garbage), cmocka_unit_test(empty_batches), cmocka_unit_test(views_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
