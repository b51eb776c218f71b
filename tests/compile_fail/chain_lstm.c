/* expect: `l`: `v` must be a sequence, T x F */
/* field: chain_lstm */
#ifdef TWIN
#define IT TN_CHAIN_INPUT_TF(v, 20, 6)
#else
#define IT TN_CHAIN_INPUT_F(v, 120)
#endif
IT;
TN_CHAIN_LSTM(l, v, 64);
