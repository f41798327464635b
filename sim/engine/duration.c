/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * duration.c - durations as people write them, exactly.
 *
 * 0.1 s has no binary fraction, and a scenario's 0.1s has to be 100,000,000 ns on every machine, so the
 * digits are kept as integers: what stands before the point and what stands behind it are scaled by the unit
 * separately, the latter in 128 bits, and what cannot be a whole number of nanoseconds is refused rather
 * than rounded.
 */
#include "sim/engine/duration.h"

#include <string.h>

#define MOST_DECIMALS                                                                                        \
    13 /* more cannot give whole nanoseconds: an hour is 3.6e12 ns, and 36 / 10^2 is a fraction */
#define UNITS "ns, us, ms, s, min, h"

GQuark value_error_quark(void)
{
    return g_quark_from_static_string("mip6sim-value-error");
}

struct unit {
    const char *name;
    time_ns nanoseconds;
};

static const struct unit units[] = {
    {"ns", 1},
    {"us", MICROSECONDS(1)},
    {"\xc2\xb5s", MICROSECONDS(1)}, /* the micro sign */
    {"\xce\xbcs", MICROSECONDS(1)}, /* the Greek letter */
    {"ms", MILLISECONDS(1)},
    {"s", SECONDS(1)},
    {"min", SECONDS(60)},
    {"h", SECONDS(3600)},
};

/* What people write instead. */
static const struct {
    const char *written;
    const char *meant;
} habits[] = {
    {"nsec", "ns"},         {"nanosecond", "ns"},  {"nanoseconds", "ns"},
    {"usec", "us"},         {"microsecond", "us"}, {"microseconds", "us"},
    {"msec", "ms"},         {"millis", "ms"},      {"millisecond", "ms"},
    {"milliseconds", "ms"}, {"sec", "s"},          {"secs", "s"},
    {"second", "s"},        {"seconds", "s"},      {"mins", "min"},
    {"minute", "min"},      {"minutes", "min"},    {"hr", "h"},
    {"hrs", "h"},           {"hour", "h"},         {"hours", "h"},
};

char *value_quote(const char *text)
{
    enum { MOST = 60 };
    char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, 4 * MOST));
    GString *quoted = g_string_new("'");
    int length = 0;
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (length++ == MOST) {
            g_string_append(quoted, "...");
            break;
        }
        if (g_unichar_isprint(character))
            g_string_append_unichar(quoted, character);
        else
            g_string_append_c(quoted, '?');
    }
    g_string_append_c(quoted, '\'');
    g_free(valid);
    return g_string_free(quoted, FALSE);
}

bool duration_unit(const char *unit, time_ns *nanoseconds)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(units[i].name, unit) == 0) {
            if (nanoseconds)
                *nanoseconds = units[i].nanoseconds;
            return true;
        }
    }
    return false;
}

bool value_refuse(GError **error, enum value_error code, const char *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *reason = g_strdup_vprintf(format, arguments);
    char *quoted = value_quote(text);
    g_set_error(error, VALUE_ERROR, (int)code, "%s %s", quoted, reason);
    g_free(quoted);
    g_free(reason);
    va_end(arguments);
    return false;
}

static bool refuse_unit(GError **error, const char *text, const char *unit)
{
    char *lower = g_ascii_strdown(unit, -1);
    const char *meant = duration_unit(lower, NULL) ? lower : NULL;
    for (size_t i = 0; !meant && i < G_N_ELEMENTS(habits); i++)
        if (strcmp(habits[i].written, lower) == 0)
            meant = habits[i].meant;
    char *quoted = value_quote(unit);
    if (strcmp(lower, "m") == 0)
        value_refuse(error, VALUE_ERROR_UNIT, text, "has the unit 'm': ms (milliseconds) or min (minutes)?");
    else if (meant)
        value_refuse(error, VALUE_ERROR_UNIT, text, "has the unknown unit %s: did you mean '%s'?", quoted,
                     meant);
    else
        value_refuse(error, VALUE_ERROR_UNIT, text, "has the unknown unit %s: known are " UNITS, quoted);
    g_free(quoted);
    g_free(lower);
    return false;
}

/* The number before the unit: `whole`, and `decimals` digits behind the point that read `fraction`. */
struct number {
    uint64_t whole;
    uint64_t fraction;
    unsigned decimals;
    bool too_large;
    bool too_fine;
};

/* Returns what follows the number; NULL if there is none, or none that is decimal. */
static const char *scan_number(const char *text, struct number *number)
{
    *number = (struct number){0};
    if (!g_ascii_isdigit(*text))
        return NULL;
    for (; g_ascii_isdigit(*text); text++) {
        if (number->whole > (uint64_t)TIME_NEVER / 10)
            number->too_large = true;
        else
            number->whole = number->whole * 10 + (uint64_t)(*text - '0');
    }
    if (*text != '.')
        return text;
    if (!g_ascii_isdigit(*++text))
        return NULL;
    unsigned zeros = 0; /* that count only if another digit follows */
    for (; g_ascii_isdigit(*text); text++) {
        if (*text == '0') {
            zeros++;
            continue;
        }
        if (number->decimals + zeros >= MOST_DECIMALS) {
            number->too_fine = true;
            continue;
        }
        for (; zeros; zeros--, number->decimals++)
            number->fraction *= 10;
        number->fraction = number->fraction * 10 + (uint64_t)(*text - '0');
        number->decimals++;
    }
    return text;
}

static bool scale(const struct number *number, time_ns unit, time_ns *duration, const char *text,
                  GError **error)
{
    unsigned __int128 fraction = (unsigned __int128)number->fraction * (uint64_t)unit;
    uint64_t divisor = 1;
    for (unsigned i = 0; i < number->decimals; i++)
        divisor *= 10;
    if (number->too_fine || fraction % divisor)
        return value_refuse(error, VALUE_ERROR_RANGE, text, "is not a whole number of nanoseconds");
    unsigned __int128 sum = (unsigned __int128)number->whole * (uint64_t)unit + fraction / divisor;
    if (number->too_large || sum >= (uint64_t)TIME_NEVER)
        return value_refuse(error, VALUE_ERROR_RANGE, text, "is longer than 292 years");
    *duration = (time_ns)sum;
    return true;
}

bool duration_parse_with_default(const char *text, const char *default_unit, time_ns *duration,
                                 GError **error)
{
    char *copy = g_strstrip(g_strdup(text));
    struct number number;
    time_ns unit = 0;
    bool done = false;
    const char *rest = scan_number(copy, &number);
    while (rest && g_ascii_isspace(*rest))
        rest++;
    if (!*copy)
        g_set_error_literal(error, VALUE_ERROR, VALUE_ERROR_SYNTAX, "a duration such as 40ms is missing");
    else if (*copy == '-')
        value_refuse(error, VALUE_ERROR_RANGE, copy, "is negative: a duration is 0 or more");
    else if (!rest)
        value_refuse(error, VALUE_ERROR_SYNTAX, copy,
               "is not a duration: write a number and its unit, such as 40ms or 1.5s");
    else if (*rest == ',')
        value_refuse(error, VALUE_ERROR_SYNTAX, copy, "is not a duration: write the decimal point as '.'");
    else if (*rest && duration_unit(rest, &unit))
        done = scale(&number, unit, duration, copy, error);
    else if (*rest)
        refuse_unit(error, copy, rest);
    else if (default_unit && duration_unit(default_unit, &unit))
        done = scale(&number, unit, duration, copy, error);
    else if (number.whole == 0 && number.fraction == 0 && !number.too_large && !number.too_fine)
        done = scale(&number, 1, duration, copy, error);
    else
        value_refuse(error, VALUE_ERROR_UNIT, copy, "has no unit: %sms, or another of " UNITS "?",
               strlen(copy) < 20 ? copy : "40");
    g_free(copy);
    return done;
}

bool duration_parse(const char *text, time_ns *duration, GError **error)
{
    return duration_parse_with_default(text, NULL, duration, error);
}

char *duration_format(time_ns duration, char text[DURATION_TEXT_SIZE])
{
    static const struct {
        const char *name;
        uint64_t nanoseconds;
        int decimals;
    } scales[] = {{"s", 1000000000, 9}, {"ms", 1000000, 6}, {"us", 1000, 3}, {"ns", 1, 0}};
    uint64_t magnitude = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
    if (duration == TIME_NEVER || duration == 0) {
        g_strlcpy(text, duration ? "never" : "0s", DURATION_TEXT_SIZE);
        return text;
    }
    size_t i = 0;
    while (magnitude < scales[i].nanoseconds)
        i++;
    uint64_t whole = magnitude / scales[i].nanoseconds;
    uint64_t fraction = magnitude % scales[i].nanoseconds;
    int decimals = fraction ? scales[i].decimals : 0;
    for (; decimals && fraction % 10 == 0; decimals--)
        fraction /= 10;
    int length = g_snprintf(text, DURATION_TEXT_SIZE, "%s%" G_GUINT64_FORMAT, duration < 0 ? "-" : "", whole);
    if (decimals)
        length += g_snprintf(text + length, DURATION_TEXT_SIZE - (gulong)length, ".%0*" G_GUINT64_FORMAT,
                             decimals, fraction);
    g_strlcpy(text + length, scales[i].name, DURATION_TEXT_SIZE - (gsize)length);
    return text;
}
