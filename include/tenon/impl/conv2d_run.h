/* impl/conv2d_run.h - two-dimensional convolution: run and pack. */

/* ---- images in the order of the kernels ---- */

static tn_tensor tni_conv2d_image(float *data, int64_t N, int64_t H, int64_t W, int64_t C)
{
    return tn_view(data, TN_NHWC, 4, N, H, W, C);
}

static void tni_to_nhwc(const tni_call *c, const tn_tensor *nhwc, const tn_tensor *nchw)
{
    static const int32_t order[] = { 0, 2, 3, 1 };
    if (nchw->dim[0]) tni_transposed(c, nhwc, nchw, order);
}

static void tni_to_nchw(const tni_call *c, const tn_tensor *nchw, const tn_tensor *nhwc)
{
    static const int32_t order[] = { 0, 3, 1, 2 };
    if (nchw->dim[0]) tni_transposed(c, nchw, nhwc, order);
}

/* *need: bytes of those of the n images that are not NULL, which are copied for the kernels, and more. 0: too many. */
static int tni_copies(size_t *need, const tn_tensor *const *image, int32_t n, size_t more)
{
    for (*need = more; n--; image++)
        if (*image) {
            if (tn_bytes(*image) > (size_t)PTRDIFF_MAX || *need > (size_t)PTRDIFF_MAX - tn_bytes(*image)) return 0;
            *need += tn_bytes(*image);
        }
    return *need <= (size_t)PTRDIFF_MAX;
}

/* ---- the plan as sums over taps ---- */

static tni_reach tni_conv2d_reach(int64_t in, int64_t out, int64_t taps, int64_t stride, int64_t dilation,
                                  int64_t before)
{
    tni_reach r;
    r.in = in; r.out = out; r.taps = taps;
    r.rise = stride; r.fall = 1; r.base = -before; r.walk = dilation;
    return r;
}

/* y from x; the caller adds the memory and the epilogue. */
static tni_correlation tni_conv2d_sums(const tni_conv2d *plan)
{
    const tni_window *const v = &plan->v;
    const size_t taps = (size_t)(v->size_h * v->size_w), O = (size_t)plan->O;
    const size_t I = (size_t)(plan->C / plan->G), M = (size_t)(plan->O / plan->G);
    tni_correlation c;
    memset(&c, 0, sizeof c);
    c.g = tni_gemm_of(0, I, O);
    c.g.y_row = O;
    c.h = tni_conv2d_reach(plan->H, plan->OH, v->size_h, v->stride_h, v->dilation_h, v->top);
    c.w = tni_conv2d_reach(plan->W, plan->OW, v->size_w, v->stride_w, v->dilation_w, v->left);
    c.N = (size_t)plan->N;
    c.channels = (size_t)plan->C;
    c.depthwise = plan->G > 1 && plan->G == plan->C;
    c.groups = c.depthwise ? 1 : (size_t)plan->G;
    c.K = I;
    c.O = c.depthwise ? O : M;
    if (plan->weights[0] == '2') { /* OIHW */
        c.tap_step = 1;
        c.k_step = taps;
        c.o_step = I * taps;
    } else {
        c.tap_step = (ptrdiff_t)(I * O);
        c.k_step = O;
        c.o_step = 1;
    }
    c.group_step = M * c.o_step;
    c.x_mul = 1;
    c.x_div = c.depthwise ? M : 1;
    return c;
}

/* ---- tasks ---- */

typedef struct tni_correlate_run {
    const tni_correlation *c;
    const tni_table *kernels;
    float *packed;
    size_t lines, columns, across; /* of a task; tasks side by side */
    int accumulate;
} tni_correlate_run;

/* Blocks of TNI_COLUMNS of each group, all groups. */
static size_t tni_correlate_columns(const tni_correlation *c)
{
    return c->groups * ((c->O + TNI_COLUMNS - 1) / TNI_COLUMNS);
}

static void tni_correlate_task(void *arg, int32_t index, int32_t worker)
{
    const tni_correlate_run *const run = (const tni_correlate_run *)arg;
    const size_t lines = run->c->N * (size_t)run->c->h.out, columns = tni_correlate_columns(run->c);
    const size_t n = (size_t)index / run->across * run->lines, o = (size_t)index % run->across * run->columns;
    (void)worker;
    run->kernels->correlate(run->c, n, tni_least(lines, n + run->lines), o, tni_least(columns, o + run->columns));
}

static void tni_correlate_pack_task(void *arg, int32_t index, int32_t worker)
{
    const tni_correlate_run *const run = (const tni_correlate_run *)arg;
    (void)worker;
    run->kernels->correlate_pack(run->packed, run->c->g.b, run->c, (size_t)index, (size_t)index + 1);
}

/* Panels of columns of each group, all groups. */
static size_t tni_correlate_all(const tni_correlation *c, const tni_table *kernels)
{
    return c->groups * ((c->O + kernels->panel - 1) / kernels->panel);
}

/* The convolution of one pixel by one: a matrix product over all of them. */
static int tni_correlate_is_gemm(const tni_correlation *c)
{
    return c->groups == 1 && !c->depthwise && c->h.taps == 1 && c->w.taps == 1 && c->h.rise == 1 && c->w.rise == 1 &&
           c->h.fall == 1 && c->w.fall == 1 && c->h.in == c->h.out && c->w.in == c->w.out;
}

/* Bytes of workspace for the panels of weights that do not serve as they lie, the same on every instruction set;
 * SIZE_MAX: too many. */
static size_t tni_correlate_panels(const tni_correlation *c)
{
    size_t n = (c->O + TNI_WIDEST - 1) / TNI_WIDEST * TNI_WIDEST;
    if (tni_correlate_is_gemm(c) || (c->o_step == 1 && c->tap_step == (ptrdiff_t)(c->K * c->k_step))) return 0;
    return tni_mul(n, c->groups, &n) && tni_mul(n, c->K, &n) && tni_mul(n, (size_t)(c->h.taps * c->w.taps), &n) &&
                   tni_mul(n, sizeof(float), &n)
               ? n : SIZE_MAX;
}

/* room: for the panels, where tni_correlate_panels wants any. */
static void tni_correlate_go(const tni_call *call, const tni_table *kernels, tni_correlation *c, float *room)
{
    const size_t worth = 1 << 20, enough = 8; /* multiply-adds of a task; tasks, if each is worth it */
    const size_t lines = c->N * (size_t)c->h.out, columns = tni_correlate_columns(c);
    const size_t line = (size_t)(c->h.rise * c->w.in) * c->channels / (size_t)c->h.fall + 1; /* floats of x */
    const size_t least = worth / TNI_COLUMNS / c->K / (size_t)c->w.out / (size_t)(c->h.taps * c->w.taps) + 1;
    tni_correlate_run run;
    size_t down;
    if (!lines) return;
    if (tni_correlate_is_gemm(c)) {
        c->g.N = lines * (size_t)c->w.out; c->g.K = c->K; c->g.O = c->O;
        c->g.a = c->x; c->g.a_row = c->channels; c->g.a_step = 1;
        c->g.b_row = c->k_step; c->g.b_col = c->o_step;
        tni_gemm_go(call, kernels, &c->g);
        return;
    }
    memset(&run, 0, sizeof run);
    run.c = c;
    run.kernels = kernels;
    if (!c->g.packed && tni_correlate_panels(c)) {
        run.packed = room;
        tni_parallel(call, (int32_t)tni_correlate_all(c, kernels), tni_correlate_pack_task, &run);
        c->g.packed = room;
    }
    run.lines = tni_least(TNI_NEAR_FLOATS / line + 1, lines);
    run.columns = tni_least((least + run.lines - 1) / run.lines, columns);
    run.across = (columns + run.columns - 1) / run.columns;
    c->g.ahead = run.columns * TNI_COLUMNS * tni_workers(call);
    down = (enough + run.across - 1) / run.across;
    if (run.lines > lines / down) run.lines = lines / down > least ? lines / down : tni_least(least, run.lines);
    down = (lines + run.lines - 1) / run.lines;
    run.lines = (lines + down - 1) / down;
    if (down > (size_t)INT32_MAX / run.across) {
        run.lines = lines;
        down = 1;
    }
    tni_parallel(call, (int32_t)(down * run.across), tni_correlate_task, &run);
}

/* ---- the calls ---- */

/* The header of w's panels under this plan. */
static tni_packed tni_conv2d_header(const tni_table *kernels, const tni_correlation *c)
{
    tni_packed h = tni_packed_header(kernels, c->depthwise ? TNI_PACK_DEPTHWISE : TNI_PACK_CONV2D,
                                     (size_t)(c->h.taps * c->w.taps) * c->K, c->O);
    h.groups = (uint32_t)c->groups;
    h.width = (uint32_t)c->w.taps;
    return h;
}

TENON_API tn_status tn_conv2d(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                              const tn_tensor *b, const tn_conv2d_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_conv2d");
    const tni_operand op[] = { { y, "y[N,H,W,C]", 0, TNI_OUT | TNI_BATCHED },
                               { x, "x[N,H,W,C]", 1, TNI_BATCHED },
                               { w, "w[KH,KW,I,O]", 2, TNI_PACKABLE },
                               { b, "b[O]", 3, TNI_OPTIONAL },
                               { p ? p->residual : TNI_NULL, "residual[N,H,W,C]", 4, TNI_OPTIONAL | TNI_BATCHED } };
    const tni_table *const kernels = tni_active();
    const tn_tensor *copies[2] = { TNI_NULL, TNI_NULL };
    const float *panels = TNI_NULL;
    tn_tensor from, to;
    tni_correlation sums;
    tni_packed header;
    tni_conv2d plan;
    float *room;
    size_t need;
    TNI_TRY(tni_operands(&c, op, 5));
    if (p) TNI_TRY(tni_activation_kind(&c, 4, p->activation));
    TNI_TRY(tni_conv2d_shapes(&c, &plan, &op[0], &op[1], &op[2], &op[3], p, 4));
    if (op[4].t) {
        TNI_TRY(tni_image_like(&c, &op[4], plan.image, "the axes of the residual must stand in the order of y"));
        TNI_TRY(tni_merge_expect(&c, &op[4], y, "the residual has y's shape"));
    }
    TNI_TRY(tni_apart(&c, op, 5));
    if (w->flags & TN_PACKED) {
        sums = tni_conv2d_sums(&plan);
        header = tni_conv2d_header(kernels, &sums);
        TNI_TRY(tni_panels(&c, &op[2], &header, &panels));
        TNI_TRY(tni_packed_apart(&c, op, 1, &op[2], tni_packed_bytes(&header)));
    }
    if (plan.image[1] == '2') {
        copies[0] = x;
        copies[1] = y;
    }
    sums = tni_conv2d_sums(&plan);
    sums.g.b = (const float *)w->data;
    if (!tni_copies(&need, copies, 2, w->flags & TN_PACKED ? 0 : tni_correlate_panels(&sums)))
        return tni_bad(&c, TN_E_OVERFLOW, -1, "workspace", "copies of x, y and w do not fit memory", 0);
    TNI_TRY(tni_scratch(&c, op, 5, need));
    if (c.query) return tni_ok(&c);
    sums.g.packed = panels;
    from = *x;
    to = *y;
    room = need ? (float *)ctx->workspace : TNI_NULL;
    if (copies[0]) {
        from = tni_conv2d_image(room, plan.N, plan.H, plan.W, plan.C);
        to = tni_conv2d_image(room + tni_size(x), plan.N, plan.OH, plan.OW, plan.O);
        room += tni_size(x) + tni_size(y);
        tni_to_nhwc(&c, &from, x);
        if (op[4].t) tni_to_nhwc(&c, &to, op[4].t);
    }
    sums.x = (const float *)from.data;
    sums.g.y = (float *)to.data;
    if (b) sums.g.bias = (const float *)b->data;
    if (op[4].t) sums.g.residual = (const float *)(copies[0] ? to.data : op[4].t->data);
    if (p) {
        sums.g.activation = p->activation;
        sums.g.activation_alpha = p->alpha;
    }
    tni_correlate_go(&c, kernels, &sums, room);
    if (copies[0]) tni_to_nchw(&c, y, &to);
    return tni_ok(&c);
}

TENON_API tn_status tn_conv2d_pack(tn_context *ctx, tn_tensor *packed, void *memory, size_t size, const tn_tensor *w,
                                   const tn_tensor *x_shape, const tn_conv2d_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_conv2d_pack");
    const tni_operand op[] = { { w, "w[KH,KW,I,O]", 3, TNI_IN },
                               { x_shape, "x[N,H,W,C]", 4, TNI_BATCHED | TNI_NO_DATA } };
    const tni_table *const kernels = tni_active();
    tni_correlation sums;
    tni_conv2d plan;
    tni_packed header;
    if (!packed) return tni_bad(&c, TN_E_NULL, 0, "packed", "must not be NULL", 0);
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_conv2d_shapes(&c, &plan, TNI_NULL, &op[1], &op[0], TNI_NULL, p, 5));
    sums = tni_conv2d_sums(&plan);
    header = tni_conv2d_header(kernels, &sums);
    TNI_TRY(tni_pack_one(&c, packed, memory, size, &op[0], &header));
    if (!c.query)
        kernels->correlate_pack((float *)memory + TNI_PACK_HEADER / sizeof(float), (const float *)w->data, &sums, 0,
                                tni_correlate_all(&sums, kernels));
    return tni_ok(&c);
}
