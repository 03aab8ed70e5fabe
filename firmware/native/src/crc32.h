/* CRC-32 of IEEE 802.3: reflected polynomial EDB88320, initial value and final xor all ones. */
#ifndef EML_CRC32_H
#define EML_CRC32_H

#include <stdint.h>

uint32_t eml_crc32(const uint8_t *data, int32_t count);

#endif
