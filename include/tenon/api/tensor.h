/* api/tensor.h - tn_tensor: a view of the caller's memory, dense, row-major, slowest axis first. It never owns. */

#define TN_MAX_RANK 6
#define TN_ANY (-1) /* a free axis of a declared shape */

/* Kernels take TN_F32. Labels are u8, i32, i64 or whole f32 numbers. The rest by tn_convert. */
enum { TN_F32, TN_F64, TN_U8, TN_I8, TN_I32, TN_I64 };

/* Axis names: a capital letter in five bits, first axis lowest; a message prints them from the number. One letter means
 * one thing:
 * N batch, H W image, C channels, I inputs, O outputs, T steps, F features, U units, K classes, M multiplier, G groups.
 * axes 0 = unnamed: read as the call's native order (NHWC, HWIO, IO, NTF). A named tensor is TN_E_LAYOUT when its
 * letters N H W C T I O stand in an order that the call does not take; on the last axis F U K C O, and I but of
 * weights, are interchangeable. Names never change a result except NHWC / NCHW, HWIO / OIHW, IO / OI
 * and HWCM (depthwise: conv2d with groups = C).
 * TN_TNF is taken by tn_transpose only. */
#define TNI_AX(c, i) (((c) - 'A' + 1) << (5 * (i)))
#define TN_AXES(a, b, c, d) (TNI_AX(a, 0) | TNI_AX(b, 1) | TNI_AX(c, 2) | TNI_AX(d, 3))
enum {
    TN_NHWC = TN_AXES('N', 'H', 'W', 'C'), TN_NCHW = TN_AXES('N', 'C', 'H', 'W'),
    TN_HWIO = TN_AXES('H', 'W', 'I', 'O'), TN_OIHW = TN_AXES('O', 'I', 'H', 'W'), TN_HWCM = TN_AXES('H', 'W', 'C', 'M'),
    TN_N = TNI_AX('N', 0), TN_O = TNI_AX('O', 0), TN_NF = TNI_AX('N', 0) | TNI_AX('F', 1),
    TN_IO = TNI_AX('I', 0) | TNI_AX('O', 1), TN_OI = TNI_AX('O', 0) | TNI_AX('I', 1),
    TN_NTF = TNI_AX('N', 0) | TNI_AX('T', 1) | TNI_AX('F', 2), TN_TNF = TNI_AX('T', 0) | TNI_AX('N', 1) | TNI_AX('F', 2)
};

enum { TN_READONLY = 1, TN_PACKED = 2 }; /* flags; a read-only view as an output is TN_E_ARG */

typedef struct tn_tensor {
    void *data;
    int32_t dtype, axes, flags, rank, dim[TN_MAX_RANK];
} tn_tensor;

/* Views of f32 memory: the first `rank` (0 to 4) of the lengths a, b, c, d count, slowest axis first; tn_cview's is
 * read-only. A length outside int32 becomes -1, which the next call refuses. More axes: set rank and dim[] yourself. */
TENON_API tn_tensor tn_view(void *data, int32_t axes, int32_t rank, int64_t a, int64_t b, int64_t c, int64_t d);
TENON_API TNI_NOT_READ tn_tensor tn_cview(const void *data, int32_t axes, int32_t rank, int64_t a, int64_t b,
                                          int64_t c, int64_t d);

/* The same view with another element type: tn_as(tn_cview(labels, TN_N, 1, n, 0, 0, 0), TN_U8). */
TENON_API tn_tensor tn_as(tn_tensor t, int32_t dtype);

/* Bytes that the tensor's elements take, 0 where its shape or dtype is not valid or the product overflows. */
TENON_API size_t tn_bytes(const tn_tensor *t);

/* Lengths of a plain C array's axes, as constant expressions. Views of such arrays: TN_OF1 to TN_OF4, with the
 * shape rules below. */
#define TN_DIM0(a) (sizeof(a) / sizeof((a)[0]))
#define TN_DIM1(a) (sizeof((a)[0]) / sizeof((a)[0][0]))
#define TN_DIM2(a) (sizeof((a)[0][0]) / sizeof((a)[0][0][0]))
#define TN_DIM3(a) (sizeof((a)[0][0][0]) / sizeof((a)[0][0][0][0]))
