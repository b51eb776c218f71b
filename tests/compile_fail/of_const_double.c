/* expect: `act` must be an array float[][][][] */
/* field: plain_array */
#ifdef TWIN
#define IT float
#else
#define IT double
#endif
static const IT act[1][2][3][4] = TN_ZERO;
void f(void);
int g(void);
void f(void) {}
int g(void)
{
    const tn_tensor t = TN_OF4(act, TN_NHWC);
    return t.rank;
}
