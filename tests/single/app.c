/* tests/single/app.c - a program over tenon.h alone, C99 and C++11: a dense layer, and one whose shapes do not fit. */
#include <stdio.h>
#include <string.h>

#define TENON_IMPLEMENTATION
#include "tenon.h"

int main(void)
{
    float x[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } }, w[3][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 } }, b[2] = { 10, -100 },
          y[2][2];
    float pixels[2][70];
    const float want[2][2] = { { 14, 0 }, { 20, 0 } };
    tn_context ctx = TN_ZERO;
    tn_diag diag = TN_ZERO;
    tn_dense_params relu = TN_ZERO;
    char text[1000];
    const tn_tensor tx = tn_view(x, TN_NF, 2, 2, 3, 0, 0), tw = tn_view(w, TN_IO, 2, 3, 2, 0, 0),
                    tb = tn_view(b, TN_O, 1, 2, 0, 0, 0);
    const tn_tensor ty = tn_view(y, TN_NF, 2, 2, 2, 0, 0), wide = tn_view(pixels, TN_NF, 2, 2, 70, 0, 0);
    ctx.diag = &diag;
    relu.activation = TN_RELU;

    if (TN_CALL(tn_dense, &ctx, &ty, &tx, &tw, &tb, &relu) != TN_OK || memcmp(y, want, sizeof want) != 0) {
        puts("wrong result");
        return 1;
    }
    memset(pixels, 0, sizeof pixels);
    if (TN_CALL(tn_dense, &ctx, &ty, &wide, &tw, &tb, &relu) != TN_E_FEATURES || memcmp(y, want, sizeof want) != 0) {
        puts("not refused, or written to");
        return 1;
    }
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    puts(text);
    /* x[2,70] on w[3,2]: axis 1 of x, and that alone */
    if (diag.status != TN_E_FEATURES || diag.arg != 1 || diag.axes_differ != 2u || diag.expected.rank != 2 ||
        diag.expected.dim[1] != 3 || diag.received.rank != 2 || diag.received.dim[0] != 2 ||
        diag.received.dim[1] != 70 || !strstr(text, "&wide")) {
        puts("wrong record");
        return 1;
    }
    puts("right");
    return 0;
}
