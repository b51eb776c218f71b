/* expect: U of `hid` must equal U of `wh` */
/* numbers: 16 64 */
/* field: lstm_units */
#ifdef TWIN
#define IT 16
#else
#define IT 64
#endif
static float hid[8][5][IT], seq[8][5][12], wx[12][64], wh[16][64], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
