/* tests/scenarios/part_a.h - the catalogue's part A: code that people show. */

/* The picture classifier of most tutorials: 72 906 parameters. */
static void cifar_net(int32_t loss)
{
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    ready(loss, 32);
}

static void cifar_flattened_rows(void)
{
    const tn_tensor x = floats(2, 40, 3072, 0, 0), y = classes(40, 10), fixed = as_shape(x, 4, 40, 32, 32, 3);
    cifar_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "40 3072", "");
    PARAMETERS(72906);
    OUTPUT(0, "N 30 30 32");
    OUTPUT(2, "N 7200");
    TRAINS(&fixed, &y);
    GIVES("40 10", &fixed);
}

static const scenario part_a[] = {
    { "cifar-flattened-rows", "A1", cifar_flattened_rows, NULL },
};
