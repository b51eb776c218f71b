/* api/data.h - data as other programs leave it: .npy files that lie in memory, samples that become one tensor. What is
 * refused here says TN_AT_LOAD. */

/* An .npy file, format 1, 2 or 3: f4, f8, i1, i4, i8, u1 and b1 (as u8), of up to 6 axes; never a pickle. What stands
 * behind the array is not looked at: several arrays in one file are read one after the other.
 *
 * tn_npy_read: t becomes a read-only view of bytes[size]. TN_E_UNSUPPORTED: an array in Fortran order or of the other
 * byte order; TN_E_ALIGN: it does not lie at a multiple of its element. Both are what tn_npy_copy is for: y, of the
 * file's shape and dtype, becomes the array; a query fills y, data NULL. */
TENON_API tn_status tn_npy_read(tn_context *ctx, tn_tensor *t, const void *bytes, size_t size);
TENON_API tn_status tn_npy_copy(tn_context *ctx, tn_tensor *y, const void *bytes, size_t size);

/* y[count, ...]: the samples x[0] to x[count-1], all of one shape and dtype, along a new first axis. TN_E_RAGGED names
 * the first that differs, by its number and, where names is not NULL, by names[i] as the record's role. A query looks
 * at shapes alone, before anything is decoded, and fills y, data NULL. */
TENON_API tn_status tn_stack(tn_context *ctx, tn_tensor *y, const tn_tensor *const *x, int32_t count,
                             const char *const *names);
