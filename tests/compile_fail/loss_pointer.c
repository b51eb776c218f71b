/* expect: `p` must be an array of 1 or 2 axes of uint8_t, int32_t, int64_t or float */
/* field: plain_array */
#ifdef TWIN
#define IT p[32]
#else
#define IT *p
#endif
static float x[32][10];
static int32_t IT;
void f(void);
void f(void)
{
    (void)p;
    TN_LOSS_SHAPES(x, p);
}
