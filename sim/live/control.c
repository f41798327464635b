/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.c - see control.h.
 */
#include "sim/live/control.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/format/json_text.h"
#include "sim/live/orders.h"
#include "sim/live/show.h"
#include "sim/network/capture.h"

struct client {
    struct live_watch watch;
    struct control *control;
    GString *received; /* no whole line */
    GString *waiting;  /* to be sent */
    uint64_t heard;    /* the control's count of what it has heard, when this one was heard last */
    struct client *next;
};

struct control {
    struct live_watch watch;
    struct live *live;
    struct simulation *simulation;
    const struct scenario_source *source;
    struct scenario_orders *orders; /* borrowed */
    control_ordered *ordered;
    void *context;
    struct client *clients;
    unsigned client_count;
    uint64_t heard;
    char *path;
};

const char control_help[] =
    "Mobile nodes, nodes, links: the timeline's verbs, as VERB NAME ..., as NAME VERB ..., or as the line\n"
    "NAME = ... of a section [at]\n"
    "  attach NODE LAN [keep TIME]       attach mn visited2\n"
    "  detach NODE                       detach mn\n"
    "  reboot NODE [for TIME] [without-storage]    reboot cn for 2s\n"
    "  down NODE [for TIME], up NODE     a stationary node's interfaces\n"
    "  link LINK down [for TIME], up     link core-ha down for 500ms\n"
    "  link LINK PARAMETER VALUE [for TIME], ...   link core delay 50ms, loss 1% for 10s\n"
    "\n"
    "Parameters: whatever mip6sim keys marks with [at]\n"
    "  set SECTION / KEY = VALUE         set lan home / router-lifetime = 60s\n"
    "                                    set home-agent ha / home-agent-preference = 7\n"
    "                                    set correspondent-node cn / unsafe = no-sequence-check\n"
    "                                    set peers mn cn / lifetime = 60s\n"
    "\n"
    "Routers\n"
    "  prefix LAN PREFIX [valid TIME] [preferred TIME] [on-link yes|no] [autonomous yes|no]\n"
    "                                    prefix visited 2001:db8:22::/64 valid 600s preferred 300s\n"
    "  deprecate LAN PREFIX [valid TIME], withdraw LAN PREFIX\n"
    "  silent, cease, advertise ROUTER [LAN]       cease ar visited\n"
    "\n"
    "Addresses and routes of stationary nodes\n"
    "  add NODE address ADDRESS [on LAN], remove NODE address ADDRESS\n"
    "                                    add cn address 2001:db8:3::77\n"
    "  add NODE route PREFIX via ADDRESS [on LINK], remove NODE route PREFIX\n"
    "                                    add fr route 2001:db8:99::/64 via 2001:db8:3::77\n"
    "  add NODE default-router ADDRESS [on LINK], remove NODE default-router\n"
    "\n"
    "Keys\n"
    "  rekey MOBILE-NODE CORRESPONDENT [KCN] [home-nonce HEX] [care-of-nonce HEX]    a static key\n"
    "  ipsec MOBILE-NODE rekey [ALGORITHM ...] [spi N] [encryption-key HEX] [integrity-key HEX]\n"
    "      [sa1|sa2|sa3|sa4 [spi N] [encryption-key HEX] [integrity-key HEX] ...]\n"
    "                                    ipsec mn rekey 3des-cbc hmac-sha1-96 sa1 spi 0x111 sa2 spi 0x112\n"
    "  ipsec MOBILE-NODE off, on         security associations with its home agents, at both ends\n"
    "\n"
    "Faults\n"
    "  drop, duplicate, corrupt LINK [N | the Nth | every N | all] MESSAGE [from NODE] [to NODE]\n"
    "      [probability P] [for TIME]    drop home 2 HoT; corrupt core all BU from mn for 5s\n"
    "  hold-back LINK TIME [N] MESSAGE ...         hold-back core 300ms the 2nd BA\n"
    "  mend LINK                         all faults of the link are over\n"
    "  fault NAME off, on                one of a section [fault NAME]\n"
    "\n"
    "Looking, and the run\n"
    "  show bindings, neighbours, nonces, addresses, routes, associations, advertisements, prefixes,\n"
    "      nodes, links, faults          each a table; with --json an array of objects, whose values are\n"
    "      numbers (times in seconds), true, false, texts, and null for nothing, and for ever\n"
    "  show taps, show lag               what goes through TAPs; how late it wakes: as told at the end\n"
    "  capture start LINK FILE, capture stop LINK  capture start home /tmp/home.pcap\n"
    "  help, help WORD                   this; the lines with a word\n"
    "  stop                              end the run, and write the results\n";

/* -- commands -- */

static bool refuse(GString *answer, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(GString *answer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(answer, format, arguments);
    va_end(arguments);
    g_string_append_c(answer, '\n');
    return false;
}

/* Text behind the first word, blanks passed over. */
static const char *rest_of(const char *text)
{
    text += strcspn(text, " \t");
    return text + strspn(text, " \t");
}

static char *word_of(const char *text)
{
    return g_strndup(text, strcspn(text, " \t"));
}

static bool order(struct control *control, const char *key, const char *value, GString *answer)
{
    char *complaint;
    const struct scenario_order *given =
        orders_give(control->orders, control->simulation, key, value, &complaint);
    if (!given) {
        refuse(answer, "%s", complaint);
        g_free(complaint);
        return false;
    }
    if (control->ordered)
        control->ordered(control->context, network_now(control->simulation->network), key, value, given);
    live_settle(control->live);
    return true;
}

static bool set(struct control *control, const char *setting, GString *answer)
{
    char *key, *value, *complaint;
    if (!scenario_order_of_setting(control->source, setting, &key, &value, &complaint)) {
        refuse(answer, "%s", complaint);
        g_free(complaint);
        return false;
    }
    bool good = order(control, key, value, answer);
    g_free(key);
    g_free(value);
    return good;
}

static bool show(struct control *control, const char *what, bool json, GString *answer)
{
    char *topic = word_of(what);
    bool good = show_append(control->live, control->simulation, topic, json, answer);
    if (!good) {
        char *all = g_strjoinv(", ", (char **)show_topics);
        const char *meant = scenario_probably_meant(topic, show_topics);
        if (!*topic)
            refuse(answer, "show what? One of %s", all);
        else
            refuse(answer, "show what? \"%s\" is not one of %s%s%s%s", topic, all,
                   meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
        g_free(all);
    }
    g_free(topic);
    return good;
}

/* The name of the link that is being captured into the file; NULL: none is. */
static const char *link_captured_into(const struct simulation *simulation, const char *path)
{
    for (uint32_t i = 0; i < simulation->network->link_count; i++) {
        const struct link *link = &simulation->network->links[i];
        if (link->capture && strcmp(capture_path(link->capture), path) == 0)
            return simulation->scenario->links[link->group].name;
    }
    return NULL;
}

/* start LINK FILE, stop LINK */
static bool capture(struct control *control, const char *what, GString *answer)
{
    static const char form[] = "expected capture start LINK FILE, or capture stop LINK";
    const struct scenario *scenario = control->simulation->scenario;
    bool start = strcmp(what, "start") == 0 || g_str_has_prefix(what, "start ");
    if (!start && strcmp(what, "stop") != 0 && !g_str_has_prefix(what, "stop "))
        return refuse(answer, "%s", form);
    char *name = word_of(rest_of(what));
    const char *path = rest_of(rest_of(what));
    uint32_t found = SCENARIO_NONE;
    for (uint32_t i = 0; i < scenario->link_count; i++)
        if (strcmp(scenario->links[i].name, name) == 0)
            found = i;
    struct link *link = found == SCENARIO_NONE ? NULL : simulation_link(control->simulation, found, 0);
    GError *error = NULL;
    bool good = false;
    if (!*name || (start && !*path)) {
        refuse(answer, "%s", form);
    } else if (!link || scenario->links[found].count > 1) {
        refuse(answer, link ? "\"%s\" are many links" : "there is no link \"%s\"", name);
    } else if (start == (link->capture != NULL)) {
        refuse(answer, start ? "\"%s\" is being captured" : "\"%s\" is not being captured", name);
    } else if (start && link_captured_into(control->simulation, path)) {
        refuse(answer, "\"%s\" is being captured into %s", link_captured_into(control->simulation, path),
               path);
    } else if (start) {
        link->capture = capture_open(path, link->kind == LINK_LAN, &error);
        good = link->capture != NULL;
    } else {
        good = capture_finish(g_steal_pointer(&link->capture), &error);
    }
    if (error) {
        refuse(answer, "%s", error->message);
        g_error_free(error);
    }
    g_free(name);
    return good;
}

/* The name of the scenario's link or node, or of one of a group. */
static bool is_name(const struct scenario *scenario, const char *word)
{
    for (uint32_t i = 0; i < scenario->link_count; i++)
        if (strcmp(scenario->links[i].name, word) == 0)
            return true;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        size_t length = strlen(scenario->nodes[i].name);
        if (strncmp(scenario->nodes[i].name, word, length) == 0 && (!word[length] || word[length] == '-'))
            return true;
    }
    return false;
}

/* What is no order, and those that are: VERB NAME REST. */
static const char *const own_verbs[] = {"set", "show", "capture", "stop", "help", NULL};
static const char *const verbs[] = {
    "attach",    "detach",  "reboot",    "down",     "up",   "silent",  "cease", "advertise", "rekey", "link",
    "node",      "prefix",  "deprecate", "withdraw", "add",  "remove",  "ipsec", "drop",      "fault", "mend",
    "duplicate", "corrupt", "hold-back", "set",      "show", "capture", "stop",  "help",      NULL};

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

/* VERB NAME REST as the timeline has it: NAME = VERB REST. */
static bool order_by_verb(struct control *control, const char *verb, const char *rest, GString *answer)
{
    bool rekey = strcmp(verb, "rekey") == 0, fault = strcmp(verb, "fault") == 0;
    bool bare = fault || strcmp(verb, "link") == 0 || strcmp(verb, "node") == 0;
    char *first = word_of(rest), *second = rekey ? word_of(rest_of(rest)) : g_strdup("");
    const char *behind = rekey ? rest_of(rest_of(rest)) : rest_of(rest);
    char *key = rekey   ? g_strconcat(first, " ", second, NULL)
                : fault ? g_strconcat("fault ", first, NULL)
                        : g_strdup(first);
    char *value = bare ? g_strdup(behind) : g_strstrip(g_strconcat(verb, " ", behind, NULL));
    bool good = *first && (!rekey || *second);
    if (!good)
        refuse(answer, "%s whom? See help %s", verb, verb);
    else
        good = order(control, key, value, answer);
    g_free(first);
    g_free(second);
    g_free(key);
    g_free(value);
    return good;
}

/* All of it, or the lines that have the word. */
static bool help(const char *word, GString *answer)
{
    char **lines = g_strsplit(control_help, "\n", -1);
    gsize before = answer->len;
    for (char **line = lines; *line; line++)
        if ((!*word && line[1]) || (*word && strstr(*line, word)))
            g_string_append_printf(answer, "%s\n", *line);
    g_strfreev(lines);
    if (answer->len > before)
        return true;
    const char *meant = scenario_probably_meant(word, verbs);
    return refuse(answer, "there is no help on \"%s\"%s%s%s", word, meant ? "; did you mean " : " (see help)",
                  meant ? meant : "", meant ? "?" : "");
}

static bool obey_own(struct control *control, const char *word, const char *rest, bool json, GString *answer)
{
    if (strcmp(word, "show") == 0)
        return show(control, rest, json, answer);
    if (strcmp(word, "set") == 0)
        return set(control, rest, answer);
    if (strcmp(word, "capture") == 0)
        return capture(control, rest, answer);
    if (strcmp(word, "help") == 0)
        return help(rest, answer);
    if (*rest)
        return refuse(answer, "\"%s\" after stop", rest);
    live_stop(control->live);
    return true;
}

/* NAME = VALUE. */
static bool obey_line(struct control *control, const char *command, const char *equals, GString *answer)
{
    char *left = g_strndup(command, (gsize)(equals - command));
    char **words = g_strsplit_set(g_strstrip(left), " \t", -1);
    char *key = g_strjoinv(" ", words);
    char *value = g_strstrip(g_strdup(equals + 1));
    bool good =
        *key ? order(control, key, value, answer) : refuse(answer, "there is nothing before the \"=\"");
    g_strfreev(words);
    g_free(left);
    g_free(key);
    g_free(value);
    return good;
}

static bool obey(struct control *control, const char *command, bool json, GString *answer)
{
    const char *equals = strchr(command, '='), *rest = rest_of(command);
    char *word = word_of(command);
    bool good;
    if (!*command) {
        good = refuse(answer, "nothing is said (see help)");
    } else if (is_one_of(word, own_verbs)) {
        good = obey_own(control, word, rest, json, answer);
    } else if (equals && memchr(command, '/', (size_t)(equals - command))) {
        good = set(control, command, answer); /* as a file or --set says it */
    } else if (equals) {
        good = obey_line(control, command, equals, answer);
    } else if (is_one_of(word, verbs)) {
        good = order_by_verb(control, word, rest, answer);
    } else if (is_name(control->simulation->scenario, word)) {
        good = *rest ? order(control, word, rest, answer) : refuse(answer, "%s: what? (see help)", word);
    } else {
        const char *meant = scenario_probably_meant(word, verbs);
        good = refuse(answer, "%s: there is no such command%s%s%s", command,
                      meant ? "; did you mean " : " (see help)", meant ? meant : "", meant ? "?" : "");
    }
    g_free(word);
    return good;
}

/* Appends the answer. True: it was right. */
static bool answer_command(struct control *control, const char *command, bool json, GString *answer)
{
    char *clean = g_strstrip(g_strdup(command));
    GString *text = g_string_new(NULL);
    bool valid = g_utf8_validate(clean, -1, NULL);
    bool good = valid ? obey(control, clean, json, text) : refuse(text, "this is not UTF-8 text");
    bool is_json = json && good && g_str_has_prefix(clean, "show");
    if (!json || is_json) {
        g_string_append(answer, text->str);
    } else {
        if (text->len && text->str[text->len - 1] == '\n')
            g_string_truncate(text, text->len - 1);
        g_string_append(answer, good ? "{\"ok\": true, \"text\": " : "{\"ok\": false, \"error\": ");
        json_append_text(answer, text->str);
        g_string_append(answer, "}\n");
    }
    g_string_free(text, TRUE);
    g_free(clean);
    return good;
}

/* -- clients -- */

static void client_free(struct client *client)
{
    struct control *control = client->control;
    struct client **at = &control->clients;
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    control->client_count--;
    live_unwatch(control->live, &client->watch);
    close(client->watch.descriptor);
    g_string_free(client->received, TRUE);
    g_string_free(client->waiting, TRUE);
    g_free(client);
}

/* False: the client has gone. */
static bool client_send(struct client *client)
{
    while (client->waiting->len) {
        ssize_t sent = send(client->watch.descriptor, client->waiting->str, client->waiting->len,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (sent < 0 && errno == EAGAIN)
            break;
        if (sent > 0)
            g_string_erase(client->waiting, 0, sent);
    }
    live_watch_for(client->control->live, &client->watch, EPOLLIN | (client->waiting->len ? EPOLLOUT : 0u));
    return true;
}

static void answer_line(struct client *client, const char *line)
{
    GString *answer = g_string_new(NULL);
    bool json = g_str_has_prefix(line, "json ");
    bool known = json || g_str_has_prefix(line, "text ");
    bool good = known ? answer_command(client->control, line + strlen("json "), json, answer)
                      : refuse(answer, "expected \"text COMMAND\" or \"json COMMAND\"");
    g_string_append_printf(client->waiting, "%s %" G_GSIZE_FORMAT "\n", good ? "ok" : "error", answer->len);
    g_string_append_len(client->waiting, answer->str, (gssize)answer->len);
    g_string_free(answer, TRUE);
}

/* False: the client has gone, or goes too far. */
static bool client_receive(struct client *client)
{
    char octets[CONTROL_LINE_MAX];
    ssize_t length = recv(client->watch.descriptor, octets, sizeof octets, MSG_DONTWAIT);
    if (length <= 0)
        return length < 0 && (errno == EAGAIN || errno == EINTR);
    if (memchr(octets, '\0', (size_t)length))
        return false;
    g_string_append_len(client->received, octets, length);
    for (char *end; (end = strchr(client->received->str, '\n'));) {
        if (client->waiting->len > CONTROL_WAITING_MAX)
            return false;
        *end = '\0';
        answer_line(client, client->received->str);
        g_string_erase(client->received, 0, end + 1 - client->received->str);
    }
    return client->received->len <= CONTROL_LINE_MAX;
}

static void client_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct client *client = (struct client *)(void *)watch;
    client->heard = ++client->control->heard;
    live_advance(live);
    bool good = !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || client_receive(client);
    if (!good || !client_send(client))
        client_free(client);
}

/* Who has been silent for longest makes room for somebody new: nobody can shut the others out by hanging. */
static void dismiss_one(struct control *control)
{
    struct client *longest = control->clients;
    for (struct client *client = control->clients; client; client = client->next)
        if (client->heard < longest->heard)
            longest = client;
    client_free(longest);
}

static void control_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct control *control = (struct control *)(void *)watch;
    (void)events;
    int descriptor = accept4(watch->descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
        return;
    if (control->client_count >= CONTROL_CLIENTS_MAX)
        dismiss_one(control);
    struct client *client = g_new0(struct client, 1);
    client->control = control;
    client->heard = ++control->heard;
    client->received = g_string_new(NULL);
    client->waiting = g_string_new(NULL);
    client->next = control->clients;
    control->clients = client;
    control->client_count++;
    if (!live_watch(live, &client->watch, descriptor, client_ready, NULL))
        client_free(client);
}

/* -- life -- */

/* Is somebody there? If not, what a dead process has left is removed. */
static bool make_room(const char *path, const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return true;
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return false;
    }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool refused =
        connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    close(descriptor);
    if (!refused) {
        errno = EADDRINUSE;
        return false;
    }
    return unlink(path) == 0;
}

static const char *hint_of(int why)
{
    return why == EADDRINUSE ? "; another program listens"
           : why == EEXIST   ? "; it is no socket, and is left alone"
                             : "";
}

bool control_check_path(const char *path, GError **error)
{
    size_t most = sizeof((struct sockaddr_un *)0)->sun_path - 1;
    if (*path && strlen(path) <= most)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG,
                "\"%s\": the name of a socket has 1 to %zu octets", path, most);
    return false;
}

struct control *control_new(struct live *live, const char *path, struct simulation *simulation,
                            const struct scenario_source *source, struct scenario_orders *orders,
                            control_ordered *ordered, void *context, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!control_check_path(path, error))
        return NULL;
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int descriptor = -1;
    if (!make_room(path, &address) ||
        (descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) < 0 ||
        bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(descriptor, CONTROL_CLIENTS_MAX) != 0) {
        int why = errno;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(why), "%s: cannot listen there: %s%s",
                    path, g_strerror(why), hint_of(why));
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    struct control *control = g_new0(struct control, 1);
    *control = (struct control){
        .live = live,
        .simulation = simulation,
        .source = source,
        .orders = orders,
        .path = g_strdup(path),
        .ordered = ordered,
        .context = context,
    };
    if (live_watch(live, &control->watch, descriptor, control_ready, error))
        return control;
    control->watch.descriptor = descriptor;
    control_free(control);
    return NULL;
}

void control_free(struct control *control)
{
    if (!control)
        return;
    while (control->clients) {
        client_send(control->clients); /* what it still can take */
        client_free(control->clients);
    }
    close(control->watch.descriptor);
    unlink(control->path);
    g_free(control->path);
    g_free(control);
}
