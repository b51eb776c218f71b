/* expect: W of `y` must be */
/* numbers: 29 15 */
/* field: pool2d_width */
#ifdef TWIN
#define IT 0
#else
#define IT 1
#endif
static float y[8][15][15][16], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, 2, 2, 0, IT, TN_VALID);
}
