/* impl/npy.h - .npy files in memory: the header, which is a Python dict, a view of the array, a copy in our order. */

typedef struct tni_npy {
    tn_tensor t; /* dtype, rank, dim */
    const unsigned char *data;
    int32_t swapped, fortran; /* not as we have it; never where that makes no difference */
} tni_npy;

/* What is left of the header. */
typedef struct tni_npy_text {
    const char *at, *end;
} tni_npy_text;

static int tni_npy_next(tni_npy_text *p, char c)
{
    while (p->at < p->end && tni_among(*p->at, " \t\r\n")) p->at++;
    return p->at < p->end && *p->at == c;
}

static int tni_npy_take(tni_npy_text *p, char c)
{
    const int there = tni_npy_next(p, c);
    p->at += there;
    return there;
}

static int tni_npy_word(tni_npy_text *p, const char *word)
{
    const size_t n = strlen(word);
    if (!tni_npy_next(p, *word) || (size_t)(p->end - p->at) < n || memcmp(p->at, word, n) != 0) return 0;
    p->at += n;
    return 1;
}

/* A string; what stands between its quotes. */
static int tni_npy_string(tni_npy_text *p, tni_npy_text *s)
{
    const char quote = tni_npy_next(p, '"') ? '"' : '\'';
    if (!tni_npy_take(p, quote)) return 0;
    for (s->at = p->at; p->at < p->end && *p->at != quote;) p->at++;
    s->end = p->at;
    return tni_npy_take(p, quote);
}

/* (), (3,) or (3, 4); the count of its lengths, of which the first six are kept, those beyond int32 as INT64_MAX;
 * -1: something else. */
static int32_t tni_npy_shape(tni_npy_text *p, int64_t *length)
{
    int32_t n = 0, comma = 1;
    if (!tni_npy_take(p, '(')) return -1;
    while (!tni_npy_take(p, ')')) {
        int64_t v = 0;
        if (!comma || p->at == p->end || !tni_among(*p->at, "0123456789")) return -1;
        for (; p->at < p->end && tni_among(*p->at, "0123456789"); p->at++)
            v = v > INT32_MAX ? INT64_MAX : v * 10 + (*p->at - '0');
        (void)tni_npy_word(p, "L"); /* of Python 2 */
        if (n < TN_MAX_RANK) length[n] = v > INT32_MAX ? INT64_MAX : v;
        if (n < INT32_MAX) n++;
        comma = tni_npy_take(p, ',');
    }
    return n == 1 && !comma ? -1 : n; /* (3) is a number */
}

/* What is said of an element type that is none of ours, by its letter; the last is for all others. */
static const struct tni_npy_other {
    const char *kinds, *rule;
    int32_t status, cause;
} tni_npy_others[] = {
    { "O", TNI_WORDS("numbers are wanted, not Python objects"), TN_E_FILE, TN_CAUSE_NPY_OBJECT },
    { "f", TNI_WORDS("of the floats float32 and float64 are taken: a.astype(np.float32)"), TN_E_UNSUPPORTED, 0 },
    { "iu", TNI_WORDS("of the integers uint8, int8, int32 and int64 are taken: a.astype(np.int32)"), TN_E_UNSUPPORTED,
      0 },
    { "c", TNI_WORDS("complex numbers are not taken: a.real, a.imag"), TN_E_UNSUPPORTED, 0 },
    { "SaU", TNI_WORDS("text is not taken: map the names to numbers"), TN_E_UNSUPPORTED, 0 },
    { "mM", TNI_WORDS("times are not taken: a.astype(np.int64)"), TN_E_UNSUPPORTED, 0 },
    { "V", TNI_WORDS("records are not taken: save one field at a time"), TN_E_UNSUPPORTED, 0 },
    { "", TNI_WORDS("an unknown element type in the header"), TN_E_FILE, 0 }
};

/* '<f4': the dtype; else -1 - the entry above. */
static int32_t tni_npy_dtype(tni_npy_text s, int32_t *swapped)
{
    static const char name[][3] = { "f4", "f8", "u1", "b1", "i1", "i4", "i8" };
    static const int32_t dtype[] = { TN_F32, TN_F64, TN_U8, TN_U8, TN_I8, TN_I32, TN_I64 };
    const uint16_t one = 1;
    unsigned char little;
    int32_t i;
    memcpy(&little, &one, 1);
    if (s.at < s.end && tni_among(*s.at, "<>|=")) *swapped = *s.at++ == (little ? '>' : '<');
    for (i = 0; i < 7; i++) if (s.end - s.at == 2 && memcmp(s.at, name[i], 2) == 0) return dtype[i];
    for (i = 0; *tni_npy_others[i].kinds; i++)
        if (s.at < s.end && tni_among(*s.at, tni_npy_others[i].kinds)) break;
    return -1 - i;
}

/* The header's dict: these three keys, each once, and nothing behind it. 0: it is none such. Of a record's dtype, which
 * is a list, its V alone is kept: the refusal is certain. */
static int tni_npy_dict(tni_npy_text p, tni_npy_text *descr, int32_t *fortran, int32_t *rank, int64_t *length)
{
    static const char *const keys[] = { "descr", "fortran_order", "shape" };
    int32_t seen = 0, k;
    tni_npy_text key;
    if (!tni_npy_take(&p, '{')) return 0;
    while (!tni_npy_take(&p, '}')) {
        if (!tni_npy_string(&p, &key) || !tni_npy_take(&p, ':')) return 0;
        for (k = 0; k < 3; k++)
            if (strlen(keys[k]) == (size_t)(key.end - key.at) && memcmp(keys[k], key.at, strlen(keys[k])) == 0) break;
        if (k == 3 || (seen >> k & 1)) return 0;
        seen |= 1 << k;
        if (k == 0 && (tni_npy_next(&p, '[') || tni_npy_next(&p, '('))) {
            descr->at = "V";
            descr->end = descr->at + 1;
            *rank = 0;
            return 1;
        }
        if (k == 0 && !tni_npy_string(&p, descr)) return 0;
        if (k == 1 && !(*fortran = tni_npy_word(&p, "True")) && !tni_npy_word(&p, "False")) return 0;
        if (k == 2 && (*rank = tni_npy_shape(&p, length)) < 0) return 0;
        if (!tni_npy_take(&p, ',') && !tni_npy_next(&p, '}')) return 0;
    }
    (void)tni_npy_next(&p, '}'); /* past the padding */
    return seen == 7 && p.at == p.end;
}

static tn_status tni_npy_refuse(const tni_call *c, const tn_tensor *shape, int32_t status, int32_t cause,
                                const char *rule, int64_t wanted, int64_t there)
{
    tn_diag d = tni_finding(status, 1, "bytes", rule);
    const int in_header = cause == TN_CAUSE_TRUNCATED && !shape; /* other places in its sentence */
    d.cause = cause;
    if (shape) d.received = *shape;
    d.number[in_header ? 2 : 0] = wanted;
    d.number[in_header ? 3 : 1] = there;
    return tni_refuse(c, &d);
}

static tn_status tni_npy_parse(const tni_call *c, const void *bytes, size_t size, tni_npy *f)
{
    static const char *const whole = "the file must be whole", *const begins = "the file must begin as .npy files do";
    const unsigned char *const b = (const unsigned char *)bytes;
    int64_t length[TN_MAX_RANK];
    tni_npy_text p, descr;
    int32_t rank = 0, dtype, several = 0, i;
    size_t start, have, need, count = 0;
    memset(f, 0, sizeof *f);
    if (!b) return tni_bad(c, TN_E_NULL, 1, "bytes", "must not be NULL", 0);
    if (size >= 4 && memcmp(b, "PK", 2) == 0 && (b[2] == 3 || b[2] == 5) && b[3] == b[2] + 1)
        return tni_npy_refuse(c, TNI_NULL, TN_E_FILE, TN_CAUSE_NPZ_ARCHIVE, begins, 0, 0);
    if (memcmp(b, "\x93NUMPY", tni_least(size, 6)) != 0)
        return tni_npy_refuse(c, TNI_NULL, TN_E_FILE, TN_CAUSE_NOT_NPY, begins, 0, 0);
    start = size > 6 && b[6] > 1 ? 12 : 10;
    if (size < start)
        return tni_npy_refuse(c, TNI_NULL, TN_E_FILE, TN_CAUSE_TRUNCATED, whole, (int64_t)start, (int64_t)size);
    if (b[6] < 1 || b[6] > 3 || b[7])
        return tni_npy_refuse(c, TNI_NULL, TN_E_UNSUPPORTED, 0, "format 1.0, 2.0 and 3.0 are known", b[6], b[7]);
    need = (size_t)b[8] | (size_t)b[9] << 8;
    if (start == 12) need |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
    if (size - start < need)
        return tni_npy_refuse(c, TNI_NULL, TN_E_FILE, TN_CAUSE_TRUNCATED, whole, (int64_t)start + (int64_t)need,
                              (int64_t)size);
    p.at = (const char *)b + start;
    p.end = p.at + need;
    f->data = b + start + need;
    have = size - start - need;
    if (!tni_npy_dict(p, &descr, &f->fortran, &rank, length))
        return tni_npy_refuse(c, TNI_NULL, TN_E_FILE, 0, "the header must be a dict of descr, fortran_order and shape",
                              0, 0);
    dtype = tni_npy_dtype(descr, &f->swapped);
    f->t.dtype = dtype;
    f->t.rank = rank <= TN_MAX_RANK ? rank : -1;
    for (i = 0; i < f->t.rank; i++) {
        f->t.dim[i] = length[i] > INT32_MAX ? TN_ANY : (int32_t)length[i];
        several += f->t.dim[i] > 1;
    }
    if (dtype < 0) {
        const struct tni_npy_other *const o = &tni_npy_others[-1 - dtype];
        return tni_npy_refuse(c, &f->t, o->status, o->cause, o->rule, 0, 0);
    }
    if (rank > TN_MAX_RANK) return tni_bad(c, TN_E_RANK, 1, "bytes", "a tensor has 0 to 6 axes", rank);
    for (i = 0; i < rank; i++)
        if (f->t.dim[i] == TN_ANY)
            return tni_npy_refuse(c, &f->t, TN_E_OVERFLOW, 0, "every length must fit int32", i, 0);
    if (!tni_count(&f->t, &count))
        return tni_npy_refuse(c, &f->t, TN_E_OVERFLOW, 0, "the product of its lengths does not fit memory", 0, 0);
    need = count * tni_dtype_size(dtype);
    if (have < need)
        return tni_npy_refuse(c, &f->t, TN_E_FILE, TN_CAUSE_TRUNCATED, whole, (int64_t)need, (int64_t)have);
    f->fortran &= several > 1 && count;
    f->swapped &= tni_dtype_size(dtype) > 1 && count;
    return TN_OK;
}

TENON_API tn_status tn_npy_read(tn_context *ctx, tn_tensor *t, const void *bytes, size_t size)
{
    tni_call c = tni_enter(ctx, "tn_npy_read");
    tni_npy f;
    c.stage = TN_AT_LOAD;
    if (!t) return tni_bad(&c, TN_E_NULL, 0, "t", "must not be NULL", 0);
    TNI_TRY(tni_npy_parse(&c, bytes, size, &f));
    if (f.swapped || f.fortran)
        return tni_npy_refuse(&c, &f.t, TN_E_UNSUPPORTED, 0,
                              f.swapped ? "its bytes stand in the other order, which no view shows: tn_npy_copy"
                                        : "it is in Fortran order, which no view shows: tn_npy_copy", 0, 0);
    if (tni_size(&f.t) && (uintptr_t)f.data % tni_dtype_size(f.t.dtype))
        return tni_npy_refuse(&c, &f.t, TN_E_ALIGN, 0, "its data must be aligned to its element, or tn_npy_copy", 0, 0);
    f.t.flags = TN_READONLY;
    memcpy(&f.t.data, &f.data, sizeof f.data); /* const is kept by the flag */
    return tni_view_done(&c, t, &f.t);
}

/* y's elements one after the other, wherever they stand in the file. */
static void tni_npy_run(const tn_tensor *y, const tni_npy *f)
{
    const size_t size = tni_dtype_size(y->dtype), n = tni_size(y);
    unsigned char *to = (unsigned char *)y->data;
    size_t step[TN_MAX_RANK] = { 0 }, from = 0, i, k;
    int32_t at[TN_MAX_RANK] = { 0 }, axis;
    for (axis = 0; axis < y->rank; axis++)
        step[axis] = f->fortran ? tni_size_from(y, 0, axis) : tni_size_from(y, axis + 1, y->rank);
    if (n && !f->fortran && !f->swapped) memcpy(to, f->data, n * size);
    else for (i = 0; i < n; i++, to += size) {
        const unsigned char *const x = f->data + from * size;
        for (k = 0; k < size; k++) to[k] = x[f->swapped ? size - 1 - k : k];
        for (axis = y->rank; axis-- > 0;) {
            from += step[axis];
            if (++at[axis] < y->dim[axis]) break;
            from -= step[axis] * (size_t)at[axis];
            at[axis] = 0;
        }
    }
}

TENON_API tn_status tn_npy_copy(tn_context *ctx, tn_tensor *y, const void *bytes, size_t size)
{
    tni_call c = tni_enter(ctx, "tn_npy_copy");
    const tni_operand op = { y, "y", 0, TNI_OUT | TNI_ANY_TYPE | TNI_SOME_EMPTY };
    tni_npy f;
    c.stage = TN_AT_LOAD;
    if (!y || !c.query) TNI_TRY(tni_operand_ok(&c, &op));
    TNI_TRY(tni_npy_parse(&c, bytes, size, &f));
    if (c.query) return tni_view_done(&c, y, &f.t);
    TNI_TRY(tni_expect(&c, &op, &f.t, 0, "y has the shape of the file's array"));
    TNI_TRY(tni_same_dtype(&c, &op, f.t.dtype, "y has the element type of the file's array"));
    if (tni_overlap(y->data, tn_bytes(y), bytes, size)) {
        tn_diag d = tni_operand_finding(&op, TN_E_ALIAS, "y must not overlap the file");
        d.number[0] = 1;
        return tni_refuse(&c, &d);
    }
    tni_npy_run(y, &f);
    return tni_ok(&c);
}
