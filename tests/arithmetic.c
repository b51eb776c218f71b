/* tests/arithmetic.c - output sizes, and what the shape calls accept, against counting (arithmetic_oracle.h): every
 * window of a box along each axis, and random cases with lengths up to 2^31 - 1.
 *
 *     arithmetic [--long]
 *
 * More than 10^7 cases, with --long 10^8. The hash is of the answers that do not depend on how much memory there may
 * be: a 32-bit build prints the same one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tenon.h"

#include "arithmetic_oracle.h"

static uint64_t cases, wrong_accepts, wrong_rejects, wrong_codes, wrong_sizes, hash = 0x9e3779b97f4a7c15u, seed;
static tn_context ctx;
static tn_diag diag;

static uint64_t bits(void)
{
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}
static int64_t between(int64_t low, int64_t high) { return low + (int64_t)(bits() % (uint64_t)(high - low + 1)); }

/* Small, near a power of two, or anything. */
static int64_t length(int64_t least)
{
    const uint64_t choice = bits() % 8;
    int64_t v = choice < 3   ? between(least, 8)
              : choice < 6   ? ((int64_t)1 << between(3, 31)) + between(-2, 1)
              : choice == 6  ? INT32_MAX - between(0, 3)
                             : (int64_t)(bits() >> between(33, 62));
    if (v > INT32_MAX) v = INT32_MAX;
    return v < least ? least : v;
}

static void add(uint64_t v)
{
    hash = (hash ^ v) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
}

/* ---- one answer ---- */

static int told;
static void tell(const char *what, const char *of, int status, codes may, const tn_tensor *y, int rank,
                 const int64_t *dim)
{
    char text[2000] = "";
    int i;
    if (told++ >= 20) return;
    if (status) (void)tn_diag_format(&diag, TN_LINE, text, sizeof text);
    printf("%s: %s: %s %s; codes that may be:", what, of, tn_status_name(status), text);
    for (i = 1; i < 64; i++) if (may & code(i)) printf(" %s", tn_status_name(i));
    printf("; sizes");
    for (i = 0; !status && i < y->rank; i++) printf(" %d", (int)y->dim[i]);
    printf(", counted");
    for (i = 0; i < rank; i++) printf(" %lld", (long long)dim[i]);
    printf("\n");
}

/* OVERFLOW where this build's memory is too small for such a tensor. *everywhere: 0 where that depends on the build. */
static codes memory(const int64_t *dim, int rank, int *everywhere)
{
    if (bytes_above(dim, rank, INT32_MAX) && !bytes_above(dim, rank, INT64_MAX)) *everywhere = 0;
    return bytes_above(dim, rank, PTRDIFF_MAX) ? code(TN_E_OVERFLOW) : 0;
}

/* status and the filled shape y against the oracle's. */
static void answer(const char *of, int status, codes may, const tn_tensor *y, int rank, const int64_t *dim, int hashed)
{
    int i, same = y->rank == rank;
    cases++;
    if (status && !may) { wrong_rejects++; tell("wrong reject", of, status, may, y, rank, dim); }
    else if (!status && may) { wrong_accepts++; tell("wrong accept", of, status, may, y, rank, dim); }
    else if (status && !(may & code(status))) { wrong_codes++; tell("wrong code", of, status, may, y, rank, dim); }
    else if (!status) {
        for (i = 0; same && i < rank; i++) same = y->dim[i] == dim[i];
        if (!same) { wrong_sizes++; tell("wrong size", of, status, may, y, rank, dim); }
    }
    if (!hashed) return;
    add((uint64_t)status);
    if (!status) for (i = 0; i < y->rank && i < TN_MAX_RANK; i++) add((uint64_t)y->dim[i]);
}

static tn_tensor tensor(int axes, int rank, const int64_t *dim)
{
    tn_tensor t;
    int i;
    memset(&t, 0, sizeof t);
    t.axes = axes;
    t.rank = rank;
    for (i = 0; i < rank; i++) t.dim[i] = (int32_t)dim[i];
    return t;
}

/* ---- windows ---- */

enum { CONV, MAX, AVERAGE };
typedef struct image {
    int64_t N, C, O, groups;
    axis h, w;
    int kind, planes, count_padding; /* planes: NCHW by name */
} image;

static int image_call(const image *m, tn_tensor *y, int whole_call, codes *may, int64_t *out, int *everywhere)
{
    static const int at[2][4] = { { 0, 1, 2, 3 }, { 0, 2, 3, 1 } };
    const int *const order = at[m->planes];
    const int64_t x_dim[4] = { m->N, m->h.length, m->w.length, m->C }, O = m->kind == CONV ? m->O : m->C;
    const int64_t G = m->groups ? m->groups : 1, w_dim[4] = { m->h.size, m->w.size, G > 0 ? m->C / G : 0, m->O };
    const int64_t *tensors[3];
    int64_t dims[4], y_dim[4];
    axis h = m->h, w = m->w;
    tn_conv2d_params p;
    tn_tensor x, weights;
    int i;
    memset(&p, 0, sizeof p);
    p.groups = (int32_t)m->groups;
    p.window.padding = h.padding;
    p.window.ceil_mode = h.ceil_mode; /* a convolution's is not looked at */
    p.window.stride_h = (int32_t)h.stride; p.window.stride_w = (int32_t)w.stride;
    p.window.dilation_h = (int32_t)h.dilation; p.window.dilation_w = (int32_t)w.dilation;
    p.window.top = (int32_t)h.before; p.window.bottom = (int32_t)h.after;
    p.window.left = (int32_t)w.before; p.window.right = (int32_t)w.after;
    if (m->kind != CONV) {
        p.window.size_h = (int32_t)h.size; p.window.size_w = (int32_t)w.size;
        p.window.count_padding = m->count_padding;
    }
    for (i = 0; i < 4; i++) dims[order[i]] = x_dim[i];
    x = tensor(m->planes ? TN_NCHW : 0, 4, dims);
    weights = tensor(0, 4, w_dim);

    *may = axis_codes(&h, &y_dim[1]) | axis_codes(&w, &y_dim[2]);
    if (h.padding == TN_CAUSAL && (h.length != 1 || h.size != 1)) *may |= code(TN_E_ARG);
    if (m->kind == CONV && G < 0) *may |= code(TN_E_ARG);
    if (m->kind == CONV && G > 0 && (m->C % G || m->O % G)) *may |= code(TN_E_CHANNELS);
    if (m->kind == CONV && (m->O == 0 || w_dim[2] == 0)) *may |= code(TN_E_EMPTY);
    if (m->C == 0) *may |= code(TN_E_EMPTY);
    y_dim[0] = m->N; y_dim[3] = O;
    tensors[0] = x_dim; tensors[1] = m->kind == CONV ? w_dim : x_dim; tensors[2] = y_dim;
    *everywhere = 1;
    for (i = 0; i < 3; i++) *may |= memory(tensors[i], 4, everywhere);
    for (i = 0; i < 4; i++) out[order[i]] = y_dim[i];
    if (whole_call && m->kind == CONV) return tn_conv2d(&ctx, y, &x, &weights, NULL, &p);
    if (whole_call) return m->kind == MAX ? tn_max_pool2d(&ctx, y, NULL, &x, &p.window)
                                          : tn_avg_pool2d(&ctx, y, &x, &p.window);
    if (m->kind == CONV) return tn_conv2d_shape(&ctx, y, &x, &weights, &p);
    return m->kind == MAX ? tn_max_pool2d_shape(&ctx, y, &x, &p.window) : tn_avg_pool2d_shape(&ctx, y, &x, &p.window);
}

static const char *const kinds[] = { "tn_conv2d_shape", "tn_max_pool2d_shape", "tn_avg_pool2d_shape" };

/* The shape, then a query of the call itself: with that shape, with one length a little wrong; without a shape with any. */
static void image_case(const image *m, int with_calls)
{
    static const codes shape_codes = (codes)1 << TN_E_BATCH | (codes)1 << TN_E_SPATIAL | (codes)1 << TN_E_CHANNELS
                                   | (codes)1 << TN_E_EMPTY | (codes)1 << TN_E_ARG | (codes)1 << TN_E_OVERFLOW
                                   | (codes)1 << TN_E_LAYOUT;
    tn_tensor y;
    int64_t out[4];
    uint64_t copies = 0;
    codes may;
    int everywhere, status, i;
    memset(&y, 0, sizeof y);
    status = image_call(m, &y, 0, &may, out, &everywhere);
    answer(kinds[m->kind], status, may, &y, 4, out, everywhere);
    if (!with_calls) return;
    if (may || status) { /* the call has no y that it takes */
        const int64_t some[4] = { m->N, between(1, 2), between(1, 2), m->planes ? between(1, 9) : m->C };
        y = tensor(m->planes ? TN_NCHW : 0, 4, some);
        status = image_call(m, &y, 1, &may, out, &everywhere);
        answer("the call without a shape", status, may | shape_codes, &y, 4, out, 0);
        return;
    }
    status = image_call(m, &y, 1, &may, out, &everywhere);
    if (m->kind == CONV && m->planes) { /* which wants copies of x and y */
        const int64_t x_dim[4] = { m->N, m->C, m->h.length, m->w.length };
        copies = bytes_of(x_dim, 4) + bytes_of(out, 4);
        if (copies > PTRDIFF_MAX) may = code(TN_E_OVERFLOW);
        everywhere &= copies <= INT32_MAX;
    }
    answer("the call of that shape", status, may, &y, 4, out, everywhere);
    if (!status && ctx.need != copies) { wrong_sizes++; tell("wrong workspace", "", 0, 0, &y, 4, out); }
    i = (int)between(0, 3);
    y.dim[i] = (int32_t)(y.dim[i] > 1 && bits() & 1 ? y.dim[i] - 1 : y.dim[i] < INT32_MAX ? y.dim[i] + 1 : 1);
    status = image_call(m, &y, 1, &may, out, &everywhere);
    answer("the call of a wrong shape", status, shape_codes, &y, 4, out, 0);
}

static image plain_image(int kind)
{
    image m;
    memset(&m, 0, sizeof m);
    m.N = 2; m.C = 3; m.O = 4;
    m.kind = kind;
    m.h.length = m.w.length = m.h.size = m.w.size = 1;
    m.h.pool = m.w.pool = kind != CONV;
    return m;
}

static void macros(const axis *a, int64_t in_windows, int64_t in_ceil)
{
    const int64_t n = a->length, size = a->size, stride = a->stride, dilation = a->dilation;
    const int64_t valid = TN_OUT_VALID(n, size, stride, dilation, a->before, a->after);
    const int64_t ceil_mode = TN_OUT_CEIL(n, size, stride, dilation, a->before, a->after);
    axis same = *a;
    same.padding = TN_SAME;
    cases += 3;
    if (valid != in_windows || ceil_mode != in_ceil || TN_OUT_SAME(n, stride) != windows(&same)) {
        wrong_sizes++;
        if (told++ < 20)
            printf("wrong macro: length %lld, size %lld, stride %lld, dilation %lld, before %lld, after %lld\n",
                   (long long)n, (long long)size, (long long)stride, (long long)dilation, (long long)a->before,
                   (long long)a->after);
    }
    add((uint64_t)valid); add((uint64_t)ceil_mode); add((uint64_t)TN_OUT_SAME(n, stride));
}

static void macro_case(axis a)
{
    int64_t valid;
    a.padding = TN_EXPLICIT;
    a.pool = 1;
    a.ceil_mode = 0;
    valid = windows(&a);
    a.ceil_mode = 1;
    macros(&a, valid, windows(&a));
}

/* Every window with numbers up to `most`, on H and on W, of every kind, and the macros. */
static void boxes(int most)
{
    int64_t n, size, stride, dilation, before, after;
    int padding, variant, on_w;
    for (n = 0; n <= most; n++) for (size = 0; size <= most; size++) for (stride = 0; stride <= most; stride++)
    for (dilation = 0; dilation <= most; dilation++) for (before = 0; before <= most; before++)
    for (after = 0; after <= most; after++) {
        axis a;
        memset(&a, 0, sizeof a);
        a.length = n; a.size = size; a.stride = stride; a.dilation = dilation; a.before = before; a.after = after;
        if (size && stride && dilation) macro_case(a);
        for (padding = TN_VALID; padding <= TN_CAUSAL; padding++) {
            /* lengths of padding with another kind of it: refused, a few will do */
            if (padding != TN_EXPLICIT && (before > 1 || after > 1)) continue;
            for (variant = 0; variant < 5; variant++) {
                image m = plain_image(variant < 1 ? CONV : variant < 3 ? MAX : AVERAGE);
                a.padding = m.h.padding = m.w.padding = padding;
                a.ceil_mode = m.h.ceil_mode = m.w.ceil_mode = variant == 2 || variant == 4;
                m.count_padding = (n + size + stride) % 2 != 0;
                a.pool = m.h.pool;
                for (on_w = 0; on_w < 2; on_w++) {
                    image one = m;
                    *(on_w ? &one.w : &one.h) = a;
                    image_case(&one, on_w);
                }
            }
        }
    }
}

/* Both axes, batch, channels, groups and either order. */
static void pair_case(void)
{
    image m = plain_image((int)between(CONV, AVERAGE));
    const int explicit = bits() % 2 != 0, padding = explicit ? TN_EXPLICIT : (int)between(TN_VALID - 1, TN_CAUSAL + 1);
    axis *const both[2] = { &m.h, &m.w };
    int i;
    m.N = between(0, 3); m.C = between(bits() % 16 != 0, 12); m.O = between(bits() % 16 != 0, 12);
    m.groups = bits() % 2 ? 0 : between(-(int64_t)(bits() % 8 == 0), 6);
    m.planes = bits() % 4 == 0;
    m.count_padding = (int)(bits() % 2);
    for (i = 0; i < 2; i++) {
        axis *const a = both[i];
        a->length = between(bits() % 32 != 0, 40); a->size = between(m.kind == CONV, 7);
        a->stride = between(0, 5); a->dilation = between(0, 6);
        if (explicit) { a->before = between(0, 6); a->after = between(0, 6); }
        if (bits() % 64 == 0) *(bits() % 2 ? &a->stride : &a->dilation) = -between(1, INT32_MAX);
        a->padding = padding;
    }
    m.h.ceil_mode = m.w.ceil_mode = bits() % 2 != 0;
    if (padding == TN_CAUSAL && bits() % 8) m.h.length = m.h.size = 1;
    image_case(&m, 1);
}

/* Numbers of any size on one axis; where taps could step over the image, no more windows than can be counted. */
static void huge_axis_case(void)
{
    image m = plain_image((int)between(CONV, AVERAGE));
    axis *const a = bits() % 2 ? &m.h : &m.w;
    a->padding = bits() % 2 ? TN_EXPLICIT : (int)between(TN_VALID, TN_CAUSAL);
    a->ceil_mode = m.kind != CONV && bits() % 2;
    a->length = length(1); a->size = length(1); a->stride = length(0);
    a->dilation = bits() % 2 ? between(0, 3) : length(0);
    if (a->padding == TN_EXPLICIT) { a->before = length(0); a->after = length(0); }
    if (bits() % 2) { /* near the longest window that fits */
        const int64_t room = a->length + a->before + a->after, dilation = a->dilation ? a->dilation : 1;
        a->size = (room - 1) / dilation + between(0, 2);
        if (a->size > INT32_MAX) a->size = INT32_MAX;
        if (a->size < 1) a->size = 1;
    }
    if (m.kind != CONV && a->dilation > a->length && (a->before > MOST_WINDOWS || a->padding != TN_EXPLICIT))
        a->dilation = between(0, a->length);
    if (a->stride && a->dilation && a->size) macro_case(*a);
    m.N = m.C = m.O = 1;
    m.h.padding = m.w.padding = a->padding;
    m.h.ceil_mode = m.w.ceil_mode = a->ceil_mode;
    image_case(&m, 0);
}

/* Products of lengths around 2^31, 2^32, 2^63 and 2^64 bytes. */
static void huge_image_case(void)
{
    image m = plain_image((int)between(CONV, AVERAGE));
    m.N = length(0); m.C = length(1); m.O = length(1);
    m.h.length = length(1); m.w.length = length(1);
    m.h.size = bits() % 2 ? 1 : length(1); m.w.size = bits() % 2 ? 1 : length(1);
    m.h.padding = m.w.padding = (int)between(TN_VALID, TN_SAME_LOWER);
    m.groups = bits() % 2 ? 0 : length(0);
    m.planes = bits() % 4 == 0;
    image_case(&m, 1);
}

/* ---- products and sums ---- */

static void random_dims(int64_t *dim, int rank, int64_t least)
{
    const int small = bits() % 2 != 0; /* else few products are */
    int i;
    for (i = 0; i < rank; i++) dim[i] = small && bits() % 2 ? between(least, 4) : length(least);
}

static void dense_case(void)
{
    int64_t x[TN_MAX_RANK], w[2], y[TN_MAX_RANK];
    const int rank = (int)between(1, TN_MAX_RANK), turned = bits() % 4 == 0, flag = bits() % 2 != 0;
    int everywhere = 1, i;
    tn_dense_params p;
    tn_tensor tx, tw, ty;
    codes may = 0;
    memset(&p, 0, sizeof p);
    p.flags = flag ? TN_PER_POSITION : 0;
    random_dims(x, rank, bits() % 8 != 0);
    random_dims(w, 2, bits() % 32 != 0);
    if (bits() % 8) w[turned] = x[rank - 1];
    tx = tensor(0, rank, x);
    tw = tensor(turned ? TN_OI : 0, 2, w);
    memset(&ty, 0, sizeof ty);
    memcpy(y, x, sizeof y);
    y[rank - 1] = w[!turned];
    if (rank < 2) may |= code(TN_E_RANK);
    if (rank > 3 && !flag) may |= code(TN_E_DENSE_SPATIAL);
    if (w[turned] != x[rank - 1]) may |= code(TN_E_FEATURES);
    for (i = 1; i < rank; i++) if (x[i] == 0) may |= code(TN_E_EMPTY);
    if (w[0] == 0 || w[1] == 0) may |= code(TN_E_EMPTY);
    may |= memory(x, rank, &everywhere) | memory(w, 2, &everywhere) | memory(y, rank, &everywhere);
    answer("tn_dense_shape", tn_dense_shape(&ctx, &ty, &tx, &tw, &p), may, &ty, rank, y,
           everywhere);
}

static void lstm_case(void)
{
    const int rank = bits() % 16 ? 3 : (int)between(0, TN_MAX_RANK);
    const int sequences = bits() % 2 != 0, kept = bits() % 2 != 0;
    int64_t x[TN_MAX_RANK], u[2], y[3], reserve;
    int everywhere = 1, i, y_rank = sequences ? 3 : 2;
    tn_tensor tx, tu, ty, tr;
    whole n = whole_of(6);
    codes may = 0;
    random_dims(x, rank, bits() % 8 != 0);
    u[0] = length(bits() % 32 != 0);
    u[1] = bits() % 8 && u[0] <= INT32_MAX / 4 ? 4 * u[0] : length(1);
    tx = tensor(bits() % 2 ? TN_NTF : 0, rank, x);
    tu = tensor(0, 2, u);
    if (rank != 3) tx.axes = 0;
    memset(&ty, 0, sizeof ty);
    tr = ty;
    y[0] = rank > 0 ? x[0] : 0; y[1] = sequences && rank > 1 ? x[1] : u[0]; y[2] = u[0];
    if (rank != 3) may |= code(TN_E_RANK);
    if (u[1] != 4 * u[0]) may |= code(TN_E_FEATURES);
    for (i = 1; i < rank; i++) if (x[i] == 0) may |= code(TN_E_EMPTY);
    if (u[0] == 0) may |= code(TN_E_EMPTY);
    whole_times(&n, (uint32_t)y[0]);
    whole_times(&n, rank > 1 ? (uint32_t)x[1] : 1);
    whole_times(&n, (uint32_t)u[0]);
    if (kept && whole_above(&n, INT32_MAX)) may |= code(TN_E_OVERFLOW);
    may |= memory(x, rank, &everywhere) | memory(u, 2, &everywhere) | memory(y, y_rank, &everywhere);
    /* 6 N T U is worked out in size_t: above 2^31 it is refused anyhow */
    answer("tn_lstm_shape", tn_lstm_shape(&ctx, &ty, kept ? &tr : NULL, &tx, &tu, sequences, NULL), may, &ty, y_rank, y,
           everywhere);
    reserve = (int64_t)((uint64_t)n.limb[1] << 32 | n.limb[0]);
    if (!may && kept) answer("its reserve", 0, 0, &tr, 1, &reserve, everywhere);
}

/* Half of the targets are cut out of x's own factors. */
static void reshape_case(void)
{
    const int rank = (int)between(0, TN_MAX_RANK), named = bits() % 4 == 0 && rank > 0, flatten = bits() % 4 == 0;
    int target = (int)between(0, TN_MAX_RANK), everywhere = 1, i, unknown = -1, found = 0;
    int64_t x[TN_MAX_RANK], y[TN_MAX_RANK], expected[TN_MAX_RANK] = { 0 }, length_found = 0;
    int32_t dim[TN_MAX_RANK];
    whole have = whole_of(1), want = have;
    tn_tensor tx, ty;
    codes may = 0;
    random_dims(x, rank, 0);
    tx = tensor(named ? TN_N : 0, rank, x);
    memset(&ty, 0, sizeof ty);
    for (i = 0; i < rank; i++) if (i >= named) whole_times(&have, (uint32_t)x[i]);
    may |= memory(x, rank, &everywhere);
    if (flatten) {
        whole features = whole_of(1);
        for (i = 1; i < rank; i++) whole_times(&features, (uint32_t)x[i]);
        expected[0] = rank ? x[0] : 0;
        expected[1] = (int64_t)features.limb[0];
        if (rank == 0) may |= code(TN_E_RANK);
        if (whole_above(&features, INT32_MAX)) may |= code(TN_E_OVERFLOW);
        answer("tn_flatten", tn_flatten(&ctx, &ty, &tx), may, &ty, 2, expected, everywhere);
        return;
    }
    random_dims(y, target, 0);
    if (bits() % 2 && rank) { /* x's lengths, some joined or cut in two */
        memcpy(y, x, sizeof y);
        target = rank;
        i = (int)between(0, rank - 1);
        if (i + 1 < rank && x[i] * x[i + 1] <= INT32_MAX && bits() % 2) {
            y[i] *= y[i + 1];
            for (target--, i++; i < target; i++) y[i] = y[i + 1];
        } else if (target < TN_MAX_RANK && y[i] % 2 == 0) {
            y[i] /= 2;
            y[target++] = 2;
        }
    }
    if (target && bits() % 2) y[between(0, target - 1)] = -1;
    if (target && bits() % 32 == 0) y[between(0, target - 1)] = -between(1, 3);
    for (i = 0; i < target; i++) dim[i] = (int32_t)y[i];

    for (i = 0; i < target; i++) {
        expected[i] = y[i];
        if (y[i] < -1) may |= code(TN_E_ARG);
        if (y[i] != -1) continue;
        if (found++) may |= code(TN_E_RESHAPE);
        unknown = i;
        expected[i] = 1;
    }
    if (named && (target == 0 || (y[0] != -1 && y[0] != x[0]))) may |= code(TN_E_RESHAPE);
    if (named && target) expected[0] = x[0];
    if (!(may & (code(TN_E_ARG) | code(TN_E_RESHAPE)))) {
        may |= memory(expected, target, &everywhere);
        for (i = named; i < target; i++) whole_times(&want, (uint32_t)expected[i]);
        if (unknown >= named && !may) { /* both fit 63 bits */
            const uint64_t all = (uint64_t)have.limb[1] << 32 | have.limb[0];
            const uint64_t known = (uint64_t)want.limb[1] << 32 | want.limb[0];
            if (known == 0 || all % known) may |= code(TN_E_RESHAPE);
            else if (all / known > INT32_MAX) may |= code(TN_E_OVERFLOW);
            else length_found = (int64_t)(all / known);
            expected[unknown] = length_found;
        } else if (unknown < named && !whole_equal(&have, &want)) may |= code(TN_E_RESHAPE);
    }
    answer("tn_reshape", tn_reshape(&ctx, &ty, &tx, target, dim), may, &ty, target, expected,
           everywhere);
}

/* A query with the right y, and with one that is not. */
static void concat_case(void)
{
    enum { MOST = 3 };
    const int rank = (int)between(1, TN_MAX_RANK), count = (int)between(bits() % 16 != 0, MOST);
    const int at = bits() % 32 ? (int)between(0, rank - 1) : bits() % 2 ? rank : -rank - 1, negative = bits() % 2 != 0;
    int64_t x[MOST][TN_MAX_RANK], y[TN_MAX_RANK], joined = 0;
    int everywhere = 1, i, k, wrong = 0, status;
    tn_tensor tx[MOST], ty;
    const tn_tensor *list[MOST];
    codes may = 0;
    random_dims(x[0], rank, 0);
    if (at < 0 || at >= rank) may |= code(TN_E_ARG);
    if (count < 1) may |= code(TN_E_ARG);
    for (k = 0; k < MOST; k++) {
        if (k) memcpy(x[k], x[0], sizeof x[k]);
        if (k && at >= 0 && at < rank) x[k][at] = length(0);
        if (k && k < count && bits() % 16 == 0) {
            i = (int)between(0, rank - 1);
            x[k][i] = x[k][i] < 5 ? x[k][i] + 1 : x[k][i] - 1;
            if (i != at) may |= code(TN_E_MERGE);
        }
        tx[k] = tensor(0, rank, x[k]);
        list[k] = &tx[k];
        if (k >= count) continue;
        may |= memory(x[k], rank, &everywhere);
        if (at >= 0 && at < rank) joined += x[k][at];
    }
    memcpy(y, x[0], sizeof y);
    if (joined > INT32_MAX) { may |= code(TN_E_OVERFLOW); joined = INT32_MAX; }
    if (at >= 0 && at < rank) y[at] = joined;
    if (bits() % 4 == 0) {
        i = (int)between(0, rank - 1);
        y[i] = y[i] ? y[i] - 1 : 1;
        wrong = 1;
    }
    may |= memory(y, rank, &everywhere);
    if (wrong) may |= code(TN_E_BATCH) | code(TN_E_SPATIAL) | code(TN_E_CHANNELS) | code(TN_E_FEATURES)
                    | code(TN_E_TIMESTEPS);
    ty = tensor(0, rank, y);
    status = tn_concat(&ctx, &ty, list, count, negative && at >= 0 && at < rank ? at - rank : at);
    answer("tn_concat", status, may, &ty, rank, y, everywhere);
}

int main(int argc, char **argv)
{
    const int all = argc == 2 && strcmp(argv[1], "--long") == 0;
    static void (*const families[])(void) = { pair_case, huge_axis_case, huge_image_case, dense_case, lstm_case,
                                              reshape_case, concat_case };
    uint64_t random, k;
    size_t f;
    if (argc > 1 && !all) { fputs("arithmetic [--long]\n", stderr); return 2; }
    ctx.query = 1;
    ctx.diag = &diag;
    boxes(all ? 12 : 8);
    printf("boxes: %llu cases\n", (unsigned long long)cases);
    random = cases;
    for (k = 0; k < (all ? 1000000u : 150000u); k++)
        for (f = 0; f < sizeof families / sizeof families[0]; f++) {
            seed = (k * 16 + f) << 8; /* a case is the same whatever was accepted before it */
            families[f]();
        }
    printf("random: %llu cases\n", (unsigned long long)(cases - random));
    printf("wrong accepts %llu, wrong rejects %llu, wrong codes %llu, wrong sizes %llu\n",
           (unsigned long long)wrong_accepts, (unsigned long long)wrong_rejects, (unsigned long long)wrong_codes,
           (unsigned long long)wrong_sizes);
    printf("hash %016llx\n", (unsigned long long)hash);
    return wrong_accepts || wrong_rejects || wrong_codes || wrong_sizes;
}
