/* kernel/math.h - y[i] = f(x[i]) for every f of impl/math_list.h. y may be x. */
#define TNK_MAP(name, ret, args)                                                                    \
    TNK_FN ret TNK(name) args                                                                       \
    {                                                                                               \
        size_t i = 0;                                                                               \
        for (; n - i >= TNV_LANES; i += TNV_LANES) tnv_store(y + i, tnv_##name(tnv_load(x + i)));   \
        if (i < n) {                                                                                \
            const tnv_tail tail = tnv_first(n - i);                                                 \
            tnv_store_first(y + i, tnv_##name(tnv_load_first(x + i, tail)), tail);                  \
        }                                                                                           \
    }
TNI_MATH(TNK_MAP)
#undef TNK_MAP
