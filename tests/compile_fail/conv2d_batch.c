/* expect: N of `act` must equal N of `img` (axis 0 of `act`) */
/* numbers: 8 7 */
/* field: conv2d_batch */
#ifdef TWIN
#define IT 8
#else
#define IT 7
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[IT][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
