/* expect: TN_CAUSAL is for sequences: H of `seq` and KH must be 1 */
/* field: conv2d_causal */
#ifdef TWIN
#define IT 1
#else
#define IT 2
#endif
static float seq[8][1][50][6], taps[IT][3][6][4], out[8][1][50][4];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(out, seq, taps, TN_NO_BIAS, 1, 1, 1, 2, 1, TN_CAUSAL);
}
