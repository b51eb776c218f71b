/* expect: the height of the window */
/* numbers: 30 31 */
/* field: pool2d_window_height */
#ifdef TWIN
#define IT 30
#else
#define IT 31
#endif
static float y[8][1][15][16], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, IT, 2, 2, 2, TN_VALID);
}
