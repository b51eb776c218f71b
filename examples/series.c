/* examples/series.c - an LSTM learns to continue a series, two sines and a little noise.
 *
 *     cc -O2 -Iinclude examples/series.c -o series -lm && ./series
 *
 * SPDX-License-Identifier: MIT */
#define TENON_IMPLEMENTATION
#include "tenon.h"

#include <math.h>
#include <stdio.h>

enum { STEPS = 24, WINDOWS = 2400, TRAIN = 2000, PERIOD = 60 };

static float noise[STEPS + WINDOWS], x[WINDOWS][STEPS][1], y[WINDOWS][1], window[1][STEPS][1], next[1][1];
static tn_diag diag;
static tn_context context;

static void must(tn_status status)
{
    char text[2048];
    if (status == TN_OK) return;
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    fputs(text, stderr);
    exit(1);
}
#define DO(fn, ...) must(TN_CALL(fn, &context, __VA_ARGS__))

static float wave(int t) { return (float)(sin(t * 6.283185307 / 20) + 0.5 * sin(t * 6.283185307 / PERIOD)); }

static int show(void *user, const tn_progress *p)
{
    (void)user;
    printf("epoch %d  loss %.5f  validation %.5f\n", (int)p->epoch, p->loss, p->val_loss);
    return 0;
}

int main(void)
{
    const tn_tensor draws = TN_OF1(noise, 0), all_x = TN_OF3(x, TN_NTF), all_y = TN_OF2(y, TN_NF);
    const tn_tensor last = TN_OF3(window, TN_NTF), forecast = TN_OF2(next, TN_NF);
    const tn_random stream = { 1, 0, 0, 0, 0 };
    tn_layer net[] = { TN_INPUT_TF(STEPS, 1), TN_LSTM(32), TN_DENSE(1, TN_LINEAR) };
    tn_tensor train_x, train_y, val_x, val_y;
    tn_compile how = TN_ZERO;
    tn_fit fit = TN_ZERO;
    tn_progress trained;
    tn_model m;
    double naive = 0.0, off = 0.0;
    int i, t;
    context.diag = &diag;

    DO(tn_random_normal, &draws, &stream, 0.0f, 0.05f); /* windows of STEPS values, and the value that follows each */
    for (i = 0; i < WINDOWS; i++) {
        for (t = 0; t < STEPS; t++) x[i][t][0] = wave(i + t) + noise[i + t];
        y[i][0] = wave(i + STEPS) + noise[i + STEPS];
        if (i >= TRAIN) naive += pow((double)(y[i][0] - x[i][STEPS - 1][0]), 2) / (WINDOWS - TRAIN);
    }
    DO(tn_rows, &train_x, &all_x, 0, TRAIN);
    DO(tn_rows, &train_y, &all_y, 0, TRAIN);
    DO(tn_rows, &val_x, &all_x, TRAIN, WINDOWS - TRAIN);
    DO(tn_rows, &val_y, &all_y, TRAIN, WINDOWS - TRAIN);

    how.loss = TN_MEAN_SQUARED_ERROR;
    how.optimizer = tn_adam(3e-3f);
    DO(tn_model_init, &m, "series", net, (int32_t)TN_DIM0(net));
    DO(tn_model_compile, &m, &how);
    DO(tn_model_build, &m, NULL, 32);
    DO(tn_model_memory, &m, malloc(m.need), m.need, 1);
    fit.epochs = 12;
    fit.val_x = &val_x;
    fit.val_y = &val_y;
    fit.on_epoch = show;
    DO(tn_model_fit, &m, &train_x, &train_y, &fit, &trained);
    printf("mean squared error of the next value: %.5f, of the last value as forecast: %.5f, of the noise: %.5f\n",
           trained.val_loss, naive, 0.05 * 0.05);

    memcpy(window, x[WINDOWS - 1], sizeof window); /* from here on it lives on its own forecasts */
    for (t = 0; t < PERIOD; t++) {
        DO(tn_model_predict, &m, &forecast, &last);
        if (t % 6 == 0) printf("step %2d  forecast %6.3f  wave %6.3f\n", t + 1, next[0][0], wave(WINDOWS - 1 + STEPS + t));
        off += pow((double)(next[0][0] - wave(WINDOWS - 1 + STEPS + t)), 2) / PERIOD;
        memmove(window, window[0] + 1, sizeof window - sizeof next);
        window[0][STEPS - 1][0] = next[0][0];
    }
    printf("free-running over a period of %d steps: root mean square error %.3f\n", PERIOD, sqrt(off));
    return 0;
}
