/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_expectations.c - [expect]: lines taken apart and judged as everything else in a scenario is.
 *
 * The key is a row of words: the measure, what it is of, and keywords with their arguments in any order
 * (handover 2, at 20s, from mn). Words in double quotes are taken as they are. Each measure is an entry of
 * one table, which says what it is of and which keywords it takes; the columns of handovers.csv and flows.csv
 * are measures by their own names.
 *
 * All lines of all sections are kept, in force or not, so that an expectation has one index at all points.
 */
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/measure/columns.h"
#include "sim/scenario/build.h"
#include "sim/scenario/expectation.h"
#include "sim/scenario/value.h"

/* ---- measures ---- */

enum keyword {
    KEYWORD_HANDOVER,
    KEYWORD_AT_TIME,
    KEYWORD_AT_NODE,
    KEYWORD_AFTER,
    KEYWORD_BEFORE,
    KEYWORD_FROM,
    KEYWORD_TO,
    KEYWORD_STATUS,
    KEYWORD_PEAK,
    KEYWORD_ACTION,
    KEYWORD_COUNT,
};

#define TAKES(keyword) (1u << KEYWORD_##keyword)
#define WINDOW         (TAKES(AFTER) | TAKES(BEFORE))

/* What stands behind the measure, before the keywords. */
enum subject {
    SUBJECT_MOBILE, /* MOBILE-NODE [CORRESPONDENT] */
    SUBJECT_MOBILE_ALONE,
    SUBJECT_HOLDER,        /* NODE MOBILE-NODE */
    SUBJECT_HOLDER_ALONE,  /* NODE */
    SUBJECT_FLOW,
    SUBJECT_MESSAGE, /* [MESSAGE] */
    SUBJECT_REASON,  /* ["REASON"] */
    SUBJECT_ATTACK,  /* ATTACK [COLUMN] */
};

static const char *const subject_texts[] = {
    [SUBJECT_MOBILE] = "MOBILE-NODE [CORRESPONDENT]",
    [SUBJECT_MOBILE_ALONE] = "MOBILE-NODE",
    [SUBJECT_HOLDER] = "NODE MOBILE-NODE",
    [SUBJECT_HOLDER_ALONE] = "NODE",
    [SUBJECT_FLOW] = "FLOW",
    [SUBJECT_MESSAGE] = "[MESSAGE]",
    [SUBJECT_REASON] = "[\"REASON\"]",
    [SUBJECT_ATTACK] = "ATTACK [COLUMN]",
};

struct measure {
    const char *name;
    enum expectation_measure measure;
    unsigned column;
    enum expectation_unit unit;
    enum subject subject;
    unsigned takes;
};

#define HANDOVER_MEASURE(kind, column, unit, name)                                                           \
    {name, kind, column, unit, SUBJECT_MOBILE, TAKES(HANDOVER)}

static const struct measure measures[] = {
#define X(name, column) HANDOVER_MEASURE(EXPECT_INSTANT, INSTANT_##name, UNIT_TIME, column),
    HANDOVER_SHARED_INSTANTS(X) HANDOVER_OWN_INSTANTS(X)
#undef X
#define X(name, column) HANDOVER_MEASURE(EXPECT_DURATION, DURATION_##name, UNIT_TIME, column),
        HANDOVER_DURATIONS(X)
#undef X
#define X(name, column) HANDOVER_MEASURE(EXPECT_HANDOVER_COUNT, HANDOVER_##name, UNIT_COUNT, column),
            HANDOVER_COUNTS(X)
#undef X
#define X(name, column) {column, EXPECT_FLOW, FLOW_##name, UNIT_COUNT, SUBJECT_FLOW, WINDOW},
                FLOW_COUNTS(X)
#undef X
#define X(name, column) {column, EXPECT_FLOW, FLOW_##name, UNIT_TIME, SUBJECT_FLOW, WINDOW},
                    FLOW_TIMES(X)
#undef X
                        {"delay", EXPECT_FLOW, FLOW_DELAY_MEAN, UNIT_TIME, SUBJECT_FLOW, WINDOW},
    {"handovers", EXPECT_HANDOVERS, 0, UNIT_COUNT, SUBJECT_MOBILE_ALONE, 0},
    {"binding", EXPECT_BINDING, 0, UNIT_WORD, SUBJECT_HOLDER, TAKES(AT_TIME)},
    {"bindings", EXPECT_BINDINGS, 0, UNIT_COUNT, SUBJECT_HOLDER_ALONE, TAKES(AT_TIME) | TAKES(PEAK)},
    {"link", EXPECT_LINK, 0, UNIT_WORD, SUBJECT_MOBILE_ALONE, TAKES(AT_TIME)},
    {"path", EXPECT_PATH, 0, UNIT_WORD, SUBJECT_FLOW, TAKES(AT_TIME)},
    {"messages", EXPECT_MESSAGES, 0, UNIT_COUNT, SUBJECT_MESSAGE,
     WINDOW | TAKES(FROM) | TAKES(TO) | TAKES(STATUS) | TAKES(ACTION)},
    {"message_octets", EXPECT_MESSAGE_OCTETS, 0, UNIT_COUNT, SUBJECT_MESSAGE,
     WINDOW | TAKES(FROM) | TAKES(TO) | TAKES(STATUS) | TAKES(ACTION)},
    {"attack", EXPECT_ATTACK, 0, UNIT_WORD, SUBJECT_ATTACK, 0},
    {"discards", EXPECT_DISCARDS, 0, UNIT_COUNT, SUBJECT_REASON, WINDOW | TAKES(AT_NODE)},
};

/* What `attack NAME COLUMN` becomes. */
static const struct measure attack_columns[] = {
#define X(name, column)                                                                                      \
    {column, EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_##name, UNIT_COUNT, SUBJECT_ATTACK, 0},
    ATTACK_COUNTS(X)
#undef X
#define X(name, column) {column, EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_##name, UNIT_TIME, SUBJECT_ATTACK, 0},
        ATTACK_TIMES(X)
#undef X
            {"amplification", EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_AMPLIFICATION, UNIT_FACTOR, SUBJECT_ATTACK, 0},
    {"status", EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_STATUS, UNIT_COUNT, SUBJECT_ATTACK, 0},
};

/* In the words of logs and of messages.csv. */
static const struct {
    const char *name, *abbreviation;
} message_names[] = {
    {"Binding Update", "BU"},
    {"Binding Acknowledgement", "BA"},
    {"Home Test Init", "HoTI"},
    {"Care-of Test Init", "CoTI"},
    {"Home Test", "HoT"},
    {"Care-of Test", "CoT"},
    {"Binding Refresh Request", "BRR"},
    {"Binding Error", "BE"},
    {"Home Agent Address Discovery Request", NULL},
    {"Home Agent Address Discovery Reply", NULL},
    {"Mobile Prefix Solicitation", NULL},
    {"Mobile Prefix Advertisement", NULL},
};

/* ---- words ---- */

struct word {
    char *text;
    bool quoted;
};

struct reading {
    struct builder *builder;
    const struct scenario_view *view;
    const struct scenario_entry *entry;
    const struct measure *measure;
    struct scenario_expectation *expectation;
    GArray *words; /* struct word */
    unsigned next;
};

static void word_clear(gpointer data)
{
    g_free(((struct word *)data)->text);
}

/* False: a quotation does not end; told. */
static bool take_apart(struct reading *reading)
{
    const char *p = reading->entry->key;
    for (;;) {
        while (*p == ' ')
            p++;
        if (!*p)
            return true;
        bool quoted = *p == '"';
        const char *begin = quoted ? p + 1 : p;
        size_t length = strcspn(begin, quoted ? "\"" : " ");
        if (quoted && !begin[length]) {
            build_error_at(reading->builder, reading->view, reading->entry, "a quotation without its end: %s",
                           p);
            return false;
        }
        struct word word = {g_strndup(begin, length), quoted};
        g_array_append_val(reading->words, word);
        p = begin + length + quoted;
    }
}

static const struct word *word_at(const struct reading *reading, unsigned index)
{
    return index < reading->words->len ? &g_array_index(reading->words, struct word, index) : NULL;
}

static const struct {
    const char *word;
    unsigned takes;
    const char *form;
} keywords[] = {
    {"handover", TAKES(HANDOVER), "handover NUMBER|last"},
    {"at", TAKES(AT_TIME), "at TIME"},
    {"at", TAKES(AT_NODE), "at NODE"},
    {"after", TAKES(AFTER), "after TIME"},
    {"before", TAKES(BEFORE), "before TIME"},
    {"from", TAKES(FROM), "from NODE"},
    {"to", TAKES(TO), "to NODE"},
    {"status", TAKES(STATUS), "status NUMBER"},
    {"peak", TAKES(PEAK), "peak"},
    {"sent", TAKES(ACTION), "sent|received|discarded"},
    {"received", TAKES(ACTION), NULL},
    {"discarded", TAKES(ACTION), NULL},
};

/* The keyword that the word is for this measure; 0: none of its. */
static unsigned keyword_of(const struct reading *reading, const struct word *word)
{
    for (unsigned i = 0; word && !word->quoted && i < G_N_ELEMENTS(keywords); i++)
        if (keywords[i].takes & reading->measure->takes && strcmp(keywords[i].word, word->text) == 0)
            return keywords[i].takes;
    return 0;
}

/* "outage MOBILE-NODE [CORRESPONDENT] [handover NUMBER|last]" */
static char *form_of(const struct measure *measure)
{
    GString *form = g_string_new(measure->subject == SUBJECT_ATTACK ? "attack" : measure->name);
    g_string_append_printf(form, " %s", subject_texts[measure->subject]);
    for (unsigned i = 0; i < G_N_ELEMENTS(keywords); i++)
        if (keywords[i].takes & measure->takes && keywords[i].form)
            g_string_append_printf(form, " [%s]", keywords[i].form);
    return g_string_free(form, FALSE);
}

G_GNUC_PRINTF(2, 3)
static bool refuse(const struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    build_error_at(reading->builder, reading->view, reading->entry, "%s", text);
    g_free(text);
    return false;
}

/* What is wrong, and how the line is to be. */
static bool refuse_form(const struct reading *reading, const char *what)
{
    char *form = form_of(reading->measure);
    refuse(reading, "%s Expected %s = CONDITION", what, form);
    g_free(form);
    return false;
}

/* ---- what it is of ---- */

static bool find_node(struct reading *reading, const char *name, unsigned kinds, const char *expected,
                      struct scenario_reference *reference)
{
    return build_find_node(reading->builder, reading->view, reading->entry, name, kinds, expected, reference);
}

/* A mobile node, or a home address of one. */
static bool find_mobile_node(struct reading *reading, const char *name, struct scenario_reference *reference)
{
    return build_find_party(reading->builder, reading->view, reading->entry, name, KIND(SCENARIO_MOBILE_NODE),
                            "a mobile node", reference);
}

/* The subject's next name; NULL: keywords begin, this measure's or another's, or the line ends. */
static const char *take_name(struct reading *reading)
{
    const struct word *word = word_at(reading, reading->next);
    if (!word)
        return NULL;
    for (unsigned i = 0; !word->quoted && i < G_N_ELEMENTS(keywords); i++)
        if (strcmp(keywords[i].word, word->text) == 0)
            return NULL;
    reading->next++;
    return word->text;
}

static bool overlap(const struct scenario_reference *a, const struct scenario_reference *b)
{
    return a->node == b->node && a->first < b->first + b->count && b->first < a->first + a->count;
}

/* Do peers or a flow join the two? Others have no rows in handovers.csv. */
static bool correspond(const struct scenario *scenario, const struct scenario_reference *mobile,
                       const struct scenario_reference *other)
{
    for (uint32_t i = 0; i < scenario->peers_count; i++)
        if (overlap(&scenario->peers[i].mobile_node, mobile) &&
            overlap(&scenario->peers[i].correspondent, other))
            return true;
    for (uint32_t i = 0; i < scenario->flow_count; i++) {
        const struct scenario_flow *flow = &scenario->flows[i];
        if ((overlap(&flow->from, mobile) && overlap(&flow->to, other)) ||
            (overlap(&flow->to, mobile) && overlap(&flow->from, other)))
            return true;
    }
    return false;
}

static bool read_mobile(struct reading *reading, bool with_correspondent)
{
    struct scenario_expectation *expectation = reading->expectation;
    const char *mobile = take_name(reading);
    if (!mobile)
        return refuse_form(reading, "of which mobile node?");
    const char *other = with_correspondent ? take_name(reading) : NULL;
    bool good = with_correspondent ? find_mobile_node(reading, mobile, &expectation->who)
                                   : find_node(reading, mobile, KIND(SCENARIO_MOBILE_NODE), "a mobile node",
                                               &expectation->who);
    if (!other)
        return good;
    good &= find_node(reading, other, KINDS_ANY_NODE, "a correspondent", &expectation->with);
    if (good && !correspond(reading->builder->scenario, &expectation->who, &expectation->with))
        return refuse(reading, "\"%s\" is not a correspondent of \"%s\": neither [peers] nor a flow joins them",
                      other, mobile);
    return good;
}

static bool read_holder(struct reading *reading, bool of_mobile)
{
    struct scenario_expectation *expectation = reading->expectation;
    struct scenario_reference *holder = of_mobile ? &expectation->with : &expectation->who;
    const unsigned holders =
        KIND(SCENARIO_HOME_AGENT) | KIND(SCENARIO_CORRESPONDENT_NODE) | KIND(SCENARIO_MOBILE_NODE);
    const char *name = take_name(reading), *mobile = of_mobile ? take_name(reading) : NULL;
    if (!name || (of_mobile && !mobile))
        return refuse_form(reading, !name ? "at which node?" : "of which mobile node?");
    bool good = find_node(reading, name, holders, "a home agent, correspondent node or mobile node", holder);
    if (of_mobile)
        good &= find_mobile_node(reading, mobile, &expectation->who);
    if (good && of_mobile)
        expectation->pairs = build_pairs(reading->builder, reading->view, reading->entry, &expectation->with,
                                         &expectation->who);
    return good && (!of_mobile || expectation->pairs > 0);
}

/* A name of the file that is none of these: told, with the one that is probably meant. */
static bool refuse_name(const struct reading *reading, const char *what, const char *name,
                        const char *const *names)
{
    const char *meant = scenario_probably_meant(name, names);
    if (meant)
        return refuse(reading, "there is no %s \"%s\"; did you mean \"%s\"?", what, name, meant);
    return refuse(reading, "there is no %s \"%s\"", what, name);
}

static bool read_flow(struct reading *reading)
{
    const struct scenario *scenario = reading->builder->scenario;
    const char *name = take_name(reading);
    if (!name)
        return refuse_form(reading, "of which flow?");
    const char **names = g_new0(const char *, scenario->flow_count + 1);
    bool found = false;
    for (uint32_t i = 0; i < scenario->flow_count; i++) {
        names[i] = scenario->flows[i].name;
        if (strcmp(names[i], name) == 0) {
            reading->expectation->flow = i;
            found = true;
        }
    }
    if (!found)
        refuse_name(reading, "flow", name, names);
    g_free(names);
    return found;
}

/* The words up to the first keyword, joined again; NULL: none. */
static char *take_phrase(struct reading *reading)
{
    GString *phrase = NULL;
    for (const char *name; (name = take_name(reading)) != NULL;) {
        if (phrase)
            g_string_append_c(phrase, ' ');
        else
            phrase = g_string_new(NULL);
        g_string_append(phrase, name);
    }
    return phrase ? g_string_free(phrase, FALSE) : NULL;
}

static bool read_message(struct reading *reading)
{
    char *phrase = take_phrase(reading);
    const char *known[2 * G_N_ELEMENTS(message_names) + 1];
    unsigned count = 0;
    for (unsigned i = 0; phrase && i < G_N_ELEMENTS(message_names); i++) {
        const char *abbreviation = message_names[i].abbreviation;
        if (g_ascii_strcasecmp(phrase, message_names[i].name) == 0 ||
            (abbreviation && g_ascii_strcasecmp(phrase, abbreviation) == 0))
            reading->expectation->message = message_names[i].name;
        known[count++] = message_names[i].name;
        if (abbreviation)
            known[count++] = abbreviation;
    }
    known[count] = NULL;
    bool good = !phrase || reading->expectation->message;
    if (!good) {
        const char *meant = scenario_probably_meant(phrase, known);
        if (meant)
            refuse(reading, "there is no message \"%s\"; did you mean \"%s\"?", phrase, meant);
        else
            refuse(reading, "there is no message \"%s\" (the names are those of messages.csv: Binding Update, "
                            "Home Test, ...)", phrase);
    }
    g_free(phrase);
    return good;
}

/* In the words of messages.csv. */
static bool find_reason(struct reading *reading, const char *phrase, enum discard_reason *reason)
{
    const char *texts[DISCARD_REASON_COUNT + 1];
    for (unsigned i = 0; i < DISCARD_REASON_COUNT; i++) {
        texts[i] = discard_reason_text((enum discard_reason)i);
        if (i > 0 && strcmp(phrase, texts[i]) == 0) {
            *reason = (enum discard_reason)i;
            return true;
        }
    }
    texts[DISCARD_REASON_COUNT] = NULL;
    const char *meant = scenario_probably_meant(phrase, texts);
    for (unsigned i = 1; !meant && i < DISCARD_REASON_COUNT; i++)
        if (strstr(texts[i], phrase))
            meant = texts[i];
    if (meant)
        return refuse(reading, "nothing is discarded because of \"%s\"; did you mean \"%s\"?", phrase, meant);
    return refuse(reading, "nothing is discarded because of \"%s\" (the reasons are those of messages.csv and "
                           "run.json)",
                  phrase);
}

static bool read_reason(struct reading *reading)
{
    struct scenario_expectation *expectation = reading->expectation;
    char *phrase = take_phrase(reading);
    expectation->has_reason = phrase && find_reason(reading, phrase, &expectation->reason);
    bool good = !phrase || expectation->has_reason;
    g_free(phrase);
    return good;
}

static bool read_attack(struct reading *reading)
{
    const struct scenario *scenario = reading->builder->scenario;
    const char *name = take_name(reading);
    if (!name)
        return refuse_form(reading, "which attack?");
    /* Columns may be called as keywords are: attacks have none. */
    const struct word *word = word_at(reading, reading->next);
    const char *column = word ? word->text : NULL;
    reading->next += word != NULL;
    const char **names = g_new0(const char *, scenario->attack_count + 1);
    bool found = false;
    for (uint32_t i = 0; i < scenario->attack_count; i++) {
        names[i] = scenario->attacks[i].name;
        if (strcmp(names[i], name) == 0) {
            reading->expectation->attack = i;
            found = true;
        }
    }
    if (!found)
        refuse_name(reading, "attack", name, names);
    g_free(names);
    if (!found || !column || strcmp(column, "outcome") == 0)
        return found;
    const char *columns[G_N_ELEMENTS(attack_columns) + 1] = {NULL};
    for (unsigned i = 0; i < G_N_ELEMENTS(attack_columns); i++) {
        columns[i] = attack_columns[i].name;
        if (strcmp(columns[i], column) == 0) {
            reading->measure = &attack_columns[i];
            reading->expectation->measure = EXPECT_ATTACK_COLUMN;
            reading->expectation->column = attack_columns[i].column;
            return true;
        }
    }
    return refuse_name(reading, "column of attacks.csv", column, columns);
}

static bool read_subject(struct reading *reading)
{
    switch (reading->measure->subject) {
    case SUBJECT_MOBILE:
        return read_mobile(reading, true);
    case SUBJECT_MOBILE_ALONE:
        return read_mobile(reading, false);
    case SUBJECT_HOLDER:
        return read_holder(reading, true);
    case SUBJECT_HOLDER_ALONE:
        return read_holder(reading, false);
    case SUBJECT_FLOW:
        return read_flow(reading);
    case SUBJECT_MESSAGE:
        return read_message(reading);
    case SUBJECT_REASON:
        return read_reason(reading);
    case SUBJECT_ATTACK:
        return read_attack(reading);
    }
    return false;
}

/* ---- keywords ---- */

static bool read_time(struct reading *reading, const char *keyword, const char *text, time_ns *time)
{
    const struct scenario *scenario = reading->builder->scenario;
    GError *error = NULL;
    if (!duration_parse(text, time, &error)) {
        refuse(reading, "%s: %s", keyword, error->message);
        g_error_free(error);
        return false;
    }
    char late[DURATION_TEXT_SIZE], end[DURATION_TEXT_SIZE];
    if (scenario->duration > 0 && *time > scenario->duration)
        return refuse(reading, "%s %s is after the end of the scenario (duration = %s)", keyword,
                      duration_format(*time, late), duration_format(scenario->duration, end));
    return true;
}

static bool read_whole(struct reading *reading, const char *keyword, const char *text, uint64_t least,
                       uint64_t most, uint64_t *number)
{
    GError *error = NULL;
    if (value_parse_integer(text, least, most, number, &error))
        return true;
    refuse(reading, "%s: %s", keyword, error->message);
    g_error_free(error);
    return false;
}

/* One keyword with its argument, where it has one. */
static bool read_keyword(struct reading *reading, unsigned keyword)
{
    struct scenario_expectation *expectation = reading->expectation;
    const char *name = word_at(reading, reading->next++)->text;
    if (keyword == TAKES(PEAK)) {
        expectation->peak = true;
        return true;
    }
    if (keyword == TAKES(ACTION)) {
        expectation->action = name[0] == 's' ? EXPECT_SENT : name[0] == 'r' ? EXPECT_RECEIVED : EXPECT_DISCARDED;
        return true;
    }
    const struct word *argument = word_at(reading, reading->next++);
    uint64_t number = 0;
    if (!argument) {
        char *what = g_strdup_printf("\"%s\" what?", name);
        refuse_form(reading, what);
        g_free(what);
        return false;
    }
    switch (keyword) {
    case TAKES(HANDOVER):
        if (strcmp(argument->text, "last") == 0)
            number = SCENARIO_NONE;
        else if (!read_whole(reading, name, argument->text, 1, SCENARIO_NONE - 1, &number))
            return false;
        expectation->handover = (uint32_t)number;
        return true;
    case TAKES(AT_TIME):
        return read_time(reading, name, argument->text, &expectation->at);
    case TAKES(AFTER):
        return read_time(reading, name, argument->text, &expectation->after);
    case TAKES(BEFORE):
        return read_time(reading, name, argument->text, &expectation->before);
    case TAKES(AT_NODE):
        return find_node(reading, argument->text, KINDS_ANY_NODE, "a node", &expectation->who);
    case TAKES(FROM):
        return find_node(reading, argument->text, KINDS_ANY_NODE, "a node", &expectation->from);
    case TAKES(TO):
        return find_node(reading, argument->text, KINDS_ANY_NODE, "a node", &expectation->to);
    case TAKES(STATUS):
        if (!read_whole(reading, name, argument->text, 0, 255, &number))
            return false;
        expectation->status = (int32_t)number;
        return true;
    default:
        return false;
    }
}

static bool read_keywords(struct reading *reading)
{
    unsigned given = 0;
    while (reading->next < reading->words->len) {
        const struct word *word = word_at(reading, reading->next);
        unsigned keyword = keyword_of(reading, word);
        if (!keyword || keyword & given) {
            char *what = g_strdup_printf("\"%s\" %s", word->text,
                                         keyword ? "is there twice." : "is not understood here.");
            refuse_form(reading, what);
            g_free(what);
            return false;
        }
        given |= keyword;
        if (!read_keyword(reading, keyword))
            return false;
    }
    const struct scenario_expectation *expectation = reading->expectation;
    if (expectation->after >= expectation->before)
        return refuse(reading, "nothing is after the one and before the other time");
    if (given & TAKES(PEAK) && given & TAKES(AT_TIME))
        return refuse(reading, "\"peak\" is the most of all times; leave \"at\" away");
    bool windowed = expectation_is_windowed(expectation);
    if (windowed && expectation->measure == EXPECT_FLOW &&
        (expectation->column == FLOW_DUPLICATED || expectation->column == FLOW_REORDERED))
        return refuse(reading, "\"%s\" is counted for the whole run; leave \"after\" and \"before\" away",
                      reading->measure->name);
    return true;
}

/* ---- conditions ---- */

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
            g_set_error(&error, VALUE_ERROR, VALUE_ERROR_SYNTAX, "\"%s\" is not a number, such as 1.14", text);
        *number = good ? (int64_t)(part * EXPECTATION_RATIO + 0.5) : 0;
    } else if (strchr(text, 'B')) {
        good = value_parse_size(text, 0, INT64_MAX, &value, &error);
        *number = (int64_t)value;
    } else {
        good = value_parse_integer(text, 0, INT64_MAX, &value, &error);
        *number = (int64_t)value;
    }
    if (!good) {
        refuse(reading, "%s", error->message);
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
        return refuse(reading, "a count and a percentage make no range");
    if (good && condition->least > condition->most)
        return refuse(reading, "the range is empty: its first number is the greater");
    return good;
}

static bool read_numbers(struct reading *reading, const char *text)
{
    static const char *const operators[] = {"!=", "==", "=", "<=", ">=", "<", ">"}; /* the first three: one value */
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
        good = refuse(reading, "a range with \"%s\"; expected one number behind it", sign);
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
        return refuse(reading, "a percentage is of what was sent, and of \"%s\" makes no sense",
                      reading->measure->name);
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
            refuse(reading, "%s", error->message);
            g_error_free(error);
        }
        return condition->has_address;
    } else if (binding && named) {
        if (!find_node(reading, text, KINDS_ANY_NODE, "a node", &reference))
            return false;
        condition->node = reference.node;
    } else {
        const char *meant =
            scenario_probably_meant(text, (const char *const *)reading->builder->link_names->pdata);
        const char *expected = binding ? "none, present, care-of, a LAN, a node or an address" : "none or a LAN";
        if (meant)
            return refuse(reading, "there is no link \"%s\"; did you mean \"%s\"?", text, meant);
        return refuse(reading, "\"%s\" is not understood; expected %s", text, expected);
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
        refuse(reading, "%s", error->message);
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
        refuse(reading, "%s", error->message);
        g_error_free(error);
    }
    condition->any_failure = index == OUTCOME_COUNT;
    condition->outcome = (enum attack_outcome)index;
    if (good && rest[0] && index == OUTCOME_REJECTED) {
        uint64_t status = 0;
        good = read_whole(reading, "status", rest, 0, 255, &status);
        condition->status = (int32_t)status;
    } else if (good && rest[0] && index == OUTCOME_DISCARDED) {
        size_t length = strlen(rest);
        bool quoted = length >= 2 && rest[0] == '"' && rest[length - 1] == '"';
        if (quoted)
            rest[length - 1] = '\0';
        good = condition->has_reason = find_reason(reading, rest + quoted, &condition->reason);
    } else if (good && rest[0]) {
        good = refuse(reading, "\"%s\" behind %s is not understood", rest, word);
    }
    g_free(word);
    g_free(rest);
    return good;
}

static bool read_condition(struct reading *reading)
{
    struct expectation_condition *condition = &reading->expectation->condition;
    const char *text = reading->entry->value;
    condition->text = text;
    condition->link = condition->node = SCENARIO_NONE;
    if (text[0] == '\0')
        return refuse(reading, "it has no value");
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

/* ---- a line ---- */

static bool find_measure(struct reading *reading)
{
    const struct word *word = word_at(reading, 0);
    if (!word)
        return refuse(reading, "what is expected? (see: mip6sim keys expect)");
    const char *names[G_N_ELEMENTS(measures) + 1] = {NULL};
    for (unsigned i = 0; i < G_N_ELEMENTS(measures); i++) {
        names[i] = measures[i].name;
        if (strcmp(measures[i].name, word->text) == 0)
            reading->measure = &measures[i];
    }
    if (reading->measure)
        return true;
    const char *meant = scenario_probably_meant(word->text, names);
    if (meant)
        return refuse(reading, "there is no measure \"%s\"; did you mean \"%s\"?", word->text, meant);
    return refuse(reading, "there is no measure \"%s\" (see: mip6sim keys expect)", word->text);
}

static void read_expectation(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_entry *entry, bool in_force,
                             struct scenario_expectation *expectation)
{
    const struct scenario_reference nobody = {.node = SCENARIO_NONE};
    struct reading reading = {.builder = builder, .view = view, .entry = entry, .expectation = expectation};
    *expectation = (struct scenario_expectation){
        .place = entry->place,
        .section = view->section->name,
        .key = entry->key,
        .in_force = in_force,
        .who = nobody,
        .with = nobody,
        .from = nobody,
        .to = nobody,
        .at = TIME_NEVER,
        .before = TIME_NEVER,
        .status = -1,
    };
    reading.words = g_array_new(FALSE, FALSE, sizeof(struct word));
    g_array_set_clear_func(reading.words, word_clear);
    if (take_apart(&reading) && find_measure(&reading)) {
        expectation->measure = reading.measure->measure;
        expectation->column = reading.measure->column;
        reading.next = 1;
        if (read_subject(&reading) && read_keywords(&reading))
            read_condition(&reading);
    }
    g_array_free(reading.words, TRUE);
}

/* ---- when it is in force ---- */

/* The value that a key has at this point, as written; its default; NULL. */
static const char *value_in_force(const struct builder *builder, const char *section,
                                  const struct scenario_key *key, const char *name)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (strcmp(view->section->name, section) != 0)
            continue;
        const struct scenario_entry *entry = build_entry(view, name);
        return entry ? entry->value : key ? key->initial : NULL;
    }
    return NULL;
}

/* 10ms is 0.01s. */
static bool same_value(const char *a, const char *b)
{
    time_ns first, second;
    char *left = scenario_normalized(a), *right = scenario_normalized(b);
    bool same = strcmp(left, right) == 0 || (duration_parse(left, &first, NULL) &&
                                             duration_parse(right, &second, NULL) && first == second);
    g_free(left);
    g_free(right);
    return same;
}

static const struct scenario_axis *axis_of(const struct scenario *scenario, const char *section,
                                           const char *key)
{
    for (uint32_t i = 0; i < scenario->axis_count; i++)
        if (strcmp(scenario->axes[i].section, section) == 0 && strcmp(scenario->axes[i].key, key) == 0)
            return &scenario->axes[i];
    return NULL;
}

/* Could the key have this value? A slip of the pen would make an expectation that is never judged. */
static bool check_value(struct builder *builder, const struct scenario_view *view, const char *section,
                        const char *key_name, const struct scenario_key *key, const char *value)
{
    const struct scenario_axis *axis = axis_of(builder->scenario, section, key_name);
    GError *error = NULL;
    unsigned index;
    bool flag;
    time_ns time;
    for (uint32_t i = 0; axis && i < axis->value_count; i++)
        if (same_value(axis->values[i], value))
            return true;
    if (axis && strcmp(axis->place.file ? axis->place.file : "", view->section->place.file) == 0) {
        build_error(builder, view, NULL, "the sweep over \"%s / %s\" has no value \"%s\"", section, key_name,
                    value);
        return false;
    }
    if (key->type == VALUE_WORD)
        value_parse_word(value, key->words, &index, &error);
    else if (key->type == VALUE_BOOLEAN)
        value_parse_boolean(value, &flag, &error);
    else if (key->type == VALUE_DURATION && !(key->special && strcmp(key->special, value) == 0))
        duration_parse(value, &time, &error);
    if (!error)
        return true;
    build_error(builder, view, NULL, "%s / %s: %s", section, key_name, error->message);
    g_error_free(error);
    return false;
}

static const struct scenario_key *check_key(struct builder *builder, const struct scenario_view *view,
                                            const char *section, const char *name)
{
    if (!scenario_source_section(builder->source, section)) {
        const char *meant = scenario_probably_meant_section(builder->source, section);
        if (meant)
            build_error(builder, view, NULL, "there is no section [%s]; did you mean \"%s / %s\"?", section,
                        meant, name);
        else
            build_error(builder, view, NULL, "there is no section [%s]", section);
        return NULL;
    }
    enum section_kind kind = scenario_section_kind(section);
    const struct scenario_key *key = scenario_key_find(kind, name);
    if (!key && kind != SECTION_KINDS) {
        const char *meant = scenario_probably_meant_key(kind, name);
        if (meant)
            build_error(builder, view, NULL, "[%s] has no key \"%s\"; did you mean \"%s / %s\"?", section, name,
                        section, meant);
        else
            build_error(builder, view, NULL, "[%s] has no key \"%s\"", section, name);
    }
    return key;
}

/* SECTION / KEY = VALUE; VALUE; ...: does it hold at this point? */
static bool holds(struct builder *builder, const struct scenario_view *view, const char *text)
{
    char *copy = g_strdup(text);
    char *equals = strchr(copy, '='), *slash = strstr(copy, " / ");
    bool result = false;
    if (!equals || !slash || slash > equals) {
        build_error(builder, view, NULL,
                    "the section is to be written [expect], or [expect SECTION / KEY = VALUE] for where this "
                    "is in force");
        g_free(copy);
        return false;
    }
    *slash = *equals = '\0';
    const char *section = g_strstrip(copy), *name = g_strstrip(slash + 3);
    const struct scenario_key *key = check_key(builder, view, section, name);
    const char *value = key ? value_in_force(builder, section, key, name) : NULL;
    char **wanted = value_split(equals + 1, ';');
    for (unsigned i = 0; key && wanted[i]; i++)
        if (check_value(builder, view, section, name, key, wanted[i]) && value && same_value(value, wanted[i]))
            result = true;
    g_strfreev(wanted);
    g_free(copy);
    return result;
}

/* All conditions of the section's name, joined by "and". */
static bool section_in_force(struct builder *builder, const struct scenario_view *view)
{
    const char *name = view->section->name + strlen("expect");
    if (*name == '\0')
        return true;
    char **conditions = g_strsplit(name + 1, " and ", -1);
    bool in_force = true;
    for (unsigned i = 0; conditions[i]; i++)
        in_force &= holds(builder, view, conditions[i]);
    g_strfreev(conditions);
    return in_force;
}

void build_expectations(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    unsigned total = 0;
    for (unsigned i = 0; i < builder->storage->view_count; i++)
        if (builder->storage->views[i].kind == SECTION_EXPECT)
            total += builder->storage->views[i].entry_count;
    scenario->expectations = build_memory(builder, total, sizeof *scenario->expectations);
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_EXPECT)
            continue;
        bool in_force = section_in_force(builder, view);
        for (unsigned k = 0; k < view->entry_count; k++)
            read_expectation(builder, view, &view->entries[k], in_force,
                             &scenario->expectations[scenario->expectation_count++]);
    }
}
