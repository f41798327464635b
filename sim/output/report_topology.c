/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_topology.c - see report.h: nodes and links as run.json has them, as a table and, drawn by Graphviz,
 * as a graph.
 */
#include <glib.h>
#include <string.h>

#include "sim/output/filter.h"
#include "sim/output/report.h"

/* The sections that are nodes or links, and what people call them. */
static const struct part {
    const char *prefix, *name, *shape;
    bool link, wire;
} parts[] = {
    {"mobile-node ", "mobile node", "box, style=\"rounded,dashed\"", false, false},
    {"home-agent ", "home agent", "box, style=rounded", false, false},
    {"correspondent-node ", "correspondent node", "box, style=rounded", false, false},
    {"router ", "router", "box", false, false},
    {"host ", "host", "box, style=rounded", false, false},
    {"attacker ", "attacker", "box, style=\"rounded,bold\"", false, false},
    {"lan ", "LAN", "ellipse", true, false},
    {"access-lan ", "access LAN", "ellipse", true, false},
    {"point-to-point ", "point-to-point link", NULL, true, true},
};

static const struct part *part_of(const char *section)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        if (g_str_has_prefix(section, parts[i].prefix))
            return &parts[i];
    return NULL;
}

static const char *key_of(const struct json_value *section, const char *key)
{
    return json_value_text(json_value_member(section, key));
}

/* "2001:db8::1/64 on home; ..." */
static char *addresses_of(const struct json_value *node)
{
    const struct json_value *addresses = json_value_member(node, "addresses");
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < json_value_count(addresses); i++) {
        const struct json_value *address = json_value_at(addresses, i);
        g_string_append(text, i ? "; " : "");
        if (address->kind == JSON_OBJECT)
            g_string_append_printf(text, "%s on %s", key_of(address, "address"), key_of(address, "link"));
        else
            g_string_append(text, json_value_text(address));
    }
    return g_string_free(text, FALSE);
}

static char *describe_part(const struct part *part, const struct json_value *section,
                           const struct json_value *node)
{
    if (!part->link)
        return addresses_of(node);
    GString *text = g_string_new(key_of(section, "prefix"));
    if (part->wire)
        g_string_append_printf(text, "%sbetween %s", text->len ? ", " : "", key_of(section, "between"));
    if (*key_of(section, "delay"))
        g_string_append_printf(text, ", delay %s", key_of(section, "delay"));
    if (*key_of(section, "rate"))
        g_string_append_printf(text, ", rate %s", key_of(section, "rate"));
    return g_string_free(text, FALSE);
}

static void append_table(GString *html, const struct json_value *sections, const struct json_value *nodes)
{
    g_string_append(html,
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Nodes and links\">\n"
                    "<table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Kind</th>"
                    "<th scope=\"col\">Addresses and properties</th></tr></thead><tbody>\n");
    for (unsigned i = 0; i < json_value_count(sections); i++) {
        const char *section = json_value_name_at(sections, i);
        const struct part *part = part_of(section);
        if (!part)
            continue;
        const char *name = section + strlen(part->prefix),
                   *count = key_of(json_value_at(sections, i), "count");
        char *what = describe_part(part, json_value_at(sections, i), json_value_member(nodes, name));
        g_string_append(html, "<tr><th scope=\"row\">");
        html_append_text(html, name);
        if (*count && strcmp(count, "1") != 0)
            html_append_escaped(html, " (%s of them)", count);
        g_string_append(html, "</th><td>");
        html_append_text(html, part->name);
        g_string_append(html, "</td><td>");
        html_append_text(html, what);
        g_string_append(html, "</td></tr>\n");
        g_free(what);
    }
    g_string_append(html, "</tbody></table></div>\n");
}

/* -- the graph -- */

static void append_quoted(GString *dot, char kind, const char *name, const char *more)
{
    g_string_append_c(dot, '"');
    if (kind)
        g_string_append_printf(dot, "%c ", kind);
    for (const char *text = name; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(dot, '\\');
        g_string_append_c(dot, *text);
    }
    if (more)
        g_string_append_printf(dot, "\\n%s", more);
    g_string_append_c(dot, '"');
}

static bool is_link(const struct json_value *sections, const char *name, bool wire)
{
    for (unsigned i = 0; i < json_value_count(sections); i++) {
        const char *section = json_value_name_at(sections, i);
        const struct part *part = part_of(section);
        if (part && part->link && part->wire == wire && strcmp(section + strlen(part->prefix), name) == 0)
            return true;
    }
    return false;
}

static void append_edge(GString *dot, const char *node, char kind, const char *to, const char *label,
                        const char *style)
{
    append_quoted(dot, 'n', node, NULL);
    g_string_append(dot, " -- ");
    append_quoted(dot, kind, to, NULL);
    g_string_append_printf(dot, " [style=%s, label=", style);
    append_quoted(dot, 0, label, NULL);
    g_string_append(dot, "];\n");
}

/* Where a mobile node is to begin with: at home, if nothing is said. */
static const char *start_of(const struct json_value *sections, const struct json_value *nodes,
                            const struct json_value *mobile)
{
    if (*key_of(mobile, "start"))
        return key_of(mobile, "start");
    if (*key_of(mobile, "home-link"))
        return key_of(mobile, "home-link");
    const struct json_value *addresses =
        json_value_member(json_value_member(nodes, key_of(mobile, "home-agent")), "addresses");
    for (unsigned i = 0; i < json_value_count(addresses); i++)
        if (is_link(sections, key_of(json_value_at(addresses, i), "link"), false))
            return key_of(json_value_at(addresses, i), "link");
    return "";
}

static void append_edges(GString *dot, const struct json_value *sections, const struct json_value *nodes)
{
    for (unsigned i = 0; i < json_value_count(sections); i++) {
        const struct json_value *section = json_value_at(sections, i);
        const char *name = json_value_name_at(sections, i);
        const struct part *part = part_of(name);
        if (part && part->wire) {
            char **ends = g_strsplit(key_of(section, "between"), ",", 2);
            if (ends[0] && ends[1])
                append_edge(dot, g_strstrip(ends[0]), 'n', g_strstrip(ends[1]), key_of(section, "delay"),
                            "solid");
            g_strfreev(ends);
        } else if (part == &parts[0] && is_link(sections, start_of(sections, nodes, section), false)) {
            append_edge(dot, name + strlen(part->prefix), 'l', start_of(sections, nodes, section), "",
                        "dashed");
        }
    }
    for (unsigned i = 0; i < json_value_count(nodes); i++) {
        const struct json_value *addresses = json_value_member(json_value_at(nodes, i), "addresses");
        for (unsigned k = 0; k < json_value_count(addresses); k++) {
            const char *link = key_of(json_value_at(addresses, k), "link");
            if (is_link(sections, link, false))
                append_edge(dot, json_value_name_at(nodes, i), 'l', link, "", "solid");
        }
    }
}

static GString *graph_of(const struct json_value *sections, const struct json_value *nodes)
{
    GString *dot = g_string_new("graph topology {\nlayout=neato;\noverlap=false;\nsplines=true;\n"
                                "node [fontname=\"Arial,sans-serif\", fontsize=12];\n"
                                "edge [fontname=\"Arial,sans-serif\", fontsize=10, len=1.6];\n");
    for (unsigned i = 0; i < json_value_count(sections); i++) {
        const char *section = json_value_name_at(sections, i);
        const struct part *part = part_of(section);
        if (!part || part->wire)
            continue;
        const char *name = section + strlen(part->prefix);
        append_quoted(dot, part->link ? 'l' : 'n', name, NULL);
        g_string_append_printf(dot, " [shape=%s, label=", part->shape);
        append_quoted(dot, 0, name, part->link ? key_of(json_value_at(sections, i), "prefix") : part->name);
        g_string_append(dot, "];\n");
    }
    append_edges(dot, sections, nodes);
    g_string_append(dot, "}\n");
    return dot;
}

static bool append_drawing(GString *html, const GString *dot, const char *neato, GError **error)
{
    char type[] = "-Tsvg", *program = g_strdup(neato), *svg = NULL;
    char *arguments[] = {program, type, NULL};
    bool good = filter_run(arguments, dot->str, &svg, error);
    if (good) {
        g_string_append(html,
                        "<div class=\"scroll fit\" tabindex=\"0\" role=\"region\" "
                        "aria-label=\"Topology\">\n");
        html_append_svg(html, svg, "topology",
                        "The topology: nodes and the links between them; the table has the same");
        g_string_append(html, "</div>\n");
    }
    g_free(svg);
    g_free(program);
    return good;
}

bool report_append_topology(GString *html, const struct json_value *run, const char *neato, GError **error)
{
    const struct json_value *scenario = json_value_member(run, "scenario");
    const struct json_value *sections = json_value_member(scenario, "sections");
    const struct json_value *nodes = json_value_member(scenario, "nodes");
    bool good = true;
    g_string_append(html, "<h2>Topology</h2>\n");
    if (neato) {
        GString *dot = graph_of(sections, nodes);
        good = append_drawing(html, dot, neato, error);
        g_string_free(dot, TRUE);
    }
    g_string_append(html, neato ? "<details><summary>Nodes and links as a table</summary>\n" : "");
    append_table(html, sections, nodes);
    g_string_append(html, neato ? "</details>\n" : "");
    return good;
}
