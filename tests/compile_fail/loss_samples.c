/* expect: N of `target` must equal N of `x` */
/* numbers: 32 31 */
/* field: loss_samples */
#ifdef TWIN
#define IT 32
#else
#define IT 31
#endif
static float x[32][10];
static int32_t target[IT];
void f(void);
void f(void)
{
    TN_LOSS_SHAPES(x, target);
}
