/* expect: `l2`: `l1` must be a sequence, T x F */
/* field: chain_lstm */
#ifdef TWIN
#define IT TN_CHAIN_LSTM_SEQUENCES
#else
#define IT TN_CHAIN_LSTM
#endif
TN_CHAIN_INPUT_TF(in, 20, 6);
IT(l1, in, 64);
TN_CHAIN_LSTM_SEQUENCES(l2, l1, 32);
