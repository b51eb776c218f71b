/* expect: `act` must be an array float[][][] */
/* field: plain_array */
#ifdef TWIN
#define IT act[4][5][6]
#else
#define IT act[4][5]
#endif
static float IT;
void f(void);
int g(void);
void f(void) {}
int g(void)
{
    const tn_tensor t = TN_OF3(act, TN_NTF);
    return t.rank;
}
