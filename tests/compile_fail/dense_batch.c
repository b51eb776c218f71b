/* expect: N of `logits` must equal N of `feat` */
/* numbers: 8 9 */
/* field: dense_batch */
#ifdef TWIN
#define IT 8
#else
#define IT 9
#endif
static float logits[IT][10], feat[8][96], fc[96][10], bias[10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(logits, feat, fc, bias);
}
