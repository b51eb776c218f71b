/* kernel/convert.h - x scale + offset, rounded once. */

/* y may be x. */
TNK_FN void TNK(scale)(float *y, const float *x, size_t n, float scale, float offset)
{
    const tnv_f32 a = tnv_set1(scale), b = tnv_set1(offset);
    size_t i;
    for (i = 0; n - i >= TNV_LANES; i += TNV_LANES) tnv_store(y + i, tnv_fma(tnv_load(x + i), a, b));
    if (i < n) {
        const tnv_tail tail = tnv_first(n - i);
        tnv_store_first(y + i, tnv_fma(tnv_load_first(x + i, tail), a, b), tail);
    }
}

/* Bytes through a block of constant length, which compilers turn into vector conversions. */
TNK_FN void TNK(scale_u8)(float *y, const uint8_t *x, size_t n, float scale, float offset)
{
    float block[64];
    size_t i, j;
    for (i = 0; n - i >= 64; i += 64) {
        for (j = 0; j < 64; j++) block[j] = (float)x[i + j];
        TNK(scale)(y + i, block, 64, scale, offset);
    }
    for (j = i; j < n; j++) block[j - i] = (float)x[j];
    TNK(scale)(y + i, block, n - i, scale, offset);
}
