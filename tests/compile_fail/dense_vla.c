/* expect: `v` is an array of variable length: view it with tn_view, and the call checks */
/* field: constant_size */
#ifdef TWIN
#define IT 8
#else
#define IT n
#endif
static float logits[8][10], fc[96][10];
void f(int n);
void f(int n)
{
    (void)n;
    float v[IT][96];
    (void)v;
    TN_DENSE_SHAPES(logits, v, fc, TN_NO_BIAS);
}
