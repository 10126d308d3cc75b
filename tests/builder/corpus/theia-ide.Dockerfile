FROM node:20-bookworm AS build-stage
RUN apt-get update && apt-get install -y libxkbfile-dev libsecret-1-dev
WORKDIR /home/theia
COPY repository/ ./
RUN yarn --pure-lockfile && \
    yarn build && yarn download:plugins && \
    echo *.ts >> .yarnclean && \
    rm -rf .git applications/electron

FROM node:20-bookworm-slim AS production-stage
RUN adduser --system --group theia
RUN chmod g+rw /home && mkdir -p /home/project && \
    chown -R theia:theia /home/project
ENV HOME=/home/theia
WORKDIR /home/theia
COPY --from=build-stage --chown=theia:theia /home/theia /home/theia
EXPOSE 3000
ENV SHELL=/bin/bash THEIA_DEFAULT_PLUGINS=local-dir:/home/theia/plugins
USER theia
ENTRYPOINT [ "node", "/home/theia/applications/browser/lib/backend/main.js" ]
CMD [ "/home/project", "--hostname=0.0.0.0" ]
