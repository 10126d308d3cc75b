#!/usr/bin/perl
# Behaves as its arguments say: listens (kind:port), waits (wait:seconds), ends (exit:code), prints (say:text),
# writes at once (write:path) or as soon as it may (later:path).
use strict; use warnings; use IO::Socket::INET; use IO::Select; use Socket qw(:DEFAULT :addrinfo IPPROTO_IPV6 IPV6_V6ONLY IN6ADDR_ANY AF_INET6 pack_sockaddr_in6);
$| = 1; $SIG{TERM} = sub { exit 0 }; $SIG{PIPE} = 'IGNORE';
my (%kind, $select, $later);
$select = IO::Select->new;
for my $word (@ARGV) {
    my ($verb, $value) = split /:/, $word, 2;
    if ($verb eq 'wait') { sleep $value }
    elsif ($verb eq 'say') { print "$value\n" }
    elsif ($verb eq 'exit') { exit $value }
    elsif ($verb eq 'env') { print "$value=$ENV{$value}\n" }
    elsif ($verb eq 'fill') { my @x; push @x, 'x' x 1048576 for 1 .. $value }
    elsif ($verb eq 'write') { open my $f, '>', $value or die "cannot write $value: $!"; close $f; print "wrote $value\n" }
    elsif ($verb eq 'later') { $later = $value }
    else {
        my $host = $verb eq 'loopback' ? '127.0.0.1' : '0.0.0.0';
        my $s = $verb eq 'ipv6' ? ipv6($value)
            : IO::Socket::INET->new(LocalAddr => $host, LocalPort => $value, Listen => 64, ReuseAddr => 1) or die "$value: $!";
        $kind{$s} = $verb; $select->add($s);
    }
}
while (1) {
    if ($later) { my $f; until (open $f, '>', $later) { select undef, undef, undef, 0.1 } close $f; print "wrote $later\n"; $later = '' }
    for my $s ($select->can_read) {
        my $c = $s->accept or next;
        my $k = $kind{$s};
        if ($k eq 'ssh') { print $c "SSH-2.0-test\r\n" }
        elsif ($k eq 'vnc') { print $c "RFB 003.008\n" }
        elsif ($k eq 'web') { my $l = <$c>; while (defined($l = <$c>) && $l =~ /\S/) {} print $c "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n" }
        elsif ($k eq 'busy') { print $c "HTTP/1.0 503 Busy\r\nContent-Length: 0\r\n\r\n" }
        elsif ($k eq 'tcp') { $c->autoflush; sysread $c, my $x, 1 if IO::Select->new($c)->can_read(0.3) }
        close $c;
    }
}
sub ipv6 {
    socket my $s, AF_INET6, SOCK_STREAM, 0 or return;
    setsockopt $s, IPPROTO_IPV6, IPV6_V6ONLY, 1 or return;
    bind $s, pack_sockaddr_in6(shift, IN6ADDR_ANY) or return;
    listen $s, 64 or return;
    return $s;
}
