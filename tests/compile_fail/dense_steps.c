/* expect: T of `out` must equal T of `seq` */
/* numbers: 20 19 */
/* field: dense_steps */
#ifdef TWIN
#define IT 20
#else
#define IT 19
#endif
static float out[8][IT][10], seq[8][20][6], fc[6][10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(out, seq, fc, TN_NO_BIAS);
}
