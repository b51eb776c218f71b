/* expect: O of `logits` must equal O of `fc` */
/* numbers: 10 11 */
/* field: dense_outputs */
#ifdef TWIN
#define IT 10
#else
#define IT 11
#endif
static float logits[8][IT], feat[8][96], fc[96][10], bias[10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(logits, feat, fc, bias);
}
