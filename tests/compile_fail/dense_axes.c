/* expect: `feat` must be an array with as many axes as `logits`, float[N][I] or float[N][T][I] */
/* field: plain_array */
#ifdef TWIN
#define IT feat[8][96]
#else
#define IT feat[8][1][96]
#endif
static float logits[8][10], IT, fc[96][10], bias[10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(logits, feat, fc, bias);
}
