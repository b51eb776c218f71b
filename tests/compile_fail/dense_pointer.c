/* expect: `p` must be an array float[I][O]; for a pointer or another layout: tn_view, and the call checks */
/* field: plain_array */
#ifdef TWIN
#define IT p[96][10]
#else
#define IT (*p)[10]
#endif
static float logits[8][10], feat[8][96], IT;
void f(void);
void f(void)
{
    (void)p;
    TN_DENSE_SHAPES(logits, feat, p, TN_NO_BIAS);
}
