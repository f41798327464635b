/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_check.c - a mobile node, its home agent, a correspondent and one move, by brute force: every way to
 * lose, delay or repeat up to so many of the mobility messages, and what must hold in every run, at every
 * step of it.
 *
 * The search is a depth-first one over decisions: a run is a list of deviations (this message is lost, late,
 * or comes twice); from each run go on those that deviate once more, later. Runs are made from the start each
 * time: the machines need no snapshots, and a counterexample is its list.
 *
 * Mobile node and home agent have IPsec; the observer has their keys, and looks under ESP. The same is
 * searched once more, one deviation less deep, without.
 *
 * The judges rest on the octets that went over the links and on hashes of libcrypto, not on the machines' own
 * code:
 *
 * - A correspondent makes, changes or deletes a binding only because of a Binding Update that reached it and
 *   whose authenticator is right under a Kbm made anew from the tokens seen on the wire, or from the key (RFC
 *   6275, 5.2.5-5.2.6; RFC 4449, 5).
 * - Under return routability the care-of address has been tested: a Care-of Test went to it, not longer ago
 *   than MAX_NONCE_LIFETIME, and a Home Test to the home address (5.2.7).
 * - A home agent's binding is for an address that was the node's care-of address, and is made, changed or
 *   deleted only because of a Binding Update that says so under ESP (5.1).
 * - A sequence number is not used for two different updates to one peer (11.7, 9.5.1).
 * - A host sends from its own usable addresses only, a mobile node away from home not from its home address
 *   (11.3.1).
 * - No mobility message of these nodes is discarded as malformed.
 * - What RFC 6275, 5.1, 5.4 and 10.4.6 want under ESP goes over no link in the clear; a copy of it is refused
 *   by the window, every time, and nothing else is refused by IPsec (RFC 4303, 3.4.3).
 * - Datagrams both ways are not lost for longer than the back-offs of what was hit (11.8), and in the end the
 *   binding stands.
 * - When the lifetimes are over nothing is left: no binding, no proxy, no timer and no entry in the home
 *   agent's table of addresses that was not there before, and when the nodes are gone no packet and no
 *   memory.
 */
#include <check.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_table.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/mobility/nonce.h"
#include "tests/lab/signalling.h"
#include "tests/runner.h"

#define START      MILLISECONDS(100)
#define MOVE       SECONDS(6)
#define ATTACHED   (MOVE + MILLISECONDS(50))
#define SPAN       SECONDS(10) /* messages of so long after the move may be hit */
#define INTERVAL   MILLISECONDS(250)
#define AFTER      SECONDS(2)
#define LIFETIME   10 /* of all bindings, units of 4 s */
#define TO_THE_END 16 /* every so many runs one is followed until nothing is left */
#define REPORTED   8

static const struct flow_configuration steady = {
    .pattern = FLOW_CONSTANT, .interval = INTERVAL, .payload = 32};

/* -- what is searched -- */

struct space {
    const char *name;
    lab_action *first, *next;
    const struct authorization_method *method;
    enum correspondent_order order;
    bool reuse_tokens;
    bool ends_home;
    unsigned depth; /* deviations in one run */
    unsigned kinds; /* enum deviation_kind below this one */
};

static const struct space spaces[] = {
    {"first registration, tests after", attach_home, attach_visited_0, &authorization_return_routability,
     ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, 4, DEVIATION_KINDS},
    {"first registration, tests in parallel", attach_home, attach_visited_0,
     &authorization_return_routability, ORDER_PARALLEL_TESTS, false, false, 3, DEVIATION_KINDS},
    {"another link, tests after", attach_visited_0, attach_visited_1, &authorization_return_routability,
     ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, 4, DEVIATION_KINDS},
    {"another link, tests in parallel", attach_visited_0, attach_visited_1, &authorization_return_routability,
     ORDER_PARALLEL_TESTS, false, false, 4, DEVIATION_KINDS},
    {"another link, home token used again", attach_visited_0, attach_visited_1,
     &authorization_return_routability, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, true, false, 3, DEVIATION_KINDS},
    {"another link, static key after", attach_visited_0, attach_visited_1, &authorization_static_key,
     ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, 4, DEVIATION_KINDS},
    {"another link, static key at once", attach_visited_0, attach_visited_1, &authorization_static_key,
     ORDER_AT_ONCE, false, false, 4, DEVIATION_KINDS},
    {"home, tests after", attach_visited_0, attach_home, &authorization_return_routability,
     ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, true, 4, DEVIATION_KINDS},
    {"home, tests in parallel", attach_visited_0, attach_home, &authorization_return_routability,
     ORDER_PARALLEL_TESTS, true, true, 3, DEVIATION_KINDS},
    {"home, static key at once", attach_visited_0, attach_home, &authorization_static_key, ORDER_AT_ONCE,
     false, true, 4, DEVIATION_KINDS},
    {"another link, many losses, tests after", attach_visited_0, attach_visited_1,
     &authorization_return_routability, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, 5,
     DEVIATION_LOSE + 1},
    {"another link, many losses, static key after", attach_visited_0, attach_visited_1,
     &authorization_static_key, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, 6, DEVIATION_LOSE + 1},
};

#define SPACES ((int)(sizeof(spaces) / sizeof(spaces[0])))

/* What a home agent has before it has a mobile node, and again after it. */
struct holding {
    uint32_t addresses, timers, associations;
};

struct search {
    const struct space *space;
    bool ipsec;
    struct holding before;
    struct world *world; /* of the run at hand */
    struct deviator deviator;
    unsigned depth;
    unsigned runs, failures;
    const char *wrong;         /* the first thing of this run */
    GArray *care_of_addresses; /* the node has had */
};

static bool is_instrumented(void)
{
    const char *instrumented = getenv("INSTRUMENTED");
    return instrumented && strcmp(instrumented, "yes") == 0;
}

static void object(struct search *search, const char *what)
{
    if (!search->wrong)
        search->wrong = what;
}

static bool same(const struct ipv6_address *a, const struct ipv6_address *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* -- as each frame is sent -- */

static bool may_send_from(const struct world *world, unsigned sender, const struct ipv6_address *source)
{
    const struct node *node = lab_node(world->lab, sender);
    const struct interface_address *address = address_find(node, source);
    if (ipv6_address_is_unspecified(source))
        return true;
    if (!address || !address_is_usable(address))
        return false;
    const struct mobile_node *mobile = node->mobility ? node->mobility->mobile_node : NULL;
    bool from_home = mobile && same(source, &mobile->home.home_address);
    return !from_home || mobile->home.state == MOBILE_NODE_AT_HOME ||
           mobile->home.state == MOBILE_NODE_RETURNING;
}

static void watch(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
                  void *context)
{
    struct search *search = context;
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, frame, &length);
    if (frame->node == search->world->mobile || frame->node == search->world->correspondent) {
        struct ipv6_address source = ipv6_address_read(octets + IPV6_AT_SOURCE);
        if (!may_send_from(search->world, frame->node, &source))
            object(search, "a node has sent from an address that is not its own there");
    }
    deviate(lab, frame, treatment, &search->deviator);
}

/* -- after the run: frames and reports in order -- */

/* The token that went to this address with this nonce index, before the time; NULL: none did. */
static const uint8_t *token_seen(const struct world *world, unsigned type, const struct ipv6_address *to,
                                 const uint8_t index[2], time_ns before, time_ns *sent)
{
    const uint8_t *token = NULL;
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        if (frame->time > before || frame->node != world->correspondent)
            continue;
        struct signal signal = signal_read(world->lab, frame);
        if (signal.kind != SIGNAL_MOBILITY || signal.type != type || signal.length < 24 ||
            !same(&signal.destination, to) || memcmp(signal.message + 6, index, 2) != 0)
            continue;
        token = signal.message + 16;
        *sent = frame->time;
    }
    return token;
}

/* RFC 6275, 5.2.5; the nonces are indices' in `indices`. False: a token was never given out. */
static bool kbm_from_the_wire(const struct world *world, const struct ipv6_address *care_of_address,
                              const uint8_t *indices, bool deletion, time_ns now,
                              uint8_t kbm[SHA_DIGEST_LENGTH])
{
    uint8_t tokens[16];
    time_ns home_sent = 0, care_of_sent = 0;
    const uint8_t *home =
        token_seen(world, MOBILITY_HOME_TEST, &world->home_address, indices, now, &home_sent);
    const uint8_t *care_of =
        deletion ? NULL
                 : token_seen(world, MOBILITY_CARE_OF_TEST, care_of_address, indices + 2, now, &care_of_sent);
    if (!home || now - home_sent > MAX_NONCE_LIFETIME)
        return false;
    if (!deletion && (!care_of || now - care_of_sent > MAX_NONCE_LIFETIME))
        return false;
    memcpy(tokens, home, 8);
    if (care_of)
        memcpy(tokens + 8, care_of, 8);
    SHA1(tokens, care_of ? 16 : 8, kbm);
    return true;
}

static void static_token(const struct static_key *key, const struct ipv6_address *address,
                         const uint8_t *nonce, size_t length, uint8_t kind, uint8_t token[8])
{
    uint8_t text[sizeof(*address) + STATIC_NONCE_LENGTH_MAX + 1], mac[SHA_DIGEST_LENGTH];
    memcpy(text, address, sizeof(*address));
    memcpy(text + sizeof(*address), nonce, length);
    text[sizeof(*address) + length] = kind;
    HMAC(EVP_sha1(), key->kcn, key->kcn_length, text, sizeof(*address) + length + 1, mac, NULL);
    memcpy(token, mac, 8);
}

static void kbm_from_the_key(const struct world *world, const struct ipv6_address *care_of_address,
                             bool deletion, uint8_t kbm[SHA_DIGEST_LENGTH])
{
    const struct static_key *key = &world->key;
    uint8_t tokens[16];
    static_token(key, &world->home_address, key->home_nonce, key->home_nonce_length, 0, tokens);
    static_token(key, care_of_address, key->care_of_nonce, key->care_of_nonce_length, 1, tokens + 8);
    SHA1(tokens, deletion ? 8 : 16, kbm);
}

/* 6.2.7: First (96, HMAC_SHA1 (Kbm, (care-of address | correspondent | MH Data))). */
static bool authenticator_is_right(const struct world *world, const struct signal *update,
                                   const uint8_t kbm[SHA_DIGEST_LENGTH],
                                   const struct ipv6_address *care_of_address)
{
    const uint8_t *authenticator =
        signal_option(update, UPDATE_FIXED_LENGTH, MOBILITY_OPTION_BINDING_AUTHORIZATION_DATA);
    uint8_t text[512], mac[SHA_DIGEST_LENGTH];
    if (!authenticator)
        return false;
    size_t covered = (size_t)(authenticator - update->message);
    memcpy(text, care_of_address, 16);
    memcpy(text + 16, &world->correspondent_address, 16);
    memcpy(text + 32, update->message, covered);
    text[32 + 4] = text[32 + 5] = 0; /* checksum */
    HMAC(EVP_sha1(), kbm, SHA_DIGEST_LENGTH, text, 32 + covered, mac, NULL);
    return memcmp(mac, authenticator, 12) == 0;
}

static bool update_is_authorized(const struct search *search, const struct signal *update, time_ns now)
{
    const struct world *world = search->world;
    uint8_t kbm[SHA_DIGEST_LENGTH];
    struct ipv6_address care_of_address = update->wire_source;
    bool deletion =
        (update->message[10] | update->message[11]) == 0 || same(&care_of_address, &world->home_address);
    const uint8_t *indices = signal_option(update, UPDATE_FIXED_LENGTH, MOBILITY_OPTION_NONCE_INDICES);
    if (search->space->method == &authorization_static_key)
        kbm_from_the_key(world, &care_of_address, deletion, kbm);
    else if (!indices || !kbm_from_the_wire(world, &care_of_address, indices, deletion, now, kbm))
        return false;
    return authenticator_is_right(world, update, kbm, &care_of_address);
}

/* Is there a Binding Update, sent before, that asks for just this? */
static bool was_authorized(const struct search *search, const struct protocol_event *event)
{
    const struct world *world = search->world;
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        if (frame->time > event->time || frame->node != world->mobile || frame->dropped)
            continue;
        struct signal signal = signal_read(world->lab, frame);
        if (signal.kind != SIGNAL_MOBILITY || signal.type != MOBILITY_BINDING_UPDATE ||
            !same(&signal.destination, &world->correspondent_address) ||
            !same(&signal.source, event->home_address) || signal_update_sequence(&signal) != event->sequence)
            continue;
        bool address =
            event->kind == EVENT_BINDING_DELETED || same(&signal.wire_source, event->care_of_address);
        if (address && update_is_authorized(search, &signal, event->time))
            return true;
    }
    return false;
}

static bool was_care_of_address(const struct search *search, const struct ipv6_address *address)
{
    for (unsigned i = 0; i < search->care_of_addresses->len; i++)
        if (same(&g_array_index(search->care_of_addresses, struct ipv6_address, i), address))
            return true;
    return false;
}

/* Has the mobile node asked its home agent for just this, before, under ESP if there is IPsec? */
static bool was_asked_for(const struct search *search, const struct protocol_event *event)
{
    const struct world *world = search->world;
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        if (frame->time > event->time || frame->node != world->mobile || frame->dropped)
            continue;
        struct signal signal = signal_read(world->lab, frame);
        if (signal.kind != SIGNAL_MOBILITY || signal.type != MOBILITY_BINDING_UPDATE ||
            signal.protected_by_esp != world->ipsec ||
            !same(&signal.destination, &world->home_agent_address) ||
            !same(&signal.source, event->home_address))
            continue;
        if (event->kind == EVENT_BINDING_DELETED
                ? (signal.message[10] | signal.message[11]) == 0
                : signal_update_sequence(&signal) == event->sequence &&
                      same(&signal.wire_source, event->care_of_address))
            return true;
    }
    return false;
}

static bool is_about_a_binding(enum protocol_event_kind kind)
{
    return kind == EVENT_BINDING_CREATED || kind == EVENT_BINDING_UPDATED || kind == EVENT_BINDING_DELETED;
}

static void judge_reports(struct search *search)
{
    const struct world *world = search->world;
    for (unsigned i = 0; i < lab_event_count(world->lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(world->lab, i, &node);
        if (event->kind == EVENT_CARE_OF_ADDRESS_USABLE)
            g_array_append_val(search->care_of_addresses, *event->care_of_address);
        else if (is_about_a_binding(event->kind) && node == world->correspondent &&
                 !was_authorized(search, event))
            object(search, "the correspondent has changed a binding that nobody was authorized to change");
        else if (is_about_a_binding(event->kind) && node == world->home_agent &&
                 event->kind != EVENT_BINDING_DELETED && !was_care_of_address(search, event->care_of_address))
            object(search, "the home agent has bound an address that never was the node's");
        else if (is_about_a_binding(event->kind) && node == world->home_agent &&
                 !was_asked_for(search, event))
            object(search, "the home agent has changed a binding that nobody had asked it to change");
        else if (event->kind == EVENT_MESSAGE_DISCARDED &&
                 (event->reason == DISCARD_MOBILITY_LENGTH || event->reason == DISCARD_MOBILITY_OPTION ||
                  event->reason == DISCARD_CHECKSUM || event->reason == DISCARD_AUTHORIZATION_MISSING ||
                  event->reason == DISCARD_AUTHENTICATOR))
            object(search, "a message of these nodes was found malformed, or false");
    }
}

/* Two updates of one number are one and the same but for the checksum. */
static void judge_sequence_numbers(struct search *search)
{
    const struct world *world = search->world;
    GPtrArray *seen = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        if (frame->node != world->mobile)
            continue;
        struct signal *signal = g_new(struct signal, 1);
        *signal = signal_read(world->lab, frame);
        bool update = signal->kind == SIGNAL_MOBILITY && signal->type == MOBILITY_BINDING_UPDATE;
        for (unsigned j = 0; update && j < seen->len; j++) {
            const struct signal *other = g_ptr_array_index(seen, j);
            if (same(&other->destination, &signal->destination) &&
                signal_update_sequence(other) == signal_update_sequence(signal) &&
                (other->length != signal->length || memcmp(other->message, signal->message, 4) != 0 ||
                 memcmp(other->message + 6, signal->message + 6, signal->length - 6) != 0))
                object(search, "one sequence number was used for two updates");
        }
        if (update)
            g_ptr_array_add(seen, signal);
        else
            g_free(signal);
    }
    g_ptr_array_free(seen, TRUE);
}

/* -- datagrams -- */

static time_ns bound_of(const struct search *search)
{
    time_ns trips = 6 * 2 * (ordinary.a[1] + ordinary.b + ordinary.c[1]);
    return ATTACHED + SECONDS(1) + H + trips + deviator_allowance(&search->deviator);
}

static bool has_arrived(const GArray *arrived, unsigned sequence)
{
    for (unsigned i = arrived->len; i > 0; i--)
        if (g_array_index(arrived, struct delivery, i - 1).sequence == sequence)
            return true;
    return false;
}

static void judge_datagrams(struct search *search, time_ns start, time_ns bound)
{
    const struct world *world = search->world;
    const GArray *down = lab_recorder(world->lab, world->mobile)->deliveries;
    const GArray *up = lab_recorder(world->lab, world->correspondent)->deliveries;
    for (unsigned i = (unsigned)((bound - start) / INTERVAL) + 1;
         start + i * INTERVAL < bound + AFTER - SECONDS(1); i++) {
        if (!has_arrived(down, i))
            object(search, "datagrams to the mobile node are lost for longer than any back-off");
        if (!has_arrived(up, i))
            object(search, "datagrams to the correspondent are lost for longer than any back-off");
    }
}

/* In a working binding, or in the tunnel if the tests have failed. */
static void judge_outcome(struct search *search)
{
    struct world *world = search->world;
    const struct mobile_node *mobile = mobile_of(world);
    const struct binding *binding = binding_of(world);
    const struct binding_update_entry *entry = entry_of(world);
    if (search->space->ends_home) {
        if (mobile->home.state != MOBILE_NODE_AT_HOME)
            object(search, "the node is not at home");
        else if (binding && entry->state != UPDATE_FAILED)
            object(search, "the correspondent keeps the binding of a node that is at home");
    } else if (mobile->home.state != MOBILE_NODE_REGISTERED) {
        object(search, "the node is not registered");
    } else if (entry->state != UPDATE_FAILED &&
               (!binding || !same(&binding->care_of_address, &mobile->care_of_address))) {
        object(search, "the correspondent has no binding, or a wrong one");
    }
}

/* -- the end -- */

static struct holding holding_of(const struct node *node)
{
    return (struct holding){
        .addresses = node->addresses->count,
        .timers = node->timers.count,
        .associations = node->ipsec ? node->ipsec->associations.count : 0,
    };
}

static void judge_remains(struct search *search)
{
    struct world *world = search->world;
    struct node *agent = lab_node(world->lab, world->home_agent),
                *correspondent = lab_node(world->lab, world->correspondent);
    if (lab_link_of(world->lab, world->mobile, 0) != UINT32_MAX)
        lab_detach(world->lab, world->mobile, 0);
    lab_run(world->lab, lab_now(world->lab) + SECONDS(4 * LIFETIME) + MAX_NONCE_LIFETIME + SECONDS(40));
    if (correspondent->mobility->bindings.count != 0 ||
        correspondent->mobility->bindings.of_correspondent != 0)
        object(search, "the correspondent keeps a binding for ever");
    if (agent->mobility->bindings.count != 0 || agent->mobility->home_agent->registrations != 0)
        object(search, "the home agent keeps a binding for ever");
    if (proxy_serves(agent, &agent->interfaces[0], &world->home_address))
        object(search, "the home agent goes on defending the home address");
    struct holding after = holding_of(agent);
    if (memcmp(&after, &search->before, sizeof(after)) != 0)
        object(search, "the home agent holds more than before");
}

/* -- one run -- */

static void tell(struct search *search)
{
    char *text = deviator_describe(&search->deviator);
    if (search->failures++ < REPORTED)
        fprintf(stderr, "%s%s: %s: %s\n", search->space->name, search->ipsec ? "" : ", without IPsec", text,
                search->wrong);
    if (search->failures == 1 && getenv("LAB_PRINT"))
        lab_print(search->world->lab);
    g_free(text);
}

static void prepare(struct search *search, struct world *world)
{
    const struct space *space = search->space;
    make_policy(world);
    world->ipsec = search->ipsec;
    world->policy.reuse_tokens = space->reuse_tokens;
    world->policy.order = space->order;
    world->policy.lifetime = LIFETIME;
    world->configuration.home_lifetime = LIFETIME;
    if (space->method == &authorization_static_key)
        use_static_key(world, space->order);
    build(world, &ordinary);
    search->world = world;
    search->wrong = NULL;
    search->deviator.context = world;
    search->deviator.seen = 0;
    search->deviator.home_agent = world->home_agent_address;
    search->deviator.tests_in_parallel = space->order == ORDER_PARALLEL_TESTS;
    g_array_set_size(search->care_of_addresses, 0);
    for (unsigned link = 0; link < 8; link++)
        lab_set_hook(world->lab, link, watch, search);
    lab_at(world->lab, START, space->first, world);
    move(world, space->next, MOVE);
}

static unsigned run(struct search *search)
{
    struct world world = {.lab = NULL};
    prepare(search, &world);
    struct node *mobile = lab_node(world.lab, world.mobile),
                *correspondent = lab_node(world.lab, world.correspondent);
    time_ns start = MOVE - SECONDS(1);
    struct flow_source up = {.configuration = &steady,
                             .destination = world.correspondent_address,
                             .start = start,
                             .stop = TIME_NEVER};
    struct flow_source down = {
        .configuration = &steady, .destination = world.home_address, .start = start, .stop = TIME_NEVER};
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    lab_run(world.lab, START - 1);
    search->before = holding_of(lab_node(world.lab, world.home_agent));
    lab_run(world.lab, START);
    ck_assert_int_eq(flow_source_start(&up, mobile, START), 0);
    ck_assert_int_eq(flow_source_start(&down, correspondent, START), 0);
    lab_run(world.lab, ATTACHED + SECONDS(3));
    /* What is hit later is allowed for as it comes. */
    while (lab_now(world.lab) < bound_of(search) + AFTER)
        lab_run(world.lab, bound_of(search) + AFTER);
    unsigned seen = search->deviator.seen;
    judge_datagrams(search, start, bound_of(search));
    judge_outcome(search);
    flow_source_stop(&up);
    flow_source_stop(&down);
    if (search->runs++ % TO_THE_END == 0)
        judge_remains(search);
    judge_reports(search);
    judge_sequence_numbers(search);
    const char *fault = deviator_ipsec_fault(&search->deviator, &world, true);
    if (fault)
        object(search, fault);
    if (search->wrong)
        tell(search);
    flow_sink_stop(&world.sinks[0], mobile);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
    return seen;
}

/* All runs that begin as this one, and deviate later. */
static void explore(struct search *search, unsigned from)
{
    struct deviator *deviator = &search->deviator;
    unsigned messages = run(search), at = deviator->count;
    if (at == search->depth)
        return;
    for (unsigned i = from; i < messages; i++) {
        for (unsigned kind = DEVIATION_LOSE; kind < search->space->kinds; kind++) {
            deviator->count = at + 1;
            deviator->deviations[at] = (struct deviation){i, (enum deviation_kind)kind};
            explore(search, i + 1);
        }
    }
    deviator->count = at;
}

START_TEST(test_space)
{
    const struct space *space = &spaces[_i % SPACES];
    bool ipsec = _i < SPACES;
    unsigned depth = is_instrumented() ? 2 : space->depth;
    struct search search = {
        .space = space,
        .ipsec = ipsec,
        .deviator = {.from = MOVE, .until = ATTACHED + SPAN, .delay = MILLISECONDS(1200)},
        .depth = ipsec ? depth : depth - 1,
        .care_of_addresses = g_array_new(FALSE, FALSE, sizeof(struct ipv6_address)),
    };
    explore(&search, 0);
    g_array_free(search.care_of_addresses, TRUE);
    if (getenv("LAB_VERBOSE"))
        fprintf(stderr, "%s%s: %u runs\n", space->name, ipsec ? "" : ", without IPsec", search.runs);
    ck_assert_uint_gt(search.runs, 4);
    ck_assert_msg(search.failures == 0, "%s: %u of %u runs fail", search.space->name, search.failures,
                  search.runs);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model check");
    TCase *tests = tcase_create("one move");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_space, 0, 2 * SPACES);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
