/* api/random.h - one counter-based generator: element i of a tensor is a pure function of the key and counter + i.
 * Nothing is kept; the same numbers on every machine. */

typedef struct tn_random {
    uint64_t seed, counter; /* counter: of the tensor's first element */
    /* a stream is (seed, purpose, layer, epoch): purpose is yours to number from 0; the model uses negative ones */
    int32_t purpose, layer;
    int64_t epoch;
} tn_random;

/* low <= y < high, in steps of 2^-24 of the range. */
TENON_API tn_status tn_random_uniform(tn_context *ctx, const tn_tensor *y, const tn_random *r, float low, float high);
TENON_API tn_status tn_random_normal(tn_context *ctx, const tn_tensor *y, const tn_random *r, float mean,
                                     float deviation);

/* place of `index` in the order of an epoch over n samples: a bijection of 0..n-1 made from the key (Feistel rounds,
 * cycle walking), so that no index array is needed. n >= 1, 0 <= index < n; anything else returns -1. */
TENON_API int64_t tn_random_order(const tn_random *r, int64_t n, int64_t index);

/* Initialisers, Keras' formulas. Fans come from w's names: IO, OI, HWIO, OIHW, HWCM; unnamed rank 2 is IO, rank 4 HWIO;
 * else fan in and out are the count. uniform: +-sqrt(3 s), normal: truncated at two deviations, sqrt(s) / 0.87962566,
 * s = 1 / mean fan (Glorot), 2 / fan in (He), 1 / fan in (LeCun). TN_LSTM_BIAS: zeros, ones in the second quarter.
 * TN_ORTHOGONAL: rank 2, orthonormal rows or columns. */
enum {
    TN_GLOROT_UNIFORM, TN_GLOROT_NORMAL, TN_HE_UNIFORM, TN_HE_NORMAL, TN_LECUN_UNIFORM, TN_LECUN_NORMAL, TN_ORTHOGONAL,
    TN_ZEROS, TN_ONES, TN_LSTM_BIAS
};
TENON_API tn_status tn_initialize(tn_context *ctx, const tn_tensor *w, const tn_random *r, int32_t kind);

/* y = x / (1 - rate) where a uniform draw is at least rate, else 0. The gradient is the same call on dy. y may
 * be x. 0 <= rate < 1. */
TENON_API tn_status tn_dropout(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_random *r, float rate);
