/* expect: N of `y` must equal N of `act` */
/* numbers: 8 1 */
/* field: pool2d_batch */
#ifdef TWIN
#define IT 8
#else
#define IT 1
#endif
static float y[IT][15][15][16], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, 2, 2, 0, 0, TN_VALID);
}
