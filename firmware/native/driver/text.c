#include "text.h"

#include "platform.h"

void print_number(const char *before, uint32_t number, int32_t width)
{
    char digits[24];
    char *first = digits + sizeof digits - 1;
    *first = '\0';
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (digits + sizeof digits - 1 - first < width && first > digits)
        *--first = ' ';
    platform_print(before);
    platform_print(first);
}
