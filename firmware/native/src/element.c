#include "element.h"

#include "format.h"

int32_t eml_size_shift(int32_t type)
{
    static const uint8_t shifts[] = {0, 1, 2, 0, 0, 3, 2};
    return shifts[type];
}

int32_t eml_type_min(int32_t type)
{
    static const int16_t least[] = {INT8_MIN, INT16_MIN, 1, 0, 0, 1, 1};
    return least[type] > 0 ? INT32_MIN : least[type];
}

int32_t eml_type_max(int32_t type)
{
    static const int16_t greatest[] = {INT8_MAX, INT16_MAX, 0, 1, UINT8_MAX, 0, 0};
    return greatest[type] == 0 ? INT32_MAX : greatest[type];
}

int32_t eml_read(const int8_t *from, int32_t type)
{
    switch (type) {
    case EML_INT8:
        return *from;
    case EML_INT16:
        return eml_int16(from);
    case EML_BOOL:
        return *from != 0;
    case EML_UINT8:
        return (uint8_t)*from;
    default:
        return eml_int32(from);
    }
}

void eml_write(int8_t *to, int32_t type, int32_t value)
{
    if (type == EML_BOOL)
        value = value != 0;
    int64_t wide = value;
    memcpy(to, &wide, (size_t)1 << eml_size_shift(type));
}
