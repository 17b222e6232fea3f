#include "include/kith_memory.h"
#include <malloc.h>

void kith_fit_memory(void) {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

void kith_return_memory(void) { malloc_trim(0); }
