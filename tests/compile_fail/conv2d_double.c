/* expect: `filt` must be an array float[KH][KW][I][O] */
/* field: plain_array */
#ifdef TWIN
#define IT float
#else
#define IT double
#endif
static IT filt[3][3][4][16];
static float img[8][32][32][4], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
