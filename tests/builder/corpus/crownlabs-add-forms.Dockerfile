FROM debian:12
ADD --chown=1000:1000 a.tar b.tar.gz /x/
ADD --chmod=600 --link key /key
ADD ["a b", "c d", "/with spaces/"]
ADD <<one <<-two /files/
1
one
	2
	two
