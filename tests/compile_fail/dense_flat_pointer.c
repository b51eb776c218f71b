/* expect: `p` must be an array float[O], or TN_NO_BIAS; for a pointer */
/* field: plain_array */
#ifdef TWIN
#define IT p[10]
#else
#define IT *p
#endif
static float logits[8][10], feat[8][96], fc[96][10], IT;
void f(void);
void f(void)
{
    (void)p;
    TN_DENSE_SHAPES(logits, feat, fc, p);
}
