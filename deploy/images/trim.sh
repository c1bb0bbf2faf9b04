#!/bin/sh
# Take out of an environment what no service reads: tests of packages, what compiled ones were made
# of, and languages that no page speaks (32 MB of Babel's; Indonesian and English stay) with the
# names of other countries' holidays (6 MB).
set -eu
packages=$(echo "$1"/lib/python3.*/site-packages)
find "$packages" -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
find "$packages" -type f \( -name '*.py[ix]' -o -name '*.pxd' -o -name '*.[ch]' \) -delete
find "$packages/babel/locale-data" -name '*.dat' ! -name 'root.dat' \
    ! -name 'id*.dat' ! -name 'en.dat' ! -name 'en_*.dat' -delete
find "$packages/holidays/locale" -type f ! -name ID.mo -delete
# Of holidays, other countries: its front door loads all of them, which costs each process 17 MB of
# memory and a second at its first complaint. Looked up by its code, Indonesia is loaded by itself.
find "$packages/holidays/countries" -name '*.py' ! -name indonesia.py -delete
: > "$packages/holidays/countries/__init__.py"
# Of two readers of OpenAPI documents, the one that no service shows.
rm -rf "$packages/fastapi_standalone_docs/static/redoc"
# Of Pillow, what only draws text, manages colours or reads formats that intake does not take.
rm -f "$packages"/PIL/_avif.* "$packages"/PIL/_imagingft.* "$packages"/PIL/_imagingcms.* \
    "$packages"/PIL/_imagingtk.* "$packages"/pillow.libs/libavif-* \
    "$packages"/pillow.libs/libfreetype-* "$packages"/pillow.libs/libharfbuzz-* \
    "$packages"/pillow.libs/libbrotli* "$packages"/pillow.libs/liblcms2-*
