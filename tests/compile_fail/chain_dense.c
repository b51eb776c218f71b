/* expect: `d`: dense on the image `f` (H x W x C): insert flatten, TN_CHAIN_FLATTEN, before it */
/* field: chain_dense */
#ifdef TWIN
#define IT TN_CHAIN_FLATTEN(f, c1)
#else
#define IT TN_CHAIN_POOL2D(f, c1, 2, 2)
#endif
TN_CHAIN_INPUT(in, 32, 32, 3);
TN_CHAIN_CONV2D(c1, in, 32, 3, 3, 1, TN_VALID);
IT;
TN_CHAIN_DENSE(d, f, 10);
