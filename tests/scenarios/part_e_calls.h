/* tests/scenarios/part_e_calls.h - the catalogue's part E: calls on tensors, without a model. */

/* The call with the workspace that its query asks for. */
#define WORKS(fn, ...)                        \
    do {                                      \
        ctx.query = 1;                        \
        RUNS(fn, __VA_ARGS__);                \
        ctx.query = 0;                        \
        ctx.workspace = block(ctx.need);      \
        ctx.workspace_size = ctx.need;        \
        RUNS(fn, __VA_ARGS__);                \
    } while (0)

static tn_tensor convolved(const tn_tensor *x, int filters, int size, int stride, int padding)
{
    const tn_tensor w = floats(4, size, size, x->dim[3], filters);
    tn_conv2d_params p = TN_ZERO;
    tn_tensor y = TN_ZERO;
    p.window.padding = padding;
    p.window.stride_h = p.window.stride_w = stride;
    RUNS(tn_conv2d_shape, &y, x, &w, &p);
    y.data = block(tn_bytes(&y));
    WORKS(tn_conv2d, &y, x, &w, NULL, &p);
    return y;
}

/* ---- two branches of a network ---- */

/* a + branch is refused; it is taken of another shortcut or another branch. */
static void added(int cause, const tn_tensor *a, const tn_tensor *branch, const tn_tensor *mended,
                  const tn_tensor *mended_branch, const char *shape, const char *received, const char *differs)
{
    const tn_tensor y = room(4, a->dim[0], a->dim[1], a->dim[2], a->dim[3]);
    const tn_tensor sum = room(4, mended->dim[0], mended->dim[1], mended->dim[2], mended->dim[3]);
    REFUSED(TN_AT_CALL, TN_E_MERGE, cause, tn_add, &y, a, branch);
    RECORD(shape, received, differs);
    CHECK(diag.arg == 2);
    RUNS(tn_add, &sum, mended, mended_branch);
}
static void residual_valid_conv(void)
{
    const tn_tensor x = floats(4, 2, 28, 28, 32);
    const tn_tensor valid = convolved(&x, 32, 3, 1, TN_VALID), kept = convolved(&x, 32, 3, 1, TN_SAME);
    added(TN_CAUSE_RESIDUAL_VALID_CONV, &x, &valid, &x, &kept, "2 28 28 32", "2 26 26 32", "12");
    CHECK(now.record[0].number[0] == 2 && now.record[0].number[1] == 3);
}
static void residual_channels(void)
{
    const tn_tensor x = floats(4, 2, 28, 28, 32);
    const tn_tensor wide = convolved(&x, 64, 3, 1, TN_SAME), shortcut = convolved(&x, 64, 1, 1, TN_VALID);
    added(TN_CAUSE_RESIDUAL_CHANNELS, &x, &wide, &shortcut, &wide, "2 28 28 32", "2 28 28 64", "3");
    CHECK(now.record[0].number[0] == 32 && now.record[0].number[1] == 64);
}
static void residual_stride(void)
{
    const tn_tensor x = floats(4, 2, 28, 28, 32);
    const tn_tensor half = convolved(&x, 32, 3, 2, TN_SAME), shortcut = convolved(&x, 32, 1, 2, TN_SAME);
    added(TN_CAUSE_RESIDUAL_STRIDE, &x, &half, &shortcut, &half, "2 28 28 32", "2 14 14 32", "12");
    CHECK(now.record[0].number[0] == 28 && now.record[0].number[1] == 14);
}
static void residual_broadcast_one(void)
{
    const tn_tensor x = floats(4, 2, 28, 28, 32), one = floats(4, 2, 28, 28, 1);
    const tn_tensor wide = convolved(&one, 32, 1, 1, TN_VALID);
    added(TN_CAUSE_RESIDUAL_BROADCAST_ONE, &x, &one, &x, &wide, "2 28 28 32", "2 28 28 1", "3");
}

/* A level of a U-net on x: halved by a pool, doubled, beside what it was made of. */
static tn_tensor doubled_half(const tn_tensor *x)
{
    const int h = x->dim[1] / 2, w = x->dim[2] / 2, c = x->dim[3];
    const tn_tensor half = room(4, x->dim[0], h, w, c), twice = room(4, x->dim[0], 2 * h, 2 * w, c);
    tn_window pool = TN_ZERO;
    pool.size_h = pool.size_w = pool.stride_h = pool.stride_w = 2;
    RUNS(tn_max_pool2d, &half, NULL, x, &pool);
    RUNS(tn_resize, &twice, &half, NULL);
    return twice;
}
static void unet_odd_size(void)
{
    const tn_tensor skip = floats(4, 2, 25, 25, 8), up = doubled_half(&skip), y = room(4, 2, 25, 25, 16);
    const tn_tensor padded = room(4, 2, 26, 26, 8), even = room(4, 2, 26, 26, 16);
    const tn_tensor *const both[] = { &skip, &up }, *reversed[] = { &up, &skip };
    const tn_tensor *mended[2];
    tn_tensor up_of_padded;
    tn_pad_params p = TN_ZERO;
    REFUSED(TN_AT_CALL, TN_E_MERGE, TN_CAUSE_UNET_ODD_SIZE, tn_concat, &y, both, 2, 3);
    RECORD("2 25 25 8", "2 24 24 8", "12");
    CHECK(diag.number[0] == 25 && diag.number[1] == 24);
    REFUSED(TN_AT_CALL, TN_E_MERGE, TN_CAUSE_UNET_ODD_SIZE, tn_concat, &y, reversed, 2, -1);
    RECORD("2 24 24 8", "2 25 25 8", "12");
    CHECK(diag.number[0] == 25 && diag.number[1] == 24);
    p.after[1] = p.after[2] = 1;
    RUNS(tn_pad, &padded, &skip, &p);
    up_of_padded = doubled_half(&padded);
    mended[0] = &padded;
    mended[1] = &up_of_padded;
    RUNS(tn_concat, &even, mended, 2, 3);
}
static void concat_axis(void)
{
    const tn_tensor a = floats(4, 1, 4, 4, 2), b = floats(4, 1, 4, 5, 2), y = room(4, 1, 8, 4, 2),
                    wide = room(4, 1, 4, 9, 2), two = floats(4, 1, 4, 6, 2), deep = room(4, 1, 4, 4, 4);
    const tn_tensor *const both[] = { &a, &b }, *const apart[] = { &a, &two };
    REFUSED(TN_AT_CALL, TN_E_MERGE, TN_CAUSE_CONCAT_AXIS, tn_concat, &y, both, 2, 1);
    RECORD("1 4 4 2", "1 4 5 2", "2");
    REFUSED(TN_AT_CALL, TN_E_MERGE, TN_CAUSE_CONCAT_AXIS, tn_concat, &deep, apart, 2, 3); /* no pool took 2 of 6 */
    RECORD("1 4 4 2", "1 4 6 2", "2");
    RUNS(tn_concat, &wide, both, 2, 2);
}
static void list_of_images(void)
{
    const tn_tensor image = floats(3, 32, 32, 3, 0);
    tn_tensor y = room(4, 4, 32, 32, 3);
    const tn_tensor *const list[] = { &image, &image, &image, &image };
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_LIST_OF_IMAGES, tn_concat, &y, list, 4, 0);
    RECORD("32 32 3", "4 32 32 3", "");
    CHECK(diag.number[0] == 4);
    RUNS(tn_stack, &y, list, 4, NULL);
    CHECK(!memcmp(y.data, image.data, tn_bytes(&image)));
}
static void gray_among_rgb(void)
{
    static const char *const names[] = { "cat/0000.png", "cat/0001.png", "cat/0002.png", "cat/0003.png" };
    const tn_tensor rgb = bytes(3, 32, 32, 3, 0), gray = bytes(3, 32, 32, 1, 0);
    const tn_tensor *const mixed[] = { &rgb, &rgb, &gray, &rgb }, *const all[] = { &rgb, &rgb, &rgb, &rgb };
    tn_tensor y = of_type(TN_U8, 4, 4, 32, 32, 3);
    REFUSED(TN_AT_LOAD, TN_E_RAGGED, TN_CAUSE_GRAY_AMONG_RGB, tn_stack, &y, mixed, 4, names);
    RECORD("32 32 3", "32 32 1", "2");
    CHECK(diag.role == names[2] && diag.number[0] == 2 && diag.number[1] == 1 && diag.number[2] == 3);
    RUNS(tn_stack, &y, all, 4, names);
}
static void palette_or_16_bit_image(void)
{
    const tn_tensor image = bytes(3, 16, 16, 3, 0), deep = of_type(TN_I32, 3, 16, 16, 3, 0),
                    scaled = room(3, 16, 16, 3, 0), plain = room(3, 16, 16, 3, 0);
    const tn_tensor *const mixed[] = { &image, &deep }, *const mended[] = { &plain, &scaled };
    const tn_convert_params by_8 = { 1.0f / 255.0f, 0.0f }, by_16 = { 1.0f / 65535.0f, 0.0f };
    tn_tensor y = of_type(TN_U8, 4, 2, 16, 16, 3), whole = room(4, 2, 16, 16, 3);
    int i;
    for (i = 0; i < 768; i++) ((int32_t *)deep.data)[i] = 80 * i;
    REFUSED(TN_AT_LOAD, TN_E_DTYPE, TN_CAUSE_PALETTE_OR_16_BIT_IMAGE, tn_stack, &y, mixed, 2, NULL);
    RECORD("16 16 3", "16 16 3", "");
    CHECK(diag.expected.dtype == TN_U8 && diag.received.dtype == TN_I32 && diag.number[0] == 1);
    RUNS(tn_convert, &plain, &image, &by_8);
    RUNS(tn_convert, &scaled, &deep, &by_16);
    RUNS(tn_stack, &whole, mended, 2, NULL);
}

/* ---- reshapes ---- */

static void reshape_changes_n(void)
{
    const tn_tensor x = named(floats(4, 49, 32, 32, 1), TN_NHWC);
    static const int32_t wrong[] = { -1, 28, 28, 1 }, said[] = { 64, 28, 28, 1 }, rows[] = { -1, 1024 };
    tn_tensor *const y = (tn_tensor *)block(sizeof *y);
    const tn_tensor small = room(4, 49, 28, 28, 1);
    REFUSED(TN_AT_CALL, TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, tn_reshape, y, &x, 4, wrong);
    RECORD("N 28 28 1", "49 32 32 1", "");
    CHECK(diag.number[0] == 49 && diag.number[1] == 64);
    REFUSED(TN_AT_CALL, TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, tn_reshape, y, &x, 4, said);
    RECORD("64 28 28 1", "49 32 32 1", "");
    RUNS(tn_reshape, y, &x, 2, rows);
    CHECK(is_shape(y, "49 1024"));
    RUNS(tn_resize, &small, &x, NULL); /* what was meant */
}
static void view_changes_n(void)
{
    const tn_tensor x = named(floats(4, 225, 16, 13, 13), TN_NCHW);
    static const int32_t wrong[] = { -1, 3600 }, right[] = { 225, -1 };
    tn_tensor *const y = (tn_tensor *)block(sizeof *y);
    REFUSED(TN_AT_CALL, TN_E_RESHAPE, TN_CAUSE_VIEW_CHANGES_N, tn_reshape, y, &x, 2, wrong);
    RECORD("N 3600", "225 16 13 13", "");
    CHECK(diag.number[0] == 225 && diag.number[1] == 169);
    RUNS(tn_reshape, y, &x, 2, right);
    CHECK(is_shape(y, "225 2704"));
}
static void transpose_by_reshape(void)
{
    const tn_tensor x = named(floats(4, 4, 3, 32, 32), TN_NCHW), y = named(room(4, 4, 32, 32, 3), TN_NHWC);
    const tn_tensor gray = named(floats(4, 4, 1, 28, 28), TN_NCHW), rows = floats(2, 4, 3072, 0, 0);
    static const int32_t last[] = { 4, 32, 32, 3 }, gray_last[] = { -1, 28, 28, 1 };
    tn_tensor renamed = TN_ZERO;
    RUNS(tn_reshape, &renamed, &x, 4, last);
    NOTED(TN_W_LAYOUT_SUSPECT, TN_CAUSE_TRANSPOSE_BY_RESHAPE);
    CHECK(now.record[0].severity == TN_WARNING && now.record[0].stage == TN_AT_CALL);
    CHECK(is_shape(&now.record[0].received, "4 3 32 32") && is_shape(&now.record[0].expected, "4 32 32 3"));
    RUNS(tn_transpose, &y, &x, NULL);
    RUNS(tn_reshape, &renamed, &gray, 4, gray_last); /* an axis of length 1 may stand anywhere */
    RUNS(tn_reshape, &renamed, &rows, 4, last);
}
static void permute_dims(void)
{
    const tn_tensor x = floats(3, 2, 5, 4, 0), y = room(3, 2, 4, 5, 0);
    static const int32_t counted_from_1[] = { 2, 1, 3 }, twice[] = { 0, 2, 2 }, right[] = { 0, 2, 1 };
    REFUSED(TN_AT_CALL, TN_E_ARG, TN_CAUSE_PERMUTE_DIMS, tn_transpose, &y, &x, counted_from_1);
    CHECK(diag.arg == 2 && diag.number[0] == 3);
    REFUSED(TN_AT_CALL, TN_E_ARG, TN_CAUSE_PERMUTE_DIMS, tn_transpose, &y, &x, twice);
    CHECK(diag.number[0] == 2);
    RUNS(tn_transpose, &y, &x, right);
}
static void resize_rank(void)
{
    const tn_tensor x = floats(2, 4, 4, 0, 0), y = room(2, 8, 8, 0, 0), image = room(4, 1, 8, 8, 1);
    const tn_tensor expanded = as_shape(x, 4, 1, 4, 4, 1);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_RESIZE_RANK, tn_resize, &image, &x, NULL);
    RECORD("N H W 1", "4 4", "");
    CHECK(diag.arg == 1);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_RESIZE_RANK, tn_resize, &y, &x, NULL);
    RUNS(tn_resize, &image, &expanded, NULL);
}

/* ---- layers by hand ---- */

typedef struct cell {
    tn_tensor y, x, w, u, b; /* 2 samples, 10 steps of 3, 4 units */
} cell;
static cell cell_of(void)
{
    cell c;
    c.y = room(2, 2, 4, 0, 0);
    c.x = floats(3, 2, 10, 3, 0);
    c.w = floats(2, 3, 16, 0, 0);
    c.u = floats(2, 4, 16, 0, 0);
    c.b = floats(1, 16, 0, 0, 0);
    return c;
}
static void lstm_batch_first(void)
{
    const cell c = cell_of();
    const tn_tensor x = named(floats(3, 10, 2, 3, 0), TN_TNF), turned = named(room(3, 2, 10, 3, 0), TN_NTF);
    const tn_tensor out = room(2, 10, 4, 0, 0), series = named(floats(3, 10, 32, 50, 0), TN_TNF),
                    right = named(room(3, 32, 10, 50, 0), TN_NTF);
    REFUSED(TN_AT_CALL, TN_E_LAYOUT, TN_CAUSE_LSTM_BATCH_FIRST, tn_lstm, &out, NULL, NULL, NULL, &x, &c.w, &c.u, &c.b,
            NULL, NULL, NULL);
    RECORD("-", "10 2 3", "");
    CHECK(diag.arg == 4);
    RUNS(tn_transpose, &turned, &x, NULL);
    WORKS(tn_lstm, &c.y, NULL, NULL, NULL, &turned, &c.w, &c.u, &c.b, NULL, NULL, NULL);
    MODEL(TN_INPUT_TF(10, 50), TN_LSTM(4), TN_DENSE(1, TN_LINEAR));
    ready(NO_LOSS, 32);
    REFUSED(TN_AT_BIND, TN_E_LAYOUT, TN_CAUSE_LSTM_BATCH_FIRST, tn_model_predict, &model, &out, &series);
    RECORD("N 10 50", "10 32 50", "");
    RUNS(tn_transpose, &right, &series, NULL);
    GIVES("32 1", &right);
}
static void initial_state_shape(void)
{
    const cell c = cell_of();
    const tn_tensor h = floats(2, 2, 5, 0, 0), few = floats(2, 3, 4, 0, 0), right = floats(2, 2, 4, 0, 0);
    REFUSED(TN_AT_CALL, TN_E_FEATURES, TN_CAUSE_INITIAL_STATE_SHAPE, tn_lstm, &c.y, NULL, NULL, NULL, &c.x, &c.w, &c.u,
            &c.b, &h, &right, NULL);
    RECORD("2 4", "2 5", "1");
    CHECK(diag.arg == 8);
    REFUSED(TN_AT_CALL, TN_E_BATCH, TN_CAUSE_INITIAL_STATE_SHAPE, tn_lstm, &c.y, NULL, NULL, NULL, &c.x, &c.w, &c.u,
            &c.b, &right, &few, NULL);
    RECORD("2 4", "3 4", "0");
    CHECK(diag.arg == 9);
    WORKS(tn_lstm, &c.y, NULL, NULL, NULL, &c.x, &c.w, &c.u, &c.b, &right, &right, NULL);
}
static void kernel_rank(void)
{
    const tn_tensor x = floats(4, 1, 8, 8, 3), y = room(4, 1, 6, 6, 4), line = floats(3, 3, 3, 4, 0),
                    right = floats(4, 3, 3, 3, 4);
    tn_tensor cube = right;
    cube.rank = 5;
    cube.dim[4] = 1;
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_KERNEL_RANK, tn_conv2d, &y, &x, &line, NULL, NULL);
    RECORD("H W I O", "3 3 4", "");
    CHECK(diag.arg == 2);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_EXTRA_AXIS, tn_conv2d, &y, &x, &cube, NULL, NULL);
    WORKS(tn_conv2d, &y, &x, &right, NULL, NULL);
}
static void conv1d_needs_3d(void)
{
    const tn_tensor x = floats(2, 4, 100, 0, 0), w = floats(4, 1, 3, 1, 2), y = room(4, 4, 1, 98, 2);
    const tn_tensor steps = as_shape(x, 3, 4, 100, 1, 0), right = as_shape(x, 4, 4, 1, 100, 1);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_CONV1D_NEEDS_3D, tn_conv2d, &y, &x, &w, NULL, NULL);
    RECORD("N 1 100 1", "4 100", "");
    CHECK(diag.arg == 1);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_CONV1D_NEEDS_3D, tn_conv2d, &y, &steps, &w, NULL, NULL);
    RECORD("N 1 100 1", "4 100 1", "");
    WORKS(tn_conv2d, &y, &right, &w, NULL, NULL);
}
static void batchnorm_other_channels(void)
{
    const tn_tensor x = floats(4, 2, 8, 8, 4), y = room(4, 2, 8, 8, 4), three = floats(1, 3, 0, 0, 0),
                    four = floats(1, 4, 0, 0, 0);
    REFUSED(TN_AT_CALL, TN_E_CHANNELS, TN_CAUSE_BATCHNORM_OTHER_CHANNELS, tn_batch_norm, &y, &x, &three, &three, &three,
            &three, NULL);
    RECORD("4", "3", "0");
    CHECK(diag.number[0] == 3 && diag.number[1] == 4);
    RUNS(tn_batch_norm, &y, &x, &four, &four, &four, &four, NULL);
}
static void normaliser_width(void)
{
    const tn_tensor x = floats(2, 10, 4, 0, 0), y = room(2, 10, 4, 0, 0), mean = floats(1, 3, 0, 0, 0),
                    right = floats(1, 4, 0, 0, 0);
    REFUSED(TN_AT_CALL, TN_E_CHANNELS, TN_CAUSE_NORMALISER_WIDTH, tn_normalize, &y, &x, &mean, &mean, 0.0f);
    RECORD("4", "3", "0");
    CHECK(diag.arg == 2 && diag.number[0] == 3 && diag.number[1] == 4);
    RUNS(tn_normalize, &y, &x, &right, &right, 0.0f);
}

/* ---- losses and optimisers by hand ---- */

static void mse_row_against_column(void)
{
    const tn_tensor row = floats(2, 1, 4, 0, 0), column = floats(2, 4, 1, 0, 0), right = as_shape(column, 2, 1, 4, 0, 0);
    const tn_tensor loss = room(0, 0, 0, 0, 0), dx = room(2, 1, 4, 0, 0);
    REFUSED(TN_AT_CALL, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_ROW_AGAINST_COLUMN, tn_loss, TN_MEAN_SQUARED_ERROR, &loss, &dx,
            &row, &column, NULL);
    RECORD("1 4", "4 1", "01");
    RUNS(tn_loss, TN_MEAN_SQUARED_ERROR, &loss, &dx, &row, &right, NULL);
}
static void grads_of_vector(void)
{
    const tn_tensor x = floats(2, 8, 3, 0, 0), y = classes(8, 3), each = room(1, 8, 0, 0, 0), dx = room(2, 8, 3, 0, 0),
                    loss = room(0, 0, 0, 0, 0);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_GRADS_OF_VECTOR, tn_loss, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &each, &dx, &x,
            &y, NULL);
    RECORD("", "8", "");
    RUNS(tn_loss, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, &dx, &x, &y, NULL);
}
static void optimiser_of_another_model(void)
{
    const tn_optimizer adam = tn_adam(1e-3f);
    const tn_tensor w = floats(2, 4, 2, 0, 0), g = floats(2, 4, 2, 0, 0);
    tn_tensor state = room(1, 4 * 3 * tn_optimizer_slots(&adam), 0, 0, 0), own = state;
    memset(state.data, 0, tn_bytes(&state));
    own.dim[0] = 4 * 2 * tn_optimizer_slots(&adam);
    REFUSED(TN_AT_CALL, TN_E_WEIGHTS, TN_CAUSE_OPTIMISER_OF_ANOTHER_MODEL, tn_optimizer_step, &w, &state, &g, &adam, 1);
    RECORD("16", "24", "0");
    RUNS(tn_optimizer_step, &w, &own, &g, &adam, 1);
}

static const scenario part_e_calls[] = {
    { "residual-valid-conv", "E13", residual_valid_conv, NULL },
    { "residual-channels", "E14", residual_channels, NULL },
    { "residual-stride", "E15", residual_stride, NULL },
    { "residual-broadcast-one", "E16", residual_broadcast_one, NULL },
    { "unet-odd-size", "E17", unet_odd_size, NULL },
    { "concat-axis", "E18", concat_axis, NULL },
    { "reshape-changes-n", "E24", reshape_changes_n, NULL },
    { "view-changes-n", "E25", view_changes_n, NULL },
    { "transpose-by-reshape", "E26", transpose_by_reshape, NULL },
    { "lstm-batch-first", "E29", lstm_batch_first, NULL },
    { "initial-state-shape", "E30", initial_state_shape, NULL },
    { "conv1d-needs-3d", "E36", conv1d_needs_3d, NULL },
    { "kernel-rank", "E40", kernel_rank, NULL },
    { "batchnorm-other-channels", "E43", batchnorm_other_channels, NULL },
    { "mse-row-against-column", "E52", mse_row_against_column, NULL },
    { "list-of-images", "E64", list_of_images, NULL },
    { "optimiser-of-another-model", "E71", optimiser_of_another_model, NULL },
    { "normaliser-width", "E74", normaliser_width, NULL },
    { "resize-rank", "E75", resize_rank, NULL },
    { "gray-among-rgb", "E84", gray_among_rgb, NULL },
    { "palette-or-16-bit-image", "E85", palette_or_16_bit_image, NULL },
    { "permute-dims", "E77", permute_dims, NULL },
    { "grads-of-vector", "E90", grads_of_vector, NULL },
};
