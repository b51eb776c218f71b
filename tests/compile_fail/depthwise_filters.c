/* expect: C of `act` must equal C M of `filt` (axis 3 of `act`) */
/* numbers: 32 16 */
/* field: depthwise_filters */
#ifdef TWIN
#define IT 32
#else
#define IT 16
#endif
static float act[8][30][30][IT], img[8][32][32][16], filt[3][3][16][2], bias[32];
void f(void);
void f(void)
{
    TN_DEPTHWISE_SHAPES(act, img, filt, bias, 1, 1, 1, 1, TN_VALID);
}
