/* expect: 4U of `wx` must be four times U of `wh` (axis 1 of `wx`) */
/* numbers: 64 48 */
/* field: lstm_gates */
#ifdef TWIN
#define IT 64
#else
#define IT 48
#endif
static float hid[8][5][16], seq[8][5][12], wx[12][IT], wh[16][64], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
