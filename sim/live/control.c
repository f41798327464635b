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
#include "sim/live/show.h"
#include "sim/network/capture.h"
#include "sim/scenario/order.h"

struct client {
    struct live_watch watch;
    struct control *control;
    GString *received; /* no whole line */
    GString *waiting;  /* to be sent */
    struct client *next;
};

struct control {
    struct live_watch watch;
    struct live *live;
    struct simulation *simulation;
    const struct scenario_source *source;
    const struct scenario_setting *settings;
    unsigned setting_count;
    GPtrArray *orders; /* borrowed */
    control_ordered *ordered;
    void *context;
    struct client *clients;
    unsigned client_count;
    char *path;
};

const char control_help[] =
    "attach NODE LAN [keep TIME]     move a mobile node\n"
    "detach NODE                     a mobile node leaves its link\n"
    "reboot NODE [for TIME] [without-storage]\n"
    "down NODE [for TIME], up NODE   a node's interfaces\n"
    "silent|cease|advertise NODE [LAN]\n"
    "rekey MOBILE-NODE CORRESPONDENT [KCN] ...\n"
    "link LINK down|up|PARAMETER VALUE [for TIME]|prefix ...|deprecate ...\n"
    "NAME = ...                      as in a section [at] of a scenario\n"
    "set SECTION / KEY = VALUE       a link's parameter\n"
    "show bindings|neighbours|nonces|addresses|links\n"
    "capture start LINK FILE, capture stop LINK\n"
    "stop                            end, and write the results\n";

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

/* What the builder has allowed, but not the network that is there. */
static bool is_possible(const struct control *control, const struct scenario_order *order, GString *answer)
{
    for (unsigned i = 0; i < order->count; i++) {
        const struct scenario_action *action = order->actions[i];
        if (action->keep && !control->simulation->scenario->nodes[action->who.node].overlaps)
            return refuse(answer, "\"%s\" has one interface only: nowhere in the scenario it keeps a link",
                          control->simulation->scenario->nodes[action->who.node].name);
    }
    return true;
}

static bool order(struct control *control, const char *key, const char *value, GString *answer)
{
    struct simulation *simulation = control->simulation;
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_order *given =
        scenario_order_new(control->source, control->settings, control->setting_count,
                           network_now(simulation->network), key, value, messages);
    bool good = given != NULL;
    if (!good) {
        char *text = scenario_messages_to_string(messages);
        g_string_append(answer, text);
        g_free(text);
    }
    scenario_messages_free(messages);
    if (!good || !is_possible(control, given, answer)) {
        scenario_order_free(given);
        return false;
    }
    g_ptr_array_add(control->orders, given);
    if (control->ordered)
        control->ordered(control->context, network_now(simulation->network), key, value);
    for (unsigned i = 0; i < given->count; i++)
        simulation_order(simulation, given->actions[i]);
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
    bool good = show_append(control->simulation, topic, json, answer);
    if (!good) {
        char *all = g_strjoinv(", ", (char **)show_topics);
        const char *meant = scenario_probably_meant(topic, show_topics);
        refuse(answer, "show what? \"%s\" is not one of %s%s%s%s", topic, all, meant ? "; did you mean " : "",
               meant ? meant : "", meant ? "?" : "");
        g_free(all);
    }
    g_free(topic);
    return good;
}

/* start LINK FILE, stop [LINK] */
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

static const char *const verbs[] = {"attach", "detach",  "reboot", "down",    "up",        "silent", "cease",
                                    "advertise", "rekey", "link",   "node",    "set",       "show",   "capture",
                                    "stop",   "help",    NULL};

/* VERB NAME REST as the timeline has it: NAME = VERB REST. */
static bool order_by_verb(struct control *control, const char *verb, const char *rest, GString *answer)
{
    bool rekey = strcmp(verb, "rekey") == 0, bare = strcmp(verb, "link") == 0 || strcmp(verb, "node") == 0;
    char *first = word_of(rest), *second = rekey ? word_of(rest_of(rest)) : g_strdup("");
    const char *behind = rekey ? rest_of(rest_of(rest)) : rest_of(rest);
    char *key = rekey ? g_strconcat(first, " ", second, NULL) : g_strdup(first);
    char *value = bare ? g_strdup(behind) : g_strstrip(g_strconcat(verb, " ", behind, NULL));
    bool good = *first && (!rekey || *second);
    if (!good)
        refuse(answer, "%s whom? See help", verb);
    else
        good = order(control, key, value, answer);
    g_free(first);
    g_free(second);
    g_free(key);
    g_free(value);
    return good;
}

static bool obey_word(struct control *control, const char *word, const char *command, const char *rest, bool json,
                      GString *answer)
{
    if (strcmp(word, "show") == 0)
        return show(control, rest, json, answer);
    if (strcmp(word, "set") == 0)
        return set(control, rest, answer);
    if (strcmp(word, "capture") == 0)
        return capture(control, rest, answer);
    if (strcmp(word, "help") == 0) {
        g_string_append(answer, control_help);
        return true;
    }
    if (strcmp(word, "stop") == 0) {
        if (*rest)
            return refuse(answer, "\"%s\" after stop", rest);
        live_stop(control->live);
        return true;
    }
    for (unsigned i = 0; verbs[i]; i++)
        if (strcmp(verbs[i], word) == 0)
            return order_by_verb(control, word, rest, answer);
    if (is_name(control->simulation->scenario, word) && *rest)
        return order(control, word, rest, answer);
    const char *meant = scenario_probably_meant(word, verbs);
    return refuse(answer, "%s: there is no such command%s%s%s", command, meant ? "; did you mean " : " (see help)",
                  meant ? meant : "", meant ? "?" : "");
}

static bool obey(struct control *control, const char *command, bool json, GString *answer)
{
    const char *equals = strchr(command, '=');
    char *word = word_of(command);
    bool good;
    if (!*command) {
        good = refuse(answer, "nothing is said (see help)");
    } else if (equals && strcmp(word, "set") != 0) {
        char *key = g_strstrip(g_strndup(command, (gsize)(equals - command)));
        char *value = g_strstrip(g_strdup(equals + 1));
        good = *key ? order(control, key, value, answer) : refuse(answer, "there is nothing before the \"=\"");
        g_free(key);
        g_free(value);
    } else {
        good = obey_word(control, word, command, rest_of(command), json, answer);
    }
    g_free(word);
    return good;
}

bool control_obey(struct control *control, const char *command, bool json, GString *answer)
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
    return client->waiting->len <= CONTROL_WAITING_MAX;
}

static void answer_line(struct client *client, const char *line)
{
    GString *answer = g_string_new(NULL);
    bool json = g_str_has_prefix(line, "json ");
    bool known = json || g_str_has_prefix(line, "text ");
    bool good = known ? control_obey(client->control, line + strlen("json "), json, answer)
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
        *end = '\0';
        answer_line(client, client->received->str);
        g_string_erase(client->received, 0, end + 1 - client->received->str);
        if (client->waiting->len > CONTROL_WAITING_MAX)
            return false;
    }
    return client->received->len <= CONTROL_LINE_MAX;
}

static void client_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct client *client = (struct client *)(void *)watch;
    live_advance(live);
    bool good = !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || client_receive(client);
    if (!good || !client_send(client))
        client_free(client);
}

static void control_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct control *control = (struct control *)(void *)watch;
    (void)events;
    int descriptor = accept4(watch->descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
        return;
    if (control->client_count >= CONTROL_CLIENTS_MAX) {
        close(descriptor);
        return;
    }
    struct client *client = g_new0(struct client, 1);
    client->control = control;
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
    bool refused = connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    close(descriptor);
    if (!refused) {
        errno = EADDRINUSE;
        return false;
    }
    return unlink(path) == 0;
}

struct control *control_new(struct live *live, const char *path, struct simulation *simulation,
                            const struct scenario_source *source, const struct scenario_setting *settings,
                            unsigned setting_count, GPtrArray *orders, control_ordered *ordered, void *context,
                            GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path || !*path) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG, "%s: the name of a socket has 1 to %zu octets", path,
                    sizeof address.sun_path - 1);
        return NULL;
    }
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int descriptor = -1;
    if (!make_room(path, &address) ||
        (descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) < 0 ||
        bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0 || listen(descriptor, 16) != 0) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot listen there: %s", path,
                    g_strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    struct control *control = g_new0(struct control, 1);
    *control = (struct control){.live = live, .simulation = simulation, .source = source, .settings = settings,
                                .setting_count = setting_count, .orders = orders, .path = g_strdup(path), .ordered = ordered, .context = context};
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
