/* tests/linked.h - in place of tenon.h for unit tests that need nothing internal: declarations alone, the implementation compiled once. */
#undef TENON_STATIC
#include "tenon.h"
