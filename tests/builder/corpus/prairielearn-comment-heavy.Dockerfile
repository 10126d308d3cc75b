
# A comment before everything.

# Another, with FROM in it: FROM nothing

FROM debian:12

# RUN never

RUN echo '# not a comment' \
# a comment inside
    && echo "# neither" \

    && echo done
