/* impl/explain.h - names, sentences, fixes and explanations of codes and causes (causes.h, fixes_text.h,
 * explain_text.h). With TENON_NO_EXPLAIN the names alone. */

typedef struct tni_meaning {
    int32_t number;
    const char *name, *words;
} tni_meaning;

static const tni_meaning *tni_status_meaning(int32_t code)
{
#define TNI_MEANING(name, number, words) { number, #name, TNI_WORDS(words) },
    static const tni_meaning list[] = { { 0, "TN_OK", TNI_WORDS("no error") }, TNI_STATUSES(TNI_MEANING) };
#undef TNI_MEANING
    size_t i;
    for (i = 0; i < sizeof list / sizeof list[0]; i++) if (list[i].number == code) return &list[i];
    return TNI_NULL;
}

static const tni_meaning *tni_cause_meaning(int32_t cause)
{
#define TNI_MEANING(name, number, kebab, sentence) { number, kebab, TNI_WORDS(sentence) },
    static const tni_meaning list[] = { TNI_CAUSES(TNI_MEANING) };
#undef TNI_MEANING
    size_t i;
    for (i = 0; i < sizeof list / sizeof list[0]; i++) if (list[i].number == cause) return &list[i];
    return TNI_NULL;
}

TENON_API const char *tn_status_name(int32_t code)
{
    const tni_meaning *const m = tni_status_meaning(code);
    return m ? m->name : "?";
}

TENON_API const char *tn_cause_name(int32_t cause)
{
    const tni_meaning *const m = tni_cause_meaning(cause);
    return m ? m->name : "";
}

#ifdef TENON_NO_EXPLAIN
#define tni_status_words(code) ((const char *)TNI_NULL)
#define tni_cause_words(cause) ((const char *)TNI_NULL)
#define tni_fix_words(code, cause) ((const char *)TNI_NULL)
#else
static const char *tni_status_words(int32_t code)
{
    const tni_meaning *const m = tni_status_meaning(code);
    return m ? m->words : TNI_NULL;
}

static const char *tni_cause_words(int32_t cause)
{
    const tni_meaning *const m = tni_cause_meaning(cause);
    return m ? m->words : TNI_NULL;
}

/* The fix for the cause, or where there is none such for the code. */
static const char *tni_fix_words(int32_t code, int32_t cause)
{
    const tni_fix *f;
    for (f = tni_cause_fixes; f->number; f++) if (f->number == cause) return f->text;
    for (f = tni_status_fixes; f->number; f++) if (f->number == code) return f->text;
    return TNI_NULL;
}
#endif

static int tni_has_rank(const tn_tensor *v) { return v->rank >= 0 && v->rank <= TN_MAX_RANK; }

/* Axis names of the received shape: its own, else the expected ones where the ranks agree. */
static int32_t tni_received_axes(const tn_diag *d)
{
    return d->received.axes ? d->received.axes : d->received.rank == d->expected.rank ? d->expected.axes : 0;
}

/* Index of the axis with this letter, unnamed axes read in their native order; -1: none. */
static int32_t tni_find_axis(int32_t rank, int32_t axes, char letter)
{
    static const char *const native[] = { "", "N", "NF", "NTF", "NHWC" };
    int32_t i;
    for (i = 0; i < rank && i < TN_MAX_RANK; i++)
        if (axes ? ((uint32_t)axes >> (5 * i) & 31) == (uint32_t)(letter - 'A' + 1)
                 : rank <= 4 && native[rank][i] == letter)
            return i;
    return -1;
}

/* The expected shape with its free axes found: N from the received one where that leaves another to be found, one
 * from the count. */
static tn_tensor tni_solved(const tn_diag *d)
{
    const tn_tensor *const x = &d->received;
    tn_tensor y = d->expected;
    size_t have = 1, fixed = 1;
    int32_t i, unknown = -1, unknowns = 0;
    if (!tni_has_rank(&y) || !tni_has_rank(x)) return y;
    for (i = 0; i < y.rank; i++) unknowns += y.dim[i] == TN_ANY;
    if (unknowns > 1 && y.dim[0] == TN_ANY && x->rank > 0) y.dim[0] = x->dim[0];
    for (i = 0, unknowns = 0; i < y.rank; i++) {
        if (y.dim[i] == TN_ANY) { unknown = i; unknowns++; }
        else if (y.dim[i] < 0 || !tni_mul(fixed, (size_t)y.dim[i], &fixed)) return d->expected;
    }
    for (i = 0; i < x->rank; i++) if (x->dim[i] < 0 || !tni_mul(have, (size_t)x->dim[i], &have)) return d->expected;
    if (unknowns == 1 && fixed && have % fixed == 0 && have / fixed <= INT32_MAX)
        y.dim[unknown] = (int32_t)(have / fixed);
    return y;
}

/* The received shape with a new axis of length 1. */
static tn_tensor tni_widened(const tn_diag *d, int at_end)
{
    tn_tensor y = d->received;
    int32_t i;
    if (!tni_has_rank(&y) || y.rank == TN_MAX_RANK) return y;
    for (i = 0; !at_end && i < y.rank; i++) y.dim[i + 1] = d->received.dim[i];
    y.dim[at_end ? y.rank : 0] = 1;
    y.rank++;
    y.axes = y.rank == d->expected.rank ? d->expected.axes : 0;
    return y;
}

/* Values of one sample received; 0 where a length is free. */
static int tni_known_values(const tn_diag *d, size_t *values)
{
    const tn_tensor *const x = &d->received;
    int32_t i;
    if (!tni_has_rank(x)) return 0;
    for (*values = 1, i = 1; i < x->rank; i++)
        if (x->dim[i] < 0 || !tni_mul(*values, (size_t)x->dim[i], values)) return 0;
    return 1;
}

static int tni_is_color(const tn_diag *d)
{
    return d->expected.rank == 4 && (d->expected.axes == 0 || d->expected.axes == TN_NHWC) && d->expected.dim[3] > 1;
}

/* `x` as the caller spelled argument i, else by the role's name when i is the record's own. code: as an expression,
 * without quotes. */
static void tni_put_operand(tni_text *t, const tn_diag *d, int64_t i, int code)
{
    size_t len = 0;
    const char *name = d && i >= 0 && i <= INT32_MAX ? tni_argument(d->args, (int32_t)i, &len) : TNI_NULL;
    if (name) {
        if (!code) tni_put(t, "`");
        tni_put_part(t, name, len);
        if (!code) tni_put(t, "`");
    } else if (d && d->role && *d->role && i == d->arg) {
        if (code) tni_put(t, "&");
        tni_put_part(t, d->role, tni_until(d->role, '[', '['));
    } else {
        tni_put(t, code ? "&x" : d && i != d->arg ? "another argument" : "the operand");
    }
}

static void tni_put_list(tni_text *t, const int32_t *dim, const int32_t *order, int32_t n)
{
    int32_t i;
    for (i = 0; i < n; i++) {
        if (i) tni_put(t, ", ");
        tni_put_int(t, dim[order ? order[i] : i]);
    }
}

/* The length of axis `letter` of one of the two shapes. */
static void tni_put_length(tni_text *t, const tn_tensor *v, int32_t axes, char letter)
{
    const int32_t i = tni_has_rank(v) ? tni_find_axis(v->rank, axes, letter) : -1;
    if (i >= 0 && v->dim[i] != TN_ANY) tni_put_int(t, v->dim[i]);
    else tni_put_char(t, letter);
}

/* One sign of a text. Without a record the figures are letters, those of the received shape small ones. Returns the
 * characters read. */
static size_t tni_put_sign(tni_text *t, const char *s, const tn_diag *d)
{
    static const int32_t planes_first[4] = { 0, 3, 1, 2 };
    const int letter = (*s == 'e' || *s == 'r') && s[1] >= 'A' && s[1] <= 'Z';
    size_t values;
    tn_tensor y;
    if (*s >= '0' && *s <= '3') {
        if (d) tni_put_int(t, d->number[*s - '0']);
        else tni_put_char(t, (char)('a' + (*s - '0')));
    } else if (letter) {
        if (!d) tni_put_char(t, (char)(*s == 'e' ? s[1] : s[1] - 'A' + 'a'));
        else if (*s == 'e') tni_put_length(t, &d->expected, d->expected.axes, s[1]);
        else tni_put_length(t, &d->received, tni_received_axes(d), s[1]);
        return 2;
    } else if (*s == 'n' || *s == 'x' || *s == 'a') {
        tni_put_operand(t, d, !d ? 0 : *s == 'a' ? d->number[0] : d->arg, *s == 'x');
    } else if (!d) {
        tni_put(t, *s == 'e'   ? "the expected shape"
                   : *s == 'r' ? "the received shape"
                   : *s == 'k' ? "rank"
                   : *s == 'b' ? "(1, ...)"
                   : *s == 'c' ? "(..., 1)"
                               : "...");
    } else if (*s == 'k') {
        if (tni_has_rank(&d->expected)) tni_put_int(t, d->expected.rank);
        else tni_put(t, "0 to 6");
    } else if (*s == 'e' || *s == 'r') {
        tni_put_shape(t, *s == 'e' ? &d->expected : &d->received, *s == 'e' ? d->expected.axes : tni_received_axes(d),
                      d->role);
    } else if (*s == 'f') {
        if (tni_known_values(d, &values)) tni_put_uint(t, values);
        else tni_put_char(t, 'F');
    } else {
        y = *s == 'b' || *s == 'c' ? tni_widened(d, *s == 'c') : tni_solved(d);
        if (*s == 'b' || *s == 'c' || *s == 's') tni_put_shape(t, &y, y.axes, d->role);
        else if (tni_has_rank(&y)) tni_put_list(t, y.dim, *s == 'p' && y.rank == 4 ? planes_first : TNI_NULL, y.rank);
    }
    return 1;
}

/* A sentence or a fix; between its lines stands `newline`. */
static void tni_put_words(tni_text *t, const char *s, const tn_diag *d, const char *newline)
{
    int first = 1;
    while (s && *s) {
        const size_t len = tni_until(s, '\n', '\n');
        const char *const end = s + len;
        int show = 1;
        while (*s == '?' && s + 2 <= end) {
            show = show && (!d || (s[1] == 'p'   ? tni_is_color(d)
                                   : s[1] == 'g' ? !tni_is_color(d)
                                   : s[1] == 'm' ? d->model != TNI_NULL
                                   : s[1] == 'c' ? d->model == TNI_NULL
                                                 : s[1] >= '0' && s[1] <= '3' && d->number[s[1] - '0'] != 0));
            s += 2;
        }
        if (show && !first) tni_put(t, newline);
        if (show) first = 0;
        while (show && s < end) {
            const size_t plain = tni_until(s, '%', '\n');
            tni_put_part(t, s, plain);
            s += plain;
            if (s < end) s += 1 + tni_put_sign(t, s + 1, d);
        }
        s = *end ? end + 1 : end;
    }
}

#ifdef TENON_NO_EXPLAIN
TENON_API size_t tn_explain(int32_t code, int32_t cause, char *out, size_t size)
{
    tni_text t = tni_text_on(out, size, TNI_PLAIN);
    if (code) { tni_put(&t, tn_status_name(code)); tni_put(&t, "\n"); }
    if (cause) { tni_put(&t, *tn_cause_name(cause) ? tn_cause_name(cause) : "?"); tni_put(&t, "\n"); }
    return tni_put_end(&t, 1);
}
#else
static const tni_explanation *tni_explained(const tni_explanation *e, int32_t number)
{
    while (e->number && e->number != number) e++;
    return e->number && number ? e : TNI_NULL;
}

/* flattened-image: each row has ... */
static void tni_put_headline(tni_text *t, const char *name, const char *words, const char *none)
{
    tni_put(t, *name ? name : "?");
    tni_put(t, ": ");
    if (words) tni_put_words(t, words, TNI_NULL, " ");
    else tni_put(t, none);
    tni_put(t, "\n");
}

static void tni_put_example(tni_text *t, const char *label, const char *code)
{
    tni_put(t, label);
    while (*code) {
        const size_t len = tni_until(code, '\n', '\n');
        tni_put(t, "    ");
        tni_put_part(t, code, len);
        tni_put(t, "\n");
        code += len + (code[len] != 0);
    }
}

TENON_API size_t tn_explain(int32_t code, int32_t cause, char *out, size_t size)
{
    const tni_explanation *const rule = tni_explained(tni_status_texts, code);
    const tni_explanation *const why = tni_explained(tni_cause_texts, cause);
    const tni_explanation *const shown = why && why->wrong ? why : rule; /* the narrower example */
    tni_text t = tni_text_on(out, size, TNI_PLAIN);
    if (code) tni_put_headline(&t, tn_status_name(code), tni_status_words(code), "no code of this library");
    if (cause) tni_put_headline(&t, tn_cause_name(cause), tni_cause_words(cause), "no cause of this library");
    if (rule) { tni_put(&t, "\n"); tni_put(&t, rule->text); tni_put(&t, "\n"); }
    if (why) { tni_put(&t, "\n"); tni_put(&t, why->text); tni_put(&t, "\n"); }
    if (shown && shown->wrong) {
        tni_put_example(&t, "\nwrong:\n", shown->wrong);
        tni_put_example(&t, "right:\n", shown->right);
    }
    return tni_put_end(&t, 1);
}
#endif
