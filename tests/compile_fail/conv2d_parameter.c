/* expect: `IT` must be an array float[N][H][W][C]; for a pointer or another layout: tn_view, and the call checks */
/* field: plain_array */
#ifdef TWIN
#define IT img
#else
#define IT x
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][30][16];
void f(float x[8][32][32][4]);
void f(float x[8][32][32][4])
{
    (void)x;
    TN_CONV2D_SHAPES(act, IT, filt, TN_NO_BIAS, 1, 1, 1, 1, 1, TN_VALID);
}
