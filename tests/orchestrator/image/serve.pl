#!/usr/bin/perl
# Behaves as its arguments say: listens (kind:port), waits (wait:seconds), ends (exit:code), prints (say:text).
use strict; use warnings; use IO::Socket::INET; use IO::Select;
$| = 1; $SIG{TERM} = sub { exit 0 }; $SIG{PIPE} = 'IGNORE';
my (%kind, $select, $exit);
$select = IO::Select->new;
for my $word (@ARGV) {
    my ($verb, $value) = split /:/, $word, 2;
    if ($verb eq 'wait') { sleep $value }
    elsif ($verb eq 'say') { print "$value\n" }
    elsif ($verb eq 'exit') { exit $value }
    elsif ($verb eq 'env') { print "$value=$ENV{$value}\n" }
    elsif ($verb eq 'fill') { my @x; push @x, 'x' x 1048576 for 1 .. $value }
    elsif ($verb eq 'write') { open my $f, '>', $value or die "cannot write $value: $!"; close $f; print "wrote $value\n" }
    else {
        my $s = IO::Socket::INET->new(LocalPort => $value, Listen => 64, ReuseAddr => 1) or die "$value: $!";
        $kind{$s} = $verb; $select->add($s);
    }
}
while (1) {
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
