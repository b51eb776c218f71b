/* expect: F of `wx` must equal F of `seq` (axis 0 of `wx`) */
/* numbers: 12 13 */
/* field: lstm_features */
#ifdef TWIN
#define IT 12
#else
#define IT 13
#endif
static float hid[8][5][16], seq[8][5][12], wx[IT][64], wh[16][64], bias[64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, bias);
}
