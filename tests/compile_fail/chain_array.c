/* expect: I of `w` must equal I of `feat` (axis 0 of `w`) */
/* numbers: 7200 5408 */
/* field: dense_inputs */
#ifdef TWIN
#define IT 7200
#else
#define IT 5408
#endif
TN_CHAIN_INPUT(in, 32, 32, 3);
TN_CHAIN_CONV2D(c1, in, 32, 3, 3, 1, TN_VALID);
TN_CHAIN_POOL2D(p1, c1, 2, 2);
TN_CHAIN_FLATTEN(f1, p1);
static float feat[8][f1_F], w[IT][10], y[8][10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(y, feat, w, TN_NO_BIAS);
}
