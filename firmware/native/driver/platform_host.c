/* The machine that compiles. Each allocation has its exact size, so that a sanitizer finds what reaches beyond it. */
#include <stdio.h>
#include <stdlib.h>

#include "platform.h"

typedef struct block {
    struct block *next;
    void *memory;
} block;

static block *blocks;
static block *files;
static FILE *created;

static void *allocate(block **list, int32_t bytes)
{
    block *entry = malloc(sizeof *entry);
    if (entry == NULL)
        return NULL;
    entry->memory = malloc(bytes > 0 ? (size_t)bytes : 1);
    entry->next = *list;
    *list = entry;
    return entry->memory;
}

void *platform_allocate(int32_t bytes)
{
    return allocate(&blocks, bytes);
}

void platform_release(void)
{
    while (blocks != NULL) {
        block *next = blocks->next;
        free(blocks->memory);
        free(blocks);
        blocks = next;
    }
}

uint8_t *platform_read(const char *path, int32_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    uint8_t *data = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        *length = (int32_t)ftell(file);
        rewind(file);
        data = allocate(&files, *length);
        if (data != NULL && fread(data, 1, (size_t)*length, file) != (size_t)*length)
            data = NULL;
    }
    fclose(file);
    return data;
}

bool platform_create(const char *path)
{
    created = fopen(path, "wb");
    return created != NULL;
}

void platform_write(const void *data, int32_t count)
{
    fwrite(data, 1, (size_t)count, created);
}

bool platform_close(void)
{
    bool failed = ferror(created) != 0;
    return fclose(created) == 0 && !failed;
}

void platform_print(const char *text)
{
    fputs(text, stdout);
}

uint32_t platform_instructions(void)
{
    return 0;
}

void platform_loop(uint32_t count)
{
    (void)count;
}
