/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * security.c - see security.h (RFC 3776, 4.1: security associations are configured by hand, out of band).
 *
 * A mobile node has associations for each home address, with each home agent that it may find, and for each
 * prefix that the home link is going to have, since home address and home agent's address change with it (RFC
 * 3776, 4.2): the operator has thought of everything before. Mostly there is one of each.
 *
 * Each association has its own number and, unless the scenario gives keys, its own keys. They are drawn from
 * a stream of the mobile node's, so nothing has to be kept: the file of keys is made from the same draws
 * again.
 *
 * Wireshark's file has a line for each association. Its addresses are asterisks: it compares them with the
 * IPv6 header's, where care-of addresses come and go, and the numbers are unique in a simulation anyway.
 *
 * The timeline may put others in their place, with numbers that nobody has had, or take them away, always at
 * both ends at once (RFC 4301, 4.4.2: keying by hand has no protocol). What is under way under the old ones
 * is lost. A prefix that nobody had thought of gets associations when the link gets it.
 */
#include "sim/network/security.h"

#include <string.h>

#include "models/base/cursor.h"
#include "models/ipsec/ipsec.h"

#define FIRST_SPI 0x1000u

static const struct {
    enum esp_encryption encryption;
    uint8_t key_length;
    const char *wireshark;
} encryptions[] = {
    [SCENARIO_AES_CBC] = {ESP_AES_CBC, 16, "AES-CBC [RFC3602]"},
    [SCENARIO_AES_CBC_256] = {ESP_AES_CBC, 32, "AES-CBC [RFC3602]"},
    [SCENARIO_3DES_CBC] = {ESP_3DES_CBC, 24, "TripleDES-CBC [RFC2451]"},
    [SCENARIO_NULL_ENCRYPTION] = {ESP_NULL, 0, "NULL"},
};

static const char *const integrities[] = {
    [ESP_HMAC_SHA1_96] = "HMAC-SHA-1-96 [RFC2404]",
    [ESP_HMAC_SHA_256_128] = "HMAC-SHA-256-128 [RFC4868]",
};

/* -- with whom, under which prefix -- */

/* What every mobile node of a group has associations for. */
struct relation {
    struct scenario_home home;
    uint32_t home_agent; /* scenario node */
    struct ipv6_address prefix;
};

static bool is_known(const GArray *prefixes, const struct ipv6_address *prefix)
{
    for (guint i = 0; i < prefixes->len; i++)
        if (ipv6_address_equal(&g_array_index(prefixes, struct ipv6_address, i), prefix))
            return true;
    return false;
}

/* The link's first prefix, and those that it gets. */
static GArray *prefixes_of(const struct scenario *scenario, uint32_t link)
{
    GArray *prefixes = g_array_new(FALSE, FALSE, sizeof(struct ipv6_address));
    g_array_append_val(prefixes, scenario->links[link].prefix);
    for (uint32_t i = 0; i < scenario->action_count; i++) {
        const struct scenario_action *action = &scenario->actions[i];
        if (action->verb == SCENARIO_PREFIX && action->link == link && !is_known(prefixes, &action->prefix))
            g_array_append_val(prefixes, action->prefix);
    }
    return prefixes;
}

static void add_relations(GArray *relations, const struct scenario *scenario, struct scenario_home home)
{
    GArray *prefixes = prefixes_of(scenario, home.home_link);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        for (guint j = 0; simulation_may_register(scenario, &home, i) && j < prefixes->len; j++) {
            struct relation relation = {home, i, g_array_index(prefixes, struct ipv6_address, j)};
            g_array_append_val(relations, relation);
        }
    }
    g_array_free(prefixes, TRUE);
}

/* A prefix that the link gets, which nobody had thought of: relations behind those that are there. */
static void add_prefix(GArray *relations, const struct scenario *scenario, struct scenario_home home,
                       uint32_t link, const struct ipv6_address *prefix)
{
    if (home.home_link != link)
        return;
    for (guint i = 0; i < relations->len; i++) {
        const struct relation *known = &g_array_index(relations, struct relation, i);
        if (known->home.number == home.number && ipv6_address_equal(&known->prefix, prefix))
            return;
    }
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        struct relation relation = {home, i, *prefix};
        if (simulation_may_register(scenario, &home, i))
            g_array_append_val(relations, relation);
    }
}

/* Of struct relation. The order never changes: numbers and keys go by it. */
static GArray *relations_of(const struct scenario *scenario, const struct scenario_node *from)
{
    GArray *relations = g_array_new(FALSE, FALSE, sizeof(struct relation));
    if (from->kind != SCENARIO_MOBILE_NODE || !from->ipsec.enabled)
        return relations;
    for (uint32_t i = 0; i < from->home_count; i++)
        add_relations(relations, scenario, scenario_home(scenario, from, i));
    return relations;
}

/* The same, kept as long as the simulation. */
static const GArray *known_relations(struct simulation *simulation, uint32_t group)
{
    const struct scenario *scenario = simulation->scenario;
    if (!simulation->relations)
        simulation->relations = g_new0(GArray *, scenario->node_count);
    if (!simulation->relations[group])
        simulation->relations[group] = relations_of(scenario, &scenario->nodes[group]);
    return simulation->relations[group];
}

/* -- given by the timeline -- */

#define GIVEN_SPI (SCENARIO_SPI_LARGE_MOST + 1)

/* What a mobile node and a home agent have in place of what they had. */
struct given {
    uint32_t mobile, number; /* whose, for which relation */
    struct ipsec_configuration configuration;
    uint8_t encryption; /* enum scenario_encryption */
};

struct given_associations {
    GPtrArray *given;   /* of struct given, as they came */
    GHashTable *by_spi; /* the latest struct given that has it */
    GHashTable *latest; /* of gint64 (mobile node, relation) -> struct given */
    GHashTable *off;    /* indices of mobile nodes that have none at present */
};

static struct given_associations *given_of(struct simulation *simulation)
{
    if (!simulation->associations) {
        simulation->associations = g_new0(struct given_associations, 1);
        simulation->associations->given = g_ptr_array_new_with_free_func(g_free);
        simulation->associations->latest = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        simulation->associations->off = g_hash_table_new(NULL, NULL);
        simulation->associations->by_spi = g_hash_table_new(NULL, NULL);
    }
    return simulation->associations;
}

static gint64 name_of(uint32_t mobile, uint32_t number)
{
    return (gint64)((uint64_t)number << 32 | mobile);
}

/* NULL: still as in the beginning. */
static const struct given *find_given(const struct simulation *simulation, uint32_t mobile, uint32_t number)
{
    gint64 name = name_of(mobile, number);
    return simulation->associations ? g_hash_table_lookup(simulation->associations->latest, &name) : NULL;
}

static bool is_off(const struct simulation *simulation, uint32_t mobile)
{
    return simulation->associations &&
           g_hash_table_contains(simulation->associations->off, GUINT_TO_POINTER(mobile));
}

void security_free(struct simulation *simulation)
{
    if (simulation->associations) {
        g_hash_table_destroy(simulation->associations->off);
        g_hash_table_destroy(simulation->associations->by_spi);
        g_hash_table_destroy(simulation->associations->latest);
        g_ptr_array_free(simulation->associations->given, TRUE);
        g_free(simulation->associations);
    }
    for (uint32_t i = 0; simulation->relations && i < simulation->scenario->node_count; i++)
        if (simulation->relations[i])
            g_array_free(simulation->relations[i], TRUE);
    g_free(simulation->relations);
}

static struct ipsec_configuration first_configuration_of(const struct simulation *simulation,
                                                         const struct scenario_node *from, uint32_t member,
                                                         const GArray *relations, uint32_t number)
{
    const struct scenario *scenario = simulation->scenario;
    const struct scenario_ipsec *ipsec = &from->ipsec;
    const struct relation *relation = &g_array_index(relations, struct relation, number);
    const struct ipv6_address home_address = scenario_home_member(&relation->home, member);
    struct ipsec_configuration configuration = {
        .engine = simulation->esp,
        .home_address = ipv6_address_join(&relation->prefix, &home_address),
        .home_agent =
            ipv6_address_join(&relation->prefix, &scenario->nodes[relation->home_agent].home_agent_address),
        .encryption = encryptions[ipsec->encryption].encryption,
        .integrity = (enum esp_integrity)ipsec->integrity,
        .encryption_key_length = encryptions[ipsec->encryption].key_length,
        .payload = ipsec->payload,
    };
    uint32_t index = from->first + member;
    struct random_stream stream;
    network_random_stream(simulation->network, index, NETWORK_RANDOM_IPSEC_KEY, &stream);
    stream.position += (uint64_t)number * ASSOCIATION_USES * (ESP_ENCRYPTION_KEY_MAX + ESP_INTEGRITY_KEY_MAX);
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        configuration.associations[i].spi =
            FIRST_SPI + ASSOCIATION_USES * (index + scenario->node_total * number) + i;
        random_octets(&stream, configuration.associations[i].encryption_key, ESP_ENCRYPTION_KEY_MAX);
        random_octets(&stream, configuration.associations[i].integrity_key, ESP_INTEGRITY_KEY_MAX);
        memcpy(configuration.associations[i].encryption_key, ipsec->encryption_key,
               ipsec->encryption_key_length);
        memcpy(configuration.associations[i].integrity_key, ipsec->integrity_key,
               ipsec->integrity_key_length);
    }
    return configuration;
}

/* As it is now. */
static struct ipsec_configuration configuration_of(const struct simulation *simulation,
                                                   const struct scenario_node *from, uint32_t member,
                                                   const GArray *relations, uint32_t number)
{
    const struct given *given = find_given(simulation, from->first + member, number);
    return given ? given->configuration : first_configuration_of(simulation, from, member, relations, number);
}

bool security_configuration(struct simulation *simulation, const struct network_node *mobile, uint32_t number,
                            struct ipsec_configuration *configuration)
{
    const GArray *relations = known_relations(simulation, mobile->group);
    if (number >= relations->len)
        return false;
    *configuration = configuration_of(simulation, &simulation->scenario->nodes[mobile->group], mobile->member,
                                      relations, number);
    return true;
}

const char *security_encryption_name(const struct ipsec_configuration *configuration)
{
    if (configuration->encryption == ESP_AES_CBC)
        return configuration->encryption_key_length == 32 ? "aes-cbc-256" : "aes-cbc";
    return configuration->encryption == ESP_3DES_CBC ? "3des-cbc" : "null";
}

bool security_is_off(const struct simulation *simulation, const struct network_node *mobile)
{
    return is_off(simulation, mobile->index);
}

/* -- at a node -- */

static int protect(struct simulation *simulation, struct network_node *node, enum ipsec_role role,
                   const struct scenario_node *mobile, uint32_t member, const GArray *relations,
                   uint32_t number)
{
    struct ipsec_configuration configuration =
        configuration_of(simulation, mobile, member, relations, number);
    configuration.role = role;
    return ipsec_protect(&node->node, &configuration);
}

/* A home agent's: with each mobile node that may register there. */
static int protect_home_agent(struct simulation *simulation, struct network_node *node)
{
    const struct scenario *scenario = simulation->scenario;
    int result = 0;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *mobile = &scenario->nodes[i];
        const GArray *relations = known_relations(simulation, i);
        for (uint32_t member = 0; relations->len > 0 && member < mobile->count; member++)
            for (uint32_t number = 0; result == 0 && number < relations->len; number++)
                if (g_array_index(relations, struct relation, number).home_agent == node->group &&
                    !is_off(simulation, mobile->first + member))
                    result = protect(simulation, node, IPSEC_HOME_AGENT, mobile, member, relations, number);
    }
    return result;
}

int security_protect_node(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    if (from->kind == SCENARIO_HOME_AGENT)
        return protect_home_agent(simulation, node);
    const GArray *relations = known_relations(simulation, node->group);
    int result = 0;
    for (uint32_t number = 0; result == 0 && number < relations->len && !is_off(simulation, node->index);
         number++)
        result = protect(simulation, node, IPSEC_MOBILE_NODE, from, node->member, relations, number);
    return result;
}

int security_protect(struct simulation *simulation)
{
    int result = 0;
    for (uint32_t i = 0; i < simulation->scenario->node_count; i++)
        if (known_relations(simulation, i)->len > 0 && !simulation->esp)
            simulation->esp = esp_engine_new();
    for (uint32_t i = 0; result == 0 && i < simulation->network->node_count; i++)
        result = security_protect_node(simulation, &simulation->network->nodes[i]);
    return result;
}

/* -- as time goes by -- */

/* The home agent's node that a relation is about. */
static struct network_node *agent_of(const struct simulation *simulation, const struct relation *relation)
{
    return simulation_node(simulation, relation->home_agent, 0);
}

/* At both ends. */
static void unprotect_pair(struct simulation *simulation, struct network_node *mobile, uint32_t number)
{
    struct ipsec_configuration configuration;
    if (!security_configuration(simulation, mobile, number, &configuration))
        return;
    const GArray *relations = known_relations(simulation, mobile->group);
    struct network_node *agent = agent_of(simulation, &g_array_index(relations, struct relation, number));
    (void)ipsec_unprotect(&mobile->node, &configuration.home_address, &configuration.home_agent,
                          IPSEC_MOBILE_NODE);
    (void)ipsec_unprotect(&agent->node, &configuration.home_address, &configuration.home_agent,
                          IPSEC_HOME_AGENT);
}

static void protect_pair(struct simulation *simulation, struct network_node *mobile, uint32_t number)
{
    const struct scenario_node *from = &simulation->scenario->nodes[mobile->group];
    const GArray *relations = known_relations(simulation, mobile->group);
    struct network_node *agent = agent_of(simulation, &g_array_index(relations, struct relation, number));
    int result = protect(simulation, mobile, IPSEC_MOBILE_NODE, from, mobile->member, relations, number);
    if (result == 0)
        result = protect(simulation, agent, IPSEC_HOME_AGENT, from, mobile->member, relations, number);
    if (result != 0)
        g_error("new security associations are refused (error %d)", result);
}

/* One association is new: a number, if that is not given, and keys, where they are not, drawn. */
static void give_one(struct ipsec_configuration *configuration, unsigned use, uint32_t spi,
                     const struct scenario_esp_association *given, struct random_stream *stream)
{
    uint8_t *encryption_key = configuration->associations[use].encryption_key;
    uint8_t *integrity_key = configuration->associations[use].integrity_key;
    configuration->associations[use].spi = spi;
    random_octets(stream, encryption_key, ESP_ENCRYPTION_KEY_MAX);
    random_octets(stream, integrity_key, ESP_INTEGRITY_KEY_MAX);
    memcpy(encryption_key, given->encryption_key, given->encryption_key_length);
    memcpy(integrity_key, given->integrity_key, given->integrity_key_length);
}

/* Indices that are given are of the first home address and home agent: others have their own. */
static void give(struct simulation *simulation, const struct network_node *mobile, uint32_t number,
                 const struct scenario_esp *esp)
{
    struct given_associations *associations = given_of(simulation);
    const struct scenario_node *from = &simulation->scenario->nodes[mobile->group];
    struct given *given = g_new0(struct given, 1);
    gint64 name = name_of(mobile->index, number);
    uint32_t block = associations->given->len;
    struct random_stream stream;
    given->mobile = mobile->index;
    given->number = number;
    given->configuration = configuration_of(simulation, from, mobile->member,
                                            known_relations(simulation, mobile->group), number);
    given->encryption = esp->has_encryption ? esp->encryption : from->ipsec.encryption;
    given->configuration.encryption = encryptions[given->encryption].encryption;
    given->configuration.encryption_key_length = encryptions[given->encryption].key_length;
    given->configuration.integrity =
        (enum esp_integrity)(esp->has_integrity ? esp->integrity : from->ipsec.integrity);
    network_random_stream(simulation->network, mobile->index, NETWORK_RANDOM_IPSEC_REKEY, &stream);
    stream.position += (uint64_t)block * ASSOCIATION_USES * (ESP_ENCRYPTION_KEY_MAX + ESP_INTEGRITY_KEY_MAX);
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        uint32_t spi =
            number == 0 && esp->each[i].spi ? esp->each[i].spi : GIVEN_SPI + ASSOCIATION_USES * block + i;
        if (esp->uses & 1u << i)
            give_one(&given->configuration, i, spi, &esp->each[i], &stream);
        g_hash_table_insert(associations->by_spi, GUINT_TO_POINTER(given->configuration.associations[i].spi),
                            given);
    }
    g_ptr_array_add(associations->given, given);
    g_hash_table_replace(associations->latest, g_memdup2(&name, sizeof name), given);
}

void security_change(struct simulation *simulation, struct network_node *mobile,
                     const struct scenario_action *action)
{
    struct given_associations *associations = given_of(simulation);
    uint32_t count = known_relations(simulation, mobile->group)->len;
    gpointer index = GUINT_TO_POINTER(mobile->index);
    bool was_off = is_off(simulation, mobile->index);
    for (uint32_t number = 0; number < count; number++)
        unprotect_pair(simulation, mobile, number);
    if (action->verb == SCENARIO_IPSEC_OFF)
        g_hash_table_add(associations->off, index);
    else if (action->verb == SCENARIO_IPSEC_ON)
        g_hash_table_remove(associations->off, index);
    if (action->verb == SCENARIO_IPSEC_ON && !was_off && count > 0)
        action = NULL; /* nothing has been taken away: they are what they were */
    for (uint32_t number = 0; number < count; number++) {
        if (action && action->verb == SCENARIO_IPSEC_REKEY)
            give(simulation, mobile, number, action->esp);
        if (!is_off(simulation, mobile->index))
            protect_pair(simulation, mobile, number);
    }
    network_node_settle(mobile);
}

void security_add_prefix(struct simulation *simulation, uint32_t link, const struct ipv6_address *prefix)
{
    const struct scenario *scenario = simulation->scenario;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *from = &scenario->nodes[i];
        if (from->kind != SCENARIO_MOBILE_NODE || !from->ipsec.enabled)
            continue;
        GArray *relations = simulation->relations[i];
        guint before = relations->len;
        for (uint32_t h = 0; h < from->home_count; h++)
            add_prefix(relations, scenario, scenario_home(scenario, from, h), link, prefix);
        for (uint32_t member = 0; member < from->count; member++)
            for (uint32_t number = before; number < relations->len; number++)
                if (!is_off(simulation, from->first + member))
                    protect_pair(simulation, simulation_node(simulation, i, member), number);
    }
}

/* -- for those who watch -- */

/* The mobile node with this index. */
static const struct scenario_node *node_with(const struct scenario *scenario, uint32_t index)
{
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (index - scenario->nodes[i].first < scenario->nodes[i].count)
            return &scenario->nodes[i];
    return NULL;
}

/* Those that others have taken the place of as well: what is under way may have been sent under them. */
static bool find_by_spi(struct simulation *simulation, uint32_t spi,
                        struct ipsec_configuration *configuration, uint32_t *use)
{
    const struct scenario *scenario = simulation->scenario;
    const struct given *given =
        simulation->associations
            ? g_hash_table_lookup(simulation->associations->by_spi, GUINT_TO_POINTER(spi))
            : NULL;
    if (given) {
        *configuration = given->configuration;
        for (*use = 0; configuration->associations[*use].spi != spi; ++*use)
            continue;
        return true;
    }
    uint32_t name = (spi - FIRST_SPI) / ASSOCIATION_USES;
    *use = (spi - FIRST_SPI) % ASSOCIATION_USES;
    uint32_t index = name % scenario->node_total, number = name / scenario->node_total;
    const struct scenario_node *from = node_with(scenario, index);
    const GArray *relations = known_relations(simulation, (uint32_t)(from - scenario->nodes));
    if (spi < FIRST_SPI || number >= relations->len)
        return false;
    *configuration = first_configuration_of(simulation, from, index - from->first, relations, number);
    return true;
}

bool security_open(struct simulation *simulation, const uint8_t *esp, size_t length, uint8_t *payload,
                   size_t *payload_length, uint8_t *next_header)
{
    struct cursor c = cursor_over(esp, length);
    uint32_t spi = cursor_get32(&c);
    if (c.failed || !simulation->esp)
        return false;
    struct ipsec_configuration configuration;
    uint32_t use;
    if (!find_by_spi(simulation, spi, &configuration, &use))
        return false;
    unsigned integrity_length = esp_integrity_key_length(configuration.integrity);
    uint8_t keys[ESP_ENCRYPTION_KEY_MAX + ESP_INTEGRITY_KEY_MAX];
    memcpy(keys, configuration.associations[use].encryption_key, configuration.encryption_key_length);
    memcpy(keys + configuration.encryption_key_length, configuration.associations[use].integrity_key,
           integrity_length);
    struct security_association association = {
        .keys = keys,
        .spi = spi,
        .encryption = (uint8_t)configuration.encryption,
        .encryption_key_length = configuration.encryption_key_length,
        .integrity = (uint8_t)configuration.integrity,
        .inbound = true,
    };
    return esp_decapsulate(simulation->esp, &association, esp, length, payload, payload_length,
                           next_header) == DISCARD_NONE;
}

/* -- for Wireshark -- */

static void append_key(GString *text, const char *algorithm, const uint8_t *key, unsigned length)
{
    g_string_append_printf(text, ",\"%s\",\"%s", algorithm, length ? "0x" : "");
    for (unsigned i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", key[i]);
    g_string_append_c(text, '"');
}

static void append_associations(GString *text, const struct ipsec_configuration *configuration,
                                unsigned encryption)
{
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        g_string_append_printf(text, "\"IPv6\",\"*\",\"*\",\"0x%08x\"", configuration->associations[i].spi);
        append_key(text, encryptions[encryption].wireshark, configuration->associations[i].encryption_key,
                   configuration->encryption_key_length);
        append_key(text, integrities[configuration->integrity], configuration->associations[i].integrity_key,
                   esp_integrity_key_length(configuration->integrity));
        g_string_append_c(text, '\n');
    }
}

static void append_group(GString *text, struct simulation *simulation, uint32_t group)
{
    const struct scenario_node *from = &simulation->scenario->nodes[group];
    const GArray *relations = known_relations(simulation, group);
    for (uint32_t member = 0; member < from->count; member++) {
        for (uint32_t number = 0; number < relations->len; number++) {
            struct ipsec_configuration configuration =
                first_configuration_of(simulation, from, member, relations, number);
            append_associations(text, &configuration, from->ipsec.encryption);
        }
    }
}

bool security_write_keys(struct simulation *simulation, const char *directory, GError **error)
{
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < simulation->scenario->node_count; i++)
        append_group(text, simulation, i);
    for (guint i = 0; simulation->associations && i < simulation->associations->given->len; i++) {
        const struct given *given = g_ptr_array_index(simulation->associations->given, i);
        append_associations(text, &given->configuration, given->encryption);
    }
    char *path = g_build_filename(directory, "esp_sa", NULL);
    bool good = text->len == 0 || g_file_set_contents(path, text->str, (gssize)text->len, error);
    g_free(path);
    g_string_free(text, TRUE);
    return good;
}
