/* expect: T of `hid` must equal T of `seq` */
/* numbers: 5 4 */
/* field: lstm_steps */
#ifdef TWIN
#define IT 5
#else
#define IT 4
#endif
static float hid[8][IT][16], seq[8][5][12], wx[12][64], wh[16][64], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
