# Documents: dist_doc_DATA, dist_man_MANS; scenarios: nobase_dist_pkgdata_DATA.
