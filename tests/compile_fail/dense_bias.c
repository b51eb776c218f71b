/* expect: O of `bias` must equal O of `fc` (axis 0 of `bias`) */
/* numbers: 10 1 */
/* field: dense_bias */
#ifdef TWIN
#define IT 10
#else
#define IT 1
#endif
static float logits[8][10], feat[8][96], fc[96][10], bias[IT];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(logits, feat, fc, bias);
}
