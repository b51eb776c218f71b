/* expect: I of `fc` must equal I of `feat` (axis 0 of `fc`) */
/* numbers: 96 95 */
/* field: dense_inputs */
#ifdef TWIN
#define IT 96
#else
#define IT 95
#endif
static float logits[8][10], feat[8][96], fc[IT][10], bias[10];
void f(void);
void f(void)
{
    TN_DENSE_SHAPES(logits, feat, fc, bias);
}
