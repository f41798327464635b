/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - a mobile node, its home agent, a correspondent, and two visited links, for tests of all of them
 * together.
 *
 * The nodes are joined each with each, so that the one-way delays are free: a between a visited link and the
 * home agent, b between home agent and correspondent, c between a visited link and the correspondent. LANs
 * cost nothing. The home agent is the home link's router, or a host beside it.
 */
#ifndef MIP6SIM_TESTS_LAB_WORLD_H
#define MIP6SIM_TESTS_LAB_WORLD_H

#include "models/ipsec/ipsec.h"
#include "models/ipv6/router_advertisement.h"
#include "models/mobility/mobility.h"
#include "models/traffic/flow.h"
#include "tests/lab/lab.h"

#define H SECONDS(1) /* the home agent's duplicate detection: one RetransTimer */

#define WORLD_SPI 0x1000 /* and the three that follow, in the order of enum association_use */

struct delays {
    time_ns a[2], b, c[2];
};

struct world {
    struct lab *lab;
    unsigned mobile, home_agent, correspondent, access[2];
    unsigned home_lan, visited[2];
    unsigned link_a[2], link_b, link_c[2];
    bool ipsec;           /* between mobile node and home agent: AES-CBC with 128 bits and HMAC-SHA1-96 */
    bool protect_payload; /* in the tunnel too */
    struct esp_engine *engine;
    struct observed_association { /* the same, as an observer has it who was told the keys */
        struct security_association association;
        uint8_t keys[ESP_ENCRYPTION_KEY_MAX + ESP_INTEGRITY_KEY_MAX];
    } observed[ASSOCIATION_USES];
    bool beside_router;   /* the home agent is a host on the home link; what else was its is a router's */
    unsigned home_router; /* the home agent itself, unless beside_router */
    bool two_interfaces;  /* the mobile node's, 0 and 1, to be on two links with */
    bool find_home_agent; /* the mobile node is told none (RFC 6275, 10.5) */
    struct ipv6_address home_address, home_agent_address, correspondent_address;
    struct node_configuration host;
    struct mobile_node_configuration configuration;
    struct correspondent_policy policy;
    struct static_key key;
    struct correspondent_node_configuration correspondent_configuration;
    struct home_agent_configuration home_agent_configuration;
    struct router_prefix prefixes[3];
    struct router_advertisement_configuration advertised[3];
    struct flow_sink sinks[2];
};

/* Defaults: tests after the home acknowledgement, tokens used again, a binding kept always, IPsec. To be
 * changed before build(). */
void make_policy(struct world *world);
void use_static_key(struct world *world, enum correspondent_order order);
void build(struct world *world, const struct delays *delays); /* at time 0; the mobile node is on no link */
void tear_down(struct world *world);

/* How the two ends have been configured, with ipsec. */
struct ipsec_configuration world_ipsec(const struct world *world, enum ipsec_role role);
/* The first header behind Home Address option and routing header, which may be the packet's end or lie beyond
 * it, and the octet that tells its kind. length: at least that of an IPv6 header. */
size_t world_behind_headers(const uint8_t *octets, size_t length, size_t *next_header_at);
/*
 * Where ESP begins in an IPv6 packet, behind its Home Address option or routing header, and by which of the
 * observed associations it was made; *use is ASSOCIATION_USES if it is none of these. 0: there is no ESP.
 */
size_t world_find_esp(const uint8_t *octets, size_t length, enum association_use *use);
/* The packet with what is under ESP laid open, that is as it would be without IPsec, its genuineness
 * verified. No node takes notice of it. NULL: it is not under ESP, or not genuine. */
struct packet *world_open(struct lab *lab, const uint8_t *octets, size_t length, void *world);

/* For lab_at, with the world as context. */
void attach_visited_0(struct lab *lab, void *context);
void attach_visited_1(struct lab *lab, void *context);
void attach_home(struct lab *lab, void *context);
void detach(struct lab *lab, void *context);
void forget_nonces(struct lab *lab, void *context); /* the correspondent does */
void move(struct world *world, lab_action *attach, time_ns when); /* a link-layer handover of 50 ms */

/* The mobile node is on the first visited link from 0.1 s on, and goes there (NULL: stays) at 20 s. */
void world_start_visited(struct world *world, lab_action *attach);
struct node *world_node(struct world *world, unsigned node);

static inline time_ns most(time_ns x, time_ns y)
{
    return x > y ? x : y;
}

/* Of tests after the acknowledgement, without a token, to a home agent that has a binding. */
time_ns world_full_latency(const struct delays *delays, unsigned at);
time_ns time_of(const struct protocol_event *event); /* which must be there */
/* From the first care-of address usable since, to the correspondent's binding that names it. */
time_ns latency_since(struct world *world, time_ns from);
/* From the same to when the mobile node hears of it. */
time_ns registered_since(struct world *world, time_ns from);
/* A mobile node's, for its first home address; NULL. */
struct binding_update_entry *entry_with(const struct node *node, const struct ipv6_address *peer);
struct binding_update_entry *entry_of(struct world *world); /* the correspondent's, at the mobile node */
struct mobile_node *mobile_of(struct world *world);
struct binding *binding_of(struct world *world); /* at the correspondent, to route by; NULL: none */
unsigned sent_since(struct world *world, unsigned node, const char *message,
                    time_ns from); /* instants at which it was sent */
void ck_assert_optimized(
    struct world *world); /* both ends agree that the binding is for the care-of address in use */
/* Of mobility messages and Neighbor Discovery that are the node's. */
void ck_assert_no_discards(struct world *world);

/* Drops, on a link, Mobility Header messages of a type, under ESP or not, to or from the home agent or not,
 * from a time on. */
struct dropper {
    unsigned type;
    bool home;
    time_ns from;
    unsigned left;
    struct ipv6_address home_agent;
};
void drop_some(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
               void *context);

/* Traffic enough to be noticed, and no more. */
static const struct flow_configuration leisurely = {
    .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(100), .payload = 64};

static const struct delays ordinary = {
    {MILLISECONDS(10), MILLISECONDS(14)}, MILLISECONDS(20), {MILLISECONDS(25), MILLISECONDS(31)}};

#endif
