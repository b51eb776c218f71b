/* tests/test_model_save.c - Sequential saved and loaded: the same training goes on; anything else is refused, and
 * nothing is written. */
#include "nets.h"

static unsigned char *blob_of(net *n, size_t *size)
{
    unsigned char *blob;
    size_t written = 0;
    n->ctx.query = 1;
    DO(n, tn_model_save, &n->m, NULL, 0, NULL);
    n->ctx.query = 0;
    *size = n->ctx.need;
    blob = (unsigned char *)malloc(*size);
    DO(n, tn_model_save, &n->m, blob, *size, &written);
    assert_int_equal(written, *size);
    return blob;
}

/* Two epochs, saved, loaded elsewhere, two more: the weights of four. */
static void check_going_on(void (*make)(net *), const tn_compile *c, const tn_tensor *x, const tn_tensor *y)
{
    unsigned char *first = NULL;
    size_t first_size = 0;
    FOR_EACH_ISA(isa)
    {
        unsigned char *blob, *later, *again;
        size_t size, later_size, again_size;
        tn_fit f = TN_ZERO;
        net a, b, whole, inference;
        tn_tensor from, to;
        make(&a);
        make(&b);
        make(&whole);
        make(&inference);
        net_ready(&a, c, 8);
        net_ready(&b, c, 8);
        net_ready(&whole, c, 8);
        net_ready(&inference, NULL, 5);
        f.epochs = 2;
        DO(&a, tn_model_fit, &a.m, x, y, &f, NULL);
        blob = blob_of(&a, &size);
        if (!first) {
            first = (unsigned char *)malloc(size);
            memcpy(first, blob, size);
            first_size = size;
        }
        assert_true(size == first_size && !memcmp(blob, first, size)); /* nothing of the instruction set */
        DO(&b, tn_model_load, &b.m, blob, size);
        assert_true(net_same(&a, &b) && b.m.step == a.m.step && b.m.epoch == 2);
        again = blob_of(&b, &again_size);
        assert_true(again_size == size && !memcmp(again, blob, size));
        DO(&a, tn_model_fit, &a.m, x, y, &f, NULL);
        DO(&b, tn_model_fit, &b.m, x, y, &f, NULL);
        f.epochs = 4;
        DO(&whole, tn_model_fit, &whole.m, x, y, &f, NULL);
        assert_true(net_same(&a, &b) && net_same(&a, &whole) && b.m.step == whole.m.step && b.m.epoch == 4);
        later = blob_of(&b, &later_size);
        assert_true(later_size == size && memcmp(later, blob, size));
        DO(&inference, tn_model_load, &inference.m, later, later_size); /* the weights alone are of use there */
        assert_true(net_same(&inference, &b));
        from = room_of(x->dim[0], b.layers[b.m.count - 1].units),
        to = room_of(x->dim[0], b.layers[b.m.count - 1].units);
        DO(&b, tn_model_predict, &b.m, &from, x);
        DO(&inference, tn_model_predict, &inference.m, &to, x);
        ASSERT_SAME_BITS(values(&to), values(&from), count_of(&to));
        free(blob);
        free(again);
        free(later);
        net_free(&a);
        net_free(&b);
        net_free(&whole);
        net_free(&inference);
    }
    free(first);
}

static void training_goes_on(void **state)
{
    const tn_tensor pictures = bytes_of(4, 21, 13, 11, 3), series = floats_of(3, 21, 7, 3, 0);
    const tn_tensor classes = classes_of(21, 4), targets = floats_of(2, 21, 2, 0, 0);
    const tn_compile adam = sparse(tn_adam(1e-2f)), momentum = squares(tn_sgd(1e-2f, 0.9f)),
                     rms = squares(tn_rmsprop(1e-3f));
    (void)state;
    check_going_on(picture_net, &adam, &pictures, &classes);
    check_going_on(series_net, &momentum, &series, &targets);
    check_going_on(series_net, &rms, &series, &targets);
}

static void room_for_a_blob(void **state)
{
    unsigned char *blob, *odd;
    size_t size, written = 77;
    net n, other;
    (void)state;
    small_net(&n);
    net_ready(&n, NULL, 4);
    blob = blob_of(&n, &size);
    odd = (unsigned char *)fence_bytes(size + 1, 0) + 1; /* any address, nothing behind */
    DO(&n, tn_model_save, &n.m, odd, size, NULL);
    assert_memory_equal(odd, blob, size);
    odd = (unsigned char *)fence_bytes(size, 1);
    DO(&n, tn_model_save, &n.m, odd, size, &written);
    assert_memory_equal(odd, blob, size);
    memset(odd, 0x5a, size);
    written = 77;
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_save, &n.m, odd, size - 1, &written);
    assert_true(n.ctx.need == size && odd[0] == 0x5a && odd[size - 1] == 0x5a && written == 77);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_save, &n.m, NULL, size, &written);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_load, &n.m, NULL, size);
    memcpy(odd, blob, size);
    small_net(&other);
    DO(&other, tn_model_build, &other.m, NULL, 4);
    net_memory(&other, 99);
    assert_true(!net_same(&n, &other));
    odd = (unsigned char *)fence_bytes(size + 1, 0) + 1;
    memcpy(odd, blob, size);
    DO(&other, tn_model_load, &other.m, odd, size);
    assert_true(net_same(&n, &other));
    free(blob);
    net_free(&n);
    net_free(&other);
}

/* ---- what is refused ---- */

static void refuse_blob(net *n, const unsigned char *blob, size_t size, const char *what, size_t where)
{
    tn_status got;
    memset(&n->diag, 0, sizeof n->diag);
    got = tn_model_load(&n->ctx, &n->m, blob, size);
    if ((got != TN_E_FILE && got != TN_E_WEIGHTS) || n->diag.status != (int32_t)got)
        fail_msg("%s at %zu: %s", what, where, tn_status_name((int32_t)got));
    net_unchanged(n, what, (int)where);
}

static void damaged_blobs(void **state)
{
    static const unsigned char flips[] = { 0x01, 0x80, 0xff };
    const tn_tensor x = floats_of(4, 9, 6, 5, 2), y = classes_of(9, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    unsigned char *blob, *fenced;
    size_t size, i, k;
    net n, target;
    (void)state;
    small_net(&n);
    small_net(&target);
    net_ready(&n, &c, 4);
    net_ready(&target, &c, 4);
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    blob = blob_of(&n, &size);
    fenced = (unsigned char *)fence_bytes(size, 1);
    net_keep(&target);
    for (i = 0; i < size; i++) { /* every length; what was cut off is unmapped */
        memcpy(fenced + size - i, blob, i);
        refuse_blob(&target, fenced + size - i, i, "a truncated blob", i);
    }
    for (i = 0; i < size; i++) /* every byte */
        for (k = 0; k < COUNT(flips); k++) {
            blob[i] ^= flips[k];
            refuse_blob(&target, blob, size, "a damaged blob", i);
            blob[i] ^= flips[k];
        }
    for (i = 0; i < 200; i++) { /* nothing of ours */
        for (k = 0; k < size; k++) fenced[k] = (unsigned char)(i == 0 ? 0 : i == 1 ? 255 : random_bits());
        refuse_blob(&target, fenced, size, "random bytes", i);
    }
    DO(&target, tn_model_load, &target.m, blob, size);
    assert_true(net_same(&n, &target));
    free(blob);
    net_free(&n);
    net_free(&target);
}

static void wider_net(net *n)
{
    INIT(n, TN_INPUT_HWC(6, 5, 2), TN_CONV2D(5, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_SOFTMAX));
}
static void other_classes_net(net *n)
{
    INIT(n, TN_INPUT_HWC(6, 5, 2), TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(4, TN_SOFTMAX));
}
static void other_input_net(net *n)
{
    INIT(n, TN_INPUT_HWC(6, 5, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_SOFTMAX));
}
static void turned_net(net *n) /* as many weights in each layer */
{
    INIT(n, TN_INPUT_HWC(6, 5, 2), TN_CONV2D(4, 1, 9, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_SOFTMAX));
    n->layers[1].window.padding = TN_SAME;
}
static void longer_net(net *n)
{
    INIT(n, TN_INPUT_HWC(6, 5, 2), TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_RELU),
         TN_DENSE(3, TN_SOFTMAX));
}
static void other_kind_net(net *n) { INIT(n, TN_INPUT_F(8), TN_DENSE(9, TN_RELU), TN_DENSE(3, TN_SOFTMAX)); }

static void foreign_blobs(void **state)
{
    static void (*const others[])(net *) = { wider_net,  other_classes_net, other_input_net,
                                             turned_net, longer_net,        other_kind_net };
    const tn_compile adam = sparse(tn_adam(1e-2f));
    size_t i, k;
    (void)state;
    for (i = 0; i < COUNT(others); i++)
        for (k = 0; k < 2; k++) { /* into the small one, and the small one into the other */
            unsigned char *blob;
            size_t size;
            net from, to;
            if (k) small_net(&from);
            else others[i](&from);
            if (k) others[i](&to);
            else small_net(&to);
            net_ready(&from, &adam, 4);
            net_ready(&to, &adam, 4);
            blob = blob_of(&from, &size);
            net_keep(&to);
            net_refused(&to, tn_model_load(&to.ctx, &to.m, blob, size), TN_E_WEIGHTS, 0, TN_AT_LOAD, "tn_model_load",
                        (int)(10 * i + k));
            free(blob);
            net_free(&from);
            net_free(&to);
        }
}

/* Constant weights cannot be loaded into. */
static void readonly_weights(void **state)
{
    const tn_tensor kernel = floats_of(2, 4, 3, 0, 0);
    unsigned char *blob;
    size_t size;
    net n, constant;
    (void)state;
    small_net(&n);
    net_ready(&n, NULL, 4);
    blob = blob_of(&n, &size);
    small_net(&constant);
    constant.layers[3].kernel = kernel;
    constant.layers[3].kernel.flags = TN_READONLY;
    net_ready(&constant, NULL, 4);
    REFUSED(&constant, TN_E_WEIGHTS, 0, -1, tn_model_load, &constant.m, blob, size);
    free(blob);
    net_free(&constant);
    small_net(&constant); /* writable ones can */
    constant.layers[3].kernel = kernel;
    net_ready(&constant, NULL, 4);
    blob = blob_of(&n, &size);
    DO(&constant, tn_model_load, &constant.m, blob, size);
    ASSERT_SAME_BITS(values(&kernel), values(&n.layers[3].kernel), 12);
    assert_true(net_same(&n, &constant));
    free(blob);
    net_free(&n);
    net_free(&constant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(training_goes_on), TEST(room_for_a_blob), TEST(damaged_blobs), TEST(foreign_blobs), TEST(readonly_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
