/* tests/conformance_run.h - one case under way: operands, calls, comparisons.
 *
 * Operands lie in blocks of exactly their size; calls are queried first, then made. Once a case has failed or been
 * skipped every further step does nothing, so that a mapping reads as a list of calls. */

enum { RUN_BLOCKS = 128, RUN_OPERANDS = 96 };

typedef struct run {
    case_file file; /* the case under way */
    tn_context ctx;
    tn_diag diag;
    tn_status status;
    int must;      /* TN_E_UNSUPPORTED is a failure */
    int over;      /* failed or skipped */
    char skip[64]; /* why, "" when not */
    char fail[640];
    unsigned char checked[CASE_TENSORS];
    void *block[RUN_BLOCKS];
    tn_tensor operand[RUN_OPERANDS];
    int blocks, operands;
} run;

static void run_fail(run *r, const char *format, ...)
{
    va_list list;
    if (r->over) return;
    va_start(list, format);
    vsnprintf(r->fail, sizeof r->fail, format, list);
    va_end(list);
    r->over = 1;
}

static void run_skip(run *r, const char *why)
{
    if (r->over) return;
    snprintf(r->skip, sizeof r->skip, "%s", why);
    r->over = 1;
}

/* ---- keys ---- */
/* The key's number; otherwise where the case has no such key. */
static float number(const run *r, const char *key, double otherwise)
{
    return (float)case_number(&r->file, key, 0, otherwise);
}
static int32_t integer(const run *r, const char *key, int index, int32_t otherwise)
{
    return (int32_t)case_number(&r->file, key, index, otherwise);
}
static int is(const run *r, const char *key, const char *value)
{
    const char *text = case_text(&r->file, key);
    return text && !strcmp(text, value);
}
static int has(const run *r, const char *role, const char *name) { return case_find(&r->file, role, name) != NULL; }
static int32_t rank_of(const run *r, const char *role, const char *name)
{
    const case_tensor *t = case_find(&r->file, role, name);
    return t ? t->rank : 0;
}
/* The product of the lengths first to last - 1: neighbouring axes seen as one. */
static int32_t span_of(const run *r, const char *role, const char *name, int32_t first, int32_t last)
{
    const case_tensor *t = case_find(&r->file, role, name);
    int64_t n = 1;
    for (; t && first < last; first++) n *= t->dim[first];
    return (int32_t)n;
}

/* ---- operands ---- */

/* A block that ends where its contents end, so that a sanitizer sees a byte too many. Filled with NaN, or -1. */
static void *take(run *r, size_t bytes)
{
    void *p = malloc(bytes ? bytes : 1);
    if (!p || r->blocks == RUN_BLOCKS) {
        fputs("conformance: out of memory\n", stderr);
        exit(2);
    }
    r->block[r->blocks++] = p;
    memset(p, 0xff, bytes ? bytes : 1);
    return p;
}

static tn_tensor *operand(run *r, tn_tensor t)
{
    if (r->operands == RUN_OPERANDS) {
        fputs("conformance: too many operands\n", stderr);
        exit(2);
    }
    r->operand[r->operands] = t;
    return &r->operand[r->operands++];
}

/* New memory of the given shape. */
static tn_tensor *fresh(run *r, int32_t dtype, int32_t axes, int32_t rank, int64_t a, int64_t b, int64_t c, int64_t d)
{
    tn_tensor t = tn_as(tn_view(NULL, axes, rank, a, b, c, d), dtype);
    t.data = take(r, tn_bytes(&t));
    return operand(r, t);
}

/* The same memory, read as another shape; NULL stays NULL. */
static tn_tensor *shaped(run *r, const tn_tensor *t, int32_t axes, int32_t rank, int64_t a, int64_t b, int64_t c,
                         int64_t d)
{
    tn_tensor v;
    if (!t) return NULL;
    v = tn_as(tn_view(t->data, axes, rank, a, b, c, d), t->dtype);
    v.flags = t->flags;
    if (tn_bytes(&v) != tn_bytes(t)) run_fail(r, "the mapping reads %zu bytes as %zu", tn_bytes(t), tn_bytes(&v));
    return operand(r, v);
}

/* The case's tensor, NULL when it has none of that name. More axes than a tn_tensor takes are seen as one. */
static tn_tensor *bring(run *r, const char *role, const char *name, int32_t axes)
{
    static const int32_t dtypes[] = { TN_F32, TN_I32, TN_I64 };
    const case_tensor *c = case_find(&r->file, role, name);
    tn_tensor t = TN_ZERO;
    int i;
    if (!c) return NULL;
    t.dtype = dtypes[c->type];
    t.axes = axes;
    t.rank = c->rank > TN_MAX_RANK ? 1 : c->rank;
    for (i = 0; i < t.rank; i++) t.dim[i] = c->rank > TN_MAX_RANK ? (int32_t)c->count : (int32_t)c->dim[i];
    t.data = take(r, c->bytes);
    if (role[0] == 'i') {
        memcpy(t.data, c->data, c->bytes);
        t.flags = TN_READONLY;
    }
    return operand(r, t);
}
static tn_tensor *in(run *r, const char *name, int32_t axes) { return bring(r, "in", name, axes); }
/* Memory for what will be compared. */
static tn_tensor *out(run *r, const char *name, int32_t axes) { return bring(r, "out", name, axes); }

/* An input that the mapping itself looks into. */
static tn_tensor *needed(run *r, const char *name)
{
    static const tn_tensor none = TN_ZERO;
    tn_tensor *t = in(r, name, 0);
    if (t) return t;
    run_fail(r, "no input %s", name);
    return operand(r, none);
}

/* Row i of a matrix, as a column. */
static tn_tensor column(const tn_tensor *t, int32_t i)
{
    const int32_t n = t->dim[1];
    tn_tensor v = tn_view((float *)t->data + (size_t)i * (size_t)n, 0, 2, n, 1, 0, 0);
    v.flags = t->flags;
    return v;
}

/* ---- calls ---- */

/* CALL(r, tn_dense, y, x, w, b, &p): the query, then the call with exactly the workspace it asked for. Evaluates its
 * arguments twice. */
#define CALL(r, fn, ...)                                                      \
    do {                                                                      \
        if (call_query(r)) (r)->status = TN_CALL(fn, &(r)->ctx, __VA_ARGS__); \
        if (call_ready(r)) (r)->status = TN_CALL(fn, &(r)->ctx, __VA_ARGS__); \
        call_end(r, #fn);                                                     \
    } while (0)

static int call_query(run *r)
{
    r->ctx.diag = &r->diag;
    r->ctx.query = 1;
    r->ctx.need = r->ctx.workspace_size = 0;
    r->ctx.workspace = NULL;
    return !r->over;
}

static int call_ready(run *r)
{
    if (r->over || r->status != TN_OK) return 0;
    r->ctx.query = 0;
    r->ctx.workspace_size = r->ctx.need;
    r->ctx.workspace = r->ctx.need ? take(r, r->ctx.need) : NULL;
    return 1;
}

static void call_end(run *r, const char *name)
{
    char line[512];
    if (r->over || r->status == TN_OK) return;
    if (r->status == TN_E_UNSUPPORTED && !r->must) {
        run_skip(r, "TN_E_UNSUPPORTED");
        return;
    }
    tn_diag_format(&r->diag, TN_LINE, line, sizeof line);
    run_fail(r, "%s returned %s: %s", name, tn_status_name((int32_t)r->status), line);
}

/* ---- comparing ---- */

/* How far the output may be from want. Cases with `opset` are ONNX'; the others may carry `f32err`. */
static double tolerance(const run *r, const char *name, double want)
{
    char key[80];
    double most;
    if (case_number(&r->file, "special", 0, 0) != 0) return 2e-6 * (fabs(want) > 0.1 ? fabs(want) : 0.1);
    snprintf(key, sizeof key, "maxabs.%s", name);
    most = 1e-5 * case_number(&r->file, key, 0, (double)NAN);
    if (case_text(&r->file, "opset")) return case_number(&r->file, "abs_tol", 0, most + 1e-6);
    snprintf(key, sizeof key, "f32err.%s", name);
    /* training adds errors up over its steps */
    if (!strcmp(r->file.op, "sequential")) return 10 * most + 16 * case_number(&r->file, key, 0, 0);
    return most + 4 * case_number(&r->file, key, 0, 0);
}

/* got, of whatever shape, against the elements of the case's output `name`. NULL got: the case has no such output. */
static void check(run *r, const char *name, const tn_tensor *got)
{
    const case_tensor *want = case_find(&r->file, "out", name);
    const size_t whole = want && want->count ? want->bytes / want->count : 0;
    size_t i;
    if (r->over || (!want && !got)) return;
    if (!want || !got || tn_bytes(got) != want->bytes) {
        run_fail(r, "%s has another size than the case's", name);
        return;
    }
    r->checked[want - r->file.tensor] = 1;
    for (i = 0; i < want->count && want->type != CASE_F32; i++)
        if (memcmp((const char *)got->data + i * whole, want->data + i * whole, whole)) {
            run_fail(r, "%s[%zu] is another integer", name, i);
            return;
        }
    for (i = 0; i < want->count && want->type == CASE_F32; i++) {
        float g, w;
        double allowed;
        memcpy(&g, (const char *)got->data + i * whole, whole);
        memcpy(&w, want->data + i * whole, whole);
        allowed = tolerance(r, name, (double)w);
        if (isnan(w) ? isnan(g) : g == w) continue;
        if (!(fabs((double)g - (double)w) <= allowed) || !isfinite(allowed) || !isfinite(w)) {
            run_fail(r, "%s[%zu] is %.9g, must be %.9g +- %.3g", name, i, (double)g, (double)w, allowed);
            return;
        }
    }
}

/* A shape that the library worked out against the shape of the case's output. */
static void check_shape(run *r, const char *name, const tn_tensor *got)
{
    const case_tensor *want = case_find(&r->file, "out", name);
    int i, differ;
    if (r->over || !want) return;
    differ = got->rank != want->rank;
    for (i = 0; i < want->rank && !differ; i++) differ = got->dim[i] != want->dim[i];
    if (differ) run_fail(r, "the shape of %s is not the case's", name);
}

/* A copy of x with the axes in another order. */
static tn_tensor *transposed(run *r, const tn_tensor *x, int32_t axes, int32_t p0, int32_t p1, int32_t p2, int32_t p3)
{
    tn_tensor t, *y;
    int32_t perm[4], i;
    perm[0] = p0, perm[1] = p1, perm[2] = p2, perm[3] = p3;
    if (!x || r->over) return NULL;
    t = *x;
    t.axes = axes;
    t.flags = 0;
    for (i = 0; i < t.rank; i++) t.dim[i] = x->dim[perm[i]];
    t.data = take(r, tn_bytes(x));
    y = operand(r, t);
    CALL(r, tn_transpose, y, x, perm);
    return y;
}
