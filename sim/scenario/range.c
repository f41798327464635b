/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * range.c - see range.h. Steps are added in integers: durations in nanoseconds, other quantities in units of
 * the last decimal that any of the three numbers has, so that 0.1 and ten steps of 0.1 are 1.1.
 */
#include "sim/scenario/range.h"

#include <math.h>
#include <string.h>

#include "sim/engine/duration.h"

#define DECIMALS_MOST 12
#define DIGITS_MOST   17 /* of a number without its point */
#define DIGITS_KEPT   4  /* of values between the ends of a logarithmic range */

/* sign digits / 10^decimals, and what follows */
struct number {
    int64_t digits;
    unsigned decimals;
    const char *unit;
};

/* The three texts of a range; or, logarithmic, two and how many. */
struct range {
    char *first, *last, *third;
    bool logarithmic;
};

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool fail(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (error)
        *error = g_error_new_valist(VALUE_ERROR, VALUE_ERROR_SYNTAX, format, arguments);
    va_end(arguments);
    return false;
}

static const char *find_word(const char *text, bool *logarithmic)
{
    const char *step = strstr(text, " step "), *log = strstr(text, " log ");
    *logarithmic = !step;
    return step ? step : log;
}

bool range_is(const char *text)
{
    bool logarithmic;
    const char *dots = strstr(text, ".."), *word = dots ? find_word(dots, &logarithmic) : NULL;
    return word && !memchr(text, '(', (size_t)(word - text));
}

static void take_apart(const char *text, struct range *range)
{
    const char *dots = strstr(text, "..");
    const char *word = find_word(dots, &range->logarithmic);
    range->first = g_strstrip(g_strndup(text, (size_t)(dots - text)));
    range->last = g_strstrip(g_strndup(dots + 2, (size_t)(word - dots - 2)));
    range->third = g_strstrip(g_strdup(strchr(word + 1, ' ')));
}

static void range_clear(struct range *range)
{
    g_free(range->first);
    g_free(range->last);
    g_free(range->third);
}

static bool scan_number(const char *text, struct number *number)
{
    bool negative = *text == '-', point = false;
    unsigned count = 0;
    *number = (struct number){0};
    for (text += negative; g_ascii_isdigit(*text) || (*text == '.' && !point && count); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++count > DIGITS_MOST || (number->decimals += point) > DECIMALS_MOST)
            return false;
        number->digits = number->digits * 10 + (*text - '0');
    }
    if (negative)
        number->digits = -number->digits;
    while (g_ascii_isspace(*text))
        text++;
    number->unit = text;
    return count > 0 && text[-1] != '.';
}

/* A duration that may be negative. */
static bool signed_duration(const char *text, time_ns *duration, GError **error)
{
    bool negative = *text == '-';
    if (!duration_parse(text + negative, duration, error))
        return false;
    if (negative)
        *duration = -*duration;
    return true;
}

static bool is_duration(const char *text)
{
    struct number number;
    return scan_number(text, &number) && duration_unit(number.unit, NULL);
}

static char *format_decimal(int64_t value, unsigned decimals, const char *unit)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, one = 1;
    for (unsigned i = 0; i < decimals; i++)
        one *= 10;
    uint64_t fraction = magnitude % one;
    for (; decimals && fraction % 10 == 0; decimals--)
        fraction /= 10;
    GString *text = g_string_new(value < 0 ? "-" : "");
    g_string_append_printf(text, "%" G_GUINT64_FORMAT, magnitude / one);
    if (decimals)
        g_string_append_printf(text, ".%0*" G_GUINT64_FORMAT, (int)decimals, fraction);
    g_string_append(text, unit);
    return g_string_free(text, FALSE);
}

/* -- what both kinds have in common: whole numbers of something -- */

struct scale {
    bool durations; /* of nanoseconds; else of unit / 10^decimals */
    unsigned decimals;
    const char *unit;
};

static char *write_value(const struct scale *scale, int64_t value)
{
    char text[DURATION_TEXT_SIZE];
    return scale->durations ? g_strdup(duration_format(value, text))
                            : format_decimal(value, scale->decimals, scale->unit);
}

static bool read_durations(char *const *texts, unsigned count, int64_t *values, struct scale *scale,
                           GError **error)
{
    *scale = (struct scale){.durations = true};
    for (unsigned i = 0; i < count; i++)
        if (!signed_duration(texts[i], &values[i], error))
            return false;
    return true;
}

/* The numbers in units of the last decimal of any, or of a finer one; only 0 needs no unit. */
static bool read_numbers(char *const *texts, unsigned count, unsigned finer, int64_t *values,
                         struct scale *scale, GError **error)
{
    struct number numbers[3];
    *scale = (struct scale){.decimals = finer};
    for (unsigned i = 0; i < count; i++) {
        if (!scan_number(texts[i], &numbers[i]))
            return fail(error, "\"%s\" is not a number with its unit", texts[i]);
        scale->decimals = MAX(scale->decimals, numbers[i].decimals);
        if (!scale->unit || !*scale->unit)
            scale->unit = numbers[i].unit;
    }
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(numbers[i].unit, scale->unit) != 0 && (numbers[i].digits || *numbers[i].unit))
            return fail(error, "\"%s\" is not in %s as the rest of the range is", texts[i],
                        *scale->unit ? scale->unit : "numbers without a unit");
        values[i] = numbers[i].digits;
        for (unsigned d = numbers[i].decimals; d < scale->decimals; d++)
            if (__builtin_mul_overflow(values[i], 10, &values[i]))
                return fail(error, "\"%s\" is too large for a range with so many decimals", texts[i]);
    }
    return true;
}

static bool expand_steps(const struct range *range, GPtrArray *values, GError **error)
{
    char *texts[3] = {range->first, range->last, range->third};
    int64_t numbers[3];
    struct scale scale;
    bool good = is_duration(range->first) || is_duration(range->last) || is_duration(range->third)
                    ? read_durations(texts, 3, numbers, &scale, error)
                    : read_numbers(texts, 3, 0, numbers, &scale, error);
    if (!good)
        return false;
    if (numbers[2] <= 0)
        return fail(error, "the step must be more than 0");
    if (numbers[0] > numbers[1])
        return fail(error, "\"%s..%s\" ends before it begins; did you mean \"%s..%s\"?", range->first,
                    range->last, range->last, range->first);
    uint64_t count = ((uint64_t)numbers[1] - (uint64_t)numbers[0]) / (uint64_t)numbers[2] + 1;
    if (count > RANGE_VALUES_MAX)
        return fail(error, "a range has %d values at most", RANGE_VALUES_MAX);
    for (uint64_t i = 0; i < count; i++)
        g_ptr_array_add(values, write_value(&scale, numbers[0] + (int64_t)i * numbers[2]));
    return true;
}

/* Of so many digits the first few. */
static int64_t round_digits(double value)
{
    double unit = 1;
    int digits = 1;
    for (double rest = value; rest >= 10; rest /= 10)
        digits++;
    for (; digits > DIGITS_KEPT; digits--)
        unit *= 10;
    return (int64_t)(floor(value / unit + 0.5) * unit);
}

static bool expand_logarithm(const struct range *range, GPtrArray *values, GError **error)
{
    char *texts[2] = {range->first, range->last};
    int64_t ends[2];
    struct number count;
    struct scale scale;
    if (!scan_number(range->third, &count) || count.decimals || *count.unit || count.digits < 2)
        return fail(error, "\"log %s\": how many values? Expected a whole number, 2 at least", range->third);
    if (count.digits > RANGE_VALUES_MAX)
        return fail(error, "a range has %d values at most", RANGE_VALUES_MAX);
    bool durations = is_duration(range->first) || is_duration(range->last);
    if (!(durations ? read_durations(texts, 2, ends, &scale, error)
                    : read_numbers(texts, 2, 0, ends, &scale, error)))
        return false;
    if (ends[0] <= 0)
        return fail(error, "a logarithmic range begins with more than 0");
    if (ends[0] >= ends[1])
        return fail(error, "\"%s..%s\" does not end after it begins", range->first, range->last);
    /* Fractions have their digits too; what counts, without a unit and in whole numbers, stays whole. */
    bool whole = !durations && scale.decimals == 0 && !*scale.unit;
    if (!durations && !whole &&
        !read_numbers(texts, 2, MIN(scale.decimals + DIGITS_KEPT, DECIMALS_MOST), ends, &scale, error))
        return false;
    int64_t last = 0;
    for (int64_t i = 0; i < count.digits; i++) {
        double share = (double)i / (double)(count.digits - 1);
        int64_t value = i == 0 ? ends[0]
                        : i == count.digits - 1
                            ? ends[1]
                            : round_digits((double)ends[0] * pow((double)ends[1] / (double)ends[0], share));
        if (value > last)
            g_ptr_array_add(values, write_value(&scale, value));
        last = MAX(value, last);
    }
    return true;
}

bool range_expand(const char *text, GPtrArray *values, GError **error)
{
    struct range range;
    take_apart(text, &range);
    bool good =
        range.logarithmic ? expand_logarithm(&range, values, error) : expand_steps(&range, values, error);
    range_clear(&range);
    return good;
}
