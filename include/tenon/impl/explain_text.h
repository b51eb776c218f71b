/* impl/explain_text.h - what tn_explain says of each code and cause: the mistake, how it happens, how to mend it; for
 * the common ones the wrong call and the right one.
 *
 * The examples are compiled and run by tests/explain.py, which has what they leave out: pictures, digits, table and
 * series are models for (N, H=32, W=32, C=3), (N, H=28, W=28, C=1), (N, F=5) and (N, T=10, F=3). */

typedef struct tni_explanation {
    int32_t number;
    const char *text, *wrong, *right; /* wrong and right: lines of C, NULL where there is no example */
} tni_explanation;

static const tni_explanation tni_status_texts[] = {
    { TN_E_RANK,
      "A call wants a certain number of axes and got another. Rows are (N, F), images (N, H, W, C),\n"
      "sequences (N, T, F), and the batch axis N always counts, also for one sample. Most often an\n"
      "axis of length 1 is missing: one picture without N, a gray picture without C, a series\n"
      "without F. tn_expand, tn_reshape and tn_rows make a view with the right axes and move no\n"
      "data. The library never adds or drops an axis by itself.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 3, 0, 0);       /* series takes (N, T=10, F=3) */\n"
      "tn_model_predict(&ctx, &series, &y, &x);",
      "tn_tensor x = tn_view(rows, TN_NTF, 3, 64, 10, 3, 0);\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_model_predict(&ctx, &series, &y, &x);" },
    { TN_E_SPATIAL,
      "Height or width differs from what the model declares or the other operand has. Convolution\n"
      "and pooling take any size, but a model that flattens has weights for one size alone, so a\n"
      "declared size is held. Resize the pictures, pad or crop them, or declare\n"
      "TN_INPUT_HWC(TN_ANY, TN_ANY, 3) and end in global pooling, which takes any size.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 28, 28, 3);  /* pictures takes 32x32 */\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor t = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_resize(&ctx, &t, &x, NULL);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_E_CHANNELS,
      "The channel axis has another length than the weights or the model's input: 1 is gray, 3 is\n"
      "RGB, 4 is RGB with transparency. Load the pictures in the color mode of the model, convert\n"
      "them, or make the layer for the channels that the pictures have. Between layers it means\n"
      "that a kernel's I is not the C of what it reads.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 1);  /* gray */\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor rgb = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_gray_to_rgb(&ctx, &rgb, &x);\n"
      "tn_model_predict(&ctx, &pictures, &y, &rgb);" },
    { TN_E_FEATURES,
      "The last axis of the input of a dense layer or an LSTM is not the first of its weights, or\n"
      "an output or bias is not as wide as the layer. Every row must have as many values as the\n"
      "weights have inputs. Look for a label or index column that was left in, a column that was\n"
      "dropped, or weights made for another data set.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 6, 0, 0);\n"
      "tn_tensor w = tn_view(weights, TN_IO, 2, 5, 10, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);",
      "tn_tensor w = tn_view(weights, TN_IO, 2, 6, 10, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);" },
    { TN_E_TIMESTEPS,
      "The model declares a number of steps and the sequences have another. The LSTM itself takes\n"
      "any length: its weights do not depend on it. Declare T as TN_ANY where the length may vary,\n"
      "or cut and pad to the declared length with tn_pad_sequences. Flatten behind an LSTM that\n"
      "returns sequences needs a fixed T.",
      "tn_tensor x = tn_view(rows, TN_NTF, 3, 64, 12, 3, 0);      /* series takes 10 steps */\n"
      "tn_model_predict(&ctx, &series, &y, &x);",
      "tn_layer net[] = { TN_INPUT_TF(TN_ANY, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_E_LAYOUT,
      "The lengths are right and stand in another order, or the axis names say another order than\n"
      "the call takes. Files and other libraries keep images as N, C, H, W; most calls here take N,\n"
      "H, W, C. A transpose moves the values to their new places; a reshape would only rename the\n"
      "axes and scramble the pictures in silence.",
      "tn_tensor x = tn_view(pixels, TN_NCHW, 4, 64, 3, 32, 32);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor t = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_transpose(&ctx, &t, &x, NULL);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_E_BATCH,
      "Two operands of one call have different batch sizes, or a stateful model got a batch of\n"
      "another size than its states. N may be anything, from call to call too, but inputs and\n"
      "outputs of one call share it. tn_rows takes part of a batch. A smaller last batch is no\n"
      "mistake: fit and predict handle it.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor w = tn_view(weights, TN_IO, 2, 5, 10, 0, 0);\n"
      "tn_tensor part = tn_view(scores, TN_NF, 2, 32, 10, 0, 0);\n"
      "tn_dense(&ctx, &part, &x, &w, NULL, NULL);",
      "tn_tensor half;\n"
      "tn_rows(&ctx, &half, &x, 0, 32);\n"
      "tn_dense(&ctx, &part, &half, &w, NULL, NULL);" },
    { TN_E_SAMPLES,
      "There are not as many labels, or weights, as samples. Something was dropped from one array\n"
      "and not from the other, labels of another split were passed, or a reshape changed the number\n"
      "of samples. Filter and shuffle samples and labels together, and compare the two first\n"
      "lengths after loading.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 63, 1, 0, 0);\n"
      "tn_model_fit(&ctx, &table, &x, &y, NULL, NULL);",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_model_fit(&ctx, &table, &x, &y, NULL, NULL);" },
    { TN_E_EMPTY,
      "An axis has length 0, or a data set has no samples. A filter removed everything, a file was\n"
      "empty, or a variable was used before it was set. A batch of 0 rows in a kernel call is\n"
      "allowed and does nothing; any other axis must be at least 1.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 0, 32, 3);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);" },
    { TN_E_WINDOW,
      "A kernel or pooling window is larger than its input with its padding, so there is no place\n"
      "where it fits. A window of K with dilation D spans (K - 1) D + 1. Deep nets on small\n"
      "pictures run into this: each valid 3x3 takes two pixels, each 2x2 pooling halves. Use\n"
      "padding TN_SAME, smaller windows, fewer pooling layers, or larger pictures.",
      "tn_layer net[] = { TN_INPUT_HWC(4, 8, 1), TN_CONV2D(32, 5, 5, TN_RELU) };\n"
      "tn_model_init(&ctx, &m, \"small\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_HWC(4, 8, 1), TN_CONV2D(32, 5, 5, TN_RELU) };\n"
      "net[1].window.padding = TN_SAME;\n"
      "tn_model_init(&ctx, &m, \"small\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_E_RESHAPE,
      "A reshape keeps every value and only renames the axes, so both shapes must hold the same\n"
      "number of values. It cannot drop pixels, invent them or change the number of samples. One\n"
      "length may be -1 and is then worked out. To change height and width, resize; to join color\n"
      "and position, count them: 32 * 32 * 3 is 3072.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 1), t;\n"
      "const int32_t dim[] = { 64, 1000 };\n"
      "tn_reshape(&ctx, &t, &x, 2, dim);",
      "const int32_t dim[] = { 64, -1 };                          /* 1024 */\n"
      "tn_reshape(&ctx, &t, &x, 2, dim);" },
    { TN_E_MERGE,
      "The operands of an element by element operation or of a concatenation do not fit each other.\n"
      "The second operand has the shape of the first, or of its last axis alone; concatenated\n"
      "tensors agree on all axes but the joined one. Nothing is stretched by position as in NumPy,\n"
      "since that hides mistakes. A skip connection usually breaks when its branch lost pixels or\n"
      "changed channels.",
      "tn_tensor a = tn_view(pixels, TN_NHWC, 4, 64, 28, 28, 8);\n"
      "tn_tensor b = tn_view(rows, TN_NHWC, 4, 64, 28, 1, 8);\n"
      "tn_add(&ctx, &a, &a, &b);",
      "tn_tensor b = tn_view(rows, TN_NHWC, 4, 64, 28, 28, 8);\n"
      "tn_add(&ctx, &a, &a, &b);" },
    { TN_E_DTYPE,
      "A tensor has another element type than the call takes. Kernels take float32; labels may be\n"
      "uint8, int32, int64 or whole float32. Bytes read as floats would be garbage and run past the\n"
      "end of the array, so nothing is converted in silence. tn_convert converts and scales in one\n"
      "pass.",
      "tn_tensor x = tn_as(tn_view(bytes, TN_NHWC, 4, 64, 32, 32, 3), TN_U8);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor t = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_convert_params scaled = { 1.0f / 255, 0 };\n"
      "tn_convert(&ctx, &t, &x, &scaled);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_E_DENSE_SPATIAL,
      "A dense layer was given feature maps. It works on the last axis, so it would give one answer\n"
      "for each pixel position instead of one for each picture; the labels then do not fit, or the\n"
      "loss is of something else. Put a flatten or a global pooling before it. Where one answer for\n"
      "each position is wanted, say so with TN_PER_POSITION.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 5, 5, 64);\n"
      "tn_tensor w = tn_view(weights, TN_IO, 2, 64, 10, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);",
      "tn_tensor w = tn_view(weights, TN_IO, 2, 1600, 10, 0, 0), flat;\n"
      "tn_flatten(&ctx, &flat, &x);\n"
      "tn_dense(&ctx, &y, &flat, &w, NULL, NULL);" },
    { TN_E_LABEL_RANK,
      "The labels have another number of axes than the output. Class indices have the output's axes\n"
      "without the last, rows have all of them; only (N) and (N, 1) are the same. Either the model\n"
      "has no head and ends in feature maps, a recurrent layer returns every step, or the labels\n"
      "have an axis too many. Losses never broadcast.",
      "tn_tensor out = tn_view(scores, TN_NTF, 3, 64, 8, 1, 0);\n"
      "tn_tensor y = tn_view(targets, TN_N, 1, 64, 0, 0, 0);\n"
      "tn_loss(&ctx, TN_MEAN_SQUARED_ERROR, &loss, NULL, &out, &y, NULL);",
      "tn_tensor out = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_loss(&ctx, TN_MEAN_SQUARED_ERROR, &loss, NULL, &out, &y, NULL);" },
    { TN_E_LABEL_FORM,
      "The loss wants labels in the other form. TN_SPARSE_CATEGORICAL_CROSSENTROPY takes one class\n"
      "index for each sample, TN_CATEGORICAL_CROSSENTROPY one row with a 1 at the class. Change the\n"
      "loss, or the labels: tn_one_hot makes rows of indices, tn_argmax indices of rows. A label\n"
      "that is no whole number is no class index.",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 10, 0, 0);     /* one row of 10 for each */\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_loss(&ctx, TN_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);" },
    { TN_E_LABEL_CLASSES,
      "The labels' rows are not as wide as the output: the model tells apart another number of\n"
      "classes than the labels have. It happens when labels were one-hot encoded from a part of the\n"
      "data in which the last class is absent, or when the last layer was copied from another\n"
      "model. Make the last layer as wide as the labels, or encode for the model's classes.",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 9, 0, 0);      /* the output has 10 */\n"
      "tn_loss(&ctx, TN_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_loss(&ctx, TN_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);" },
    { TN_E_LABEL_RANGE,
      "A class index is not one of 0 to K-1. Labels that count from 1, a class that was forgotten\n"
      "when the last layer was made, and -1 for unknown are the usual ways. All labels are looked\n"
      "at before anything is computed, since an index out of range would be a read outside of\n"
      "memory. The record tells the first one and how many there are.",
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "labels[5] = 10;                                            /* of 10 classes the last is 9 */\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "labels[5] = 9;\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);" },
    { TN_E_RAGGED,
      "The samples have different shapes, and one tensor needs one shape. Pictures keep the size of\n"
      "their files unless the loader is given a target size; sequences keep their length. Resize\n"
      "every picture when it is loaded, or pad the sequences to one length with tn_pad_sequences\n"
      "and keep the mask.",
      "tn_tensor a = tn_view(pixels, 0, 3, 32, 32, 3, 0), b = tn_view(rows, 0, 3, 30, 32, 3, 0);\n"
      "tn_tensor both = tn_view(scores, TN_NHWC, 4, 2, 32, 32, 3);\n"
      "const tn_tensor *const list[] = { &a, &b };\n"
      "tn_stack(&ctx, &both, list, 2, NULL);",
      "tn_tensor one = tn_view(rows, TN_NHWC, 4, 1, 30, 32, 3);\n"
      "tn_tensor same = tn_view(resized, TN_NHWC, 4, 1, 32, 32, 3);\n"
      "tn_resize(&ctx, &same, &one, NULL);\n"
      "b = tn_view(resized, 0, 3, 32, 32, 3, 0);\n"
      "tn_stack(&ctx, &both, list, 2, NULL);" },
    { TN_E_WEIGHTS,
      "Saved, given or packed weights do not belong to the layer that is to use them: they were\n"
      "made for another input size, another number of units or classes, in another order of axes,\n"
      "or packed for another instruction set. Nothing of the model is changed. Build the model as\n"
      "it was when the weights were made, or transpose weights that come from a library with\n"
      "another order.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(8, TN_RELU) };\n"
      "net[1].kernel = tn_view(weights, TN_IO, 2, 6, 8, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_F(6), TN_DENSE(8, TN_RELU) };\n"
      "net[1].kernel = tn_view(weights, TN_IO, 2, 6, 8, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_E_SOURCE,
      "A data source broke its contract. Its next fills x and y with at most the declared rows and\n"
      "returns how many, 0 at the end of an epoch, a negative number on an error. An epoch has at\n"
      "least one batch, and as many samples as promised. Check the source alone first: call its\n"
      "next in a loop and count.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_source source = { x, y, 0, no_rows, NULL };              /* returns 0 at once */\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &table, NULL, NULL, &fit, NULL);",
      "tn_source source = { x, y, 0, two_batches, NULL };          /* 64, 64, then 0 */\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &table, NULL, NULL, &fit, NULL);" },
    { TN_E_FILE,
      "The bytes are not a file of the kind that is to be read, or not all of it: another format,\n"
      "cut short, or changed on the way (a checksum tells). Nothing is loaded. Check that the whole\n"
      "file was read, in binary mode, and that its length is what the writer returned.",
      "tn_model_load(&ctx, &table, bytes, 100);                   /* never saved there */",
      "size_t written;\n"
      "tn_model_save(&ctx, &table, bytes, sizeof bytes, &written);\n"
      "tn_model_load(&ctx, &table, bytes, written);" },
    { TN_E_NOT_BUILT,
      "The model has no shapes yet, and the call needs them: the list alone does not say how large\n"
      "the weights are. A declared input and tn_model_build give them, and so does the first batch\n"
      "of fit. After that tn_model_memory gives the weights their place.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_LINEAR) };\n"
      "size_t written;\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_save(&ctx, &m, bytes, sizeof bytes, &written);",
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_save(&ctx, &m, bytes, sizeof bytes, &written);" },
    { TN_E_NOT_COMPILED,
      "Training and scoring need a loss and an optimiser, which tn_model_compile gives. Call it\n"
      "before tn_model_build, so that the memory has room for gradients. A model that only predicts\n"
      "needs no compile.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_fit(&ctx, &m, &x, &y, NULL, NULL);",
      "tn_compile how = { TN_MEAN_SQUARED_ERROR, 0, 0, NULL, tn_adam(1e-3f) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_compile(&ctx, &m, &how);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_fit(&ctx, &m, &x, &y, NULL, NULL);" },
    { TN_E_NULL,
      "A required operand is NULL, or its data is. Only the operands that the call's description\n"
      "names as optional may be NULL; data may be NULL in a query and where a view has no elements.\n"
      "Often an allocation failed before, or a view was made of a pointer that is set later.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, NULL, NULL, NULL);",
      "tn_tensor w = tn_view(weights, TN_IO, 2, 5, 10, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);                    /* the bias may be NULL */" },
    { TN_E_ALIAS,
      "An output shares memory with another operand where the call does not allow it: it would\n"
      "overwrite what it still has to read. Some calls work in place, and their description says\n"
      "so: y may be x, and then it is exactly x, not a part of it. Give the output memory of its\n"
      "own.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_tensor w = tn_view(weights, TN_IO, 2, 10, 10, 0, 0);\n"
      "tn_dense(&ctx, &x, &x, &w, NULL, NULL);",
      "tn_tensor y = tn_view(scores, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);" },
    { TN_E_ALIGN,
      "The data does not begin at a multiple of its element's size. It happens to arrays that are\n"
      "read out of a file or a message at any byte offset. Copy the data into an array of its own\n"
      "type, or pad the file's header. Vector alignment is not asked for.",
      "tn_tensor x = tn_view((char *)rows + 2, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor w = tn_view(weights, TN_IO, 2, 5, 10, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);",
      "tn_tensor x = tn_view((char *)rows + 4, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);" },
    { TN_E_OVERFLOW,
      "A product or sum of sizes does not fit the type that has to hold it: the elements of a\n"
      "tensor do not fit memory, or a length does not fit 32 bits. Usually a length was multiplied\n"
      "twice, or a size in bytes was given for one in elements. Where the sizes are meant, work on\n"
      "part of the batch at a time.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 100000, 100000, 3), t;\n"
      "tn_flatten(&ctx, &t, &x);                                  /* 30000000000 features */",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3), t;\n"
      "tn_flatten(&ctx, &t, &x);" },
    { TN_E_WORKSPACE,
      "The call wants scratch memory and got none or too little. It never takes a slower path with\n"
      "other results instead. Ask first: with ctx.query = 1 the same call checks everything and\n"
      "sets ctx.need. Take the largest need of all calls once, and give it to each of them.",
      "tn_tensor x = tn_view(pixels, TN_NCHW, 4, 8, 3, 32, 32);\n"
      "tn_tensor w = tn_view(weights, TN_OIHW, 4, 4, 3, 3, 3);\n"
      "tn_tensor maps = tn_view(scores, TN_NCHW, 4, 8, 4, 30, 30);\n"
      "ctx.workspace_size = 16;\n"
      "tn_conv2d(&ctx, &maps, &x, &w, NULL, NULL);",
      "ctx.query = 1;\n"
      "tn_conv2d(&ctx, &maps, &x, &w, NULL, NULL);\n"
      "ctx.query = 0;\n"
      "ctx.workspace = memory;\n"
      "ctx.workspace_size = ctx.need;\n"
      "tn_conv2d(&ctx, &maps, &x, &w, NULL, NULL);" },
    { TN_E_MEMORY,
      "The memory given to hold a model, packed weights or a saved file is too small. m.need, or\n"
      "ctx.need after a query, says how many bytes. It grows with the batch, with compile, which\n"
      "adds gradients and the optimiser's state, and with free axes that turn out longer than the\n"
      "memory was made for.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, 24, 1);                  /* the weights alone */",
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);" },
    { TN_E_ISA,
      "An instruction set was asked for that this machine lacks, or that was left out when the\n"
      "library was compiled. The best one there is runs by default, so the call is needed for tests\n"
      "and measurements only. Results have the same bits on all of them.",
      "tn_isa_use(TN_ISA_AVX512);                                 /* on a machine without it */",
      "tn_isa_use(TN_ISA_BEST);" },
    { TN_E_STOPPED,
      "Nothing is broken: a callback of fit returned a number other than 0, which asks to stop. The\n"
      "weights are those of the last step, and fit may go on from there. Return 0 to go on.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "fit.on_epoch = stop;                                       /* returns 1 */\n"
      "tn_model_fit(&ctx, &table, &x, &y, &fit, NULL);",
      "fit.on_epoch = go_on;                                      /* returns 0 */\n"
      "tn_model_fit(&ctx, &table, &x, &y, &fit, NULL);" },
    { TN_E_UNSUPPORTED,
      "The request is valid and this build or version does not do it. The record names the operand\n"
      "and the rule. Ask for the same in another form: another element type, another order of axes,\n"
      "or the steps one by one. An .npy file in Fortran order cannot be a view, but it can be\n"
      "copied.",
      "tn_npy_read(&ctx, &t, fortran_file, sizeof fortran_file);",
      "tn_tensor t = tn_as(tn_view(bytes, 0, 2, 2, 3, 0, 0), TN_U8);  /* the file's shape and type */\n"
      "tn_npy_copy(&ctx, &t, fortran_file, sizeof fortran_file);" },
    { TN_E_ARG,
      "A parameter has a value that its description does not allow: no units, a negative stride, an\n"
      "axis that is not there, an unknown padding, a rate of 1 or more, or a read-only view as an\n"
      "output. The record tells the parameter and what was given. A zeroed parameter struct always\n"
      "means the defaults.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(0, TN_RELU) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(10, TN_RELU) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_W_INFERRED,
      "A note, not an error: the model declared no input, so its shape was taken from the first\n"
      "batch and is held from now on. Declare the input as the first entry of the list, and every\n"
      "shape is checked when the model is made, before there is any data.",
      "tn_layer net[] = { TN_DENSE(1, TN_LINEAR) };\n"
      "tn_compile how = { TN_MEAN_SQUARED_ERROR, 0, 0, NULL, tn_adam(1e-3f) };\n"
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"table\", net, 1);\n"
      "tn_model_compile(&ctx, &m, &how);\n"
      "tn_model_memory(&ctx, &m, memory, sizeof memory, 1);\n"
      "tn_model_fit(&ctx, &m, &x, &y, NULL, NULL);",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_compile(&ctx, &m, &how);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_W_RANGE,
      "A warning: the values are far from those that nets learn well from, roughly -2 to 2. Raw\n"
      "bytes of 0 to 255 make the first loss many times too large, and a softmax that is saturated\n"
      "from the start may never learn. Scale bytes by 1/255, or subtract the mean and divide by the\n"
      "deviation of each channel. When a loss is NaN or infinite, the same code says where that comes\n"
      "from: x, the labels, the weights, or a training that diverged.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "load_raw(pixels);                                          /* 0 to 255 */\n"
      "tn_model_fit(&ctx, &pictures, &x, &y, NULL, NULL);",
      "tn_convert_params scaled = { 1.0f / 255, 0 };\n"
      "load_raw(pixels);\n"
      "tn_convert(&ctx, &x, &x, &scaled);                         /* 0 to 1 */\n"
      "tn_model_fit(&ctx, &pictures, &x, &y, NULL, NULL);" },
    { TN_W_SCALE_SHIFT,
      "A warning: the data now given has another scale than the data the model was trained on.\n"
      "Usually only the training set was divided by 255 or standardised. Prepare both by one\n"
      "function, with the mean and deviation of the training set.",
      "tn_tensor train = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_tensor test = tn_view(rows, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "tn_progress result;\n"
      "load_raw(rows);\n"
      "load_scaled(pixels);\n"
      "tn_model_fit(&ctx, &pictures, &train, &y, NULL, NULL);\n"
      "tn_model_evaluate(&ctx, &pictures, &test, &y, &result);",
      "tn_convert_params scaled = { 1.0f / 255, 0 };\n"
      "load_raw(rows);\n"
      "load_scaled(pixels);\n"
      "tn_convert(&ctx, &test, &test, &scaled);\n"
      "tn_model_fit(&ctx, &pictures, &train, &y, NULL, NULL);\n"
      "tn_model_evaluate(&ctx, &pictures, &test, &y, &result);" },
    { TN_W_SINGLE_STEP,
      "A warning: an LSTM over one step starts from a zero state and never feeds it back, so its\n"
      "recurrent weights learn nothing. It is a costly dense layer. Give it windows of several\n"
      "steps, or use a dense layer.",
      "tn_layer net[] = { TN_INPUT_TF(1, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);",
      "tn_layer net[] = { TN_INPUT_TF(10, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);" },
    { TN_W_LAYOUT_SUSPECT,
      "A warning: the shape fits, but the values do not look like pictures in that order of axes.\n"
      "Neighbouring pixels are alike; here they are more alike when the data is read in another\n"
      "order. Look at one picture. The usual way is a reshape where a transpose was meant.",
      "const int32_t dim[] = { 64, 32, 32, 3 };\n"
      "tn_tensor x = tn_view(pixels, TN_NCHW, 4, 64, 3, 32, 32), images;\n"
      "tn_reshape(&ctx, &images, &x, 4, dim);",
      "tn_tensor images = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_transpose(&ctx, &images, &x, NULL);" },
    { TN_W_TRUNCATED,
      "A warning: sequences longer than T were cut, at the front unless truncate_post says\n"
      "otherwise. Where the lost steps matter, make T as long as the longest sequence; padding\n"
      "costs time, and the mask keeps it out of the result.",
      "tn_tensor x = tn_view(rows, 0, 2, 20, 3, 0, 0);             /* two sequences: 8 and 12 steps */\n"
      "tn_tensor lengths = tn_as(tn_view(labels, TN_N, 1, 2, 0, 0, 0), TN_I32);\n"
      "tn_tensor padded = tn_view(pixels, TN_NTF, 3, 2, 10, 3, 0);\n"
      "labels[0] = 8; labels[1] = 12;\n"
      "tn_pad_sequences(&ctx, &padded, NULL, &x, &lengths, NULL);",
      "tn_tensor padded = tn_view(pixels, TN_NTF, 3, 2, 12, 3, 0);\n"
      "labels[0] = 8; labels[1] = 12;\n"
      "tn_pad_sequences(&ctx, &padded, NULL, &x, &lengths, NULL);" },
    { TN_W_SOFTMAX_ONE,
      "A warning: the softmax of one value is always 1, so the layer learns nothing. For two\n"
      "classes use one unit with TN_SIGMOID and TN_BINARY_CROSSENTROPY, or two units with a softmax\n"
      "and a cross-entropy over classes. The same code tells of a softmax that is taken twice, and of\n"
      "logits where the loss takes probabilities.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_SOFTMAX) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_SIGMOID) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);" },
    { 0, TNI_NULL, TNI_NULL, TNI_NULL }
};

static const tni_explanation tni_cause_texts[] = {
    { TN_CAUSE_FLATTENED_IMAGE,
      "Each row holds all pixels of one picture, and a convolution needs height, width and\n"
      "channels. Files often store pictures so: CIFAR-10 as 3072 = 32*32*3 bytes. Before the\n"
      "reshape find out the order: CIFAR-10 stores the red plane, then green, then blue, so the\n"
      "rows become (N, 3, 32, 32) and are transposed. Reshaped to (N, 32, 32, 3) at once they would\n"
      "train, on scrambled pictures.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 3072, 0, 0);      /* pictures takes (N, 32, 32, 3) */\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "const int32_t dim[] = { 64, 3, 32, 32 };\n"
      "tn_tensor planes, images = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_reshape(&ctx, &planes, &x, 4, dim);\n"
      "planes.axes = TN_NCHW;\n"
      "tn_transpose(&ctx, &images, &planes, NULL);\n"
      "tn_model_predict(&ctx, &pictures, &y, &images);" },
    { TN_CAUSE_FLATTENED_SEQUENCES,
      "Each row holds all steps and features of one sequence, as a table does in which every step\n"
      "is a group of columns. A recurrent layer needs steps and features as axes of their own.\n"
      "Where the features of one step stand together a reshape is enough; where each feature has\n"
      "its columns together, reshape to (N, F, T) and transpose.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 30, 0, 0);        /* series takes (N, T=10, F=3) */\n"
      "tn_model_predict(&ctx, &series, &y, &x);",
      "const int32_t dim[] = { 64, 10, 3 };\n"
      "tn_tensor t, y = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_reshape(&ctx, &t, &x, 3, dim);\n"
      "tn_model_predict(&ctx, &series, &y, &t);" },
    { TN_CAUSE_FLATTENED_SAMPLES,
      "Each row holds as many values as one sample, in one axis where several are wanted. Reshape\n"
      "it to the axes of a sample, if the values lie in that order: the last axis runs fastest.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_FLATTENED_SAMPLE,
      "One axis with as many values as one sample: it is a single flattened sample, and the batch\n"
      "axis is missing too. Reshape it to the sample's axes with a first axis of 1.",
      "tn_tensor x = tn_view(rows, TN_N, 1, 3072, 0, 0, 0);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "const int32_t dim[] = { 1, 32, 32, 3 };\n"
      "tn_tensor one = tn_view(rows, 0, 1, 3072, 0, 0, 0), t;\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 1, 10, 0, 0);\n"
      "tn_reshape(&ctx, &t, &one, 4, dim);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_CAUSE_FLAT_ARRAY,
      "The whole data set lies in one row: the length is a multiple of one sample's values. It\n"
      "comes from reading a file without its shape. The number of samples is the length divided by\n"
      "the values of a sample, and must equal the number of labels. For pictures find out whether\n"
      "the planes or the pixels stand together, as for flattened-image.",
      "tn_tensor x = tn_view(rows, 0, 1, 196608, 0, 0, 0);         /* 64 * 32*32*3 */\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "const int32_t dim[] = { -1, 32, 32, 3 };                   /* 64 */\n"
      "tn_tensor t;\n"
      "tn_reshape(&ctx, &t, &x, 4, dim);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_CAUSE_FLATTENED_OTHER_COLOR_MODE,
      "Each row holds a flattened picture of the right height and width with another number of\n"
      "channels: 1024 = 32*32*1 values are a gray picture where 3072 = 32*32*3 are wanted. Reshape\n"
      "it to its own axes first, then convert it to the color mode of the model, or declare the\n"
      "model for the pictures' own.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 1024, 0, 0);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "const int32_t dim[] = { 64, 32, 32, 1 };\n"
      "tn_tensor gray, rgb = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_reshape(&ctx, &gray, &x, 4, dim);\n"
      "tn_gray_to_rgb(&ctx, &rgb, &gray);\n"
      "tn_model_predict(&ctx, &pictures, &y, &rgb);" },
    { TN_CAUSE_LABEL_IN_ROWS,
      "Each row is one value longer than a sample: the label stands in it, usually in front. A\n"
      "record of a CIFAR-10 file is one label byte and 3072 pixels. Copy label and pixels apart\n"
      "when reading; a view cannot leave out a column.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 3073, 0, 0);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor images = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "int i;\n"
      "for (i = 0; i < 64; i++) memcpy(pixels + i * 3072, rows + i * 3073 + 1, 3072 * sizeof *rows);\n"
      "tn_model_predict(&ctx, &pictures, &y, &images);" },
    { TN_CAUSE_MISSING_BATCH_AXIS,
      "The operand has exactly the shape of one sample. Every call takes batches, also of one:\n"
      "indexing a data set drops the first axis, a slice keeps it. tn_expand adds an axis of length\n"
      "1 and moves no data; tn_rows takes rows of a larger tensor as a batch. One label goes with\n"
      "one sample.",
      "tn_tensor x = tn_view(pixels, 0, 3, 32, 32, 3, 0), y = tn_view(scores, TN_NF, 2, 1, 10, 0, 0);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor batch;\n"
      "tn_expand(&ctx, &batch, &x, 0);                            /* (1, 32, 32, 3) */\n"
      "tn_model_predict(&ctx, &pictures, &y, &batch);" },
    { TN_CAUSE_MISSING_CHANNEL_AXIS,
      "Samples, height and width are there, and the channel axis is not: gray pictures are often\n"
      "stored so, and a squeeze or a mean over the colors drops it. Pictures always have four axes\n"
      "here. tn_expand at the end adds a channel axis of 1 without moving data; where three\n"
      "channels are wanted, tn_gray_to_rgb follows.",
      "tn_tensor x = tn_view(pixels, 0, 3, 64, 28, 28, 0);  /* digits takes (N, H=28, W=28, C=1) */\n"
      "tn_model_predict(&ctx, &digits, &y, &x);",
      "tn_tensor t;\n"
      "tn_expand(&ctx, &t, &x, -1);                               /* (64, 28, 28, 1) */\n"
      "tn_model_predict(&ctx, &digits, &y, &t);" },
    { TN_CAUSE_MISSING_FEATURE_AXIS,
      "There is one number for each sample or each step, and the axis of features is not there.\n"
      "Keras adds it in silence where one feature is wanted, which hides other mistakes. tn_expand\n"
      "at the end makes (N, 1) of (N) and (N, T, 1) of (N, T), without moving data.",
      "tn_layer net[] = { TN_INPUT_TF(10, 1), TN_LSTM(8) };\n"
      "tn_tensor x = tn_view(rows, 0, 2, 64, 10, 0, 0), y = tn_view(scores, TN_NF, 2, 64, 8, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"series\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "tn_tensor t;\n"
      "tn_model_init(&ctx, &m, \"series\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_expand(&ctx, &t, &x, -1);                               /* (64, 10, 1) */\n"
      "tn_model_predict(&ctx, &m, &y, &t);" },
    { TN_CAUSE_MISSING_TIME_AXIS,
      "A recurrent layer needs samples, steps and features, and one axis is missing. Two readings\n"
      "are possible: each row is one step of a sequence of its own, then the time axis is 1 and the\n"
      "recurrence is never used; or the rows are one series in time order, then cut it into windows\n"
      "of T steps, which overlap. The second is nearly always meant.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 73, 3, 0, 0);         /* 73 steps of one series */\n"
      "tn_model_predict(&ctx, &series, &y, &x);",
      "tn_tensor windows = tn_view(pixels, TN_NTF, 3, 64, 10, 3, 0);\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "int i;  /* 73 - 10 + 1 windows of 10 steps */\n"
      "for (i = 0; i < 64; i++) memcpy(pixels + i * 30, rows + i * 3, 30 * sizeof *rows);\n"
      "tn_model_predict(&ctx, &series, &y, &windows);" },
    { TN_CAUSE_EXTRA_AXIS,
      "There is one axis too many, of length 1, and without it the shape fits. A batch of batches,\n"
      "or a tn_expand that was not needed, makes such an axis. A reshape without it moves no data.\n"
      "Nothing is squeezed in silence, since an axis of 1 may also be a mistake in the data.",
      "tn_tensor x = tn_view(rows, 0, 3, 64, 1, 5, 0), y = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_model_predict(&ctx, &table, &y, &x);                    /* table takes (N, F=5) */",
      "const int32_t dim[] = { 64, 5 };\n"
      "tn_tensor t;\n"
      "tn_reshape(&ctx, &t, &x, 2, dim);\n"
      "tn_model_predict(&ctx, &table, &y, &t);" },
    { TN_CAUSE_BATCH_IN_INPUT_SHAPE,
      "The declared input has one axis too many, and the first looks like a count of samples. An\n"
      "input declares the shape of one sample; the batch axis is free and belongs to each call.\n"
      "Copying the shape of a whole data set makes this mistake.",
      "tn_layer net[] = { TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D() };\n"
      "tn_tensor input = tn_view(NULL, 0, 4, 60000, 28, 28, 1);\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 2);\n"
      "tn_model_build(&ctx, &m, &input, 64);",
      "tn_tensor input = tn_view(NULL, 0, 3, 28, 28, 1, 0);\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 2);\n"
      "tn_model_build(&ctx, &m, &input, 64);" },
    { TN_CAUSE_CHANNELS_FIRST,
      "The pictures stand in the order N, C, H, W, and N, H, W, C is wanted. PyTorch and many files\n"
      "keep each color plane whole; here the channels of a pixel stand together. Name the tensor\n"
      "TN_NCHW and transpose it: convolution, pooling and normalisation also take NCHW by name. A\n"
      "reshape to the wanted shape is accepted everywhere and scrambles the pictures.",
      "tn_tensor x = tn_view(pixels, 0, 4, 64, 3, 32, 32);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor t = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "x.axes = TN_NCHW;\n"
      "tn_transpose(&ctx, &t, &x, NULL);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_CAUSE_CHANNELS_LAST,
      "The pictures stand in the order N, H, W, C, and the model declares N, C, H, W. Transpose the\n"
      "pictures, or declare the model with TN_INPUT_HWC, which is the faster order here. A reshape\n"
      "would scramble the pictures.",
      "tn_layer net[] = { TN_INPUT_CHW(3, 32, 32), TN_CONV2D(4, 3, 3, TN_RELU),\n"
      "                   TN_GLOBAL_AVG_POOL2D() };\n"
      "tn_tensor x = tn_view(pixels, 0, 4, 64, 32, 32, 3), y = tn_view(scores, TN_NF, 2, 64, 4, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"planes\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "tn_tensor t = tn_view(resized, TN_NCHW, 4, 64, 3, 32, 32);\n"
      "x.axes = TN_NHWC;\n"
      "tn_transpose(&ctx, &t, &x, NULL);\n"
      "tn_model_init(&ctx, &m, \"planes\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &t);" },
    { TN_CAUSE_HW_SWAPPED,
      "Height and width are exchanged. Arrays have height first, rows before columns; image\n"
      "libraries and file headers often say width x height. Nets with a flatten take the exchanged\n"
      "picture in silence elsewhere, since 30*46 = 46*30. Load with height first, or transpose the\n"
      "two axes.",
      "tn_tensor x = tn_view(pixels, 0, 4, 64, 48, 32, 3), y = tn_view(scores, TN_NF, 2, 64, 4, 0, 0);\n"
      "tn_layer net[] = { TN_INPUT_HWC(32, 48, 3), TN_CONV2D(4, 3, 3, TN_RELU),\n"
      "                   TN_GLOBAL_AVG_POOL2D() };\n"
      "tn_model_init(&ctx, &m, \"wide\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "const int32_t perm[] = { 0, 2, 1, 3 };\n"
      "tn_tensor t = tn_view(resized, 0, 4, 64, 32, 48, 3);  /* axis names would have to move too */\n"
      "tn_transpose(&ctx, &t, &x, perm);\n"
      "tn_model_init(&ctx, &m, \"wide\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &t);" },
    { TN_CAUSE_TIME_FEATURES_SWAPPED,
      "Steps and features are exchanged: sequences are (N, T, F), steps before features. A table\n"
      "with one row for each feature makes the other order. Transpose the last two axes; a reshape\n"
      "would mix values of different steps, and where T equals F nothing would tell.",
      "tn_tensor x = tn_view(rows, 0, 3, 64, 3, 10, 0);            /* series takes (N, T=10, F=3) */\n"
      "tn_model_predict(&ctx, &series, &y, &x);",
      "const int32_t perm[] = { 0, 2, 1 };\n"
      "tn_tensor t = tn_view(pixels, 0, 3, 64, 10, 3, 0), y = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_transpose(&ctx, &t, &x, perm);\n"
      "tn_model_predict(&ctx, &series, &y, &t);" },
    { TN_CAUSE_AXES_PERMUTED,
      "The lengths are those that are wanted, in another order. Find out what each axis means, then\n"
      "transpose with the order that brings them into place: axis i of the result is axis perm[i]\n"
      "of the operand. A reshape would mix the values.",
      "tn_tensor x = tn_view(pixels, 0, 4, 64, 48, 3, 32), y = tn_view(scores, TN_NF, 2, 64, 4, 0, 0);\n"
      "tn_layer net[] = { TN_INPUT_HWC(32, 48, 3), TN_CONV2D(4, 3, 3, TN_RELU),\n"
      "                   TN_GLOBAL_AVG_POOL2D() };\n"
      "tn_model_init(&ctx, &m, \"wide\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "const int32_t perm[] = { 0, 3, 1, 2 };\n"
      "tn_tensor t = tn_view(resized, 0, 4, 64, 32, 48, 3);\n"
      "tn_transpose(&ctx, &t, &x, perm);                          /* (64, 32, 48, 3) */" },
    { TN_CAUSE_WEIGHTS_TRANSPOSED,
      "Inputs and outputs of the weights are exchanged. Here a dense kernel is [I, O] and a\n"
      "convolution's [KH, KW, I, O], as in Keras; PyTorch stores [O, I] and [O, I, KH, KW]. Calls\n"
      "take both where the axes are named: TN_OI for dense, TN_OIHW for convolution. No transpose\n"
      "is needed then.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0), w = tn_view(weights, 0, 2, 10, 5, 0, 0);\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);",
      "w.axes = TN_OI;                                            /* as nn.Linear stores it */\n"
      "tn_dense(&ctx, &y, &x, &w, NULL, NULL);" },
    { TN_CAUSE_WRONG_RESHAPE,
      "A sample has as many values as it should, in axes of other lengths: it was reshaped to\n"
      "another form on the way. Undo that reshape. Reshaping again to the wanted form is right only\n"
      "if the values lie in that order.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 8, 16, 24);  /* 8*16*24 = 32*32*3 */\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);" },
    { TN_CAUSE_GRAY_INTO_RGB,
      "The pictures have one channel, and the model or layer was made for three. Load them as RGB,\n"
      "repeat the gray plane with tn_gray_to_rgb, or make the layer for one channel. A layer made\n"
      "for one channel is smaller, and can learn nothing about color that is not there.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 1);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor rgb = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_gray_to_rgb(&ctx, &rgb, &x);\n"
      "tn_model_predict(&ctx, &pictures, &y, &rgb);" },
    { TN_CAUSE_RGB_INTO_GRAY,
      "The pictures have three channels, and the model was made for one. Image loaders give RGB\n"
      "unless they are told otherwise, also for files that look gray. Load them as grayscale, or\n"
      "convert with tn_rgb_to_gray, which weighs 0.299 R + 0.587 G + 0.114 B.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 28, 28, 3);  /* digits takes one channel */\n"
      "tn_model_predict(&ctx, &digits, &y, &x);",
      "tn_tensor gray = tn_view(resized, TN_NHWC, 4, 64, 28, 28, 1);\n"
      "tn_rgb_to_gray(&ctx, &gray, &x);\n"
      "tn_model_predict(&ctx, &digits, &y, &gray);" },
    { TN_CAUSE_ALPHA_CHANNEL,
      "Four channels are red, green, blue and transparency; PNG files often have them. Load the\n"
      "pictures as RGB, or copy three of the four channels. Where the transparency matters, blend\n"
      "the colors with a background first.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 4);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor rgb = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "int i;\n"
      "for (i = 0; i < 64 * 32 * 32; i++) memcpy(resized + 3 * i, pixels + 4 * i, 3 * sizeof *pixels);\n"
      "tn_model_predict(&ctx, &pictures, &y, &rgb);" },
    { TN_CAUSE_GRAY_WITH_ALPHA,
      "Two channels are gray and transparency, as some PNG files have. Load the pictures without\n"
      "transparency, or copy the first channel of each pixel.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIZE_NEEDED,
      "Only height and width differ from what is declared. The loader got another target size or\n"
      "none, or training and test pictures were prepared differently. Resize the pictures, or\n"
      "declare the model for theirs. A model that ends in global pooling may leave height and width\n"
      "free with TN_ANY.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 10, 28, 28, 3);\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 10, 10, 0, 0);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "const tn_resize_params bilinear = { TN_BILINEAR, TN_HALF_PIXEL };\n"
      "tn_tensor t = tn_view(resized, TN_NHWC, 4, 10, 32, 32, 3);\n"
      "tn_resize(&ctx, &t, &x, &bilinear);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_CAUSE_DIGIT_SLIP,
      "The two lengths differ in one digit or have two digits exchanged, as 224 and 244 or 1867 and\n"
      "1876. Perhaps a number was mistyped where the input is declared or the pictures are resized.\n"
      "Look which of the two is right and write it once, as a constant.",
      "tn_layer net[] = { TN_INPUT_HWC(244, 224, 3), TN_CONV2D(4, 3, 3, TN_RELU),\n"
      "                   TN_GLOBAL_AVG_POOL2D() };\n"
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 1, 224, 224, 3);\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 1, 4, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"photos\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 1);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "enum { SIDE = 224 };\n"
      "tn_layer net[] = { TN_INPUT_HWC(SIDE, SIDE, 3), TN_CONV2D(4, 3, 3, TN_RELU),\n"
      "                   TN_GLOBAL_AVG_POOL2D() };\n"
      "tn_model_init(&ctx, &m, \"photos\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 1);" },
    { TN_CAUSE_OFF_BY_ONE_FEATURE,
      "There is one feature more or less than wanted. One more is often the label or an index\n"
      "column that was left in the table; the first trains to perfection and is worth nothing. One\n"
      "less is a column that was dropped together with the label. Count the columns that are meant\n"
      "to be inputs.",
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 6, 0, 0);         /* 5 columns and the label */\n"
      "tn_model_predict(&ctx, &table, &y, &x);",
      "tn_tensor inputs = tn_view(pixels, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);\n"
      "int i;\n"
      "for (i = 0; i < 64; i++) memcpy(pixels + 5 * i, rows + 6 * i, 5 * sizeof *rows);\n"
      "tn_model_predict(&ctx, &table, &y, &inputs);" },
    { TN_CAUSE_NO_FLATTEN,
      "A dense layer follows feature maps. It would work on the last axis and give one answer for\n"
      "each position, (N, 5, 5, 10), where one for each picture, (N, 10), is meant. Keras and\n"
      "PyTorch build such a model, and it fails later, in the loss. Put TN_FLATTEN() or\n"
      "TN_GLOBAL_AVG_POOL2D() before the dense layer. Where an answer for each position is wanted,\n"
      "set per_position.",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_DENSE(10,\n"
      "                   TN_SOFTMAX) };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(),\n"
      "                   TN_DENSE(10, TN_SOFTMAX) };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 4);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_PLANAR_PIXELS,
      "The pictures have the right shape, and their values are more alike when read plane by plane:\n"
      "rows of red, green and blue planes were reshaped to (N, H, W, 3). Every value then stands in\n"
      "the wrong place, and a net trained on it still learns something, which hides the mistake.\n"
      "Reshape to (N, 3, H, W) first, then transpose.",
      "const int32_t dim[] = { 64, 32, 32, 3 };\n"
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 3072, 0, 0), images;\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "load_planes(rows);  /* R, G and B planes, as CIFAR-10 has */\n"
      "tn_reshape(&ctx, &images, &x, 4, dim);\n"
      "images.axes = TN_NHWC;\n"
      "tn_model_fit(&ctx, &pictures, &images, &y, NULL, NULL);",
      "const int32_t dim[] = { 64, 3, 32, 32 };\n"
      "tn_tensor planes, images = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "load_planes(rows);\n"
      "tn_reshape(&ctx, &planes, &x, 4, dim);\n"
      "planes.axes = TN_NCHW;\n"
      "tn_transpose(&ctx, &images, &planes, NULL);\n"
      "tn_model_fit(&ctx, &pictures, &images, &y, NULL, NULL);" },
    { TN_CAUSE_EXIF_ROTATED,
      "Height and width are exchanged because the camera stored a portrait photo as landscape, with\n"
      "a mark in the file that says how to turn it. Viewers obey the mark, plain decoders do not.\n"
      "Turn the picture when loading it.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LSTM_BATCH_FIRST,
      "The steps stand before the samples: (T, N, F) is PyTorch's order unless batch_first is set.\n"
      "Here N, T, F is the only order. Name the tensor TN_TNF and transpose it to TN_NTF.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_WINDOWING,
      "One long series stands in one row where sequences of a few steps are wanted. Cut it into\n"
      "windows: from L values and T steps come L - T + 1 windows that overlap, each shifted by one\n"
      "step.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_CONV1D_NEEDS_3D,
      "A one-dimensional convolution needs samples, steps and features, and one axis is missing.\n"
      "tn_expand adds a feature axis of 1 at the end without moving data.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TRANSPOSE_BY_RESHAPE,
      "A reshape was used where axes must change places. It leaves every value where it is and only\n"
      "renames the axes, so the result has the right shape and scrambled contents. Use\n"
      "tn_transpose.",
      "const int32_t dim[] = { 64, 32, 32, 3 };\n"
      "tn_tensor x = tn_view(pixels, TN_NCHW, 4, 64, 3, 32, 32), images;\n"
      "tn_reshape(&ctx, &images, &x, 4, dim);",
      "tn_tensor images = tn_view(resized, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_transpose(&ctx, &images, &x, NULL);" },
    { TN_CAUSE_LIST_OF_IMAGES,
      "Separate pictures were given where one tensor of all is wanted. tn_stack copies them one\n"
      "behind the other, N first, and names the first that differs.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_PERMUTE_DIMS,
      "The order of axes names an axis twice or not at all, or moves the batch axis. Name every\n"
      "axis once; the batch axis stays first.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIZE_RANK,
      "Resizing needs height, width and channels, and one axis is missing. A gray picture without\n"
      "its channel axis gets one from tn_expand.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_PLANAR_ROWS,
      "Neighbouring values of the rows are more alike when each row is read as a red plane, then\n"
      "green, then blue, as in the files of CIFAR-10. Reshape to (N, 3, H, W), name it TN_NCHW and\n"
      "transpose to N, H, W, C. The guess is made from the values, so look at one picture before a\n"
      "long training.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_INTERLEAVED_ROWS,
      "Neighbouring values of the rows are more alike when red, green and blue of each pixel are\n"
      "read together. A reshape to (N, H, W, 3) is enough then. The guess is made from the values,\n"
      "so look at one picture before a long training.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_UNSCALED_BYTES,
      "The values run over the range of raw bytes, 0 to 255, as float32. The first loss is then 50\n"
      "times what it should be, and a softmax saturated from the start may never learn: on CIFAR-10\n"
      "the accuracy stays at 10 %. Scale by 1/255, or subtract the mean and divide by the deviation\n"
      "of each channel.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "load_raw(pixels);                                          /* 0 to 255 */\n"
      "tn_model_fit(&ctx, &pictures, &x, &y, NULL, NULL);",
      "tn_convert_params scaled = { 1.0f / 255, 0 };\n"
      "load_raw(pixels);\n"
      "tn_convert(&ctx, &x, &x, &scaled);                         /* 0 to 1 */\n"
      "tn_model_fit(&ctx, &pictures, &x, &y, NULL, NULL);" },
    { TN_CAUSE_RAW_BYTES,
      "The pictures are uint8 and the model takes float32. Read as floats, four bytes would make\n"
      "one meaningless number, so the type is part of every check. Convert and scale in one call,\n"
      "or put TN_RESCALING(1.0f / 255, 0) in front of the model, which then takes bytes.",
      "tn_tensor x = tn_as(tn_view(bytes, TN_NHWC, 4, 64, 32, 32, 3), TN_U8);\n"
      "tn_model_predict(&ctx, &pictures, &y, &x);",
      "tn_tensor t = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_convert_params scaled = { 1.0f / 255, 0 };\n"
      "tn_convert(&ctx, &t, &x, &scaled);\n"
      "tn_model_predict(&ctx, &pictures, &y, &t);" },
    { TN_CAUSE_BROADCAST,
      "Two operands of an element by element operation have different shapes. NumPy would stretch\n"
      "axes by position and so lay a mean of shape (N, 3) along the width where N happens to equal\n"
      "W. Here the second operand has the shape of the first, or of its last axis alone.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 32, 32, 32, 3);\n"
      "tn_tensor mean = tn_view(rows, TN_NF, 2, 32, 3, 0, 0);\n"
      "tn_subtract(&ctx, &x, &x, &mean);",
      "tn_tensor mean = tn_view(rows, 0, 1, 3, 0, 0, 0);          /* one for each channel */\n"
      "tn_subtract(&ctx, &x, &x, &mean);" },
    { TN_CAUSE_NAN_IN_X,
      "A sample holds NaN, which spreads to the loss, to every gradient and so to all weights. It\n"
      "comes from a division by 0, a logarithm of a negative number, or a missing value in a file.\n"
      "Find the source; replacing it by 0 only hides it.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_PALETTE_OR_16_BIT_IMAGE,
      "The picture's values are indices into a palette, or have 16 bits. Taken as brightness of 0\n"
      "to 255 they mean nothing. Load it as 8-bit RGB, or scale 16 bits by 1/65535.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_NON_CONTIGUOUS_VIEW,
      "The view has gaps or its axes were moved without moving the data, as NumPy and PyTorch do.\n"
      "Tensors here are dense and row-major. Copy it to a dense array first.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_NORMALISER_WIDTH,
      "The mean and deviation were taken from data with another number of columns or channels. Take\n"
      "them again from the training data as it is now.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_UNSCALED_VALUES,
      "The values are far from 0, though not those of raw bytes: prices, years or sensor readings\n"
      "in their own units. Initial weights are made for values of about -2 to 2; larger ones give a\n"
      "large first loss and steps in every direction. Subtract the mean and divide by the deviation\n"
      "of each column, with the figures of the training set, or put TN_BATCH_NORM() first.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_HIGH_FIRST_LOSS,
      "A new model guesses, and the loss of a guess among K classes is ln K: 2.3 for 10. A first\n"
      "loss many times that means that the scores are huge, because x is not scaled, the initial\n"
      "weights are too large, or compile.from says probabilities where the last layer gives logits.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TEST_SET_LEFT_RAW,
      "The model was trained on values of one scale and is now given another: usually the training\n"
      "set alone was divided by 255 or standardised. Its answers are then worth nothing, and no\n"
      "shape tells. Prepare every set by one function, with the figures of the training set.",
      "tn_tensor train = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_tensor test = tn_view(rows, TN_NHWC, 4, 64, 32, 32, 3);\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "tn_progress result;\n"
      "load_raw(rows);\n"
      "load_scaled(pixels);\n"
      "tn_model_fit(&ctx, &pictures, &train, &y, NULL, NULL);\n"
      "tn_model_evaluate(&ctx, &pictures, &test, &y, &result);",
      "tn_convert_params scaled = { 1.0f / 255, 0 };\n"
      "load_raw(rows);\n"
      "load_scaled(pixels);\n"
      "tn_convert(&ctx, &test, &test, &scaled);\n"
      "tn_model_fit(&ctx, &pictures, &train, &y, NULL, NULL);\n"
      "tn_model_evaluate(&ctx, &pictures, &test, &y, &result);" },
    { TN_CAUSE_DIVERGED,
      "The loss became NaN or infinite although x and y are finite: the weights grew from step to\n"
      "step. The learning rate is too large, mostly by a factor of 10 or more. Weights that are not\n"
      "finite do not recover, so begin again with new ones, or with those that were saved before.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_NAN_IN_WEIGHTS,
      "The weights held NaN or an infinity before the first step: they were given or loaded so, or\n"
      "come from a training that diverged. Mend them or make new ones with tn_model_memory.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_NPY_OBJECT,
      "The .npy file holds pickled Python objects, usually a list of pictures of different sizes or\n"
      "a dict, not plain numbers. Pickles can run any code and are never read here. In Python,\n"
      "bring the pictures to one size and save one array: np.save(path, np.stack(images)). It then\n"
      "loads with its shape and type.",
      "tn_npy_read(&ctx, &t, object_file, sizeof object_file);    /* np.save of a list of pictures */",
      "tn_npy_read(&ctx, &t, number_file, sizeof number_file);    /* np.save of np.stack(pictures) */" },
    { TN_CAUSE_NPZ_ARCHIVE,
      "The file is an .npz archive, a zip of several .npy files. Take one array out of it in\n"
      "Python: np.save(path, np.load(archive)[\"x_train\"]).",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_NOT_NPY,
      "The file does not begin with the six bytes of .npy files. It is of another format, or was\n"
      "opened at another place. Save it with np.save, or read it with the reader of its own format.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TRUNCATED,
      "The file has fewer bytes of data than its header promises: a copy or download broke off, or\n"
      "the disk was full. Copy it again and compare the sizes.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_IMAGES,
      "One picture has another shape than those before it. Files keep the size they were taken in;\n"
      "one tensor needs one size. Give the loader a target size, so that every picture is resized,\n"
      "or drop the odd ones.",
      "tn_tensor a = tn_view(pixels, 0, 3, 32, 32, 3, 0), b = tn_view(rows, 0, 3, 30, 32, 3, 0);\n"
      "tn_tensor both = tn_view(scores, TN_NHWC, 4, 2, 32, 32, 3);\n"
      "const tn_tensor *const list[] = { &a, &b };\n"
      "tn_stack(&ctx, &both, list, 2, NULL);",
      "tn_tensor one = tn_view(rows, TN_NHWC, 4, 1, 30, 32, 3);\n"
      "tn_tensor same = tn_view(resized, TN_NHWC, 4, 1, 32, 32, 3);\n"
      "tn_resize(&ctx, &same, &one, NULL);\n"
      "b = tn_view(resized, 0, 3, 32, 32, 3, 0);\n"
      "tn_stack(&ctx, &both, list, 2, NULL);" },
    { TN_CAUSE_SEQUENCES,
      "The sequences have different numbers of steps, and one tensor needs one length. Put them one\n"
      "behind the other with their lengths, and tn_pad_sequences makes (N, T, F) of them, with a\n"
      "mask that tells values from padding.",
      "tn_tensor a = tn_view(rows, 0, 2, 8, 3, 0, 0), b = tn_view(pixels, 0, 2, 12, 3, 0, 0);\n"
      "tn_tensor both = tn_view(scores, TN_NTF, 3, 2, 12, 3, 0);\n"
      "const tn_tensor *const list[] = { &a, &b };\n"
      "tn_stack(&ctx, &both, list, 2, NULL);",
      "tn_tensor x = tn_view(rows, 0, 2, 20, 3, 0, 0);             /* 8 steps, then 12 */\n"
      "tn_tensor lengths = tn_as(tn_view(labels, TN_N, 1, 2, 0, 0, 0), TN_I32);\n"
      "tn_tensor mask = tn_as(tn_view(bytes, 0, 2, 2, 12, 0, 0), TN_U8);\n"
      "labels[0] = 8; labels[1] = 12;\n"
      "tn_pad_sequences(&ctx, &both, &mask, &x, &lengths, NULL);" },
    { TN_CAUSE_GRAY_AMONG_RGB,
      "One picture has another number of channels than those before it: a gray file among color\n"
      "ones, or one with transparency. Load all of them in one color mode.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_PLANES_AS_SAMPLES,
      "There are three times as many samples as labels: the color planes of each picture were\n"
      "counted as pictures, by a reshape to (-1, 32, 32, 1). Reshape to (N, 3, H, W) and transpose.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 60, 28, 28, 1);  /* 20 color pictures */\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 20, 0, 0, 0), TN_I32);\n"
      "tn_model_fit(&ctx, &digits, &x, &y, NULL, NULL);",
      "tn_tensor planes = tn_view(pixels, TN_NCHW, 4, 20, 3, 28, 28);\n"
      "tn_tensor gray = tn_view(rows, TN_NHWC, 4, 20, 28, 28, 1);\n"
      "tn_tensor rgb = tn_view(resized, TN_NHWC, 4, 20, 28, 28, 3);\n"
      "tn_transpose(&ctx, &rgb, &planes, NULL);\n"
      "tn_rgb_to_gray(&ctx, &gray, &rgb);\n"
      "tn_model_fit(&ctx, &digits, &gray, &y, NULL, NULL);" },
    { TN_CAUSE_ONEHOT_FLATTENED,
      "There are K times as many labels as samples: one-hot rows were flattened. Reshape them to\n"
      "(N, K).",
      "tn_tensor y = tn_view(targets, 0, 1, 640, 0, 0, 0);        /* out is (N=64, K=10) */\n"
      "tn_loss(&ctx, TN_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "const int32_t dim[] = { 64, 10 };\n"
      "tn_tensor y = tn_view(targets, 0, 1, 640, 0, 0, 0), rows_of_10;\n"
      "tn_reshape(&ctx, &rows_of_10, &y, 2, dim);\n"
      "tn_loss(&ctx, TN_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &rows_of_10, NULL);" },
    { TN_CAUSE_LABELS_TRANSPOSED,
      "The labels lie in one row, (1, N), where a column, (N, 1), is wanted. A reshape is enough\n"
      "here: the order of the values is the same.",
      "tn_tensor y = tn_as(tn_view(labels, 0, 2, 1, 64, 0, 0), TN_I32);\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "const int32_t dim[] = { 64, 1 };\n"
      "tn_tensor column;\n"
      "tn_reshape(&ctx, &column, &y, 2, dim);\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &column, NULL);" },
    { TN_CAUSE_OTHER_SPLIT_LABELS,
      "The two counts are those of a training and a test set: the labels belong to the other one.\n"
      "Keep samples and labels of a set together in one struct, and pass that.",
      "tn_tensor x = tn_view(NULL, TN_NF, 2, 60000, 10, 0, 0);\n"
      "tn_tensor y = tn_as(tn_view(NULL, TN_N, 1, 10000, 0, 0, 0), TN_U8);\n"
      "ctx.query = 1;\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &x, &y, NULL);",
      "tn_tensor y = tn_as(tn_view(NULL, TN_N, 1, 60000, 0, 0, 0), TN_U8);\n"
      "ctx.query = 1;\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &x, &y, NULL);" },
    { TN_CAUSE_EMPTY_DATA,
      "The data set has no samples. A filter removed all, a path matched no files, or a count was\n"
      "not set. Check the length right after loading.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SOURCE_TARGET_SIZE,
      "The source yields pictures of another size than the model takes, often the default of its\n"
      "loader. Make the source with the model's height and width.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 1, 256, 256, 3);  /* the loader's default size */\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 1, 0, 0, 0), TN_I32);\n"
      "tn_source source = { x, y, 0, two_batches, NULL };\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &pictures, NULL, NULL, &fit, NULL);",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 1, 32, 32, 3);\n"
      "tn_source source = { x, y, 0, two_batches, NULL };\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &pictures, NULL, NULL, &fit, NULL);" },
    { TN_CAUSE_SOURCE_COLOR_MODE,
      "The source yields pictures with another number of channels than the model takes. Make the\n"
      "source with the model's color mode: 1 channel is grayscale, 3 are RGB, 4 are RGB with\n"
      "transparency.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 8, 32, 32, 4);    /* rgba */\n"
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 8, 0, 0, 0), TN_I32);\n"
      "tn_source source = { x, y, 0, two_batches, NULL };\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &pictures, NULL, NULL, &fit, NULL);",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 8, 32, 32, 3);\n"
      "tn_source source = { x, y, 0, two_batches, NULL };\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &pictures, NULL, NULL, &fit, NULL);" },
    { TN_CAUSE_SOURCE_CLASS_MODE,
      "The source yields labels of another form than the loss takes: rows of classes for a loss\n"
      "that wants class indices, or the reverse. Change the source or the loss, so that both speak\n"
      "of the same form.",
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 8, 32, 32, 3);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 8, 10, 0, 0);\n"
      "tn_source source = { x, y, 0, two_batches, NULL };          /* one-hot rows, and pictures */\n"
      "fit.source = &source;                                      /* is compiled for class indices */\n"
      "tn_model_fit(&ctx, &pictures, NULL, NULL, &fit, NULL);",
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 8, 0, 0, 0), TN_I32);\n"
      "tn_source source = { x, y, 0, two_batches, NULL };\n"
      "fit.source = &source;\n"
      "tn_model_fit(&ctx, &pictures, NULL, NULL, &fit, NULL);" },
    { TN_CAUSE_UNBATCHED_DATA_SET,
      "The source yields single samples where batches are wanted. Declare its tensors with a batch\n"
      "axis first, and let next fill several rows at a time.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TWO_ARRAYS_FOR_ONE_INPUT,
      "The model has one input, and several arrays were given. Join them on their last axis with\n"
      "tn_concat, or pass the one that is meant.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_NO_HEAD,
      "The model ends in feature maps, and the labels hold one value or row for each sample.\n"
      "Convolution layers alone give pictures again. Add TN_FLATTEN() or TN_GLOBAL_AVG_POOL2D(),\n"
      "then a dense layer as wide as the labels.",
      "tn_tensor maps = tn_view(scores, TN_NHWC, 4, 64, 30, 30, 32);  /* the last layer is a conv2d */\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_loss(&ctx, TN_MEAN_SQUARED_ERROR, &loss, NULL, &maps, &y, NULL);",
      "tn_tensor out = tn_view(scores, TN_NF, 2, 64, 10, 0, 0);  /* behind flatten and dense(10) */\n"
      "tn_loss(&ctx, TN_MEAN_SQUARED_ERROR, &loss, NULL, &out, &y, NULL);" },
    { TN_CAUSE_RETURN_SEQUENCES,
      "A recurrent layer gives one row for each step, (N, T, U), with return_sequences, and one for\n"
      "each sample, (N, U), without. What follows wants the other: labels with one value for each\n"
      "sample want the last step alone, a second recurrent layer wants every step.",
      "tn_tensor steps = tn_view(scores, TN_NTF, 3, 64, 10, 1, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_loss(&ctx, TN_MEAN_SQUARED_ERROR, &loss, NULL, &steps, &y, NULL);",
      "tn_tensor last = tn_view(scores, TN_NF, 2, 64, 1, 0, 0);      /* return_sequences = 0 */\n"
      "tn_loss(&ctx, TN_MEAN_SQUARED_ERROR, &loss, NULL, &last, &y, NULL);" },
    { TN_CAUSE_RETURN_SEQUENCES_LEFT_ON,
      "The output has a value for each step, and the labels one for each sample. Keras stretches\n"
      "the labels over the steps in silence and trains on that. Set return_sequences = 0 in the\n"
      "last recurrent layer.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_STACKED_LSTM,
      "The recurrent layer before returns its last step alone, (N, U), and the one behind it needs\n"
      "every step. Set return_sequences = 1 in every recurrent layer but the last.",
      "tn_layer net[] = { TN_INPUT_TF(10, 3), TN_LSTM(16), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_model_init(&ctx, &m, \"series\", net, 4);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_TF(10, 3), TN_LSTM(16), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "net[1].return_sequences = 1;\n"
      "tn_model_init(&ctx, &m, \"series\", net, 4);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_FLATTEN_TOO_EARLY,
      "A flatten stands before a layer that needs height and width. Flattening is for the step from\n"
      "pictures to rows: behind the last layer that works on pictures, before the first dense one.",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(8, 3, 3, TN_RELU), TN_FLATTEN(),\n"
      "                   TN_MAX_POOL2D(2, 2),\n"
      "                   TN_DENSE(10, TN_SOFTMAX) };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 5);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(8, 3, 3, TN_RELU),\n"
      "                   TN_MAX_POOL2D(2, 2), TN_FLATTEN(),\n"
      "                   TN_DENSE(10, TN_SOFTMAX) };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 5);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_FLATTEN_BEFORE_CONV,
      "A flatten stands before a convolution, which needs height, width and channels. Move it\n"
      "behind the last convolution or pooling layer.",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_FLATTEN(), TN_CONV2D(8, 3, 3, TN_RELU) };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(8, 3, 3, TN_RELU), TN_FLATTEN() };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_FLATTEN_OF_UNKNOWN_SIZE,
      "Height or width of the input is free, so a flatten would have no fixed length, and the dense\n"
      "layer behind it no fixed weights. Declare both, or use global pooling in its place, whose\n"
      "length is the number of channels.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_UNKNOWN_CHANNELS,
      "The number of channels or features is free, and the first weights need it. Height, width and\n"
      "steps may be TN_ANY, the last axis may not.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_PADDING_SHRINK,
      "Windows without padding made the picture smaller, and a later layer or the target wants the\n"
      "old size: 28x28 becomes 24x24 under a valid 5x5, since 28 - 5 + 1 is 24. Set window.padding\n"
      "= TN_SAME in the layer that is named, which keeps the size for strides of 1, or declare the\n"
      "later layer for the new size.",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 5, 5, TN_RELU),\n"
      "                   TN_RESHAPE_HWC(28, 28, 32) };\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 5, 5, TN_RELU),\n"
      "                   TN_RESHAPE_HWC(28, 28, 32) };\n"
      "net[1].window.padding = TN_SAME;\n"
      "tn_model_init(&ctx, &m, \"digits\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_INPUT_SHAPE_INSIDE,
      "A layer inside the list declares an input shape that the layers before it do not give. Keras\n"
      "ignores such a shape in silence. Leave it out: only the first entry declares an input.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_INPUT_TWICE,
      "Two entries of the list declare the model's input. Keep the first.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_CLASS_NOT_INSTANCE,
      "An entry of the list has no kind of layer: it was not made by one of the layer macros, or is\n"
      "a zeroed entry behind the last one that counts. Use TN_FLATTEN(), TN_DENSE(...) and their\n"
      "like, and give tn_model_init the number of entries.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_EMPTY_MODEL,
      "The list has no layers, or nothing but an input. A model has at least one layer.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_FIT_BEFORE_COMPILE,
      "Training needs a loss and an optimiser, and the model has none yet. Call tn_model_compile\n"
      "first; before tn_model_build it also makes room for gradients.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_tensor x = tn_view(rows, TN_NF, 2, 64, 5, 0, 0);\n"
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 1, 0, 0);\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_fit(&ctx, &m, &x, &y, NULL, NULL);",
      "tn_compile how = { TN_MEAN_SQUARED_ERROR, 0, 0, NULL, tn_adam(1e-3f) };\n"
      "tn_model_init(&ctx, &m, \"table\", net, 2);\n"
      "tn_model_compile(&ctx, &m, &how);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_fit(&ctx, &m, &x, &y, NULL, NULL);" },
    { TN_CAUSE_LAYER_ADDED_AFTER_FIT,
      "The list of layers changed after the model was built. Its weights belong to the old list.\n"
      "Begin again with tn_model_init.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SHARED_LAYER_WIDTHS,
      "A layer's weights were made for its first use, and the second use has another number of\n"
      "features. Give each use a layer of its own, or bring both inputs to one width.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SOFTMAX_ONE_UNIT,
      "A softmax over one class is always 1, whatever the weights: its gradient is 0 and nothing is\n"
      "learned. Use one unit with TN_SIGMOID and TN_BINARY_CROSSENTROPY, or two units with a\n"
      "softmax.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_STATEFUL,
      "A stateful LSTM keeps one state for each row of the batch, so every batch must have the same\n"
      "number of rows. Keras refuses a call with 3 samples to a model made for 4 in the same way.\n"
      "Build the model for the batch it will get, or give it full batches.",
      "tn_layer net[] = { TN_INPUT_TF(10, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_tensor x = tn_view(rows, TN_NTF, 3, 3, 10, 3, 0), y = tn_view(scores, TN_NF, 2, 3, 1, 0, 0);\n"
      "net[1].stateful = 1;\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 4);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "net[1].stateful = 1;\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 3);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);" },
    { TN_CAUSE_STATEFUL_LAST_BATCH,
      "The last batch of a stateful model is smaller than the others, and its states have a row for\n"
      "each row of a full batch: 10 samples in batches of 4 leave 2. Use a number of samples that\n"
      "the batch size divides, drop_last in fit, or another batch size; the same holds for the\n"
      "validation set.",
      "tn_layer net[] = { TN_INPUT_TF(10, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };\n"
      "tn_tensor x = tn_view(rows, TN_NTF, 3, 10, 10, 3, 0);\n"
      "tn_tensor y = tn_view(scores, TN_NF, 2, 10, 1, 0, 0);\n"
      "net[1].stateful = 1;\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 4);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);",
      "net[1].stateful = 1;\n"
      "tn_model_init(&ctx, &m, \"series\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 5);                         /* 10 = 5 + 5 */\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_predict(&ctx, &m, &y, &x);" },
    { TN_CAUSE_INITIAL_STATE_SHAPE,
      "The state given to an LSTM has another shape than one row of units for each sample, (N, U).\n"
      "h0 and c0 are both of it.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_DECLARED_FLAT,
      "The model's input is declared as rows, TN_INPUT_F, and a convolution or a pool comes first.\n"
      "They need to know height, width and channels. Declare the input as an image, or, if the data\n"
      "really comes in rows, put a reshape before the first of these layers.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_DECLARED_CHANNELS_FIRST,
      "The numbers of the declared input stand as PyTorch writes them, channels, height, width, and\n"
      "are read as height, width, channels: an image one or three pixels high with as many channels\n"
      "as it is wide. Put the channels last, or say TN_INPUT_CHW where the data stands so.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_INPUT_NOT_FIRST,
      "The entry that declares the input stands in the middle or at the end of the list. It is where\n"
      "the data comes in, so it is the first entry.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_BAD_UNITS,
      "The number of units or filters is 0 or negative. It is how many values the layer gives for\n"
      "each sample, step or pixel, and must be at least 1.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_BATCHNORM_AXIS,
      "The axis to normalise does not exist. It counts from 0, or backwards from -1, within the\n"
      "number of axes.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_BATCHNORM_OTHER_CHANNELS,
      "Mean and variance were kept for another number of channels than the layer before gives. They\n"
      "belong to another model or another place in this one.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_REPEAT_VECTOR,
      "One row for each sample is wanted, and the layer before returns one for each step. Set\n"
      "return_sequences = 0 there.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TIME_DISTRIBUTED,
      "A layer that works on each step got an input without a time axis. Add one with tn_expand, or\n"
      "use the layer directly.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_ATTENTION_LENGTHS,
      "Query and key come from batches of different sizes. Both must speak of the same samples.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_EMBEDDING_INDEX,
      "An index is outside of the table: with V rows the largest index is V - 1. Make the table one\n"
      "row larger than the largest index, or map rare words to one index.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_EMBEDDING_FLOATS,
      "Indices of a table must be whole numbers. Convert them to int32 with tn_convert; scaled or\n"
      "standardised data is not meant for a table.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_EMBEDDING_THEN_DENSE,
      "A dense layer behind a table of words gives one answer for each word, not for each text.\n"
      "Flatten or pool over the words first, or use a recurrent layer.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_EMBEDDING_LENGTH,
      "The texts have another number of words than was declared. Pad or cut them to the declared\n"
      "number.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SOFTMAX_TWICE,
      "The layer gives probabilities, and a second softmax or sigmoid is taken of them: in the next\n"
      "layer, or in the loss, which was told that it gets logits. The result is nearly the same for\n"
      "all classes, and training is slow and stops early. Leave one of the two out, or compile with\n"
      "TN_PROBABILITIES.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LOGITS_AS_PROBABILITIES,
      "The loss was told that it gets probabilities, and the last layer gives any numbers: negative\n"
      "ones have no logarithm. End in TN_SOFTMAX, or TN_SIGMOID for a binary loss, or compile with\n"
      "TN_LOGITS, which is also more exact.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_KERNEL_TOO_LARGE,
      "A window is larger than its input with the padding, along one axis or both. Use padding\n"
      "TN_SAME, a window of at most the input's size, or larger pictures. A 5x5 kernel on pictures\n"
      "4 high fits nowhere, whatever their width.",
      "tn_layer net[] = { TN_INPUT_HWC(4, 8, 1), TN_CONV2D(32, 5, 5, TN_RELU) };\n"
      "tn_model_init(&ctx, &m, \"small\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);",
      "tn_layer net[] = { TN_INPUT_HWC(4, 8, 1), TN_CONV2D(32, 3, 3, TN_RELU) };\n"
      "tn_model_init(&ctx, &m, \"small\", net, 2);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_DILATED_WINDOW,
      "Dilation spreads a window: of 3 with dilation 4 it spans (3 - 1) * 4 + 1 = 9 pixels, and the\n"
      "padded input has fewer. Use a smaller dilation, or padding TN_SAME.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_POOL_TO_NOTHING,
      "The picture shrank from layer to layer until nothing was left for the next window: 28, 26,\n"
      "13, 11, 5, 3, 1 under valid 3x3 and 2x2 pooling. Drop a pooling layer, use padding TN_SAME,\n"
      "or begin with larger pictures.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_GROUPS,
      "The number of channels or filters is not a multiple of the groups. Each group reads its own\n"
      "part of the channels and makes its own part of the filters, all of equal size.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_STRIDE_AND_DILATION,
      "Stride and dilation are both above 1. Use one of them.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_KERNEL_RANK,
      "A window has two sizes, height and width. For a convolution over steps let height be 1.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TRANSPOSE_CONV_SIZE,
      "A transposed convolution gives another size than is wanted. Libraries differ in their rule\n"
      "for the last pixels. Work out the size from the stride and the window, and choose the input\n"
      "or the padding so that it comes out.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_AUTOENCODER_SIZE,
      "The output is smaller than the target because windows without padding took pixels away. Use\n"
      "padding TN_SAME in every convolution.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_CROP_TOO_MUCH,
      "More is cropped than there is. The two sides together must leave at least one pixel.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIZE_INTENDED,
      "Only height and width change, and the number of values with them: a resize is meant. A\n"
      "reshape renames axes and can neither drop nor invent pixels. Beware of sizes whose counts\n"
      "happen to agree: 49 pictures of 32x32 have as many pixels as 64 of 28x28.",
      "const int32_t dim[] = { 64, 28, 28, 1 };\n"
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 64, 32, 32, 1), t;\n"
      "tn_reshape(&ctx, &t, &x, 4, dim);",
      "tn_tensor t = tn_view(resized, TN_NHWC, 4, 64, 28, 28, 1);\n"
      "tn_resize(&ctx, &t, &x, NULL);" },
    { TN_CAUSE_RESHAPE_LAYER_COUNT,
      "The target of a reshape layer holds another number of values than a sample has. The batch\n"
      "axis is no part of the target.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESHAPE_TWO_UNKNOWNS,
      "Two lengths of a reshape are -1, and only one can be worked out from the others. Give one of\n"
      "them.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESHAPE_NOT_DIVISIBLE,
      "The known lengths of a reshape do not divide the number of values, so there is no whole\n"
      "length for the axis that is -1.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESHAPE_CHANGES_N,
      "The first axis is named N, the number of samples, and the reshape would change it: samples\n"
      "would be cut apart or run together, in silence. Keep the first length. Where the change is\n"
      "meant, unname the axes first (x.axes = 0).",
      "const int32_t dim[] = { -1, 28, 28, 1 };                   /* would be 64 */\n"
      "tn_tensor x = tn_view(pixels, TN_NHWC, 4, 49, 32, 32, 1), t;\n"
      "tn_reshape(&ctx, &t, &x, 4, dim);",
      "tn_tensor t = tn_view(resized, TN_NHWC, 4, 49, 28, 28, 1);\n"
      "tn_resize(&ctx, &t, &x, NULL);" },
    { TN_CAUSE_VIEW_CHANGES_N,
      "A view would change the number of rows, because the length given for a row is not that of a\n"
      "sample: 225 samples of 16*13*13 read in rows of 3600 are 169. Flatten with tn_flatten, which\n"
      "keeps N.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIDUAL_VALID_CONV,
      "The two operands of a sum differ in height and width: the branch lost pixels in a window\n"
      "without padding. Use padding TN_SAME in the branch.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIDUAL_CHANNELS,
      "The two operands of a sum have different numbers of channels. Put a 1x1 convolution with as\n"
      "many filters as the branch has on the shortcut.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIDUAL_STRIDE,
      "One operand of a sum has passed a stride and the other has not. Give the shortcut a 1x1\n"
      "convolution with the same stride.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_RESIDUAL_BROADCAST_ONE,
      "One operand has one channel and the other several. Keras stretches it in silence; here\n"
      "nothing is. Repeat the channel, or use a 1x1 convolution.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_UNET_ODD_SIZE,
      "An odd size was halved and doubled and came back one smaller, so the skip connection does\n"
      "not fit. Pad the input to a multiple of 2 for each level, or crop the skip by one pixel.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_CONCAT_AXIS,
      "The tensors differ on an axis other than the joined one. Join on the axis that differs, or\n"
      "make the others equal.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SPARSE_WITH_CATEGORICAL,
      "The labels are class indices, one number for each sample, and the loss takes one row of K\n"
      "for each. Use TN_SPARSE_CATEGORICAL_CROSSENTROPY, which takes indices and is also faster, or\n"
      "make rows of them with tn_one_hot.",
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);  /* 0 to 9 */\n"
      "tn_loss(&ctx, TN_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);" },
    { TN_CAUSE_ONEHOT_WITH_SPARSE,
      "The labels are rows with a 1 at the class, and the loss takes one class index for each\n"
      "sample. Use TN_CATEGORICAL_CROSSENTROPY, or make indices of the rows with tn_argmax.",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "tn_tensor y = tn_view(targets, TN_NF, 2, 64, 10, 0, 0);\n"
      "tn_tensor index = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "tn_argmax(&ctx, &index, &y, -1);\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &index, NULL);" },
    { TN_CAUSE_LABEL_ONE_BASED,
      "The labels run from 1 to K, and classes count from 0. Files made by people or by R and\n"
      "MATLAB often count from 1. Subtract 1 from every label. Making the output one class wider\n"
      "also runs, and class 0 then never occurs.",
      "tn_tensor y = tn_as(tn_view(labels, TN_N, 1, 64, 0, 0, 0), TN_I32);\n"
      "int i;\n"
      "for (i = 0; i < 64; i++) labels[i] = 1 + i % 10;           /* 1 to 10 */\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);",
      "int i;\n"
      "for (i = 0; i < 64; i++) labels[i] = i % 10;               /* 0 to 9 */\n"
      "tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, NULL, &out, &y, NULL);" },
    { TN_CAUSE_LABEL_BEYOND_OUTPUT,
      "A label is larger than the last class of the output, which has K values for the classes 0 to\n"
      "K-1. Make the last layer as wide as there are classes, or find the labels that are wrong:\n"
      "the record tells the first.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LABEL_NEGATIVE,
      "A label is negative. Where -1 marks samples without a class, say so with use_ignore_index\n"
      "and ignore_index = -1 in tn_loss; otherwise mend the labels.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LABELS_AS_TEXT,
      "The labels are names. Map them to 0 to K-1 first, and keep the list of names to print\n"
      "results.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LABELS_WITH_NOTHING,
      "A label is NaN: the sample has no class. Drop the sample, or find its class.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SPARSE_WITH_ONE_UNIT,
      "The loss takes class indices and reads the output as one score for each class, but the output\n"
      "has a single unit, so that 0 is the only class there is. For two classes either keep the one\n"
      "unit with a sigmoid and take TN_BINARY_CROSSENTROPY, or make the layer as many units wide as\n"
      "there are classes, with a softmax.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LABELS_IN_OTHER_AXES,
      "For each sample the labels have as many values as the output, but in other axes: images where\n"
      "the output is rows, as in an autoencoder that ends in a dense layer, or the reverse. Reshape\n"
      "the labels, or end the model with a reshape.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_SCORES_NOT_CLASSES,
      "tn_model_predict gives one score for each class, and the tensor for its answers has room for\n"
      "one number for each sample. Take the scores first; tn_argmax makes class indices of them.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_LABELS_FRACTIONAL,
      "A label is not a whole number, so it is no class index. It may be a measured value, then the\n"
      "task is a regression and wants TN_MEAN_SQUARED_ERROR, or a probability, then the loss is\n"
      "TN_BINARY_CROSSENTROPY.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_MSE_AGAINST_ONEHOT,
      "The output has one value for each sample and the targets several. Make the last layer as\n"
      "wide as the targets, or the targets one number for each sample.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_MSE_ROW_AGAINST_COLUMN,
      "One operand lies in a row and the other in a column. Elsewhere this makes a table of all\n"
      "differences in silence, (N, N), and its mean is no loss of anything. Reshape one to the\n"
      "shape of the other.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_CLASS_WEIGHT_MISSING,
      "There must be one weight for each class, 1 where nothing is to be changed.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_GRADS_OF_VECTOR,
      "A gradient starts from one number. Reduce the loss with TN_MEAN or TN_SUM first.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_ONEHOT_TWICE,
      "The labels already hold one row of classes for each sample and would be encoded again. Leave\n"
      "one tn_one_hot out.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_TARGETS_NOT_PROBABILITIES,
      "A row of a cross-entropy's targets is a distribution over the classes and sums to 1. This\n"
      "one does not: it holds counts, percentages or several labels at once. Divide each row by its\n"
      "sum; where a sample may have several labels, use TN_SIGMOID with TN_BINARY_CROSSENTROPY.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_CLASS_WEIGHT_ZERO,
      "A class has weight 0, so its samples add nothing to the loss and the model never learns it.\n"
      "Leave the class out of the data if that is meant, otherwise give it a positive weight.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_OTHER_INPUT_SIZE,
      "The weights were made for an input of another size: behind a flatten the number of inputs of\n"
      "a dense layer depends on height and width. Build the model with the input it was trained on,\n"
      "or end in global pooling, whose weights fit any size.",
      "tn_layer net[] = { TN_INPUT_HWC(40, 40, 3), TN_CONV2D(4, 3, 3, TN_RELU),\n"
      "                   TN_MAX_POOL2D(2, 2), TN_FLATTEN(),\n"
      "                   TN_DENSE(10, TN_SOFTMAX) };\n"
      "size_t written;\n"
      "tn_model_save(&ctx, &pictures, bytes, sizeof bytes, &written);  /* 32x32x3 */\n"
      "tn_model_init(&ctx, &m, \"larger\", net, 5);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_load(&ctx, &m, bytes, written);",
      "size_t written;\n"
      "tn_model_save(&ctx, &pictures, bytes, sizeof bytes, &written);\n"
      "tn_model_load(&ctx, &pictures, bytes, written);" },
    { TN_CAUSE_OTHER_CLASS_COUNT,
      "The weights of the last layer were made for another number of classes. To go on with a\n"
      "trained model for other classes, take over all layers but the last, and train that one anew.",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(8, TN_RELU), TN_DENSE(3, TN_SOFTMAX) };\n"
      "size_t written;\n"
      "tn_model_save(&ctx, &table, bytes, sizeof bytes, &written);  /* ends in dense(1) */\n"
      "tn_model_init(&ctx, &m, \"classes\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);\n"
      "tn_model_memory(&ctx, &m, memory, m.need, 1);\n"
      "tn_model_load(&ctx, &m, bytes, written);",
      "tn_layer net[] = { TN_INPUT_F(5), TN_DENSE(8, TN_RELU), TN_DENSE(3, TN_SOFTMAX) };\n"
      "net[1].kernel = table.layers[1].kernel;  /* the caller's weights from here on */\n"
      "net[1].bias = table.layers[1].bias;\n"
      "tn_model_init(&ctx, &m, \"classes\", net, 3);\n"
      "tn_model_build(&ctx, &m, NULL, 64);" },
    { TN_CAUSE_PACKED_FOR_ANOTHER_PLAN,
      "The weights were packed for another shape, other parameters, or another instruction set.\n"
      "Packed weights are for one run of one program; pack again, or pass them unpacked.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_OPTIMISER_OF_ANOTHER_MODEL,
      "The optimiser's state has another length than this model's weights want: it was made for\n"
      "another model or another optimiser. Begin with a zeroed state.",
      TNI_NULL, TNI_NULL },
    { TN_CAUSE_FLATTEN_ORDER_ON_IMPORT,
      "The rows of the dense kernel behind a flatten stand in the order C, H, W, as PyTorch\n"
      "flattens; here a flatten gives H, W, C. The shapes agree, so nothing is refused, and the\n"
      "answers are wrong. Permute the rows once on import.",
      TNI_NULL, TNI_NULL },
    { 0, TNI_NULL, TNI_NULL, TNI_NULL }
};
