/* kernel/move.h - a transposition: four columns of as many rows as a vector has lanes at a time. */

/* y[c y_step + r] = x[r x_step + c]. */
TNK_FN void TNK(transpose)(float *y, size_t y_step, const float *x, size_t x_step, size_t rows, size_t cols)
{
    size_t r, c, j;
    for (r = 0; rows - r >= TNV_LANES; r += TNV_LANES) {
        for (c = 0; cols - c >= 4; c += 4) {
            tnv_f32 v[4];
            tnv_load4(v, x + r * x_step + c, x_step);
            TNI_UNROLL for (j = 0; j < 4; j++) tnv_store(y + (c + j) * y_step + r, v[j]);
        }
        for (; c < cols; c++) for (j = r; j < r + TNV_LANES; j++) y[c * y_step + j] = x[j * x_step + c];
    }
    for (c = 0; c < cols; c++) for (j = r; j < rows; j++) y[c * y_step + j] = x[j * x_step + c];
}
