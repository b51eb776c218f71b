/* expect: `target` must be [N], [N][1] or as wide as K of `x` */
/* numbers: 10 9 */
/* field: loss_classes */
#ifdef TWIN
#define IT 10
#else
#define IT 9
#endif
static float x[32][10];
static float target[32][IT];
void f(void);
void f(void)
{
    TN_LOSS_SHAPES(x, target);
}
