/* expect: `act` must be an array */
/* field: plain_array */
#ifdef TWIN
#define IT act[8][14400]
#else
#define IT act[8][30][30][16]
#endif
static float logits[8][10], IT, fc[14400][10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(logits, act, fc, TN_NO_BIAS);
}
