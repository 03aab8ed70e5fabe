#ifndef EML_TEXT_H
#define EML_TEXT_H

#include <stdint.h>

/* Prints a number behind a text, right-aligned in a width. */
void print_number(const char *before, uint32_t number, int32_t width);

#endif
