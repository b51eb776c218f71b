/* expect: `*v` is an array of variable length */
/* field: constant_size */
/* only: c */
#ifdef TWIN
#define IT 96
#else
#define IT n
#endif
static float logits[8][10], fc[96][10], feat[8][96];
void f(int n, float (*v)[8][IT]);
void f(int n, float (*v)[8][IT])
{
    (void)n;
    TN_DENSE_SHAPES(logits, *v, fc, TN_NO_BIAS);
    (void)feat;
}
