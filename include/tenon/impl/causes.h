/* impl/causes.h - why a shape does not fit, as far as the numbers prove it: constant, number, kebab name, sentence.
 *
 * Numbers are stable and never reused; the constant is the name in capitals. In a sentence %0 to %3 are
 * tn_diag.number[0] to [3], %n the operand, %e and %r the expected and the received shape, %eC the length of the
 * expected shape's axis C. A line that begins with ?0 to ?3 is left out where that number is 0. */
#define TNI_CAUSES(X) \
    /* axes and layout */ \
    X(TN_CAUSE_FLATTENED_IMAGE, 1, "flattened-image", \
      "each row has %0 values and %1*%2*%3 = %0: %n holds flattened images") \
    X(TN_CAUSE_FLATTENED_SEQUENCES, 2, "flattened-sequences", \
      "each row has %0 values and %1 steps * %2 features = %0: %n holds flattened sequences") \
    X(TN_CAUSE_FLATTENED_SAMPLES, 3, "flattened-samples", \
      "each row has %0 values, as many as one sample: %n holds flattened samples") \
    X(TN_CAUSE_FLATTENED_SAMPLE, 4, "flattened-sample", \
      "%n has %0 values, as many as one sample: it is one flattened sample, without a batch axis") \
    X(TN_CAUSE_FLAT_ARRAY, 5, "flat-array", "%0 = %1 samples of %2 values: the whole data set lies in one row") \
    X(TN_CAUSE_FLATTENED_OTHER_COLOR_MODE, 6, "flattened-other-color-mode", \
      "each row has %0 values and %1*%2*%3 = %0: flattened images of %3 channels where %eC are wanted") \
    X(TN_CAUSE_LABEL_IN_ROWS, 7, "label-in-rows", \
      "%0 values make one record, one more than the %1 of a sample: the label stands in it too") \
    X(TN_CAUSE_MISSING_BATCH_AXIS, 8, "missing-batch-axis", \
      "%n has exactly the shape of one sample: the batch axis is missing") \
    X(TN_CAUSE_MISSING_CHANNEL_AXIS, 9, "missing-channel-axis", \
      "samples, height and width stand there: the channel axis is missing") \
    X(TN_CAUSE_MISSING_FEATURE_AXIS, 10, "missing-feature-axis", \
      "one number for each sample or step stands there: the feature axis is missing") \
    X(TN_CAUSE_MISSING_TIME_AXIS, 11, "missing-time-axis", \
      "a recurrent layer needs samples, time steps and features: one axis is missing") \
    X(TN_CAUSE_EXTRA_AXIS, 12, "extra-axis", "axis %0 has length 1: without it the shape fits") \
    X(TN_CAUSE_BATCH_IN_INPUT_SHAPE, 13, "batch-in-input-shape", \
      "one axis too many, and the first, %0, looks like a count of samples: the batch axis is no part of an " \
      "input shape") \
    X(TN_CAUSE_CHANNELS_FIRST, 14, "channels-first", "the axes stand in the order N, C, H, W; N, H, W, C is wanted") \
    X(TN_CAUSE_CHANNELS_LAST, 15, "channels-last", "the axes stand in the order N, H, W, C; N, C, H, W is wanted") \
    X(TN_CAUSE_HW_SWAPPED, 16, "hw-swapped", \
      "%0 and %1 are exchanged: height stands before width, libraries that report width x height need swapping") \
    X(TN_CAUSE_TIME_FEATURES_SWAPPED, 17, "time-features-swapped", \
      "%0 and %1 are exchanged: time steps stand before features") \
    X(TN_CAUSE_AXES_PERMUTED, 18, "axes-permuted", "the lengths are those wanted, in another order") \
    X(TN_CAUSE_WEIGHTS_TRANSPOSED, 19, "weights-transposed", \
      "inputs and outputs are exchanged: [I,O] and [KH,KW,I,O] are the native orders, PyTorch stores [O,I] and " \
      "[O,I,KH,KW]") \
    X(TN_CAUSE_WRONG_RESHAPE, 20, "wrong-reshape", \
      "a sample has %0 values as it should, in other axes: it was reshaped to another form") \
    X(TN_CAUSE_GRAY_INTO_RGB, 21, "gray-into-rgb", "the images are grayscale (1 channel) where RGB (3) is wanted") \
    X(TN_CAUSE_RGB_INTO_GRAY, 22, "rgb-into-gray", "the images are RGB (3 channels) where grayscale (1) is wanted") \
    X(TN_CAUSE_ALPHA_CHANNEL, 23, "alpha-channel", \
      "4 channels are red, green, blue and alpha (transparency) where %eC are wanted") \
    X(TN_CAUSE_GRAY_WITH_ALPHA, 24, "gray-with-alpha", \
      "2 channels are gray and alpha (transparency) where %eC are wanted") \
    X(TN_CAUSE_RESIZE_NEEDED, 25, "resize-needed", "the images are %rHx%rW (height x width) where %eHx%eW are wanted") \
    X(TN_CAUSE_DIGIT_SLIP, 26, "digit-slip", "%1 is one digit away from %0: this may be a slip of a digit") \
    X(TN_CAUSE_OFF_BY_ONE_FEATURE, 27, "off-by-one-feature", \
      "%1 features instead of %0:\n?2one more than expected: is the label or an index column still in " \
      "%n?\n?3one fewer than expected: was a column dropped with the label?") \
    X(TN_CAUSE_NO_FLATTEN, 28, "no-flatten", \
      "?0dense would be applied at each position of the %r feature maps, not to each sample\n?2dense gives one " \
      "answer at each position of the feature maps, the labels hold one row for each sample") \
    X(TN_CAUSE_PLANAR_PIXELS, 29, "planar-pixels", \
      "neighbouring values are more alike when read plane by plane: each image holds its R, G and B planes one " \
      "after the other") \
    X(TN_CAUSE_EXIF_ROTATED, 30, "exif-rotated", \
      "height and width are exchanged: a portrait photo is stored as landscape with a rotation mark") \
    X(TN_CAUSE_LSTM_BATCH_FIRST, 31, "lstm-batch-first", \
      "the steps stand before the samples (T, N, F): N, T, F is the only order") \
    X(TN_CAUSE_WINDOWING, 32, "windowing", "%0 values in one row are one series: it must be cut into windows") \
    X(TN_CAUSE_CONV1D_NEEDS_3D, 33, "conv1d-needs-3d", \
      "a window over steps alone takes samples, a height of 1, steps and features: an axis is missing") \
    X(TN_CAUSE_TRANSPOSE_BY_RESHAPE, 34, "transpose-by-reshape", \
      "axes were renamed, not moved: a reshape leaves every value where it is") \
    X(TN_CAUSE_LIST_OF_IMAGES, 35, "list-of-images", \
      "%0 separate images were given where one tensor of all is wanted") \
    X(TN_CAUSE_PERMUTE_DIMS, 36, "permute-dims", \
      "%0 in the order of axes is out of range or stands twice: it names every axis once, from 0, the batch axis too") \
    X(TN_CAUSE_RESIZE_RANK, 37, "resize-rank", "resizing needs height, width and channels: one axis is missing") \
    X(TN_CAUSE_PLANAR_ROWS, 61, "planar-rows", \
      "the values look planar: the R plane, the G plane, the B plane of each image, as in the CIFAR-10 files") \
    X(TN_CAUSE_INTERLEAVED_ROWS, 62, "interleaved-rows", \
      "the values look interleaved: R, G and B of each pixel stand together") \
    /* values and element types */ \
    X(TN_CAUSE_UNSCALED_BYTES, 101, "unscaled-bytes", \
      "the values run from %0 to %1, mean %2, standard deviation %3: these are raw bytes, and the first loss will " \
      "be far above ln K") \
    X(TN_CAUSE_RAW_BYTES, 102, "raw-bytes", "bytes read as floats would be garbage, and 0 to 255 is not scaled") \
    X(TN_CAUSE_BROADCAST, 103, "broadcast", \
      "%r does not fit %e element by element, and lengths are never stretched by position") \
    X(TN_CAUSE_NAN_IN_X, 104, "nan-in-x", "sample %0 of %n holds NaN or an infinity at value %1") \
    X(TN_CAUSE_PALETTE_OR_16_BIT_IMAGE, 105, "palette-or-16-bit-image", \
      "the image is stored with a palette or 16 bits: its values are not 0 to 255") \
    X(TN_CAUSE_NON_CONTIGUOUS_VIEW, 106, "non-contiguous-view", \
      "the view has gaps or its axes are moved: tensors here are dense and row-major") \
    X(TN_CAUSE_NORMALISER_WIDTH, 107, "normaliser-width", "the statistics are for %0 columns, %n has %1") \
    X(TN_CAUSE_UNSCALED_VALUES, 111, "unscaled-values", \
      "the values run from %0 to %1, mean %2, standard deviation %3: initial weights are made for values near 0") \
    X(TN_CAUSE_HIGH_FIRST_LOSS, 112, "high-first-loss", \
      "the first batch has loss %0, more than 4 times ln %1, the loss of a guess among %1 classes") \
    X(TN_CAUSE_TEST_SET_LEFT_RAW, 113, "test-set-left-raw", \
      "the model was trained on values from %0 to %1 and is given values from %2 to %3") \
    X(TN_CAUSE_DIVERGED, 114, "diverged", \
      "the loss is no longer finite after %0 steps, though x and y are: training diverged") \
    X(TN_CAUSE_NAN_IN_WEIGHTS, 115, "nan-in-weights", \
      "%n holds NaN or an infinity at value %0 before the first step") \
    /* data and files */ \
    X(TN_CAUSE_NPY_OBJECT, 121, "npy-object", \
      "the file holds Python objects (a list of arrays of different shapes, or a dict), not plain numbers") \
    X(TN_CAUSE_NPZ_ARCHIVE, 122, "npz-archive", "the file is an .npz archive of several arrays") \
    X(TN_CAUSE_NOT_NPY, 123, "not-npy", "the file does not begin as .npy files do") \
    X(TN_CAUSE_TRUNCATED, 124, "truncated", \
      "?0the file has %1 bytes of data, its header promises %0\n" \
      "?2the file has %3 bytes, its header alone takes %2") \
    X(TN_CAUSE_IMAGES, 125, "images", \
      "sample %0 is %r, those before it are %e, as are %1 of %2 in all") \
    X(TN_CAUSE_SEQUENCES, 126, "sequences", "%0 sequences of %1 to %2 steps: one tensor needs one length") \
    X(TN_CAUSE_GRAY_AMONG_RGB, 127, "gray-among-rgb", "image %0 has %1 channels, those before it have %2") \
    X(TN_CAUSE_PLANES_AS_SAMPLES, 128, "planes-as-samples", "%0 = 3 * %1: the color planes were counted as samples") \
    X(TN_CAUSE_ONEHOT_FLATTENED, 129, "onehot-flattened", \
      "%1 = %0 samples * %2 classes: one-hot labels were flattened") \
    X(TN_CAUSE_LABELS_TRANSPOSED, 130, "labels-transposed", \
      "the labels are (%3, %1): rows and columns are exchanged") \
    X(TN_CAUSE_OTHER_SPLIT_LABELS, 131, "other-split-labels", \
      "%0 and %1 are the sizes of a training and a test set: the labels belong to the other one") \
    X(TN_CAUSE_EMPTY_DATA, 132, "empty-data", "%n has no samples") \
    X(TN_CAUSE_SOURCE_TARGET_SIZE, 133, "source-target-size", \
      "the source yields images of %rHx%rW, perhaps its default, where %eHx%eW are wanted\n?3batch %3 of the " \
      "epoch is the first of this size") \
    X(TN_CAUSE_SOURCE_COLOR_MODE, 134, "source-color-mode", "the source yields %rC channels where %eC are wanted") \
    X(TN_CAUSE_SOURCE_CLASS_MODE, 135, "source-class-mode", \
      "the source yields labels of another form than the loss takes") \
    X(TN_CAUSE_UNBATCHED_DATA_SET, 136, "unbatched-data-set", \
      "the source yields single samples, without a batch axis") \
    X(TN_CAUSE_TWO_ARRAYS_FOR_ONE_INPUT, 137, "two-arrays-for-one-input", "the model has 1 input, %0 were given") \
    /* layers of a model */ \
    X(TN_CAUSE_NO_HEAD, 201, "no-head", \
      "the model ends in feature maps, the labels hold one row per sample: a head is missing") \
    X(TN_CAUSE_RETURN_SEQUENCES, 202, "return-sequences", \
      "return_sequences of the recurrent layer before decides between one output per step, (N,T,U), and one per " \
      "sample, (N,U): it is set the other way\n?0the output has %0 steps for each sample, the labels one value") \
    X(TN_CAUSE_RETURN_SEQUENCES_LEFT_ON, 203, "return-sequences-left-on", \
      "the output has %0 steps per sample, the labels one value: return_sequences was left on") \
    X(TN_CAUSE_STACKED_LSTM, 204, "stacked-lstm", \
      "the layer before returns only its last step, (N,U): a recurrent layer behind it needs every step") \
    X(TN_CAUSE_FLATTEN_TOO_EARLY, 205, "flatten-too-early", \
      "flatten stands before a layer that needs height and width") \
    X(TN_CAUSE_FLATTEN_BEFORE_CONV, 206, "flatten-before-conv", "flatten stands before the convolution") \
    X(TN_CAUSE_FLATTEN_OF_UNKNOWN_SIZE, 207, "flatten-of-unknown-size", \
      "an axis of the input is free, so flatten has no fixed length") \
    X(TN_CAUSE_UNKNOWN_CHANNELS, 208, "unknown-channels", \
      "the number of channels must be known before weights can be made") \
    X(TN_CAUSE_PADDING_SHRINK, 209, "padding-shrink", \
      "layer %2 made the image smaller, %0 became %1: its windows are not padded\n?3with padding %3 values would " \
      "come here, as many as the weights take") \
    X(TN_CAUSE_INPUT_SHAPE_INSIDE, 210, "input-shape-inside", \
      "an input shape inside the model contradicts what the layers before give") \
    X(TN_CAUSE_DECLARED_FLAT, 231, "declared-flat", \
      "the input is declared as rows of %0 values: an image has height, width and channels") \
    X(TN_CAUSE_DECLARED_CHANNELS_FIRST, 232, "declared-channels-first", \
      "the input is declared with height %0 and %1 channels: channels, height, width in the order of " \
      "height, width, channels") \
    X(TN_CAUSE_INPUT_NOT_FIRST, 233, "input-not-first", "an entry that declares the input stands behind a layer") \
    X(TN_CAUSE_INPUT_TWICE, 211, "input-twice", "two entries declare the model's input") \
    X(TN_CAUSE_CLASS_NOT_INSTANCE, 212, "class-not-instance", \
      "an entry of the list is not made by one of the layer macros") \
    X(TN_CAUSE_EMPTY_MODEL, 213, "empty-model", "the list has no layers") \
    X(TN_CAUSE_FIT_BEFORE_COMPILE, 214, "fit-before-compile", "the model has no loss and no optimiser yet") \
    X(TN_CAUSE_LAYER_ADDED_AFTER_FIT, 215, "layer-added-after-fit", \
      "the list of layers changed after the model was built") \
    X(TN_CAUSE_SHARED_LAYER_WIDTHS, 216, "shared-layer-widths", \
      "the layer was built with %0 features by its first use") \
    X(TN_CAUSE_SOFTMAX_ONE_UNIT, 217, "softmax-one-unit", "softmax over one class is always 1") \
    X(TN_CAUSE_STATEFUL, 218, "stateful", \
      "%0 samples in batches of %1 leave %2: a stateful LSTM keeps one state for each row of the batch") \
    X(TN_CAUSE_STATEFUL_LAST_BATCH, 219, "stateful-last-batch", \
      "%0 samples in batches of %1 leave a last batch of %2, a stateful LSTM needs %1") \
    X(TN_CAUSE_INITIAL_STATE_SHAPE, 220, "initial-state-shape", "the state holds one row of units for each sample") \
    X(TN_CAUSE_BAD_UNITS, 221, "bad-units", "%0 is not a positive number of units") \
    X(TN_CAUSE_BATCHNORM_AXIS, 222, "batchnorm-axis", "axis %0 does not exist") \
    X(TN_CAUSE_BATCHNORM_OTHER_CHANNELS, 223, "batchnorm-other-channels", \
      "the statistics are for %0 channels, the layer before gives %1") \
    X(TN_CAUSE_REPEAT_VECTOR, 224, "repeat-vector", \
      "one row per sample is wanted, the layer before returns sequences") \
    X(TN_CAUSE_TIME_DISTRIBUTED, 225, "time-distributed", "there is no time axis") \
    X(TN_CAUSE_ATTENTION_LENGTHS, 226, "attention-lengths", "batch sizes %0 and %1 differ between query and key") \
    X(TN_CAUSE_EMBEDDING_INDEX, 227, "embedding-index", "index %0 is outside a table of %1 rows") \
    X(TN_CAUSE_EMBEDDING_FLOATS, 228, "embedding-floats", "indices must be whole numbers") \
    X(TN_CAUSE_EMBEDDING_THEN_DENSE, 229, "embedding-then-dense", \
      "dense gives one answer for each word, not for each text") \
    X(TN_CAUSE_EMBEDDING_LENGTH, 230, "embedding-length", "%1 words where %0 were declared") \
    X(TN_CAUSE_SOFTMAX_TWICE, 241, "softmax-twice", \
      "this layer gives probabilities, and a second softmax or sigmoid is taken of them, as if they were logits") \
    X(TN_CAUSE_LOGITS_AS_PROBABILITIES, 242, "logits-as-probabilities", \
      "the last layer has no softmax or sigmoid, and the loss takes probabilities") \
    /* windows, reshapes and merges */ \
    X(TN_CAUSE_KERNEL_TOO_LARGE, 301, "kernel-too-large", \
      "a window of %0 does not fit an input of %1 with its padding") \
    X(TN_CAUSE_DILATED_WINDOW, 302, "dilated-window", "dilation %0 makes the window %1 wide, the padded input is %2") \
    X(TN_CAUSE_POOL_TO_NOTHING, 303, "pool-to-nothing", \
      "the image shrank layer by layer to %1, the next window needs %0: nothing is left") \
    X(TN_CAUSE_GROUPS, 304, "groups", "%0 is not a multiple of the %1 groups") \
    X(TN_CAUSE_STRIDE_AND_DILATION, 305, "stride-and-dilation", "stride and dilation are both above 1") \
    X(TN_CAUSE_KERNEL_RANK, 306, "kernel-rank", "a window has two sizes, height and width") \
    X(TN_CAUSE_TRANSPOSE_CONV_SIZE, 307, "transpose-conv-size", "a transposed convolution gives %0, %1 is wanted") \
    X(TN_CAUSE_AUTOENCODER_SIZE, 308, "autoencoder-size", \
      "windows without padding took pixels away: %1 came back of %0") \
    X(TN_CAUSE_CROP_TOO_MUCH, 309, "crop-too-much", "%0 of %1 are cropped: nothing is left") \
    X(TN_CAUSE_RESIZE_INTENDED, 310, "resize-intended", \
      "only height and width change: reshape renames axes, it never drops or invents pixels") \
    X(TN_CAUSE_RESHAPE_LAYER_COUNT, 311, "reshape-layer-count", \
      "%0 values per sample, %1 wanted: the batch axis is no part of the target") \
    X(TN_CAUSE_RESHAPE_TWO_UNKNOWNS, 312, "reshape-two-unknowns", "at most one length may be -1") \
    X(TN_CAUSE_RESHAPE_NOT_DIVISIBLE, 313, "reshape-not-divisible", "%0 values are no multiple of %1") \
    X(TN_CAUSE_RESHAPE_CHANGES_N, 314, "reshape-changes-n", "the number of samples would change from %0 to %1") \
    X(TN_CAUSE_VIEW_CHANGES_N, 315, "view-changes-n", "the number of rows would change from %0 to %1") \
    X(TN_CAUSE_RESIDUAL_VALID_CONV, 316, "residual-valid-conv", \
      "one branch lost %0 pixels of height and of width, as in a window of %1x%1 without padding") \
    X(TN_CAUSE_RESIDUAL_CHANNELS, 317, "residual-channels", "the two operands have %0 and %1 channels") \
    X(TN_CAUSE_RESIDUAL_STRIDE, 318, "residual-stride", \
      "one operand has a stride behind it that the other has not: %0 and %1") \
    X(TN_CAUSE_RESIDUAL_BROADCAST_ONE, 319, "residual-broadcast-one", \
      "one operand has 1 channel, the other %0: nothing is stretched in silence") \
    X(TN_CAUSE_UNET_ODD_SIZE, 320, "unet-odd-size", "%0 is odd: halved and doubled it gives %1") \
    X(TN_CAUSE_CONCAT_AXIS, 321, "concat-axis", "lengths differ on an axis other than the one that is joined") \
    /* labels and losses */ \
    X(TN_CAUSE_SPARSE_WITH_CATEGORICAL, 401, "sparse-with-categorical", \
      "the labels are class indices, one number for each sample; the loss takes one row of %0 for each") \
    X(TN_CAUSE_ONEHOT_WITH_SPARSE, 402, "onehot-with-sparse", \
      "the labels are rows of %0, one for each sample; the loss takes one class index for each") \
    X(TN_CAUSE_LABEL_ONE_BASED, 403, "label-one-based", \
      "labels run from %0 to %1: they count from 1, classes count from 0") \
    X(TN_CAUSE_LABEL_BEYOND_OUTPUT, 404, "label-beyond-output", \
      "the largest label is %1, the output has %2 classes: 0 to %2-1\n?3label number %0 is the first of %3 outside") \
    X(TN_CAUSE_SPARSE_WITH_ONE_UNIT, 423, "sparse-with-one-unit", \
      "the labels are 0 to %1, and the output has one unit: as a class of its own it could only be 0") \
    X(TN_CAUSE_LABELS_IN_OTHER_AXES, 424, "labels-in-other-axes", \
      "the labels of a sample are %0 values, as the output's are, in other axes") \
    X(TN_CAUSE_SCORES_NOT_CLASSES, 425, "scores-not-classes", \
      "the model gives %0 scores for each sample, %n has room for one number") \
    X(TN_CAUSE_LABEL_NEGATIVE, 405, "label-negative", \
      "the smallest label is %1: a class index is never negative\n?3label number %0 is the first of %3 outside " \
      "0 to K-1") \
    X(TN_CAUSE_LABELS_AS_TEXT, 406, "labels-as-text", "class names are no class indices") \
    X(TN_CAUSE_LABELS_WITH_NOTHING, 407, "labels-with-nothing", "label %0 is NaN") \
    X(TN_CAUSE_LABELS_FRACTIONAL, 408, "labels-fractional", \
      "label %0 is not a whole number, so it is no class index: a regression target?") \
    X(TN_CAUSE_MSE_AGAINST_ONEHOT, 409, "mse-against-onehot", "%1 targets for each sample, %0 output") \
    X(TN_CAUSE_MSE_ROW_AGAINST_COLUMN, 410, "mse-row-against-column", \
      "one lies in a row, the other in a column: losses never broadcast") \
    X(TN_CAUSE_CLASS_WEIGHT_MISSING, 411, "class-weight-missing", "%0 class weights for %1 classes") \
    X(TN_CAUSE_GRADS_OF_VECTOR, 412, "grads-of-vector", "a gradient starts from one number") \
    X(TN_CAUSE_ONEHOT_TWICE, 413, "onehot-twice", \
      "the labels already hold one row per class: they would be one-hot twice") \
    X(TN_CAUSE_TARGETS_NOT_PROBABILITIES, 421, "targets-not-probabilities", \
      "the row of sample %0 sums to %1 percent: class probabilities sum to 100") \
    X(TN_CAUSE_CLASS_WEIGHT_ZERO, 422, "class-weight-zero", \
      "class %0 has weight 0: its samples teach nothing\n?1so have %1 classes more") \
    /* weights and packing */ \
    X(TN_CAUSE_OTHER_INPUT_SIZE, 501, "other-input-size", \
      "the weights were made for an input of another size\n?0they take %0 values, as an input of %1x%2 would give") \
    X(TN_CAUSE_OTHER_CLASS_COUNT, 502, "other-class-count", \
      "the weights were made for another number of classes: %1, here %0") \
    X(TN_CAUSE_PACKED_FOR_ANOTHER_PLAN, 503, "packed-for-another-plan", \
      "the weights were packed for another shape, other parameters or another instruction set") \
    X(TN_CAUSE_OPTIMISER_OF_ANOTHER_MODEL, 504, "optimiser-of-another-model", \
      "the optimiser state was made for other weights") \
    X(TN_CAUSE_FLATTEN_ORDER_ON_IMPORT, 505, "flatten-order-on-import", \
      "the rows stand in the order C, H, W, as flatten gives them channels first; here they are H, W, C")
