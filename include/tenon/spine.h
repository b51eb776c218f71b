/* tenon.h - SIMD neural-network kernels for C and C++ in one header, with shape checks that explain themselves.
 *
 * Do this:
 *     #include "tenon.h"                  in any file: declarations only, no intrinsics header
 * and in exactly ONE C or C++ file:
 *     #define TENON_IMPLEMENTATION
 *     #include "tenon.h"
 *
 * No compiler flags are needed: AVX2 and AVX-512 code is compiled with target attributes and chosen at
 * run time. Link with -lm.
 *
 * Options, defined before the include:
 *     TENON_STATIC          every function static: a private copy in the including file (implies TENON_IMPLEMENTATION)
 *     TENON_NO_AVX2, TENON_NO_AVX512, TENON_NO_NEON   leave an instruction set out
 *     TENON_USE_SLEEF       exp, log, tanh and what needs them by libsleef's u10 functions (x86; link with -lsleef)
 *     TENON_NO_EXACT_FMA    scalar code multiplies and adds separately: faster without FMA hardware, other bits
 *     TENON_NO_EXPLAIN      no sentences, rules, fixes and explanations: a refusal's record keeps code, cause, operand,
 *                           axes and shapes; its rule is NULL, and its text has numbers and names alone
 *     TENON_SELF            this file's name, if you rename it: the header includes itself once per instruction set
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TNI_PASS /* ------------------------------------------------ the ordinary inclusion ---------------------- */

#if defined(TENON_STATIC) && !defined(TENON_IMPLEMENTATION)
#define TENON_IMPLEMENTATION
#endif

#ifndef TENON_H
#define TENON_H
#include "api/config.h"
#include "api/tensor.h"
#include "impl/causes.h"
#include "api/status.h"
#include "api/context.h"
#include "api/isa.h"
#include "api/activation.h"
#include "api/dense.h"
#include "api/conv2d.h"
#include "api/pool.h"
#include "api/lstm.h"
#include "api/norm.h"
#include "api/loss.h"
#include "api/random.h"
#include "api/transform.h"
#include "api/data.h"
#include "api/model.h"
#include "impl/rules.h"
#include "api/shape.h"
#include "api/chain.h"
#endif /* TENON_H */

#if defined(TENON_IMPLEMENTATION) && !defined(TENON_IMPLEMENTED)
#define TENON_IMPLEMENTED
#include "impl/system.h"
#include "impl/sleef.h"
TNI_LIGHT
#include "impl/text.h"
#ifndef TENON_NO_EXPLAIN
#include "impl/fixes_text.h"
#include "impl/explain_text.h"
#endif
#include "impl/explain.h"
#include "impl/diag.h"
#include "impl/infer.h"
#include "impl/call.h"
#include "impl/check.h"
#include "impl/ruling.h"
#include "impl/gemm.h"
#include "impl/correlate.h"
#include "impl/taps.h"
#include "impl/lstm_layer.h"
#include "impl/training.h"
#include "impl/moments.h"
#include "impl/philox.h"
#include "impl/table.h"
TNI_LIGHT_END
#include "impl/targets.h"
TNI_LIGHT
#include "impl/cpu.h"
#include "impl/activation.h"
#include "impl/softmax.h"
#include "impl/pack.h"
#include "impl/dense.h"
#include "impl/dense_backward.h"
#include "impl/loss_check.h"
#include "impl/loss.h"
#include "impl/optimizer.h"
#include "impl/random.h"
#include "impl/initialize.h"
#include "impl/move.h"
#include "impl/convert.h"
#include "impl/pick.h"
#include "impl/window.h"
#include "impl/conv2d.h"
#include "impl/conv2d_run.h"
#include "impl/conv2d_backward.h"
#include "impl/pool.h"
#include "impl/pool_run.h"
#include "impl/lstm.h"
#include "impl/lstm_run.h"
#include "impl/lstm_backward.h"
#include "impl/lstm_import.h"
#include "impl/norm.h"
#include "impl/layer_norm.h"
#include "impl/transform.h"
#include "impl/sequences.h"
#include "impl/image.h"
#include "impl/stack.h"
#include "impl/npy.h"
#include "model/layers.h"
#include "model/weights.h"
#include "model/forward.h"
#include "model/backward.h"
#include "model/lost.h"
#include "model/shapes.h"
#include "model/look.h"
#include "model/plan.h"
#include "model/build.h"
#include "model/bind.h"
#include "model/run.h"
#include "model/values.h"
#include "model/fit.h"
#include "model/save.h"
#include "model/summary.h"
TNI_LIGHT_END
#include "impl/end.h"
#endif /* TENON_IMPLEMENTATION */

#else /* TNI_PASS ------------------------------------- one pass per instruction set: vocabulary, then kernels --- */
#include "impl/pass.h"
#endif
