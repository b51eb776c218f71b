/* impl/text.h - text into a buffer of known size, counting on past its end as snprintf does; shapes in words. No
 * stdio. */

enum { TNI_PLAIN, TNI_ONE_LINE, TNI_ESCAPED }; /* as it is; control characters become spaces; as inside a JSON string */

typedef struct tni_text {
    char *out;
    size_t size, len;
    int32_t mode;
} tni_text;

static tni_text tni_text_on(char *out, size_t size, int32_t mode)
{
    tni_text t;
    t.out = out; t.size = out ? size : 0; t.len = 0; t.mode = mode;
    return t;
}

static void tni_put_char(tni_text *t, char c)
{
    if (t->len < t->size) t->out[t->len] = c;
    t->len++;
}

/* Bytes of the UTF-8 character at s, 0 where there is none (Unicode 15, table 3-7). A NUL ends it: nothing is read
 * behind one. */
static size_t tni_utf8(const unsigned char *s)
{
    const unsigned char lead = s[0];
    const size_t n = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    size_t i;
    if (n > 1 && (s[1] < low || s[1] > high)) return 0;
    for (i = 2; i < n; i++) if ((s[i] & 0xc0) != 0x80) return 0;
    return n;
}

static void tni_put_part(tni_text *t, const char *s, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    size_t i, k;
    for (i = 0; i < n && s[i]; i++) {
        const unsigned char c = (unsigned char)s[i];
        if (t->mode == TNI_PLAIN || (t->mode == TNI_ONE_LINE && c >= 0x20)) {
            tni_put_char(t, s[i]);
        } else if (t->mode == TNI_ONE_LINE) {
            tni_put_char(t, ' ');
        } else if (c == '"' || c == '\\' || c == '\n') {
            tni_put_char(t, '\\');
            tni_put_char(t, c == '\n' ? 'n' : s[i]);
        } else if (c < 0x20 || (k = tni_utf8((const unsigned char *)s + i)) == 0) {
            const unsigned code = c < 0x20 ? c : 0xfffd;
            int shift;
            tni_put_char(t, '\\'); tni_put_char(t, 'u');
            for (shift = 12; shift >= 0; shift -= 4) tni_put_char(t, digit[code >> shift & 15]);
        } else {
            while (--k) tni_put_char(t, s[i++]);
            tni_put_char(t, s[i]);
        }
    }
}

/* Characters of s before one of these two. */
static size_t tni_until(const char *s, char a, char b)
{
    size_t n = 0;
    while (s[n] && s[n] != a && s[n] != b) n++;
    return n;
}

static void tni_put(tni_text *t, const char *s) { if (s) tni_put_part(t, s, (size_t)-1); }

static void tni_put_uint(tni_text *t, uint64_t v)
{
    char digit[20];
    size_t i = sizeof digit;
    do digit[--i] = (char)('0' + v % 10); while (v /= 10);
    tni_put_part(t, digit + i, sizeof digit - i);
}

static void tni_put_int(tni_text *t, int64_t v)
{
    if (v < 0) tni_put_char(t, '-');
    tni_put_uint(t, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

/* Terminates and tells the length wanted. What has no room is cut: whole: behind the last line that fits, in the first
 * line behind the last word, so that no number loses digits; else never in the middle of a character. */
static size_t tni_put_end(tni_text *t, int whole)
{
    size_t end = t->len;
    if (t->size && end >= t->size) { /* out[end] is then the first character without room */
        const size_t room = t->size - 1;
        int i;
        for (end = room; whole && end && t->out[end] != '\n';) end--;
        if (whole && !end) for (end = room; end && t->out[end] != ' ';) end--;
        while (whole && end && t->out[end - 1] == ' ') end--;
        for (i = 0; !whole && i < 3 && end && ((unsigned char)t->out[end] & 0xc0) == 0x80; i++) end--;
    }
    if (t->size) t->out[end] = 0;
    return t->len;
}

/* ---- names ---- */

static const char *tni_dtype_name(int32_t dtype)
{
    static const char *const name[] = { "float32", "float64", "uint8", "int8", "int32", "int64" };
    return dtype >= TN_F32 && dtype <= TN_I64 ? name[dtype] : "unknown type";
}

static const char *tni_stage_name(int32_t stage)
{
    static const char *const name[] = { "CALL", "COMPILE_TIME", "BUILD", "LOAD", "BIND", "BATCH", "RUN" };
    return stage >= TN_AT_CALL && stage <= TN_AT_RUN ? name[stage] : "?";
}

static const char *tni_severity_name(int32_t severity)
{
    return severity == TN_ERROR ? "error" : severity == TN_WARNING ? "warning" : severity == TN_NOTE ? "note" : "?";
}

static const char *tni_layer_name(int32_t kind)
{
    static const char *const name[] = {
        "input", "conv2d", "depthwise_conv2d", "max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d",
        "flatten", "reshape", "dense", "lstm", "batch_norm", "layer_norm", "activation", "dropout", "rescaling",
        "gaussian_noise"
    };
    return kind >= TN_LAYER_INPUT && kind <= TN_LAYER_GAUSSIAN_NOISE ? name[kind - TN_LAYER_INPUT] : "layer";
}

static const char *tni_activation_name(int32_t kind)
{
    static const char *const name[] = {
        "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "sigmoid", "hard_sigmoid", "hard_sigmoid_onnx",
        "tanh", "softplus", "softsign", "silu", "hard_swish", "gelu", "gelu_tanh", "mish", "exp", "softmax"
    };
    return kind >= TN_LINEAR && kind <= TN_SOFTMAX ? name[kind] : "?";
}

static void tni_put_with(tni_text *t, const char *before, int64_t v) { tni_put(t, before); tni_put_int(t, v); }

/* One item of a list; returns what stands before the next. */
static const char *tni_put_item(tni_text *t, const char *between, const char *item)
{
    tni_put(t, between);
    tni_put(t, item);
    return ", ";
}

/* conv2d(32, 3x3, valid, relu): kind and what decides its shapes. */
static void tni_put_layer(tni_text *t, const tn_layer *l)
{
    static const char *const padding[] = { "valid", "same", "same_lower", "explicit", "causal" };
    const int window = l->kind >= TN_LAYER_CONV2D && l->kind <= TN_LAYER_AVG_POOL2D;
    const char *between = "(";
    tni_put(t, tni_layer_name(l->kind));
    if (l->units) { tni_put_with(t, between, l->units); between = ", "; }
    if (window) {
        tni_put_with(t, between, l->window.size_h);
        tni_put_with(t, "x", l->window.size_w);
        between = ", ";
        if (l->window.stride_h > 1 || l->window.stride_w > 1) {
            tni_put_with(t, ", stride ", l->window.stride_h);
            tni_put_with(t, "x", l->window.stride_w);
        }
        if (l->window.padding >= TN_VALID && l->window.padding <= TN_CAUSAL)
            tni_put_item(t, between, padding[l->window.padding]);
    }
    if (l->activation && l->kind != TN_LAYER_LSTM)
        between = tni_put_item(t, between, tni_activation_name(l->activation));
    if (l->return_sequences) between = tni_put_item(t, between, "return_sequences");
    if (*between == ',') tni_put(t, ")");
}

/* Entry i of the first list of `rank` names in brackets, as in "w[I,O]"; NULL where there is none such. */
static const char *tni_role_axis(const char *role, int32_t rank, int32_t i, size_t *len)
{
    const char *p, *start;
    for (; role && *role; role++) {
        int32_t count = 1, k = 0;
        if (*role != '[') continue;
        for (p = role + 1; *p && *p != ']'; p++) count += *p == ',';
        if (count != rank) continue;
        for (start = p = role + 1; *p && *p != ']'; p++) {
            if (*p != ',') continue;
            if (k++ == i) break;
            start = p + 1;
        }
        *len = (size_t)(p - start);
        return k >= i && p > start && p[-1] >= 'A' && p[-1] <= 'Z' ? start : TNI_NULL; /* "1" is a length, no name */
    }
    return TNI_NULL;
}

/* Writes the name of axis i, by the five bits an axis of tn_tensor.axes, else by the role; 0 where neither knows
 * one. */
static int tni_put_axis(tni_text *t, int32_t axes, const char *role, int32_t rank, int32_t i)
{
    const uint32_t letter = (uint32_t)axes >> (5 * i) & 31;
    const char *name;
    size_t len = 0;
    if (letter >= 1 && letter <= 26) { tni_put_char(t, (char)('A' + letter - 1)); return 1; }
    name = axes ? TNI_NULL : tni_role_axis(role, rank, i, &len);
    if (name) tni_put_part(t, name, len);
    return name != TNI_NULL;
}

/* "(N=50000, H=32, W=32, C=3)"; a free axis is its name alone, or ?. */
static void tni_put_shape(tni_text *t, const tn_tensor *v, int32_t axes, const char *role)
{
    int32_t i;
    if (v->rank < 0 || v->rank > TN_MAX_RANK) { tni_put(t, "?"); return; }
    tni_put(t, "(");
    for (i = 0; i < v->rank; i++) {
        int named;
        if (i) tni_put(t, ", ");
        named = tni_put_axis(t, axes, role, v->rank, i);
        if (v->dim[i] == TN_ANY) {
            if (!named) tni_put(t, "?");
        } else {
            if (named) tni_put(t, "=");
            tni_put_int(t, v->dim[i]);
        }
    }
    tni_put(t, ")");
}

/* Where argument number i of "&y, f(a, b), ..." stands: split at the commas outside brackets and literals. NULL:
 * there is none. */
static const char *tni_argument(const char *args, int32_t i, size_t *len)
{
    const char *p = args, *start = args;
    int32_t depth = 0, k = 0;
    if (!args || i < 0) return TNI_NULL;
    for (;; p++) {
        if ((*p == '"' || *p == '\'') &&
            !(*p == '\'' && p > start && p[-1] >= '0' && p[-1] <= '9')) { /* not the ' of 1'000 */
            const char quote = *p++;
            for (; *p && *p != quote; p++) if (*p == '\\' && p[1]) p++;
            if (*p) continue;
        }
        if (*p == '(' || *p == '[' || *p == '{') depth++;
        else if (*p == ')' || *p == ']' || *p == '}') depth--;
        if (*p && !(*p == ',' && depth <= 0)) continue;
        if (k++ == i) break;
        if (!*p) return TNI_NULL;
        start = p + 1;
    }
    while (start < p && *start == ' ') start++;
    while (p > start && p[-1] == ' ') p--;
    *len = (size_t)(p - start);
    return *len ? start : TNI_NULL;
}
