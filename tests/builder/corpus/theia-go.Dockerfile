FROM golang:1.22 AS tools
RUN --mount=type=cache,id=go,target=/go/pkg/mod go install example.org/x/tools/gopls@latest
FROM debian:12
COPY --from=tools /go/bin/ /usr/local/bin/
