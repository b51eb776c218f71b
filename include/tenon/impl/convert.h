/* impl/convert.h - element types: from one to another, with scale and offset. */

/* Elements travel in blocks, as double where a float or a scale is on the way, else as int64; through memcpy, since y
 * may be x. */
enum { TNI_BLOCK = 256, TNI_CONVERT_TASK = 16384 };

#define TNI_EACH(n, type, statement) for (i = 0; i < (n); i++) { type v; statement }
#define TNI_READ(as) \
    switch (dtype) { \
    case TN_F32: TNI_EACH(n, float, memcpy(&v, x + i * sizeof v, sizeof v); out[i] = (as)v;) break; \
    case TN_F64: TNI_EACH(n, double, memcpy(&v, x + i * sizeof v, sizeof v); out[i] = (as)v;) break; \
    case TN_U8: TNI_EACH(n, uint8_t, memcpy(&v, x + i * sizeof v, sizeof v); out[i] = (as)v;) break; \
    case TN_I8: TNI_EACH(n, int8_t, memcpy(&v, x + i * sizeof v, sizeof v); out[i] = (as)v;) break; \
    case TN_I32: TNI_EACH(n, int32_t, memcpy(&v, x + i * sizeof v, sizeof v); out[i] = (as)v;) break; \
    default: TNI_EACH(n, int64_t, memcpy(&v, x + i * sizeof v, sizeof v); out[i] = (as)v;) \
    }
/* WHOLE(v, type, low, high): v in that range */
#define TNI_WRITE(WHOLE) \
    switch (dtype) { \
    case TN_F32: TNI_EACH(n, float, v = (float)in[i]; memcpy(y + i * sizeof v, &v, sizeof v);) break; \
    case TN_F64: TNI_EACH(n, double, v = (double)in[i]; memcpy(y + i * sizeof v, &v, sizeof v);) break; \
    case TN_U8: TNI_EACH(n, uint8_t, v = WHOLE(in[i], uint8_t, 0, UINT8_MAX); memcpy(y + i, &v, 1);) break; \
    case TN_I8: TNI_EACH(n, int8_t, v = WHOLE(in[i], int8_t, INT8_MIN, INT8_MAX); memcpy(y + i, &v, 1);) break; \
    case TN_I32: TNI_EACH(n, int32_t, v = WHOLE(in[i], int32_t, INT32_MIN, INT32_MAX); \
                          memcpy(y + 4 * i, &v, 4);) break; \
    default: TNI_EACH(n, int64_t, v = WHOLE(in[i], int64_t, INT64_MIN, INT64_MAX); memcpy(y + 8 * i, &v, 8);) \
    }
#define TNI_CLAMP(v, type, low, high) ((v) <= (low) ? (type)(low) : (v) >= (high) ? (type)(high) : (type)(v))
/* (double)INT64_MAX is 2^63, which is clamped as it should be */
#define TNI_ROUND(v, type, low, high) \
    (!((v) <= (v)) ? (type)0 : (v) <= (double)(low) ? (type)(low) : (v) >= (double)(high) ? (type)(high) \
     : (type)rint(v))

static void tni_read_doubles(double *out, const char *x, int32_t dtype, size_t n) { size_t i; TNI_READ(double) }
static void tni_write_doubles(char *y, const double *in, int32_t dtype, size_t n) { size_t i; TNI_WRITE(TNI_ROUND) }
/* of whole types */
static void tni_read_whole(int64_t *out, const char *x, int32_t dtype, size_t n) { size_t i; TNI_READ(int64_t) }
static void tni_write_whole(char *y, const int64_t *in, int32_t dtype, size_t n) { size_t i; TNI_WRITE(TNI_CLAMP) }
#undef TNI_EACH
#undef TNI_READ
#undef TNI_WRITE
#undef TNI_CLAMP
#undef TNI_ROUND

typedef struct tni_conversion {
    const tni_table *k;
    char *y;
    const char *x;
    int32_t to, from, scaled;
    float scale, offset;
    size_t n;
} tni_conversion;

static void tni_convert_block(const tni_conversion *t, size_t at, size_t n)
{
    const char *const x = t->x + at * tni_dtype_size(t->from);
    char *const y = t->y + at * tni_dtype_size(t->to);
    const int whole = t->from != TN_F32 && t->from != TN_F64;
    int64_t w[TNI_BLOCK];
    double d[TNI_BLOCK];
    float f[TNI_BLOCK];
    size_t i;
    if (t->scaled && t->to == TN_F32 && t->from == TN_I8) { /* rounded once, as from u8 and f32 */
        tni_read_doubles(d, x, t->from, n);
        for (i = 0; i < n; i++) f[i] = (float)d[i];
        t->k->scale((float *)(void *)y, f, n, t->scale, t->offset);
    } else if (whole && !t->scaled) { /* int64 to float must not be rounded by way of double */
        tni_read_whole(w, x, t->from, n);
        tni_write_whole(y, w, t->to, n);
    } else {
        tni_read_doubles(d, x, t->from, n);
        if (t->scaled) for (i = 0; i < n; i++) d[i] = d[i] * (double)t->scale + (double)t->offset;
        tni_write_doubles(y, d, t->to, n);
    }
}

static void tni_convert_task(void *arg, int32_t index, int32_t worker)
{
    const tni_conversion *const t = (const tni_conversion *)arg;
    const size_t first = (size_t)index * TNI_CONVERT_TASK, n = tni_least(t->n - first, TNI_CONVERT_TASK);
    size_t i;
    (void)worker;
    if (t->to == t->from && !t->scaled) {
        const size_t size = tni_dtype_size(t->to);
        memmove(t->y + first * size, t->x + first * size, n * size);
    } else if (t->to == TN_F32 && t->from == TN_U8) {
        t->k->scale_u8((float *)(void *)t->y + first, (const uint8_t *)t->x + first, n, t->scale, t->offset);
    } else if (t->to == TN_F32 && t->from == TN_F32) {
        t->k->scale((float *)(void *)t->y + first, (const float *)(const void *)t->x + first, n, t->scale, t->offset);
    } else {
        for (i = 0; i < n; i += TNI_BLOCK) tni_convert_block(t, first + i, tni_least(n - i, TNI_BLOCK));
    }
}

TENON_API tn_status tn_convert(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_convert_params *p)
{
    tni_call c = tni_enter(ctx, "tn_convert");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_ANY_TYPE | TNI_BATCHED },
        { x, "x", 1, TNI_IN | TNI_ANY_TYPE | TNI_BATCHED | TNI_INPLACE } };
    tni_conversion t;
    TNI_TRY(tni_operands(&c, op, 2));
    if (p && !(p->scale - p->scale <= 0.0f && p->offset - p->offset <= 0.0f))
        return tni_bad(&c, TN_E_ARG, 2, "p", "scale and offset must be finite", 0);
    TNI_TRY(tni_expect(&c, &op[0], x, 0, "y must have the shape of x"));
    TNI_TRY(tni_apart(&c, op, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    memset(&t, 0, sizeof t);
    t.k = tni_active();
    t.y = (char *)y->data; t.x = (const char *)x->data;
    t.to = y->dtype; t.from = x->dtype;
    t.scale = p && (p->scale < 0.0f || p->scale > 0.0f) ? p->scale : 1.0f;
    t.offset = p ? p->offset : 0.0f;
    t.scaled = t.scale < 1.0f || t.scale > 1.0f || t.offset < 0.0f || t.offset > 0.0f;
    (void)tni_count(x, &t.n);
    if (t.n) tni_parallel(&c, (int32_t)((t.n - 1) / TNI_CONVERT_TASK + 1), tni_convert_task, &t);
    return tni_ok(&c);
}
