/* model/layers.h - the entries of a model's list. */

static tn_layer tni_layer(const char *file, int32_t line, int32_t kind)
{
    tn_layer l;
    memset(&l, 0, sizeof l);
    l.file = file;
    l.line = line;
    l.kind = kind;
    return l;
}

TENON_API tn_layer tn_layer_at(const char *file, int32_t line, int32_t kind, int32_t units, int32_t activation)
{
    tn_layer l = tni_layer(file, line, kind);
    l.units = units;
    l.activation = activation;
    return l;
}

/* A negative line: the target of a reshape, in the macros' own way. */
TENON_API tn_layer tn_layer_input(const char *file, int32_t line, int32_t axes, int32_t rank, int32_t a, int32_t b,
                                  int32_t c)
{
    tn_layer l = tni_layer(file, line < 0 ? -line : line, line < 0 ? TN_LAYER_RESHAPE : TN_LAYER_INPUT);
    l.input = tn_view(TNI_NULL, axes, rank, 0, 0, 0, 0); /* other than tn_view's, its lengths may be TN_ANY */
    l.input.dim[0] = a;
    if (rank > 1) l.input.dim[1] = b;
    if (rank > 2) l.input.dim[2] = c;
    return l;
}

TENON_API tn_layer tn_layer_window(const char *file, int32_t line, int32_t kind, int32_t units, int32_t h, int32_t w,
                                   int32_t activation)
{
    tn_layer l = tn_layer_at(file, line, kind, units, activation);
    l.window.size_h = h;
    l.window.size_w = w;
    return l;
}

TENON_API tn_layer tn_layer_number(const char *file, int32_t line, int32_t kind, float a, float b)
{
    tn_layer l = tni_layer(file, line, kind);
    if (kind == TN_LAYER_RESCALING) {
        l.scale = a;
        l.offset = b;
    } else l.rate = a;
    return l;
}
