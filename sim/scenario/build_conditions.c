/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_conditions.c - the right side of a line of [expect]: numbers with their signs and
 * units, ranges, and words.
 *
 * Whatever is written becomes a range of whole numbers, both ends included: nanoseconds, counts, millionths.
 */
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/build_expectations.h"
#include "sim/scenario/columns.h"
#include "sim/scenario/value.h"

/* A number with the measure's unit. *share: it is a percentage, of what a flow has sent. */
static bool read_number(struct reading *reading, const char *text, int64_t *number, bool *share)
{
    GError *error = NULL;
    uint64_t value = 0;
    double part;
    bool good;
    size_t length = strlen(text);
    if (reading->measure->unit == UNIT_TIME) {
        good = duration_parse(text, number, &error);
    } else if (reading->measure->measure == EXPECT_FLOW && length && text[length - 1] == '%') {
        good = value_parse_probability(text, &part, &error);
        *number = good ? (int64_t)(part * EXPECTATION_RATIO + 0.5) : 0;
        *share = true;
    } else if (reading->measure->unit == UNIT_FACTOR) {
        char *end = NULL;
        part = g_ascii_strtod(text, &end);
        good = g_ascii_isdigit(text[0]) && *end == '\0' && part <= 1e9;
        if (!good)
            g_set_error(&error, VALUE_ERROR, VALUE_ERROR_SYNTAX, "\"%s\" is not a number, such as 1.14",
                        text);
        *number = good ? (int64_t)(part * EXPECTATION_RATIO + 0.5) : 0;
    } else if (strchr(text, 'B')) {
        good = value_parse_size(text, 0, INT64_MAX, &value, &error);
        *number = (int64_t)value;
    } else {
        good = value_parse_integer(text, 0, INT64_MAX, &value, &error);
        *number = (int64_t)value;
    }
    if (!good) {
        expectation_refuse(reading, "%s", error->message);
        g_error_free(error);
    }
    return good;
}

static bool read_range(struct reading *reading, const char *text, const char *dots, bool *share)
{
    struct expectation_condition *condition = &reading->expectation->condition;
    char *least = g_strstrip(g_strndup(text, (size_t)(dots - text)));
    char *most = g_strstrip(g_strdup(dots + 2));
    bool shares[2] = {false, false};
    bool good = read_number(reading, least, &condition->least, &shares[0]) &&
                read_number(reading, most, &condition->most, &shares[1]);
    *share = shares[0];
    g_free(least);
    g_free(most);
    if (good && shares[0] != shares[1])
        return expectation_refuse(reading, "a count and a percentage make no range");
    if (good && condition->least > condition->most)
        return expectation_refuse(reading, "the range is empty: its first number is the greater");
    return good;
}

static bool read_bound(struct reading *reading, const char *text)
{
    static const char *const operators[] = {
        "!=", "==", "=", "<=", ">=", "<", ">"}; /* the first three: one value */
    struct expectation_condition *condition = &reading->expectation->condition;
    condition->unit = reading->measure->unit;
    condition->least = INT64_MIN;
    condition->most = INT64_MAX;
    unsigned which = 0;
    while (which < G_N_ELEMENTS(operators) && !g_str_has_prefix(text, operators[which]))
        which++;
    const char *sign = which < G_N_ELEMENTS(operators) ? operators[which] : "";
    text += strlen(sign);
    while (*text == ' ' || *text == '\t')
        text++;
    condition->negated = which == 0;
    bool plain = which < 3 || sign[0] == '\0';
    if (plain && condition->unit == UNIT_TIME && strcmp(text, "never") == 0) {
        condition->never = true;
        return true;
    }
    const char *dots = strstr(text, "..");
    bool share = false, good = true;
    int64_t number = 0;
    if (dots && !plain) {
        good = expectation_refuse(reading, "a range with \"%s\"; expected one number behind it", sign);
    } else if (dots) {
        good = read_range(reading, text, dots, &share);
    } else if ((good = read_number(reading, text, &number, &share))) {
        if (plain)
            condition->least = condition->most = number;
        else if (sign[0] == '<')
            condition->most = sign[1] ? number : number - 1;
        else
            condition->least = sign[1] ? number : number + 1;
    }
    if (good && share)
        condition->unit = UNIT_RATIO;
    if (good && share && (reading->measure->unit != UNIT_COUNT || reading->expectation->column == FLOW_SENT))
        return expectation_refuse(reading, "a percentage is of what was sent, and of \"%s\" makes no sense",
                                  reading->measure->name);
    return good;
}

/* Several bounds, all of which hold: what is between them is one range. */
static bool read_joined(struct reading *reading, char *const *parts)
{
    struct expectation_condition *condition = &reading->expectation->condition, joined = *condition;
    for (unsigned i = 0; parts[i]; i++) {
        if (!read_bound(reading, g_strstrip(parts[i])))
            return false;
        if (condition->negated || condition->never)
            return expectation_refuse(
                reading, "\"%s\" cannot be joined by \"and\"; what can is a bound or a range", parts[i]);
        if (i > 0 && condition->unit != joined.unit)
            return expectation_refuse(reading, "a count and a percentage cannot be joined");
        if (i > 0) {
            condition->least = MAX(condition->least, joined.least);
            condition->most = MIN(condition->most, joined.most);
        }
        joined = *condition;
    }
    return condition->least <= condition->most ||
           expectation_refuse(reading, "no number is all of that at once");
}

static bool read_numbers(struct reading *reading, const char *text)
{
    char **parts = g_strsplit(text, " and ", -1);
    bool good = parts[1] ? read_joined(reading, parts) : read_bound(reading, text);
    g_strfreev(parts);
    return good;
}

/* Where the binding points, or where the node is. */
static bool read_place(struct reading *reading, const char *text)
{
    struct expectation_condition *condition = &reading->expectation->condition;
    bool binding = reading->expectation->measure == EXPECT_BINDING;
    const struct scenario_named *named = g_hash_table_lookup(reading->builder->names, text);
    struct scenario_reference reference;
    condition->link = condition->node = SCENARIO_NONE;
    if (strcmp(text, "none") == 0) {
        condition->none = true;
    } else if (binding && strcmp(text, "present") == 0) {
        condition->present = true;
    } else if (binding && strcmp(text, "care-of") == 0) {
        condition->care_of = true;
    } else if (named && named->is_link) {
        condition->link = build_find_link(reading->builder, reading->view, reading->entry, text, true);
        return condition->link != SCENARIO_NONE;
    } else if (binding && strchr(text, ':')) {
        GError *error = NULL;
        condition->has_address = value_parse_address(text, &condition->address, &error);
        if (!condition->has_address) {
            expectation_refuse(reading, "%s", error->message);
            g_error_free(error);
        }
        return condition->has_address;
    } else if (binding && named) {
        if (!build_find_node(reading->builder, reading->view, reading->entry, text, KINDS_ANY_NODE, "a node",
                             &reference))
            return false;
        condition->node = reference.node;
    } else {
        const char *meant =
            scenario_probably_meant(text, (const char *const *)reading->builder->link_names->pdata);
        const char *expected =
            binding ? "none, present, care-of, a LAN, a node or an address" : "none or a LAN";
        if (meant)
            return expectation_refuse(reading, "there is no link \"%s\"; did you mean \"%s\"?", text, meant);
        return expectation_refuse(reading, "\"%s\" is not understood; expected %s", text, expected);
    }
    return true;
}

static bool read_path(struct reading *reading, const char *text)
{
    static const char *const paths[] = {"direct", "tunnelled", "optimized", "none", NULL};
    G_STATIC_ASSERT(PATH_DIRECT == 0 && PATH_TUNNELLED == 1 && PATH_ROUTE_OPTIMIZED == 2);
    unsigned path;
    GError *error = NULL;
    if (!value_parse_word(text, paths, &path, &error)) {
        expectation_refuse(reading, "%s", error->message);
        g_error_free(error);
        return false;
    }
    reading->expectation->condition.none = path == 3;
    reading->expectation->condition.path = path == 3 ? PATH_DIRECT : (enum packet_path)path;
    return true;
}

/* accepted, rejected [STATUS], discarded ["REASON"], ..., or failed: any but accepted. */
static bool read_outcome(struct reading *reading, const char *text)
{
    static const char *const words[] = {
#define X(name, word) word,
        ATTACK_OUTCOMES(X)
#undef X
            "failed",
        NULL};
    struct expectation_condition *condition = &reading->expectation->condition;
    char *word = g_strndup(text, strcspn(text, " \t"));
    char *rest = g_strstrip(g_strdup(text + strlen(word)));
    unsigned index = 0;
    GError *error = NULL;
    condition->status = -1;
    bool good = value_parse_word(word, words, &index, &error);
    if (!good) {
        expectation_refuse(reading, "%s", error->message);
        g_error_free(error);
    }
    condition->any_failure = index == OUTCOME_COUNT;
    condition->outcome = (enum attack_outcome)index;
    if (good && rest[0] && index == OUTCOME_REJECTED) {
        uint64_t status = 0;
        good = expectation_read_whole(reading, "status", rest, 0, 255, &status);
        condition->status = (int32_t)status;
    } else if (good && rest[0] && index == OUTCOME_DISCARDED) {
        size_t length = strlen(rest);
        bool quoted = length >= 2 && rest[0] == '"' && rest[length - 1] == '"';
        if (quoted)
            rest[length - 1] = '\0';
        good = condition->has_reason = expectation_find_reason(reading, rest + quoted, &condition->reason);
    } else if (good && rest[0]) {
        good = expectation_refuse(reading, "\"%s\" behind %s is not understood", rest, word);
    }
    g_free(word);
    g_free(rest);
    return good;
}

bool expectation_read_condition(struct reading *reading)
{
    struct expectation_condition *condition = &reading->expectation->condition;
    const char *text = reading->entry->value;
    condition->text = text;
    condition->link = condition->node = SCENARIO_NONE;
    if (text[0] == '\0')
        return expectation_refuse(reading, "it has no value");
    if (reading->measure->unit != UNIT_WORD)
        return read_numbers(reading, text);
    condition->unit = UNIT_WORD;
    if (g_str_has_prefix(text, "!=")) {
        condition->negated = true;
        text += 2;
        while (*text == ' ')
            text++;
    }
    switch (reading->measure->measure) {
    case EXPECT_PATH:
        return read_path(reading, text);
    case EXPECT_ATTACK:
        return read_outcome(reading, text);
    default:
        return read_place(reading, text);
    }
}
