/* vec/names.h - the vocabulary's names. Each expands to itself and the pass: tnv_add -> tnv_add_avx2. vec/scalar.h is
 * their dictionary. A word is thus defined and used under one short name, is a typed function, and shows as
 * tnv_add_avx2 in a debugger. */

/* types */
#define tnv_f32 TNI_PASTE(tnv_f32_, TNI_PASS)
#define tnv_i32 TNI_PASTE(tnv_i32_, TNI_PASS)
#define tnv_bool TNI_PASTE(tnv_bool_, TNI_PASS)
#define tnv_tail TNI_PASTE(tnv_tail_, TNI_PASS)

/* memory */
#define tnv_load TNI_PASTE(tnv_load_, TNI_PASS)
#define tnv_store TNI_PASTE(tnv_store_, TNI_PASS)
#define tnv_first TNI_PASTE(tnv_first_, TNI_PASS)
#define tnv_load_first TNI_PASTE(tnv_load_first_, TNI_PASS)
#define tnv_load_first_or TNI_PASTE(tnv_load_first_or_, TNI_PASS)
#define tnv_store_first TNI_PASTE(tnv_store_first_, TNI_PASS)
#define tnv_load4 TNI_PASTE(tnv_load4_, TNI_PASS)
#define tnv_store4 TNI_PASTE(tnv_store4_, TNI_PASS)

/* make */
#define tnv_set1 TNI_PASTE(tnv_set1_, TNI_PASS)
#define tnv_set1_at TNI_PASTE(tnv_set1_at_, TNI_PASS)
#define tnv_iset1 TNI_PASTE(tnv_iset1_, TNI_PASS)

/* arithmetic */
#define tnv_add TNI_PASTE(tnv_add_, TNI_PASS)
#define tnv_sub TNI_PASTE(tnv_sub_, TNI_PASS)
#define tnv_mul TNI_PASTE(tnv_mul_, TNI_PASS)
#define tnv_div TNI_PASTE(tnv_div_, TNI_PASS)
#define tnv_sqrt TNI_PASTE(tnv_sqrt_, TNI_PASS)
#define tnv_abs TNI_PASTE(tnv_abs_, TNI_PASS)
#define tnv_neg TNI_PASTE(tnv_neg_, TNI_PASS)
#define tnv_with_sign TNI_PASTE(tnv_with_sign_, TNI_PASS)
#define tnv_fma TNI_PASTE(tnv_fma_, TNI_PASS)
#define tnv_fnma TNI_PASTE(tnv_fnma_, TNI_PASS)
#define tnv_max TNI_PASTE(tnv_max_, TNI_PASS)
#define tnv_min TNI_PASTE(tnv_min_, TNI_PASS)
#define tnv_round TNI_PASTE(tnv_round_, TNI_PASS)
#define tnv_ldexp TNI_PASTE(tnv_ldexp_, TNI_PASS)

/* choose */
#define tnv_gt TNI_PASTE(tnv_gt_, TNI_PASS)
#define tnv_ge TNI_PASTE(tnv_ge_, TNI_PASS)
#define tnv_eq TNI_PASTE(tnv_eq_, TNI_PASS)
#define tnv_nan TNI_PASTE(tnv_nan_, TNI_PASS)
#define tnv_and TNI_PASTE(tnv_and_, TNI_PASS)
#define tnv_or TNI_PASTE(tnv_or_, TNI_PASS)
#define tnv_not TNI_PASTE(tnv_not_, TNI_PASS)
#define tnv_select TNI_PASTE(tnv_select_, TNI_PASS)

/* across 16 virtual lanes */
#define tnv_sum16 TNI_PASTE(tnv_sum16_, TNI_PASS)
#define tnv_max16 TNI_PASTE(tnv_max16_, TNI_PASS)

/* bits and integers */
#define tnv_bits TNI_PASTE(tnv_bits_, TNI_PASS)
#define tnv_float TNI_PASTE(tnv_float_, TNI_PASS)
#define tnv_to_int TNI_PASTE(tnv_to_int_, TNI_PASS)
#define tnv_to_float TNI_PASTE(tnv_to_float_, TNI_PASS)
#define tnv_iadd TNI_PASTE(tnv_iadd_, TNI_PASS)
#define tnv_isub TNI_PASTE(tnv_isub_, TNI_PASS)
#define tnv_iand TNI_PASTE(tnv_iand_, TNI_PASS)
#define tnv_ior TNI_PASTE(tnv_ior_, TNI_PASS)
#define tnv_ixor TNI_PASTE(tnv_ixor_, TNI_PASS)
#define tnv_ishl TNI_PASTE(tnv_ishl_, TNI_PASS)
#define tnv_ishr TNI_PASTE(tnv_ishr_, TNI_PASS)

/* functions of vec/math.h */
#define tnv_exp TNI_PASTE(tnv_exp_, TNI_PASS)
#define tnv_exp_neg TNI_PASTE(tnv_exp_neg_, TNI_PASS)
#define tnv_expm1 TNI_PASTE(tnv_expm1_, TNI_PASS)
#define tnv_log TNI_PASTE(tnv_log_, TNI_PASS)
#define tnv_log1p TNI_PASTE(tnv_log1p_, TNI_PASS)
#define tnv_tanh TNI_PASTE(tnv_tanh_, TNI_PASS)
#define tnv_sigmoid TNI_PASTE(tnv_sigmoid_, TNI_PASS)
#define tnv_erf TNI_PASTE(tnv_erf_, TNI_PASS)
#define tnv_softplus TNI_PASTE(tnv_softplus_, TNI_PASS)
#define tnv_exp_part TNI_PASTE(tnv_exp_part_, TNI_PASS)
#define tnv_log_part TNI_PASTE(tnv_log_part_, TNI_PASS)
#define tnv_log_ends TNI_PASTE(tnv_log_ends_, TNI_PASS)
