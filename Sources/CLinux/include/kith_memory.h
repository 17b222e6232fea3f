#pragma once

/* Fits glibc's allocator to a daemon that moves large buffers: few arenas, and the buffers of a transfer
 * come back to the heap instead of from fresh pages. To be called once, first. */
void kith_fit_memory(void);
