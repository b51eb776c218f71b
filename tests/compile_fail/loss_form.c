/* expect: `target` holds class indices, which are [N] or [N][1]; one row per class is float [N][K] */
/* field: loss_form */
#ifdef TWIN
#define IT 1
#else
#define IT 10
#endif
static float x[32][10];
static uint8_t target[32][IT];
void f(void);
void f(void)
{
    TN_LOSS_SHAPES(x, target);
}
