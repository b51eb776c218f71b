/* expect: C of `y` must equal C of `act` */
/* numbers: 16 15 */
/* field: pool2d_channels */
#ifdef TWIN
#define IT 16
#else
#define IT 15
#endif
static float y[8][15][15][IT], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, 2, 2, 0, 0, TN_VALID);
}
