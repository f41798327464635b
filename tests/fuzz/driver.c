/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver.c - main() of a fuzz program where libFuzzer is not at hand: a fixed corpus, and a fixed budget of
 * mutations of it.
 *
 *     fuzz_x                      the corpus in tests/fuzz/corpus/fuzz_x, then FUZZ_BUDGET (20000, or the
 *                                 program's own) mutations of it
 *     fuzz_x FILE|DIRECTORY...    these instead of the corpus, without mutations
 *     fuzz_x --save N FILE        writes input number N of such a run to a file, in binary, to keep
 *     fuzz_x --binary DIRECTORY   writes the corpus there as libFuzzer wants it
 *
 * The same program with the same corpus always runs the same inputs: a number names an input for good. When
 * one ends the program, its number is told, and --save brings it back. FUZZ_SEED takes another course.
 *
 * Corpus files are binary, or, when their name ends in .hex, hexadecimal digits, where blanks are ignored and
 * # begins a comment.
 */
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX 4096
#define BUDGET 20000

extern const unsigned long fuzz_budget __attribute__((weak)); /* a program's own, where an input takes long */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static volatile unsigned long running;
static bool is_running;

/* -- telling which input it was -- */

static void tell(void)
{
    char digits[24], *at = digits + sizeof(digits);
    unsigned long number = running;
    if (!is_running)
        return;
    *--at = '\n';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    static const char text[] = "fuzz driver: this was input number ";
    if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ||
        write(STDERR_FILENO, at, (size_t)(digits + sizeof(digits) - at)) < 0)
        return;
}

static void on_signal(int number)
{
    tell();
    signal(number, SIG_DFL);
    raise(number);
}

/* -- the corpus -- */

static GByteArray *decode(const char *text)
{
    GByteArray *octets = g_byte_array_new();
    int high = -1;
    for (; *text; text++) {
        if (*text == '#') {
            text += strcspn(text, "\n");
            if (!*text)
                break;
        }
        int digit = g_ascii_xdigit_value(*text);
        if (digit < 0)
            continue;
        if (high < 0) {
            high = digit;
        } else {
            uint8_t octet = (uint8_t)(high << 4 | digit);
            g_byte_array_append(octets, &octet, 1);
            high = -1;
        }
    }
    return octets;
}

static void load_file(GPtrArray *corpus, const char *path)
{
    char *content;
    gsize length;
    GError *error = NULL;
    if (!g_file_get_contents(path, &content, &length, &error)) {
        fprintf(stderr, "%s\n", error->message);
        exit(EXIT_FAILURE);
    }
    if (g_str_has_suffix(path, ".hex")) {
        g_ptr_array_add(corpus, decode(content));
        g_free(content);
    } else {
        g_ptr_array_add(corpus, g_byte_array_new_take((guint8 *)content, length));
    }
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void load(GPtrArray *corpus, const char *path)
{
    GDir *directory = g_dir_open(path, 0, NULL);
    if (!directory) {
        load_file(corpus, path);
        return;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(directory)) != NULL;)
        g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_dir_close(directory);
    g_ptr_array_sort(names, compare_names); /* a directory's own order is nobody's */
    for (unsigned i = 0; i < names->len; i++)
        load_file(corpus, g_ptr_array_index(names, i));
    g_ptr_array_free(names, TRUE);
}

static void load_own_corpus(GPtrArray *corpus, const char *program)
{
    const char *top = g_getenv("srcdir");
    char *name = g_path_get_basename(program);
    const char *own = g_str_has_prefix(name, "lt-") ? name + 3 : name;
    char *path = g_build_filename(top ? top : ".", "tests", "fuzz", "corpus", own, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        load(corpus, path);
    g_free(path);
    g_free(name);
    /* What no corpus should lack. */
    static const uint8_t zeros[256], ones[64] = {[0 ... 63] = 0xff};
    g_ptr_array_add(corpus, g_byte_array_new());
    g_ptr_array_add(corpus, g_byte_array_append(g_byte_array_new(), zeros, sizeof(zeros)));
    g_ptr_array_add(corpus, g_byte_array_append(g_byte_array_new(), ones, sizeof(ones)));
}

/* -- mutations -- */

static uint64_t state;

static uint64_t draw(uint64_t bound)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t value = state;
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return (value ^ value >> 31) % bound;
}

static void put_interesting(GByteArray *input, size_t at)
{
    static const uint8_t octets[] = {0,  1,  2,  3,  4,  6,  7,  8,   16,  17,  24,   40,  41,
                                     43, 44, 50, 58, 59, 60, 64, 127, 128, 135, 0xc9, 254, 255};
    input->data[at] = octets[draw(sizeof(octets))];
}

static void insert(GByteArray *input, size_t at, const uint8_t *octets, size_t length)
{
    size_t tail = input->len - at;
    g_byte_array_set_size(input, (guint)(input->len + length));
    memmove(input->data + at + length, input->data + at, tail);
    memcpy(input->data + at, octets, length);
}

static void mutate(GByteArray *input, const GPtrArray *corpus)
{
    size_t at = input->len ? (size_t)draw(input->len) : 0;
    size_t length = input->len ? 1 + (size_t)draw(MIN(input->len - at, 32)) : 0;
    uint8_t piece[64];
    const GByteArray *other;
    switch (input->len ? draw(9) : 8) {
    case 0:
        input->data[at] ^= (uint8_t)(1u << draw(8));
        break;
    case 1:
        put_interesting(input, at);
        break;
    case 2:
        input->data[at] = (uint8_t)draw(256);
        break;
    case 3:
        input->data[at] = (uint8_t)(input->data[at] + draw(33) - 16);
        break;
    case 4:
        g_byte_array_remove_range(input, (guint)at, (guint)length);
        break;
    case 5: /* a piece twice */
        memcpy(piece, input->data + at, length);
        insert(input, at, piece, length);
        break;
    case 6: /* a piece of another input */
        other = g_ptr_array_index(corpus, (guint)draw(corpus->len));
        if (other->len > 0) {
            size_t from = (size_t)draw(other->len), most = 1 + (size_t)draw(64);
            insert(input, at, other->data + from, MIN(other->len - from, most));
        }
        break;
    case 7:
        g_byte_array_set_size(input, (guint)at);
        break;
    default:
        for (size_t i = 0; i < sizeof(piece); i++)
            piece[i] = (uint8_t)draw(256);
        insert(input, at, piece, 1 + (size_t)draw(16));
        break;
    }
}

/* Input number N of the run: first the corpus as it is, then mutations, each from a state of its own. */
static GByteArray *make_input(const GPtrArray *corpus, uint64_t seed, unsigned long number)
{
    const GByteArray *origin = g_ptr_array_index(corpus, number % corpus->len);
    GByteArray *input = g_byte_array_append(g_byte_array_new(), origin->data, origin->len);
    if (number < corpus->len)
        return input;
    state = seed * UINT64_C(0xd6e8feb86659fd93) + number;
    for (unsigned rounds = 1 + (unsigned)draw(6); rounds > 0; rounds--)
        mutate(input, corpus);
    if (input->len > INPUT_MAX)
        g_byte_array_set_size(input, INPUT_MAX);
    return input;
}

/* -- running -- */

static void run_one(const GByteArray *input, unsigned long number)
{
    /* A buffer of exactly this size, so that a sanitizer sees the first octet too many. */
    uint8_t *exact = malloc(input->len ? input->len : 1);
    if (input->len)
        memcpy(exact, input->data, input->len);
    running = number;
    is_running = true;
    LLVMFuzzerTestOneInput(exact, input->len);
    is_running = false;
    free(exact);
}

static unsigned long number_from(const char *text, unsigned long otherwise)
{
    return text ? strtoul(text, NULL, 10) : otherwise;
}

static void save(const GByteArray *input, const char *path)
{
    if (!g_file_set_contents(path, (const char *)input->data, (gssize)input->len, NULL)) {
        fprintf(stderr, "%s cannot be written\n", path);
        exit(EXIT_FAILURE);
    }
}

static void free_input(gpointer input)
{
    g_byte_array_free(input, TRUE);
}

int main(int argc, char **argv)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    GPtrArray *corpus = g_ptr_array_new_with_free_func(free_input);
    uint64_t seed = number_from(g_getenv("FUZZ_SEED"), 1);
    bool saving = argc == 4 && strcmp(argv[1], "--save") == 0;
    bool binary = argc == 3 && strcmp(argv[1], "--binary") == 0;
    bool named = argc > 1 && !saving && !binary;
    unsigned long own_budget = &fuzz_budget ? fuzz_budget : BUDGET;
    unsigned long budget = named ? 0 : number_from(g_getenv("FUZZ_BUDGET"), own_budget);
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
        signal(signals[i], on_signal);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(tell);
    for (int i = 1; named && i < argc; i++)
        load(corpus, argv[i]);
    if (!named)
        load_own_corpus(corpus, argv[0]);

    if (saving) {
        GByteArray *input = make_input(corpus, seed, number_from(argv[2], 0));
        save(input, argv[3]);
        free_input(input);
    } else {
        for (unsigned long number = 0; number < corpus->len + budget; number++) {
            GByteArray *input = make_input(corpus, seed, number);
            if (binary && number < corpus->len) {
                char *path = g_strdup_printf("%s/%lu", argv[2], number);
                save(input, path);
                g_free(path);
            } else if (!binary) {
                run_one(input, number);
            }
            free_input(input);
        }
        if (!binary)
            printf("%u inputs of the corpus, %lu mutations: nothing broke\n", corpus->len, budget);
    }
    g_ptr_array_free(corpus, TRUE);
    return EXIT_SUCCESS;
}
