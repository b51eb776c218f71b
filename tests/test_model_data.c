/* tests/test_model_data.c - Sequential: what fit is given: element types, labels of steps, sources, callbacks,
 * validation data. */
#include "nets.h"

/* ---- what data may be made of ---- */

static void *converted(const tn_tensor *t, int32_t dtype, tn_tensor *out)
{
    *out = tn_as(*t, dtype);
    out->data = block(tn_bytes(out) / sizeof(float) + 2);
    MUST(tn_convert(NULL, out, t, NULL));
    return out->data;
}

/* Labels of every type and shape, bytes and the same numbers: the same weights, shuffled too. */
static void element_types(void **state)
{
    static const int32_t labels[] = { TN_F32, TN_U8, TN_I32, TN_I64 }, data[] = { TN_F32, TN_I8 };
    const tn_tensor whole = classes_of(21, 4), bytes = bytes_of(4, 21, 13, 11, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_tensor numbers, x, y, column;
    uint64_t known = 0;
    size_t i, k;
    (void)state;
    for (i = 0; i < tn_bytes(&bytes); i++) ((unsigned char *)bytes.data)[i] &= 127u; /* in i8 too */
    converted(&bytes, TN_F32, &numbers);
    for (i = 0; i < COUNT(data) + 1; i++)
        for (k = 0; k < COUNT(labels); k++) {
            net n;
            if (i < COUNT(data)) converted(&numbers, data[i], &x);
            else x = bytes;
            converted(&whole, labels[k], &y);
            column = y;
            column.rank = 2;
            column.axes = 0;
            column.dim[1] = 1;
            picture_net(&n);
            net_ready(&n, &c, 8);
            DO(&n, tn_model_fit, &n.m, &x, k % 2 ? &column : &y, NULL, NULL);
            if (!known) known = net_hash(&n);
            if (net_hash(&n) != known)
                fail_msg("x of type %d, labels of type %d: other weights", (int)x.dtype, (int)labels[k]);
            net_free(&n);
        }
}

/* One class for each step: the mean runs over all positions; a weight of a sample is that of each of its steps. */
static void labels_of_steps(void **state)
{
    enum { N = 10, T = 4, K = 3 };
    const tn_tensor x = floats_of(3, N, T, 3, 0), y = tn_as(tn_view(block(N * T), 0, 2, N, T, 0, 0), TN_I32);
    const tn_tensor of_sample = tn_view(floats(N, 0.0f, 2.0f), TN_N, 1, N, 0, 0, 0),
                    of_step = tn_view(block(N * T), 0, 2, N, T, 0, 0);
    const tn_tensor out = tn_view(block(N * T * K), 0, 3, N, T, K, 0);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_fit f = TN_ZERO;
    tn_progress p, weighted, again;
    double sum = 0, with_weight = 0;
    uint64_t hash = 0;
    int i, way;
    (void)state;
    for (i = 0; i < N * T; i++) {
        ((int32_t *)y.data)[i] = random_int(0, K - 1);
        ((float *)of_step.data)[i] = values(&of_sample)[i / T];
    }
    for (way = 0; way < 2; way++) {
        net n;
        INIT(&n, TN_INPUT_TF(T, 3), sequences(TN_LSTM(5)), TN_DENSE(K, TN_SOFTMAX));
        net_ready(&n, &c, N);
        DO(&n, tn_model_predict, &n.m, &out, &x);
        DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
        for (i = 0, sum = with_weight = 0; i < N * T; i++) {
            const double l = -log((double)values(&out)[i * K + ((const int32_t *)y.data)[i]]);
            sum += l;
            with_weight += l * (double)values(&of_step)[i];
        }
        assert_true(close_to(p.loss, sum / (N * T), 1e-5));
        f.sample_weight = way ? &of_step : &of_sample;
        f.epochs = 1;
        DO(&n, tn_model_fit, &n.m, &x, &y, &f, way ? &again : &weighted);
        assert_true(close_to(way ? again.loss : weighted.loss, with_weight / (N * T), 1e-5));
        f.epochs = 3;
        DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
        if (!way) hash = net_hash(&n);
        else assert_true(net_hash(&n) == hash);
        net_free(&n);
    }
}

/* ---- a source in place of arrays ---- */

typedef struct feed {
    const tn_tensor *x, *y;
    int at, rows, calls, fail_at, too_many_at, cut_at; /* rows a call; which call fails, claims too many, ends early */
} feed;
static int next_rows(void *user, tn_tensor *x, tn_tensor *y)
{
    feed *const f = (feed *)user;
    const int left = f->x->dim[0] - f->at;
    int rows = left < f->rows ? left : f->rows;
    f->calls++;
    if (f->calls == f->fail_at) return -3;
    if (f->calls == f->too_many_at) return x->dim[0] + 1;
    if (f->calls == f->cut_at) rows = 0;
    if (!rows) {
        f->at = 0;
        return 0;
    }
    {
        const tn_tensor xs = rows_of(f->x, f->at, rows), ys = rows_of(f->y, f->at, rows);
        memcpy(x->data, xs.data, tn_bytes(&xs));
        memcpy(y->data, ys.data, tn_bytes(&ys));
    }
    f->at += rows;
    return rows;
}
static tn_source source_of(feed *f, const tn_tensor *x, const tn_tensor *y, int most, int rows)
{
    tn_source s = TN_ZERO;
    memset(f, 0, sizeof *f);
    f->x = x;
    f->y = y;
    f->rows = rows;
    s.x = *x;
    s.y = *y;
    s.x.dim[0] = s.y.dim[0] = most;
    s.x.data = s.y.data = NULL;
    s.samples = x->dim[0];
    s.next = next_rows;
    s.user = f;
    return s;
}

static void sources(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    feed fed;
    tn_source source = source_of(&fed, &x, &y, 8, 8);
    watch w;
    tn_fit f = watched(&w, 2, 8);
    tn_progress last, last_array;
    net n, array;
    (void)state;
    small_net(&array);
    net_ready(&array, &c, 8);
    DO(&array, tn_model_fit, &array.m, &x, &y, &f, &last_array);
    f = watched(&w, 2, 8);
    f.source = &source;
    small_net(&n);
    net_ready(&n, &c, 8);
    DO(&n, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    assert_true(net_same(&n, &array));
    assert_true(last.loss == last_array.loss && last.samples == 21 && w.batches == 6 && w.batch[5].batches == 3);
    net_free(&n);
    net_free(&array);

    source = source_of(&fed, &x, &y, 8, 8); /* the count not known: the end is where 0 comes */
    source.samples = 0;
    f = watched(&w, 1, 8);
    f.source = &source;
    small_net(&n);
    net_ready(&n, &c, 8);
    DO(&n, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    assert_true(last.samples == 21 && w.batches == 3 && last.batches <= 3);

    source = source_of(&fed, &x, &y, 8, 8); /* an error behind the second batch */
    fed.fail_at = 3;
    f = watched(&w, 1, 8);
    f.source = &source;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.diag.status == TN_E_SOURCE && n.diag.stage == TN_AT_BATCH && w.batches == 2);
    assert_true(n.m.epoch == 1 && n.m.step == 5);
    source = source_of(&fed, &x, &y, 8, 8); /* more rows than there was room for */
    fed.too_many_at = 2;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.m.epoch == 1 && n.m.step == 6);
    source = source_of(&fed, &x, &y, 8, 8); /* fewer than promised */
    fed.cut_at = 2;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.m.epoch == 1 && n.m.step == 7);
    source = source_of(&fed, &x, &y, 8, 8); /* none at all */
    fed.cut_at = 1;
    source.samples = 0;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.m.epoch == 1 && n.m.step == 7);

    source = source_of(&fed, &x, &y, 8, 8); /* labels are looked at batch by batch, before the step */
    ((int32_t *)y.data)[12] = 3;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_LABEL_RANGE);
    assert_true(n.diag.stage == TN_AT_BATCH && n.m.step == 8);
    ((int32_t *)y.data)[12] = 1;

    source = source_of(&fed, &x, &y, 8, 8); /* declared shapes are checked before the first call */
    source.x.dim[1] = 7;
    REFUSED(&n, TN_E_SPATIAL, TN_CAUSE_SOURCE_TARGET_SIZE, TN_AT_BIND, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    source = source_of(&fed, &x, &y, 8, 8);
    source.x.dim[3] = 1;
    REFUSED(&n, TN_E_CHANNELS, TN_CAUSE_SOURCE_COLOR_MODE, TN_AT_BIND, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    source = source_of(&fed, &x, &y, 8, 8);
    source.y.rank = 2;
    source.y.dim[1] = 3;
    source.y.dtype = TN_F32;
    REFUSED(&n, TN_E_LABEL_FORM, TN_CAUSE_SOURCE_CLASS_MODE, TN_AT_BIND, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    assert_int_equal(fed.calls, 0);
    source = source_of(&fed, &x, &y, 8, 8);
    source.next = NULL;
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    net_free(&n);
}

/* ---- callbacks stop ---- */

static void callbacks_stop(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_progress last;
    watch w;
    tn_fit f = watched(&w, 4, 8);
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, &c, 8);
    w.stop_batch = 5; /* the second batch of the second epoch */
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, &x, &y, &f, &last), TN_E_STOPPED);
    assert_true(n.diag.status == TN_E_STOPPED && w.batches == 5 && w.epochs == 1);
    assert_true(n.m.epoch == 1 && n.m.step == 5);
    assert_true(last.epoch == 2 && last.batch == 2 && last.samples == 16 && last.loss == w.batch[4].loss);
    f = watched(&w, 4, 8);
    w.stop_epoch = 2; /* epochs are numbered on from those that were whole */
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, &x, &y, &f, &last), TN_E_STOPPED);
    assert_true(w.epochs == 2 && n.m.epoch == 3 && n.m.step == 11);
    assert_true(last.epoch == w.epoch[1].epoch && last.loss == w.epoch[1].loss && last.samples == 21);
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    net_free(&n);
}

/* ---- validation data ---- */

static void validation(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3), val_x = floats_of(4, 11, 6, 5, 2);
    const tn_tensor val_y = classes_of(11, 3), small = floats_of(4, 11, 5, 5, 2), hot = floats_of(2, 11, 3, 0, 0);
    const tn_compile c = sparse(tn_adam(1e-2f));
    const tn_tensor beyond = classes_of(11, 3), few = rows_of(&val_y, 0, 10);
    tn_progress last, after;
    watch w;
    tn_fit f = watched(&w, 2, 8);
    net n;
    (void)state;
    ((int32_t *)beyond.data)[10] = 9;
    small_net(&n);
    net_ready(&n, &c, 8);
    f.val_x = &small;
    f.val_y = &val_y;
    REFUSED(&n, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_x = &val_x;
    f.val_y = &hot;
    REFUSED(&n, TN_E_LABEL_FORM, TN_CAUSE_ONEHOT_WITH_SPARSE, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = &beyond;
    REFUSED(&n, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = &few;
    REFUSED(&n, TN_E_SAMPLES, 0, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = NULL;
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = &val_y;
    assert_int_equal(w.batches, 0);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    DO(&n, tn_model_evaluate, &n.m, &val_x, &val_y, &after);
    assert_true(last.val_loss == after.loss && last.val_accuracy == after.accuracy);
    assert_true(w.epoch[1].val_loss == after.loss && w.epoch[0].val_loss == w.epoch[0].val_loss);
    assert_true(isnan(w.batch[0].val_loss));
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(element_types), TEST(labels_of_steps), TEST(sources), TEST(callbacks_stop), TEST(validation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
