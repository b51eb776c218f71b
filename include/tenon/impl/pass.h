/* impl/pass.h - one instruction set: its vocabulary, then every kernel. Included once per instruction
 * set, so no guards. */

#if defined(TNI_PASS_SCALAR)
#define TNI_PASS_ISA TN_ISA_SCALAR
#include "../vec/scalar.h"
#elif defined(TNI_PASS_AVX2)
#define TNI_PASS_ISA TN_ISA_AVX2
#include "../vec/avx2.h"
#elif defined(TNI_PASS_AVX512)
#define TNI_PASS_ISA TN_ISA_AVX512
#include "../vec/avx512.h"
#elif defined(TNI_PASS_NEON)
#define TNI_PASS_ISA TN_ISA_NEON
#include "../vec/neon.h"
#else
#error "tenon: TENON_SELF names another file; define it to this header's name"
#endif

/* Kernels are plain functions tnk_<name>_<isa>, visible under these names in a debugger and in perf. */
#define TNK(name) TNI_PASTE(TNI_PASTE(tnk_, name), TNI_PASTE(_, TNI_PASS))
#define TNK_FN static TNI_UNUSED TNV_TARGET
#define TNV_VIRTUAL (16 / TNV_LANES) /* vectors in the 16 virtual lanes of a reduction */
#define TNV_PANEL ((size_t)TNV_TILE_VECS * TNV_LANES)

#include "../vec/math.h"
#include "../kernel/activation.h"
#include "../kernel/softmax.h"
#include "../kernel/tile.h"
#include "../kernel/gemm.h"
#include "../kernel/conv2d.h"
#include "../kernel/lstm.h"
#include "../kernel/random.h"
#include "../kernel/move.h"
#include "../kernel/convert.h"
#include "../kernel/pick.h"
#include "../kernel/transform.h"
#include "../kernel/resize.h"
#include "../kernel/pool.h"
#include "../kernel/loss.h"
#include "../kernel/optimizer.h"
#include "../kernel/norm.h"
#include "../kernel/layer_norm.h"

#define TNI_INIT(name, ret, args) , TNK(name)
static const tni_table TNK(table) = { TNI_PASS_ISA, (uint32_t)TNV_PANEL TNI_KERNELS(TNI_INIT) };
#undef TNI_INIT

#if defined(TNI_TEST_PASS) /* tests reach the words themselves through a file of their own */
#include TNI_TEST_PASS
#endif

#undef TNI_PASS_ISA
#undef TNV_VIRTUAL
#undef TNV_PANEL
#undef TNK
#undef TNK_FN
#include "../vec/end.h"
