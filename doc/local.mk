# Documents, man page, and the scenarios that ship: installed with the program.
dist_doc_DATA += doc/architecture.md
