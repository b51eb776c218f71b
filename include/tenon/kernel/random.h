/* kernel/random.h - uniform and normal numbers of one stream: element i is a function of the stream and first + i
 * alone. */

/* z with probability (a + 1/2) 2^-31 reach of lying between -z and z, a being 31 of the bits; the last one is the
 * sign. Inverse function with |x| = erf(z / sqrt 2) and w = -log(1 - x^2): z / x is smooth in w below 6 and in
 * sqrt(w) above (the variables are those of Giles, "Approximating the erfinv function", 2010; fits of our own,
 * relative error 9e-7). 1 - |x| comes from the integer: nothing cancels. Not tnv_log: these numbers must stay the
 * same whatever becomes of that. */
TNV_FN tnv_f32 TNK(random_normal)(tnv_i32 bits, float reach, float top)
{
    const tnv_i32 a = tnv_ixor(bits, tnv_ishr(bits, 31));
    const tnv_f32 step = tnv_set1(reach * 4.656612873e-10f), half = tnv_set1(reach * 2.328306437e-10f);
    const tnv_f32 x = tnv_fma(tnv_to_float(a), step, half);
    const tnv_f32 rest = tnv_fma(tnv_to_float(tnv_isub(tnv_iset1(0x7fffffff), a)), step,
        tnv_add(half, tnv_set1(1.0f - reach)));
    const tnv_f32 t = tnv_mul(rest, tnv_sub(tnv_set1(2.0f), rest)); /* 1 - x^2 */
    /* t = 2^e (1 + f), sqrt(1/2) <= 1 + f < sqrt(2) */
    const tnv_i32 e = tnv_ishr(tnv_isub(tnv_bits(t), tnv_iset1(0x3f3504f3)), 23);
    const tnv_f32 f = tnv_sub(tnv_float(tnv_isub(tnv_bits(t), tnv_ishl(e, 23))), tnv_set1(1.0f));
    tnv_f32 p = tnv_fma(tnv_set1(-0.0989535074f), f, tnv_set1(0.161262479f)), w, s, q;
    tnv_bool inner;
    p = tnv_fma(p, f, tnv_set1(-0.172782061f));
    p = tnv_fma(p, f, tnv_set1(0.199133479f));
    p = tnv_fma(p, f, tnv_set1(-0.24968907f));
    p = tnv_fma(p, f, tnv_set1(0.33334606f));
    p = tnv_fma(p, f, tnv_set1(-0.500003751f));
    p = tnv_fma(p, f, tnv_set1(0.999999968f));
    w = tnv_neg(tnv_fma(tnv_to_float(e), tnv_set1(0.693147181f), tnv_mul(p, f)));
    inner = tnv_gt(tnv_set1(6.0f), w);
    s = tnv_select(inner, tnv_sub(w, tnv_set1(3.0f)), tnv_sub(tnv_sqrt(w), tnv_set1(3.5f)));
#define TNK_TERM(below, above) tnv_select(inner, tnv_set1(below), tnv_set1(above))
    q = tnv_fma(TNK_TERM(4.94714431e-7f, -0.000270129376f), s, TNK_TERM(-2.78144695e-6f, 0.000787214955f));
    q = tnv_fma(q, s, TNK_TERM(-1.71877718e-5f, -0.00102935432f));
    q = tnv_fma(q, s, TNK_TERM(0.000277131779f, 0.00143272073f));
    q = tnv_fma(q, s, TNK_TERM(-0.00118397014f, -0.00289011681f));
    q = tnv_fma(q, s, TNK_TERM(-0.00811692086f, 0.00465995944f));
    q = tnv_fma(q, s, TNK_TERM(0.341717397f, 1.42463182f));
    q = tnv_fma(q, s, TNK_TERM(2.29603566f, 4.71708816f));
#undef TNK_TERM
    return tnv_with_sign(tnv_min(tnv_mul(q, x), tnv_set1(top)), tnv_float(bits));
}

/* 24 of the bits are a whole number u: low + (high - low) u 2^-24, kept below high where that rounds up. */
TNV_FN tnv_f32 TNK(random_value)(tnv_i32 bits, const tni_draw *d)
{
    const tnv_f32 shift = tnv_set1(d->shift), scale = tnv_set1(d->scale);
    tnv_f32 u;
    if (d->normal) return tnv_fma(TNK(random_normal)(bits, d->reach, d->top), scale, shift);
    u = tnv_mul(tnv_to_float(tnv_iand(tnv_ishr(bits, 8), tnv_iset1(0xffffff))), tnv_set1(5.960464478e-8f));
    return tnv_min(tnv_fma(u, scale, shift), tnv_set1(d->top));
}

/* 16 blocks of four words at a time; a block's words are neighbours in y. */
TNK_FN void TNK(random)(float *y, size_t n, const tni_draw *d, uint64_t first)
{
    size_t done, i, j;
    for (done = 0; done < n;) {
        const size_t skip = (size_t)((first + done) & 63), count = tni_least(n - done, 64 - skip);
        const uint64_t block = (first + done) >> 6 << 4;
        uint32_t words[64];
        float bits[64], part[64], *const out = count == 64 ? y + done : part;
        for (j = 0; j < 16; j++) {
            words[j] = (uint32_t)(block + j); words[16 + j] = (uint32_t)(block >> 32);
            words[32 + j] = d->high[0]; words[48 + j] = d->high[1];
        }
        tni_philox(words, 16, d->key[0], d->key[1]);
        memcpy(bits, words, sizeof bits);
        for (j = 0; j < 16; j += TNV_LANES) {
            tnv_f32 v[4];
            TNV_UNROLL for (i = 0; i < 4; i++) v[i] = TNK(random_value)(tnv_bits(tnv_load(bits + 16 * i + j)), d);
            tnv_store4(out + 4 * j, 4, v);
        }
        if (out == part) memcpy(y + done, part + skip, count * sizeof(float));
        done += count;
    }
}

/* y = x / keep where a draw is at least 1 - keep. y may be x. */
TNK_FN void TNK(dropout)(float *y, const float *x, size_t n, const tni_draw *d, uint64_t first, float rate)
{
    const tnv_f32 low = tnv_set1(rate), keep = tnv_set1(1.0f - rate), zero = tnv_set1(0.0f);
    size_t done, i;
    for (done = 0; done < n;) {
        const size_t count = tni_least(n - done, 256);
        float u[256];
        TNK(random)(u, count, d, first + done);
        for (i = 0; count - i >= TNV_LANES; i += TNV_LANES)
            tnv_store(y + done + i, tnv_select(tnv_ge(tnv_load(u + i), low), tnv_div(tnv_load(x + done + i), keep),
                zero));
        if (i < count) {
            const tnv_tail tail = tnv_first(count - i);
            const tnv_bool kept = tnv_ge(tnv_load_first(u + i, tail), low);
            tnv_store_first(y + done + i, tnv_select(kept, tnv_div(tnv_load_first(x + done + i, tail), keep), zero),
                tail);
        }
        done += count;
    }
}
