FROM debian:12
RUN <<'SETUP' bash -e
for package in sf terra; do
  echo "$package" \
    "continued"
done
SETUP
RUN python3 <<EOF
print("FROM python")
EOF
WORKDIR /work
