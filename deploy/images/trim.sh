#!/bin/sh
# Take out of an environment what no service reads: tests of packages, and languages that no page
# speaks (32 MB of Babel's, 5 MB of the holidays'; Indonesian and English stay).
set -eu
packages=$(echo "$1"/lib/python3.*/site-packages)
find "$packages" -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
find "$packages/babel/locale-data" -name '*.dat' ! -name 'root.dat' \
    ! -name 'id*.dat' ! -name 'en.dat' ! -name 'en_*.dat' -delete
find "$packages/holidays/locale" -mindepth 1 -maxdepth 1 -type d \
    ! -name id ! -name 'en_*' -exec rm -rf {} +
# Of Pillow, what only draws text, manages colours or reads formats that intake does not take.
rm -f "$packages"/PIL/_avif.* "$packages"/PIL/_imagingft.* "$packages"/PIL/_imagingcms.* \
    "$packages"/PIL/_imagingtk.* "$packages"/pillow.libs/libavif-* \
    "$packages"/pillow.libs/libfreetype-* "$packages"/pillow.libs/libharfbuzz-* \
    "$packages"/pillow.libs/libbrotli* "$packages"/pillow.libs/liblcms2-*
