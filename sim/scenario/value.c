/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.c - see value.h. Decimal numbers with a unit share one reader: digits, perhaps a point and digits,
 * then a unit that is a whole factor; the product is formed in 64 bits with every overflow and every lost
 * digit noticed.
 */
#include "sim/scenario/value.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/engine/length.h"
#include "sim/scenario/message.h"

#define NAME_LENGTH_MAX 64

struct unit {
    const char *name;
    uint64_t factor;
};

/* The text without the blanks around it; free with g_free. */
static char *stripped(const char *text)
{
    return g_strstrip(g_strdup(text));
}

static bool fail(GError **error, enum value_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool fail(GError **error, enum value_error code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (error)
        *error = g_error_new_valist(VALUE_ERROR, (gint)code, format, arguments);
    va_end(arguments);
    return false;
}

static size_t digit_count(const char *text)
{
    size_t count = 0;
    while (g_ascii_isdigit(text[count]))
        count++;
    return count;
}

static bool read_integer(const char *text, uint64_t least, uint64_t most, uint64_t *value, GError **error)
{
    size_t digits = digit_count(text);
    if (text[0] == '-' && digit_count(text + 1) > 0)
        return fail(error, VALUE_ERROR_RANGE,
                    "\"%s\" is negative; expected a whole number from %" G_GUINT64_FORMAT
                    " to %" G_GUINT64_FORMAT,
                    text, least, most);
    if (digits == 0 || text[digits] != '\0')
        return fail(error, VALUE_ERROR_SYNTAX,
                    "\"%s\" is not a whole number (from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ")",
                    text, least, most);
    uint64_t sum = 0;
    bool overflow = false;
    for (size_t i = 0; i < digits; i++)
        overflow |= __builtin_mul_overflow(sum, 10, &sum) ||
                    __builtin_add_overflow(sum, (uint64_t)(text[i] - '0'), &sum);
    if (overflow || sum < least || sum > most)
        return fail(error, VALUE_ERROR_RANGE,
                    "%s is out of range: from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, text, least,
                    most);
    *value = sum;
    return true;
}

bool value_parse_integer(const char *text, uint64_t least, uint64_t most, uint64_t *value, GError **error)
{
    char *word = stripped(text);
    bool good = read_integer(word, least, most, value, error);
    g_free(word);
    return good;
}

/* digits[.digits] times factor, if that is a whole number in 64 bits. */
static bool scale_decimal(const char *number, size_t length, uint64_t factor, uint64_t *value)
{
    uint64_t sum = 0, divisor = 1;
    bool point = false;
    while (length > 0 && memchr(number, '.', length) && number[length - 1] == '0')
        length--; /* 1.500 is 1.5 */
    for (size_t i = 0; i < length; i++) {
        if (number[i] == '.') {
            point = true;
            continue;
        }
        if (__builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(number[i] - '0'), &sum))
            return false;
        if (point && __builtin_mul_overflow(divisor, 10, &divisor))
            return false;
    }
    /* Divide what can be divided first, so that 1.5Tbit/s does not overflow on its way. */
    while (divisor > 1 && factor % 10 == 0) {
        divisor /= 10;
        factor /= 10;
    }
    if (__builtin_mul_overflow(sum, factor, &sum) || sum % divisor != 0)
        return false;
    *value = sum / divisor;
    return true;
}

static char *unit_names(const struct unit *units)
{
    GString *names = g_string_new(NULL);
    for (const struct unit *unit = units; unit->name; unit++)
        g_string_append_printf(names, "%s%s", unit == units ? "" : ", ", unit->name);
    return g_string_free(names, FALSE);
}

static bool fail_unit(GError **error, const char *text, size_t number_length, const char *given,
                      const struct unit *units)
{
    char *names = unit_names(units);
    const char *words[16] = {NULL};
    for (unsigned i = 0; units[i].name && i < G_N_ELEMENTS(words) - 1; i++)
        words[i] = units[i].name;
    /* What other programs call a bit/s. */
    char *respelt =
        g_str_has_suffix(given, "bps")   ? g_strdup_printf("%.*sbit/s", (int)strlen(given) - 3, given)
        : g_str_has_suffix(given, "b/s") ? g_strdup_printf("%.*sbit/s", (int)strlen(given) - 3, given)
                                         : g_strdup(given);
    const char *meant = given[0] ? scenario_probably_meant(respelt, words) : NULL;
    if (given[0] == '\0')
        fail(error, VALUE_ERROR_UNIT, "\"%s\" has no unit (one of %s)", text, names);
    else if (meant)
        fail(error, VALUE_ERROR_UNIT, "unknown unit \"%s\" (one of %s); did you mean \"%.*s%s\"?", given,
             names, (int)number_length, text, meant);
    else
        fail(error, VALUE_ERROR_UNIT, "unknown unit \"%s\" (one of %s)", given, names);
    g_free(respelt);
    g_free(names);
    return false;
}

static bool read_quantity(const char *text, const char *what, const struct unit *units, uint64_t *value,
                          GError **error)
{
    size_t digits = digit_count(text);
    size_t length = digits;
    if (text[0] == '-')
        return fail(error, VALUE_ERROR_RANGE, "\"%s\" is negative", text);
    if (text[length] == '.') {
        size_t more = digit_count(text + length + 1);
        if (more == 0)
            digits = 0;
        length += 1 + more;
    }
    if (digits == 0)
        return fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is not %s", text, what);
    const char *given = text + length;
    while (g_ascii_isspace(*given))
        given++;
    for (const struct unit *unit = units; unit->name; unit++) {
        if (strcmp(given, unit->name) != 0)
            continue;
        if (scale_decimal(text, length, unit->factor, value))
            return true;
        return fail(error, VALUE_ERROR_RANGE, "\"%s\" is too large, or finer than the unit %s", text,
                    units[0].name);
    }
    return fail_unit(error, text, length, given, units);
}

static const struct unit rate_units[] = {
    {"bit/s", 1},           {"kbit/s", 1000},          {"Mbit/s", 1000000},
    {"Gbit/s", 1000000000}, {"Tbit/s", 1000000000000}, {NULL, 0},
};

bool value_parse_rate(const char *text, uint64_t *bits_per_second, GError **error)
{
    uint64_t value;
    char *word = stripped(text);
    bool good = read_quantity(word, "a rate, such as 100Mbit/s", rate_units, &value, error);
    if (good && (value == 0 || value > UINT64_C(1000000000000000)))
        good = fail(error, VALUE_ERROR_RANGE, "\"%s\" is out of range: from 1bit/s to 1000Tbit/s", word);
    if (good)
        *bits_per_second = value;
    g_free(word);
    return good;
}

char *value_format_rate(uint64_t bits_per_second)
{
    unsigned best = 0;
    for (unsigned i = 1; rate_units[i].name; i++)
        if (bits_per_second >= rate_units[i].factor && bits_per_second % rate_units[i].factor == 0)
            best = i;
    return g_strdup_printf("%" G_GUINT64_FORMAT "%s", bits_per_second / rate_units[best].factor,
                           rate_units[best].name);
}

bool value_parse_size(const char *text, uint64_t least, uint64_t most, uint64_t *octets, GError **error)
{
    static const struct unit units[] = {
        {"B", 1}, {"kB", 1000}, {"KiB", 1024}, {"MB", 1000000}, {"MiB", 1048576}, {NULL, 0},
    };
    uint64_t value;
    char *word = stripped(text);
    bool good = read_quantity(word, "a size, such as 160B", units, &value, error);
    if (good && (value < least || value > most))
        good = fail(error, VALUE_ERROR_RANGE,
                    "%s is out of range: from %" G_GUINT64_FORMAT "B to %" G_GUINT64_FORMAT "B", word, least,
                    most);
    if (good)
        *octets = value;
    g_free(word);
    return good;
}

static bool read_probability(const char *text, double *probability, GError **error)
{
    size_t digits = digit_count(text), length = digits;
    if (text[length] == '.')
        length += 1 + digit_count(text + length + 1);
    const char *rest = text + length;
    while (g_ascii_isspace(*rest))
        rest++;
    bool percent = strcmp(rest, "%") == 0;
    if (text[0] == '-' || digits == 0 || (*rest != '\0' && !percent))
        return fail(error, VALUE_ERROR_SYNTAX,
                    "\"%s\" is not a probability: from 0 to 1, or from 0%% to 100%%", text);
    double value = g_ascii_strtod(text, NULL);
    if (percent)
        value /= 100;
    if (!(value <= 1))
        return fail(error, VALUE_ERROR_RANGE,
                    "\"%s\" is out of range: a probability is from 0 to 1, or from 0%% to 100%%", text);
    *probability = value;
    return true;
}

bool value_parse_probability(const char *text, double *probability, GError **error)
{
    char *word = stripped(text);
    bool good = read_probability(word, probability, error);
    g_free(word);
    return good;
}

#define BURSTS_FORM "gilbert-elliott(WORSEN, RECOVER, LOSS-WHEN-BAD, LOSS-WHEN-GOOD)"

/* The first two of them, which are either probabilities or durations. */
static bool read_changes(char **parts, struct loss_model *model, GError **error)
{
    bool by_time[2];
    for (unsigned i = 0; i < 2; i++)
        by_time[i] = strpbrk(parts[i], "munsh") != NULL;
    if (by_time[0] != by_time[1])
        return fail(error, VALUE_ERROR_SYNTAX,
                    "gilbert-elliott: \"%s\" and \"%s\": expected two probabilities, or the mean durations "
                    "of both states",
                    parts[0], parts[1]);
    if (!by_time[0])
        return read_probability(parts[0], &model->worsen, error) &&
               read_probability(parts[1], &model->recover, error);
    if (!duration_parse(parts[0], &model->good_mean, error) ||
        !duration_parse(parts[1], &model->bad_mean, error))
        return false;
    if (model->good_mean < LOSS_MODEL_STAY_LEAST || model->bad_mean < LOSS_MODEL_STAY_LEAST)
        return fail(error, VALUE_ERROR_RANGE,
                    "gilbert-elliott: both states last for at least 100us, on average");
    return true;
}

static bool read_bursts(const char *arguments, struct loss_model *model, GError **error)
{
    struct loss_model bursts = {.bad_probability = 1};
    size_t length = strlen(arguments);
    if (length == 0 || arguments[length - 1] != ')')
        return fail(error, VALUE_ERROR_SYNTAX, "\"(%s\" lacks its ')'; expected " BURSTS_FORM, arguments);
    char *inside = g_strndup(arguments, length - 1);
    char **parts = value_split(inside, ',');
    unsigned count = g_strv_length(parts);
    bool good = count >= 2 && count <= 4;
    if (!good)
        fail(error, VALUE_ERROR_SYNTAX, "gilbert-elliott takes two to four values, not %u: " BURSTS_FORM,
             inside[0] ? count : 0);
    good = good && read_changes(parts, &bursts, error) &&
           (count < 3 || read_probability(parts[2], &bursts.bad_probability, error)) &&
           (count < 4 || read_probability(parts[3], &bursts.probability, error));
    if (good)
        *model = bursts;
    g_strfreev(parts);
    g_free(inside);
    return good;
}

bool value_parse_loss(const char *text, struct loss_model *model, GError **error)
{
    static const char *const names[] = {"gilbert-elliott", NULL};
    char *word = stripped(text);
    char *open = strchr(word, '(');
    bool good;
    if (!g_ascii_isalpha(word[0])) {
        struct loss_model alike = {0};
        good = read_probability(word, &alike.probability, error);
        if (good)
            *model = alike;
    } else {
        char *name = g_strchomp(g_strndup(word, open ? (size_t)(open - word) : strlen(word)));
        if (strcmp(name, names[0]) != 0 || !open)
            good = fail(error, VALUE_ERROR_SYNTAX,
                        "\"%s\" is not a probability: from 0 to 1, or from 0%% to 100%%; nor " BURSTS_FORM,
                        word);
        else
            good = read_bursts(open + 1, model, error);
        g_free(name);
    }
    g_free(word);
    return good;
}

static void append_probability(GString *text, double probability)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(text, g_ascii_dtostr(digits, sizeof digits, probability));
}

char *value_format_loss(const struct loss_model *model)
{
    GString *text = g_string_new(NULL);
    char duration[DURATION_TEXT_SIZE];
    if (!loss_model_has_bursts(model)) {
        append_probability(text, model->probability);
        return g_string_free(text, FALSE);
    }
    g_string_append(text, "gilbert-elliott(");
    if (model->good_mean > 0) {
        g_string_append_printf(text, "%s, ", duration_format(model->good_mean, duration));
        g_string_append(text, duration_format(model->bad_mean, duration));
    } else {
        append_probability(text, model->worsen);
        g_string_append(text, ", ");
        append_probability(text, model->recover);
    }
    g_string_append(text, ", ");
    append_probability(text, model->bad_probability);
    g_string_append(text, ", ");
    append_probability(text, model->probability);
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static bool read_drift(const char *text, int32_t most, int32_t *drift, GError **error)
{
    static const struct unit units[] = {{"ppb", 1}, {"ppm", 1000}, {NULL, 0}};
    bool negative = text[0] == '-';
    uint64_t value;
    if (!read_quantity(text + negative, "a drift, such as 50ppm", units, &value, error))
        return false;
    if (value > (uint64_t)most)
        return fail(error, VALUE_ERROR_RANGE, "%s is out of range: from -%dppm to %dppm", text, most / 1000,
                    most / 1000);
    *drift = negative ? -(int32_t)value : (int32_t)value;
    return true;
}

bool value_parse_drift(const char *text, int32_t most, int32_t *low, int32_t *high, GError **error)
{
    char *word = stripped(text);
    int32_t least, greatest;
    bool good;
    if (g_str_has_prefix(word, "uniform(") && g_str_has_suffix(word, ")")) {
        word[strlen(word) - 1] = '\0';
        char **parts = value_split(word + strlen("uniform("), ',');
        good = g_strv_length(parts) == 2 ||
               fail(error, VALUE_ERROR_SYNTAX, "uniform takes two drifts: uniform(-100ppm, 100ppm)");
        good = good && read_drift(parts[0], most, &least, error) &&
               read_drift(parts[1], most, &greatest, error) &&
               (least <= greatest ||
                fail(error, VALUE_ERROR_RANGE, "uniform: the lowest, %s, exceeds %s", parts[0], parts[1]));
        g_strfreev(parts);
    } else {
        good = read_drift(word, most, &least, error);
        greatest = least;
    }
    if (good) {
        *low = least;
        *high = greatest;
    }
    g_free(word);
    return good;
}

static char *format_drift(int32_t drift)
{
    return drift % 1000 ? g_strdup_printf("%dppb", drift) : g_strdup_printf("%dppm", drift / 1000);
}

char *value_format_drift(int32_t low, int32_t high)
{
    char *first = format_drift(low), *second = format_drift(high);
    char *text = low == high ? g_strdup(first) : g_strdup_printf("uniform(%s, %s)", first, second);
    g_free(first);
    g_free(second);
    return text;
}

static bool find_word(const char *const *words, const char *word, unsigned *index)
{
    for (unsigned i = 0; words[i]; i++)
        if (strcmp(word, words[i]) == 0) {
            *index = i;
            return true;
        }
    return false;
}

bool value_parse_boolean(const char *text, bool *value, GError **error)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", NULL};
    char *word = stripped(text);
    unsigned index;
    bool good = find_word(words, word, &index);
    if (good) {
        *value = index % 2;
    } else {
        const char *meant = scenario_probably_meant(word, words);
        if (meant)
            fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is neither yes nor no; did you mean \"%s\"?", word,
                 meant);
        else
            fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is neither yes nor no", word);
    }
    g_free(word);
    return good;
}

bool value_parse_word(const char *text, const char *const *words, unsigned *index, GError **error)
{
    char *word = stripped(text);
    bool good = find_word(words, word, index);
    if (!good) {
        char *all = g_strjoinv(", ", (char **)words);
        const char *meant = scenario_probably_meant(word, words);
        if (meant)
            fail(error, VALUE_ERROR_SYNTAX, "unknown word \"%s\" (one of %s); did you mean \"%s\"?", word,
                 all, meant);
        else
            fail(error, VALUE_ERROR_SYNTAX, "unknown word \"%s\" (one of %s)", word, all);
        g_free(all);
    }
    g_free(word);
    return good;
}

bool value_parse_words(const char *text, const char *const *words, uint64_t *bits, GError **error)
{
    char **parts = g_strsplit(text, ",", -1);
    bool good = true;
    *bits = 0;
    for (char **part = parts; *part && good; part++) {
        unsigned index;
        good = value_parse_word(*part, words, &index, error);
        if (good)
            *bits |= UINT64_C(1) << index;
    }
    g_strfreev(parts);
    return good;
}

/* The next sign of a sum with a blank on either side; NULL: there is none. */
static const char *next_sign(const char *text)
{
    for (const char *p = text; *p; p++)
        if (p != text && (*p == '+' || *p == '-') && g_ascii_isspace(p[-1]) && g_ascii_isspace(p[1]))
            return p;
    return NULL;
}

/* One term: a duration, perhaps negative. */
static bool add_term(const char *text, size_t length, bool minus, time_ns *sum, GError **error)
{
    time_ns value;
    char *term = g_strstrip(g_strndup(text, length));
    bool negative = term[0] == '-' && g_ascii_isdigit(term[1]);
    bool good = duration_parse(term + negative, &value, error);
    if (good && __builtin_add_overflow(*sum, negative != minus ? -value : value, sum))
        good = fail(error, VALUE_ERROR_RANGE, "the sum is longer than 292 years");
    g_free(term);
    return good;
}

bool value_parse_duration(const char *text, time_ns *duration, GError **error)
{
    char *word = stripped(text);
    time_ns sum = 0;
    const char *sign = next_sign(word);
    bool good = sign ? add_term(word, (size_t)(sign - word), false, &sum, error)
                     : duration_parse(word, &sum, error);
    while (good && sign) {
        const char *next = next_sign(sign + 1);
        good = add_term(sign + 1, next ? (size_t)(next - sign - 1) : strlen(sign + 1), *sign == '-', &sum,
                        error);
        sign = next;
    }
    if (good && sum < 0) {
        char written[DURATION_TEXT_SIZE];
        good =
            fail(error, VALUE_ERROR_RANGE, "\"%s\" is %s, and negative", word, duration_format(sum, written));
    }
    if (good)
        *duration = sum;
    g_free(word);
    return good;
}

bool value_parse_duration_range(const char *text, time_ns *least, time_ns *most, GError **error)
{
    const char *dots = strstr(text, "..");
    time_ns from, to;
    if (!dots) {
        if (!value_parse_duration(text, &from, error))
            return false;
        *least = *most = from;
        return true;
    }
    char *first = g_strndup(text, (size_t)(dots - text));
    bool good = value_parse_duration(first, &from, error) && value_parse_duration(dots + 2, &to, error);
    g_free(first);
    if (good && from > to)
        return fail(error, VALUE_ERROR_RANGE, "\"%s\" ends before it begins; did you mean \"%s..%.*s\"?",
                    text, dots + 2, (int)(dots - text), text);
    if (good) {
        *least = from;
        *most = to;
    }
    return good;
}

/* So many lengths; other numbers of them are refused with `expected`. */
static bool read_lengths(const char *text, unsigned count, int64_t *lengths, const char *expected,
                         GError **error)
{
    char **parts = value_split(text, ',');
    bool good = g_strv_length(parts) == count;
    if (!good)
        fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is not %s", text, expected);
    for (unsigned i = 0; i < count && good; i++)
        good = length_parse(parts[i], &lengths[i], error);
    g_strfreev(parts);
    return good;
}

bool value_parse_point(const char *text, struct scenario_point *point, GError **error)
{
    int64_t lengths[2];
    if (!read_lengths(text, 2, lengths, "a point: X, Y, such as 100m, 0m", error))
        return false;
    *point = (struct scenario_point){lengths[0], lengths[1]};
    return true;
}

bool value_parse_area(const char *text, struct scenario_point area[2], GError **error)
{
    int64_t lengths[4] = {0, 0, 0, 0};
    char **parts = value_split(text, ',');
    bool one = g_strv_length(parts) == 2;
    g_strfreev(parts);
    if (!read_lengths(text, one ? 2 : 4, lengths, "an area: X, Y, X, Y, such as 0m, 0m, 1km, 500m", error))
        return false;
    if (lengths[0] == lengths[2] || lengths[1] == lengths[3])
        return fail(error, VALUE_ERROR_RANGE, "\"%s\" has no extent", text);
    area[0] = (struct scenario_point){MIN(lengths[0], lengths[2]), MIN(lengths[1], lengths[3])};
    area[1] = (struct scenario_point){MAX(lengths[0], lengths[2]), MAX(lengths[1], lengths[3])};
    return true;
}

char *value_format_address(const struct ipv6_address *address)
{
    char text[INET6_ADDRSTRLEN];
    return g_strdup(inet_ntop(AF_INET6, address->octets, text, sizeof text));
}

static bool read_address(const char *word, struct ipv6_address *address, GError **error)
{
    struct ipv6_address value;
    if (inet_pton(AF_INET6, word, value.octets) != 1) {
        struct in_addr ipv4;
        return fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is not an IPv6 address%s", word,
                    inet_pton(AF_INET, word, &ipv4) == 1 ? " (but an IPv4 address)"
                    : strchr(word, '/')                  ? " (but perhaps a prefix)"
                                                         : ", such as 2001:db8:1::1");
    }
    if (!ipv6_address_is_unicast_routable(&value))
        return fail(error, VALUE_ERROR_RANGE, "%s is not a unicast routable address", word);
    *address = value;
    return true;
}

bool value_parse_address(const char *text, struct ipv6_address *address, GError **error)
{
    char *word = stripped(text);
    bool good = read_address(word, address, error);
    g_free(word);
    return good;
}

bool value_parse_neighbor(const char *text, struct ipv6_address *address, GError **error)
{
    struct ipv6_address value;
    char *word = stripped(text);
    bool link_local = inet_pton(AF_INET6, word, value.octets) == 1 && ipv6_address_is_link_local(&value);
    bool good = link_local || read_address(word, &value, error);
    g_free(word);
    if (good)
        *address = value;
    return good;
}

static bool read_prefix(char *word, unsigned least_length, unsigned most_length, struct ipv6_address *prefix,
                        unsigned *length, GError **error)
{
    struct ipv6_address address;
    uint64_t bits;
    char *slash = strchr(word, '/');
    if (!slash) {
        GError *ignored = NULL;
        bool is_address = read_address(word, &address, &ignored);
        g_clear_error(&ignored);
        return is_address
                   ? fail(error, VALUE_ERROR_SYNTAX, "\"%s\" has no prefix length; did you mean \"%s/%u\"?",
                          word, word, least_length)
                   : fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is not a prefix, such as 2001:db8:1::/64", word);
    }
    *slash = '\0';
    bool good = read_address(word, &address, error);
    if (good && !read_integer(slash + 1, 0, 128, &bits, NULL))
        good = fail(error, VALUE_ERROR_SYNTAX, "\"/%s\" is not a prefix length", slash + 1);
    if (!good)
        return false;
    if (bits < least_length || bits > most_length)
        return least_length == most_length
                   ? fail(error, VALUE_ERROR_RANGE, "the prefix has %u bits, not %u", least_length,
                          (unsigned)bits)
                   : fail(error, VALUE_ERROR_RANGE, "prefix length %u is out of range: from %u to %u",
                          (unsigned)bits, least_length, most_length);
    struct ipv6_address cleared = ipv6_prefix_of(&address, (unsigned)bits);
    if (!ipv6_address_equal(&cleared, &address)) {
        char *meant = value_format_address(&cleared);
        fail(error, VALUE_ERROR_RANGE, "%s has bits set behind its first %u; did you mean \"%s/%u\"?", word,
             (unsigned)bits, meant, (unsigned)bits);
        g_free(meant);
        return false;
    }
    *prefix = address;
    *length = (unsigned)bits;
    return true;
}

bool value_parse_prefix(const char *text, unsigned least_length, unsigned most_length,
                        struct ipv6_address *prefix, unsigned *length, GError **error)
{
    char *word = stripped(text);
    bool good = read_prefix(word, least_length, most_length, prefix, length, error);
    g_free(word);
    return good;
}

static bool read_octets(const char *word, size_t least, size_t most, uint8_t *octets, size_t *length,
                        GError **error)
{
    const char *digits = g_str_has_prefix(word, "0x") ? word + 2 : word;
    size_t count = strlen(digits);
    for (size_t i = 0; i < count; i++)
        if (!g_ascii_isxdigit(digits[i]))
            return fail(error, VALUE_ERROR_SYNTAX, "\"%s\" is not made of hexadecimal digits", word);
    if (count == 0 || count % 2)
        return fail(error, VALUE_ERROR_SYNTAX, "%" G_GSIZE_FORMAT " hexadecimal digits: octets have two each",
                    count);
    if (count / 2 < least || count / 2 > most)
        return fail(error, VALUE_ERROR_RANGE,
                    "has %" G_GSIZE_FORMAT " octets; expected %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                    " (two hexadecimal digits each)",
                    count / 2, least, most);
    for (size_t i = 0; i < count / 2; i++)
        octets[i] =
            (uint8_t)(g_ascii_xdigit_value(digits[2 * i]) << 4 | g_ascii_xdigit_value(digits[2 * i + 1]));
    *length = count / 2;
    return true;
}

bool value_parse_octets(const char *text, size_t least, size_t most, uint8_t *octets, size_t *length,
                        GError **error)
{
    char *word = stripped(text);
    bool good = read_octets(word, least, most, octets, length, error);
    g_free(word);
    return good;
}

bool value_check_name(const char *text, GError **error)
{
    size_t length = strlen(text);
    if (length == 0)
        return fail(error, VALUE_ERROR_SYNTAX, "a name is missing");
    if (length > NAME_LENGTH_MAX)
        return fail(error, VALUE_ERROR_RANGE,
                    "the name has %" G_GSIZE_FORMAT " letters; at most %d are allowed", length,
                    NAME_LENGTH_MAX);
    for (const char *p = text; *p; p++)
        if (!g_ascii_isalnum(*p) && (p == text || !strchr("-_.", *p)))
            return fail(
                error, VALUE_ERROR_SYNTAX,
                "\"%s\" is not a name: letters, digits, '-', '_' and '.', beginning with a letter or digit",
                text);
    if (strcmp(text, "all") == 0 || strcmp(text, "none") == 0)
        return fail(error, VALUE_ERROR_SYNTAX, "\"%s\" cannot be a name: it has a meaning of its own", text);
    return true;
}

char **value_split(const char *text, char separator)
{
    GPtrArray *parts = g_ptr_array_new();
    const char *begin = text;
    int depth = 0;
    for (const char *p = text;; p++) {
        if (*p == '(')
            depth++;
        else if (*p == ')' && depth > 0)
            depth--;
        if (*p == '\0' || (*p == separator && depth == 0)) {
            g_ptr_array_add(parts, g_strstrip(g_strndup(begin, (size_t)(p - begin))));
            begin = p + 1;
        }
        if (*p == '\0')
            break;
    }
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(parts, FALSE);
}

bool value_number(const char *text, double *number)
{
    time_ns duration;
    uint64_t whole;
    char *end;
    bool negative = *text == '-';
    *number = g_ascii_strtod(text, &end);
    if (end != text && *end == '\0' && isfinite(*number))
        return true;
    if (duration_parse(text + negative, &duration, NULL))
        *number = (double)(negative ? -duration : duration) / 1e9;
    else if (value_parse_rate(text, &whole, NULL) || value_parse_size(text, 0, UINT64_MAX, &whole, NULL))
        *number = (double)whole;
    else
        return value_parse_probability(text, number, NULL);
    return true;
}
