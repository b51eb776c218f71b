/* expect: `c1`: `v` must be an image, H x W x C */
/* field: chain_image */
#ifdef TWIN
#define IT TN_CHAIN_INPUT(v, 32, 32, 3)
#else
#define IT TN_CHAIN_INPUT_F(v, 3072)
#endif
IT;
TN_CHAIN_CONV2D(c1, v, 32, 3, 3, 1, TN_VALID);
