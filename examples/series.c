/* examples/series.c - an LSTM learns to continue a series, two sines and a little noise.
 *
 *     cc -O2 -Iinclude examples/series.c -o series -lm && ./series
 * SPDX-License-Identifier: MIT */
#define TENON_IMPLEMENTATION
#include "tenon.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 32, WINDOWS = 2400, TRAIN = 2000, PERIOD = 60 };

static float noise[STEPS + WINDOWS], x[WINDOWS][STEPS][1], y[WINDOWS][1], next[1][1];
static tn_diag diag;
static tn_context context;
static void explain(void)
{
    char text[2048];
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    fputs(text, stderr);
    exit(1);
}
#define DO(fn, ...) (TN_CALL(fn, &context, __VA_ARGS__) == TN_OK ? (void)0 : explain())

static float wave(int t) { return (float)(sin(t * 6.283185307 / 20) + 0.5 * sin(t * 6.283185307 / PERIOD)); }

static int after_epoch(void *user, const tn_progress *p)
{
    printf("epoch %2d  loss %.5f  validation %.5f\n", (int)p->epoch, p->loss, p->val_loss);
    ((tn_model *)user)->compile.optimizer.lr *= 0.9f;
    return 0;
}

int main(void)
{
    const tn_tensor all = TN_OF1(noise, 0), forecast = TN_OF2(next, TN_NF);
    const tn_tensor last = tn_view(x[WINDOWS - 1], TN_NTF, 3, 1, STEPS, 1, 0);
    const tn_tensor train_x = tn_view(x, TN_NTF, 3, TRAIN, STEPS, 1, 0), train_y = tn_view(y, TN_NF, 2, TRAIN, 1, 0, 0);
    const tn_tensor val_x = tn_view(x[TRAIN], TN_NTF, 3, WINDOWS - TRAIN, STEPS, 1, 0);
    const tn_tensor val_y = tn_view(y[TRAIN], TN_NF, 2, WINDOWS - TRAIN, 1, 0, 0);
    const tn_random stream = { 1, 0, 0, 0, 0 };
    tn_layer net[] = { TN_INPUT_TF(STEPS, 1), TN_LSTM(32), TN_DENSE(1, TN_LINEAR) };
    const tn_compile how = { TN_MEAN_SQUARED_ERROR, 0, 0.0f, NULL, tn_adam(3e-3f) };
    tn_fit fit = TN_ZERO;
    tn_progress trained = TN_ZERO;
    tn_model m;
    double naive = 0.0, off = 0.0;
    int i, t;
    context.diag = &diag;
    DO(tn_random_normal, &all, &stream, 0.0f, 0.05f);
    for (i = 0; i < WINDOWS; i++) { /* STEPS values, and the one that follows them */
        for (t = 0; t < STEPS; t++) x[i][t][0] = wave(i + t) + noise[i + t];
        y[i][0] = wave(i + STEPS) + noise[i + STEPS];
        if (i >= TRAIN) naive += pow((double)(y[i][0] - x[i][STEPS - 1][0]), 2) / (WINDOWS - TRAIN);
    }
    DO(tn_model_init, &m, "series", net, (int32_t)TN_DIM0(net));
    DO(tn_model_compile, &m, &how);
    DO(tn_model_build, &m, NULL, 32);
    DO(tn_model_memory, &m, malloc(m.need), m.need, 1);
    fit.epochs = 20;
    fit.val_x = &val_x;
    fit.val_y = &val_y;
    fit.on_epoch = after_epoch;
    fit.user = &m;
    DO(tn_model_fit, &m, &train_x, &train_y, &fit, &trained);
    printf("mean squared error of the next value: %.5f; of the last value as forecast: %.5f; of the noise: %.5f\n",
           trained.val_loss, naive, 0.05 * 0.05);
    for (t = 0; t < PERIOD; t++) { /* from here on it lives on its own forecasts */
        const float truth = wave(WINDOWS - 1 + STEPS + t);
        DO(tn_model_predict, &m, &forecast, &last);
        if (t % 6 == 0) printf("step %2d  forecast %6.3f  wave %6.3f\n", t + 1, (double)next[0][0], (double)truth);
        off += pow((double)(next[0][0] - truth), 2) / PERIOD;
        memmove(x[WINDOWS - 1], x[WINDOWS - 1] + 1, sizeof x[0] - sizeof next);
        x[WINDOWS - 1][STEPS - 1][0] = next[0][0];
    }
    printf("free-running over a period of %d steps: root mean square error %.3f\n", PERIOD, sqrt(off));
    return 0;
}
