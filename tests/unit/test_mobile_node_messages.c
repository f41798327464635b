/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mobile_node_messages.c - what peers may say to a mobile node and seldom do (RFC 6275, 11.3.5, 11.3.6,
 * 11.7.3, 11.7.4): acknowledgements that grant nothing or too much or came by the wrong way, advice that is
 * none, a home agent that has lost its binding, errors about something else. The messages are made here;
 * those of test_mobile_node.c are scapy's.
 */
#include <string.h>

#include "models/base/cursor.h"
#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/udp.h"
#include "models/mobility/keygen.h"
#include "tests/unit/mobile_node_fixture.h"

#define ACKNOWLEDGED (VISITED + MILLISECONDS(10))
#define SENT         (VISITED + MILLISECONDS(20))
#define BOUND        (VISITED + MILLISECONDS(30))

static struct fixture f;
static const struct ipv6_address *home_agent; /* of the fixture's mobile node */

static void set_up(void)
{
    fixture_prepare(&f);
}

static void tear_down(void)
{
    fixture_close(&f);
}

/* -- packets to the mobile node -- */

enum way {
    DIRECT,
    TYPE_2,
    PLAIN_HOME
}; /* to the care-of address; by it to the home address; as if at home */

/* The upper layer's checksum is made right. Returns how many messages and packets it discards. */
static unsigned hears(const struct ipv6_address *source, enum way way, uint8_t next_header, uint8_t *upper,
                      size_t length, time_ns now)
{
    uint8_t octets[512] = {2, 0, 0, 0, 0, 0x0a, 2, 0, 0, 0, 0, 1, 0x86, 0xdd};
    const struct ipv6_address *destination = way == DIRECT ? &f.care_of : &f.home;
    struct cursor c = cursor_over(octets + ETHERNET_HEADER_LENGTH, sizeof(octets) - ETHERNET_HEADER_LENGTH);
    int at = ipv6_checksum_offset(next_header);
    upper[at] = upper[at + 1] = 0;
    uint16_t sum = ipv6_checksum(source, destination, next_header, upper, length);
    upper[at] = (uint8_t)(sum >> 8);
    upper[at + 1] = (uint8_t)sum;
    cursor_put32(&c, 0x60000000);
    cursor_put16(&c, (uint16_t)(length + (way == TYPE_2 ? TYPE_2_ROUTING_HEADER_LENGTH : 0)));
    cursor_put8(&c, way == TYPE_2 ? NEXT_HEADER_ROUTING : next_header);
    cursor_put8(&c, 64);
    cursor_put(&c, source->octets, 16);
    cursor_put(&c, way == TYPE_2 ? f.care_of.octets : destination->octets, 16);
    if (way == TYPE_2) {
        cursor_put8(&c, next_header);
        cursor_put32(&c, 0x02020100);
        cursor_zero(&c, 3);
        cursor_put(&c, f.home.octets, 16);
    }
    cursor_put(&c, upper, length);
    ck_assert(!c.failed);
    unsigned before = f.node.discards;
    recording_receive(&f.recorder, &f.node, 0, octets, ETHERNET_HEADER_LENGTH + cursor_offset(&c), now);
    return f.node.discards - before;
}

static unsigned hears_message(const struct ipv6_address *source, enum way way,
                              struct mobility_message *message, time_ns now)
{
    uint8_t octets[128];
    size_t length = mobility_message_write(message, octets, sizeof(octets));
    ck_assert_uint_gt(length, 0);
    return hears(source, way, NEXT_HEADER_MOBILITY, octets, length, now);
}

static struct mobility_message acknowledgement(unsigned status, uint16_t lifetime, uint16_t sequence)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ACKNOWLEDGEMENT};
    message.acknowledgement.status = (uint8_t)status;
    message.acknowledgement.lifetime = lifetime;
    message.acknowledgement.sequence = sequence;
    return message;
}

/* The correspondent's, that knows Kbm. */
static unsigned hears_authentic(struct mobility_message *message, time_ns now)
{
    struct binding_update_entry *entry = fixture_entry(&f);
    struct mobility_message update = {.type = MOBILITY_BINDING_UPDATE};
    uint8_t octets[128], kbm[KBM_LENGTH];
    entry->policy->method->authorize(&f.node, entry, entry->deletion, &update, kbm, now);
    message->has_authorization_data = true;
    size_t length = mobility_message_write(message, octets, sizeof(octets));
    size_t at = length - AUTHENTICATOR_LENGTH;
    keygen_authenticator(kbm, &entry->care_of_address, &entry->peer, octets, at, octets + at);
    return hears(&f.peer, TYPE_2, NEXT_HEADER_MOBILITY, octets, length, now);
}

static void visit(void)
{
    fixture_visit(&f);
    home_agent = &fixture_mobile(&f)->home.home_agent;
}

static void register_home(void)
{
    fixture_register(&f);
    home_agent = &fixture_mobile(&f)->home.home_agent;
}

static void bind_correspondent(void)
{
    fixture_bind(&f);
    home_agent = &fixture_mobile(&f)->home.home_agent;
}

/* The correspondent's update has been sent, and waits for its answer. */
static void update_correspondent(void)
{
    register_home();
    fixture_receive(&f, CARE_OF_TEST, SENT);
    fixture_receive(&f, HOME_TEST, SENT);
    expect_frame_at(&f, BINDING_UPDATE, SENT);
}

static enum mobile_node_state state(void)
{
    return (enum mobile_node_state)fixture_mobile(&f)->home.state;
}

/* -- the home agent's acknowledgements -- */

/* 11.7.3, 9.5.4: with a routing header, unless the update came from the home address itself. */
START_TEST(acknowledgement_without_a_routing_header)
{
    visit();
    struct mobility_message message = acknowledgement(BINDING_ACCEPTED, 900, fixture_home(&f)->sequence);
    ck_assert_uint_eq(hears_message(home_agent, DIRECT, &message, ACKNOWLEDGED), 1);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_TYPE_2_ROUTING_HEADER);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERING);
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &message, ACKNOWLEDGED), 0);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERED);
}
END_TEST

/* More than was asked for is no more than was asked for (11.7.3). */
START_TEST(grants_too_much)
{
    visit();
    struct mobility_message message =
        acknowledgement(BINDING_ACCEPTED, UINT16_MAX, fixture_home(&f)->sequence);
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &message, ACKNOWLEDGED), 0);
    ck_assert_int_eq(fixture_home(&f)->expires, VISITED + SECONDS(3600));
}
END_TEST

/* 6.2.4: advice is for an earlier moment than the node's own; none, later ones, and those beyond the lifetime
 * do not count. Four fifths of 400 s is the node's own. */
START_TEST(refresh_advice_that_does_not_count)
{
    static const uint16_t intervals[] = {0, 100, 90, 80}; /* units of 4 s */
    visit();
    f.policy.trigger = TRIGGER_NEVER;
    struct mobility_message message = acknowledgement(BINDING_ACCEPTED, 100, fixture_home(&f)->sequence);
    message.has_refresh_advice = true;
    message.refresh_interval = intervals[_i];
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &message, ACKNOWLEDGED), 0);
    ck_assert_int_eq(fixture_home(&f)->timer.deadline, VISITED + SECONDS(320));
}
END_TEST

/* 11.7.1: status 134 at a refresh, too. The home address is not used again until it has been found free at
 * home. */
START_TEST(home_address_of_somebody_else)
{
    bind_correspondent();
    time_ns refresh = fixture_home(&f)->timer.deadline;
    fixture_run(&f, refresh);
    ck_assert_int_eq(fixture_home(&f)->state, UPDATE_SENT);
    struct mobility_message message =
        acknowledgement(BINDING_DUPLICATE_DETECTION_FAILED, 0, fixture_home(&f)->sequence);
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &message, refresh + 1), 0);
    ck_assert_int_ne(state(), MOBILE_NODE_REGISTERED);
    recording_environment_clear(&f.recorder);
    fixture_run(&f, refresh + SECONDS(1000));
    for (unsigned i = 0; i < recording_event_count(&f.recorder); i++) {
        const struct protocol_event *event = recording_event(&f.recorder, i);
        ck_assert(event->kind != EVENT_MESSAGE_SENT || strcmp(event->message, "Binding Update") != 0);
    }
    ck_assert_int_eq(fixture_send_data(&f, &f.home, f.recorder.now), ERROR_NO_ROUTE);
}
END_TEST

/* A refresh that the home agent refuses: it has no binding any more (11.7.3). */
START_TEST(refresh_is_refused)
{
    bind_correspondent();
    time_ns refresh = fixture_home(&f)->timer.deadline;
    fixture_run(&f, refresh);
    struct mobility_message message =
        acknowledgement(BINDING_INSUFFICIENT_RESOURCES, 0, fixture_home(&f)->sequence);
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &message, refresh + 1), 0);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERING);
    ck_assert_int_eq(fixture_home(&f)->state, UPDATE_FAILED);
    ck_assert_int_eq(fixture_home(&f)->timer.deadline, refresh + 1 + MAX_BINDACK_TIMEOUT);
}
END_TEST

/* -- the correspondent's -- */

/* Accepted, for no time: that is a refusal. A minute, then once more. */
START_TEST(grants_nothing)
{
    update_correspondent();
    struct mobility_message message = acknowledgement(BINDING_ACCEPTED, 0, fixture_entry(&f)->sequence);
    ck_assert_uint_eq(hears_authentic(&message, BOUND), 0);
    ck_assert_int_eq(fixture_entry(&f)->state, UPDATE_FAILED);
    ck_assert_int_eq(fixture_entry(&f)->timer.deadline, BOUND + SECONDS(60));
}
END_TEST

START_TEST(correspondent_grants_too_much)
{
    update_correspondent();
    struct mobility_message message =
        acknowledgement(BINDING_ACCEPTED, UINT16_MAX, fixture_entry(&f)->sequence);
    ck_assert_uint_eq(hears_authentic(&message, BOUND), 0);
    ck_assert_int_eq(fixture_entry(&f)->expires, SENT + SECONDS(420));
}
END_TEST

/* 6.2.7: nothing stands behind the authenticator, not even padding. */
START_TEST(something_behind_the_authenticator)
{
    update_correspondent();
    uint8_t octets[40];
    struct mobility_message message = acknowledgement(BINDING_ACCEPTED, 105, fixture_entry(&f)->sequence);
    message.has_authorization_data = true;
    size_t length = mobility_message_write(&message, octets, sizeof(octets));
    memcpy(octets + length, (const uint8_t[8]){MOBILITY_OPTION_PADN, 6}, 8);
    octets[1]++;
    ck_assert_uint_eq(hears(&f.peer, TYPE_2, NEXT_HEADER_MOBILITY, octets, length + 8, BOUND), 1);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_MOBILITY_OPTION);
    ck_assert_int_eq(fixture_entry(&f)->state, UPDATE_SENT);
}
END_TEST

/* Its octets from the Mobility Header on. */
static const uint8_t *last_care_of_test_init(void)
{
    for (unsigned i = recording_frame_count(&f.recorder); i-- > 0;) {
        const uint8_t *octets =
            packet_octets(recording_frame(&f.recorder, i)->packet) + ETHERNET_HEADER_LENGTH;
        if (octets[IPV6_AT_NEXT_HEADER] == NEXT_HEADER_MOBILITY &&
            octets[IPV6_HEADER_LENGTH + 2] == MOBILITY_CARE_OF_TEST_INIT)
            return octets + IPV6_HEADER_LENGTH;
    }
    ck_abort_msg("no Care-of Test Init was sent");
    return NULL;
}

/* Nonces that expire again and again: the node gives up for a while (11.7.3; MAX_RO_FAILURE). */
START_TEST(nonces_always_expired)
{
    update_correspondent();
    struct binding_update_entry *entry = fixture_entry(&f);
    time_ns now = BOUND;
    unsigned refused = 0;
    while (entry->state == UPDATE_SENT && refused < 10) {
        struct mobility_message message = acknowledgement(BINDING_EXPIRED_CARE_OF_NONCE, 0, entry->sequence);
        ck_assert_uint_eq(hears_message(&f.peer, TYPE_2, &message, now), 0);
        refused++;
        while (entry->state == UPDATE_AUTHORIZING) { /* the care-of test anew, which is answered */
            struct mobility_message test = {.type = MOBILITY_CARE_OF_TEST};
            memcpy(test.test.cookie, last_care_of_test_init() + 8, sizeof(test.test.cookie));
            now += MILLISECONDS(500);
            fixture_run(&f, now);
            (void)hears_message(&f.peer, DIRECT, &test, now);
        }
        now += MILLISECONDS(500);
        fixture_run(&f, now);
    }
    ck_assert_uint_eq(refused, MAX_RO_FAILURE + 1);
    ck_assert_int_eq(entry->state, UPDATE_FAILED);
    ck_assert_int_eq(recording_last_event(&f.recorder, EVENT_REGISTRATION_FAILED)->status,
                     BINDING_EXPIRED_CARE_OF_NONCE);
}
END_TEST

/* -- Binding Refresh Requests (11.7.4) -- */

/* 6.1.2: never with a routing header. */
START_TEST(home_agent_asks_for_a_refresh)
{
    struct mobility_message request = {.type = MOBILITY_BINDING_REFRESH_REQUEST};
    bind_correspondent();
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &request, BOUND + SECONDS(10)), 1);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_TYPE_2_ROUTING_HEADER);
    expect_no_frame(&f);
    ck_assert_uint_eq(hears_message(home_agent, PLAIN_HOME, &request, BOUND + SECONDS(11)), 0);
    expect_message_at(&f, MOBILITY_BINDING_UPDATE, BOUND + SECONDS(11));
    ck_assert_int_eq(fixture_home(&f)->state, UPDATE_SENT);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERED); /* the binding is as good as before */
    ck_assert_uint_eq(hears_message(home_agent, PLAIN_HOME, &request, BOUND + SECONDS(11) + 1), 0);
    expect_no_frame(&f); /* it is being refreshed */
}
END_TEST

/* -- Binding Errors (11.3.6) -- */

static struct mobility_message binding_error(unsigned status, const struct ipv6_address *home_address)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ERROR};
    message.error.status = (uint8_t)status;
    message.error.home_address = *home_address;
    return message;
}

/* The home agent has lost its bindings: the node registers again, at once, as for the first time. */
START_TEST(home_agent_knows_no_binding)
{
    register_home();
    struct mobility_message message = binding_error(BINDING_ERROR_UNKNOWN_BINDING, &f.home);
    ck_assert_uint_eq(hears_message(home_agent, DIRECT, &message, ACKNOWLEDGED + 5), 0);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERING);
    ck_assert_int_eq(fixture_home(&f)->state, UPDATE_SENT);
    expect_message_at(&f, MOBILITY_BINDING_UPDATE, ACKNOWLEDGED + 5);
    ck_assert(ipv6_address_is_unspecified(&fixture_home(&f)->bound_address));
    ck_assert_int_eq(fixture_send_data(&f, &f.home, ACKNOWLEDGED + 6), ERROR_NO_ROUTE); /* no tunnel either */
    struct mobility_message granted = acknowledgement(BINDING_ACCEPTED, 900, fixture_home(&f)->sequence);
    ck_assert_uint_eq(hears_message(home_agent, TYPE_2, &granted, ACKNOWLEDGED + 9), 0);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERED);
}
END_TEST

/* While an update is under way the error is about what has been before. */
START_TEST(no_binding_yet)
{
    visit();
    struct mobility_message message = binding_error(BINDING_ERROR_UNKNOWN_BINDING, &f.home);
    ck_assert_uint_eq(hears_message(home_agent, DIRECT, &message, VISITED + 5), 0);
    ck_assert_int_eq(fixture_home(&f)->state, UPDATE_SENT);
    expect_no_frame(&f);
}
END_TEST

/* A home agent knows the Mobility Header; a status that nobody has defined says nothing; nor does anyone who
 * has not been spoken to. */
START_TEST(errors_that_mean_nothing)
{
    struct ipv6_address stranger = address_from("2001:db8:77::7");
    visit();
    struct mobility_message type = binding_error(BINDING_ERROR_UNRECOGNIZED_TYPE, &ipv6_unspecified);
    ck_assert_uint_eq(hears_message(home_agent, DIRECT, &type, VISITED + 5), 1);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_UNSOLICITED);
    ck_assert_uint_eq(hears_message(&stranger, DIRECT, &type, VISITED + 5), 1);
    fixture_receive(&f, HOME_ACKNOWLEDGEMENT, ACKNOWLEDGED);
    expect_frame_at(&f, HOME_TEST_INIT, ACKNOWLEDGED);
    expect_frame_at(&f, CARE_OF_TEST_INIT, ACKNOWLEDGED);
    struct mobility_message unknown = binding_error(77, &f.home);
    ck_assert_uint_eq(hears_message(&f.peer, DIRECT, &unknown, ACKNOWLEDGED + 5), 0);
    ck_assert_int_eq(fixture_entry(&f)->state, UPDATE_AUTHORIZING);
    expect_no_frame(&f);
}
END_TEST

/* A binding that nobody uses, and that the policy does not keep, is not made anew because the peer has lost
 * it. */
START_TEST(nobody_misses_the_binding)
{
    bind_correspondent();
    struct binding_update_entry *entry = fixture_entry(&f);
    entry->wanted = _i == 1;
    entry->used = _i == 2;
    struct mobility_message message = binding_error(BINDING_ERROR_UNKNOWN_BINDING, &f.home);
    ck_assert_uint_eq(hears_message(&f.peer, DIRECT, &message, BOUND + 5), 0);
    ck_assert_int_eq(entry->state, _i == 0 ? UPDATE_IDLE : UPDATE_SENT);
    if (_i > 0)
        expect_message_at(&f, MOBILITY_BINDING_UPDATE, BOUND + 5);
    expect_no_frame(&f);
}
END_TEST

/* -- ICMPv6 errors (11.3.5) -- */

/* Parameter Problem, about a packet of the node's to the destination. */
static unsigned hears_problem(uint8_t code, uint8_t next_header, const struct ipv6_address *destination,
                              time_ns now)
{
    uint8_t message[8 + IPV6_HEADER_LENGTH + 8] = {ICMPV6_PARAMETER_PROBLEM, code, [7] = 6};
    uint8_t *original = message + 8;
    original[0] = 0x60;
    original[IPV6_AT_PAYLOAD_LENGTH + 1] = 8;
    original[IPV6_AT_NEXT_HEADER] = next_header;
    original[7] = 64;
    memcpy(original + IPV6_AT_SOURCE, f.care_of.octets, 16);
    memcpy(original + IPV6_AT_DESTINATION, destination->octets, 16);
    return hears(&f.peer, DIRECT, NEXT_HEADER_ICMPV6, message, sizeof(message), now);
}

START_TEST(problems_of_another_kind)
{
    struct ipv6_address stranger = address_from("2001:db8:77::7");
    register_home();
    ck_assert_uint_eq(
        hears_problem(PARAMETER_ERRONEOUS_FIELD, NEXT_HEADER_MOBILITY, &f.peer, ACKNOWLEDGED + 1), 0);
    ck_assert_uint_eq(
        hears_problem(PARAMETER_UNRECOGNIZED_NEXT_HEADER, NEXT_HEADER_UDP, &f.peer, ACKNOWLEDGED + 1), 0);
    ck_assert_uint_eq(
        hears_problem(PARAMETER_UNRECOGNIZED_NEXT_HEADER, NEXT_HEADER_MOBILITY, &stranger, ACKNOWLEDGED + 1),
        0);
    ck_assert_uint_eq(
        hears_problem(PARAMETER_UNRECOGNIZED_NEXT_HEADER, NEXT_HEADER_MOBILITY, home_agent, ACKNOWLEDGED + 1),
        0);
    ck_assert_int_eq(fixture_entry(&f)->state, UPDATE_AUTHORIZING);
    ck_assert(!fixture_entry(&f)->unsupported);
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERED);
    ck_assert_uint_eq(
        hears_problem(PARAMETER_UNRECOGNIZED_NEXT_HEADER, NEXT_HEADER_MOBILITY, &f.peer, ACKNOWLEDGED + 2),
        0);
    ck_assert(fixture_entry(&f)->unsupported);
}
END_TEST

/* -- packets that make no registration (11.7.2) -- */

static void hears_tunnelled(const struct ipv6_address *source, const struct ipv6_address *destination,
                            time_ns now)
{
    uint8_t octets[256] = {
        2, 0, 0, 0, 0, 0x0a, 2, 0, 0, 0, 0, 1, 0x86, 0xdd, 0x60, [19] = 60, NEXT_HEADER_IPV6, 64};
    uint8_t *inner = octets + ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    uint8_t echo[20] = {ICMPV6_ECHO_REQUEST, [5] = 1, [7] = 1};
    memcpy(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE, home_agent->octets, 16);
    memcpy(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_DESTINATION, f.care_of.octets, 16);
    inner[0] = 0x60;
    inner[5] = sizeof(echo);
    inner[6] = NEXT_HEADER_ICMPV6;
    inner[7] = 64;
    memcpy(inner + IPV6_AT_SOURCE, source->octets, 16);
    memcpy(inner + IPV6_AT_DESTINATION, destination->octets, 16);
    uint16_t sum = ipv6_checksum(source, destination, NEXT_HEADER_ICMPV6, echo, sizeof(echo));
    echo[2] = (uint8_t)(sum >> 8);
    echo[3] = (uint8_t)sum;
    memcpy(inner + IPV6_HEADER_LENGTH, echo, sizeof(echo));
    recording_receive(&f.recorder, &f.node, 0, octets,
                      ETHERNET_HEADER_LENGTH + 2 * IPV6_HEADER_LENGTH + sizeof(echo), now);
}

static unsigned count_entries(void)
{
    unsigned count = 0;
    for (const struct binding_update_entry *entry = fixture_mobile(&f)->home.entries; entry;
         entry = entry->next)
        count++;
    return count;
}

START_TEST(tunnelled_packets_that_call_for_nothing)
{
    struct ipv6_address stranger = address_from("2001:db8:77::7"), link_local = address_from("fe80::7");
    struct ipv6_address own_agent = address_from("2001:db8:1::1");
    f.configuration.default_policy.trigger = _i == 0 ? TRIGGER_NEVER : TRIGGER_TRAFFIC;
    register_home();
    unsigned before = count_entries();
    hears_tunnelled(&own_agent, &f.home, ACKNOWLEDGED + 1); /* the home agent's own: there is a binding */
    hears_tunnelled(&link_local, &f.home, ACKNOWLEDGED + 2);
    ck_assert_uint_eq(count_entries(), before);
    hears_tunnelled(&stranger, &f.home, ACKNOWLEDGED + 3);
    ck_assert_uint_eq(count_entries(), before + (_i == 0 ? 0 : 1));
}
END_TEST

/* What is for a group of wider scope may come through the tunnel; for the link, or for somebody else, it may
 * not. */
START_TEST(groups_through_the_tunnel)
{
    static const struct {
        const char *destination;
        enum discard_reason reason;
    } cases[] = {
        {"ff02::1", DISCARD_NOT_OURS},
        {"ff01::1", DISCARD_NOT_OURS},
        {"2001:db8:2::ff:fe00:a", DISCARD_NOT_OURS},
    };
    struct ipv6_address stranger = address_from("2001:db8:77::7");
    register_home();
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct ipv6_address destination = address_from(cases[i].destination);
        recording_environment_clear(&f.recorder);
        f.seen = 0;
        hears_tunnelled(&stranger, &destination, ACKNOWLEDGED + 1 + i);
        ck_assert_int_eq(recording_last_discard(&f.recorder), cases[i].reason);
    }
    struct ipv6_address group = address_from("ff0e::77");
    recording_environment_clear(&f.recorder);
    f.seen = 0;
    hears_tunnelled(&stranger, &group, ACKNOWLEDGED + 9);
    ck_assert_int_ne(recording_last_discard(&f.recorder), DISCARD_TUNNEL_SOURCE);
}
END_TEST

/* -- packets sent (11.3.1) -- */

static int send_from_home(const char *destination, time_ns now)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = recording_packet(&f.recorder, "hello", 5);
    out.destination = address_from(destination);
    out.source = f.home;
    out.source_fixed = true;
    out.interface = &f.node.interfaces[0];
    f.recorder.now = now;
    return udp_send(&f.node, &out, 1000, 2000, now);
}

/* 11.3.4, the second way: to a group of wider scope, the home address speaks through the tunnel. */
START_TEST(groups_are_spoken_to_through_the_tunnel)
{
    register_home();
    ck_assert_int_eq(send_from_home("ff0e::77", ACKNOWLEDGED + 1), 0);
    const struct recorded_frame *frame = recording_frame(&f.recorder, recording_frame_count(&f.recorder) - 1);
    ck_assert_uint_eq(packet_octets(frame->packet)[ETHERNET_HEADER_LENGTH + IPV6_AT_NEXT_HEADER],
                      NEXT_HEADER_IPV6);
}
END_TEST

/* Asked for a source, the node gives its home address; not for what stays on the link. */
START_TEST(sources_for_the_link)
{
    struct ipv6_address source, far = address_from("2001:db8:77::7");
    register_home();
    ck_assert(mobile_node_choose_source(&f.node, &far, &source, ACKNOWLEDGED));
    ck_assert(ipv6_address_equal(&source, &f.home));
    struct ipv6_address link[] = {address_from("fe80::7"), address_from("ff02::7"), address_from("ff01::7")};
    for (unsigned i = 0; i < 3; i++)
        ck_assert(!mobile_node_choose_source(&f.node, &link[i], &source, ACKNOWLEDGED));
    struct ipv6_address group = address_from("ff05::7");
    ck_assert(mobile_node_choose_source(&f.node, &group, &source, ACKNOWLEDGED));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("messages to a mobile node");
    TCase *messages = tcase_create("acknowledgements, requests, errors");
    tcase_add_checked_fixture(messages, set_up, tear_down);
    tcase_add_test(messages, acknowledgement_without_a_routing_header);
    tcase_add_test(messages, grants_too_much);
    tcase_add_loop_test(messages, refresh_advice_that_does_not_count, 0, 4);
    tcase_add_test(messages, home_address_of_somebody_else);
    tcase_add_test(messages, refresh_is_refused);
    tcase_add_test(messages, grants_nothing);
    tcase_add_test(messages, correspondent_grants_too_much);
    tcase_add_test(messages, something_behind_the_authenticator);
    tcase_add_test(messages, nonces_always_expired);
    tcase_add_test(messages, home_agent_asks_for_a_refresh);
    tcase_add_test(messages, home_agent_knows_no_binding);
    tcase_add_test(messages, no_binding_yet);
    tcase_add_test(messages, errors_that_mean_nothing);
    tcase_add_loop_test(messages, nobody_misses_the_binding, 0, 3);
    tcase_add_test(messages, problems_of_another_kind);
    suite_add_tcase(suite, messages);
    TCase *packets = tcase_create("packets");
    tcase_add_checked_fixture(packets, set_up, tear_down);
    tcase_add_loop_test(packets, tunnelled_packets_that_call_for_nothing, 0, 2);
    tcase_add_test(packets, groups_through_the_tunnel);
    tcase_add_test(packets, groups_are_spoken_to_through_the_tunnel);
    tcase_add_test(packets, sources_for_the_link);
    suite_add_tcase(suite, packets);
    return run_suite(suite);
}
