/* Elements of any type in the arena. */
#ifndef EML_ELEMENT_H
#define EML_ELEMENT_H

#include "bytes.h"

/* Binary logarithm of the bytes of an element. */
int32_t eml_size_shift(int32_t type);

/* Least and greatest value of a type; int64 and float32 count as int32. */
int32_t eml_type_min(int32_t type);
int32_t eml_type_max(int32_t type);

/* An element; of an int64 its low 32 bits, of a float32 all its bits. */
int32_t eml_read(const int8_t *from, int32_t type);

/* As many low bits of a value as the type has; an int64 is sign-extended, a boolean is whether the value is not 0. */
void eml_write(int8_t *to, int32_t type, int32_t value);

#endif
