/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_topology.c - who is joined to whom, by which addresses, and whether packets can get from one to
 * another.
 *
 * Reachability is judged on links: a node that forwards makes all its links one component (union-find); two
 * nodes can exchange packets if they have links of one component. A group is one node for this, since its
 * nodes are alike.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/value.h"

/* Mobile nodes' home addresses: prefix::1:0:1 and following. */
#define HOME_IDENTIFIER_BASE (UINT64_C(1) << 32)
#define POOL_FIRST           UINT64_C(0x20010db8f0000000) /* upper half of 2001:db8:f000::/36 */
#define POOL_SIZE            (UINT64_C(1) << 28)
#define INTERFACES_MAX       65535    /* of one node: they are numbered in 16 bits */
#define TOTAL_MAX            10000000 /* nodes, links of one scenario */

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

/* ---- names ---- */

const char *build_node_kind_text(enum scenario_node_kind kind)
{
    static const char *const texts[] = {
        [SCENARIO_ROUTER] = "a router",           [SCENARIO_HOST] = "a host",
        [SCENARIO_HOME_AGENT] = "a home agent",   [SCENARIO_CORRESPONDENT_NODE] = "a correspondent node",
        [SCENARIO_MOBILE_NODE] = "a mobile node",
    };
    return texts[kind];
}

static const struct scenario_view *view_of(const struct builder *builder, const struct scenario_named *named)
{
    return named->is_link ? builder->link_views[named->index] : builder->node_views[named->index];
}

static void register_name(struct builder *builder, bool is_link, uint32_t index)
{
    struct scenario_named *named = g_new(struct scenario_named, 1);
    *named = (struct scenario_named){is_link, index};
    const struct scenario_view *view = view_of(builder, named);
    const char *name = view->words[0];
    const struct scenario_named *other = g_hash_table_lookup(builder->names, name);
    if (other) {
        const struct scenario_section *section = view_of(builder, other)->section;
        build_error(builder, view, NULL, "the name \"%s\" is that of [%s] already (%s:%u); names are unique",
                    name, section->name, section->place.file, section->place.line);
        g_free(named);
        return;
    }
    g_hash_table_insert(builder->names, (gpointer)name, named);
    g_ptr_array_add(is_link ? builder->link_names : builder->node_names, (gpointer)name);
}

/* "mn-3" of a group "mn" of at least three: its number from 0. */
static bool member_of_group(const struct builder *builder, const char *name, uint32_t *node, uint32_t *number)
{
    const char *dash = strrchr(name, '-');
    uint64_t value;
    if (!dash || dash[1] == '0' || !value_parse_integer(dash + 1, 1, SCENARIO_COUNT_MAX, &value, NULL))
        return false;
    char *group = g_strndup(name, (size_t)(dash - name));
    const struct scenario_named *named = g_hash_table_lookup(builder->names, group);
    g_free(group);
    if (!named || named->is_link)
        return false;
    const struct scenario_node *nodes = builder->scenario->nodes;
    if (nodes[named->index].count == 1 || value > nodes[named->index].count)
        return false;
    *node = named->index;
    *number = (uint32_t)value - 1;
    return true;
}

static void register_names(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    for (uint32_t i = 0; i < scenario->link_count; i++)
        register_name(builder, true, i);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        register_name(builder, false, i);
    g_ptr_array_add(builder->link_names, NULL);
    g_ptr_array_add(builder->node_names, NULL);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        uint32_t group, number;
        if (member_of_group(builder, scenario->nodes[i].name, &group, &number))
            build_error(builder, builder->node_views[i], NULL,
                        "\"%s\" is the name of a node of the group [%s]", scenario->nodes[i].name,
                        builder->node_views[group]->section->name);
    }
}

static const char *probably_meant_name(const struct builder *builder, const char *name, bool link_first)
{
    if (scenario_messages_told(builder->messages) > SCENARIO_MESSAGES_KEPT)
        return NULL; /* nobody will read the guess */
    const GPtrArray *first = link_first ? builder->link_names : builder->node_names;
    return scenario_probably_meant(name, (const char *const *)first->pdata);
}

bool build_find_node(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const char *name, unsigned kinds,
                     const char *expected, struct scenario_reference *reference)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, name);
    uint32_t number = 0;
    *reference = (struct scenario_reference){SCENARIO_NONE, 0, 0};
    if (named && named->is_link) {
        build_error_at(builder, view, entry, "\"%s\" is a link; expected %s", name, expected);
        return false;
    }
    if (named) {
        *reference =
            (struct scenario_reference){named->index, 0, builder->scenario->nodes[named->index].count};
    } else if (member_of_group(builder, name, &reference->node, &number)) {
        reference->first = number;
        reference->count = 1;
    } else {
        const char *meant = probably_meant_name(builder, name, false);
        if (meant)
            build_error_at(builder, view, entry, "there is no node \"%s\"; did you mean \"%s\"?", name,
                           meant);
        else
            build_error_at(builder, view, entry, "there is no node \"%s\" (expected %s)", name, expected);
        return false;
    }
    enum scenario_node_kind kind = builder->scenario->nodes[reference->node].kind;
    if (!(kinds & KIND(kind))) {
        build_error_at(builder, view, entry, "\"%s\" is %s; expected %s", name, build_node_kind_text(kind),
                       expected);
        return false;
    }
    return true;
}

uint32_t build_find_link(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const char *name, bool lan)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, name);
    const char *expected = lan ? "a LAN" : "a link";
    if (!named) {
        const char *meant = probably_meant_name(builder, name, true);
        if (meant)
            build_error_at(builder, view, entry, "there is no link \"%s\"; did you mean \"%s\"?", name,
                           meant);
        else
            build_error_at(builder, view, entry, "there is no link \"%s\" (expected %s)", name, expected);
        return SCENARIO_NONE;
    }
    if (!named->is_link) {
        build_error_at(builder, view, entry, "\"%s\" is %s; expected %s", name,
                       build_node_kind_text(builder->scenario->nodes[named->index].kind), expected);
        return SCENARIO_NONE;
    }
    if (lan && builder->scenario->links[named->index].kind == SCENARIO_POINT_TO_POINT) {
        build_error_at(builder, view, entry, "\"%s\" is a point-to-point link; expected a LAN", name);
        return SCENARIO_NONE;
    }
    return named->index;
}

uint32_t build_pairs(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const struct scenario_reference *a,
                     const struct scenario_reference *b)
{
    if (a->count == 0 || b->count == 0)
        return 0;
    if (a->count != b->count && a->count != 1 && b->count != 1) {
        const struct scenario_node *nodes = builder->scenario->nodes;
        build_error_at(
            builder, view, entry,
            "\"%s\" are %u nodes and \"%s\" are %u: groups meet pairwise, or one with each of many",
            nodes[a->node].name, a->count, nodes[b->node].name, b->count);
        return 0;
    }
    return MAX(a->count, b->count);
}

/* ---- interfaces ---- */

static void add_interface(struct builder *builder, uint32_t node, uint32_t link, uint32_t count, uint8_t end)
{
    struct scenario_node *record = &builder->scenario->nodes[node];
    /* Room grows by doubling, within memory that the scenario owns. */
    if ((record->interface_count & (record->interface_count - 1)) == 0) {
        uint32_t room = MAX(record->interface_count * 2, 2);
        struct scenario_interface *more = build_memory(builder, room, sizeof *more);
        if (record->interface_count)
            memcpy(more, record->interfaces, record->interface_count * sizeof *more);
        record->interfaces = more;
    }
    record->interfaces[record->interface_count++] =
        (struct scenario_interface){.link = link, .count = count, .end = end};
}

static void attach_to_lans(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "attached");
    if (!entry || view->kind == SECTION_MOBILE_NODE)
        return;
    const struct scenario_node *record = &builder->scenario->nodes[node];
    char **names = value_split(entry->value, ',');
    for (unsigned i = 0; names[i]; i++) {
        uint32_t link = build_find_link(builder, view, entry, names[i], true);
        bool twice = false;
        for (uint32_t j = 0; j < record->interface_count; j++)
            twice |= record->interfaces[j].link == link;
        if (link != SCENARIO_NONE && twice)
            build_error_at(builder, view, entry, "\"%s\" is named twice", names[i]);
        else if (link != SCENARIO_NONE)
            add_interface(builder, node, link, 1, 0);
    }
    g_strfreev(names);
}

/* The ends that a point-to-point link names, as whole groups. */
static bool find_ends(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, struct scenario_reference ends[2])
{
    static const unsigned stationary = ~KIND(SCENARIO_MOBILE_NODE);
    char **names = value_split(entry->value, ',');
    bool good = g_strv_length(names) == 2;
    if (!good)
        build_error_at(builder, view, entry, "\"%s\" are not two nodes; expected A, B", entry->value);
    for (unsigned i = 0; i < 2 && good; i++) {
        bool found = build_find_node(builder, view, entry, names[i], stationary,
                                     "a router, host, home agent or correspondent node", &ends[i]);
        if (found && ends[i].count != builder->scenario->nodes[ends[i].node].count) {
            build_error_at(builder, view, entry, "\"%s\" is one of a group; name the group", names[i]);
            found = false;
        }
        if (!found && i == 0) /* tell about the second too */
            build_find_node(builder, view, entry, names[1], stationary,
                            "a router, host, home agent or correspondent node", &ends[1]);
        good = found;
    }
    if (good && ends[0].node == ends[1].node) {
        build_error_at(builder, view, entry, "both ends are \"%s\"", names[0]);
        good = false;
    }
    g_strfreev(names);
    return good;
}

static void join_ends(struct builder *builder, uint32_t index)
{
    const struct scenario_view *view = builder->link_views[index];
    const struct scenario_entry *entry = build_entry(view, "between");
    struct scenario_link *link = &builder->scenario->links[index];
    struct scenario_reference ends[2];
    if (!entry || entry->value[0] == '\0') {
        builder->topology_broken = true; /* told as a key that is missing */
        return;
    }
    if (!find_ends(builder, view, entry, ends))
        return;
    uint32_t pairs = build_pairs(builder, view, entry, &ends[0], &ends[1]);
    if (pairs == 0)
        return;
    link->count = pairs;
    for (uint8_t end = 0; end < 2; end++) {
        link->ends[end] = ends[end].node;
        add_interface(builder, ends[end].node, index, ends[end].count == 1 ? pairs : 1, end);
    }
    if (pairs > 1 && link->prefix_length != 0 && link->prefix_length != 64)
        build_error(builder, view, "prefix",
                    "there are %u such links, with prefixes one after the other: expected 64 bits, not %u",
                    pairs, link->prefix_length);
}

static void check_interfaces(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    struct scenario_node *record = &builder->scenario->nodes[node];
    uint64_t total = 0;
    for (uint32_t i = 0; i < record->interface_count; i++)
        total += record->interfaces[i].count;
    if (total > INTERFACES_MAX)
        build_error(builder, view, NULL, "it has %" G_GUINT64_FORMAT " interfaces; a node can have %d", total,
                    INTERFACES_MAX);
    if (record->kind == SCENARIO_HOME_AGENT && !build_entry(view, "forwarding"))
        record->ipv6.forwarding = total > 1;
    if (total == 0 && record->kind != SCENARIO_MOBILE_NODE && !build_entry(view, "attached"))
        build_error(
            builder, view, NULL,
            "it is attached to nothing: neither \"attached\" nor a point-to-point link names a link for it");
}

/* ---- links ---- */

/* No jitter is to cost no draw. */
static void finish_direction(struct scenario_direction *direction)
{
    if (direction->jitter && distribution_is_constant(direction->jitter) &&
        distribution_minimum(direction->jitter) == 0)
        direction->jitter = NULL;
}

/* Defaults that depend on other keys, and what keys must have to do with each other. */
static void finish_lan(struct builder *builder, uint32_t index)
{
    const struct scenario_view *view = builder->link_views[index];
    struct scenario_link *link = &builder->scenario->links[index];
    struct scenario_advertisements *advertisements = &link->advertisements;
    time_ns longest = advertisements->max_interval;
    char text[2][DURATION_TEXT_SIZE];
    link->backward = link->forward;
    if (link->kind == SCENARIO_LAN)
        link->handover_delay = build_constant(builder, 0);
    if (!build_entry(view, "router-advertisement-gap"))
        advertisements->min_delay_between = MIN(advertisements->min_interval, SECONDS(3));
    if (!build_entry(view, "router-lifetime"))
        advertisements->router_lifetime = (uint16_t)MIN((3 * longest + SECONDS(1) - 1) / SECONDS(1), 9000);
    else if (advertisements->router_lifetime && SECONDS(advertisements->router_lifetime) < longest)
        build_error(builder, view, "router-lifetime",
                    "%s is less than the longest interval between advertisements, %s (RFC 4861, 6.2.1)",
                    duration_format(SECONDS(advertisements->router_lifetime), text[0]),
                    duration_format(longest, text[1]));
    if (advertisements->prefix_preferred_lifetime > advertisements->prefix_valid_lifetime)
        build_error(builder, view, "prefix-preferred-lifetime",
                    "it is longer than prefix-valid-lifetime (RFC 4861, 6.2.1)");
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

static void assign_prefixes(struct builder *builder)
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
        if (!value_parse_address(texts[i], &address, &error)) {
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

static void request_home_address(struct builder *builder, uint32_t node, GArray **requests)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "home-address");
    struct scenario_node *record = &builder->scenario->nodes[node];
    if (record->home_link == SCENARIO_NONE)
        return;
    const struct scenario_link *link = &builder->scenario->links[record->home_link];
    struct address_request request = {.target = &record->home_address,
                                      .count = record->count,
                                      .home = true,
                                      .view = view,
                                      .key = "home-address"};
    GError *error = NULL;
    if (entry && !value_parse_address(entry->value, &record->home_address, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return;
    }
    if (entry && link->prefix_length &&
        !ipv6_prefix_match(&record->home_address, &link->prefix, link->prefix_length)) {
        char *prefix = value_format_address(&link->prefix);
        build_error_at(builder, view, entry, "%s is not in the home link's prefix %s/%u", entry->value,
                       prefix, link->prefix_length);
        g_free(prefix);
        return;
    }
    request.given = entry != NULL;
    request.first = lower_half(&record->home_address);
    if (entry && request.first == 0)
        build_error_at(builder, view, entry,
                       "%s is the anycast address of the link's routers (RFC 4291, 2.6.1)", entry->value);
    request_address(requests, link, record->home_link, &request);
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

static void assign_addresses(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    GArray **requests = g_new0(GArray *, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        if (scenario->nodes[i].kind == SCENARIO_MOBILE_NODE)
            request_home_address(builder, i, requests);
        else
            request_interfaces(builder, i, requests);
    }
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        if (!requests[i])
            continue;
        assign_on_lan(builder, &scenario->links[i], requests[i]);
        g_array_free(requests[i], TRUE);
    }
    g_free(requests);
    check_ends(builder);
}

/* ---- home agents and mobile nodes ---- */

static const struct scenario_interface *interface_on(const struct scenario_node *node, uint32_t link)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].link == link)
            return &node->interfaces[i];
    return NULL;
}

static void find_home_link_of_agent(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "home-link");
    struct scenario_node *record = &builder->scenario->nodes[node];
    if (entry && entry->value[0]) {
        uint32_t link = build_find_link(builder, view, entry, entry->value, true);
        if (link != SCENARIO_NONE && !interface_on(record, link))
            build_error_at(builder, view, entry, "\"%s\" is not attached to \"%s\"", record->name,
                           entry->value);
        else
            record->home_link = link;
        return;
    }
    for (uint32_t i = 0; i < record->interface_count && record->home_link == SCENARIO_NONE; i++)
        if (builder->scenario->links[record->interfaces[i].link].kind != SCENARIO_POINT_TO_POINT)
            record->home_link = record->interfaces[i].link;
    if (record->home_link == SCENARIO_NONE && !build_entry(view, "attached"))
        build_error(builder, view, "attached", "this key is missing: a home agent serves a LAN");
}

static bool is_served(const struct scenario *scenario, uint32_t link)
{
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (scenario->nodes[i].kind == SCENARIO_HOME_AGENT && scenario->nodes[i].home_link == link)
            return true;
    return false;
}

/* The mobile node will find its home agent by itself. */
static void find_home_by_link(struct builder *builder, uint32_t node, const struct scenario_entry *entry,
                              uint32_t link)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *link_entry = build_entry(view, "home-link");
    struct scenario_node *record = &builder->scenario->nodes[node];
    record->mobile.discover_home_agents = true;
    if (!link_entry)
        build_error_at(builder, view, entry, "on which link? Give home-link as well");
    else if (link != SCENARIO_NONE && !is_served(builder->scenario, link) && !builder->topology_broken)
        build_error_at(builder, view, link_entry, "no home agent serves \"%s\"", link_entry->value);
    else
        record->home_link = link;
}

static void find_home_of_mobile_node(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "home-agent");
    const struct scenario_entry *link_entry = build_entry(view, "home-link");
    struct scenario_node *record = &builder->scenario->nodes[node];
    struct scenario_reference agent;
    if ((entry && entry->value[0] == '\0') || (link_entry && link_entry->value[0] == '\0'))
        return; /* told */
    uint32_t link =
        link_entry ? build_find_link(builder, view, link_entry, link_entry->value, true) : SCENARIO_NONE;
    if (entry ? strcmp(entry->value, "discover") == 0 : link_entry != NULL) {
        find_home_by_link(builder, node, entry, link);
        return;
    }
    if (!entry) {
        build_error(builder, view, "home-agent", "this key is missing (name of a home agent)");
        return;
    }
    if (!build_find_node(builder, view, entry, entry->value, KIND(SCENARIO_HOME_AGENT), "a home agent",
                         &agent))
        return;
    record->home_agent_node = agent.node;
    record->home_link = builder->scenario->nodes[agent.node].home_link;
    if (link != SCENARIO_NONE && link != record->home_link && record->home_link != SCENARIO_NONE)
        build_error_at(builder, view, link_entry, "its home agent \"%s\" serves \"%s\"", entry->value,
                       builder->scenario->links[record->home_link].name);
}

static void find_start_of_mobile_node(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "start");
    struct scenario_node *record = &builder->scenario->nodes[node];
    if (!entry || entry->value[0] == '\0')
        record->start_link = record->home_link;
    else if (strcmp(entry->value, "none") != 0)
        record->start_link = build_find_link(builder, view, entry, entry->value, true);
    add_interface(builder, node, record->start_link, 1, 0);
    if (record->start_link != SCENARIO_NONE)
        record->interfaces[0].prefix_length = builder->scenario->links[record->start_link].prefix_length;
}

static void finish_home_agents(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        struct scenario_node *node = &scenario->nodes[i];
        const struct scenario_interface *interface =
            node->kind == SCENARIO_HOME_AGENT && node->home_link != SCENARIO_NONE
                ? interface_on(node, node->home_link)
                : NULL;
        if (interface)
            node->home_agent_address = interface->address;
    }
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        struct scenario_node *node = &scenario->nodes[i];
        if (node->home_agent_node != SCENARIO_NONE)
            node->home_agent_address = scenario->nodes[node->home_agent_node].home_agent_address;
    }
}

/* ---- reachability ---- */

static uint32_t component_of(const struct builder *builder, uint32_t link)
{
    while (builder->components[link] != link)
        link = builder->components[link] = builder->components[builder->components[link]];
    return link;
}

static void find_components(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    builder->components = build_memory(builder, scenario->link_count, sizeof *builder->components);
    builder->routed = build_memory(builder, scenario->link_count, sizeof *builder->routed);
    for (uint32_t i = 0; i < scenario->link_count; i++)
        builder->components[i] = i;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        for (uint32_t j = 0; node->ipv6.forwarding && j < node->interface_count; j++) {
            uint32_t link = node->interfaces[j].link;
            builder->components[component_of(builder, link)] =
                component_of(builder, node->interfaces[0].link);
            builder->routed[link] = true;
        }
    }
}

bool build_connected(const struct builder *builder, uint32_t link_a, uint32_t link_b)
{
    return component_of(builder, link_a) == component_of(builder, link_b);
}

/* Of a node that forwards all links are of one component, so that the first will do. */
static uint32_t links_to_try(const struct scenario_node *node)
{
    return node->ipv6.forwarding ? MIN(node->interface_count, 1) : node->interface_count;
}

bool build_reaches_link(const struct builder *builder, uint32_t node, uint32_t link)
{
    const struct scenario_node *record = &builder->scenario->nodes[node];
    if (record->kind == SCENARIO_MOBILE_NODE)
        return record->home_link == SCENARIO_NONE || build_connected(builder, record->home_link, link);
    for (uint32_t i = 0; i < links_to_try(record); i++)
        if (build_connected(builder, record->interfaces[i].link, link))
            return true;
    /* Attached to nothing that could be made out: told already. */
    return record->interface_count == 0;
}

bool build_reaches_node(const struct builder *builder, uint32_t a, uint32_t b)
{
    const struct scenario_node *record = &builder->scenario->nodes[a];
    if (record->kind == SCENARIO_MOBILE_NODE)
        return record->home_link == SCENARIO_NONE || build_reaches_link(builder, b, record->home_link);
    for (uint32_t i = 0; i < links_to_try(record); i++)
        if (build_reaches_link(builder, b, record->interfaces[i].link))
            return true;
    return record->interface_count == 0;
}

void build_check_visitable(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, uint32_t link)
{
    const struct scenario_link *record = &builder->scenario->links[link];
    if (!builder->routed[link])
        build_error_at(builder, view, entry, "the LAN \"%s\" has no router: add one with \"attached = %s\"",
                       record->name, record->name);
    else if (!record->advertisements.enabled)
        build_error_at(
            builder, view, entry,
            "the LAN \"%s\" has router-advertisements = no: a mobile node cannot find its way there",
            record->name);
}

/* The octets of an encryption key under this algorithm. */
static unsigned encryption_key_length(unsigned encryption)
{
    switch ((enum scenario_encryption)encryption) {
    case SCENARIO_AES_CBC:
        return 16;
    case SCENARIO_AES_CBC_256:
        return 32;
    case SCENARIO_3DES_CBC:
        return 24;
    case SCENARIO_NULL_ENCRYPTION:
        break;
    }
    return 0;
}

/* Who has the keys of a home address can speak for it: they are one mobile node's (RFC 3776, 4.2). */
static void check_ipsec_key_is_own(struct builder *builder, uint32_t node)
{
    const struct scenario_ipsec *ipsec = &builder->scenario->nodes[node].ipsec;
    for (uint32_t i = 0; i < node; i++) {
        const struct scenario_ipsec *other = &builder->scenario->nodes[i].ipsec;
        if (other->integrity_key_length == ipsec->integrity_key_length &&
            memcmp(other->integrity_key, ipsec->integrity_key, ipsec->integrity_key_length) == 0) {
            build_error(builder, builder->node_views[node], "ipsec-integrity-key", "\"%s\" has the same key",
                        builder->scenario->nodes[i].name);
            return;
        }
    }
}

static void check_ipsec(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_node *record = &builder->scenario->nodes[node];
    const struct scenario_ipsec *ipsec = &record->ipsec;
    unsigned encryption = encryption_key_length(ipsec->encryption);
    unsigned integrity = esp_integrity_key_length((enum esp_integrity)ipsec->integrity);
    if (ipsec->encryption_key_length && ipsec->encryption_key_length != encryption)
        build_error(builder, view, "ipsec-encryption-key", "the algorithm's key has %u octets, this one %u",
                    encryption, ipsec->encryption_key_length);
    if (ipsec->integrity_key_length && ipsec->integrity_key_length != integrity)
        build_error(builder, view, "ipsec-integrity-key", "the algorithm's key has %u octets, this one %u",
                    integrity, ipsec->integrity_key_length);
    if (ipsec->integrity_key_length && record->count > 1)
        build_error(builder, view, "ipsec-integrity-key",
                    "%u mobile nodes cannot have the same key (RFC 3776, 4.2); leave it out, and each gets its "
                    "own",
                    record->count);
    else if (ipsec->integrity_key_length)
        check_ipsec_key_is_own(builder, node);
}

static void check_mobile_node(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_node *record = &builder->scenario->nodes[node];
    if (record->home_link != SCENARIO_NONE && record->start_link != SCENARIO_NONE &&
        !builder->topology_broken) {
        const struct scenario_entry *entry = build_entry(view, "start");
        bool named = record->home_agent_node != SCENARIO_NONE;
        build_check_visitable(builder, view,
                              entry ? entry : build_entry(view, named ? "home-agent" : "home-link"),
                              record->start_link);
        if (!build_connected(builder, record->start_link, record->home_link))
            build_error_at(builder, view, entry, "no routers lead from \"%s\" to its home %s \"%s\"",
                           builder->scenario->links[record->start_link].name, named ? "agent" : "link",
                           named ? builder->scenario->nodes[record->home_agent_node].name
                                 : builder->scenario->links[record->home_link].name);
    }
}

static void count_all(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    uint64_t nodes = 0, links = 0;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        scenario->nodes[i].first = (uint32_t)MIN(nodes, UINT32_MAX);
        nodes += scenario->nodes[i].count;
        if (nodes > TOTAL_MAX && nodes - scenario->nodes[i].count <= TOTAL_MAX)
            build_error(builder, builder->node_views[i], "count",
                        "with these the scenario has more than %d nodes", TOTAL_MAX);
    }
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        links += scenario->links[i].count;
        if (links > TOTAL_MAX && links - scenario->links[i].count <= TOTAL_MAX)
            build_error(builder, builder->link_views[i], NULL,
                        "with these the scenario has more than %d links", TOTAL_MAX);
    }
    scenario->node_total = (uint32_t)MIN(nodes, UINT32_MAX);
    scenario->link_total = (uint32_t)MIN(links, UINT32_MAX);
}

void build_topology(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    unsigned told = scenario_messages_told(builder->messages);
    register_names(builder);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        attach_to_lans(builder, i);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        finish_direction(&scenario->links[i].forward);
        finish_direction(&scenario->links[i].backward);
        if (scenario->links[i].kind == SCENARIO_POINT_TO_POINT)
            join_ends(builder, i);
        else
            finish_lan(builder, i);
    }
    for (uint32_t i = 0; i < scenario->node_count; i++)
        check_interfaces(builder, i);
    builder->topology_broken |= scenario_messages_told(builder->messages) != told;
    assign_prefixes(builder);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (scenario->nodes[i].kind == SCENARIO_HOME_AGENT)
            find_home_link_of_agent(builder, i);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (scenario->nodes[i].kind == SCENARIO_MOBILE_NODE)
            find_home_of_mobile_node(builder, i);
    assign_addresses(builder);
    finish_home_agents(builder);
    find_components(builder);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        if (scenario->nodes[i].kind != SCENARIO_MOBILE_NODE)
            continue;
        find_start_of_mobile_node(builder, i);
        check_mobile_node(builder, i);
        check_ipsec(builder, i);
    }
    count_all(builder);
}
