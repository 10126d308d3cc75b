FROM golang:1.22-alpine AS builder
ARG COMPONENT=websockify
WORKDIR /tmp/builder
COPY go.mod ./go.mod
COPY go.sum ./go.sum
RUN  go mod download
COPY . ./
RUN CGO_ENABLED=0 GOOS=linux go build -ldflags="-s -w -X main.version=$(date +%s)" ./cmd/$COMPONENT
FROM busybox AS exporter
COPY --from=builder /tmp/builder/websockify /usr/bin/websockify
RUN chown 20000:20000 /usr/bin/websockify
USER 20000:20000
ENTRYPOINT [ "websockify" ]
