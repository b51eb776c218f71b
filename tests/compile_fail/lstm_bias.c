/* expect: 4U of `bias` must be four times U of `wh` */
/* numbers: 64 128 */
/* field: lstm_bias */
#ifdef TWIN
#define IT 64
#else
#define IT 128
#endif
static float hid[8][5][16], seq[8][5][12], wx[12][64], wh[16][64], bias[IT];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
