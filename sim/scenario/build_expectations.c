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
#include "sim/scenario/build.h"
#include "sim/scenario/build_expectations.h"
#include "sim/scenario/columns.h"
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

#define HANDOVER_MEASURE(kind, column, unit, name)                                                           \
    {                                                                                                        \
        name, kind, column, unit, SUBJECT_MOBILE, TAKES(HANDOVER)                                            \
    }

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
#define X(name, column) {column, EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_##name, UNIT_COUNT, SUBJECT_ATTACK, 0},
    ATTACK_COUNTS(X)
#undef X
#define X(name, column) {column, EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_##name, UNIT_TIME, SUBJECT_ATTACK, 0},
        ATTACK_TIMES(X)
#undef X
            {"amplification", EXPECT_ATTACK_COLUMN, ATTACK_COLUMN_AMPLIFICATION, UNIT_FACTOR, SUBJECT_ATTACK,
             0},
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

bool expectation_refuse(const struct reading *reading, const char *format, ...)
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
    expectation_refuse(reading, "%s Expected %s = CONDITION", what, form);
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
        return expectation_refuse(
            reading, "\"%s\" is not a correspondent of \"%s\": neither [peers] nor a flow joins them", other,
            mobile);
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
        return expectation_refuse(reading, "there is no %s \"%s\"; did you mean \"%s\"?", what, name, meant);
    return expectation_refuse(reading, "there is no %s \"%s\"", what, name);
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
            expectation_refuse(reading, "there is no message \"%s\"; did you mean \"%s\"?", phrase, meant);
        else
            expectation_refuse(
                reading,
                "there is no message \"%s\" (the names are those of messages.csv: Binding Update, "
                "Home Test, ...)",
                phrase);
    }
    g_free(phrase);
    return good;
}

/* In the words of messages.csv. */
bool expectation_find_reason(const struct reading *reading, const char *phrase, enum discard_reason *reason)
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
        return expectation_refuse(reading, "nothing is discarded because of \"%s\"; did you mean \"%s\"?",
                                  phrase, meant);
    return expectation_refuse(
        reading,
        "nothing is discarded because of \"%s\" (the reasons are those of messages.csv and "
        "run.json)",
        phrase);
}

static bool read_reason(struct reading *reading)
{
    struct scenario_expectation *expectation = reading->expectation;
    char *phrase = take_phrase(reading);
    expectation->has_reason = phrase && expectation_find_reason(reading, phrase, &expectation->reason);
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
        expectation_refuse(reading, "%s: %s", keyword, error->message);
        g_error_free(error);
        return false;
    }
    char late[DURATION_TEXT_SIZE], end[DURATION_TEXT_SIZE];
    if (scenario->duration > 0 && *time > scenario->duration)
        return expectation_refuse(reading, "%s %s is after the end of the scenario (duration = %s)", keyword,
                                  duration_format(*time, late), duration_format(scenario->duration, end));
    return true;
}

bool expectation_read_whole(const struct reading *reading, const char *keyword, const char *text,
                            uint64_t least, uint64_t most, uint64_t *number)
{
    GError *error = NULL;
    if (value_parse_integer(text, least, most, number, &error))
        return true;
    expectation_refuse(reading, "%s: %s", keyword, error->message);
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
        expectation->action = name[0] == 's'   ? EXPECT_SENT
                              : name[0] == 'r' ? EXPECT_RECEIVED
                                               : EXPECT_DISCARDED;
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
        else if (!expectation_read_whole(reading, name, argument->text, 1, SCENARIO_NONE - 1, &number))
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
        if (!expectation_read_whole(reading, name, argument->text, 0, 255, &number))
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
        return expectation_refuse(reading, "nothing is after the one and before the other time");
    if (given & TAKES(PEAK) && given & TAKES(AT_TIME))
        return expectation_refuse(reading, "\"peak\" is the most of all times; leave \"at\" away");
    bool windowed = expectation_is_windowed(expectation);
    if (windowed && expectation->measure == EXPECT_FLOW &&
        (expectation->column == FLOW_DUPLICATED || expectation->column == FLOW_REORDERED))
        return expectation_refuse(reading,
                                  "\"%s\" is counted for the whole run; leave \"after\" and \"before\" away",
                                  reading->measure->name);
    return true;
}

/* ---- a line ---- */

static bool find_measure(struct reading *reading)
{
    const struct word *word = word_at(reading, 0);
    if (!word)
        return expectation_refuse(reading, "what is expected? (see: mip6sim keys expect)");
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
        return expectation_refuse(reading, "there is no measure \"%s\"; did you mean \"%s\"?", word->text,
                                  meant);
    return expectation_refuse(reading, "there is no measure \"%s\" (see: mip6sim keys expect)", word->text);
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
            expectation_read_condition(&reading);
    }
    g_array_free(reading.words, TRUE);
}

/* ---- all of them ---- */

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
        bool in_force = expectation_section_in_force(builder, view);
        for (unsigned k = 0; k < view->entry_count; k++)
            read_expectation(builder, view, &view->entries[k], in_force,
                             &scenario->expectations[scenario->expectation_count++]);
    }
}
