/* impl/diag.h - a tn_diag as a paragraph, as one line, as JSON. */

/* Layer number i of a model, input entries not counted; NULL where there is none such. */
static const tn_layer *tni_layer_of(const struct tn_model *m, int32_t i)
{
    int32_t k;
    for (k = 0; m && m->layers && i >= 0 && k < m->count; k++)
        if (m->layers[k].kind != TN_LAYER_INPUT && i-- == 0) return &m->layers[k];
    return TNI_NULL;
}

/* main.c:42: */
static void tni_put_site(tni_text *t, const tn_diag *d)
{
    if (!d->file) return;
    tni_put(t, d->file);
    tni_put(t, ":");
    if (d->line) { tni_put_int(t, d->line < 0 ? -(int64_t)d->line : d->line); tni_put(t, ":"); }
    tni_put(t, " ");
}

/* argument 3 `fc`, w[I,O] */
static void tni_put_argument(tni_text *t, const tn_diag *d, const char *before)
{
    size_t len = 0;
    const char *const spelled = tni_argument(d->args, d->arg, &len);
    if (!d->role && (d->arg < 0 || (!spelled && !d->call))) return;
    tni_put(t, before);
    if (d->arg >= 0) {
        tni_put_with(t, "argument ", (int64_t)d->arg + 1);
        if (spelled) { tni_put(t, " `"); tni_put_part(t, spelled, len); tni_put(t, "`"); }
        if (d->role) tni_put(t, ", ");
    }
    tni_put(t, d->role);
}

/* A layer's own name, or conv2d_0. */
static void tni_put_layer_name(tni_text *t, const tn_diag *d, const tn_layer *l)
{
    tni_put(t, d->layer_name);
    if (d->layer_name || !l) return;
    tni_put(t, tni_layer_name(l->kind));
    tni_put_with(t, "_", d->layer);
}

/* -> model "sequential", layer 0 conv2d(32, 3x3, valid) "conv1" */
static void tni_put_place(tni_text *t, const tn_diag *d, const char *before)
{
    const tn_layer *const l = tni_layer_of(d->model, d->layer);
    const char *const model = d->model_name ? d->model_name : d->model ? d->model->name : TNI_NULL;
    if (model) {
        tni_put(t, before);
        tni_put(t, "model \""); tni_put(t, model); tni_put(t, "\"");
        before = ", ";
    }
    if (l || d->layer_name) {
        tni_put(t, before);
        tni_put_with(t, "layer ", d->layer);
        if (l) { tni_put(t, " "); tni_put_layer(t, l); }
        tni_put(t, " \""); tni_put_layer_name(t, d, l); tni_put(t, "\"");
    }
}

/* Whether the record has shapes to show: a zeroed one has two of rank 0. An alias's expected shape is the other
 * operand. */
static int tni_has_shape(const tn_diag *d, const tn_tensor *v)
{
    if (v == &d->expected && d->status == TN_E_ALIAS) return 0;
    return tni_has_rank(v) && (d->expected.rank != 0 || d->received.rank != 0);
}

/* An argument that is no shape: what was given stands in number[0]. */
static int tni_is_value(const tn_diag *d)
{
    return (d->status == TN_E_ARG || d->status == TN_E_RANK) && !tni_has_rank(&d->expected) &&
           !tni_has_rank(&d->received);
}

static int32_t tni_difference_axes(const tn_diag *d)
{
    return d->expected.axes && d->expected.rank == d->received.rank ? d->expected.axes : d->received.axes;
}

static int tni_differs(const tn_diag *d, int32_t i)
{
    return tni_has_rank(&d->received) && i < d->received.rank && (d->axes_differ >> i & 1) != 0;
}

/* What axis i of the received shape should be; 0 where that is not known. */
static int tni_wanted(const tn_diag *d, int32_t i)
{
    return d->expected.rank == d->received.rank && d->status != TN_E_ALIAS && d->expected.dim[i] != TN_ANY;
}

/* H: wanted 32, got 28; ... */
static void tni_put_differences(tni_text *t, const tn_diag *d)
{
    const char *between = "";
    int32_t i;
    for (i = 0; i < TN_MAX_RANK; i++) {
        if (!tni_differs(d, i)) continue;
        tni_put(t, between);
        between = "; ";
        if (!tni_put_axis(t, tni_difference_axes(d), d->role, d->received.rank, i)) tni_put_with(t, "axis ", i);
        tni_put(t, ": ");
        if (tni_wanted(d, i)) { tni_put_with(t, "wanted ", d->expected.dim[i]); tni_put(t, ", "); }
        tni_put_with(t, "got ", d->received.dim[i]);
    }
}

/* ---- TN_FULL ---- */

static void tni_put_label(tni_text *t, const char *label)
{
    const size_t start = t->len + 3;
    tni_put(t, "\n  ");
    tni_put(t, label);
    do tni_put_char(t, ' '); while (t->len < start + 10);
}

static void tni_put_shape_line(tni_text *t, const tn_diag *d, const char *label, const tn_tensor *v)
{
    const int32_t received_axes = tni_received_axes(d);
    tni_text e = tni_text_on(TNI_NULL, 0, TNI_PLAIN), r = e; /* measured first: the two lines stand in columns */
    size_t width;
    if (!tni_has_shape(d, v)) return;
    if (tni_has_shape(d, &d->expected)) tni_put_shape(&e, &d->expected, d->expected.axes, d->role);
    if (tni_has_shape(d, &d->received)) tni_put_shape(&r, &d->received, received_axes, d->role);
    tni_put_label(t, label);
    tni_put_shape(t, v, v == &d->expected ? v->axes : received_axes, d->role);
    for (width = v == &d->expected ? e.len : r.len; width < e.len || width < r.len; width++) tni_put(t, " ");
    tni_put_with(t, "  rank ", v->rank);
    tni_put(t, "  ");
    tni_put(t, tni_dtype_name(v->dtype));
}

/* The shapes from the input to the layer that failed; where they first depart from what it needs is marked. */
static void tni_put_trace(tni_text *t, const tn_diag *d)
{
    const int64_t first = d->cause == TN_CAUSE_PADDING_SHRINK                      ? d->number[2]
                          : d->cause == TN_CAUSE_OTHER_INPUT_SIZE && d->number[0] ? -1 : -2;
    const tn_layer *l;
    int32_t i, begun = 0;
    if (!d->model || !d->model->layers || (d->stage != TN_AT_BUILD && d->stage != TN_AT_LOAD)) return;
    for (i = -1; i < d->layer && d->layer > 0; i++) {
        l = i < 0 ? d->model->layers : tni_layer_of(d->model, i);
        if (!l || (i < 0 && (l->kind != TN_LAYER_INPUT || l->output.rank < 1))) continue;
        if (begun++) tni_put(t, "\n            ");
        else tni_put_label(t, "trace");
        if (i >= 0) { tni_put_int(t, i); tni_put(t, " "); }
        tni_put_layer(t, l); tni_put(t, " ");
        tni_put_shape(t, &l->output, l->output.axes, TNI_NULL);
        if (i == first) tni_put(t, "  <- first difference");
    }
}

static void tni_put_code(tni_text *t, int32_t code, int32_t cause)
{
    const char *const kebab = tn_cause_name(cause);
    tni_put(t, tn_status_name(code));
    if (*kebab) { tni_put(t, " ("); tni_put(t, kebab); tni_put(t, ")"); }
}

static void tni_put_full(tni_text *t, const tn_diag *d)
{
    static const char *const newline = "\n            ";
    const char *const why = tni_cause_words(d->cause), *const also = tni_cause_words(d->also_cause);
    const char *const fix = tni_fix_words(d->status, d->cause);
    const char *const other = also ? tni_fix_words(0, d->also_cause) : TNI_NULL;
    tni_put(t, d->severity == TN_NOTE ? "tenon: note " : "tenon: ");
    tni_put_code(t, d->status, d->cause);
    if (d->also_status) { tni_put(t, " + "); tni_put_code(t, d->also_status, d->also_cause); }
    if (d->status == TN_OK) return;
    tni_put(t, " at ");
    tni_put(t, tni_stage_name(d->stage));
    if (d->file || d->call || d->role || d->layer_name || d->model_name || d->model) {
        tni_put_label(t, "where");
        tni_put_site(t, d);
        tni_put(t, d->call);
        tni_put_argument(t, d, d->call ? ", " : "");
        tni_put_place(t, d, d->call || d->role ? " -> " : "");
    }
    tni_put_shape_line(t, d, "expected", &d->expected);
    tni_put_shape_line(t, d, "received", &d->received);
    if (tni_is_value(d)) { tni_put_label(t, "received"); tni_put_int(t, d->number[0]); }
    if (tni_has_rank(&d->received) && d->axes_differ) { tni_put_label(t, "differs"); tni_put_differences(t, d); }
    if (d->rule && !why) { tni_put_label(t, "rule"); tni_put(t, d->rule); } /* a cause says more */
    tni_put_trace(t, d);
    if (why || also) tni_put_label(t, "cause");
    tni_put_words(t, why, d, newline);
    if (why && also) tni_put(t, newline);
    tni_put_words(t, also, d, newline);
    if (fix || other) tni_put_label(t, "fix");
    tni_put_words(t, fix, d, newline);
    if (fix && other) tni_put(t, newline);
    tni_put_words(t, other, d, newline);
}

/* ---- TN_LINE ---- */

static void tni_put_line(tni_text *t, const tn_diag *d)
{
    const char *between = ": ";
    int32_t i;
    tni_put_site(t, d);
    tni_put(t, d->call ? d->call : "tenon");
    if (d->status != TN_OK) { tni_put_argument(t, d, ": "); tni_put_place(t, d, " -> "); }
    if (tni_has_shape(d, &d->expected) && tni_has_rank(&d->received) && d->expected.rank != d->received.rank) {
        tni_put(t, between);
        tni_put_with(t, "rank is ", d->received.rank);
        tni_put_with(t, ", must be ", d->expected.rank);
        between = "; ";
    }
    for (i = 0; i < TN_MAX_RANK; i++) {
        if (!tni_differs(d, i)) continue;
        tni_put(t, between);
        between = "; ";
        if (tni_put_axis(t, tni_difference_axes(d), d->role, d->received.rank, i)) {
            tni_put_with(t, " (axis ", i);
            tni_put(t, ")");
        } else {
            tni_put_with(t, "axis ", i);
        }
        tni_put_with(t, " is ", d->received.dim[i]);
        if (tni_wanted(d, i)) tni_put_with(t, ", must be ", d->expected.dim[i]);
    }
    if (d->status == TN_E_DTYPE && tni_has_shape(d, &d->received)) {
        tni_put(t, between); tni_put(t, "dtype is "); tni_put(t, tni_dtype_name(d->received.dtype));
    }
    if (tni_is_value(d)) { tni_put(t, between); tni_put_with(t, "is ", d->number[0]); }
    if (d->rule || tni_status_words(d->status)) {
        tni_put(t, ": ");
        tni_put(t, d->rule ? d->rule : tni_status_words(d->status));
    }
    tni_put(t, " [");
    tni_put(t, tn_status_name(d->status));
    if (*tn_cause_name(d->cause)) { tni_put(t, ", "); tni_put(t, tn_cause_name(d->cause)); }
    if (d->also_status) { tni_put(t, "; "); tni_put(t, tn_status_name(d->also_status)); }
    if (*tn_cause_name(d->also_cause)) { tni_put(t, ", "); tni_put(t, tn_cause_name(d->also_cause)); }
    tni_put(t, "]");
}

/* ---- TN_JSON ---- */

static void tni_quote(tni_text *t, int32_t mode) { tni_put_char(t, '"'); t->mode = mode; }

static void tni_put_string(tni_text *t, const char *s, size_t n)
{
    if (!s) { tni_put(t, "null"); return; }
    tni_quote(t, TNI_ESCAPED);
    tni_put_part(t, s, n);
    tni_quote(t, TNI_PLAIN);
}

/* "key": with the comma before it, if it is not the first of its object */
static void tni_put_key(tni_text *t, const char *key)
{
    tni_put(t, *key == '{' ? "{" : ", ");
    tni_put_string(t, key + (*key == '{'), (size_t)-1);
    tni_put(t, ": ");
}

static void tni_put_number(tni_text *t, const char *key, int64_t v) { tni_put_key(t, key); tni_put_int(t, v); }
static void tni_put_name(tni_text *t, const char *key, const char *s)
{
    tni_put_key(t, key);
    tni_put_string(t, s, (size_t)-1);
}

/* null where there is no shape; free axes are null, axes without a name too. */
static void tni_put_json_shape(tni_text *t, const tn_diag *d, const char *key, const tn_tensor *v, int32_t axes)
{
    int32_t i;
    tni_put_key(t, key);
    if (!tni_has_rank(v)) { tni_put(t, "null"); return; }
    tni_put_number(t, "{rank", v->rank);
    tni_put_name(t, "dtype", tni_dtype_name(v->dtype));
    tni_put_key(t, "shape");
    for (i = 0; i < v->rank; i++) {
        tni_put(t, i ? ", " : "[");
        if (v->dim[i] == TN_ANY) tni_put(t, "null");
        else tni_put_int(t, v->dim[i]);
    }
    tni_put(t, i ? "]" : "[]");
    tni_put_key(t, "axes");
    for (i = 0; i < v->rank; i++) {
        tni_text probe = tni_text_on(TNI_NULL, 0, TNI_PLAIN);
        tni_put(t, i ? ", " : "[");
        if (!tni_put_axis(&probe, axes, d->role, v->rank, i)) { tni_put(t, "null"); continue; }
        tni_quote(t, TNI_ESCAPED);
        (void)tni_put_axis(t, axes, d->role, v->rank, i);
        tni_quote(t, TNI_PLAIN);
    }
    tni_put(t, i ? "]}" : "[]}");
}

static void tni_put_json_words(tni_text *t, const tn_diag *d, const char *key, const char *words)
{
    tni_put_key(t, key);
    if (!words) { tni_put(t, "null"); return; }
    tni_quote(t, TNI_ESCAPED);
    tni_put_words(t, words, d, "\n");
    tni_quote(t, TNI_PLAIN);
}

static void tni_put_json(tni_text *t, const tn_diag *d)
{
    const char *between = "[";
    size_t len = 0;
    const char *const spelled = tni_argument(d->args, d->arg, &len);
    const tn_layer *const l = tni_layer_of(d->model, d->layer);
    int32_t i;
    tni_put_number(t, "{status", d->status);
    tni_put_name(t, "code", tn_status_name(d->status));
    tni_put_number(t, "cause", d->cause);
    tni_put_name(t, "cause_name", tn_cause_name(d->cause));
    tni_put_name(t, "stage", tni_stage_name(d->stage));
    tni_put_name(t, "severity", tni_severity_name(d->severity));
    tni_put_name(t, "file", d->file);
    tni_put_number(t, "line", d->line);
    tni_put_name(t, "call", d->call);
    tni_put_number(t, "arg", d->arg);
    tni_put_key(t, "operand");
    tni_put_string(t, spelled, len);
    tni_put_name(t, "args", d->args);
    tni_put_name(t, "role", d->role);
    tni_put_name(t, "rule", d->rule);
    tni_put_name(t, "model", d->model_name ? d->model_name : d->model ? d->model->name : TNI_NULL);
    tni_put_number(t, "layer", d->layer);
    tni_put_key(t, "layer_name");
    if (d->layer_name || l) { tni_quote(t, TNI_ESCAPED); tni_put_layer_name(t, d, l); tni_quote(t, TNI_PLAIN); }
    else tni_put(t, "null");
    tni_put_json_shape(t, d, "expected", &d->expected, d->expected.axes);
    tni_put_json_shape(t, d, "received", &d->received, tni_received_axes(d));
    tni_put_key(t, "axes_differ");
    for (i = 0; i < 32; i++)
        if (d->axes_differ >> i & 1) { tni_put_with(t, between, i); between = ", "; }
    tni_put(t, *between == '[' ? "[]" : "]");
    tni_put_number(t, "also_status", d->also_status);
    tni_put_name(t, "also_code", d->also_status ? tn_status_name(d->also_status) : TNI_NULL);
    tni_put_number(t, "also_cause", d->also_cause);
    tni_put_name(t, "also_cause_name", tn_cause_name(d->also_cause));
    tni_put_key(t, "number");
    for (i = 0; i < 4; i++) tni_put_with(t, i ? ", " : "[", d->number[i]);
    tni_put(t, "]");
    tni_put_json_words(t, d, "because", tni_cause_words(d->cause));
    tni_put_json_words(t, d, "fix", tni_fix_words(d->status, d->cause));
    tni_put(t, "}");
}

TENON_API size_t tn_diag_format(const tn_diag *d, int32_t form, char *out, size_t size)
{
    tni_text t = tni_text_on(out, size, form == TN_LINE ? TNI_ONE_LINE : TNI_PLAIN);
    if (!d) tni_put(&t, form == TN_JSON ? "null" : "");
    else if (form == TN_JSON) tni_put_json(&t, d);
    else if (form == TN_LINE) tni_put_line(&t, d);
    else tni_put_full(&t, d);
    return tni_put_end(&t, form != TN_JSON);
}

TENON_API tn_context *tn_at(tn_context *c, const char *file, int32_t line, const char *args)
{
    if (c) { c->file = file; c->line = line; c->args = args; }
    return c;
}
