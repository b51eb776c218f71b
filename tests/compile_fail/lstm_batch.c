/* expect: N of `hid` must equal N of `seq` */
/* numbers: 8 5 */
/* field: lstm_batch */
#ifdef TWIN
#define IT 8
#else
#define IT 5
#endif
static float hid[IT][5][16], seq[8][5][12], wx[12][64], wh[16][64], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
