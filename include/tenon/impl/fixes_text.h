/* impl/fixes_text.h - what to do about each cause and each code: the calls to make, with the record's figures.
 *
 * Beside the signs of causes.h: %x the operand as an expression, %s and %d the expected shape with its free axis
 * found from the received count, as a shape and as a list, %k its rank, %p the same list with the channel planes
 * first, %b and %c the received shape with an axis of 1 before and behind it, %a the argument of number[0]. A line
 * that begins with ?p wants images of more than one channel, with ?g others; with ?m a model, with ?c a call of its own.
 * %f: the values of one sample received. Of several conditions all must hold. */

typedef struct tni_fix {
    int32_t number;
    const char *text;
} tni_fix;

static const tni_fix tni_cause_fixes[] = {
    { TN_CAUSE_FLATTENED_IMAGE,
      "?pif the planes stand one after the other (RRR GGG BBB, as in the CIFAR-10 files):\n"
      "?p  int32_t dim[] = {%p}; tn_reshape(&ctx, &t, %x, 4, dim); t.axes = TN_NCHW;\n"
      "?p  tn_transpose(&ctx, &nhwc, &t, NULL) -> %s\n"
      "?pif each pixel's channels stand together:\n"
      "?p  int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s\n"
      "?gint32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s" },
    { TN_CAUSE_FLATTENED_SEQUENCES, "int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s" },
    { TN_CAUSE_FLATTENED_SAMPLES, "int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s" },
    { TN_CAUSE_FLATTENED_SAMPLE, "int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s" },
    { TN_CAUSE_FLAT_ARRAY,
      "?pif the planes stand one after the other (RRR GGG BBB, as in the CIFAR-10 files):\n"
      "?p  int32_t dim[] = {%p}; tn_reshape(&ctx, &t, %x, 4, dim); t.axes = TN_NCHW;\n"
      "?p  tn_transpose(&ctx, &nhwc, &t, NULL) -> %s\n"
      "?pif each pixel's channels stand together:\n"
      "?p  int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s\n"
      "?gint32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s" },
    { TN_CAUSE_FLATTENED_OTHER_COLOR_MODE,
      "reshape to height %1, width %2 and %3 channels, then tn_gray_to_rgb or tn_rgb_to_gray, or drop the "
      "alpha channel\n"
      "or declare the input with %3 channels" },
    { TN_CAUSE_LABEL_IN_ROWS, "take the label out of each row first: CIFAR-10's binary records begin with it" },
    { TN_CAUSE_MISSING_BATCH_AXIS,
      "tn_expand(&ctx, &t, %x, 0) -> %b\n"
      "or view one row of the whole: tn_rows(&ctx, &t, &all, i, 1); one label goes with it" },
    { TN_CAUSE_MISSING_CHANNEL_AXIS,
      "tn_expand(&ctx, &t, %x, -1) -> %c; no data is moved\n"
      "?0then tn_gray_to_rgb: %0 channels are wanted" },
    { TN_CAUSE_MISSING_FEATURE_AXIS, "tn_expand(&ctx, &t, %x, -1) -> %c; no data is moved" },
    { TN_CAUSE_MISSING_TIME_AXIS,
      "each row is one step: tn_expand(&ctx, &t, %x, 1)\n"
      "or the rows are one series in time order: cut windows of T steps\n"
      "?0or it is one sequence without a batch axis: tn_expand(&ctx, &t, %x, 0) -> %b" },
    { TN_CAUSE_EXTRA_AXIS, "int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s" },
    { TN_CAUSE_BATCH_IN_INPUT_SHAPE, "leave the number of samples out of the declared shape" },
    { TN_CAUSE_CHANNELS_FIRST,
      "t of shape %e, t.axes = TN_NHWC; %x named TN_NCHW; tn_transpose(&ctx, &t, %x, NULL). A reshape would "
      "scramble the pixels\n"
      "or name %n TN_NCHW where the call takes it" },
    { TN_CAUSE_CHANNELS_LAST,
      "t of shape %e, t.axes = TN_NCHW; %x named TN_NHWC; tn_transpose(&ctx, &t, %x, NULL). A reshape would "
      "scramble the pixels" },
    { TN_CAUSE_HW_SWAPPED,
      "int32_t perm[] = {0, 2, 1, 3}; tn_transpose(&ctx, &t, %x, perm), t without axis names\n"
      "or load with height before width" },
    { TN_CAUSE_TIME_FEATURES_SWAPPED,
      "int32_t perm[] = {0, 2, 1}; tn_transpose(&ctx, &t, %x, perm), t without axis names. A reshape would mix "
      "the values" },
    { TN_CAUSE_AXES_PERMUTED,
      "t of shape %e without axis names; tn_transpose(&ctx, &t, %x, perm). A reshape would mix the values" },
    { TN_CAUSE_WEIGHTS_TRANSPOSED,
      "name them as they are stored: TN_OI for dense, TN_OIHW for convolution, where the call takes it\n"
      "or tn_transpose them once" },
    { TN_CAUSE_WRONG_RESHAPE,
      "undo the reshape, then int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s, if the values lie "
      "in that order" },
    { TN_CAUSE_GRAY_INTO_RGB,
      "load the images as RGB\n"
      "or repeat the gray plane: tn_gray_to_rgb(&ctx, &t, %x)\n"
      "or make the layer for 1 channel" },
    { TN_CAUSE_RGB_INTO_GRAY,
      "load the images as grayscale\n"
      "or tn_rgb_to_gray(&ctx, &t, %x): 0.299 R + 0.587 G + 0.114 B\n"
      "or make the layer for 3 channels" },
    { TN_CAUSE_ALPHA_CHANNEL, "load the images without transparency (RGB), or drop or blend the fourth channel" },
    { TN_CAUSE_GRAY_WITH_ALPHA, "load the images without transparency, or drop the second channel" },
    { TN_CAUSE_RESIZE_NEEDED,
      "tn_resize(&ctx, &t, %x, NULL) with t of height %eH and width %eW\n"
      "or declare the input for %rHx%rW" },
    { TN_CAUSE_DIGIT_SLIP, "if %1 is right, declare %1; if %0 is right, mend the data" },
    { TN_CAUSE_OFF_BY_ONE_FEATURE,
      "?2take that column out of %n\n"
      "?3give the missing column\n"
      "or declare %1 features" },
    { TN_CAUSE_NO_FLATTEN,
      "?0?ctn_flatten(&ctx, &t, %x) -> (N, %f): dense then gives one row for each sample\n"
      "?0?mTN_FLATTEN() before it -> (N, %f): dense then gives one row for each sample\n"
      "?2TN_FLATTEN() before dense -> one row for each sample\n"
      "?0?cor tn_global_avg_pool2d(&ctx, &t, %x) -> (N, %rC)\n"
      "?0?mor TN_GLOBAL_AVG_POOL2D() before it -> (N, %rC)\n"
      "?2or TN_GLOBAL_AVG_POOL2D() before it\n"
      "?0?cor, if one answer for each position is wanted: the flag TN_PER_POSITION\n"
      "?0?mor, if one answer for each position is wanted: net[i].per_position = 1\n"
      "?2or, if one answer for each position is wanted: labels for each position" },
    { TN_CAUSE_PLANAR_PIXELS, "reshape to N, C, H, W first, then tn_transpose to N, H, W, C" },
    { TN_CAUSE_EXIF_ROTATED, "turn the image as its mark says when loading it" },
    { TN_CAUSE_LSTM_BATCH_FIRST, "name it TN_TNF and tn_transpose it to TN_NTF" },
    { TN_CAUSE_WINDOWING, "cut windows of %1 steps -> (%2, %1, 1)" },
    { TN_CAUSE_CONV1D_NEEDS_3D,
      "tn_expand(&ctx, &t, %x, 1) gives (N, T, F) its height of 1\n"
      "of (N, T), tn_expand(&ctx, &t, %x, -1) first" },
    { TN_CAUSE_TRANSPOSE_BY_RESHAPE,
      "where the axes stood in another order before: tn_transpose instead of tn_reshape" },
    { TN_CAUSE_LIST_OF_IMAGES, "tn_stack(&ctx, &t, images, %0, NULL): one tensor with N first" },
    { TN_CAUSE_PERMUTE_DIMS, "name every axis once; the batch axis stays first" },
    { TN_CAUSE_RESIZE_RANK, "tn_expand(&ctx, &t, %x, -1) -> %c" },
    { TN_CAUSE_PLANAR_ROWS, "the values look planar: take the first of these" },
    { TN_CAUSE_INTERLEAVED_ROWS, "the values look interleaved: take the last of these" },
    { TN_CAUSE_UNSCALED_BYTES,
      "tn_convert_params p = {1.0f / 255, 0}; tn_convert(&ctx, &t, %x, &p)\n"
      "or tn_normalize with the mean and deviation of each channel" },
    { TN_CAUSE_RAW_BYTES,
      "t of shape %r as float32; tn_convert_params p = {1.0f / 255, 0};\n"
      "  tn_convert(&ctx, &t, %x, &p)\n"
      "or TN_RESCALING(1.0f / 255, 0) as first layer" },
    { TN_CAUSE_BROADCAST, "give an operand of the same shape, or of the last axis alone" },
    { TN_CAUSE_NAN_IN_X, "find where it comes from: a division by 0, a missing value in the file" },
    { TN_CAUSE_PALETTE_OR_16_BIT_IMAGE, "load it as 8-bit RGB, or scale 16 bits by 1/65535" },
    { TN_CAUSE_NON_CONTIGUOUS_VIEW, "copy it into a dense tensor first" },
    { TN_CAUSE_NORMALISER_WIDTH, "take the statistics again from data of %1 columns" },
    { TN_CAUSE_UNSCALED_VALUES,
      "tn_normalize with the mean and deviation of each column or channel\n"
      "or TN_BATCH_NORM() as first layer" },
    { TN_CAUSE_HIGH_FIRST_LOSS,
      "scale x: tn_normalize, or TN_RESCALING as first layer\n"
      "if x is scaled: smaller initial weights, and compile.from as the last layer gives it" },
    { TN_CAUSE_TEST_SET_LEFT_RAW,
      "prepare both sets by the same function: the same tn_convert or tn_normalize, with the figures of the "
      "training set" },
    { TN_CAUSE_DIVERGED,
      "?1compile.optimizer.lr is about 1/%1: divide it by 10\n"
      "?2compile.optimizer.lr is about %2: try 0.001\n"
      "and begin again: weights that are not finite do not recover" },
    { TN_CAUSE_NAN_IN_WEIGHTS, "mend the weights that were given or loaded" },
    { TN_CAUSE_NPY_OBJECT, "save plain numbers: np.save(path, np.stack(images))" },
    { TN_CAUSE_NPZ_ARCHIVE, "take one array out of it: np.save(path, np.load(archive)[name])" },
    { TN_CAUSE_NOT_NPY, "save it with np.save, or read it with the reader of its own format" },
    { TN_CAUSE_TRUNCATED, "copy the file again" },
    { TN_CAUSE_IMAGES, "load all with one target size, or drop the odd ones" },
    { TN_CAUSE_SEQUENCES,
      "tn_concat them to [T,F], then tn_pad_sequences(&ctx, &t, &mask, &all, &lengths, NULL) with t (%0, %2, F): the "
      "mask keeps padding from counting" },
    { TN_CAUSE_GRAY_AMONG_RGB, "load all as RGB" },
    { TN_CAUSE_PLANES_AS_SAMPLES,
      "reshape %0 images of 1 channel to %1 with 3 planes, then tn_transpose to N, H, W, C" },
    { TN_CAUSE_ONEHOT_FLATTENED, "reshape the labels to (%0, %2)" },
    { TN_CAUSE_LABELS_TRANSPOSED,
      "?0reshape the labels to (%1, 1)\n"
      "?2int32_t perm[] = {1, 0}; tn_transpose(&ctx, &t, %x, perm)" },
    { TN_CAUSE_SPARSE_WITH_ONE_UNIT,
      "?2loss TN_BINARY_CROSSENTROPY, which takes 0 and 1 for one unit with a sigmoid\n"
      "a last layer of %1+1 units with TN_SOFTMAX" },
    { TN_CAUSE_LABELS_IN_OTHER_AXES,
      "int32_t dim[] = {%d}; tn_reshape(&ctx, &t, %x, %k, dim) -> %s\n"
      "or end the model with a reshape to the labels' axes" },
    { TN_CAUSE_SCORES_NOT_CLASSES,
      "a tensor of shape %s for the scores; tn_argmax(&ctx, &classes, &scores, -1) then gives one class each" },
    { TN_CAUSE_OTHER_SPLIT_LABELS, "pass the labels of the same set" },
    { TN_CAUSE_EMPTY_DATA, "pass at least one sample" },
    { TN_CAUSE_SOURCE_TARGET_SIZE, "make the source with target size %eHx%eW" },
    { TN_CAUSE_SOURCE_COLOR_MODE, "make the source with the color mode of %eC channels: 1 grayscale, 3 rgb, 4 rgba" },
    { TN_CAUSE_SOURCE_CLASS_MODE,
      "make the source's class mode and the loss agree: indices with TN_SPARSE_CATEGORICAL_CROSSENTROPY, rows "
      "with TN_CATEGORICAL_CROSSENTROPY" },
    { TN_CAUSE_UNBATCHED_DATA_SET, "give the source a batch size" },
    { TN_CAUSE_TWO_ARRAYS_FOR_ONE_INPUT, "join them with tn_concat, or pass one" },
    { TN_CAUSE_NO_HEAD,
      "add TN_FLATTEN() and TN_DENSE(K)\n"
      "or TN_GLOBAL_AVG_POOL2D() and TN_DENSE(K), which takes any height and width" },
    { TN_CAUSE_RETURN_SEQUENCES, "change return_sequences of that layer" },
    { TN_CAUSE_RETURN_SEQUENCES_LEFT_ON, "set return_sequences = 0 in the last recurrent layer" },
    { TN_CAUSE_STACKED_LSTM, "set return_sequences = 1 in the layer before" },
    { TN_CAUSE_FLATTEN_TOO_EARLY, "move TN_FLATTEN() behind the last layer that needs height and width" },
    { TN_CAUSE_FLATTEN_BEFORE_CONV, "move TN_FLATTEN() behind the convolutions" },
    { TN_CAUSE_FLATTEN_OF_UNKNOWN_SIZE, "declare height and width, or use TN_GLOBAL_AVG_POOL2D() in its place" },
    { TN_CAUSE_UNKNOWN_CHANNELS, "declare the channels: 1 or 3?" },
    { TN_CAUSE_PADDING_SHRINK,
      "window.padding = TN_SAME in layer %2 keeps the size\n"
      "?3or give weights for as many values as come here" },
    { TN_CAUSE_INPUT_SHAPE_INSIDE, "leave it out: only the first entry declares an input" },
    { TN_CAUSE_DECLARED_FLAT,
      "TN_INPUT_HWC(height, width, channels) for images\n"
      "or TN_RESHAPE_HWC(height, width, channels), %0 values in all, before this layer" },
    { TN_CAUSE_DECLARED_CHANNELS_FIRST,
      "TN_INPUT_HWC(%1, %1, %0)\n"
      "or TN_INPUT_CHW(%0, %1, %1), if the data stands so" },
    { TN_CAUSE_INPUT_NOT_FIRST, "make it the first entry of the list" },
    { TN_CAUSE_INPUT_TWICE, "keep one" },
    { TN_CAUSE_CLASS_NOT_INSTANCE, "use TN_FLATTEN(), TN_DENSE(...) and their like" },
    { TN_CAUSE_EMPTY_MODEL, "give at least one layer" },
    { TN_CAUSE_FIT_BEFORE_COMPILE, "tn_model_compile(&ctx, &m, &compile) first" },
    { TN_CAUSE_LAYER_ADDED_AFTER_FIT, "tn_model_init and build again" },
    { TN_CAUSE_SHARED_LAYER_WIDTHS, "use a layer of its own for the other width" },
    { TN_CAUSE_SOFTMAX_ONE_UNIT, "TN_SIGMOID with TN_BINARY_CROSSENTROPY, or 2 units" },
    { TN_CAUSE_STATEFUL, "use a number of samples that %1 divides, or another batch size" },
    { TN_CAUSE_STATEFUL_LAST_BATCH, "use a number of samples that %1 divides, drop_last, or another batch size" },
    { TN_CAUSE_INITIAL_STATE_SHAPE, "h0 and c0 of shape %e" },
    { TN_CAUSE_BAD_UNITS, "give 1 or more" },
    { TN_CAUSE_BATCHNORM_AXIS, "the axis counts from 0, or from -1 backwards, within the rank" },
    { TN_CAUSE_BATCHNORM_OTHER_CHANNELS, "give statistics of %1 channels" },
    { TN_CAUSE_REPEAT_VECTOR, "set return_sequences = 0 in the layer before" },
    { TN_CAUSE_TIME_DISTRIBUTED, "tn_expand(&ctx, &t, %x, 1)" },
    { TN_CAUSE_ATTENTION_LENGTHS, "give both the same batch" },
    { TN_CAUSE_EMBEDDING_INDEX, "a table of %0+1 rows, or smaller indices" },
    { TN_CAUSE_EMBEDDING_FLOATS, "tn_convert to int32" },
    { TN_CAUSE_EMBEDDING_THEN_DENSE, "flatten or pool before dense" },
    { TN_CAUSE_EMBEDDING_LENGTH, "pad or cut to %0" },
    { TN_CAUSE_SOFTMAX_TWICE,
      "leave one of the two out\n"
      "where the second is the loss's: compile.from = TN_PROBABILITIES" },
    { TN_CAUSE_LOGITS_AS_PROBABILITIES,
      "TN_SOFTMAX (TN_SIGMOID for a binary loss) in the last layer\n"
      "or compile.from = TN_LOGITS" },
    { TN_CAUSE_KERNEL_TOO_LARGE,
      "padding = TN_SAME\n"
      "or a window of at most %1\n"
      "or larger images" },
    { TN_CAUSE_DILATED_WINDOW, "a smaller dilation, or padding = TN_SAME" },
    { TN_CAUSE_POOL_TO_NOTHING, "drop a pooling layer, or use TN_SAME" },
    { TN_CAUSE_GROUPS, "make it a multiple of %1" },
    { TN_CAUSE_STRIDE_AND_DILATION, "drop one of them" },
    { TN_CAUSE_KERNEL_RANK, "give a height and a width" },
    { TN_CAUSE_TRANSPOSE_CONV_SIZE, "start from another size, or use padding TN_SAME" },
    { TN_CAUSE_AUTOENCODER_SIZE, "padding = TN_SAME" },
    { TN_CAUSE_CROP_TOO_MUCH, "crop less than %1" },
    { TN_CAUSE_RESIZE_INTENDED,
      "tn_resize to height %2 and width %3 in place of tn_reshape\n"
      "or crop, or declare the size as it is" },
    { TN_CAUSE_RESHAPE_LAYER_COUNT, "give a target whose product is %0" },
    { TN_CAUSE_RESHAPE_TWO_UNKNOWNS, "fix one of them" },
    { TN_CAUSE_RESHAPE_NOT_DIVISIBLE, "give lengths whose product divides %0" },
    { TN_CAUSE_RESHAPE_CHANGES_N, "keep the first length %0: unname the axes (axes = 0) if the change is meant" },
    { TN_CAUSE_VIEW_CHANGES_N, "keep the first length %0" },
    { TN_CAUSE_RESIDUAL_VALID_CONV, "padding = TN_SAME in the branch" },
    { TN_CAUSE_RESIDUAL_CHANNELS, "a 1x1 convolution with as many filters on the shortcut" },
    { TN_CAUSE_RESIDUAL_STRIDE, "give the shortcut the same stride" },
    { TN_CAUSE_RESIDUAL_BROADCAST_ONE, "repeat the channel, or use a 1x1 convolution" },
    { TN_CAUSE_UNET_ODD_SIZE, "pad the input to a multiple of 2 for each level, or crop the skip by 1" },
    { TN_CAUSE_CONCAT_AXIS, "join on the axis that differs, or make the others equal" },
    { TN_CAUSE_SPARSE_WITH_CATEGORICAL,
      "loss TN_SPARSE_CATEGORICAL_CROSSENTROPY\n"
      "or t of shape (N, %0); tn_one_hot(&ctx, &t, %x)" },
    { TN_CAUSE_ONEHOT_WITH_SPARSE,
      "loss TN_CATEGORICAL_CROSSENTROPY\n"
      "or tn_argmax(&ctx, &t, %x, -1) -> (N)" },
    { TN_CAUSE_LABEL_ONE_BASED,
      "subtract 1 from every label\n"
      "or make the output one class wider" },
    { TN_CAUSE_LABEL_BEYOND_OUTPUT, "make the last layer %1+1 units wide, or mend the labels" },
    { TN_CAUSE_LABEL_NEGATIVE,
      "mend the labels; if they mark samples to skip: use_ignore_index with ignore_index = %1" },
    { TN_CAUSE_LABELS_AS_TEXT, "map the names to 0 .. K-1 first" },
    { TN_CAUSE_LABELS_WITH_NOTHING, "drop the sample, or give it a class" },
    { TN_CAUSE_LABELS_FRACTIONAL, "TN_MEAN_SQUARED_ERROR for a regression, or whole numbers for classes" },
    { TN_CAUSE_MSE_AGAINST_ONEHOT, "make the last layer %1 units wide, or the labels one number for each sample" },
    { TN_CAUSE_MSE_ROW_AGAINST_COLUMN, "reshape one to the shape of the other" },
    { TN_CAUSE_CLASS_WEIGHT_MISSING, "give one weight for each class" },
    { TN_CAUSE_GRADS_OF_VECTOR, "reduce the loss first: TN_MEAN or TN_SUM" },
    { TN_CAUSE_ONEHOT_TWICE, "leave one tn_one_hot out" },
    { TN_CAUSE_TARGETS_NOT_PROBABILITIES,
      "tn_one_hot of class indices, or divide each row by its sum\n"
      "TN_BINARY_CROSSENTROPY where a sample may have several classes at once" },
    { TN_CAUSE_CLASS_WEIGHT_ZERO, "give it a positive weight, or leave its samples out" },
    { TN_CAUSE_OTHER_INPUT_SIZE,
      "?0declare an input of %1x%2\n"
      "build the model with the input the weights were made for\n"
      "or give this layer new weights: every layer before it takes any size" },
    { TN_CAUSE_OTHER_CLASS_COUNT,
      "build the model with %1 classes\n"
      "or load into such a model, and give its tensors but those of the last layer to this one's list" },
    { TN_CAUSE_PACKED_FOR_ANOTHER_PLAN,
      "pack again for this shape and this instruction set, or pass the weights unpacked" },
    { TN_CAUSE_OPTIMISER_OF_ANOTHER_MODEL, "begin with a zeroed state of this model" },
    { TN_CAUSE_FLATTEN_ORDER_ON_IMPORT, "permute the rows from C, H, W to H, W, C once on import" },
    { 0, TNI_NULL }
};

/* Where no cause is known. */
static const tni_fix tni_status_fixes[] = {
    { TN_E_RANK, "give a tensor of %k axes: tn_reshape, tn_expand or tn_rows make views without moving data" },
    { TN_E_SPATIAL, "make height and width equal: tn_resize, tn_pad, or declare the size as it is" },
    { TN_E_CHANNELS,
      "make the channels equal: tn_gray_to_rgb, tn_rgb_to_gray, or another number of filters or input channels" },
    { TN_E_FEATURES, "make the two lengths equal: the data's columns, or the layer's inputs or units" },
    { TN_E_TIMESTEPS,
      "cut or pad to the steps wanted (tn_pad_sequences), or leave T free: the LSTM itself does not mind" },
    { TN_E_LAYOUT, "tn_transpose to the order that the call takes, or correct the axis names" },
    { TN_E_BATCH, "give operands of the same N; tn_rows takes part of a batch" },
    { TN_E_SAMPLES,
      "?3in batch %3 of the epoch\n"
      "give as many labels, and weights, as samples" },
    { TN_E_EMPTY, "give every axis a length of at least 1" },
    { TN_E_WINDOW, "padding TN_SAME, a smaller window, or a larger input" },
    { TN_E_RESHAPE,
      "?0%0 values do not fill lengths that hold %1\n"
      "give lengths whose product is the number of values; one of them may be -1" },
    { TN_E_MERGE, "make the shapes equal, or give the last axis alone" },
    { TN_E_DTYPE, "tn_convert to the type expected" },
    { TN_E_DENSE_SPATIAL,
      "tn_flatten first, TN_GLOBAL_AVG_POOL2D() before it, or TN_PER_POSITION where one answer per position is "
      "meant" },
    { TN_E_LABEL_RANK, "labels of the output's rank, or one less for class indices" },
    { TN_E_LABEL_FORM,
      "class indices with TN_SPARSE_CATEGORICAL_CROSSENTROPY, one row per sample with "
      "TN_CATEGORICAL_CROSSENTROPY" },
    { TN_E_LABEL_CLASSES,
      "make the last layer as wide as the labels, or tn_one_hot with as many classes as the output" },
    { TN_E_LABEL_RANGE,
      "?3label number %0 is %1, the first of %3 outside 0 to %2-1: mend it\n"
      "class indices count from 0 to K-1" },
    { TN_E_RAGGED, "bring all samples to one shape: a target size, or tn_pad_sequences" },
    { TN_E_WEIGHTS, "give the weights that were made for this shape" },
    { TN_E_SOURCE, "keep to the declared shapes, and return rows, 0 at the end or a negative number" },
    { TN_E_FILE, "check the file with the program that wrote it" },
    { TN_E_NOT_BUILT, "tn_model_build(&ctx, &m, &input, batch), or tn_model_fit once" },
    { TN_E_NOT_COMPILED, "tn_model_compile(&ctx, &m, &compile)" },
    { TN_E_NULL, "pass a tensor with data" },
    { TN_E_ALIAS, "give it memory of its own: it overlaps %a" },
    { TN_E_ALIGN, "place the data at a multiple of its element size" },
    { TN_E_OVERFLOW, "smaller lengths, or part of the batch at a time (tn_rows)" },
    { TN_E_WORKSPACE,
      "?1%1 bytes are needed, %0 are there\n"
      "set ctx.query = 1 and call: ctx.need is the size to give ctx.workspace" },
    { TN_E_MEMORY,
      "?1%1 bytes are needed, %0 are there\n"
      "a query tells the size in need" },
    { TN_E_ISA, "tn_isa_use(TN_ISA_BEST) takes what is there" },
    { TN_E_STOPPED, "nothing is broken: the callback returned nonzero" },
    { TN_E_UNSUPPORTED, "ask for it in another form" },
    { TN_E_ARG, "give a value that the call's description allows" },
    { TN_W_INFERRED, "declare the input as first entry, and shapes are checked when the model is made" },
    { TN_W_RANGE, "tn_convert with scale 1/255, or tn_normalize" },
    { TN_W_SCALE_SHIFT, "prepare both sets by the same function" },
    { TN_W_SINGLE_STEP,
      "give sequences of more than one step, or use dense: over one step the recurrent weights learn nothing" },
    { TN_W_LAYOUT_SUSPECT, "look at one image, then tn_transpose instead of tn_reshape" },
    { TN_W_TRUNCATED,
      "?0%0 of %1 sequences were cut to %2 steps, the longest has %3\n"
      "a larger T keeps every step" },
    { TN_W_SOFTMAX_ONE, "TN_SIGMOID with TN_BINARY_CROSSENTROPY, or 2 units" },
    { 0, TNI_NULL }
};
