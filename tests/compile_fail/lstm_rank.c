/* expect: `seq` must be an array float[N][T][F] */
/* field: plain_array */
#ifdef TWIN
#define IT seq[8][1][12]
#else
#define IT seq[8][12]
#endif
static float hid[8][16], IT, wx[12][64], wh[16][64];
void f(void);
void f(void)
{
    TN_LSTM_SHAPES(hid, seq, wx, wh, TN_NO_BIAS);
}
