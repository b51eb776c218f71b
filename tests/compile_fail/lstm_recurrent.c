/* expect: `wh` must be [U][4U]: four gates (axis 1 of `wh`) */
/* numbers: 64 16 */
/* field: lstm_recurrent */
#ifdef TWIN
#define IT 64
#else
#define IT 16
#endif
static float hid[8][5][16], seq[8][5][12], wx[12][64], wh[16][IT], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
