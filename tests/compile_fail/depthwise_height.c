/* expect: H of `act` must be */
/* numbers: 30 31 */
/* field: depthwise_height */
#ifdef TWIN
#define IT 30
#else
#define IT 31
#endif
static float act[8][IT][30][32], img[8][32][32][16], filt[3][3][16][2], bias[32];
void f(void);
void f(void)
{
    TN_DEPTHWISE_SHAPES(act, img, filt, bias, 1, 1, 1, 1, TN_VALID);
}
