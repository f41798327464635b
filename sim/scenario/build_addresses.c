/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_addresses.c - the prefixes of links and the addresses of interfaces and mobile nodes: those that the
 * file gives, and those that are left to the program.
 *
 * What is given comes first: sorted, and clashes told. What is left is then given away in the order of links
 * and nodes, passing over what is taken: prefixes to point-to-point links out of 2001:db8:f000::/36; on a LAN
 * prefix::1 and following to the nodes that stay there, prefix::1:0:1 and following to mobile nodes. Both
 * lists being in order, one walk along the two is enough.
 *
 * A group takes a run of numbers one after the other, and a group of links a run of prefixes. The two ends of
 * a point-to-point link have fixed numbers: there is nothing to look for.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

/* Mobile nodes' home addresses: prefix::1:0:1 and following. */
#define HOME_IDENTIFIER_BASE (UINT64_C(1) << 32)
#define POOL_FIRST           UINT64_C(0x20010db8f0000000) /* upper half of 2001:db8:f000::/36 */
#define POOL_SIZE            (UINT64_C(1) << 28)

/* ---- 128-bit arithmetic on addresses ---- */

static uint64_t upper_half(const struct ipv6_address *address)
{
    uint64_t half = 0;
    for (unsigned i = 0; i < 8; i++)
        half = half << 8 | address->octets[i];
    return half;
}

static uint64_t lower_half(const struct ipv6_address *address)
{
    uint64_t half = 0;
    for (unsigned i = 8; i < 16; i++)
        half = half << 8 | address->octets[i];
    return half;
}

static struct ipv6_address address_of_halves(uint64_t upper, uint64_t lower)
{
    struct ipv6_address address;
    for (unsigned i = 0; i < 8; i++) {
        address.octets[7 - i] = (uint8_t)(upper >> 8 * i);
        address.octets[15 - i] = (uint8_t)(lower >> 8 * i);
    }
    return address;
}

/* ---- prefixes ---- */

struct prefix_range {
    uint8_t first[16], last[16];
    uint32_t link;
};

static struct prefix_range range_of_prefix(const struct scenario_link *link, uint32_t index)
{
    struct prefix_range range = {.link = index};
    struct ipv6_address last = scenario_link_prefix(link, link->count - 1);
    memcpy(range.first, link->prefix.octets, 16);
    for (unsigned bit = link->prefix_length; bit < 128; bit++)
        last.octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    memcpy(range.last, last.octets, 16);
    return range;
}

static int compare_ranges(gconstpointer a, gconstpointer b)
{
    const struct prefix_range *left = a, *right = b;
    int order = memcmp(left->first, right->first, 16);
    return order ? order : left->link < right->link ? -1 : left->link > right->link;
}

static void tell_overlap(struct builder *builder, uint32_t a, uint32_t b)
{
    uint32_t later = MAX(a, b), earlier = MIN(a, b);
    const struct scenario_link *other = &builder->scenario->links[earlier];
    char *prefix = value_format_address(&other->prefix);
    build_error(builder, builder->link_views[later], "prefix", "it overlaps %s/%u of [%s] (%s:%u)", prefix,
                other->prefix_length, builder->link_views[earlier]->section->name, other->place.file,
                other->place.line);
    g_free(prefix);
}

/* Given prefixes, sorted; overlaps told. */
static GArray *given_prefixes(struct builder *builder)
{
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(struct prefix_range));
    for (uint32_t i = 0; i < builder->scenario->link_count; i++) {
        const struct scenario_link *link = &builder->scenario->links[i];
        if (link->prefix_length == 0)
            continue;
        struct prefix_range range = range_of_prefix(link, i);
        g_array_append_val(ranges, range);
    }
    g_array_sort(ranges, compare_ranges);
    unsigned widest = 0;
    for (unsigned i = 1; i < ranges->len; i++) {
        const struct prefix_range *before = &g_array_index(ranges, struct prefix_range, widest);
        const struct prefix_range *range = &g_array_index(ranges, struct prefix_range, i);
        if (memcmp(range->first, before->last, 16) <= 0)
            tell_overlap(builder, before->link, range->link);
        if (memcmp(range->last, before->last, 16) > 0)
            widest = i;
    }
    return ranges;
}

/* The next numbers of the pool to give away, and the first of the given prefixes that may be in the way. */
struct pool {
    uint64_t next;
    unsigned given;
};

/* The first of `count` numbers of the pool at which all the prefixes are free. */
static uint64_t pool_take(struct pool *pool, const GArray *given, uint64_t count)
{
    for (; pool->given < given->len; pool->given++) {
        const struct prefix_range *range = &g_array_index(given, struct prefix_range, pool->given);
        struct ipv6_address first = ipv6_address_read(range->first), last = ipv6_address_read(range->last);
        if (upper_half(&first) > POOL_FIRST + pool->next + count - 1)
            break;
        if (upper_half(&last) >= POOL_FIRST + pool->next)
            pool->next = upper_half(&last) - POOL_FIRST + 1;
    }
    pool->next += count;
    return pool->next - count;
}

void build_prefixes(struct builder *builder)
{
    GArray *given = given_prefixes(builder);
    struct pool pool = {0, 0};
    for (uint32_t i = 0; i < builder->scenario->link_count; i++) {
        struct scenario_link *link = &builder->scenario->links[i];
        if (link->kind != SCENARIO_POINT_TO_POINT || link->prefix_length != 0)
            continue;
        uint64_t number = pool_take(&pool, given, link->count);
        if (pool.next > POOL_SIZE) {
            build_error(builder, builder->link_views[i], NULL,
                        "2001:db8:f000::/36 has no prefix left for it; give it one");
            break;
        }
        link->prefix = address_of_halves(POOL_FIRST + number, 0);
        link->prefix_length = 64;
    }
    g_array_free(given, TRUE);
}

/* ---- addresses ---- */

/* A run of addresses on a link, for a group's nodes: given, or to be found. Numbers are of the interface
 * identifier. */
struct address_request {
    struct ipv6_address *target; /* the first address */
    uint64_t first, count;
    bool given, home;
    const struct scenario_view *view;
    const char *key;
};

static void request_address(GArray **requests, const struct scenario_link *link, uint32_t index,
                            const struct address_request *request)
{
    /* A point-to-point link's ends have two fixed numbers, and each link of a group a prefix of its own. */
    if (link->prefix_length == 0)
        return;
    if (!requests[index])
        requests[index] = g_array_new(FALSE, FALSE, sizeof(struct address_request));
    g_array_append_val(requests[index], *request);
}

static int compare_requests(gconstpointer a, gconstpointer b)
{
    const struct address_request *left = a, *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

/* Those that are given, sorted; addresses given to two are told. */
static GArray *given_addresses(struct builder *builder, const struct scenario_link *link,
                               const GArray *requests)
{
    GArray *given = g_array_new(FALSE, FALSE, sizeof(struct address_request));
    for (unsigned i = 0; i < requests->len; i++)
        if (g_array_index(requests, struct address_request, i).given)
            g_array_append_val(given, g_array_index(requests, struct address_request, i));
    g_array_sort(given, compare_requests);
    for (unsigned i = 1; i < given->len; i++) {
        const struct address_request *a = &g_array_index(given, struct address_request, i - 1);
        const struct address_request *b = &g_array_index(given, struct address_request, i);
        if (b->first - a->first >= a->count)
            continue;
        const struct address_request *later =
            a->view->section->place.order > b->view->section->place.order ? a : b;
        const struct address_request *earlier = later == a ? b : a;
        struct ipv6_address address = address_of_halves(upper_half(&link->prefix), b->first);
        char *text = value_format_address(&address);
        build_error(builder, later->view, later->key, "the address %s is that of [%s] already (%s:%u)", text,
                    earlier->view->section->name, earlier->view->section->place.file,
                    earlier->view->section->place.line);
        g_free(text);
    }
    return given;
}

struct cursor_of_numbers {
    uint64_t next;
    unsigned given; /* the first of those given that may still be in the way */
};

static void assign_address(const struct scenario_link *link, const GArray *given,
                           struct cursor_of_numbers *cursor, const struct address_request *request)
{
    for (; cursor->given < given->len; cursor->given++) {
        const struct address_request *other = &g_array_index(given, struct address_request, cursor->given);
        if (other->first >= cursor->next + request->count)
            break;
        if (other->first + other->count > cursor->next)
            cursor->next = other->first + other->count;
    }
    *request->target = address_of_halves(upper_half(&link->prefix), cursor->next);
    cursor->next += request->count;
}

static void assign_on_lan(struct builder *builder, const struct scenario_link *link, const GArray *requests)
{
    GArray *given = given_addresses(builder, link, requests);
    struct cursor_of_numbers stationary = {1, 0}, home = {HOME_IDENTIFIER_BASE + 1, 0};
    for (unsigned i = 0; i < requests->len; i++) {
        const struct address_request *request = &g_array_index(requests, struct address_request, i);
        if (!request->given)
            assign_address(link, given, request->home ? &home : &stationary, request);
    }
    g_array_free(given, TRUE);
}

/* "care-of MN": what the mobile node will form on the first LAN that the node is on (RFC 4862, 5.5.3), from
 * the link-layer address of its first interface. False: told. */
static bool find_care_of_address(struct builder *builder, const struct scenario_view *view,
                                 const struct scenario_entry *entry, const char *name,
                                 const struct scenario_node *owner, struct ipv6_address *address)
{
    const struct scenario *scenario = builder->scenario;
    struct scenario_reference mobile;
    if (!build_find_node(builder, view, entry, name, KIND(SCENARIO_MOBILE_NODE), "a mobile node", &mobile))
        return false;
    if (mobile.count > 1 || owner->count > 1) {
        build_error_at(builder, view, entry, "\"%s\" are many nodes; name one of them, for one node",
                       mobile.count > 1 ? name : owner->name);
        return false;
    }
    uint32_t index = mobile.first;
    for (uint32_t i = 0; i < mobile.node; i++)
        index += scenario->nodes[i].count;
    struct ethernet_address mac =
        scenario_ethernet_address(scenario, &scenario->nodes[mobile.node], index, mobile.first, 0);
    struct ipv6_address identifier = ipv6_eui64_from(&mac);
    for (uint32_t i = 0; i < owner->interface_count; i++) {
        const struct scenario_link *link = &scenario->links[owner->interfaces[i].link];
        if (link->kind != SCENARIO_POINT_TO_POINT) {
            *address = ipv6_address_join(&link->prefix, &identifier);
            return true;
        }
    }
    build_error_at(builder, view, entry, "\"%s\" is on no LAN, where \"%s\" might come", owner->name, name);
    return false;
}

/* The interfaces' addresses that the file gives: each goes to the interface in whose prefix it is. */
static bool *place_given_addresses(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "address");
    struct scenario_node *record = &builder->scenario->nodes[node];
    bool *given = g_new0(bool, record->interface_count + 1);
    char **texts = value_split(entry ? entry->value : "", ',');
    for (unsigned i = 0; entry && entry->value[0] && texts[i]; i++) {
        struct ipv6_address address;
        GError *error = NULL;
        if (g_str_has_prefix(texts[i], "care-of ")) {
            if (!find_care_of_address(builder, view, entry, g_strstrip(texts[i] + strlen("care-of ")), record,
                                      &address))
                continue;
        } else if (!value_parse_address(texts[i], &address, &error)) {
            build_error_at(builder, view, entry, "%s", error->message);
            g_error_free(error);
            continue;
        }
        uint32_t found = SCENARIO_NONE;
        for (uint32_t j = 0; j < record->interface_count && found == SCENARIO_NONE; j++) {
            const struct scenario_link *link = &builder->scenario->links[record->interfaces[j].link];
            if (link->prefix_length && ipv6_prefix_match(&address, &link->prefix, link->prefix_length))
                found = j;
        }
        if (found == SCENARIO_NONE)
            build_error_at(builder, view, entry,
                           "%s is in the prefix of none of the links that \"%s\" is attached to", texts[i],
                           record->name);
        else if (given[found])
            build_error_at(builder, view, entry, "%s is a second address on the link \"%s\"", texts[i],
                           builder->scenario->links[record->interfaces[found].link].name);
        else if (builder->scenario->links[record->interfaces[found].link].prefix_length < 127 &&
                 ipv6_address_equal(&address,
                                    &builder->scenario->links[record->interfaces[found].link].prefix))
            build_error_at(builder, view, entry,
                           "%s is the anycast address of the link's routers (RFC 4291, 2.6.1)", texts[i]);
        else {
            given[found] = true;
            record->interfaces[found].address = address;
        }
    }
    g_strfreev(texts);
    return given;
}

static void request_interfaces(struct builder *builder, uint32_t node, GArray **requests)
{
    struct scenario_node *record = &builder->scenario->nodes[node];
    bool *given = place_given_addresses(builder, node);
    for (uint32_t i = 0; i < record->interface_count; i++) {
        struct scenario_interface *interface = &record->interfaces[i];
        const struct scenario_link *link = &builder->scenario->links[interface->link];
        interface->prefix_length = link->prefix_length;
        if (link->kind == SCENARIO_POINT_TO_POINT) {
            if (!given[i])
                interface->address =
                    address_of_halves(upper_half(&link->prefix), lower_half(&link->prefix) + interface->end +
                                                                     (link->prefix_length < 127));
            continue;
        }
        struct address_request request = {
            .target = &interface->address,
            .first = lower_half(&interface->address),
            .count = record->count,
            .given = given[i],
            .view = builder->node_views[node],
            .key = "address",
        };
        request_address(requests, link, interface->link, &request);
    }
    g_free(given);
}

/* A mobile node's home address, which the file gives under this key or leaves to be found. */
static void request_home_address(struct builder *builder, const struct scenario_view *view, const char *key,
                                 uint32_t home_link, uint32_t count, struct ipv6_address *target,
                                 GArray **requests)
{
    const struct scenario_entry *entry = build_entry(view, key);
    if (home_link == SCENARIO_NONE)
        return;
    const struct scenario_link *link = &builder->scenario->links[home_link];
    struct address_request request = {
        .target = target, .count = count, .home = true, .view = view, .key = key};
    GError *error = NULL;
    if (entry && !value_parse_address(entry->value, target, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return;
    }
    if (entry && link->prefix_length && !ipv6_prefix_match(target, &link->prefix, link->prefix_length)) {
        char *prefix = value_format_address(&link->prefix);
        build_error_at(builder, view, entry, "%s is not in the home link's prefix %s/%u", entry->value,
                       prefix, link->prefix_length);
        g_free(prefix);
        return;
    }
    request.given = entry != NULL;
    request.first = lower_half(target);
    if (entry && request.first == 0)
        build_error_at(builder, view, entry,
                       "%s is the anycast address of the link's routers (RFC 4291, 2.6.1)", entry->value);
    request_address(requests, link, home_link, &request);
}

static void request_further_home_address(struct builder *builder, uint32_t index, GArray **requests)
{
    struct scenario_home *home = &builder->scenario->homes[index];
    if (home->node != SCENARIO_NONE)
        request_home_address(builder, builder->home_views[index], "address", home->home_link,
                             builder->scenario->nodes[home->node].count, &home->home_address, requests);
}

struct ends {
    struct ipv6_address addresses[2];
};

/* Of all point-to-point links, by index. Free with g_free. */
static struct ends *collect_ends(const struct scenario *scenario)
{
    struct ends *ends = g_new0(struct ends, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        for (uint32_t j = 0; j < node->interface_count; j++)
            ends[node->interfaces[j].link].addresses[node->interfaces[j].end] = node->interfaces[j].address;
    }
    return ends;
}

/* Addresses that are given must differ. */
static void check_ends(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    struct ends *ends = collect_ends(scenario);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        const struct scenario_link *link = &scenario->links[i];
        if (link->ends[0] == SCENARIO_NONE || link->prefix_length == 0 ||
            !ipv6_address_equal(&ends[i].addresses[0], &ends[i].addresses[1]))
            continue;
        char *text = value_format_address(&ends[i].addresses[0]);
        build_error(builder, builder->link_views[i], NULL, "both ends have the address %s", text);
        g_free(text);
    }
    g_free(ends);
}

void build_addresses(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    GArray **requests = g_new0(GArray *, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        struct scenario_node *node = &scenario->nodes[i];
        if (node->kind == SCENARIO_MOBILE_NODE)
            request_home_address(builder, builder->node_views[i], "home-address", node->home_link,
                                 node->count, &node->home_address, requests);
        else
            request_interfaces(builder, i, requests);
    }
    for (uint32_t i = 0; i < scenario->home_count; i++)
        request_further_home_address(builder, i, requests);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        if (!requests[i])
            continue;
        assign_on_lan(builder, &scenario->links[i], requests[i]);
        g_array_free(requests[i], TRUE);
    }
    g_free(requests);
    check_ends(builder);
}
