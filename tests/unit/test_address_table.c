/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_address_table.c - the table of groups and of proxied addresses, against a list. */
#include <check.h>
#include <string.h>

#include "models/ipv6/address_table.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

START_TEST(agrees_with_a_list)
{
    struct address_table *table = NULL;
    enum { SPACE = 300 };
    bool there[SPACE][2] = {{false}};
    uint64_t random = 1;
    for (unsigned step = 0; step < 20000; step++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        unsigned which = (unsigned)(random >> 33) % SPACE, kind = (unsigned)(random >> 60) & 1;
        struct ipv6_address address = address_from("2001:db8::");
        memcpy(address.octets + 12, &which, sizeof(which));
        enum address_entry_kind name = kind ? ADDRESS_ENTRY_GROUP : ADDRESS_ENTRY_PROXY;
        struct address_entry *entry = address_table_find(table, &address, 3, name);
        ck_assert_int_eq(entry != NULL, there[which][kind]);
        ck_assert_ptr_eq(address_table_find(table, &address, ADDRESS_TABLE_ANY_INTERFACE, name), entry);
        ck_assert_ptr_null(address_table_find(table, &address, 4, name));
        if (entry != NULL && (random >> 50 & 1) != 0) {
            address_table_remove(table, entry);
            there[which][kind] = false;
        } else {
            struct address_entry *added = address_table_add(&table, &address, 3, name);
            ck_assert(entry == NULL || entry == added);
            there[which][kind] = true;
        }
    }
    unsigned count = 0;
    for (unsigned i = 0; i < SPACE; i++)
        count += there[i][0] + there[i][1];
    ck_assert_uint_eq(table->count, count);
    address_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("address table");
    TCase *tests = tcase_create("address table");
    tcase_add_test(tests, agrees_with_a_list);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
