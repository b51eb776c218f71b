/* expect: H of `y` must be */
/* numbers: 15 14 */
/* field: pool2d_height */
#ifdef TWIN
#define IT 15
#else
#define IT 14
#endif
static float y[8][IT][15][16], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, 2, 2, 0, 0, TN_VALID);
}
