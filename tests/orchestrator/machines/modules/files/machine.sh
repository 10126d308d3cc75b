#!/bin/sh
# A machine is a file with its token. `most` in the folder is the provider's quota; `wait` holds it up.
set -eu
case $1 in
add)
    while [ -e "$FOLDER/wait" ]; do sleep 0.05; done
    most=$(cat "$FOLDER/most" 2>/dev/null || echo 1000)
    (
        flock 9
        if [ ! -e "$FOLDER/machines/$NAME" ] && [ "$(ls "$FOLDER/machines" | wc -l)" -ge "$most" ]; then
            echo "403 Forbidden: Quota exceeded for instances" >&2
            exit 1
        fi
        echo "$TOKEN" >"$FOLDER/machines/$NAME"
    ) 9>"$FOLDER/lock"
    echo "made $NAME with $TOKEN"
    ;;
remove)
    rm -f "$FOLDER/machines/$NAME"
    ;;
esac
