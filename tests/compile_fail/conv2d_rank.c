/* expect: `img` must be an array float[N][H][W][C] */
/* field: plain_array */
#ifdef TWIN
#define IT img[8][32][32][4]
#else
#define IT img[8][4096]
#endif
static float IT, filt[3][3][4][16], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
