/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * length.c - see length.h. A number is read as all its digits and how many of them stand behind the point;
 * its product with the unit is formed in 128 bits, and must be whole.
 */
#include "sim/engine/length.h"

#include <string.h>

#define DIGITS_MOST 25 /* their product with any unit is below 2^127 */

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit length_units[] = {
    {"mm", 1000}, {"cm", 10000}, {"m", METRES(1)}, {"km", METRES(1000)}};
static const struct unit speed_units[] = {{"m/s", METRES_PER_SECOND(1)}, {"km/h", METRES(1000)}};

/* What is read: of which units, and how to say so. */
struct quantity {
    const char *noun;
    const char *example;
    const char *names;
    const struct unit *units;
    size_t unit_count;
    int64_t least, most;
    const char *finest; /* of what it must be a whole number */
    const char *range;
};

static const struct quantity lengths = {
    "a length",   "150m",      "mm, cm, m, km", length_units,          G_N_ELEMENTS(length_units),
    -LENGTH_MOST, LENGTH_MOST, "micrometres",   "a million kilometres"};
static const struct quantity speeds = {"a speed",
                                       "10m/s",
                                       "m/s, km/h",
                                       speed_units,
                                       G_N_ELEMENTS(speed_units),
                                       0,
                                       SPEED_MOST,
                                       "micrometres an hour",
                                       "a million metres a second"};

static const struct unit *find_unit(const struct quantity *quantity, const char *name)
{
    for (size_t i = 0; i < quantity->unit_count; i++)
        if (strcmp(quantity->units[i].name, name) == 0)
            return &quantity->units[i];
    return NULL;
}

struct number {
    unsigned __int128 digits;
    unsigned decimals;
    bool negative, too_long;
};

/* Returns what follows the number; NULL if there is none that is decimal. */
static const char *scan_number(const char *text, struct number *number)
{
    *number = (struct number){.negative = *text == '-'};
    text += number->negative;
    unsigned count = 0, zeros = 0; /* zeros behind the point, which count only if another digit follows */
    bool point = false, any = false;
    for (;; text++) {
        if (*text == '.' && any && !point && g_ascii_isdigit(text[1])) {
            point = true;
            continue;
        }
        if (!g_ascii_isdigit(*text))
            return any && *text != '.' ? text : NULL;
        any = true;
        if (point && *text == '0') {
            zeros++;
            continue;
        }
        for (unsigned i = 0; i <= zeros; i++) {
            if (count > DIGITS_MOST) {
                number->too_long = true;
                break;
            }
            count += number->digits != 0 || *text != '0';
            number->digits = number->digits * 10 + (i == zeros ? (unsigned)(*text - '0') : 0);
            number->decimals += point;
        }
        zeros = 0;
    }
}

static bool scale(const struct quantity *quantity, const struct number *number, int64_t factor,
                  int64_t *value, const char *text, GError **error)
{
    unsigned __int128 product = number->digits * (unsigned __int128)factor;
    for (unsigned i = 0; i < number->decimals && !number->too_long; i++) {
        if (product % 10)
            return value_refuse(error, VALUE_ERROR_RANGE, text, "is not a whole number of %s",
                                quantity->finest);
        product /= 10;
    }
    if (number->negative && quantity->least == 0 && number->digits)
        return value_refuse(error, VALUE_ERROR_RANGE, text, "is negative: %s is 0 or more", quantity->noun);
    if (number->too_long || product > (unsigned __int128)quantity->most)
        return value_refuse(error, VALUE_ERROR_RANGE, text, "is more than %s", quantity->range);
    *value = number->negative ? -(int64_t)product : (int64_t)product;
    return true;
}

static bool parse(const struct quantity *quantity, const char *text, const char *default_unit, int64_t *value,
                  GError **error)
{
    char *copy = g_strstrip(g_strdup(text));
    struct number number;
    const char *rest = scan_number(copy, &number);
    const struct unit *unit = NULL;
    bool done = false;
    while (rest && g_ascii_isspace(*rest))
        rest++;
    if (rest)
        unit = find_unit(quantity, *rest || !default_unit ? rest : default_unit);
    if (!*copy) {
        g_set_error(error, VALUE_ERROR, VALUE_ERROR_SYNTAX, "%s such as %s is missing", quantity->noun,
                    quantity->example);
    } else if (!rest) {
        value_refuse(error, VALUE_ERROR_SYNTAX, copy, "is not %s: write a number and its unit, such as %s",
               quantity->noun, quantity->example);
    } else if (unit) {
        done = scale(quantity, &number, unit->factor, value, copy, error);
    } else if (*rest) {
        char *quoted = value_quote(rest);
        value_refuse(error, VALUE_ERROR_UNIT, copy, "has the unknown unit %s: known are %s", quoted,
               quantity->names);
        g_free(quoted);
    } else if (number.digits == 0) {
        *value = 0;
        done = true;
    } else {
        value_refuse(error, VALUE_ERROR_UNIT, copy, "has no unit: one of %s", quantity->names);
    }
    g_free(copy);
    return done;
}

bool length_parse(const char *text, int64_t *length, GError **error)
{
    return parse(&lengths, text, NULL, length, error);
}

bool speed_parse_with_default(const char *text, const char *default_unit, int64_t *speed, GError **error)
{
    return parse(&speeds, text, default_unit, speed, error);
}

bool speed_unit(const char *unit)
{
    return find_unit(&speeds, unit) != NULL;
}

static char *format_decimal(char *text, int64_t value, uint64_t one, int decimals, const char *unit)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t fraction = magnitude % one;
    int length =
        g_snprintf(text, DURATION_TEXT_SIZE, "%s%" G_GUINT64_FORMAT, value < 0 ? "-" : "", magnitude / one);
    for (; decimals && fraction % 10 == 0; decimals--)
        fraction /= 10;
    if (decimals)
        length += g_snprintf(text + length, DURATION_TEXT_SIZE - (gulong)length, ".%0*" G_GUINT64_FORMAT,
                             decimals, fraction);
    g_strlcpy(text + length, unit, DURATION_TEXT_SIZE - (gsize)length);
    return text;
}

char *length_format(int64_t length, char text[DURATION_TEXT_SIZE])
{
    return format_decimal(text, length, (uint64_t)METRES(1), 6, "m");
}

char *speed_format(int64_t speed, char text[DURATION_TEXT_SIZE])
{
    /* A metre a second is 36 * 10^8: what is a multiple of 9 of those ends after ten decimals, being a
     * multiple of a ninth of 36 * 10^8 = 4 * 10^8. */
    if (speed % 9 == 0)
        return format_decimal(text, speed / 9 * 25, UINT64_C(10000000000), 10, "m/s");
    return format_decimal(text, speed, UINT64_C(1000000000), 9, "km/h");
}
