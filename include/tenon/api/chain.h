/* api/chain.h - a model's shapes as constants, layer by layer, at file scope or in a function:
 *
 *     TN_CHAIN_INPUT(in, 32, 32, 3);                            H, W, C; TN_CHAIN_INPUT_TF(in, T, F), _INPUT_F(in, F)
 *     TN_CHAIN_CONV2D(c1, in, 32, 3, 3, 1, TN_VALID);           filters, KH, KW, stride, PADDING as in TN_CONV2D_SHAPES
 *     TN_CHAIN_POOL2D(p1, c1, 2, 2);                            window; stride = window, valid padding
 *     TN_CHAIN_FLATTEN(f, p1);
 *     TN_CHAIN_DENSE(d, f, 10);                                 units; per step after a sequence
 *     static float feat[8][f_F], w[f_F][d_F], act[8][c1_H][c1_W][c1_C];
 *
 *     TN_CHAIN_LSTM(l, in, 64);                                 units; the last step; TN_CHAIN_LSTM_SEQUENCES: all
 *
 * Each defines constants: name_RANK, the axes without N, 3 image, 2 sequence, 1 vector; name_H, name_W, name_C or
 * name_T, name_F (0 where the rank has no such axis); name_COUNT, their product. A layer that does not fit its input is
 * a compile error that says why. The layer's and its input's names must not be macros.
 * C++20 has a warning for products of constants of two names: write +a_F * +b_F. */

#define TNI_CHAIN_COUNT(a, b, c) \
    ((a) > 0 && (b) > 0 && (c) > 0 && (a) <= 2147483647 / (b) / (c) ? (a) * (b) * (c) : 0)
#define TNI_CHAIN(name, spelled, rank, h, w, c, t, f, count) \
    enum { \
        name##_RANK = (rank), name##_H = (h), name##_W = (w), name##_C = (c), name##_T = (t), name##_F = (f), \
        name##_COUNT = (int)(count) \
    }; \
    TNI_DECL(TNI_CHECK(name##_COUNT > 0, chain_sizes, \
                       "`" spelled "`: every size must be at least 1, and their product below 2^31"))
#define TNI_CHAIN_WANTS(cond, rule, spelled, words) TNI_DECL(TNI_CHECK(cond, rule, "`" spelled "`: " words));
#define TNI_CHAIN_IMAGE(name, s, h, w, c) \
    TNI_CHAIN(name, s, 3, h, w, c, 0, 0, TNI_CHAIN_COUNT(+name##_H, +name##_W, +name##_C))
#define TNI_CHAIN_SEQUENCE(name, s, t, f) TNI_CHAIN(name, s, 2, 0, 0, 0, t, f, TNI_CHAIN_COUNT(+name##_T, +name##_F, 1))
#define TNI_CHAIN_VECTOR(name, s, f) TNI_CHAIN(name, s, 1, 0, 0, 0, 0, f, +name##_F)

/* The words of impl/rules.h, for an operand (name, "`name`"). */
#define TNI_CHAIN_FITS(op, axis, value, limit, name, code, words) TNI_DECL(TNI_CHECK_FITS(value, limit, name, words));
#define TNI_CHAIN_ARG(held, name, code, words) TNI_DECL(TNI_CHECK(held, name, words));
#define TNI_CHAIN_S(op) TNI_CHAIN_S_ op
#define TNI_CHAIN_S_(name, s) s
#define TNI_CHAIN_D(op, axis) TNI_CHAIN_D##axis op
#define TNI_CHAIN_D1(name, s) ((long long)name##_H)
#define TNI_CHAIN_D2(name, s) ((long long)name##_W)
#define TNI_CHAIN_V(v, field) TNI_CT_V_##field v

#define TN_CHAIN_INPUT(name, h, w, c) TNI_CHAIN_IMAGE(name, #name, h, w, c)
#define TN_CHAIN_INPUT_TF(name, t, f) TNI_CHAIN_SEQUENCE(name, #name, t, f)
#define TN_CHAIN_INPUT_F(name, f) TNI_CHAIN_VECTOR(name, #name, f)

#define TNI_CHAIN_UNDER(name, s, x, xs, c, v, kh, kw) \
    TNI_CHAIN_WANTS(x##_RANK == 3, chain_image, s, "`" xs "` must be an image, H x W x C") \
    TNI_WINDOW_RULES(TNI_CHAIN, chain, (x, "`" xs "`"), v, (long long)(kh), (long long)(kw)) \
    TNI_CHAIN_IMAGE(name, s, (int)TNI_OUT_H(TNI_CHAIN, v, (long long)x##_H, (long long)(kh)), \
                    (int)TNI_OUT_W(TNI_CHAIN, v, (long long)x##_W, (long long)(kw)), c)
#define TN_CHAIN_CONV2D(name, x, filters, kh, kw, stride, PADDING) \
    TNI_CHAIN_UNDER(name, #name, x, #x, filters, (kh, kw, TNI_OR(stride, 1), TNI_OR(stride, 1), 1, 1, PADDING), kh, kw)
#define TN_CHAIN_POOL2D(name, x, kh, kw) TNI_CHAIN_UNDER(name, #name, x, #x, +x##_C, (kh, kw, kh, kw, 1, 1, \
        TN_VALID), kh, kw)
#define TN_CHAIN_FLATTEN(name, x) TNI_CHAIN_VECTOR(name, #name, +x##_COUNT)

#define TN_CHAIN_DENSE(name, x, units) \
    TNI_CHAIN_WANTS(x##_RANK != 3, chain_dense, #name, "dense on the image `" #x "` (H x W x C): insert flatten, " \
                    "TN_CHAIN_FLATTEN, before it") \
    TNI_CHAIN(name, #name, +x##_RANK, 0, 0, 0, +x##_T, units, \
              TNI_CHAIN_COUNT(+name##_T + (name##_RANK != 2), +name##_F, 1))

#define TNI_CHAIN_STEPS(x, s, xs) TNI_CHAIN_WANTS(x##_RANK == 2, chain_lstm, s, "`" xs "` must be a sequence, T x F")
#define TN_CHAIN_LSTM(name, x, units) TNI_CHAIN_STEPS(x, #name, #x) TNI_CHAIN_VECTOR(name, #name, units)
#define TN_CHAIN_LSTM_SEQUENCES(name, x, units) TNI_CHAIN_STEPS(x, #name, #x) TNI_CHAIN_SEQUENCE(name, #name, +x##_T, \
        units)
