#pragma once
#include <vterm.h>

/* Whether a character stands on the one before it; libvterm's own table, so that we count as it does. */
int vterm_unicode_is_combining(uint32_t codepoint);
