/* expect: U of `last` must equal U of `wh` */
/* numbers: 16 5 */
/* field: lstm_units */
#ifdef TWIN
#define IT 16
#else
#define IT 5
#endif
static float last[8][IT], seq[8][5][12], wx[12][64], wh[16][64], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(last, seq, wx, wh, bias);
}
