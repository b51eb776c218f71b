/* expect: I of `fc` must equal I of `seq` */
/* numbers: 1 20 */
/* field: dense_inputs */
#ifdef TWIN
#define IT 1
#else
#define IT 20
#endif
static float out[8][20][10], seq[8][20][1], fc[IT][10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(out, seq, fc, TN_NO_BIAS);
}
