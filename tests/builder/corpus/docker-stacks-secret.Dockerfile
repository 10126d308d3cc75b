# syntax=docker/dockerfile:1.7
# check=skip=JSONArgsRecommended
FROM python:3.12-slim
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=cache,target=/root/.cache \
    pip install numpy
