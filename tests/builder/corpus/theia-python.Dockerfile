FROM node:20
RUN apt-get update \
    && apt-get install -y python3-dev python3-pip \
    && apt-get clean
RUN pip3 install python-lsp-server[all] --upgrade
ARG version=latest
ADD $version.package.json ./package.json
RUN yarn --cache-folder ./ycache && rm -rf ./ycache && \
     NODE_OPTIONS="--max_old_space_size=4096" yarn theia build
