#!/bin/sh
# Save the work folders on this machine's engine, or restore them. On every machine of a platform.
# usage: deploy/compose/work_folders.sh save|restore FOLDER [PLATFORM]
#
# A folder is a volume with the label mydocker.platform. Contents go through a container, so that
# owners are right where the engine remaps users. Extended attributes are not kept.
set -eu
umask 077
do=$1 folder=$2 platform=${3:-mydocker}
helper=mydocker-probe:2 # busybox; each machine made it for its checks

packing() { # volume, access, arguments of tar
    volume=$1 access=$2
    shift 2
    docker run --rm --interactive --network none --volume "$volume:/folder:$access" \
        --entrypoint /bin/busybox "$helper" tar -C /folder "$@"
}

save() {
    mkdir -p "$folder"
    number=0
    for volume in $(docker volume ls --quiet --filter "label=mydocker.platform=$platform"); do
        docker volume inspect --format '{{range $name, $value := .Labels}}{{$name}}={{$value}}
{{end}}' "$volume" | grep . >"$folder/$volume.labels"
        packing "$volume" ro -cf - . | gzip >"$folder/$volume.tar.gz.part"
        gzip -t "$folder/$volume.tar.gz.part"
        mv "$folder/$volume.tar.gz.part" "$folder/$volume.tar.gz"
        number=$((number + 1))
    done
    echo "saved $number work folders"
}

restore() {
    number=0
    for archive in "$folder"/*.tar.gz; do
        [ -e "$archive" ] || continue
        volume=$(basename "$archive" .tar.gz)
        if docker volume inspect "$volume" >/dev/null 2>&1; then
            echo "$volume is here already: left as it is" >&2
            continue
        fi
        # Labels hold ids and names without spaces.
        # shellcheck disable=SC2046
        docker volume create $(sed 's/^/--label=/' "$folder/$volume.labels") "$volume" >/dev/null
        gzip -dc "$archive" | packing "$volume" rw -xf -
        number=$((number + 1))
    done
    echo "restored $number work folders"
}

case $do in
    save | restore) "$do" ;;
    *) echo "usage: $0 save|restore FOLDER [PLATFORM]" >&2 && exit 2 ;;
esac
