/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.c - see ipsec.h. RFC 4301, 5.1 (outbound), 5.2 (inbound); RFC 4303, 3; RFC 6275, 5.1, 5.4, 5.5,
 * 10.4.6, 11.3.2; RFC 3776, 4.
 *
 * Outbound, ESP is put around a packet before the Home Address option or the type 2 routing header, and
 * before fragmentation (RFC 4303, 3.3.4). Inbound, both headers have been read by then, and the Home
 * Address option is believed only after ESP has spoken: the association that a packet came by is held
 * against the home address in the option (RFC 4301, 5.2, step 4), so the keys of one mobile node are of no
 * use for another's address.
 *
 * A packet that has been decrypted looks as if it had arrived that way, all headers in front of ESP
 * included; an ICMPv6 error about it would quote that.
 *
 * A packet that comes plain and should not have is looked at where its meaning is known (ipsec_accepts). At
 * the home agent a Binding Update for a protected home address is refused whichever of the home agent's
 * addresses it went to.
 *
 * "The sequence number counter at the sender MUST be correctly maintained across local reboots" (RFC 4303,
 * 3.3.3), if there is to be anti-replay under keys configured by hand. Numbers are taken from stable storage
 * in lots: before the first of a lot is used, its last is written down, and after a reboot the next lot
 * begins. A sender that has lost its storage begins at 1, and the receiver's window shuts it out until it has
 * counted up to where it was.
 */
#include "models/ipsec/ipsec.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/cursor.h"
#include "models/base/error.h"
#include "models/ipv6/extension_header.h"
#include "models/ipv6/node.h"

/* -- configuration -- */

static bool is_well_formed(const struct ipsec_configuration *configuration)
{
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        if (configuration->associations[i].spi < SPI_LEAST)
            return false;
        for (unsigned j = 0; j < i; j++) {
            if (configuration->associations[i].spi == configuration->associations[j].spi)
                return false;
        }
    }
    return configuration->engine &&
           esp_encryption_key_fits(configuration->encryption, configuration->encryption_key_length) &&
           ipv6_address_is_unicast_routable(&configuration->home_address) &&
           ipv6_address_is_unicast_routable(&configuration->home_agent);
}

static bool is_received(enum ipsec_role role, unsigned use)
{
    bool to_home_agent = use == TRANSPORT_TO_HOME_AGENT || use == TUNNEL_TO_HOME_AGENT;
    return to_home_agent == (role == IPSEC_HOME_AGENT);
}

static struct protection *make_protection(const struct ipsec_configuration *configuration)
{
    size_t encryption_length = configuration->encryption_key_length;
    size_t integrity_length = esp_integrity_key_length(configuration->integrity);
    size_t length = encryption_length + integrity_length;
    struct protection *protection = calloc(1, sizeof(*protection) + ASSOCIATION_USES * length);
    if (!protection)
        return NULL;
    protection->home_address = configuration->home_address;
    protection->home_agent = configuration->home_agent;
    protection->role = (uint8_t)configuration->role;
    protection->payload = configuration->payload;
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        uint8_t *keys = protection->keys + i * length;
        memcpy(keys, configuration->associations[i].encryption_key, encryption_length);
        memcpy(keys + encryption_length, configuration->associations[i].integrity_key, integrity_length);
        protection->associations[i] = (struct security_association){
            .protection = protection,
            .keys = keys,
            .spi = configuration->associations[i].spi,
            .encryption = (uint8_t)configuration->encryption,
            .encryption_key_length = configuration->encryption_key_length,
            .integrity = (uint8_t)configuration->integrity,
            .tunnel = i == TUNNEL_TO_HOME_AGENT || i == TUNNEL_FROM_HOME_AGENT,
            .inbound = is_received(configuration->role, i),
        };
    }
    return protection;
}

static void remove_inbound(struct ipsec *ipsec, struct protection *protection, unsigned uses)
{
    for (unsigned i = 0; i < uses; i++) {
        if (protection->associations[i].inbound)
            association_database_remove(&ipsec->associations, &protection->associations[i]);
    }
}

/* -- sequence numbers over reboots -- */

#define SEQUENCE_LOT       REPLAY_WINDOW
#define RECORD_NAME_LENGTH (4 + 16 + 16 + 4)
#define RECORD_LENGTH      8

/* "4303", home address, home agent, and the index of the first association, because those that take the place
 * of others begin at 1 (RFC 4303, 3.3.3). The record: numbers reserved in transport mode, in tunnel mode. */
static void record_name(const struct protection *protection, uint8_t name[RECORD_NAME_LENGTH])
{
    memcpy(name, "4303", 4);
    memcpy(name + 4, protection->home_address.octets, 16);
    memcpy(name + 20, protection->home_agent.octets, 16);
    struct cursor c = cursor_over(name + 36, 4);
    cursor_put32(&c, protection->associations[TRANSPORT_TO_HOME_AGENT].spi);
}

static struct security_association *outbound_of(struct protection *protection, bool tunnel)
{
    enum policy_direction from_here = protection->role == IPSEC_HOME_AGENT ? FROM_HOME_AGENT : TO_HOME_AGENT;
    return &protection->associations[association_use(tunnel, from_here)];
}

static void recall_sequences(struct environment *environment, struct protection *protection)
{
    uint8_t name[RECORD_NAME_LENGTH], record[RECORD_LENGTH];
    record_name(protection, name);
    int length = environment->operations->store_read(environment, name, sizeof(name), record, sizeof(record));
    if (length < RECORD_LENGTH)
        return;
    struct cursor c = cursor_over(record, sizeof(record));
    for (unsigned tunnel = 0; tunnel < 2; tunnel++) {
        struct security_association *association = outbound_of(protection, tunnel != 0);
        association->sequence = cursor_get32(&c);
        association->reserved = association->sequence;
    }
}

/* There is a number to send with, and whatever happens nobody will send with it again. */
static bool reserve_sequence(struct environment *environment, struct security_association *association)
{
    if (association->sequence < association->reserved)
        return true;
    uint64_t before = association->reserved;
    uint8_t name[RECORD_NAME_LENGTH], record[RECORD_LENGTH];
    struct cursor c = cursor_over(record, sizeof(record));
    association->reserved = (uint64_t)association->sequence + SEQUENCE_LOT;
    if (association->reserved > UINT32_MAX)
        association->reserved = UINT32_MAX;
    for (unsigned tunnel = 0; tunnel < 2; tunnel++)
        cursor_put32(&c, (uint32_t)outbound_of(association->protection, tunnel != 0)->reserved);
    record_name(association->protection, name);
    if (environment->operations->store_write(environment, name, sizeof(name), record, sizeof(record)) == 0)
        return true;
    association->reserved = before;
    return false;
}

/* -- in a node -- */

/* All of it or nothing. */
static int add_protection(struct ipsec *ipsec, struct protection *protection)
{
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        struct security_association *association = &protection->associations[i];
        int error = association->inbound ? association_database_add(&ipsec->associations, association) : 0;
        if (error != 0) {
            remove_inbound(ipsec, protection, i);
            return error;
        }
    }
    int error = policy_database_add(&ipsec->policies, protection);
    if (error != 0)
        remove_inbound(ipsec, protection, ASSOCIATION_USES);
    return error;
}

int ipsec_protect(struct node *node, const struct ipsec_configuration *configuration)
{
    if (!is_well_formed(configuration))
        return ERROR_ARGUMENT;
    if (!node->ipsec)
        node->ipsec = calloc(1, sizeof(*node->ipsec));
    struct protection *protection = node->ipsec ? make_protection(configuration) : NULL;
    if (!protection)
        return ERROR_MEMORY;
    int error = add_protection(node->ipsec, protection);
    if (error != 0) {
        free(protection);
        return error;
    }
    recall_sequences(node->environment, protection);
    node->ipsec->engine = configuration->engine;
    node->ipsec->payload |= configuration->payload;
    return 0;
}

int ipsec_unprotect(struct node *node, const struct ipv6_address *home_address,
                    const struct ipv6_address *home_agent, enum ipsec_role role)
{
    struct protection *protection =
        node->ipsec ? policy_database_find(&node->ipsec->policies, home_address, home_agent, role) : NULL;
    if (!protection)
        return ERROR_NOT_FOUND;
    remove_inbound(node->ipsec, protection, ASSOCIATION_USES);
    policy_database_remove(&node->ipsec->policies, protection);
    free(protection);
    return 0;
}

void ipsec_free(struct node *node)
{
    if (!node->ipsec)
        return;
    association_database_free(&node->ipsec->associations);
    policy_database_free(&node->ipsec->policies);
    free(node->ipsec);
    node->ipsec = NULL;
}

/* -- which policy -- */

/* The home address at one end and the home agent at the other, whichever end this node is. *direction: from
 * here. */
static struct protection *find_outbound(const struct ipsec *ipsec, const struct ipv6_address *source,
                                        const struct ipv6_address *destination,
                                        enum policy_direction *direction)
{
    struct protection *protection =
        policy_database_find(&ipsec->policies, source, destination, IPSEC_MOBILE_NODE);
    *direction = TO_HOME_AGENT;
    if (protection)
        return protection;
    *direction = FROM_HOME_AGENT;
    return policy_database_find(&ipsec->policies, destination, source, IPSEC_HOME_AGENT);
}

/* What comes to a home agent is the mobile node's whichever address it was sent to. */
static struct protection *find_inbound(const struct ipsec *ipsec, const struct ipv6_address *source,
                                       const struct ipv6_address *destination,
                                       enum policy_direction *direction)
{
    struct protection *protection = policy_database_find(&ipsec->policies, source, NULL, IPSEC_HOME_AGENT);
    *direction = TO_HOME_AGENT;
    if (protection)
        return protection;
    *direction = FROM_HOME_AGENT;
    return policy_database_find(&ipsec->policies, destination, source, IPSEC_MOBILE_NODE);
}

/* Of a packet in a tunnel, IPv6 header first. */
static struct policy_selectors inner_selectors(const uint8_t *packet, size_t length)
{
    struct extension_chain chain = extension_chain_of_packet(packet, length);
    if (!chain.complete || chain.fragmented)
        return (struct policy_selectors){chain.next_header, TYPE_OPAQUE};
    return policy_selectors_of(chain.next_header, packet + chain.offset, length - chain.offset);
}

/* Nothing but Mobility Headers is protected in any tunnel of this node's, and this is none. */
static bool is_plainly_payload(const struct ipsec *ipsec, const uint8_t *packet)
{
    uint8_t next_header = packet[IPV6_AT_NEXT_HEADER];
    return !ipsec->payload && (next_header == NEXT_HEADER_UDP || next_header == NEXT_HEADER_TCP);
}

/* -- sending -- */

static bool put_under_esp(struct node *node, struct security_association *association, struct packet **packet,
                          uint8_t next_header, enum discard_reason *reason)
{
    struct environment *environment = node->environment;
    uint8_t iv[ESP_IV_MAX];
    size_t iv_length = esp_iv_length(association);
    *reason = DISCARD_IPSEC_EXHAUSTED;
    if (!reserve_sequence(environment, association))
        return false;
    if (iv_length)
        environment->operations->random(environment, RANDOM_IPSEC, iv, iv_length);
    int error = esp_encapsulate(node->ipsec->engine, association, iv, packet, next_header);
    *reason = error == ERROR_CAPACITY ? DISCARD_IPSEC_EXHAUSTED : DISCARD_IPSEC_NO_SA;
    return error == 0;
}

bool ipsec_send(struct node *node, struct outbound *out, enum discard_reason *reason)
{
    if (out->next_header != NEXT_HEADER_MOBILITY && out->next_header != NEXT_HEADER_ICMPV6)
        return true;
    enum policy_direction direction;
    struct protection *protection = find_outbound(node->ipsec, &out->source, &out->destination, &direction);
    if (!protection)
        return true;
    struct policy_selectors selectors =
        policy_selectors_of(out->next_header, packet_octets(out->packet), out->packet->length);
    if (policy_lookup(false, direction, selectors, false) != POLICY_PROTECT)
        return true;
    struct security_association *association = &protection->associations[association_use(false, direction)];
    if (!put_under_esp(node, association, &out->packet, out->next_header, reason))
        return false;
    out->next_header = NEXT_HEADER_ESP;
    out->protected_by_esp = true;
    return true;
}

enum policy_action ipsec_tunnel_policy(const struct node *node, const struct packet *inner,
                                       const struct ipv6_address *entry, const struct ipv6_address *exit,
                                       struct security_association **association)
{
    const uint8_t *octets = packet_octets(inner);
    *association = NULL;
    if (inner->length < IPV6_HEADER_LENGTH || is_plainly_payload(node->ipsec, octets))
        return POLICY_BYPASS;
    struct ipv6_address source = ipv6_address_read(octets + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(octets + IPV6_AT_DESTINATION);
    enum policy_direction direction = TO_HOME_AGENT;
    const struct policy_database *policies = &node->ipsec->policies;
    struct protection *protection = policy_database_find(policies, &source, exit, IPSEC_MOBILE_NODE);
    if (!protection) {
        direction = FROM_HOME_AGENT;
        protection = policy_database_find(policies, &destination, entry, IPSEC_HOME_AGENT);
    }
    if (!protection)
        return POLICY_BYPASS;
    enum policy_action action =
        policy_lookup(true, direction, inner_selectors(octets, inner->length), protection->payload);
    if (action == POLICY_PROTECT)
        *association = &protection->associations[association_use(true, direction)];
    return action;
}

bool ipsec_protect_tunnelled(struct node *node, struct security_association *association,
                             struct packet **packet, enum discard_reason *reason)
{
    return put_under_esp(node, association, packet, NEXT_HEADER_IPV6, reason);
}

/* -- receiving -- */

/* The packet as it would have arrived without ESP: what stands in front, then `payload_length` octets of
 * what was inside. */
static void replace_packet(struct inbound *in, struct packet *plain, size_t payload_length,
                           uint8_t next_header)
{
    uint8_t *octets = packet_octets(plain);
    memcpy(octets, packet_octets(in->packet), in->offset);
    packet_truncate(plain, in->offset + payload_length);
    size_t behind_header = plain->length - IPV6_HEADER_LENGTH;
    octets[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)(behind_header >> 8);
    octets[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)behind_header;
    octets[in->next_header_at] = next_header;
    in->esp_octets += in->packet->length - plain->length;
    in->next_header = next_header;
    packet_release(in->packet);
    in->packet = plain;
}

/* RFC 4301, 5.2, step 4: what was inside is what the association is for. */
static bool fits_transport(const struct node *node, const struct security_association *association,
                           const struct inbound *in)
{
    const struct protection *protection = association->protection;
    const struct ipv6_address *source = in->has_home_address_option ? &in->home_address : &in->source;
    bool at_home_agent = protection->role == IPSEC_HOME_AGENT;
    const struct ipv6_address *from = at_home_agent ? &protection->home_address : &protection->home_agent;
    const struct ipv6_address *to = at_home_agent ? &protection->home_agent : &protection->home_address;
    struct policy_selectors selectors =
        policy_selectors_of(in->next_header, inbound_payload(in), inbound_payload_length(in));
    return (ipv6_address_equal(source, from) || node_is_unsafe(node, NO_ASSOCIATION_CHECK)) &&
           ipv6_address_equal(&in->destination, to) &&
           policy_lookup(false, at_home_agent ? TO_HOME_AGENT : FROM_HOME_AGENT, selectors, false) ==
               POLICY_PROTECT;
}

static bool fits_tunnel(const struct security_association *association, const struct inbound *in)
{
    const struct protection *protection = association->protection;
    const uint8_t *inner = inbound_payload(in);
    size_t length = inbound_payload_length(in);
    if (in->next_header != NEXT_HEADER_IPV6 || length < IPV6_HEADER_LENGTH || in->has_home_address_option ||
        in->has_type_2_routing)
        return false;
    bool at_home_agent = protection->role == IPSEC_HOME_AGENT;
    const struct ipv6_address *home_agent = at_home_agent ? &in->destination : &in->source;
    struct ipv6_address mobile =
        ipv6_address_read(inner + (at_home_agent ? IPV6_AT_SOURCE : IPV6_AT_DESTINATION));
    return ipv6_address_equal(home_agent, &protection->home_agent) &&
           ipv6_address_equal(&mobile, &protection->home_address) &&
           policy_lookup(true, at_home_agent ? TO_HOME_AGENT : FROM_HOME_AGENT,
                         inner_selectors(inner, length), protection->payload) == POLICY_PROTECT;
}

void ipsec_receive(struct node *node, struct inbound *in, time_ns now)
{
    size_t length = inbound_payload_length(in), payload_length;
    uint8_t next_header;
    if (length < ESP_HEADER_LENGTH) {
        inbound_discard(node, in, DISCARD_HEADER_TRUNCATED, now);
        return;
    }
    const uint8_t *esp = inbound_payload(in);
    uint32_t spi = (uint32_t)esp[0] << 24 | (uint32_t)esp[1] << 16 | (uint32_t)esp[2] << 8 | esp[3];
    struct security_association *association = association_database_find(&node->ipsec->associations, spi);
    if (!association) {
        inbound_discard(node, in, DISCARD_IPSEC_NO_SA, now);
        return;
    }
    if (node_is_unsafe(node, NO_ANTI_REPLAY))
        security_association_forget_received(association);
    struct packet *plain = packet_new_for(in->packet, PACKET_HEADROOM, in->packet->length);
    enum discard_reason reason =
        esp_decapsulate(node->ipsec->engine, association, esp, length, packet_octets(plain) + in->offset,
                        &payload_length, &next_header);
    if (reason != DISCARD_NONE) {
        packet_release(plain);
        inbound_discard(node, in, reason, now);
        return;
    }
    replace_packet(in, plain, payload_length, next_header);
    if (!(association->tunnel ? fits_tunnel(association, in) : fits_transport(node, association, in))) {
        inbound_discard(node, in, DISCARD_IPSEC_POLICY, now);
        return;
    }
    in->association = association;
    ipv6_receive_header(node, in, now);
}

static bool must_be_protected(enum policy_direction direction, struct policy_selectors selectors)
{
    return policy_lookup(false, direction, selectors, false) != POLICY_BYPASS;
}

/* Nearly all that comes, advertisements above all, need not be protected whoever it is from. */
bool ipsec_accepts(const struct node *node, const struct inbound *in)
{
    struct policy_selectors selectors =
        policy_selectors_of(in->next_header, inbound_payload(in), inbound_payload_length(in));
    if (in->association || (!must_be_protected(TO_HOME_AGENT, selectors) &&
                            !must_be_protected(FROM_HOME_AGENT, selectors)))
        return true;
    enum policy_direction direction;
    const struct protection *protection =
        find_inbound(node->ipsec, &in->source, &in->destination, &direction);
    return !protection || !must_be_protected(direction, selectors);
}

bool ipsec_accepts_tunnelled(const struct node *node, const struct inbound *in)
{
    if (in->association)
        return true;
    const uint8_t *inner = inbound_payload(in);
    size_t length = inbound_payload_length(in);
    if (length < IPV6_HEADER_LENGTH || is_plainly_payload(node->ipsec, inner))
        return true;
    struct ipv6_address source = ipv6_address_read(inner + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(inner + IPV6_AT_DESTINATION);
    enum policy_direction direction = TO_HOME_AGENT;
    const struct policy_database *policies = &node->ipsec->policies;
    const struct protection *protection = policy_database_find(policies, &source, NULL, IPSEC_HOME_AGENT);
    if (!protection) {
        direction = FROM_HOME_AGENT;
        protection = policy_database_find(policies, &destination, &in->source, IPSEC_MOBILE_NODE);
    }
    return !protection || policy_lookup(true, direction, inner_selectors(inner, length),
                                        protection->payload) == POLICY_BYPASS;
}
