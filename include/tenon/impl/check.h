/* impl/check.h - what every call asks of its operands before it writes anything: pointers, ranks, lengths, types,
 * overlap, expected shapes. */

/* How a call uses an operand. One entry of its list each, in the order of the arguments. */
enum {
    TNI_IN = 0,
    TNI_OUT = 1,       /* written: READONLY is refused */
    TNI_OPTIONAL = 2,  /* may be NULL */
    TNI_LABELS = 4,    /* u8, i32, i64 or f32 */
    TNI_ANY_TYPE = 8,  /* any dtype; without this and TNI_LABELS f32 alone */
    TNI_INDICES = 16,  /* i32 or i64 */
    TNI_INPLACE = 32,  /* an output may be exactly this input */
    TNI_PACKABLE = 64, /* may have TN_PACKED */
    TNI_NO_DATA = 128, /* the shape alone is looked at */
    TNI_BATCHED = 256, /* axis 0 may have length 0 */
    TNI_SOME_EMPTY = 512 /* any axis may */
};
typedef struct tni_operand {
    const tn_tensor *t;
    const char *role; /* "x[N,I]" */
    int32_t arg, use;
} tni_operand;

static size_t tni_dtype_size(int32_t dtype)
{
    switch (dtype) {
    case TN_F32: case TN_I32: return 4;
    case TN_F64: case TN_I64: return 8;
    case TN_U8: case TN_I8: return 1;
    default: return 0;
    }
}

/* Elements of a tensor whose lengths are not negative; 0 where it does not fit ptrdiff_t in bytes. */
static int tni_count(const tn_tensor *t, size_t *count)
{
    size_t n = 1, bytes, empty = 0;
    int32_t i;
    for (i = 0; i < t->rank; i++) {
        if (t->dim[i] == 0) empty = 1;
        else if (!tni_mul(n, (size_t)t->dim[i], &n)) return 0;
    }
    if (!tni_mul(n, tni_dtype_size(t->dtype), &bytes) || bytes > (size_t)PTRDIFF_MAX) return 0;
    *count = empty ? 0 : n;
    return 1;
}

/* Of checked tensors. */
static TNI_UNUSED size_t tni_size(const tn_tensor *t) { size_t n = 0; return tni_count(t, &n) ? n : 0; }
/* NULL of NULL */
static TNI_UNUSED float *tni_floats(const tn_tensor *t) { return t ? (float *)t->data : TNI_NULL; }
/* product of dim[first .. last-1] */
static TNI_UNUSED size_t tni_size_from(const tn_tensor *t, int32_t first, int32_t last)
{
    size_t n = 1;
    for (; first < last; first++) n *= (size_t)t->dim[first];
    return n;
}

TENON_API size_t tn_bytes(const tn_tensor *t)
{
    size_t n;
    int32_t i;
    if (!t || t->rank < 0 || t->rank > TN_MAX_RANK || !tni_dtype_size(t->dtype)) return 0;
    for (i = 0; i < t->rank; i++) if (t->dim[i] < 0) return 0;
    return tni_count(t, &n) ? n * tni_dtype_size(t->dtype) : 0;
}

/* The letter of axis i: its name, or without names the native one of that rank. */
static char tni_letter(const tn_tensor *t, int32_t i)
{
    static const char *const native[TN_MAX_RANK + 1] = { "", "F", "NF", "NTF", "NHWC", "?????", "??????" };
    const int32_t name = t->axes >> (5 * i) & 31;
    if (name) return (char)('A' + name - 1);
    return t->axes == 0 && i < t->rank && t->rank <= TN_MAX_RANK ? native[t->rank][i] : '?';
}

static int tni_among(char letter, const char *letters)
{
    while (*letters && *letters != letter) letters++;
    return *letters != 0;
}

/* The code for a length that is wrong on an axis of this letter. */
static int32_t tni_axis_status(char letter)
{
    switch (letter) {
    case 'N': return TN_E_BATCH;
    case 'H': case 'W': return TN_E_SPATIAL;
    case 'C': return TN_E_CHANNELS;
    case 'T': return TN_E_TIMESTEPS;
    default: return TN_E_FEATURES;
    }
}

static tn_diag tni_operand_finding(const tni_operand *o, int32_t status, const char *rule)
{
    tn_diag d = tni_finding(status, o->arg, o->role, rule);
    if (o->t) d.received = *o->t;
    return d;
}

/* o's shape is not `expected` (TN_ANY: free). Names every axis that differs and infers the cause; status 0: the code of
 * the axis. Two codes at once: the channels come first, since a resize would not mend them. */
static tn_status tni_mismatch(const tni_call *c, const tni_operand *o, const tn_tensor *expected, int32_t status,
                              const char *rule)
{
    tn_diag d = tni_operand_finding(o, status, rule);
    uint32_t first = 0, second = 0; /* axes of the code and of the other one */
    int32_t i, code = 0;
    d.expected = *expected;
    if (o->t->rank != expected->rank) code = TN_E_RANK;
    else for (i = 0; i < expected->rank; i++)
        if (expected->dim[i] != TN_ANY && expected->dim[i] != o->t->dim[i]) {
            const int32_t axis = tni_axis_status(tni_letter(expected, i));
            if (!code) code = axis;
            if (axis == code) first |= 1u << i;
            else if (axis == TN_E_CHANNELS) { d.also_status = code; code = axis; second |= first; first = 1u << i; }
            else { second |= 1u << i; if (!d.also_status) d.also_status = axis; }
        }
    d.axes_differ = first | second;
    if (!d.status) d.status = code;
    d.cause = tni_infer(expected, o->t, d.number);
    if (!d.cause && d.also_status) {
        int64_t ignored[4];
        d.cause = tni_infer_axes(expected, o->t, first, d.number);
        d.also_cause = tni_infer_axes(expected, o->t, second, ignored);
    }
    return tni_refuse(c, &d);
}

/* Do the names of two tensors of one rank agree? Unnamed axes agree with all, and on the last one
 * F U K C O I are one. */
static int tni_names_agree(const tn_tensor *a, const tn_tensor *b)
{
    int32_t i;
    for (i = 0; i < a->rank && a->axes && b->axes && a->axes != b->axes; i++) {
        const char m = tni_letter(a, i), n = tni_letter(b, i);
        if (m != n && m != '?' && n != '?' && !(i == a->rank - 1 && tni_among(m, "FUKCOI") && tni_among(n, "FUKCOI")))
            return 0;
    }
    return 1;
}

/* TN_OK where o has the expected shape and no other order of axes. */
static TNI_UNUSED tn_status tni_expect(const tni_call *c, const tni_operand *o, const tn_tensor *expected,
                                       int32_t status, const char *rule)
{
    int32_t i, same = o->t->rank == expected->rank;
    for (i = 0; same && i < expected->rank; i++) same = expected->dim[i] == TN_ANY || expected->dim[i] == o->t->dim[i];
    if (!same) return tni_mismatch(c, o, expected, status, rule);
    if (!tni_names_agree(expected, o->t)) {
        tn_diag d = tni_operand_finding(o, TN_E_LAYOUT, rule);
        d.expected = *expected;
        return tni_refuse(c, &d);
    }
    return TN_OK;
}

/* A shape to expect: f32, data NULL, rank up to 4, lengths may be TN_ANY. */
static TNI_UNUSED tn_tensor tni_shape(int32_t axes, int32_t rank, int32_t a, int32_t b, int32_t c, int32_t d)
{
    return tn_view(TNI_NULL, axes, rank, a, b, c, d); /* TN_ANY is -1, which tn_view keeps */
}

/* What most operands are, seen at once: left out where they may be; f32 without flags, no axis of 0, too few elements
 * for an overflow, data where they belong. Whatever is not goes to tni_operand_closely. */
static TNI_INLINE int tni_is_plain(const tni_call *c, const tni_operand *o)
{
    const tn_tensor *const t = o->t;
    uint64_t n = 1;
    int32_t i;
    if (!t) return (o->use & TNI_OPTIONAL) != 0;
    if (t->dtype != TN_F32 || t->flags || (o->use & TNI_INDICES) || (uint32_t)t->rank > TN_MAX_RANK) return 0;
    for (i = 0; i < t->rank; i++) {
        if (t->dim[i] < 1) return 0;
        n *= (uint32_t)t->dim[i];
        if (n >> 28) return 0;
    }
    return c->query || (o->use & TNI_NO_DATA) || (t->data && (uintptr_t)t->data % sizeof(float) == 0);
}

TNI_NOINLINE static tn_status tni_operand_closely(const tni_call *c, const tni_operand *o)
{
    const tn_tensor *const t = o->t;
    const int32_t packed = t ? t->flags & TN_PACKED : 0;
    size_t count = 0, size;
    int32_t i, fits;
    tn_diag d;
    if (!t) return o->use & TNI_OPTIONAL ? TN_OK : tni_bad(c, TN_E_NULL, o->arg, o->role, "must not be NULL", 0);
    if (t->rank < 0 || t->rank > TN_MAX_RANK) {
        d = tni_operand_finding(o, TN_E_RANK, "a tensor has 0 to 6 axes");
        d.received.rank = -1;
        d.number[0] = t->rank;
        return tni_refuse(c, &d);
    }
    for (i = 0; i < t->rank; i++) {
        const int32_t empty = t->dim[i] == 0 && !(o->use & TNI_SOME_EMPTY) && !(i == 0 && (o->use & TNI_BATCHED));
        if (t->dim[i] >= 0 && !empty) continue;
        d = tni_operand_finding(o, empty ? TN_E_EMPTY : TN_E_ARG,
                                empty ? "an axis has length 0" : "a length is negative or does not fit int32");
        d.axes_differ = 1u << i;
        return tni_refuse(c, &d);
    }
    fits = o->use & TNI_ANY_TYPE ? tni_dtype_size(t->dtype) != 0
         : o->use & TNI_LABELS   ? t->dtype == TN_F32 || t->dtype == TN_U8 || t->dtype == TN_I32 || t->dtype == TN_I64
         : o->use & TNI_INDICES  ? t->dtype == TN_I32 || t->dtype == TN_I64
                                 : t->dtype == TN_F32;
    if (!fits) {
        d = tni_operand_finding(o, TN_E_DTYPE,
                                o->use & TNI_ANY_TYPE ? "an unknown element type"
                                : o->use & TNI_LABELS ? "labels are uint8, int32, int64 or whole float32"
                                : o->use & TNI_INDICES ? "indices are int32 or int64"
                                                       : "must be float32: see tn_convert");
        d.expected = *t;
        d.expected.dtype = o->use & TNI_INDICES ? TN_I32 : TN_F32;
        return tni_refuse(c, &d);
    }
    size = tni_dtype_size(t->dtype);
    if (!tni_count(t, &count)) {
        d = tni_operand_finding(o, TN_E_OVERFLOW, "the product of its lengths does not fit memory");
        return tni_refuse(c, &d);
    }
    if ((o->use & TNI_OUT) && (t->flags & TN_READONLY)) {
        d = tni_operand_finding(o, TN_E_ARG, "an output must not be read-only");
        return tni_refuse(c, &d);
    }
    if (packed && !(o->use & TNI_PACKABLE)) {
        d = tni_operand_finding(o, TN_E_WEIGHTS, "must not be packed");
        return tni_refuse(c, &d);
    }
    if (c->query || (o->use & TNI_NO_DATA) || count == 0) return TN_OK;
    if (!t->data) {
        d = tni_operand_finding(o, TN_E_NULL, "its data must not be NULL");
        return tni_refuse(c, &d);
    }
    if ((uintptr_t)t->data % size) {
        d = tni_operand_finding(o, TN_E_ALIGN, "its data must be aligned to its element");
        return tni_refuse(c, &d);
    }
    return TN_OK;
}

/* One operand by itself. */
static tn_status tni_operand_ok(const tni_call *c, const tni_operand *o)
{
    return tni_is_plain(c, o) ? TN_OK : tni_operand_closely(c, o);
}

TNI_NOINLINE static TNI_UNUSED tn_status tni_operands(const tni_call *c, const tni_operand *list, int32_t n)
{
    int32_t i;
    for (i = 0; i < n; i++) if (!tni_is_plain(c, &list[i])) TNI_TRY(tni_operand_closely(c, &list[i]));
    return TN_OK;
}

static int tni_overlap(const void *a, size_t na, const void *b, size_t nb)
{
    const uintptr_t pa = (uintptr_t)a, pb = (uintptr_t)b;
    return na && nb && (pa < pb ? pb - pa < na : pa - pb < nb);
}

/* Bytes of a checked tensor. */
static size_t tni_bytes_of(const tn_tensor *t) { return tni_size_from(t, 0, t->rank) * tni_dtype_size(t->dtype); }

/* No output overlaps another operand, but for one that is exactly an input marked TNI_INPLACE. After the shapes:
 * bytes must be known. */
static TNI_UNUSED tn_status tni_apart(const tni_call *c, const tni_operand *list, int32_t n)
{
    int32_t i, j;
    if (c->query) return TN_OK;
    for (i = 0; i < n; i++) {
        const tn_tensor *const a = list[i].t;
        const size_t na = a && (list[i].use & TNI_OUT) ? tni_bytes_of(a) : 0;
        for (j = 0; j < n && na; j++) {
            const tn_tensor *const b = list[j].t;
            size_t nb;
            tn_diag d;
            if (i == j || !b || (list[j].use & TNI_NO_DATA)) continue;
            nb = tni_bytes_of(b);
            if (!tni_overlap(a->data, na, b->data, nb)) continue;
            if (a->data == b->data && na == nb && (list[j].use & TNI_INPLACE) && !(list[j].use & TNI_OUT)) continue;
            d = tni_operand_finding(&list[i], TN_E_ALIAS, "an output must not overlap another operand");
            d.expected = *b; /* the other one; number[0]: its argument */
            d.number[0] = list[j].arg;
            return tni_refuse(c, &d);
        }
    }
    return TN_OK;
}

/* tni_workspace, and no operand lies in what the call writes of it. */
static TNI_UNUSED tn_status tni_scratch(const tni_call *c, const tni_operand *list, int32_t n, size_t need)
{
    int32_t i;
    tn_diag d;
    TNI_TRY(tni_workspace(c, need, -1));
    for (i = 0; i < n && need && !c->query; i++) {
        if (!list[i].t || !tni_overlap(c->ctx->workspace, need, list[i].t->data, tni_bytes_of(list[i].t))) continue;
        d = tni_finding(TN_E_ALIAS, -1, "workspace", "must not overlap an operand");
        d.expected = *list[i].t;
        d.number[0] = list[i].arg;
        return tni_refuse(c, &d);
    }
    return TN_OK;
}

/* axis as the user gives it, negative from the end, to 0 .. rank-1; -1 where there is none such. */
static TNI_UNUSED int32_t tni_axis(int32_t axis, int32_t rank)
{
    const int32_t i = axis < 0 ? axis + rank : axis;
    return i >= 0 && i < rank ? i : -1;
}
