/* expect: `p` must be an array float[] */
/* field: plain_array */
#ifdef TWIN
#define IT p[10]
#else
#define IT *p
#endif
static float IT;
void f(void);
int g(void);
void f(void) { (void)p; }
int g(void)
{
    const tn_tensor t = TN_OF1(p, TN_O);
    return t.rank;
}
