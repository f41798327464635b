/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vectors.h - files of test vectors: a vector a line, words between blanks; octets in hexadecimal, none as
 * "-".
 */
#ifndef MIP6SIM_TESTS_UNIT_VECTORS_H
#define MIP6SIM_TESTS_UNIT_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#define VECTOR_WORDS_MAX 8

struct vector {
    char *words[VECTOR_WORDS_MAX];
    unsigned count;
};

/* Calls check for each line. path: from the top of the sources, which the environment variable srcdir names
 * (else "."). */
void vectors_read(const char *path, void (*check)(const struct vector *vector));
/* The octets of a word; "-" has none. Fails the test if they are not there or more than size. */
size_t vector_octets(const struct vector *vector, unsigned word, uint8_t *octets, size_t size);

#endif
