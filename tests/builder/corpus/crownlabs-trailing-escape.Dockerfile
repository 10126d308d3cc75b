FROM debian:12
RUN echo a\\
RUN echo b \\
RUN echo "ends with a backslash\\"
CMD ["sh"]
