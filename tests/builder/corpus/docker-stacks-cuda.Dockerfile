ARG CUDA=12
ARG BASE=nvcr.io/nvidia/cuda:${CUDA}-runtime
FROM ${BASE}
ENV NVIDIA_VISIBLE_DEVICES=all
ENV NVIDIA_DRIVER_CAPABILITIES="compute,utility"
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \
    pip install --extra-index-url=https://example.org/whl/cu${CUDA} torch torchvision
