/* tests/test_data.c - .npy files in memory, samples stacked to one tensor: values, and what is refused with which record. */
#include "test.h"

static tn_diag d;
static tn_context ctx;

static int start(void **state)
{
    (void)state;
    memset(&d, 0x5a, sizeof d);
    memset(&ctx, 0, sizeof ctx);
    ctx.diag = &d;
    return 0;
}

/* ---- files: written as numpy/lib/format.py does, the header padded to 64 bytes ---- */

static _Alignas(64) unsigned char file[4096];

static size_t file_of(int version, const char *dict, const void *data, size_t n)
{
    const size_t text = strlen(dict), prefix = version == 1 ? 10 : 12, all = (prefix + text + 1 + 63) / 64 * 64, header = all - prefix;
    memcpy(file, "\x93NUMPY", 6);
    file[6] = (unsigned char)version;
    memset(file + 7, 0, 5);
    file[8] = (unsigned char)(header & 255);
    file[9] = (unsigned char)(header >> 8);
    memset(file + prefix, ' ', header);
    memcpy(file + prefix, dict, text);
    file[all - 1] = '\n';
    if (n) memcpy(file + all, data, n);
    return all + n;
}

static int is_shape(const tn_tensor *t, int32_t dtype, int32_t rank, const int32_t *dim)
{
    return t->dtype == dtype && t->axes == 0 && t->rank == rank && memcmp(t->dim, dim, (size_t)rank * sizeof *dim) == 0;
}

/* What numpy.save writes of numpy.arange(10) on x86-64, byte by byte. */
static void a_file_of_numpys_is_a_view(void **state)
{
    static const char saved[] = "\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (10,), }"
                                "                                                           \n\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2";
    static const int32_t ten = 10;
    const size_t used = sizeof saved - 1;
    tn_tensor t;
    (void)state;
    assert_int_equal(used, 128 + 17);
    memset(file, 0, sizeof file);
    memcpy(file, saved, used);
    assert_int_equal(tn_npy_read(&ctx, &t, file, 128 + 80), TN_OK);
    assert_int_equal(d.status, TN_OK);
    assert_true(is_shape(&t, TN_I64, 1, &ten) && t.flags == TN_READONLY && t.data == file + 128);
    assert_int_equal(((const int64_t *)t.data)[2], 2);
}

static void headers(void **state)
{
    static const struct { const char *dict; int32_t dtype, rank, dim[6]; } good[] = {
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", TN_F32, 2, { 2, 3 } },
        { "{'shape': (2, 3), 'descr': '<f8', 'fortran_order': False}", TN_F64, 2, { 2, 3 } },
        { "{\"shape\":(7,),\"fortran_order\":False,\"descr\":\"|u1\"}", TN_U8, 1, { 7 } },
        { " {\t'descr'\n: '|i1' , 'fortran_order' :False,'shape' : ( 2 , 3,4 , ) , }\r\n", TN_I8, 3, { 2, 3, 4 } },
        { "{'descr': '<i4', 'fortran_order': False, 'shape': (3L, 4L), }", TN_I32, 2, { 3, 4 } },
        { "{'descr': '=i8', 'fortran_order': False, 'shape': (1,), }", TN_I64, 1, { 1 } },
        { "{'descr': 'f4', 'fortran_order': False, 'shape': (1,), }", TN_F32, 1, { 1 } },
        { "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 2, 1, 2, 1, 2), }", TN_U8, 6, { 1, 2, 1, 2, 1, 2 } },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", TN_F32, 0, { 0 } },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2147483647), }", TN_F32, 2, { 0, INT32_MAX } },
        /* orders that make no difference */
        { "{'descr': '>u1', 'fortran_order': True, 'shape': (1, 7, 1), }", TN_U8, 3, { 1, 7, 1 } },
        { "{'descr': '>f4', 'fortran_order': True, 'shape': (5, 0, 3), }", TN_F32, 3, { 5, 0, 3 } },
    };
    static const unsigned char data[64];
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        for (int version = 1; version <= 3; version++) {
            const size_t n = file_of(version, good[i].dict, data, sizeof data);
            tn_tensor t, y;
            memset(&t, 0x5a, sizeof t);
            memset(&y, 0x5a, sizeof y);
            if (tn_npy_read(&ctx, &t, file, n) != TN_OK || !is_shape(&t, good[i].dtype, good[i].rank, good[i].dim))
                fail_msg("version %d of %s: %s, %s", version, good[i].dict, tn_status_name(d.status), d.rule);
            assert_ptr_equal(t.data, file + n - sizeof data);
            ctx.query = 1;
            ctx.need = 5;
            assert_int_equal(tn_npy_copy(&ctx, &y, file, n), TN_OK);
            assert_true(ctx.need == 0 && is_shape(&y, good[i].dtype, good[i].rank, good[i].dim) && !y.data && !y.flags);
            ctx.query = 0;
        }
}

/* One refusal by both calls: its record, t and y as they were. */
static void refused(const char *what, const void *bytes, size_t size, int32_t status, int32_t cause, const char *words)
{
    unsigned char room[64], room_before[64];
    char text[2000];
    for (int call = 0; call < 3; call++) {
        tn_tensor t, before;
        int32_t got;
        memset(room, 0x33, sizeof room);
        memcpy(room_before, room, sizeof room);
        t = tn_as(tn_view(room, 0, 1, 7, 0, 0, 0), TN_U8);
        before = t;
        ctx.query = call == 2;
        got = (int32_t)(call ? tn_npy_copy(tn_at(&ctx, "load.c", 3, "&t, bytes, size"), &t, bytes, size)
                             : tn_npy_read(tn_at(&ctx, "load.c", 3, "&t, bytes, size"), &t, bytes, size));
        ctx.query = 0;
        if (got != status || d.status != status || d.cause != cause)
            fail_msg("%s, call %d: %s (%s), must be %s (%s); %s", what, call, tn_status_name(got), tn_cause_name(d.cause), tn_status_name(status),
                     tn_cause_name(cause), d.rule);
        assert_memory_equal(&t, &before, sizeof t);
        assert_memory_equal(room, room_before, sizeof room);
        assert_true(d.stage == TN_AT_LOAD && d.arg == 1 && d.severity == TN_ERROR && d.layer == -1 && d.line == 3);
        assert_string_equal(d.call, call ? "tn_npy_copy" : "tn_npy_read");
        assert_string_equal(d.role, "bytes");
        assert_null(d.received.data);
        assert_in_range(tn_diag_format(&d, TN_FULL, text, sizeof text), 1, sizeof text - 1);
        if (!strstr(text, words) || !strstr(text, "at LOAD\n") || !strstr(text, "\n  fix")) fail_msg("%s: no \"%s\" in %s", what, words, text);
    }
}

static void headers_are_refused(void **state)
{
#define DICT(descr, order, shape) "{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"
    static const struct { const char *dict; int32_t status, cause; const char *words; } bad[] = {
        { DICT("'|O'", "False", "(3,)"), TN_E_FILE, TN_CAUSE_NPY_OBJECT, "np.stack" },
        { DICT("'|O'", "False", "()"), TN_E_FILE, TN_CAUSE_NPY_OBJECT, "Python objects" },
        { DICT("'O8'", "False", "(3, 4)"), TN_E_FILE, TN_CAUSE_NPY_OBJECT, "(3, 4)" },
        { DICT("'<f2'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "np.float32" },
        { DICT("'<u2'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "np.int32" },
        { DICT("'<i2'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "np.int32" },
        { DICT("'<c8'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "complex" },
        { DICT("'<U10'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "text" },
        { DICT("'|S1'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "text" },
        { DICT("'<M8[ns]'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "times" },
        { DICT("[('a', '<f4'), ('b', '<i4')]", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "field" },
        { DICT("('<f4', (3,))", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "field" },
        { DICT("'|V8'", "False", "(3,)"), TN_E_UNSUPPORTED, 0, "field" },
        { DICT("'<x4'", "False", "(3,)"), TN_E_FILE, 0, "unknown element type" },
        { DICT("''", "False", "(3,)"), TN_E_FILE, 0, "unknown element type" },
        { DICT("'<'", "False", "(3,)"), TN_E_FILE, 0, "unknown element type" },
        { DICT("'<f4'", "False", "(1, 1, 1, 1, 1, 1, 1)"), TN_E_RANK, 0, "received  7" },
        { DICT("'<f4'", "False", "(2147483648,)"), TN_E_OVERFLOW, 0, "int32" },
        { DICT("'<f4'", "False", "(99999999999999999999999999999999999,)"), TN_E_OVERFLOW, 0, "int32" },
        { DICT("'<f4'", "False", "(18446744073709551617,)"), TN_E_OVERFLOW, 0, "int32" }, /* 2^64 + 1 */
        { DICT("'<f8'", "False", "(2000000000, 2000000000, 2000000000)"), TN_E_OVERFLOW, 0, "product" },
        { DICT("'<f8'", "False", "(2, 3)"), TN_E_FILE, TN_CAUSE_TRUNCATED, "has 24 bytes of data, its header promises 48" },
        { DICT("'<f4'", "0", "(3,)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "Falsehood", "(3,)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "3"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(-3,)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3 4)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(,)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3,,)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3,"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4", "False", "(3,)"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3,)") "x", TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3,), 'more': 1"), TN_E_FILE, 0, "dict" },
        { DICT("'<f4'", "False", "(3,), 'shape': (3,)"), TN_E_FILE, 0, "dict" },
        { "{'descr': '<f4', 'fortran_order': False}", TN_E_FILE, 0, "dict" },
        { "{'descr': '<f4' 'fortran_order': False, 'shape': (3,)}", TN_E_FILE, 0, "dict" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)", TN_E_FILE, 0, "dict" },
        { "'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", TN_E_FILE, 0, "dict" },
        { "{, 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", TN_E_FILE, 0, "dict" },
        { "{}", TN_E_FILE, 0, "dict" },
        { "", TN_E_FILE, 0, "dict" },
    };
    static const unsigned char data[24];
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        for (int version = 1; version <= 3; version++)
            refused(bad[i].dict, file, file_of(version, bad[i].dict, data, sizeof data), bad[i].status, bad[i].cause, bad[i].words);
}

static void other_files_are_refused(void **state)
{
    static const struct { const char *bytes; size_t size; int32_t cause; const char *words; } bad[] = {
        { "PK\3\4\x14\0\0\0\0\0", 10, TN_CAUSE_NPZ_ARCHIVE, "np.load(archive)[name]" },
        { "PK\5\6", 4, TN_CAUSE_NPZ_ARCHIVE, "archive" },
        { "PK", 2, TN_CAUSE_NOT_NPY, "np.save" },
        { "\x80\4\x95\x13\0\0\0\0\0\0\0}", 12, TN_CAUSE_NOT_NPY, "np.save" },
        { "\x89PNG\r\n\x1a\n", 8, TN_CAUSE_NOT_NPY, "np.save" },
        { "\x93NUMPX\1\0v\0", 10, TN_CAUSE_NOT_NPY, "np.save" },
        { "x", 1, TN_CAUSE_NOT_NPY, "np.save" },
        { "", 0, TN_CAUSE_TRUNCATED, "has 0 bytes, its header alone takes 10" },
        { "\x93NUM", 4, TN_CAUSE_TRUNCATED, "has 4 bytes, its header alone takes 10" },
        { "\x93NUMPY\2\0v\0", 10, TN_CAUSE_TRUNCATED, "has 10 bytes, its header alone takes 12" },
        { "\x93NUMPY\1\0v\0{'descr'", 18, TN_CAUSE_TRUNCATED, "has 18 bytes, its header alone takes 128" },
        { "\x93NUMPY\3\0\xff\xff\xff\xff", 12, TN_CAUSE_TRUNCATED, "has 12 bytes, its header alone takes 4294967307" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) refused(bad[i].words, bad[i].bytes, bad[i].size, TN_E_FILE, bad[i].cause, bad[i].words);
    refused("version 4", "\x93NUMPY\4\0v\0\0\0", 12, TN_E_UNSUPPORTED, 0, "3.0");
    refused("version 1.1", "\x93NUMPY\1\1v\0\0\0", 12, TN_E_UNSUPPORTED, 0, "3.0");
    refused("NULL", NULL, 10, TN_E_NULL, 0, "NULL");
    assert_int_equal(tn_npy_read(&ctx, NULL, file, 10), TN_E_NULL);
    assert_int_equal(d.arg, 0);
    assert_int_equal(tn_npy_copy(&ctx, NULL, file, 10), TN_E_NULL);
    assert_int_equal(d.arg, 0);
}

/* ---- copies: element (i, j, k) is 1000 + 100 i + 10 j + k, written here at its place in the file ---- */

static void put_element(unsigned char *p, int32_t dtype, int v, int big)
{
    unsigned char native[8];
    const float f = (float)v;
    const double g = v;
    const int32_t w = v;
    const int64_t l = v;
    const size_t n = dtype == TN_U8 || dtype == TN_I8 ? 1 : dtype == TN_F32 || dtype == TN_I32 ? 4 : 8;
    if (dtype == TN_F32) memcpy(native, &f, n);
    else if (dtype == TN_F64) memcpy(native, &g, n);
    else if (dtype == TN_I32) memcpy(native, &w, n);
    else if (dtype == TN_I64) memcpy(native, &l, n);
    else native[0] = (unsigned char)v;
    for (size_t i = 0; i < n; i++) p[i] = native[big ? n - 1 - i : i];
}

static void copies_are_equal_to_the_array(void **state)
{
    static const char *const name[] = { "f4", "f8", "u1", "i1", "i4", "i8" };
    static const int32_t shapes[][3] = { { 2, 3, 4 }, { 1, 5, 2 }, { 4, 1, 1 }, { 3, 0, 2 } };
    const int little = *(const unsigned char *)&(const uint16_t){ 1 };
    (void)state;
    for (int32_t dtype = TN_F32; dtype <= TN_I64; dtype++)
        for (size_t s = 0; s < COUNT(shapes); s++)
            for (int how = 0; how < 8; how++) {
                const int32_t *n = shapes[s], all = n[0] * n[1] * n[2];
                const int other = how & 1, fortran = how >> 1 & 1, shift = how >> 2;
                const char order = (other != 0) == (little != 0) ? '>' : '<';
                unsigned char data[24 * 8], want[24 * 8];
                _Alignas(8) unsigned char got[24 * 8 + 8];
                char dict[200];
                size_t element, size;
                tn_tensor t, y;
                tn_status read;
                sprintf(dict, "{'descr': '%c%s', 'fortran_order': %s, 'shape': (%d, %d, %d), }", order, name[dtype], fortran ? "True" : "False",
                        (int)n[0], (int)n[1], (int)n[2]);
                ctx.query = 1;
                size = file_of(1, dict, data, sizeof data);
                assert_int_equal(tn_npy_copy(&ctx, &y, file, size), TN_OK);
                ctx.query = 0;
                assert_true(is_shape(&y, dtype, 3, n));
                element = all ? tn_bytes(&y) / (size_t)all : 1;
                for (int i = 0; i < n[0]; i++)
                    for (int j = 0; j < n[1]; j++)
                        for (int k = 0; k < n[2]; k++) {
                            const int row = (i * n[1] + j) * n[2] + k, column = i + n[0] * (j + n[1] * k), v = 1000 + 100 * i + 10 * j + k;
                            put_element(data + element * (size_t)(fortran ? column : row), dtype, v, other);
                            put_element(want + element * (size_t)row, dtype, v, 0);
                        }
                size = file_of(1, dict, data, element * (size_t)all);
                memmove(file + shift, file, size);
                memset(got, 0x77, sizeof got);
                y.data = got;
                assert_int_equal(tn_npy_copy(&ctx, &y, file + shift, size), TN_OK);
                assert_memory_equal(got, want, element * (size_t)all);
                for (size_t i = element * (size_t)all; i < sizeof got; i++) assert_int_equal(got[i], 0x77);
                read = tn_npy_read(&ctx, &t, file + shift, size);
                if (all && ((other && element > 1) || (fortran && s != 2))) {
                    assert_int_equal(read, TN_E_UNSUPPORTED);
                    assert_non_null(strstr(d.rule, "tn_npy_copy"));
                    assert_true(is_shape(&d.received, dtype, 3, n) && d.stage == TN_AT_LOAD && d.arg == 1);
                } else if (all && shift && element > 1) {
                    assert_int_equal(read, TN_E_ALIGN);
                    assert_non_null(strstr(d.rule, "tn_npy_copy"));
                } else {
                    assert_int_equal(read, TN_OK);
                    assert_true(is_shape(&t, dtype, 3, n) && t.flags == TN_READONLY);
                    assert_memory_equal(t.data, want, element * (size_t)all);
                }
            }
}

static void copies_are_refused_and_nothing_is_written(void **state)
{
    static const float data[6] = { 1, 2, 3, 4, 5, 6 };
    const size_t n = file_of(1, DICT("'<f4'", "False", "(2, 3)"), data, sizeof data);
    float room[8];
    const struct { tn_tensor y; int32_t status; uint32_t differ; } bad[] = {
        { tn_view(room, 0, 2, 3, 2, 0, 0), TN_E_BATCH, 3 },
        { tn_view(room, 0, 2, 2, 4, 0, 0), TN_E_FEATURES, 2 },
        { tn_view(room, 0, 1, 6, 0, 0, 0), TN_E_RANK, 0 },
        { tn_view(room, 0, 0, 0, 0, 0, 0), TN_E_RANK, 0 },
        { tn_as(tn_view(room, 0, 2, 2, 3, 0, 0), TN_I32), TN_E_DTYPE, 0 },
        { tn_as(tn_view(room, 0, 2, 2, 3, 0, 0), TN_U8), TN_E_DTYPE, 0 },
        { tn_as(tn_view(room, 0, 2, 2, 3, 0, 0), 9), TN_E_DTYPE, 0 },
        { tn_cview(room, 0, 2, 2, 3, 0, 0), TN_E_ARG, 0 },
        { tn_view(NULL, 0, 2, 2, 3, 0, 0), TN_E_NULL, 0 },
        { tn_view((char *)room + 1, 0, 2, 2, 3, 0, 0), TN_E_ALIGN, 0 },
        { tn_view(file + n - 8, 0, 2, 2, 3, 0, 0), TN_E_ALIAS, 0 },
    };
    static unsigned char before[sizeof file];
    (void)state;
    memcpy(before, file, sizeof file);
    for (size_t i = 0; i < COUNT(bad); i++) {
        tn_tensor y = bad[i].y;
        memset(room, 0x77, sizeof room);
        if ((int32_t)tn_npy_copy(&ctx, &y, file, n) != bad[i].status) fail_msg("%zu: %s", i, tn_status_name(d.status));
        assert_true(d.status == bad[i].status && d.arg == 0 && d.axes_differ == bad[i].differ && d.stage == TN_AT_LOAD);
        assert_memory_equal(&y, &bad[i].y, sizeof y);
        for (size_t k = 0; k < sizeof room; k++) assert_int_equal(((unsigned char *)room)[k], 0x77);
        assert_memory_equal(file, before, sizeof file);
    }
}

/* What follows the array is left alone: a second array begins there. */
static void arrays_in_one_file(void **state)
{
    static const int32_t one[2] = { 1, 2 };
    static const uint8_t two[3] = { 7, 8, 9 };
    unsigned char *const both = (unsigned char *)fence_bytes(400, 1);
    const unsigned char *next;
    size_t n = file_of(1, DICT("'<i4'", "False", "(2,)"), one, sizeof one), m;
    tn_tensor t;
    (void)state;
    memcpy(both, file, n);
    m = file_of(2, DICT("'|u1'", "False", "(3,)"), two, sizeof two);
    memcpy(both + n, file, m);
    assert_int_equal(tn_npy_read(&ctx, &t, both, n + m), TN_OK);
    assert_int_equal(((const int32_t *)t.data)[1], 2);
    next = (const unsigned char *)t.data + tn_bytes(&t);
    assert_ptr_equal(next, both + n);
    assert_int_equal(tn_npy_read(&ctx, &t, next, m), TN_OK);
    assert_true(t.dtype == TN_U8 && t.dim[0] == 3 && ((const uint8_t *)t.data)[2] == 9);
    fence_clear();
}

/* Any bytes: no read outside them (a page behind them is unmapped), and a view lies within. */
static int32_t try_bytes(const unsigned char *bytes, size_t n)
{
    static unsigned char room[4096];
    volatile unsigned char sum = 0;
    tn_tensor t, y = TN_ZERO;
    const tn_status got = tn_npy_read(&ctx, &t, bytes, n);
    assert_int_equal(d.status, got);
    if (got == TN_OK) {
        const unsigned char *const p = (const unsigned char *)t.data;
        assert_true(p >= bytes && p <= bytes + n && tn_bytes(&t) <= (size_t)(bytes + n - p));
        for (size_t i = 0; i < tn_bytes(&t); i++) sum = (unsigned char)(sum + p[i]);
    } else {
        assert_true(d.arg == 1 && d.stage == TN_AT_LOAD && d.rule);
    }
    ctx.query = 1;
    if (tn_npy_copy(&ctx, &y, bytes, n) == TN_OK && tn_bytes(&y) <= sizeof room) {
        ctx.query = 0;
        y.data = room;
        assert_int_equal(tn_npy_copy(&ctx, &y, bytes, n), TN_OK);
    }
    ctx.query = 0;
    return got;
}

static void hostile_bytes(void **state)
{
    static const char *const dicts[] = { DICT("'<f4'", "False", "(2, 3)"), DICT("'>i4'", "True", "(3, 2)"), DICT("'|u1'", "False", "(1, 4, 6)"),
                                         DICT("[('a', '<f4')]", "False", "(6,)"), DICT("'<f8'", "False", "()") };
    static const unsigned char data[24];
    size_t taken = 0, refusals = 0;
    (void)state;
    for (size_t k = 0; k < COUNT(dicts); k++)
        for (int version = 1; version <= 2; version++) {
            const size_t n = file_of(version, dicts[k], data, sizeof data), text = strlen(dicts[k]) + 14;
            unsigned char *const bytes = (unsigned char *)fence_bytes(n, 1);
            memcpy(bytes, file, n);
            for (size_t i = 0; i < text; i++)
                for (int v = 1; v < 256; v++) {
                    bytes[i] ^= (unsigned char)v;
                    if (try_bytes(bytes, n) == TN_OK) taken++;
                    else refusals++;
                    bytes[i] ^= (unsigned char)v;
                }
            for (size_t size = 0; size < n; size++) { /* the end of the file at the end of the page */
                memmove(bytes + n - size, file, size);
                if (k != 4 && k != 3) assert_int_equal(try_bytes(bytes + n - size, size), TN_E_FILE);
                else (void)try_bytes(bytes + n - size, size);
            }
            fence_clear();
        }
    if (taken < 100 || refusals < 100000) fail_msg("%zu taken, %zu refused", taken, refusals);
    for (size_t size = 0; size < strlen(dicts[1]); size++) { /* headers that end too soon, at the end of the page */
        unsigned char *const bytes = (unsigned char *)fence_bytes(10 + size, 1);
        memcpy(bytes, "\x93NUMPY\1", 8);
        bytes[8] = (unsigned char)size;
        bytes[9] = 0;
        memcpy(bytes + 10, dicts[1], size);
        assert_int_equal(try_bytes(bytes, 10 + size), TN_E_FILE);
        fence_clear();
    }
    /* headers made of the words that headers are made of */
    for (int round = 0; round < 20000; round++) {
        static const char *const word[] = { "{", "}", "(", ")", "'", "\"", ",", ":", "'descr'", "'fortran_order'", "'shape'", "True", "False", "'<f4'",
                                            "3", "0", "2147483647", "L", " ", "[", "'|O'", "{'descr': '<f4', ", "'shape': (2, ", "'fortran_order': False, " };
        unsigned char *bytes;
        char dict[600] = "";
        size_t n;
        for (int i = random_int(1, 16); i > 0; i--) strcat(dict, word[random_bits() % COUNT(word)]);
        n = file_of(1, dict, data, sizeof data);
        bytes = (unsigned char *)fence_bytes(n, 1);
        memcpy(bytes, file, n);
        (void)try_bytes(bytes, n);
        fence_clear();
    }
}

/* ---- tn_stack ---- */

static void samples_become_one_tensor(void **state)
{
    static float a[6], b[6], c[6], y[18];
    static uint8_t bytes[3] = { 1, 2, 3 }, out[3];
    const int32_t whole[] = { 3, 2, 3 };
    tn_tensor x[3], all, one;
    const tn_tensor *list[3];
    float *const from[] = { a, b, c };
    (void)state;
    for (int i = 0; i < 3; i++) {
        fill_ints(from[i], 6, -9, 9);
        x[i] = tn_cview(from[i], 0, 2, 2, 3, 0, 0);
        list[i] = &x[i];
    }
    all = tn_view(y, 0, 3, 3, 2, 3, 0);
    assert_int_equal(tn_stack(&ctx, &all, list, 3, NULL), TN_OK);
    for (int i = 0; i < 18; i++) assert_true(bits_of(y[i]) == bits_of(from[i / 6][i % 6]));
    assert_int_equal(d.status, TN_OK);

    memset(&all, 0x5a, sizeof all); /* a query: shapes alone */
    for (int i = 0; i < 3; i++) x[i].data = NULL;
    ctx.query = 1;
    ctx.need = 7;
    assert_int_equal(tn_stack(&ctx, &all, list, 3, NULL), TN_OK);
    assert_true(is_shape(&all, TN_F32, 3, whole) && !all.data && !all.flags && ctx.need == 0);
    x[0].axes = TNI_AX('T', 0) | TNI_AX('F', 1);
    assert_int_equal(tn_stack(&ctx, &all, list, 3, NULL), TN_OK);
    assert_int_equal(all.axes, TN_NTF);
    ctx.query = 0;

    x[0] = tn_as(tn_view(bytes, 0, 0, 0, 0, 0, 0), TN_U8); /* numbers to a row */
    x[1] = tn_as(tn_view(bytes + 1, 0, 0, 0, 0, 0, 0), TN_U8);
    x[2] = tn_as(tn_view(bytes + 2, 0, 0, 0, 0, 0, 0), TN_U8);
    one = tn_as(tn_view(out, TN_N, 1, 3, 0, 0, 0), TN_U8);
    assert_int_equal(tn_stack(NULL, &one, list, 3, NULL), TN_OK);
    assert_memory_equal(out, bytes, 3);
}

enum { MOST = 100 };
static tn_tensor samples[MOST];
static const tn_tensor *sample_list[MOST];
static int32_t room[MOST * 64];

/* count samples, all of this shape */
static void make_samples(int count, int32_t dtype, int32_t axes, int32_t rank, int a, int b, int c)
{
    memset(room, 0, sizeof room);
    for (int i = 0; i < count; i++) {
        samples[i] = tn_as(tn_view(room, axes, rank, a, b, c, 0), dtype);
        sample_list[i] = &samples[i];
    }
}

/* In a query and in the call: the record, as JSON too, and its text. */
static void stack_refused(tn_tensor *y, int count, const char *const *names, int32_t status, int32_t cause, const char *words)
{
    static float before[sizeof room / sizeof(float)];
    char text[3000];
    for (int query = 0; query < 2; query++) {
        const tn_tensor was = *y;
        memcpy(before, room, sizeof room);
        ctx.query = query;
        if ((int32_t)tn_stack(tn_at(&ctx, "load.c", 9, "&y, pictures, n, names"), y, sample_list, count, names) != status || d.cause != cause)
            fail_msg("%s (%s), must be %s (%s)", tn_status_name(d.status), tn_cause_name(d.cause), tn_status_name(status), tn_cause_name(cause));
        ctx.query = 0;
        assert_true(d.status == status && d.stage == TN_AT_LOAD && d.arg == 1 && d.line == 9 && !d.expected.data && !d.received.data);
        assert_string_equal(d.call, "tn_stack");
        assert_memory_equal(&was, y, sizeof was);
        assert_memory_equal(before, room, sizeof room);
        assert_in_range(tn_diag_format(&d, TN_FULL, text, sizeof text), 1, sizeof text - 1);
        if (!strstr(text, words) || !strstr(text, "at LOAD\n") || !strstr(text, "\n  fix")) fail_msg("no \"%s\" in %s", words, text);
        assert_in_range(tn_diag_format(&d, TN_JSON, text, sizeof text), 1, sizeof text - 1);
    }
}

static void ragged_pictures(void **state)
{
    const char *names[MOST] = { NULL };
    tn_tensor y = tn_as(tn_view(room + 32 * MOST, 0, 4, 100, 4, 4, 3), TN_U8);
    (void)state;
    names[1] = "cat/0007.png";
    make_samples(100, TN_U8, 0, 3, 4, 4, 3);
    samples[1].dim[0] = samples[40].dim[1] = 3;
    stack_refused(&y, 100, names, TN_E_RAGGED, TN_CAUSE_IMAGES, "sample 1 is (H=3, W=4, C=3), those before it are (H=4, W=4, C=3), as are 98 of 100 in all");
    assert_string_equal(d.role, "cat/0007.png");
    assert_true(d.axes_differ == 1 && d.number[0] == 1 && d.number[1] == 98 && d.number[2] == 100);

    make_samples(100, TN_U8, 0, 3, 4, 4, 3);
    samples[15].dim[2] = 1;
    stack_refused(&y, 100, names, TN_E_RAGGED, TN_CAUSE_GRAY_AMONG_RGB, "image 15 has 1 channels, those before it have 3");
    assert_string_equal(d.role, "x");
    assert_int_equal(d.axes_differ, 4);
    stack_refused(&y, 100, NULL, TN_E_RAGGED, TN_CAUSE_GRAY_AMONG_RGB, "load all as RGB");

    samples[15] = tn_as(tn_view(room, 0, 2, 4, 4, 0, 0), TN_U8); /* a gray one without a channel axis */
    stack_refused(&y, 100, NULL, TN_E_RAGGED, TN_CAUSE_GRAY_AMONG_RGB, "image 15 has 1 channels, those before it have 3");
    samples[15].dim[0] = 5;
    stack_refused(&y, 100, NULL, TN_E_RAGGED, TN_CAUSE_IMAGES, "sample 15 is (5, 4)");

    make_samples(3, TN_U8, TNI_AX('H', 0) | TNI_AX('W', 1), 2, 4, 4, 0); /* gray pictures, not sequences */
    samples[2].dim[0] = 5;
    stack_refused(&y, 3, NULL, TN_E_RAGGED, TN_CAUSE_IMAGES, "sample 2 is (H=5, W=4)");
    make_samples(3, TN_U8, 0, 3, 4, 4, 1); /* the first is the odd one */
    samples[1].dim[2] = samples[2].dim[2] = 4;
    stack_refused(&y, 3, NULL, TN_E_RAGGED, TN_CAUSE_GRAY_AMONG_RGB, "image 1 has 4 channels, those before it have 1");
    samples[0].dim[2] = 3;
    stack_refused(&y, 3, NULL, TN_E_RAGGED, TN_CAUSE_IMAGES, "C=4");
}

static void ragged_sequences(void **state)
{
    tn_tensor y = tn_view(room + 32 * MOST, 0, 3, 100, 8, 1, 0);
    (void)state;
    make_samples(100, TN_F32, 0, 2, 2, 1, 0);
    for (int i = 0; i < 100; i++) samples[i].dim[0] = 2 + i % 7;
    stack_refused(&y, 100, NULL, TN_E_RAGGED, TN_CAUSE_SEQUENCES, "100 sequences of 2 to 8 steps");
    stack_refused(&y, 100, NULL, TN_E_RAGGED, TN_CAUSE_SEQUENCES, "tn_pad_sequences(&ctx, &t, &mask, &all, &lengths, NULL) with t (100, 8, F)");
    for (int i = 0; i < 100; i++) samples[i].rank = 1;
    y.rank = 2;
    stack_refused(&y, 100, NULL, TN_E_RAGGED, TN_CAUSE_SEQUENCES, "100 sequences of 2 to 8 steps");
    make_samples(2, TN_F32, TNI_AX('T', 0) | TNI_AX('F', 1), 2, 3, 2, 0); /* another number of features */
    samples[1].dim[1] = 3;
    stack_refused(&y, 2, NULL, TN_E_RAGGED, TN_CAUSE_IMAGES, "sample 1 is (T=3, F=3), those before it are (T=3, F=2)");
}

static void stacks_of_other_things(void **state)
{
    const char *const names[] = { "a.png", "b.png" };
    tn_tensor y = tn_as(tn_view(room + 32 * MOST, TN_NHWC, 4, 2, 4, 4, 3), TN_U8), before;
    (void)state;
    /* 16 bits: proved by a value, which a query does not look at */
    make_samples(2, TN_U8, 0, 3, 4, 4, 3);
    samples[1].dtype = TN_I32;
    room[47] = 255;
    stack_refused(&y, 2, names, TN_E_DTYPE, 0, "int32");
    room[47] = 256;
    before = y;
    assert_int_equal(tn_stack(&ctx, &y, sample_list, 2, names), TN_E_DTYPE);
    assert_true(d.cause == TN_CAUSE_PALETTE_OR_16_BIT_IMAGE && d.stage == TN_AT_LOAD && d.expected.dtype == TN_U8 && d.received.dtype == TN_I32);
    assert_string_equal(d.role, "b.png");
    assert_memory_equal(&before, &y, sizeof y);
    samples[0].dtype = TN_I32; /* all of them */
    assert_int_equal(tn_stack(&ctx, &y, sample_list, 2, NULL), TN_E_DTYPE);
    assert_int_equal(d.cause, TN_CAUSE_PALETTE_OR_16_BIT_IMAGE);

    /* all alike, and not as y: the target size and the colour mode */
    make_samples(2, TN_U8, 0, 3, 5, 6, 3);
    assert_int_equal(tn_stack(&ctx, &y, sample_list, 2, NULL), TN_E_SPATIAL);
    assert_true(d.cause == TN_CAUSE_RESIZE_NEEDED && d.axes_differ == 6 && d.arg == 1 && d.stage == TN_AT_LOAD);
    make_samples(2, TN_U8, 0, 3, 4, 4, 1);
    assert_int_equal(tn_stack(&ctx, &y, sample_list, 2, NULL), TN_E_CHANNELS);
    assert_int_equal(d.cause, TN_CAUSE_GRAY_INTO_RGB);
    make_samples(3, TN_U8, 0, 3, 4, 4, 3);
    assert_int_equal(tn_stack(&ctx, &y, sample_list, 3, NULL), TN_E_BATCH);
    assert_int_equal(d.axes_differ, 1);

    assert_int_equal(tn_stack(&ctx, &y, sample_list, 0, NULL), TN_E_EMPTY);
    assert_int_equal(d.arg, 2);
    samples[1].rank = TN_MAX_RANK;
    for (int i = 0; i < TN_MAX_RANK; i++) samples[1].dim[i] = 1;
    stack_refused(&y, 2, names, TN_E_RANK, 0, "one more");
    make_samples(2, TN_U8, 0, 3, 4, 4, 3);
    samples[1].dim[2] = 0;
    stack_refused(&y, 2, names, TN_E_EMPTY, 0, "b.png");
    sample_list[1] = NULL;
    stack_refused(&y, 2, names, TN_E_NULL, 0, "b.png");
    make_samples(2, TN_U8, 0, 3, 65536, 32768, 4);
    if (sizeof(size_t) == 4) stack_refused(&y, 2, names, TN_E_OVERFLOW, 0, "product");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
    const struct CMUnitTest tests[] = {
        TEST(a_file_of_numpys_is_a_view), TEST(headers), TEST(headers_are_refused), TEST(other_files_are_refused),
        TEST(copies_are_equal_to_the_array), TEST(copies_are_refused_and_nothing_is_written), TEST(arrays_in_one_file), TEST(hostile_bytes),
        TEST(samples_become_one_tensor), TEST(ragged_pictures), TEST(ragged_sequences), TEST(stacks_of_other_things)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
