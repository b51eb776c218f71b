/* tests/implementation.c - the implementation that the unit tests link. */
#define TENON_IMPLEMENTATION
#include "tenon.h"
