/* examples/shape_errors.c - the mistakes with shapes that everybody makes, and what the library says of each.
 *
 *     cc -O2 -Iinclude examples/shape_errors.c -o shape_errors -lm && ./shape_errors
 * SPDX-License-Identifier: MIT */
#define TENON_IMPLEMENTATION
#include "tenon.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <io.h>
#define isatty(file) _isatty(file)
#else
#include <unistd.h>
#endif

enum { N = 500 };
static float data[N * 3072], out[N * 10];
static unsigned char bytes[N * 3072], classes[N];
static tn_tensor images, labels, scores;
static tn_model pictures, digits, stacked, series;
static tn_context ctx;
static tn_diag diag;
static int color;

/* A paragraph line by line: the code red, the fix green. */
static void told(void)
{
    char text[4096], *line, *end;
    int fix = 0;
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    for (line = text; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        fix = fix || !strncmp(line, "  fix ", 6);
        if (color) fputs(line == text ? "\033[31m" : fix ? "\033[32m" : "\033[0m", stdout);
        printf("%.*s\n", (int)(end - line), line);
    }
    fputs(color ? "\033[0m\n" : "\n", stdout);
}

static void title(const char *words) { printf(color ? "\033[1m%s\033[0m\n\n" : "%s\n\n", words); }

/* Prints a line of the program and executes it. */
#define DO(...) printf("    %s;\n", #__VA_ARGS__); __VA_ARGS__
#define REFUSED(fn, ...)                                            \
    printf("    %s(&ctx, %s);\n", #fn, #__VA_ARGS__);               \
    if (TN_CALL(fn, &ctx, __VA_ARGS__) == TN_OK) exit(1); /* it cannot be */ \
    told()

static void ready(tn_model *m, const char *name, tn_layer *net, int32_t count, int32_t loss)
{
    tn_compile how = TN_ZERO;
    how.loss = loss;
    how.optimizer = tn_adam(1e-3f);
    if (tn_model_init(&ctx, m, name, net, count) != TN_OK || tn_model_compile(&ctx, m, &how) != TN_OK ||
        tn_model_build(&ctx, m, NULL, 32) != TN_OK ||
        tn_model_memory(&ctx, m, malloc(m->need), m->need, 1) != TN_OK) {
        told();
        exit(1);
    }
}

static void pictures_of_all_kinds(void)
{
    title("Rows of pixels, as the files of CIFAR-10 hold them");
    {
        DO(tn_tensor x = tn_view(data, TN_NF, 2, 500, 3072, 0, 0));
        REFUSED(tn_model_fit, &pictures, &x, &labels, NULL, NULL);
    }
    title("One picture");
    {
        DO(tn_tensor x = tn_view(data, 0, 3, 32, 32, 3, 0));
        REFUSED(tn_model_predict, &pictures, &scores, &x);
    }
    title("Grayscale pictures for a model of color ones");
    {
        DO(tn_tensor x = tn_view(data, TN_NHWC, 4, 500, 32, 32, 1));
        REFUSED(tn_model_fit, &pictures, &x, &labels, NULL, NULL);
    }
    title("Pictures of another size, with an alpha channel");
    {
        DO(tn_tensor x = tn_view(data, TN_NHWC, 4, 100, 28, 28, 4));
        REFUSED(tn_model_predict, &pictures, &scores, &x);
    }
    title("Bytes for floats");
    {
        DO(tn_tensor x = tn_as(tn_view(bytes, TN_NHWC, 4, 500, 32, 32, 3), TN_U8));
        REFUSED(tn_model_fit, &pictures, &x, &labels, NULL, NULL);
    }
}

static void lists_of_layers(void)
{
    title("A dense layer on feature maps");
    {
        DO(tn_layer net[] = { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_DENSE(10, TN_SOFTMAX) });
        DO(tn_model_init(&ctx, &digits, "digits", net, 3));
        REFUSED(tn_model_build, &digits, NULL, 32);
    }
    title("An LSTM behind one that returns its last step");
    {
        DO(tn_layer net[] = { TN_INPUT_TF(10, 3), TN_LSTM(16), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) });
        DO(tn_model_init(&ctx, &stacked, "stacked", net, 4));
        REFUSED(tn_model_build, &stacked, NULL, 32);
    }
}

static void the_rest(void)
{
    title("A table for an LSTM");
    {
        DO(tn_tensor x = tn_view(data, TN_NF, 2, 500, 3, 0, 0));
        REFUSED(tn_model_predict, &series, &scores, &x);
    }
    title("One-hot labels for a loss that takes class indices");
    {
        DO(tn_tensor y = tn_view(out, TN_NF, 2, 500, 10, 0, 0));
        REFUSED(tn_model_fit, &pictures, &images, &y, NULL, NULL);
    }
    title("Labels that count from 1");
    memset(classes, 1, sizeof classes);
    DO(classes[7] = 10);
    REFUSED(tn_model_fit, &pictures, &images, &labels, NULL, NULL);
}

int main(void)
{
    tn_layer net[] = { TN_INPUT_HWC(32, 32, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
                       TN_DENSE(10, TN_SOFTMAX) };
    tn_layer steps[] = { TN_INPUT_TF(TN_ANY, 3), TN_LSTM(8), TN_DENSE(1, TN_LINEAR) };
    int i;
    color = isatty(1) != 0;
    ctx.diag = &diag;
    images = tn_view(data, TN_NHWC, 4, N, 32, 32, 3);
    labels = tn_as(tn_view(classes, TN_N, 1, N, 0, 0, 0), TN_U8);
    scores = tn_view(out, TN_NF, 2, N, 10, 0, 0);
    for (i = 0; i < N * 3072; i++) data[i] = (float)(i % 32 + i / 32 % 32) / 64; /* smooth in every plane of 32x32 */
    ready(&pictures, "pictures", net, 5, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    ready(&series, "series", steps, 3, TN_MEAN_SQUARED_ERROR);
    pictures_of_all_kinds();
    lists_of_layers();
    the_rest();
    return 0;
}
