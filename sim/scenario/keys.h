/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.h - the one table of everything that a scenario can say: sections, keys, types, ranges, defaults,
 * help.
 *
 * The reader stores by it, the validator judges by it, `mip6sim keys` and the reference page are printed from
 * it, and run.json is written from it: what is not in the table does not exist.
 */
#ifndef MIP6SIM_SIM_SCENARIO_KEYS_H
#define MIP6SIM_SIM_SCENARIO_KEYS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/* Sections, in the order of the reference page. */
enum section_kind {
    SECTION_SCENARIO,
    SECTION_PARAMETERS,
    SECTION_LAN,
    SECTION_ACCESS_LAN,
    SECTION_POINT_TO_POINT,
    SECTION_ROUTER,
    SECTION_HOST,
    SECTION_HOME_AGENT,
    SECTION_CORRESPONDENT_NODE,
    SECTION_MOBILE_NODE,
    SECTION_ATTACKER,
    SECTION_HOME_ADDRESS,
    SECTION_PEERS,
    SECTION_FLOW,
    SECTION_MOVEMENT,
    SECTION_ATTACK,
    SECTION_FAULT,
    SECTION_AT,
    SECTION_SWEEP,
    SECTION_EXPECT,
    SECTION_VERIFY,
    SECTION_OUTPUT,
    SECTION_KINDS,
};

struct scenario_section_kind {
    const char *name;
    const char *arguments; /* what follows the name: "NAME", ... or "" */
    unsigned words;        /* how many words those are; 0 for [at], which has its own grammar */
    bool single;           /* there is at most one */
    const struct scenario_key *keys; /* the chapter its keys are in, which ends with one without a name */
    const char *help;
};
extern const struct scenario_section_kind scenario_section_kinds[SECTION_KINDS];

enum value_type {
    VALUE_TEXT,           /* const char * */
    VALUE_FILE,           /* not stored */
    VALUE_INTEGER,        /* unsigned integer of the field's size */
    VALUE_SIZE,           /* octets, as VALUE_INTEGER */
    VALUE_RATE,           /* bit/s, as VALUE_INTEGER */
    VALUE_DURATION,       /* time_ns, or divided by `scale` an unsigned integer of the field's size */
    VALUE_DURATION_RANGE, /* time_ns[2] */
    VALUE_DISTRIBUTION,   /* const struct distribution * */
    VALUE_SPEED,          /* const struct distribution *, of speeds */
    VALUE_LENGTH,         /* int64_t, micrometres */
    VALUE_POINT,          /* struct scenario_point */
    VALUE_PROBABILITY,    /* double */
    VALUE_LOSS,           /* struct loss_model */
    VALUE_CHANCE,         /* struct scenario_chance */
    VALUE_REORDERING,     /* struct scenario_reordering */
    VALUE_CLOCK_DRIFT,    /* struct scenario_clock_drift */
    VALUE_BOOLEAN,        /* bool */
    VALUE_WORD,           /* index into `words`, as VALUE_INTEGER */
    VALUE_WORDS,          /* any of `words`, each its bit, as VALUE_INTEGER; `special`: none of them */
    VALUE_PREFIX,         /* struct ipv6_address; its length, uint8_t, in the second field */
    VALUE_OCTETS,         /* uint8_t[]; their number, uint8_t, in the second field */
    VALUE_ADDRESS,        /* the rest is not stored, but resolved by those who know the names: */
    VALUE_ADDRESSES,
    VALUE_NAME,
    VALUE_NAMES,
    VALUE_NUMBERS,
    VALUE_MESSAGE, /* what an attack sends */
    VALUE_WHERE,   /* an address that an attack is about */
    VALUE_FREQUENCY,
    VALUE_AREA,
    VALUE_VERB,      /* of [at] */
    VALUE_FORM,      /* as `refers` says */
    VALUE_LIST,      /* of [sweep] */
    VALUE_CONDITION, /* of [expect] */
    VALUE_TOLERANCE, /* of [verify] */
};

#define IN(kind) (1u << (kind))

struct scenario_key {
    unsigned sections; /* IN() of each kind that has it */
    const char *name;  /* in capitals: stands for a name that the author chooses ([at], [sweep]) */
    enum value_type type;
    bool required;
    bool inverted;            /* VALUE_BOOLEAN: the field is true for "no" */
    bool changeable;          /* the timeline, or an order while it runs, may change it: NAME = KEY VALUE */
    const char *initial;      /* default, as it would be written; NULL: none, or `initial_note` tells */
    const char *initial_note; /* default that depends on something else, for people */
    const char *as;           /* default: whatever this key, which stands before in the table, has */
    /* INTEGER, SIZE: the number; DURATION, DISTRIBUTION: ns; OCTETS: octets; PREFIX: bits */
    uint64_t least, most;
    uint64_t scale;           /* DURATION: the field's unit in ns; the duration must be a multiple. 0: 1 */
    const char *special;      /* a word that stands for special_value, */
    uint64_t special_value;   /* which need not be in range; 0 and so on are not written as numbers then */
    const char *const *words; /* VALUE_WORD, VALUE_WORDS */
    size_t offset, size;      /* of the field in the section's record */
    size_t second_offset;
    const char *refers; /* NAME, NAMES: what kind of thing, for people */
    const char *help;
};

/* The kind whose name is the section name's first word; SECTION_KINDS: unknown. */
enum section_kind scenario_section_kind(const char *section_name);
bool scenario_section_is_single(const char *section_name);

/* The keys of one kind of section, in the order of the reference page: the one after `key`, or (NULL) the
 * first. NULL: there are no more. */
const struct scenario_key *scenario_key_next(enum section_kind kind, const struct scenario_key *key);

/* NULL: there is no such key in such sections. Of [at] and [sweep] every key is the one in capitals. */
const struct scenario_key *scenario_key_find(enum section_kind kind, const char *name);

/* The section or key that was probably meant; NULL. The source's own sections are considered first, then
 * the kinds. */
const char *scenario_probably_meant_section(const struct scenario_source *source, const char *name);
const char *scenario_probably_meant_key(enum section_kind kind, const char *name);

/* "duration, at least 1ms", ...: the type with its range, for people. Free with g_free. */
char *scenario_key_type_text(const struct scenario_key *key);

/* All keys (SECTION_KINDS), or those of one kind of section, for a terminal or as a page in Markdown. */
void scenario_keys_print_text(GString *out, enum section_kind only);
void scenario_keys_print_markdown(GString *out);

#endif
