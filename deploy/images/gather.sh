#!/bin/sh
# Put together what one image runs, and how it starts: shared and one service, or, for the
# commands, everything. Run in the root of the tree.
set -eu
service=$1 home=$2
app=$home/app
mkdir -p "$app/services"
cp -R shared "$app/"
if [ "$service" = deploy ]; then
    cp -R services deploy "$app/"
    module=deploy loads=deploy.cli
else
    cp -R "services/$service" "$app/services/"
    module=services.$service loads=services.$service.app
fi
cp deploy/images/healthy.py "$app/"
printf '#!/bin/sh\nexec python -m %s "$@"\n' "$module" > "$app/start"
chmod 755 "$app/start"
# Holidays are looked up with the first complaint, not at the start.
PYTHONPATH=$app "$home/python/bin/python" deploy/images/compile.py "$loads" holidays.countries.indonesia
