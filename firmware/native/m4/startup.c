/* Vectors, memory, floating point and command line of the bare-metal image. */
#include <string.h>

#include "semihosting.h"

enum { ARGUMENTS_MAX = 8, COMMAND_LINE_MAX = 1024 };

extern uint32_t data_load, data_start, data_end, bss_start, bss_end, stack_top;

int main(int argc, char **argv);
void platform_start(void);
void reset(void);

static void stop(int32_t code)
{
    /* ADP_Stopped_ApplicationExit */
    const int32_t arguments[2] = {0x20026, code};
    semihosting(SYS_EXIT_EXTENDED, arguments);
    for (;;) {
    }
}

static void fault(void)
{
    semihosting(SYS_WRITE0, "fault\n");
    stop(3);
}

typedef struct vector_table {
    uint32_t *stack;
    void (*reset)(void);
    void (*faults[5])(void);
} vector_table;

__attribute__((section(".vectors"), used)) static const vector_table vectors = {&stack_top, reset, {fault, fault, fault, fault, fault}};

/* Cuts the command line at spaces. */
static int32_t split(char *line, char **arguments)
{
    int32_t count = 0;
    while (*line != '\0' && count < ARGUMENTS_MAX) {
        while (*line == ' ')
            *line++ = '\0';
        if (*line != '\0')
            arguments[count++] = line;
        while (*line != '\0' && *line != ' ')
            line++;
    }
    return count;
}

void reset(void)
{
    /* CPACR: full access to the floating-point unit. */
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
    __asm__ volatile("dsb\n\tisb");
    memcpy(&data_start, &data_load, (size_t)((char *)&data_end - (char *)&data_start));
    memset(&bss_start, 0, (size_t)((char *)&bss_end - (char *)&bss_start));
    platform_start();
    static char line[COMMAND_LINE_MAX];
    static char *arguments[ARGUMENTS_MAX];
    struct {
        char *text;
        int32_t size;
    } command = {line, sizeof line};
    int32_t count = semihosting(SYS_GET_CMDLINE, &command) == 0 ? split(line, arguments) : 0;
    stop(main(count, arguments));
}
