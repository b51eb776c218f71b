/* expect: `target` must be an array of 1 or 2 axes of uint8_t, int32_t, int64_t or float */
/* field: plain_array */
#ifdef TWIN
#define IT float
#else
#define IT double
#endif
static float x[32][10];
static IT target[32];
void f(void);
void f(void)
{
    TN_LOSS_SHAPES(x, target);
}
